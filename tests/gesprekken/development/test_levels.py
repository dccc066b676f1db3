"""Which levels we know, in words and as rungs; what we do not know is said and never guessed."""

import pytest

from gesprekken.development.levels import level_in_words, rungs_for
from school.levels import STEPS, Level, read_level, read_moment


@pytest.mark.req("V3")
@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("E3", Level(1, 1), "eind groep 3"),
        (" m 5 ", Level(4, 4), "midden groep 5"),
        ("M6/E6", Level(6, 7), "tussen midden groep 6 en eind groep 6"),
        ("E6-M6", Level(6, 7), "tussen midden groep 6 en eind groep 6"),
        ("<M3", Level(0, 0, "<"), "lager dan midden groep 3"),
        ("> E8", Level(11, 11, ">"), "hoger dan eind groep 8"),
        ("E9", None, ""),
        ("M2", None, ""),
        ("5", None, ""),
        ("AVI-M5", None, ""),
        ("<M3/E3", None, ""),
        ("", None, ""),
    ],
)
def test_a_level_is_read_as_it_is_written_or_not_at_all(text, level, words):
    assert read_level(text) == level
    assert level_in_words(read_level(text)) == words


def test_a_test_tells_its_moment_by_its_name_or_not():
    assert [read_moment(name) for name in ("M3", "Rekenen 3.0 e8", "DMT M4")] == [0, 11, 2]
    assert [read_moment(name) for name in ("Doorstroomtoets", "M4/E4", "AVIM5", "")] == [None] * 4


def test_the_ladder_has_a_step_around_what_stands_on_it_and_no_more():
    assert [STEPS[n] for n in rungs_for([Level(2, 2), Level(6, 7)])] == ["E3", "M4", "E4", "M5", "E5", "M6", "E6", "M7"]
    assert rungs_for([Level(0, 0)], [11]) == list(range(12))
    assert rungs_for([]) == []
