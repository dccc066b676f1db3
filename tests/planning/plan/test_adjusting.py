"""Adjusting a plan by hand: what keeps every rule is done, what breaks one is refused with its reason."""

from datetime import date

import pytest

from gesprekken.models import Ronde
from planning.models import Part, Plan, Slot, Wish
from planning.plan import adjusting, plans, wishes
from planning.times import booking
from school import jobs
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW
from tests.remembered import remembered

TUESDAY = date(2026, 11, 24)


@pytest.fixture
@remembered
def planned(cast):
    """A plan in which everybody of group 5 sits in the first four slots, Elif first and Emre somewhere."""
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    cast.people["plan"] = plans.make_plan(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    jobs.work_all()
    cast.plan.planned.filter(gesprek__groep=cast.groep5).update(slot=None)
    for nth, gesprek in enumerate(order(cast)):
        cast.plan.planned.filter(gesprek=gesprek).update(slot=slots(cast)[nth])
    cast.plan.planned.filter(gesprek__leerling=cast.emre).update(slot=slots(cast, cast.bas)[5])
    cast.plan.refresh_from_db()
    return cast


def order(cast):
    tess, noor = cast.gesprek_of(cast.tess), cast.gesprek_of(cast.noor, cast.kim)
    return [cast.gesprek_of(cast.elif_), noor, cast.gesprek_of(cast.noor, cast.joost), tess]


def slots(cast, teacher=None):
    return list(Slot.objects.filter(medewerker=(teacher or cast.saskia).medewerker))


def row(cast, gesprek):
    return cast.plan.planned.get(gesprek=gesprek)


def about(cast):
    return {"plan": cast.plan, "by": Actor(cast.annemiek, ACCOUNT), "seen": cast.plan.version}


def why(error, call, **kwargs):
    with pytest.raises(error) as refused:
        call(**kwargs)
    return refused.value.reason


@pytest.mark.req("P2")
def test_a_pin_stays_and_comes_off(planned):
    elif_ = order(planned)[0]
    adjusting.pin(gesprek=elif_, pinned=True, **about(planned))
    assert row(planned, elif_).pinned
    planned.plan.refresh_from_db()
    adjusting.pin(gesprek=elif_, pinned=False, **about(planned))
    assert not row(planned, elif_).pinned


def test_a_move_to_a_free_slot_is_kept_and_scored_anew(planned):
    elif_ = order(planned)[0]
    adjusting.place(gesprek=elif_, slot=slots(planned)[6], now=NOW, **about(planned))
    assert row(planned, elif_).slot == slots(planned)[6]
    assert row(planned, elif_).pinned
    planned.plan.refresh_from_db()
    assert planned.plan.figures["by_hand"]
    assert planned.plan.figures["scores"]["waiting_minutes"] == 0  # Emre has the slot before it


def test_two_change_places(planned):
    elif_, noor, *_ = order(planned)
    adjusting.swap(gesprek=elif_, other=noor, now=NOW, **about(planned))
    assert (row(planned, elif_).slot, row(planned, noor).slot) == (slots(planned)[1], slots(planned)[0])


@pytest.mark.req("P2")
def test_a_family_in_two_places_is_refused(planned):
    elif_ = order(planned)[0]
    reason = why(
        adjusting.AdjustRefused, adjusting.place, gesprek=elif_, slot=slots(planned)[5], now=NOW, **about(planned)
    )
    assert reason == "busy"
    assert row(planned, elif_).slot == slots(planned)[0]


def test_a_taken_slot_a_foreign_slot_and_a_time_the_parents_cannot_are_refused(planned):
    elif_, noor, *_ = order(planned)
    place = adjusting.place
    assert (
        why(adjusting.AdjustRefused, place, gesprek=elif_, slot=slots(planned)[1], now=NOW, **about(planned)) == "taken"
    )
    foreign = slots(planned, planned.bas)[0]
    assert why(adjusting.AdjustRefused, place, gesprek=elif_, slot=foreign, now=NOW, **about(planned)) == "past"
    wishes.give_wishes(
        ronde=planned.ronde, person=planned.kim, wishes={(TUESDAY, Part.AFTERNOON): Wish.Can.NO},
        by=Actor(planned.kim, LINK), now=NOW,
    )  # fmt: skip
    assert (
        why(adjusting.AdjustRefused, place, gesprek=noor, slot=slots(planned)[6], now=NOW, **about(planned)) == "family"
    )


def test_of_two_people_adjusting_the_second_looks_again(planned):
    elif_, noor, *_ = order(planned)
    old = about(planned)
    adjusting.pin(gesprek=elif_, pinned=True, **old)
    assert why(plans.PlanRefused, adjusting.swap, gesprek=elif_, other=noor, now=NOW, **old) == "changed"
    assert why(plans.PlanRefused, adjusting.pin, gesprek=noor, pinned=True, **old) == "changed"


def test_a_released_plan_is_not_adjusted(planned):
    Plan.objects.update(state=Plan.State.RELEASED)
    assert (
        why(plans.PlanRefused, adjusting.pin, gesprek=order(planned)[0], pinned=True, **about(planned)) == "not_ready"
    )


def test_who_has_a_time_by_now_is_not_moved_in_the_plan(planned):
    elif_ = order(planned)[0]
    booking.book(slot=slots(planned)[7], gesprek=elif_, by=Actor(planned.saskia, ACCOUNT), now=NOW, agreed=True)
    reason = why(plans.PlanRefused, adjusting.place, gesprek=elif_, slot=slots(planned)[6], now=NOW, **about(planned))
    assert reason == "changed"


def test_every_slot_says_whether_it_can_be_and_why_not(planned):
    elif_ = order(planned)[0]
    targets = adjusting.Table(planned.plan, now=NOW).targets(elif_)
    said = {slots(planned).index(t.slot): (t.other and t.other.pk, t.refusal and t.refusal.reason) for t in targets}
    noor = order(planned)[1].pk
    assert said[1] == (noor, None)
    assert said[4] == (None, None)
    assert said[5] == (None, "busy")
    assert 0 not in said


def test_a_slot_that_somebody_booked_is_taken(planned):
    elif_, _noor, _joost, tess = order(planned)
    planned.plan.planned.filter(gesprek=tess).delete()
    booking.book(slot=slots(planned)[3], gesprek=tess, by=Actor(planned.saskia, ACCOUNT), now=NOW, agreed=True)
    targets = adjusting.Table(planned.plan, now=NOW).targets(elif_)
    (taken,) = [t for t in targets if t.slot == slots(planned)[3]]
    assert taken.refusal.reason == "taken"
