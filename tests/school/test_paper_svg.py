"""A drawing for paper: lighter, and everything stands where it stood."""

from xml.etree import ElementTree

import pytest

from school.paper_svg import for_paper

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" font-size="10" font-family="system-ui, sans-serif" role="img">'
TEXT, RECT = "{http://www.w3.org/2000/svg}text", "{http://www.w3.org/2000/svg}rect"


def drawn(inside):
    return ElementTree.fromstring(for_paper(f"{HEAD}{inside}</svg>"))


def test_words_of_one_kind_become_one_with_a_place_for_every_letter():
    words = list(drawn('<text x="50" y="5" text-anchor="middle">M5</text><text x="9" y="7">E3</text>').iter(TEXT))
    assert [(word.text, word.get("x"), word.get("y")) for word in words] == [("M5E3", "42.5 51.1 9.0 15.3", "5 5 7 7")]
    others = '<text x="1" y="2" font-weight="700">1</text><text x="1" y="2" fill="#6d7780">2</text>'
    assert len(list(drawn(others).iter(TEXT))) == 2


@pytest.mark.parametrize(("anchor", "start"), [("start", "80.0"), ("middle", "72.6"), ("end", "65.2")])
def test_a_word_with_letters_nobody_measured_is_laid_out_by_the_engine(anchor, start):
    (word,) = drawn(f'<text x="80" y="5" text-anchor="{anchor}">é&lt;</text>').iter(TEXT)
    assert (word.text, word.get("text-anchor")) == ("é<", None)
    assert float(word.get("x")) == pytest.approx(float(start), abs=0.1)


def test_what_only_a_screen_uses_is_left_out_and_a_light_edge_becomes_a_ground():
    root = drawn(
        '<title>t</title><desc>d</desc><g><title>tip</title><circle cx="5" cy="5" r="4"/>'
        '<text x="50" y="20" stroke="#fff" fill="#fff" aria-hidden="true">12</text><text x="50" y="20">12</text></g>'
    )
    assert root.get("role") is None and not [one for one in root.iter() if one.tag.endswith(("title", "desc"))]
    assert [one.text for one in root.iter(TEXT)] == ["12"]
    (ground,) = root.iter(RECT)
    assert ground.get("fill") == "#fff" and ground.get("x") == "49.0"


def test_a_sign_that_no_drawing_can_hold_is_left_out():
    """A name that was pasted with one, of a band or a route, else ends the whole document."""
    assert drawn('<text x="1" y="2">A\x01\x0b\ufffeB</text>')[0].text == "AB"
