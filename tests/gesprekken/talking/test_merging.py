"""Two texts become one: what each wrote stands in it, or a person is asked."""

import pytest

from gesprekken.talking.merging import Clash, holds, merge

BASE = "een\ntwee\ndrie"


@pytest.mark.parametrize(
    "stored, typed, together",
    [
        ("een\ntwee\ndrie\nvier", "nul\neen\ntwee\ndrie", "nul\neen\ntwee\ndrie\nvier"),
        ("een\ntwee!\ndrie", "een\ntwee\ndrie?", "een\ntwee!\ndrie?"),
        ("een\ndrie", "een\ntwee\ndrie\nvijf", "een\ndrie\nvijf"),
        ("een\ntwee\ndrie\nvan haar", "een\ntwee\ndrie\nvan hem", "een\ntwee\ndrie\nvan haar\nvan hem"),
        (BASE, "helemaal anders", "helemaal anders"),
        ("helemaal anders", BASE, "helemaal anders"),
    ],
)
def test_lines_of_two_people_stand_together(stored, typed, together):
    assert merge(BASE, stored, typed) == together


def test_typing_on_after_merging_goes_on_where_one_was():
    stored = merge("", "van haar", "van hem")
    assert merge("van hem", stored, "van hem en nog iets") == "van haar\nvan hem en nog iets"
    assert merge("van haar", stored, "van haar, meer") == "van haar, meer\nvan hem"


def test_the_same_line_in_two_ways_is_for_a_person():
    with pytest.raises(Clash):
        merge(BASE, "een\nTWEE\ndrie", "een\n2\ndrie")
    with pytest.raises(Clash):
        merge(BASE, "een\ndrie", "een\ntwee en meer\ndrie")


def test_without_knowing_what_the_page_was_made_from_every_line_stays():
    assert merge(None, "Elif leest graag\nvan haar", "Elif leest\nvan hem") == "Elif leest graag\nvan haar\nvan hem"
    assert merge(None, "stond er", "") == "stond er"


def test_lines_without_end_are_not_compared_for_minutes():
    with pytest.raises(Clash):
        merge("a\n" * 600, "b\n" * 50_000, "c\n" * 50_000)


def test_words_may_be_typed_on_but_not_lost():
    assert holds("Elif leest graag voor", "Elif gra")
    assert not holds("Elif leest", "leest Elif")
