"""A school reads in its own Kijkwijzer: wrong files are refused with the line, a good one is looked at before it is used."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kijkwijzer import own_instrument
from kijkwijzer.instrument import SHIPPED, InstrumentRefused, comparable, load_instrument, read
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Instrument, Terugblik
from school.models import AuditEvent

TEXT = SHIPPED.read_text(encoding="utf-8")
OWN = TEXT.replace('code = "gesprekken"', 'code = "onze-school"', 1).replace(
    "ontvangt de ouders hartelijk", "heeft koffie"
)

HUGE = "0x" + "f" * 5000  # a number that TOML knows and Python does not write out


def line_of(text, words):
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def refusal(text):
    with pytest.raises(InstrumentRefused) as refused:
        read(text)
    return refused.value.problems


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("highest = 5", "highest = 4", "lowest = 1", "scale: de schaal loopt van 1 tot en met 5"),
        ("number = 5\n", "number = 4\n", "number = 4\n", "factor 5 ontbreekt"),
        ('code = "kennis-kind"', 'code = "welkom-toon"', "weet wie dit kind is", "de sleutel 'welkom-toon' staat ook bij"),
        ('about = "Samen kijken we vooruit."', "about = 3", "about = 3", "cluster 3, about: hier hoort tekst te staan"),
        ('code = "stilte"', 'code = "stil te"', 'code = "stil te"', "kleine letters, cijfers en streepjes"),
        ('text = "De leerkracht praat', 'text = "\\u0000De leerkracht praat', "\\u0000", "onzichtbaar teken"),
        ('name = "Welkom"', 'name = "Welkom"\nname = "Welkom"', None, "deze sleutel of tabel staat er al"),
        ("version = 1", "version = [[[[[[[[[1]]]]]]]]]", "[[[[", "meer dan 8 keer iets in elkaar"),
        ("version = 1", "version" + ".a" * 500 + " = 1", ".a.a", "meer dan 8 keer iets in elkaar"),
        ("version = 1", "version = " + "9" * 5000, None, "geen goede TOML"),
        ("number = 5\n", f"number = {HUGE}\n", None, "een nummer van 1 tot en met 10"),
        ('code = "stilte"', f"code = {HUGE}", None, "kleine letters, cijfers en streepjes"),
        ("version = 1", 'version = 1\ncomparable_with = ["x"]', "comparable_with", "schrijf de sleutel en de versie"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_with_its_line(old, new, at, says):
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    problems = refusal(text)
    [said] = [problem for problem in problems if says in problem]
    if at:
        assert said.startswith(f"regel {line_of(text, at.strip())}: ") or says == "factor 5 ontbreekt"


@pytest.mark.parametrize(
    "quotes", ['a = "' + '\\"' * 100_000, 'a = """' + '\n\\"""' * 50_000, "'''" + "\n\"'''" * 50_000]
)
def test_quotes_that_are_never_closed_are_refused_at_once(quotes):
    """Each of them took minutes when every quote looked for its end anew."""
    before = time.process_time()
    assert "geen goede TOML" in refusal(quotes)[0]
    assert time.process_time() - before < 5


def test_a_cluster_of_a_huge_number_ends_in_a_sentence():
    problems = refusal(re.sub(r'cluster = "[^"]*"', f"cluster = {HUGE}", TEXT, count=1))
    assert "cluster 'een heel groot getal' bestaat niet" in problems[0]


def test_ten_thousand_indicators_nested_bombs_and_garbage_end_in_a_sentence():
    many = "".join(f'{{code="s{n}",text="Z."}},' for n in range(10_000))
    [said] = refusal(TEXT.replace("indicators = [", f"indicators = [\n{many}", 1))
    assert "onderdelen is te veel" in said and said.startswith("regel ")
    for bomb in (
        "[" * 100_000,
        "a=" + "{a=" * 100_000,
        '"""' * 50_001,
        "\\" * 100_000,
        '"""' + "\\x" * 60_000,
        "'" * 99_999,
    ):
        assert refusal(bomb)
    for raw in (b"\xff\xfe" + TEXT.encode(), b"a" * (own_instrument.MAX_BYTES + 1), OWN.encode("cp1252")):
        with pytest.raises(InstrumentRefused):
            own_instrument.text_of(raw)


def send(client, text, name="eigen.toml"):
    raw = text if isinstance(text, bytes) else text.encode()
    return client.post(reverse("instruments"), {"file": SimpleUploadedFile(name, raw)}, follow=True)


@pytest.mark.django_db
def test_leadership_reads_one_in_looks_at_it_uses_it_and_takes_the_old_one_again(cast, as_):
    old = cast.with_terugblik(scores={"welkom-toon": 4}).instrument
    annemiek = as_.staff(cast.annemiek)
    assert annemiek.get(reverse("instrument_example")).getvalue() == SHIPPED.read_bytes()
    page = send(annemiek, OWN).content.decode()
    own = Instrument.objects.get(code="onze-school")
    assert "heeft koffie" in page and "25 zinnen" in page and "niet te vergelijken" in page
    rows = Instrument.objects.filter(school=cast.school)
    assert looking_back.current_instrument(rows) == old and own.in_use_since is None
    assert send(annemiek, OWN).status_code == 200 and rows.count() == 2  # the same file again
    annemiek.post(reverse("instrument", args=[own.pk]), {"neem": "1"})
    assert looking_back.current_instrument(rows) == own
    assert Terugblik.objects.get().instrument == old  # scores stay with the words they were given on
    assert load_instrument(cast.school) == old and looking_back.current_instrument(rows) == own
    annemiek.post(reverse("instrument", args=[old.pk]), {"neem": "1"})
    assert looking_back.current_instrument(rows).pk == old.pk
    used = annemiek.post(reverse("instrument", args=[own.pk]), {"haalweg": "1"}, follow=True)
    assert "dus hij blijft staan" in used.content.decode() and rows.count() == 2
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["instrument_taken_in", "instrument_put_in_use", "instrument_put_in_use"]


@pytest.mark.django_db
def test_a_refused_upload_changes_nothing_and_an_unused_one_can_be_taken_away(cast, as_):
    annemiek = as_.staff(cast.annemiek)
    for text, says in [
        (TEXT.replace("highest = 5", "highest = 4"), "regel 13: scale"),
        (TEXT.replace("koffie", "").replace("hartelijk", "vriendelijk"), "die wij meeleveren"),
        (b"", "Dit bestand is leeg"),
        (b"\x00\x01", "regel 1"),
    ]:
        answer = send(annemiek, text)
        assert answer.status_code == 422 and says in answer.content.decode()
    assert annemiek.post(reverse("instruments")).status_code == 422
    assert not Instrument.objects.filter(school=cast.school).exclude(code="gesprekken").exists()
    send(annemiek, OWN)
    changed = send(annemiek, OWN.replace("koffie", "thee"))
    assert "geef deze een hoger nummer" in changed.content.decode()
    own = Instrument.objects.get(code="onze-school")
    annemiek.post(reverse("instrument", args=[own.pk]), {"haalweg": "1"})
    assert not Instrument.objects.filter(code="onze-school").exists()


def test_versions_are_comparable_when_they_are_the_same_or_one_of_them_says_so():
    first, second = Instrument(code="a", version=1), Instrument(code="a", version=2)
    listed = Instrument(code="a", version=3, content={"comparable_with": ["a 2"]})
    assert comparable(first, Instrument(code="a", version=1)) and not comparable(first, second)
    assert comparable(listed, second) and comparable(second, listed) and not comparable(listed, first)
    assert read(OWN.replace("version = 1", 'version = 2\ncomparable_with = ["gesprekken 1"]', 1))
