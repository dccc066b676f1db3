"""Brothers and sisters back to back: a calculation, shown without a database."""

import time as clock
from datetime import datetime, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.times.together import LATER_DAY, MOST, Offer, clash, nearest, propose, waiting

ZONE = ZoneInfo("Europe/Amsterdam")


def at(hour, minute=0, day=24):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def offer(hour, minute=0, *, day=24, teacher="saskia", minutes=15):
    starts = at(hour, minute, day)
    return Offer((teacher, day, hour, minute), starts, starts + timedelta(minutes=minutes), teacher)


def line(teacher, *, day=24, hours=(15, 16), minutes=15):
    return [
        offer(hour, minute, day=day, teacher=teacher, minutes=minutes)
        for hour in hours
        for minute in range(0, 60, minutes)
    ]


def told(proposal):
    return [(child, talk.starts.strftime("%d %H:%M")) for child, talk in proposal.talks]


# --- the measure -----------------------------------------------------------------------------------------------------


def test_waiting_is_what_is_left_between_the_conversations():
    assert waiting([(at(15), at(15, 15))]) == 0
    assert waiting([(at(15), at(15, 15)), (at(15, 15), at(15, 30))]) == 0
    assert waiting([(at(15), at(15, 15)), (at(15, 20), at(15, 35))]) == 5
    assert waiting([(at(15), at(15, 15)), (at(16), at(16, 30)), (at(16, 30), at(17))]) == 45


def test_the_order_in_which_times_are_given_does_not_matter():
    assert waiting([(at(15, 20), at(15, 35)), (at(15), at(15, 15))]) == 5


def test_a_later_day_counts_ten_hours_at_the_same_clock_time():
    assert waiting([(at(15), at(15, 15)), (at(15, day=25), at(15, 15, day=25))]) == LATER_DAY - 15
    assert waiting([(at(15), at(15, 15)), (at(14, day=26), at(14, 15, day=26))]) == 2 * LATER_DAY - 60 - 15


# --- the proposals ---------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_two_children_come_back_to_back():
    best = propose({"elif": [offer(15), offer(16)], "emre": [offer(15, 20, teacher="bas"), offer(17, teacher="bas")]})
    assert told(best[0]) == [("elif", "24 15:00"), ("emre", "24 15:20")]
    assert best[0].waiting == 5


def test_nobody_is_proposed_in_two_places_at_once():
    assert propose({"elif": [offer(15)], "emre": [offer(15, teacher="bas"), offer(15, 10, teacher="bas")]}) == []


def test_walking_time_is_kept_between_two_rooms():
    times = {"elif": [offer(15)], "emre": [offer(15, 15, teacher="bas"), offer(15, 20, teacher="bas")]}
    assert told(propose(times, walking=5)[0])[1] == ("emre", "24 15:20")
    assert told(propose(times)[0])[1] == ("emre", "24 15:15")


def test_one_teacher_keeps_her_pause_between_twins():
    times = {"bo": [offer(15)], "jip": [offer(15, 15), offer(15, 20)]}
    assert told(propose(times, buffer=5)[0])[1] == ("jip", "24 15:20")


def test_a_child_without_any_time_means_no_proposal():
    assert propose({"elif": [offer(15)], "emre": []}) == []
    assert propose({}) == []


def test_at_most_six_and_every_day_gets_its_turn():
    times = {
        "elif": [o for day in (23, 24, 25, 26) for o in line("saskia", day=day)],
        "emre": [o for day in (23, 24, 25, 26) for o in line("bas", day=day)],
    }
    proposals = propose(times)
    assert len(proposals) == MOST
    assert {proposal.waiting for proposal in proposals} == {0}
    assert len({proposal.days[0] for proposal in proposals}) == 4
    assert {15, 16} == {proposal.starts.hour for proposal in proposals}
    starts = [proposal.talks[0][1].starts for proposal in proposals]
    assert starts == sorted(starts)


def test_the_days_do_not_all_begin_at_the_same_hour():
    """Who cannot come in the afternoon finds an evening among the six."""
    days, hours = (23, 24, 25), range(15, 21)
    proposals = propose(
        {
            "elif": [o for day in days for o in line("saskia", day=day, hours=hours)],
            "emre": [o for day in days for o in line("bas", day=day, hours=hours)],
        }
    )
    found = [proposal.starts.hour for proposal in proposals]
    assert min(found) == 15
    assert max(found) == 20
    assert len(set(found)) >= 4


def test_one_evening_is_spread_over_its_hours():
    proposals = propose({"elif": line("saskia", hours=(15, 16, 17)), "emre": line("bas", hours=(15, 16, 17))})
    assert [told(proposal)[0][1] for proposal in proposals] == [
        f"24 {hour}:{minute}" for hour in (15, 16, 17) for minute in ("00", "30")
    ]


def test_what_waits_much_longer_is_shown_only_where_there_is_little_else():
    times = {"elif": [offer(15), offer(17)], "emre": [offer(15, 15, teacher="bas"), offer(20, teacher="bas")]}
    assert [proposal.waiting for proposal in propose(times)] == [0, 90, 165]
    many = {"elif": line("saskia"), "emre": [*line("bas"), offer(20, teacher="bas")]}
    assert {proposal.waiting for proposal in propose(many)} == {0}


def test_a_second_day_is_proposed_only_where_one_day_has_no_room():
    split = {"elif": [offer(15)], "emre": [offer(14, teacher="bas", day=25), offer(15, teacher="bas", day=26)]}
    assert told(propose(split)[0]) == [("elif", "24 15:00"), ("emre", "25 14:00")]
    split["emre"].append(offer(18, teacher="bas"))
    assert [told(proposal) for proposal in propose(split)] == [[("elif", "24 15:00"), ("emre", "24 18:00")]]


def test_a_choice_of_ones_own_says_which_two_cannot_follow_each_other():
    talks = [("emre", offer(15, 20, teacher="bas")), ("elif", offer(15))]
    assert clash(talks) is None
    assert clash(talks, walking=10) == ("elif", "emre")
    assert clash([("elif", offer(15)), ("emre", offer(15, 10, teacher="bas"))]) == ("elif", "emre")


def test_right_before_or_after_a_time_that_stands():
    stands = [(at(15, 30), at(15, 45))]
    found = nearest([free for free in line("bas") if free.starts != at(15, 30)], stands)
    assert [talk.starts for talk in found] == [at(15, 15), at(15, 45), at(15)]
    assert nearest(line("bas", day=25), stands) == []
    assert nearest(line("bas"), []) == []


def in_every_way(times, walking):
    """Every combination tried, slowly: the answer the quick way must reach."""
    best = None
    for talks in product(*times.values()):
        ordered = sorted(talks, key=lambda talk: talk.starts)
        gap = timedelta(minutes=walking)
        if all(a.ends + gap <= b.starts for a, b in zip(ordered, ordered[1:], strict=False)):
            found = waiting((talk.starts, talk.ends) for talk in ordered)
            best = found if best is None else min(best, found)
    return best


@given(st.integers(1, 4), st.integers(0, 10_000), st.sampled_from([0, 5, 10]))
def test_it_finds_the_least_waiting_there_is(children, seed, walking):
    random = Random(seed)
    times = {}
    for child in range(children):
        chosen = random.sample(line(f"t{child}", hours=(15, 16), minutes=random.choice([15, 20])), 4)
        times[child] = chosen
    proposals = propose(times, walking=walking)
    assert min((p.waiting for p in proposals), default=None) == in_every_way(times, walking)


def test_six_children_and_a_full_week_are_no_trouble():
    times = {n: [o for day in range(23, 28) for o in line(f"t{n}", day=day, hours=range(13, 21))] for n in range(6)}
    began = clock.perf_counter()
    assert propose(times)[0].waiting == 0
    assert clock.perf_counter() - began < 5
