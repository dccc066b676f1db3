"""Bars say how many of how many, in a picture that reads in grey, with every word of it escaped."""

from xml.etree import ElementTree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kijkwijzer.insight.bars import FILLS, Bar, bars

NS = "{http://www.w3.org/2000/svg}"
NASTY = '<script>"&' + "x" * 80
COUNTS = st.tuples(*[st.integers(0, 3000)] * 4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_a_picture_is_well_formed_says_everything_in_words_and_never_leaves_its_frame(rows):
    lines = [Bar(NASTY, counts, sum(counts), "3 van 4") for counts in rows]
    svg = bars("k", lines, legend=(NASTY, "b", "", "d"), title=NASTY)
    if not any(map(sum, rows)):
        assert svg is None
        return
    root = ElementTree.fromstring(str(svg))
    assert not [el for el in root.iter() if "style" in el.attrib or el.tag.endswith("script")]
    assert root.find(f"{NS}title").text == NASTY and str(rows[0][0]) in root.find(f"{NS}desc").text
    wide = float(root.attrib["width"])
    pieces = [el for el in root.findall(f"{NS}rect") if el.attrib["height"] == "20" and el.attrib["fill"] != "none"]
    assert all(float(el.attrib["x"]) + float(el.attrib["width"]) <= wide + 0.2 for el in pieces)
    assert len(pieces) == sum(count > 0 for counts in rows for count in counts)


def test_four_fills_differ_without_colour():
    assert len(set(FILLS)) == 4 and "hatch" in FILLS


def test_nothing_to_count_draws_nothing():
    assert bars("k", [], legend=("a",), title="t") is None
    assert bars("k", [Bar("a", (0,), 0)], legend=("a",), title="t") is None
