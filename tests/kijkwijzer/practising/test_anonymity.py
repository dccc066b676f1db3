"""Whatever is shown of a team, in whatever order people finish, change their mind and pictures are made: no number, no
filter and no difference between two pictures tells about fewer than five people who did not choose to be open (K4).

The worlds are random and small, so that near misses abound. Who is behind a number is found here from what people
filled in, not from what the product says; and that it is exactly these people is checked against the number itself.
"""

from dataclasses import dataclass, field
from itertools import combinations, product
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kijkwijzer.instrument import shipped_outline
from kijkwijzer.practising import together
from kijkwijzer.scoring import rounded

FILMS, OCCASIONS, PARTS = ("a", "b"), ("team", "study_day"), ("before", "after")
STRUCTURE = shipped_outline().structure
CLUSTERS = {code: {number for number, _codes in factors} for code, factors in STRUCTURE}
FACTORS = (1, 2, 4, 8)  # a few of the ten, of all three clusters


@dataclass
class Sitting:
    film: str
    occasion: str
    ready: dict = field(default_factory=dict)  # part: {person: {factor: mean}}
    is_open: dict = field(default_factory=dict)  # person: chose to be open, now
    kept: dict = field(default_factory=dict)  # part: the picture
    people: dict = field(default_factory=dict)  # part: who is in it


means = st.dictionaries(st.sampled_from(FACTORS), st.sampled_from([1.0, 2.0, 2.5, 4.0, 5.0]), max_size=4)
person, which, part_ = st.integers(1, 7), st.integers(0, 3), st.sampled_from(PARTS)
team_of = st.integers(4, 7).flatmap(lambda size: st.sets(person, min_size=size, max_size=size))
steps = st.one_of(
    st.tuples(st.just("finish"), which, part_, st.sets(person, min_size=1, max_size=1), means),
    st.tuples(st.just("look"), which, part_, team_of, means),  # a whole team, and then its picture
    st.tuples(st.just("look openly"), which, part_, st.sets(person, min_size=2, max_size=6), means),
    st.tuples(st.just("open"), which, person, st.booleans()),
    st.tuples(st.just("take back"), which, part_),  # somebody in the picture is not open any more
    st.tuples(st.just("show"), which, part_),
)
worlds = st.tuples(
    st.lists(st.tuples(st.sampled_from(FILMS), st.sampled_from(OCCASIONS)), min_size=4, max_size=4),
    st.sets(person),  # who is open from the start
    st.lists(steps, min_size=3, max_size=20),
)


def show(sitting, part, sittings):
    """As the verb does: everybody who is ready, beside the earlier pictures of this version of this film."""
    ready = sitting.ready.get(part, {})
    finishers = [together.Finisher(p, sitting.is_open.get(p, False), found) for p, found in ready.items()]
    if sitting.kept.get(part) or together.reason_against(finishers):
        return
    earlier = [
        {int(n): {p for p in o.people[part] if int(n) in o.ready[part][p]} for n in o.kept[part]["factors"]}
        for o in sittings
        if o is not sitting and o.film == sitting.film and o.kept.get(part)
    ]
    picture = together.fix(finishers, earlier)
    if picture["factors"]:
        sitting.kept[part], sitting.people[part] = picture, set(ready)


def live(world):
    kinds, open_from_the_start, events = world
    sittings = [Sitting(film, occasion) for film, occasion in kinds]
    for one in sittings:
        one.is_open = dict.fromkeys(open_from_the_start, True)
    for event in events:
        sitting = sittings[event[1]]
        if event[0] == "open":
            sitting.is_open[event[2]] = event[3]
        elif event[0] == "take back":
            sitting.is_open |= dict.fromkeys(sorted(sitting.people.get(event[2], ()))[:1], False)
        elif event[0] == "show":
            show(sitting, event[2], sittings)
        else:
            for each in event[3] - sitting.people.get(event[2], set()):  # in a picture: scores stay as they were
                sitting.ready.setdefault(event[2], {})[each] = dict(event[4])
                sitting.is_open[each] = sitting.is_open.get(each, False) or event[0] == "look openly"
            if event[0] == "finish":
                continue
            show(sitting, event[2], sittings)
        yield sittings


def pages(sittings):
    """(filter, its pictures) for every combination of filters that the page of the year offers."""
    made = []
    for sitting, part in product(sittings, PARTS):
        people = sitting.people.get(part, set())
        numbers = together.shown(sitting.kept.get(part), all(sitting.is_open.get(p) for p in people))
        if numbers:
            made.append(together.Picture(sitting.film, sitting.occasion, part, numbers, sitting))
    for film, occasion, part in product(("", *FILMS), ("", *OCCASIONS), ("", *PARTS)):
        for factors in [None, *CLUSTERS.values(), *({n} for n in FACTORS)]:
            yield together.chosen(made, film=film, occasion=occasion, part=part, factors=factors)


def behind(picture, number):
    """Who filled in something of this factor, among those in the picture."""
    sitting = picture.sitting
    return {p for p in sitting.people[picture.part] if number in sitting.ready[picture.part][p]}


def tells_too_much(people, sitting):
    return 0 < len(people) < 5 and not all(sitting.is_open.get(p) for p in people)


@pytest.mark.req("K4")
@settings(max_examples=150, deadline=None)
@given(worlds)
def test_no_number_no_filter_and_no_difference_of_two_pictures_isolates_fewer_than_five(world):
    shown = {}  # every number that ever stood on a page: (who is behind it, of which sitting)
    for sittings in live(world):
        for left in pages(sittings):
            for picture in left:
                for number, row in picture.numbers.items():
                    people = behind(picture, number)
                    values = [picture.sitting.ready[picture.part][p][number] for p in people]
                    assert row.mean == rounded(fmean(values))  # made of these people, and of nobody else
                    assert not tells_too_much(people, picture.sitting)
                    key = (picture.film, picture.part, number, sittings.index(picture.sitting))
                    assert shown.setdefault(key, (people, row)) == (people, row)  # never another number later on
    for (one, (some, _)), (other, (others, _)) in combinations(shown.items(), 2):
        if one[:3] == other[:3]:  # the same film, version and factor: as if everybody scored the same twice
            assert not 0 < len(some - others) < 5 and not 0 < len(others - some) < 5


@pytest.mark.req("K4")
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), means), max_size=9))
def test_the_mean_of_a_cluster_is_made_of_numbers_that_stand_on_the_page(people):
    finishers = [together.Finisher(n, is_open, found) for n, (is_open, found) in enumerate(people)]
    if together.reason_against(finishers):
        assert len(people) < 5
        return
    numbers = together.shown(together.fix(finishers, []), all(is_open for is_open, _ in people))
    for code, mean in together.cluster_means(STRUCTURE, numbers).items():
        inside = [numbers[n].mean for n in CLUSTERS[code] if n in numbers]
        assert mean == (rounded(sum(inside) / len(inside)) if inside else None)


def team(size, *, is_open=False, start=0, **more):
    return [together.Finisher(start + n, is_open, {1: float(n % 5 + 1), **more}) for n in range(size)]


def test_four_see_nothing_unless_all_are_open_and_taking_it_back_takes_the_picture_back():
    assert together.reason_against(team(4)) == "too_few"
    assert together.reason_against(team(1, is_open=True)) == "too_few"
    assert together.reason_against([*team(3, is_open=True), *team(1, start=3)]) == "too_few"
    four = team(4, is_open=True)
    assert together.reason_against(four) is None
    picture = together.fix(four, [])
    assert together.shown(picture, True)[1].mean == rounded(2.5)
    assert together.shown(picture, False) is None


def test_a_factor_that_one_of_eight_saw_is_not_in_the_picture():
    eight = team(8)
    eight[3].means[7] = 2.0
    assert list(together.fix(eight, [])["factors"]) == ["1"]


def test_a_second_picture_of_the_film_with_one_other_person_would_tell_about_one_and_is_not_made():
    first = together.fix(team(5), [])
    earlier = [{1: set(range(5))}]
    assert first["factors"] and not together.fix(team(6), earlier)["factors"]
    assert not together.fix(team(5, start=1), earlier)["factors"]
    assert together.fix(team(5), earlier)["factors"]  # the same people: nothing to subtract
    assert together.fix(team(10), earlier)["factors"]  # five more
    assert together.fix(team(5, start=20), earlier)["factors"]  # another class


def test_the_spread_is_one_of_three_words_and_never_an_extreme():
    assert {together.spread(v) for v in ([3, 3, 3, 3, 3], [2, 3, 3, 4, 4], [1, 5, 1, 5, 3])} == {
        "close", "some", "wide",
    }  # fmt: skip
    assert set(together.fix(team(5), [])["factors"]["1"]) == {"mean", "spread", "few", "of"}
