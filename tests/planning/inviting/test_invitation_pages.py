"""The page of the invitation: writing, reading along with a real family, a trial, and what was sent."""

import re

import pytest

from gesprekken.models import Gesprek, Soort
from planning.inviting import letters, opening, standard, texts
from planning.models import Booking, InvitationText
from school import schools
from school.actor import ACCOUNT, Actor
from school.models import AccessLink, AuditEvent, Medewerker, Outgoing
from tests.cast import NOW
from tests.school.test_schools import picture

SUBJECT, BODY = standard.DEFAULTS["nl"]


def text(response):
    return response.content.decode()


@pytest.fixture
def leader(cast, as_):
    return as_.staff(cast.annemiek)


def url_of(about, more=""):
    return f"/{'soorten' if isinstance(about, Soort) else 'rondes'}/{about.pk}/uitnodiging/{more}"


@pytest.mark.req("I1")
def test_leadership_writes_the_standard_and_deviates_for_one_ronde(cast, leader):
    ronde = cast.with_ronde()
    typed = {"subject": SUBJECT, "body": BODY + "\nTot gauw!"}
    page = text(leader.post(url_of(ronde.soort), typed, follow=True))
    assert "De uitnodiging is bewaard." in page
    assert "Tot gauw!" in text(leader.get(url_of(ronde)))
    leader.post(url_of(ronde), {"subject": SUBJECT, "body": BODY + "\nAlleen nu!"})
    page = text(leader.get(url_of(ronde)))
    assert "Alleen nu!" in page
    assert "Gebruik weer de standaard van deze soort" in page
    page = text(leader.post(url_of(ronde), {"weer": "1"}, follow=True))
    assert "De standaard geldt weer." in page
    assert "Tot gauw!" in page
    assert "Alleen nu!" in page  # among the earlier versions
    for way, expected in [("letter", "De brief zegt nu wat de mail zegt"), ("short", "van 300 letters")]:
        assert expected in text(leader.get(url_of(ronde.soort) + f"?als={way}"))


def test_what_is_refused_stays_on_the_page(cast, leader):
    ronde = cast.with_ronde()
    response = leader.post(url_of(ronde), {"subject": "Mijn onderwerp", "body": "Mijn lange tekst {ouder.password}"})
    assert response.status_code == 422
    for kept in ["Mijn onderwerp", "Mijn lange tekst", "Regel 1: {ouder.password} kennen we niet", "{tolk}"]:
        assert kept in text(response)
    assert not InvitationText.objects.exists()


@pytest.mark.req("I1", "I5")
def test_the_text_is_shown_for_families_that_differ(cast, leader):
    ronde = cast.with_ronde()
    page = text(leader.get(url_of(ronde)))
    for family in ["Fatma Yılmaz (Elif en Emre; meer kinderen, Turks, met een tolk)",
                   "Kim van Dijk (Noor; ouders praten apart)", "Ria Bos (Daan; een brief)"]:  # fmt: skip
        assert family in page
    assert "Rob" not in page  # may have no contact
    typed = {"subject": SUBJECT, "body": BODY, "gezin": cast.fatma.pk}
    shown = text(leader.post(url_of(ronde, "voorbeeld/"), typed))
    assert "gesprek over Elif en Emre" in shown
    assert "Saskia Mulder en Bas van den Berg" in shown
    assert "Wij zoeken een tolk voor u." in shown


def test_a_soort_without_a_ronde_is_shown_as_it_will_be(cast, leader):
    soort = Soort.objects.create(school=cast.school, code="nieuw", name="Nieuw", purpose="Kennismaken", points="Dit")
    page = text(leader.get(url_of(soort)))
    assert "Kennismaken" in page
    assert "De gesprekken zijn van" in page
    assert "Zie de pagina als" not in page


@pytest.mark.req("I1")
def test_a_trial_goes_to_who_wrote_it_and_opens_nobodys_page(cast, leader, deliver):
    ronde = cast.with_ronde()
    leader.post(url_of(ronde), {"subject": SUBJECT, "body": BODY + "\nTot gauw!", "proef": "1"})
    (mail,) = deliver()
    assert mail.to == [cast.annemiek.email]
    assert mail.subject.startswith("Proef: Uitnodiging: gesprek over")
    assert "Tot gauw!" in mail.body
    everything = mail.body + mail.alternatives[0].content
    assert "Ingevuld voor: " in everything and "praten apart" not in everything and "tolk)" not in everything
    assert "/u/" not in everything
    assert not AccessLink.objects.exists()
    leader.post(url_of(ronde), {"subject": SUBJECT, "body": BODY, "taal": "en", "proef": "1"})
    Medewerker.objects.filter(person=cast.annemiek).update(left_on=NOW.date())
    assert deliver() == []  # she leads no more: she works elsewhere
    Medewerker.objects.filter(person=cast.annemiek).update(left_on=None)
    leader.post(url_of(ronde), {"subject": SUBJECT, "body": BODY, "taal": "en", "proef": "1"})
    cast.annemiek.rollen.all().delete()
    assert deliver() == []  # no longer leadership: nobody's family is mailed to her


@pytest.mark.req("I1", "G1")
def test_leadership_sees_a_parents_page_and_nothing_happens(cast, leader):
    ronde = cast.with_ronde()
    before = (Outgoing.objects.count(), AuditEvent.objects.count(), AccessLink.objects.count())
    page = text(leader.get(url_of(ronde, f"zie-als/{cast.ali.pk}/")))
    assert "Je kijkt mee. Zo ziet Ali Yılmaz" in page
    assert page.index("Gesprek over Elif") < page.index("Gesprek over Emre")
    assert "Kies een tijd voor Elif" in page
    body = page.split("</aside>", 1)[1]
    assert re.findall(r"<a\b[^>]*href=.[^#]|<form[^>]*action|<button(?! disabled)|<input", body) == []
    ronde.refresh_from_db()
    assert ronde.is_draft
    assert not Gesprek.objects.exists()
    assert before == (Outgoing.objects.count(), AuditEvent.objects.count(), AccessLink.objects.count())
    assert leader.get("/mijn/").status_code in (302, 403)  # she did not become the parent
    assert leader.get(url_of(ronde, f"zie-als/{cast.rob.pk}/")).status_code == 404


def test_a_parents_page_is_seen_as_it_is_in_an_open_ronde_without_her_words(cast, leader, as_):
    ronde = cast.with_open_ronde()
    gesprek = cast.gesprek_of(cast.tess)
    as_.link(cast.sander).post(f"/mijn/{gesprek.pk}/bel-mij/", {"note": "Tussen vier en vijf"})
    page = text(leader.get(url_of(ronde, f"zie-als/{cast.sander.pk}/")))
    assert "u wordt gebeld" in page
    assert "Tussen vier en vijf" not in page
    assert not Booking.objects.exists()


@pytest.mark.req("I1")
def test_staff_read_what_was_sent_to_their_own_families(cast, leader, as_):
    ronde = cast.with_ronde()
    texts.save_text(
        about=ronde.soort, language="nl", subject=SUBJECT, body=BODY + "\nTot gauw!", by=Actor(cast.annemiek, ACCOUNT)
    )
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    page = text(leader.get(f"/rondes/{ronde.pk}/verstuurd/"))
    for part in ["De standaard van de soort, versie 1", "Tot gauw!", "de brief is nog niet geprint", "Ria Bos"]:
        assert part in page
    page = text(as_.staff(cast.saskia).get(f"/rondes/{ronde.pk}/verstuurd/"))
    assert "Sander van" in page
    assert "Ria Bos" not in page


@pytest.mark.req("I1")
def test_mail_and_letter_carry_the_schools_logo_and_the_teachers_address(cast, leader, deliver, monkeypatch):
    schools.change_school(school=cast.school, values={}, logo=picture().read(), by=Actor(cast.annemiek, ACCOUNT))
    ronde = cast.with_open_ronde()
    mail = {mail.to[0]: mail for mail in deliver()}["sander@ouders.example"]
    assert mail.reply_to == [cast.saskia.email]
    assert f'<img src="http://127.0.0.1:8000/logo/{cast.school.slug}.png?v=' in mail.alternatives[0].content
    asked = {}
    monkeypatch.setattr(letters, "render_pdf", lambda template, context: asked.update(context) or b"")
    leader.post(f"/rondes/{ronde.pk}/groep/{cast.groep3.pk}/brieven/")
    assert asked["logo"].startswith("data:image/png;base64,")
    assert [page["reply"] for page in asked["pages"]] == [""]  # two teachers: to the school, which has no address
    cast.groep3.lesgeven.get(medewerker=cast.maarten.medewerker).delete()
    leader.post(f"/rondes/{ronde.pk}/groep/{cast.groep3.pk}/brieven/")
    assert [page["reply"] for page in asked["pages"]] == [cast.ilse.email]
