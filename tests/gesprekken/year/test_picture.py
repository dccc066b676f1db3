"""The year as a picture: where bars stand, lanes, edges, and what a reader without eyes gets."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from gesprekken.year.cycle import propose_year
from gesprekken.year.entries import RONDE, Entry, entries_now, find_plan, groepen_of
from gesprekken.year.picture import LABELS, WIDTH, Ruler, draw, lanes
from school.actor import ACCOUNT, Actor
from school.models import Schooljaar
from tests.cast import TODAY

YEAR = Schooljaar(starts_on=date(2026, 8, 1), ends_on=date(2027, 7, 31))


def entry(first, last, **fields):
    return Entry(f"ronde-{first}", RONDE, "x", "Ronde", first, last, **fields)


def test_the_ruler_runs_from_the_first_to_the_last_day():
    ruler = Ruler(YEAR)
    assert ruler.x(date(2026, 8, 1)) == LABELS
    x, width = ruler.span(entry(date(2027, 7, 31), date(2027, 7, 31)))
    assert x + width == pytest.approx(WIDTH - 8, abs=0.2)
    assert [m.name for m in ruler.months()] == [
        "aug", "sep", "okt", "nov", "dec", "jan", "feb", "mrt", "apr", "mei", "jun", "jul",
    ]  # fmt: skip


def test_a_clock_change_does_not_move_a_day():
    """The Sundays of 25 October and 28 March have 25 and 23 hours."""
    ruler = Ruler(YEAR)
    for sunday in (date(2026, 10, 25), date(2027, 3, 28)):
        assert ruler.span(entry(sunday, sunday))[1] == pytest.approx(ruler.per_day, abs=0.11)


def test_bars_that_overlap_get_lanes_of_their_own():
    assert lanes([(0, 10), (5, 10), (20, 5), (16, 10)]) == [0, 1, 0, 1]
    assert lanes([]) == []


@pytest.mark.parametrize("today", [date(2026, 7, 31), date(2027, 8, 1)])
def test_today_stands_in_its_own_year_only(today):
    assert draw(YEAR, [], [], today).today is None
    assert draw(YEAR, [], [], TODAY).today is not None


def test_a_year_without_groups_is_one_row():
    picture = draw(YEAR, [entry(date(2026, 9, 7), date(2026, 9, 18))], [], TODAY)
    assert [row.name for row in picture.rows] == ["alle groepen"]
    assert len(picture.rows[0].bars) == 1


@pytest.mark.django_db
@pytest.mark.req("C1")
def test_the_drawing_is_well_formed_and_tells_what_it_shows(cast):
    propose_year(schooljaar=cast.year, by=Actor(cast.annemiek, ACCOUNT))
    cast.with_free_day()
    cast.with_activity(name="Avond <met> & zonder 'aanhaling'")
    cast.groep("lang", "L1", "Z" * 60, "2")
    plan = find_plan(cast.year)
    picture = draw(cast.year, entries_now(plan), groepen_of(cast.year), TODAY)
    svg = render_to_string("gesprekken/year_picture.svg", {"picture": picture})
    root = ElementTree.fromstring(svg)
    names = {child.tag.split("}")[1]: child.text for child in root[:2]}
    assert names["title"] == "Het schooljaar 2026-2027 in beeld"
    assert "1. Startgesprek: 7 tot en met 18 september 2026, Groep 3, Groep 5, Groep 8" in names["desc"]
    assert "style=" not in svg
    texts = [node.text for node in root.iter() if node.tag.endswith("text")]
    assert "uitslag" in texts and "definitief advies" in texts and "vandaag" in texts
    numbers = [float(v) for node in root.iter() for k, v in node.attrib.items() if k in ("x", "width", "y", "height")]
    assert all(0 <= number <= max(picture.width, picture.height) for number in numbers)
