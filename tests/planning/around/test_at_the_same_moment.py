"""Two changes that need the same rows wait for each other; neither ends in a deadlock, which would be an error page."""

import threading
from datetime import time
from functools import partial

import pytest
from django.db import connection

from planning.around import families, joining, meeting, substitute
from planning.models import Booking, Slot
from planning.times import booking, windows
from school.actor import ACCOUNT, Actor
from school.models import Relatie
from tests.cast import NOW, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
ROUNDS = 8
APART, TOGETHER = Relatie.Talks.APART, Relatie.Talks.TOGETHER


def at_once(*verbs):
    """Call them at the same moment. Returns what went wrong, refusals too."""
    barrier, wrong = threading.Barrier(len(verbs)), []

    def call(verb):
        try:
            connection.ensure_connection()
            barrier.wait()
            verb()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.fixture
def opened(db, row_locks):
    cast = Cast.build()
    sister = cast.pupil("deniz", "Deniz", "Yılmaz", cast.groep5)  # in Elif's own group
    for parent in (cast.fatma, cast.ali):
        Relatie.objects.create(school=cast.school, person=parent, leerling=sister)
    cast.with_open_ronde()
    return cast


def arrange(cast, child, **ways):
    ways = {cast.people[name].pk: way for name, way in ways.items()}
    families.rearrange(leerling=child, ways=ways, by=Actor(cast.annemiek, ACCOUNT), now=NOW, reason="Overlegd")


def test_a_family_is_divided_in_two_ways_from_two_children(opened):
    for _round in range(5 * ROUNDS):  # the moment in which they could meet is short
        wrong = at_once(
            partial(arrange, opened, opened.elif_, fatma=APART, ali=TOGETHER),
            partial(arrange, opened, opened.emre, fatma=TOGETHER, ali=APART),
        )
        assert wrong == []
        talks = {(r.person_id, r.talks) for r in Relatie.objects.filter(leerling__relaties__person=opened.fatma)}
        assert len(talks) == 2, "all children as the last of the two chose"


def test_a_family_is_divided_while_another_colleague_comes_to_the_whole_group(opened):
    by = Actor(opened.annemiek, ACCOUNT)
    whole_group = {"gesprek": opened.gesprek_of(opened.elif_), "by": by, "agreed": True, "whole_groep": True}
    for n in range(ROUNDS):
        colleague = (opened.pieter if n % 2 else opened.ilse).medewerker
        wrong = at_once(
            partial(arrange, opened, opened.emre, fatma=TOGETHER if n % 2 else APART),
            partial(joining.replace_colleague, medewerker=colleague, **whole_group),
        )
        assert all(isinstance(error, meeting.MeetingRefused) for error in wrong), wrong  # one that went just now


@pytest.mark.req("P1")
def test_times_are_chosen_while_the_teacher_is_replaced_or_gives_more_time(opened):
    """A booking refers to its teacher: whoever holds her row to change her times does not stand in its way."""
    by, staff = Actor(opened.annemiek, ACCOUNT), [opened.saskia.medewerker, opened.ilse.medewerker]
    gesprekken = [opened.gesprek_of(opened.elif_), opened.gesprek_of(opened.tess)]
    given = {"ronde": opened.ronde, "on": opened.ronde.ends_on, "by": by}
    for n in range(ROUNDS):
        absent, replacement = staff[:: -1 if n % 2 else 1]
        slots = Slot.objects.filter(medewerker=absent, starts_at__day=24)
        pairs = list(zip(slots, gesprekken, strict=False))
        more = given | {"medewerker": absent, "starts": time(8 + n), "ends": time(8 + n, 30)}
        wrong = at_once(
            *(partial(booking.book, slot=slot, gesprek=g, by=by, now=NOW, agreed=True) for slot, g in pairs),
            partial(substitute.take_over, absent=absent, replacement=replacement, by=by, now=NOW),
            partial(windows.give_window, **more),
        )
        assert [error for error in wrong if not isinstance(error, booking.BookingRefused)] == []
        for made in Booking.objects.active():
            booking.cancel(gesprek=made.gesprek, by=by, now=NOW)
