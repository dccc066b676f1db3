"""The one thing a teacher works on: one at a time, hers alone."""

from datetime import timedelta

import pytest

from kijkwijzer.looking import goals
from kijkwijzer.models import Ontwikkelpunt
from kijkwijzer.permissions import visible_ontwikkelpunten
from school.actor import ACCOUNT, Actor
from tests.cast import NOW


@pytest.fixture
def saskia(cast):
    return Actor(person=cast.saskia, level=ACCOUNT)


def test_choosing_another_factor_ends_the_one_before(cast, saskia):
    first = goals.choose(by=saskia, factor=4, now=NOW)
    second = goals.choose(by=saskia, factor=7, words="Een voorbeeld van gisteren.", now=NOW + timedelta(days=9))
    first.refresh_from_db()
    assert first.ended_at == NOW + timedelta(days=9)
    assert goals.current(visible_ontwikkelpunten(saskia)) == second


def test_choosing_the_same_factor_again_keeps_when_it_began_and_takes_the_new_words(cast, saskia):
    goals.choose(by=saskia, factor=4, now=NOW)
    again = goals.choose(by=saskia, factor=4, words="Eerst het kind.", now=NOW + timedelta(days=9))
    assert (again.chosen_at, again.words, Ontwikkelpunt.objects.count()) == (NOW, "Eerst het kind.", 1)


def test_ending_leaves_nothing_to_work_on_and_may_be_said_twice(cast, saskia):
    goals.choose(by=saskia, factor=4, now=NOW)
    goals.end(by=saskia, now=NOW)
    goals.end(by=saskia, now=NOW)
    assert goals.current(visible_ontwikkelpunten(saskia)) is None


@pytest.mark.req("K4")
def test_nobody_else_sees_what_a_teacher_works_on(cast, saskia):
    goals.choose(by=saskia, factor=4, now=NOW)
    for person in (cast.annemiek, cast.ilse):
        assert not visible_ontwikkelpunten(Actor(person=person, level=ACCOUNT)).exists()
