"""Every sentence exists in every language whose readers meet it, with the same places to fill in."""

import re

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import get_language_info

from gesprekken.models import Ronde, Verslag
from gesprekken.standard_words import as_read, of_the_sources, shipped
from school.languages import language_of
from tests import for_parents
from tests.translations import PLACE, ROOT, catalogs, dutch_in, sentences, sentences_in

pytestmark = pytest.mark.once  # about words alone


def test_there_is_a_catalogue_for_every_language_but_dutch():
    assert {path.parent.parent.name for path, _ in catalogs()} == {code for code, _ in settings.LANGUAGES} - {"nl"}


@pytest.mark.req("I5")
def test_no_sentence_is_left_untranslated():
    for path, catalog in catalogs():
        missing = []
        for key in sentences_in(path.parent.parent.name):
            message = catalog.get(key[0] if isinstance(key, tuple) else key)
            if message is None or not message.string or (isinstance(key, tuple) and not all(message.string)):
                missing.append(key)
        assert missing == [], "new sentences: run python -m tests.translations and translate them"


def test_what_is_filled_in_is_the_same_in_every_language():
    for path, catalog in catalogs():
        wrong = []
        for message in catalog:
            if not message.id:
                continue
            pairs = (
                zip(message.id, message.string, strict=False)
                if message.pluralizable
                else [(message.id, message.string)]
            )
            for original, translated in pairs:
                extra = set(PLACE.findall(translated)) - set(PLACE.findall(original))
                # a singular may say "one" instead of the number
                lost = set() if message.pluralizable else set(PLACE.findall(original)) - set(PLACE.findall(translated))
                if extra or lost:
                    wrong.append((original, translated))
        assert wrong == [], path


def test_a_language_for_parents_holds_what_they_meet_and_no_more():
    for path, catalog in catalogs():
        if path.parent.parent.name in settings.STAFF_LANGUAGES:
            continue
        wanted = {key if isinstance(key, str) else key[0] for key in sentences_in(path.parent.parent.name)}
        known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.id}
        assert known == wanted, "run python -m tests.translations"


def test_every_page_for_parents_and_every_line_of_the_list_counts():
    met = {place for places in sentences().values() for place, is_met in places.items() if is_met}
    assert set(for_parents.names_in()) == met, "a place without a sentence, or one that is gone"
    for file, names in for_parents.names_in().items():
        source = (ROOT / file).read_text()
        assert not file.endswith(".py") or all(for_parents.lines_of(source, name) for name in names)
    pages = [path for path in (ROOT / "templates").rglob("*.html") if '"base_ouder.html"' in path.read_text()]
    forgotten = {str(path.relative_to(ROOT)) for path in pages} - set(for_parents.names_in())
    assert forgotten == set(), "a page for parents that tests/for_parents.py does not name"


@pytest.mark.req("I5")
def test_from_right_to_left_whatever_is_filled_in_keeps_its_own_order():
    for path, catalog in catalogs():
        if not get_language_info(path.parent.parent.name)["bidi"]:
            continue
        strings = [s for m in catalog if m.id for s in (m.string if m.pluralizable else [m.string])]
        bare = [s for s in strings if PLACE.search(re.sub("\u2068[^\u2069]*\u2069", "", s))]
        assert bare == [], "put U+2068 before and U+2069 after what is filled in"


FOR_PARENTS = [code for code, _ in settings.LANGUAGES if code not in settings.STAFF_LANGUAGES]


def reads(cast, language):
    """Fatma reads this language, at a school that offers everything there is."""
    cast.school.languages, cast.fatma.language = [], language
    cast.school.save()
    cast.fatma.save()
    return cast


@pytest.fixture
def fatma_reads_arabic(cast):
    return reads(cast, "ar")


def words_of(page, language="ar"):
    """What stands on a page for who sees it, a line per element."""
    assert page.status_code == 200
    assert page.headers["Content-Language"] == language
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return strip_tags(main.replace("<", "\n<"))


@pytest.mark.req("I5", "P1")
@pytest.mark.django_db
def test_the_pages_few_parents_see_have_no_dutch_left_for_who_reads_arabic(fatma_reads_arabic, as_, monkeypatch):
    cast = fatma_reads_arabic
    cast.with_questions().with_shared_year()
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    fatma, ronde = as_.link(cast.fatma, confirmed=True), cast.ronde
    for url in ("/mijn/", f"/mijn/wensen/{ronde.pk}/", "/jaar/gedeeld/"):
        assert dutch_in(words_of(fatma.get(url))) == set(), url
    assert dutch_in(words_of(fatma.post(f"/mijn/wensen/{ronde.pk}/", {"altijd": "ja"}, follow=True))) == set()
    verslag = cast.with_verslag(cast.gesprek_of(cast.elif_), state=Verslag.State.FINAL, released=True)
    text = words_of(fatma.get(f"/verslag/{verslag.gesprek_id}/"))
    assert dutch_in(text) == {verslag.agreements.get().who}, "what the teacher wrote stays as she wrote it"
    monkeypatch.setattr("gesprekken.views.verslag.render_pdf", lambda *_: translation.get_language().encode())
    assert fatma.get(f"/verslag/{verslag.gesprek_id}/pdf/").content == b"nl", "paper is read at school too"


INVITED = {"ar": "دعوة", "tr": "Davet", "pl": "Zaproszenie", "uk": "Запрошення"}
MINUTES = {"ar": "\u206815\u2069 دقيقة", "tr": "15 dakika.", "pl": "15 minut.", "uk": "15 хвилин."}


@pytest.mark.req("I5")
@pytest.mark.django_db
@pytest.mark.parametrize("language", FOR_PARENTS)
def test_from_invitation_to_a_cancelled_time_all_is_in_the_language_of_the_parent(cast, as_, deliver, language):
    reads(cast, language).with_open_ronde()
    fatma, gesprek = as_.link(cast.fatma), cast.gesprek_of(cast.elif_)
    for url in ("/mijn/samen/", f"/mijn/{gesprek.pk}/tijden/", f"/mijn/{gesprek.pk}/gekozen-tijden/"):
        assert dutch_in(words_of(fatma.get(url), language)) == set(), url
    slot = cast.ronde.slots.filter(medewerker=cast.saskia.medewerker).first()
    fatma.post(f"/mijn/{gesprek.pk}/tijden/{slot.pk}/")
    sent = [mail for mail in deliver() if mail.to == ["fatma@ouders.example"]]
    invitation = next(mail for mail in sent if INVITED[language] in mail.subject)
    assert dutch_in(invitation.body) == set()
    assert MINUTES[language] in invitation.body, (
        "counted as this language counts; what is filled in keeps its own order"
    )
    own_side = 'dir="auto" style="unicode-bidi:plaintext"' in invitation.alternatives[0][0]
    assert own_side == get_language_info(language)["bidi"]
    assert dutch_in(words_of(fatma.post(f"/mijn/{gesprek.pk}/afzeggen/", follow=True), language)) == set()
    mails = [mail for mail in deliver() if mail.to == ["fatma@ouders.example"]]
    assert mails
    assert all(dutch_in(mail.body) == set() for mail in mails)


OWN = "Neem uw foto van de vakantie mee"


@pytest.fixture
def startgesprek(cast):
    """A ronde with the words a new school starts with, one point changed by the school, for Fatma who reads Turkish."""
    kind = next(kind for kind in of_the_sources() if kind["code"] == "startgesprek")
    points = [*kind["points"].split("\n")[:2], OWN]
    reads(cast, "tr").with_open_ronde(
        code=kind["code"], name=kind["name"], purpose=kind["purpose"], points="\r\n".join(points)
    )
    return points


@pytest.mark.req("I5", "C2")
@pytest.mark.django_db
def test_what_a_standard_kind_is_about_is_said_in_the_language_of_the_parent(cast, as_, deliver, startgesprek):
    invitation = next(mail for mail in deliver() if mail.to == ["fatma@ouders.example"])
    assert dutch_in(invitation.body) == set()
    assert "Veliler, çocuk ve öğretmen birbirini tanır" in invitation.body
    assert "- Evde işe yarayan ve okulda da yardımcı olabilecek şeyler" in invitation.body
    assert f"- {OWN}" in invitation.body, "what the school wrote itself stays as it wrote it"
    reads(cast, "ar")
    text = words_of(as_.link(cast.fatma).get("/mijn/"))
    assert dutch_in(text) == set()
    assert "ما ينجح في البيت" in text and OWN in text
    cast.ronde.purpose = "Elkaar leren kennen."
    cast.ronde.save()
    assert "Elkaar leren kennen." in words_of(as_.link(cast.fatma).get("/mijn/"))


@pytest.mark.req("I5", "G1")
@pytest.mark.django_db
def test_on_the_table_the_standard_words_stand_in_dutch_and_in_the_language_of_the_parent(cast, as_, startgesprek):
    gesprek = cast.gesprek_of(cast.elif_)
    table = as_.staff(cast.saskia).get(f"/gesprek/{gesprek.pk}/tafel/").content.decode()
    assert all(point in table for point in startgesprek)
    assert '<p class="vertaald" lang="tr" dir="auto">Evde işe yarayan ve okulda da' in table
    assert f"<li>{OWN}</li>" in table
    own = as_.staff(cast.annemiek).get(f"/rondes/{cast.ronde.pk}/").content.decode()
    assert startgesprek[1] in own and "Evde" not in own, "colleagues read what is in the field"


def test_a_text_that_is_not_word_for_word_a_standard_one_comes_back_as_it_is():
    with translation.override("tr"):
        assert as_read(" Wat er speelt\r") == "Olup bitenler"
        assert as_read("Startgesprek") == "Başlangıç görüşmesi (startgesprek)"
        assert [as_read(text) for text in ("", "wat er speelt", "Wat er speelt thuis")] == [
            "", "wat er speelt", "Wat er speelt thuis",
        ]  # fmt: skip
    with translation.override("nl"):
        assert {text for text in shipped() if as_read(text) != text} == set()


@pytest.mark.req("I5")
@pytest.mark.django_db
def test_colleagues_keep_their_own_languages_whatever_was_chosen_on_the_device(cast, as_, client):
    cast.with_open_ronde()
    saskia = as_.staff(cast.saskia)
    for person, url, language in [
        (saskia, "/vandaag/", "nl"),
        (saskia, "/er-is-niets/", "nl"),
        (client, "/account/login/", "nl"),
        (client, "/code/", "ar"),
        (as_.link(cast.sander), "/mijn/", "ar"),
    ]:
        person.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
        page = person.get(url)
        assert page.headers["Content-Language"] == language, url
        assert "العربي" not in page.content.decode(), "it is not offered where it is not spoken, nor where one reads it"
    cast.saskia.language = cast.fatma.language = "ar"
    assert (language_of(cast.saskia), language_of(cast.fatma)) == ("nl", "ar")


@pytest.mark.req("I5")
@pytest.mark.django_db
def test_a_school_that_does_not_offer_a_language_writes_no_mail_in_it_either(cast):
    reads(cast, "pl")
    assert language_of(cast.fatma) == "pl"
    cast.school.languages = ["nl", "uk"]
    assert language_of(cast.fatma) == "nl"


@pytest.mark.django_db
def test_a_parent_who_reads_english_gets_the_page_in_english(cast, as_):
    cast.fatma.language = "en"
    cast.fatma.save()
    cast.with_open_ronde()
    response = as_.link(cast.fatma).get("/mijn/")
    page = response.content.decode()
    assert response.headers["Content-Language"] == "en"
    assert 'lang="en"' in page
    with translation.override("en"):
        assert translation.gettext("Kies een tijd") == "Choose a time"
    assert "Kies een tijd" not in page
