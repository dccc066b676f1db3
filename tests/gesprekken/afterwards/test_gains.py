"""The four gains, once a year where leadership wants it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from gesprekken.afterwards import feedback, gains
from gesprekken.models import Feedback
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import TODAY

UNTIL = TODAY + timedelta(days=20)


@pytest.fixture
def asked(cast):
    gains.ask(plan=cast.year.jaarplan, gains_from=TODAY, gains_until=UNTIL, by=Actor(cast.annemiek, ACCOUNT))
    cast.plan = gains.plan_of(cast.year)
    return cast


def test_a_guardian_answers_once_and_is_found_nowhere(asked, as_):
    mother = as_.link(asked.fatma)
    assert reverse("give_gains") in mother.get(reverse("my_page")).content.decode()
    for _tap in range(2):
        mother.post(reverse("give_gains"), {"homework": "5", "interest": "2"})
    row = Feedback.objects.get()
    assert (row.answers, row.groep, row.ronde) == ({"interest": 2, "homework": 5}, None, None)
    assert reverse("give_gains") not in mother.get(reverse("my_page")).content.decode()


def test_it_exists_only_in_those_days_and_for_who_may_be_reached(cast, as_):
    assert as_.link(cast.fatma).get(reverse("give_gains")).status_code == 404
    gains.ask(plan=cast.year.jaarplan, gains_from=TODAY, gains_until=UNTIL, by=Actor(cast.annemiek, ACCOUNT))
    assert as_.link(cast.fatma).get(reverse("give_gains")).status_code == 200
    assert as_.link(cast.rob).get(reverse("give_gains")).status_code == 404
    assert as_.pupil(cast.elif_).get(reverse("give_gains")).status_code == 404


def test_leadership_sees_numbers_from_five_on_when_it_is_over(asked):
    leader, over = Actor(asked.annemiek, ACCOUNT), UNTIL + timedelta(days=1)
    for number, person in enumerate([asked.fatma, asked.ali, asked.kim, asked.joost, asked.ria]):
        answers = {"homework": 4, "interest": 1} if number < 4 else {"homework": 5}
        gains.give(plan=asked.plan, by=Actor(person, LINK), answers=answers)
        if number == 3:
            assert not any(gains.shown(leader, asked.plan, today=over).values())
    assert gains.shown(leader, asked.plan, today=UNTIL) == {}
    shown = {str(question): part for question, part in gains.shown(leader, asked.plan, today=over).items()}
    assert shown["Ik let meer op het leren en het huiswerk thuis."].numbers == {1: 0, 2: 0, 3: 0, 4: 4, 5: 1}
    assert shown["Ik heb meer belangstelling voor wat mijn kind op school doet."] is None
    assert not any(gains.shown(Actor(asked.saskia, ACCOUNT), asked.plan, today=over).values())


def test_the_dates_stand_once_answering_is_over(asked):
    leader = Actor(asked.annemiek, ACCOUNT)
    with pytest.raises(gains.GainsRefused, match="is geweest"):
        gains.ask(plan=asked.plan, gains_from=TODAY, gains_until=UNTIL, by=leader, today=UNTIL + timedelta(days=1))
    for first, last in [(UNTIL, TODAY), (TODAY, date(2028, 1, 1)), (date(2026, 9, 1), date(2026, 9, 2))]:
        with pytest.raises(gains.GainsRefused):
            gains.ask(plan=asked.plan, gains_from=first, gains_until=last, by=leader)
    with pytest.raises(feedback.NotAskedNow):
        gains.give(plan=asked.plan, by=Actor(asked.fatma, LINK), answers={}, today=UNTIL + timedelta(days=1))
