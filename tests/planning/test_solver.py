"""The planner keeps the rules, and says truly how good its plan is."""

from datetime import datetime, timedelta

import pytest

from planning.solver import Conversation, Problem, broken_rules, solve

EVENING = datetime(2026, 11, 24, 19)


def at(number, minutes=15):
    return EVENING + timedelta(minutes=number * minutes)


def window(first, last):
    return ((at(first), at(last)),)


def wish(id, *numbers, needs=(("jan",),), family=None, **more):
    return Conversation(id, family or id, needs, tuple(at(n) for n in numbers), **more)


def problem(*conversations, staff=("jan",), slots=4, **more):
    return Problem(15, {person: window(0, slots) for person in staff}, tuple(conversations), **more)


@pytest.mark.req("P2")
def test_everybody_gets_a_time_when_there_is_one():
    p = problem(wish("a", 0, 1), wish("b", 0), wish("c", 1, 2))
    plan = solve(p)
    assert {id: placed.start for id, placed in plan.placed.items()} == {"a": at(1), "b": at(0), "c": at(2)}
    assert plan.scores.unplaced == plan.bounds.unplaced == 0
    assert broken_rules(p, plan) == []
