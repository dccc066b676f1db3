"""A guardian's and a pupil's own page: tapping, who comes along, a word for the interpreter; and who reads which of it."""

import gzip
import io
import re

import pypdf
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from gesprekken.models import Answer, Voorbereiding
from gesprekken.preparing import preparation, sheet
from gesprekken.preparing.preparation import Around, Given
from gesprekken.preparing.questions import questions_for
from gesprekken.talking.drafts import StaleDraft, TextTooLong
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Relatie
from tests.cast import NOW
from tests.remembered import remembered

COMES, INTERPRETER = "kanarie komt mee", "kanarie voor de tolk"


@pytest.fixture
@remembered
def stage(cast):
    cast.with_questions().with_gesprek()
    return cast


def first(stage, audience="ouder"):
    return questions_for(stage.gesprek, audience)[0]


def save(stage, *given, level=CONFIRMED, seen=0, **rest):
    by = Actor(stage.fatma, level)
    return preparation.save(gesprek=stage.gesprek, by=by, answers=list(given), seen_version=seen, **rest)


def chosen():
    return Answer.objects.get().chosen


def post(stage, client, name="prepare", **data):
    return client.post(reverse(name, args=[stage.gesprek.pk]), {"seen_version": 0, **data})


# --- tapping ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("V2")
def test_what_is_tapped_is_kept_without_a_word_and_read_in_dutch(stage, as_):
    post(stage, as_.link(stage.fatma), **{f"c{first(stage).pk}": ["muziek", "lezen"]})
    assert chosen() == ["lezen", "muziek"], "in the order of the question"
    lines = sheet.lines_of(Actor(stage.saskia, ACCOUNT), stage.gesprek)[stage.fatma.pk]
    assert [(line.chosen, line.text, line.language_name) for line in lines] == [(("Lezen", "Muziek"), "", "")]
    assert "Lezen, Muziek" in as_.staff(stage.saskia).get(reverse("talk", args=[stage.gesprek.pk])).content.decode()


def test_with_a_bare_link_taps_are_added_and_never_shown(stage, as_):
    name, parent = f"c{first(stage).pk}", as_.link(stage.fatma)
    post(stage, parent, **{name: ["muziek"]})
    page = parent.get(reverse("prepare", args=[stage.gesprek.pk])).content.decode()
    assert "Hier schreef u al iets" in page
    assert not re.search(r'value="muziek"[^>]*checked', page)
    post(stage, parent)  # nothing tapped: nothing changes
    post(stage, parent, **{name: ["lezen"]})
    assert chosen() == ["lezen", "muziek"]
    post(stage, parent, **{name: ["sport"], f"m{first(stage).pk}": "vervang", "seen_version": 2})
    assert chosen() == ["sport"]
    confirmed = as_.link(stage.fatma, confirmed=True)
    assert re.search(
        r'value="sport"[^>]*checked', confirmed.get(reverse("prepare", args=[stage.gesprek.pk])).content.decode()
    )
    post(stage, confirmed, seen_version=3)
    assert chosen() == [], "who sees what she tapped can untap it"


def test_an_unknown_choice_is_refused_and_a_verb_leaves_it_out(stage, as_):
    name = f"c{first(stage).pk}"
    assert post(stage, as_.link(stage.fatma), **{name: ["vliegen"]}).status_code == 422
    save(stage, Given(first(stage), "", chosen=["vliegen", "lezen"]))
    assert chosen() == ["lezen"]


def test_an_older_page_does_not_untap(stage):
    save(stage, Given(first(stage), "", chosen=["lezen"]), tab="a")
    with pytest.raises(StaleDraft) as stale:
        save(stage, Given(first(stage), "", chosen=["muziek"]), tab="b")
    assert stale.value.stored[first(stage).pk] == "Lezen"
    assert chosen() == ["lezen"]


# --- around the gesprek ----------------------------------------------------------------------------------------------


@pytest.mark.req("V2")
def test_who_reads_who_comes_along_and_what_is_for_the_interpreter(stage, as_):
    save(stage, around=Around(comes_along=COMES, for_interpreter=INTERPRETER))
    gesprek, own, prepare = (reverse(name, args=[stage.gesprek.pk]) for name in ("gesprek", "gesprek_print", "prepare"))

    def shows(client, url):
        page = client.get(url)
        text = page.content.decode() if "pdf" not in page["Content-Type"] else words_of(page)
        assert (COMES in text) is (INTERPRETER in text)
        return COMES in text

    teacher = as_.staff(stage.saskia)
    assert shows(teacher, gesprek)
    assert shows(teacher, f"{own}?versie=eigen")
    assert not shows(teacher, own), "not on the sheet for the table"
    assert shows(as_.link(stage.fatma, confirmed=True), prepare)
    assert not shows(as_.link(stage.fatma), prepare)
    assert not shows(as_.link(stage.ali, confirmed=True), prepare)
    for person in (stage.annemiek, stage.pieter):
        assert not shows(as_.staff(person), gesprek)
    assert not shows(as_.staff(stage.pieter), f"{own}?versie=eigen")


def words_of(page):
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(page.content)).pages)
    return " ".join(text.split())


def test_a_word_for_the_interpreter_is_asked_where_there_is_one(stage, as_):
    assert (
        "Wilt u de tolk vooraf"
        in as_.link(stage.fatma).get(reverse("prepare", args=[stage.gesprek.pk])).content.decode()
    )
    assert "Wilt u de tolk" not in as_.link(stage.ali).get(reverse("prepare", args=[stage.gesprek.pk])).content.decode()
    Relatie.objects.update(interpreter=False)
    post(stage, as_.link(stage.fatma), for_interpreter=INTERPRETER, comes_along=COMES)
    row = Voorbereiding.objects.get()
    assert (row.comes_along, row.for_interpreter) == (COMES, "")


def test_a_bare_link_adds_who_comes_along_and_never_loses_it(stage):
    save(stage, around=Around(comes_along="mijn zus"), level=LINK)
    for _double_click in range(2):
        save(stage, around=Around(comes_along="oma"), level=LINK)
    save(stage, around=Around(), level=LINK)
    assert Voorbereiding.objects.get().comes_along == "mijn zus; oma"
    with pytest.raises(TextTooLong):
        save(stage, around=Around(comes_along="x" * 195), level=LINK)
    with pytest.raises(StaleDraft):
        save(stage, around=Around(comes_along="niemand"), seen=0, tab="oud")
    save(stage, around=Around(comes_along=""), seen=2)
    assert Voorbereiding.objects.get().comes_along == ""


# --- ready -----------------------------------------------------------------------------------------------------------


@pytest.mark.req("V2")
def test_ready_thanks_and_says_what_happens_next(stage, as_):
    page = as_.link(stage.fatma).post(
        reverse("prepare", args=[stage.gesprek.pk]), {"klaar": "ja", "seen_version": 0}, follow=True
    )
    assert Voorbereiding.objects.get().ready_at == NOW
    for words in ("Dank u wel", "Voor het gesprek leest dit: Saskia Mulder", "U kunt later nog iets toevoegen"):
        assert words in page.content.decode()
    page = as_.pupil(stage.elif_).get(reverse("prepared", args=[stage.gesprek.pk])).content.decode()
    assert "Goed gedaan!" in page


@pytest.mark.req("V2")
def test_the_page_with_its_pictures_is_light_enough_for_a_bus(stage, as_):
    page = as_.link(stage.fatma).get(reverse("prepare", args=[stage.gesprek.pk])).content
    assets = set(re.findall(rb'(?:href|src)="/static/([^"#]+)', page))
    assert b"img/plaatjes.svg" in assets
    weight = len(gzip.compress(page))
    for asset in assets:
        with open(finders.find(asset.decode()), "rb") as file:  # noqa: PTH123 - a path from the finder
            weight += len(gzip.compress(file.read()))
    assert weight <= 14_000
    assert b"<script" not in page
