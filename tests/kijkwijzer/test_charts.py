"""Pictures are well-formed, say what they show, escape what people typed, and obey the CSP."""

from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kijkwijzer import charts

NS = "{http://www.w3.org/2000/svg}"
NASTY = '<script>"&'
MEANS = st.none() | st.floats(1, 5)


def parsed(svg):
    root = ElementTree.fromstring(str(svg))
    assert not [el for el in root.iter() if "style" in el.attrib or el.tag.endswith("script")]
    return root


def picture(svg):
    root = parsed(svg)
    names = root.attrib["aria-labelledby"].split()
    assert root.attrib["role"] == "img" and {el.attrib.get("id") for el in root.iter()} >= set(names)
    assert root.find(f"{NS}title").text
    return root


@given(st.lists(MEANS, min_size=10, max_size=10))
def test_the_radar_has_a_point_for_every_mean_and_none_for_an_empty_axis(means):
    root = picture(charts.radar("r", [([NASTY], value) for value in means], title=NASTY, desc="d"))
    assert len(root.findall(f"{NS}circle")) == sum(value is not None for value in means)
    dashed = [line for line in root.findall(f"{NS}line") if line.attrib["stroke-dasharray"] != "none"]
    assert len(dashed) == sum(value is None for value in means)


def test_the_radar_stands_where_its_numbers_say():
    root = picture(charts.radar("r", [(["a"], 5), (["b"], 1), (["c"], 3), (["d"], 2.5)], title="t", desc="d"))
    x, y = charts.MIDDLE
    found = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in root.findall(f"{NS}circle")]
    r = charts.RADIUS
    assert found == [
        (x, y - r),
        pytest.approx((x + r / 5, y), abs=0.01),
        pytest.approx((x, y + r * 0.6), abs=0.01),
        (x - r / 2, y),
    ]


@given(st.lists(st.tuples(MEANS, MEANS, MEANS), min_size=1, max_size=12))
def test_growth_tells_three_lines_apart_by_mark_and_dash(points):
    series = [(NASTY, list(values)) for values in zip(*points, strict=True)]
    root = picture(charts.growth("g", ["di 1 sep"] * len(points), series, title="t", desc="d"))
    lines = root.findall(f"{NS}polyline")
    assert len({line.attrib["stroke-dasharray"] for line in lines}) == 3


@given(st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_a_stacked_bar_fills_its_width_and_shows_every_count(counts):
    parts = list(zip(charts.FILLS, counts, strict=True))
    root = picture(charts.stacked("s", parts, title=NASTY))
    shown = [int(text.text) for text in root.findall(f"{NS}text")]
    assert shown == [count for count in counts if count]
    wide = sum(float(rect.attrib["width"].rstrip("%")) for rect in root.findall(f"{NS}rect"))
    assert wide == pytest.approx(100 if any(counts) else 0, abs=0.1)


def test_states_differ_by_more_than_colour():
    """In grey the fills are: dark, stripes, a pale tint, two patterns of dots or lines, white."""
    fills = [fill for fill, _ink in charts.FILLS.values()]
    assert len(set(fills)) == 6 and sum(fill.startswith("url(#") for fill in fills) == 3
    parsed(str(charts.patterns()))


@given(MEANS)
def test_a_bar_is_as_long_as_its_mean(value):
    rects = parsed(charts.bar(value)).findall(f"{NS}rect")
    assert len(rects) == (2 if value else 1)
    if value:
        assert float(rects[1].attrib["width"]) == pytest.approx(40 * value, abs=0.1)


def test_numbers_are_written_as_the_reader_writes_them():
    assert charts.said(4.25) == "4,3"
    with translation.override("en"):
        assert charts.said(4.25) == "4.3"
    assert charts.said(None) is None
