"""Means, checked by hand and by searching for counter-examples."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kijkwijzer.instrument import shipped_outline
from kijkwijzer.scoring import furthest_apart, mean, rounded, score_clusters, to_practise

STRUCTURE = (("a", ((1, ("p", "q", "r")), (2, ("s",)))), ("b", ((3, ("t", "u")),)))
CODES = [s.code for s in shipped_outline().indicators]
VALUES = st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(1, 5))


@pytest.mark.req("K5")
def test_a_factor_is_the_mean_of_its_filled_items_and_a_cluster_of_its_factors_by_hand():
    a, b = score_clusters(STRUCTURE, {"p": 5, "q": 2, "s": 1, "t": 4, "u": 4})
    assert [f.mean for f in a.factors] == [3.5, 1.0]
    assert a.mean == 2.25  # not (5 + 2 + 1) / 3: a factor with many items weighs no more
    assert b.mean == 4.0
    assert [(f.filled, f.asked) for f in a.factors] == [(2, 3), (1, 1)]
    assert (a.filled, a.asked) == (3, 4)


@pytest.mark.req("K1")
def test_empty_stays_empty_and_is_left_out():
    a, b = score_clusters(STRUCTURE, {"s": 2})
    assert [f.mean for f in a.factors] == [None, 2.0]
    assert a.mean == 2.0
    assert b.mean is None
    assert mean([]) is None


@pytest.mark.parametrize(
    ("values", "shown"), [([2, 2, 2, 3], "2.3"), ([4, 4, 4, 3], "3.8"), ([5, 4, 4], "4.3"), ([1], "1.0"), ([], "None")]
)
def test_means_are_rounded_as_people_do_by_hand(values, shown):
    assert str(rounded(mean(values))) == shown


def test_what_to_practise_is_the_lowest_factor_and_the_first_of_equals():
    assert to_practise(score_clusters(STRUCTURE, {"p": 4, "s": 2, "t": 2})) == 2
    assert to_practise(score_clusters(STRUCTURE, {})) is None


@given(VALUES)
def test_every_mean_lies_between_the_lowest_and_the_highest_score_given(values):
    filled = [value for value in values.values() if value is not None]
    for cluster in score_clusters(shipped_outline().structure, values):
        for found in [cluster.mean, *(f.mean for f in cluster.factors)]:
            assert found is None or min(filled) <= found <= max(filled)


@given(st.sets(st.sampled_from(CODES), min_size=1), st.integers(1, 5))
def test_all_equal_scores_give_that_score_everywhere(codes, value):
    for cluster in score_clusters(shipped_outline().structure, dict.fromkeys(codes, value)):
        assert cluster.mean in (None, value)


@given(VALUES, st.randoms())
def test_the_order_in_which_scores_come_makes_no_difference(values, random):
    shuffled = list(values.items())
    random.shuffle(shuffled)
    structure = shipped_outline().structure
    assert score_clusters(structure, dict(shuffled)) == score_clusters(structure, values)


@given(VALUES)
def test_leaving_an_item_empty_is_the_same_as_not_having_it(values):
    bare = {code: value for code, value in values.items() if value is not None}
    structure = shipped_outline().structure
    assert score_clusters(structure, bare) == score_clusters(structure, values)


@given(VALUES, st.sampled_from(CODES))
def test_a_higher_score_never_lowers_a_mean(values, code):
    lower, higher = ({**values, code: value} for value in (2, 4))
    structure = shipped_outline().structure
    for one, other in zip(score_clusters(structure, lower), score_clusters(structure, higher), strict=True):
        assert one.mean is None or other.mean >= one.mean or math.isclose(one.mean, other.mean)


@pytest.mark.req("K5")
def test_the_spread_is_that_of_the_scores_given_by_hand():
    a, b = score_clusters(STRUCTURE, {"p": 5, "q": 2, "s": 3})
    assert [(f.lowest, f.highest) for f in a.factors] == [(2, 5), (3, 3)]
    assert (a.lowest, a.highest) == (2, 5) and (b.lowest, b.highest) == (None, None)


@given(VALUES)
def test_the_spread_holds_every_mean_and_every_score(values):
    structure = shipped_outline().structure
    for (_, factors), cluster in zip(structure, score_clusters(structure, values), strict=True):
        for (_, codes), factor in zip(factors, cluster.factors, strict=True):
            found = [values[code] for code in codes if values.get(code) is not None]
            assert all(factor.lowest <= value <= factor.highest for value in found)
            assert factor.mean is None or factor.lowest <= factor.mean <= factor.highest


@pytest.mark.req("K5")
def test_where_two_looks_differ_most_by_hand():
    one = score_clusters(STRUCTURE, {"p": 2, "s": 4, "t": 1})
    other = score_clusters(STRUCTURE, {"p": 4, "s": 4.5, "t": 5, "q": None})
    assert furthest_apart(one, other) == [(3, 1, 5), (1, 2, 4)]
    assert furthest_apart(one, score_clusters(STRUCTURE, {})) == [] == furthest_apart(one, one)


@given(VALUES, VALUES)
def test_differing_is_mutual(one, other):
    structure = shipped_outline().structure
    there = furthest_apart(score_clusters(structure, one), score_clusters(structure, other))
    back = furthest_apart(score_clusters(structure, other), score_clusters(structure, one))
    assert [(n, b, a) for n, a, b in there] == back
