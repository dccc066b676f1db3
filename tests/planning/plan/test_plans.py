"""From asking for a plan to a plan that can be looked at: one at a time, stopped or killed without harm."""

from datetime import date, time, timedelta

import pytest

from gesprekken.models import Ronde
from planning import solver
from planning.models import Availability, Plan, Slot, Wish
from planning.plan import plans
from planning.times import booking
from school import jobs
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Job
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def wishing(cast):
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    return cast


def leader(cast):
    return Actor(cast.annemiek, ACCOUNT)


def make(cast):
    plan = plans.make_plan(ronde=cast.ronde, by=leader(cast), now=NOW)
    jobs.work_all()
    plan.refresh_from_db()
    return plan


def refused(cast):
    with pytest.raises(plans.PlanRefused) as refusal:
        plans.make_plan(ronde=cast.ronde, by=leader(cast), now=NOW)
    return refusal.value.reason


@pytest.mark.req("P2")
def test_a_plan_gives_everybody_a_slot_and_says_how_good_it_is(wishing):
    plan = make(wishing)
    assert plan.state == Plan.State.READY
    assert plan.planned.filter(slot__isnull=False).count() == plan.figures["total"] == 6
    assert plan.figures["scores"]["unplaced"] == plan.figures["bounds"]["unplaced"] == 0
    assert plan.figures["seconds"] >= 0
    assert AuditEvent.objects.filter(verb="make_plan").exists()


def test_nothing_is_booked_before_the_release(wishing):
    make(wishing)
    assert not booking.Booking.objects.exists()


def test_one_plan_at_a_time(wishing):
    plans.make_plan(ronde=wishing.ronde, by=leader(wishing), now=NOW)
    assert refused(wishing) == "making"
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda cast: Ronde.objects.update(state=Ronde.State.CLOSED), "closed"),
        (lambda cast: cast.ronde.gesprekken.update(cancelled_at=NOW), "no_gesprekken"),
        (lambda cast: Slot.objects.all().delete(), "no_slots"),
        (lambda cast: Plan.objects.create(school=cast.school, ronde=cast.ronde, state="released"), "releasing"),
    ],
)
def test_without_anything_to_plan_it_says_why(wishing, change, reason):
    change(wishing)
    wishing.ronde.refresh_from_db()
    assert refused(wishing) == reason


def test_when_everybody_has_a_time_there_is_nothing_to_make(wishing):
    slots = list(Slot.objects.filter(medewerker=wishing.saskia.medewerker))
    for slot, gesprek in zip(slots, wishing.ronde.gesprekken.filter(groep=wishing.groep5), strict=False):
        booking.book(slot=slot, gesprek=gesprek, by=leader(wishing), now=NOW, agreed=True)
    wishing.ronde.gesprekken.exclude(groep=wishing.groep5).update(cancelled_at=NOW)
    assert refused(wishing) == "everybody"


@pytest.mark.req("P2")
def test_who_is_left_without_a_slot_is_told_why(wishing):
    Availability.objects.filter(medewerker=wishing.saskia.medewerker).delete()
    Slot.objects.filter(medewerker=wishing.saskia.medewerker).delete()
    wishing.with_times(wishing.saskia, starts=time(15), ends=time(15, 30))
    plan = make(wishing)
    rows = list(plan.planned.filter(slot=None))
    assert len(rows) == 2
    assert {row.reason["why"] for row in rows} == {solver.TEAM_FULL}
    assert rows[0].reason["staff"] == [wishing.saskia.medewerker.pk]
    assert rows[0].reason["more"] == 2


@pytest.mark.req("P2")
def test_what_is_left_after_first_come_is_planned_around_what_stands(cast):
    cast.with_open_ronde()
    slot = Slot.objects.filter(medewerker=cast.saskia.medewerker)[3]
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    plan = make(cast)
    assert plan.planned.count() == 5
    assert not plan.planned.filter(slot=slot).exists()
    assert plan.figures["total"] == 6
    assert plan.figures["standing"]["unplaced"] == 5


# --- stopping, failing, again ----------------------------------------------------------------------------------------


def test_stopping_keeps_the_best_so_far(wishing):
    plan = plans.make_plan(ronde=wishing.ronde, by=leader(wishing), now=NOW)
    plans.stop(plan=plan, by=leader(wishing))
    plans.stop(plan=plan, by=leader(wishing))
    jobs.work_all()
    plan.refresh_from_db()
    assert plan.state == Plan.State.READY
    assert plan.planned.filter(slot__isnull=False).exists()
    assert AuditEvent.objects.filter(verb="ask_to_stop").count() == 1


def test_a_plan_that_fails_makes_room_for_the_next(wishing, monkeypatch):
    monkeypatch.setattr(solver, "solve", lambda *args, **kwargs: 1 / 0)
    assert make(wishing).state == Plan.State.FAILED
    monkeypatch.undo()
    assert make(wishing).state == Plan.State.READY


def test_a_killed_worker_begins_again(wishing, frozen_clock):
    plan = plans.make_plan(ronde=wishing.ronde, by=leader(wishing), now=NOW)
    assert jobs.claim(NOW)  # and then its worker was killed
    frozen_clock.move_to(NOW + timedelta(minutes=5))
    jobs.work_all()
    plan.refresh_from_db()
    assert plan.state == Plan.State.READY


def test_a_plan_whose_job_was_given_up_is_not_in_the_way(wishing):
    plan = plans.make_plan(ronde=wishing.ronde, by=leader(wishing), now=NOW)
    Job.objects.update(state=Job.State.FAILED)
    assert make(wishing).state == Plan.State.READY
    plan.refresh_from_db()
    assert plan.state == Plan.State.FAILED


def test_without_the_solver_a_plan_is_made_too(wishing, monkeypatch):
    monkeypatch.setattr("planning.solver.search.has_solver", lambda: False)
    plan = make(wishing)
    assert plan.state == Plan.State.READY
    assert plan.figures["solver"] != "HiGHS"


def test_pins_stay_when_it_is_made_again(wishing):
    plan = make(wishing)
    row = plan.planned.get(gesprek=wishing.gesprek_of(wishing.elif_))
    last = Slot.objects.filter(medewerker=wishing.saskia.medewerker).last()
    plan.planned.filter(slot=last).update(slot=None)
    type(row).objects.filter(pk=row.pk).update(slot=last, pinned=True)
    again = make(wishing)
    again_row = again.planned.get(gesprek=row.gesprek)
    assert (again_row.slot, again_row.pinned) == (last, True)
    assert again.figures["before"]["scores"]["unplaced"] == 0


@pytest.mark.parametrize("change", ["window", "wish", "booking"])
def test_a_plan_knows_when_it_is_not_of_today_any_more(wishing, change):
    plan = make(wishing)
    assert not plans.is_outdated(plan)
    if change == "window":
        wishing.with_times(wishing.saskia, on=date(2026, 11, 25))
    elif change == "wish":
        Wish.objects.create(
            school=wishing.school, ronde=wishing.ronde, person=wishing.kim, on=date(2026, 11, 24), part="15-18"
        )
    else:
        slot = Slot.objects.filter(medewerker=wishing.saskia.medewerker).last()
        booking.book(slot=slot, gesprek=wishing.gesprek_of(wishing.tess), by=leader(wishing), now=NOW, agreed=True)
    assert plans.is_outdated(plan)
