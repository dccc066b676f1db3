"""The drawn staircase and growth line: none, one, many, gaps, levels nobody knows; readable without colour."""

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from gesprekken.development import growth, stairs

SVG = "{http://www.w3.org/2000/svg}"


def result(toets, level="", score=None, taken=None):
    half, year = toets[:1], toets[1:2]
    day = taken or date(2018 + int(year), 2 if half == "M" else 6, 3)
    return SimpleNamespace(
        toets=toets, taken_on=day, functioneringsniveau=level, score=score and Decimal(score), niveau=""
    )


def staircase(*results, **more):
    return stairs.draw(list(results), vak="rekenen", name="Elif", key="trap-1", **more)


def line(*results, **more):
    return growth.draw(list(results), vak="rekenen", name="Elif", key="groei-1", **more)


def svg(picture, template="opp_trap"):
    return ElementTree.fromstring(render_to_string(f"gesprekken/{template}.svg", {"picture": picture}))


def texts(drawn):
    return [text.text for text in drawn.iter(f"{SVG}text") if text.text]


def test_without_a_level_there_is_no_staircase_and_without_a_score_no_line():
    assert staircase() is None and staircase(result("M3", score="51")) is None
    assert line() is None and line(result("M3", "E3")) is None


@pytest.mark.req("V3")
def test_one_test_is_a_mark_on_the_stairs_with_its_level_in_words():
    drawn = svg(staircase(result("M5", "E4")))
    assert drawn.find(f"{SVG}title").text == "OPP-trap rekenen van Elif"
    assert drawn.find(f"{SVG}desc").text == "1 toets. M5: E4."
    assert "E4 (eind groep 4)" in "".join(drawn.itertext())
    assert drawn.get("role") == "img" and set(drawn.get("aria-labelledby").split()) <= {
        e.get("id") for e in drawn.iter()
    }
    assert not list(drawn.iter(f"{SVG}polyline"))


def test_each_mark_stands_at_the_level_that_was_given():
    picture = staircase(result("M3", "M3"), result("E3", "E3"), result("M4", "E3"), result("E4", "E4"))
    heights = [mark.y for mark in picture.marks]
    assert heights[0] > heights[1] == heights[2] > heights[3]
    assert heights[1] - heights[3] == 2 * stairs.ROW
    assert len(picture.lines) == 1 and len(picture.lines[0].split()) == 4
    assert [mark.y for mark in picture.marks if mark.text == "E4"] == [
        y for y, _t, name in picture.rungs if name == "E4"
    ]


@pytest.mark.req("V3")
def test_what_was_not_tested_is_a_gap_in_the_line():
    picture = staircase(result("M3", "M3"), result("E3", "E3"), result("M5", "M4"), result("E5", "E4"))
    assert [tick.column.label for tick in picture.ticks] == ["M3", "E3", "M4", "E4", "M5", "E5"]
    assert [len(points.split()) for points in picture.lines] == [2, 2]


def test_a_level_between_two_steps_is_long_and_one_beyond_the_test_points_out():
    picture = staircase(result("M4", "<M3"), result("E4", "M4/E4"), result("M5", ">E8"))
    assert [mark.shape for mark in picture.marks] == ["below", "long", "above"]
    drawn = svg(picture)
    assert len(list(drawn.iter(f"{SVG}polygon"))) == 2
    assert {"<M3", "M4/E4", ">E8"} <= set(texts(drawn))


@pytest.mark.req("V3")
def test_a_level_nobody_knows_is_a_question_mark_and_breaks_the_line():
    picture = staircase(result("M4", "M4"), result("E4", "X9"), result("M5", "M5"))
    assert [text for _x, text in picture.unread] == ["X9"] and picture.lines == []
    assert "Een niveau dat wij niet kennen, staat alleen in de tabel." in picture.description
    assert "?" in texts(svg(picture))
    assert svg(staircase(result("M4", "X9"))) is not None


def test_a_test_that_names_no_moment_stands_in_its_place_in_time():
    picture = staircase(result("M4", "M4"), result("Doorstroomtoets", "E4", taken=date(2022, 4, 1)), result("E4", "E4"))
    assert [tick.column.label for tick in picture.ticks] == ["M4", "Door…", "E4"]
    assert len(picture.treads) == 2


def test_a_repeated_year_goes_on_to_the_right():
    again = result("M4", "E4", taken=date(2023, 2, 3))
    assert [t.column.label for t in staircase(result("M4", "M4"), result("E4", "E4"), again).ticks] == [
        "M4",
        "E4",
        "M4",
    ]


def test_many_tests_stay_inside_the_picture():
    many = [result(f"{half}{year}", f"{half}{year}") for year in range(3, 9) for half in "ME"]
    many += [result("M8", "E8", taken=date(2030, 1, day)) for day in range(1, 20)]
    picture = staircase(*many)
    assert len(picture.ticks) == 16 and picture.ticks[-1].x + picture.ticks[-1].width <= picture.width
    assert "31 toetsen." in picture.description


@pytest.mark.req("V3")
def test_routes_are_the_schools_numbers_each_with_a_line_and_number_of_its_own():
    routes = {"vmbo-kader": {6: "M5", 7: "E5", 8: "M6"}, "havo": {6: "M6", 8: "M7"}}
    picture = staircase(result("M6", "M6"), route_levels=routes)
    assert [(route.number, route.name, len(route.lines)) for route in picture.routes] == [
        (1, "vmbo-kader", 1),
        (2, "havo", 0),
    ]
    assert len({route.dash for route in picture.routes}) == 2
    assert [t.column.label for t in picture.ticks] == ["M6", "E6", "M7"], (
        "as far as the routes go, without a mark there"
    )
    assert len(picture.marks) == 1 and all(route.badge[0] + 9 < picture.width for route in picture.routes)
    assert {"1", "2"} <= set(texts(svg(picture)))
    assert "1 vmbo-kader, 2 havo" in picture.description


def test_routes_that_end_on_one_step_keep_their_numbers_apart():
    routes = {name: {6: "M6"} for name in ("een", "twee", "drie")}
    badges = [route.badge for route in staircase(result("M6", "M6"), route_levels=routes).routes]
    assert len(set(badges)) == 3


@pytest.mark.req("V3")
def test_the_growth_line_stands_on_the_schools_own_bands():
    bands = {4: [("I", Decimal(150), None), ("II", Decimal(130), Decimal(150)), ("III", None, Decimal(130))]}
    picture = line(result("M4", score="120"), result("E4", score="128.5"), result("M5", score="140"), bands=bands)
    assert [point.text for point in picture.points] == ["120", "128,5", "140"]
    assert picture.points[0].y > picture.points[1].y > picture.points[2].y
    assert [band.name for band in picture.bands] == ["I", "II", "III"]
    assert len({band.x for band in picture.bands}) == 1, "only where the school set them"
    assert [band.title for band in picture.bands] == ["M5 I: vanaf 150", "M5 II: 130 tot 150", "M5 III: lager dan 130"]
    drawn = svg(picture, "growth")
    assert drawn.find(f"{SVG}desc").text.startswith("3 toetsen. M4: 120; E4: 128,5; M5: 140.")
    assert {"I", "II", "III"} <= set(texts(drawn))


def test_a_score_that_is_missing_is_a_gap():
    picture = line(result("M4", score="120"), result("E4"), result("M5", score="140"))
    assert picture.lines == [] and len(picture.points) == 2


def test_scores_that_are_all_the_same_are_drawn_too():
    picture = line(result("M4", score="100"), result("E4", score="100"))
    assert len(picture.lines) == 1 and re.fullmatch(r"[\d.]+,[\d.]+ [\d.]+,[\d.]+", picture.lines[0])


def test_numbers_in_a_picture_have_points_in_every_language():
    from django.utils import translation

    with translation.override("nl"):
        markup = render_to_string("gesprekken/opp_trap.svg", {"picture": staircase(result("M6", "M6/E6"))})
    assert not re.search(r'(?:x|y|width|height)="\d+,\d', markup)
