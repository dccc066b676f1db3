"""A pupil who leads makes a few slides; who sees them, and what a card alone shows of them."""

import io
from pathlib import Path

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gesprekken.development import portfolio
from gesprekken.models import Gesprek, PortfolioItem, Ronde, ShownChart, Slide
from gesprekken.preparing import presenting, sheet
from gesprekken.talking.drafts import GesprekClosed, StaleDraft
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Outgoing
from tests.cast import NOW
from tests.gesprekken.development.test_portfolio import photo
from tests.remembered import remembered

CANARY = "kanarie op dia een"


@pytest.fixture
@remembered
def stage(cast):
    cast.with_questions().with_ronde(state=Ronde.State.OPEN, lead=Ronde.Lead.LEERLING)
    cast.with_gesprek()
    return cast


def add(stage, title=CANARY, *, level=CONFIRMED, **words):
    by = Actor(stage.elif_.person, level)
    return presenting.add_slide(gesprek=stage.gesprek, by=by, **{"kind": "good", "title": title, "text": "", **words})


def titles():
    return list(Slide.objects.values_list("title", flat=True))


def url(stage, name="make_presentation", *more, query=""):
    return reverse(name, args=[stage.gesprek.pk, *more]) + query


# --- the verbs -------------------------------------------------------------------------------------------------------


@pytest.mark.req("V5")
def test_slides_are_added_moved_and_taken_away(stage):
    by = Actor(stage.elif_.person, CONFIRMED)
    one, two, three = add(stage, "een"), add(stage, "twee"), add(stage, "drie")
    presenting.move_slide(slide=three, by=by, up=True)
    presenting.move_slide(slide=one, by=by, up=True)  # first already
    assert titles() == ["een", "drie", "twee"]
    for _double_click in range(2):
        presenting.remove_slide(slide=one, by=by)
    presenting.move_slide(slide=one, by=by, up=False)  # gone already
    assert titles() == ["drie", "twee"]
    add(stage, "vier")
    assert titles() == ["drie", "twee", "vier"]
    assert two.number == 2


def test_a_double_click_adds_one_slide_and_nine_do_not_fit(stage):
    for _double_click in range(2):
        add(stage, "een")
    assert titles() == ["een"]
    for number in range(presenting.MAX_SLIDES - 1):
        add(stage, f"dia {number}")
    with pytest.raises(presenting.TooManySlides):
        add(stage, "te veel")


def test_an_older_page_never_overwrites_newer_words(stage):
    slide, by = add(stage), Actor(stage.elif_.person, CONFIRMED)
    presenting.change_slide(slide=slide, by=by, seen_version=1, tab="a", title="nieuwer")
    with pytest.raises(StaleDraft) as stale:
        presenting.change_slide(slide=slide, by=by, seen_version=1, tab="b", title="ouder")
    assert stale.value.stored["title"] == "nieuwer"
    presenting.change_slide(slide=slide, by=by, seen_version=1, tab="a", title="nog nieuwer")
    assert titles() == ["nog nieuwer"]


def test_once_it_was_held_the_presentation_stands(stage):
    slide, by = add(stage), Actor(stage.elif_.person, CONFIRMED)
    Gesprek.objects.update(held_on=NOW.date())
    for verb in (
        lambda: add(stage, "te laat"),
        lambda: presenting.remove_slide(slide=slide, by=by),
        lambda: presenting.move_slide(slide=slide, by=by, up=True),
        lambda: presenting.change_slide(slide=slide, by=by, seen_version=1, title="x"),
    ):
        with pytest.raises(GesprekClosed):
            verb()
    assert titles() == [CANARY]


def test_something_worrying_on_a_slide_reaches_the_teacher_too(stage):
    add(stage, "Op het plein", text="daar pesten ze: ik word gepest")
    assert Outgoing.objects.get(message="gesprekken.pupil_wants_to_talk").recipient == stage.saskia


# --- who sees it -----------------------------------------------------------------------------------------------------


@pytest.mark.req("V5")
def test_the_pupil_and_who_holds_the_gesprek_see_it_and_no_guardian_before_the_talk(stage, as_):
    add(stage)
    stage.gesprek.deelnames.create(school=stage.school, person=stage.bas, as_role="tweede_collega")
    page, steps = url(stage, "present"), url(stage, "talk")
    for client in (as_.staff(stage.saskia), as_.staff(stage.bas), as_.link(stage.elif_.person, confirmed=True)):
        assert CANARY in client.get(page).content.decode()
    for client in (as_.link(stage.fatma, confirmed=True), as_.staff(stage.annemiek), as_.staff(stage.pieter)):
        assert client.get(page).status_code == 403
    for client in (as_.link(stage.kim, confirmed=True), as_.pupil(stage.noor), as_.staff(stage.ilse)):
        assert client.get(page).status_code == 404
    for name in ("prepare", "prepared"):
        assert CANARY not in as_.link(stage.fatma, confirmed=True).get(url(stage, name)).content.decode()
    assert CANARY in as_.staff(stage.saskia).get(steps).content.decode(), "in the talk it stands beside its step"


def test_where_the_teacher_leads_there_is_no_presentation(stage, as_):
    Ronde.objects.update(lead=Ronde.Lead.LEERKRACHT)
    assert as_.link(stage.elif_.person, confirmed=True).get(url(stage)).status_code == 403
    assert "Maak je presentatie" not in as_.pupil(stage.elif_).get(url(stage, "prepare")).content.decode()


def test_with_the_card_alone_one_reads_what_was_made_in_this_visit(stage, as_):
    child = as_.pupil(stage.elif_)
    child.post(url(stage), {"kind": "good", "title": CANARY})
    slide = Slide.objects.get()
    assert CANARY in child.get(url(stage)).content.decode()
    assert child.get(url(stage, "change_slide", slide.pk)).status_code == 200
    another_day = as_.pupil(stage.elif_)
    page = another_day.get(url(stage)).content.decode()
    assert CANARY not in page
    assert "Je hebt al 1 dia van een andere keer" in page
    assert CANARY not in another_day.get(url(stage, "present")).content.decode()
    for name in ("change_slide", "remove_slide", "move_slide"):
        assert another_day.post(url(stage, name, slide.pk), {"kind": "own", "title": "x"}).status_code == 404
        assert as_.link(stage.fatma, confirmed=True).post(url(stage, name, slide.pk)).status_code == 403
        assert as_.pupil(stage.noor).post(url(stage, name, slide.pk)).status_code == 404
    assert titles() == [CANARY]


def test_a_visit_that_was_closed_is_over_for_the_slides_as_well(stage, as_):
    child = as_.pupil(stage.elif_)
    child.post(url(stage), {"kind": "good", "title": CANARY})
    assert child.session["visit"] == {"slides": [Slide.objects.get().pk]}
    child.post(reverse("leave"))
    assert "visit" not in child.session


def test_of_charts_and_work_only_what_is_hers_to_choose(stage):
    ShownChart.objects.create(school=stage.school, gesprek=stage.gesprek, vak="rekenen")
    for title, leerling, released in [
        ("eigen", stage.elif_, NOW),
        ("nog niet", stage.elif_, None),
        ("van Noor", stage.noor, NOW),
    ]:
        PortfolioItem.objects.create(
            school=stage.school, leerling=leerling, kind="work", title=title, secret=title, file="x", content_type="x",
            size=1, created_at=NOW, released_at=released,
        )  # fmt: skip
    from gesprekken.permissions import choosable_charts, choosable_items

    child = Actor(stage.elif_.person, CONFIRMED)
    assert [chart.vak for chart in choosable_charts(child, stage.gesprek)] == ["rekenen"]
    assert [item.title for item in choosable_items(child, stage.gesprek)] == ["eigen"]
    assert not choosable_items(Actor(stage.elif_.person, LINK), stage.gesprek).exists()
    assert not choosable_charts(Actor(stage.fatma, CONFIRMED), stage.gesprek).exists()


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Kies eerst waar deze dia over gaat."),
        ({"kind": "good"}, "Schrijf een titel, of wat je wilt vertellen."),
        ({"kind": "good", "title": "t" * 81}, "er passen 80 tekens"),
    ],
)
def test_a_slide_that_is_not_right_comes_back_with_one_sentence(stage, as_, sent, sentence):
    page = as_.pupil(stage.elif_).post(url(stage), sent)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert sent.get("title", "") in page.content.decode()
    assert not Slide.objects.exists()


@pytest.mark.parametrize(("asked", "shown"), [("", "een"), ("2", "twee"), ("99", "twee"), ("0", "een"), ("x", "een")])
def test_the_slides_are_paged_by_their_number_without_any_script(stage, as_, asked, shown):
    add(stage, "een")
    add(stage, "twee")
    page = as_.staff(stage.saskia).get(url(stage, "present", query=f"?dia={asked}")).content.decode()
    assert f'<h1 dir="auto">{shown}</h1>' in page


def test_the_slides_stand_on_the_sheet_for_the_table_and_not_with_who_may_not_read_it(stage):
    add(stage)
    for person, sees in [(stage.saskia, True), (stage.pieter, True), (stage.annemiek, False)]:
        lines = sheet.lines_of(Actor(person, ACCOUNT), stage.gesprek, table_only=True)
        assert any(CANARY in line.text for mine in lines.values() for line in mine) is sees


# --- the chart and the picture she chose -----------------------------------------------------------------------------


@pytest.fixture
def dressed(stage):
    """A slide with a chart and a picture of her own, and one with a report."""
    stage.with_development(vak="rekenen")
    child = Actor(stage.elif_.person, CONFIRMED)
    send = {"gesprek": stage.gesprek, "kind": "work", "title": "Mijn toren", "by": child}
    item = portfolio.add(upload=SimpleUploadedFile("x.jpg", photo()), **send)
    add(stage, "Rekenen", chart="rekenen", item=item)
    stage.item = item
    return stage


@pytest.mark.req("V5", "V3")
def test_a_slide_shows_the_chart_itself_and_the_picture_to_who_may_see_them(dressed, as_):
    picture = f'src="/bestand/{dressed.item.pk}/" alt="Mijn toren"'
    for client in (as_.staff(dressed.saskia), as_.link(dressed.elif_.person, confirmed=True)):
        page = client.get(url(dressed, "present")).content.decode()
        assert "OPP-trap rekenen van Elif" in page and picture in page
        assert client.get(f"/bestand/{dressed.item.pk}/").status_code == 200
        paper = client.get(url(dressed, "present_pdf"))
        assert paper["Content-Type"] == "application/pdf"
        read = pypdf.PdfReader(io.BytesIO(paper.content))
        assert len(read.pages) == 1 and "Rekenen" in read.pages[0].extract_text()
        assert len(read.pages[0].images) == 1, "her picture stands on it"
    sent = {"kind": "good", "title": "met het kaartje", "chart": "rekenen"}
    card = as_.pupil(dressed.elif_)
    card.post(url(dressed), sent)
    page = card.get(url(dressed, "present")).content.decode()
    assert "OPP-trap" not in page and "Je juf of meester laat hem bij het gesprek zien." in page
    assert card.get(url(dressed, "present_pdf")).status_code == 200


def test_what_is_taken_away_meanwhile_is_said_and_what_cannot_be_read_is_named(dressed, as_, settings):
    Path(settings.MEDIA_ROOT, dressed.item.file.name).write_bytes(b"broken")
    teacher = as_.staff(dressed.saskia)
    assert "Uit de map: Mijn toren" in text_of(teacher.get(url(dressed, "present_pdf")))
    ShownChart.objects.all().delete()
    PortfolioItem.objects.update(by=dressed.saskia, content_type="application/pdf", released_at=NOW)
    page = teacher.get(url(dressed, "present")).content.decode()
    assert "De grafiek van rekenen wordt nu niet meer getoond." in page and "Open Mijn toren (PDF)" in page
    assert "Uit de map: Mijn toren" in text_of(teacher.get(url(dressed, "present_pdf")))
    PortfolioItem.objects.update(released_at=None)
    page = teacher.get(url(dressed, "present")).content.decode()
    assert "Het bestand bij deze dia is teruggehaald." in page and "Mijn toren" not in page
    Slide.objects.all().delete()
    assert teacher.get(url(dressed, "present_pdf")).status_code == 302, "without a slide there is nothing to print"


def text_of(answer):
    return pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
