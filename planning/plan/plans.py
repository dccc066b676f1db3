"""The plan of a ronde: asked for, made in the background, stopped with what there is, kept. Releasing is elsewhere."""

from dataclasses import asdict

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Deelname, Gesprek
from planning import solver
from planning.models import Availability, Booking, Plan, PlannedGesprek, Slot, Wish
from planning.plan import proposal
from school import audit, jobs, registry
from school.models import Job


class PlanRefused(Exception):
    """It cannot be done with the plan as it stands. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "closed",  # the ronde is not open
        "no_gesprekken",  # there is nothing to plan
        "no_slots",  # no teacher has a time that is still to come
        "everybody",  # everybody has a time
        "making",  # a plan is being made at this moment
        "releasing",  # the last plan is being released at this moment
        "not_ready",  # the plan is not one that can be adjusted or released
        "changed",  # somebody else changed the plan meanwhile
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


# --- asking for one --------------------------------------------------------------------------------------------------


def tidy(ronde):
    """A plan whose job failed, or is gone, is not being made any more."""
    dead = Plan.objects.filter(ronde=ronde, state=Plan.State.MAKING).exclude(
        job__state__in=[Job.State.WAITING, Job.State.RUNNING]
    )
    dead.update(state=Plan.State.FAILED, finished_at=timezone.now())


def check(ronde, *, now):
    """Raises PlanRefused when there is nothing to make a plan of."""
    if not ronde.is_open:
        raise PlanRefused("closed")
    waiting = proposal.to_plan(ronde)
    if not waiting.exists():
        raise PlanRefused("no_gesprekken")
    if not waiting.exclude(pk__in=Booking.objects.active().values("gesprek")).exists():
        raise PlanRefused("everybody")
    if not Slot.objects.filter(ronde=ronde, starts_at__gt=now).exists():
        raise PlanRefused("no_slots")
    if Plan.objects.filter(ronde=ronde, state=Plan.State.RELEASED, released_at=None).exists():
        raise PlanRefused("releasing")


def make_plan(*, ronde, by, now=None):
    """Let the worker make a plan of what has no time yet. Pins of the last plan stay. Returns the Plan.

    One at a time: raises PlanRefused("making") while one is in the making.
    """
    now = now or timezone.now()
    check(ronde, now=now)
    tidy(ronde)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(school_id=ronde.school_id, ronde=ronde, by=by.person, created_at=now)
            plan.job = jobs.start("planning.make_plan", by=by, plan=plan.pk)
            plan.save(update_fields=["job"])
            audit.record("make_plan", plan, by=by)
    except IntegrityError:
        raise PlanRefused("making") from None
    return plan


def stop(*, plan, by):
    """End with the best plan so far."""
    if plan.job and plan.state == Plan.State.MAKING:
        jobs.ask_to_stop(plan.job, by=by)


# --- making it: the worker's part ------------------------------------------------------------------------------------


@registry.job("planning.make_plan")
def work(job, progress):
    """Make the plan. Killed halfway it starts again; whatever fails, the ronde is free for a next plan."""
    plan = Plan.objects.select_related("ronde__school", "ronde__soort").filter(pk=job.args["plan"]).first()
    if plan is None or plan.state != Plan.State.MAKING:
        return {}
    try:
        progress(0, 100, _("We lezen alle wensen en tijden."))
        mark = mark_of(plan.ronde)
        asked = proposal.proposal_of(plan.ronde, pins=pins_of(plan.ronde))
        result = solver.solve(
            asked.problem,
            time_limit=settings.PLAN_SECONDS,
            on_progress=lambda share, stage, scores: progress(int(share * 100), 100, best_so_far(asked, scores)),
            should_stop=lambda: jobs.is_stop_asked(job),
        )
        store(plan=plan, asked=asked, result=result, mark=mark)
    except Exception:
        Plan.objects.filter(pk=plan.pk, state=Plan.State.MAKING).update(
            state=Plan.State.FAILED, finished_at=timezone.now()
        )
        raise
    return {"url": reverse("plan", args=[plan.ronde_id])}


def best_so_far(asked, scores):
    """What the page says while we search."""
    if scores is None:
        return _("We zoeken een eerste planning.")
    total = len(asked.problem.conversations)
    sentence = ngettext(
        "Tot nu toe: %(placed)s van het %(total)s gesprek heeft een tijd.",
        "Tot nu toe: %(placed)s van de %(total)s gesprekken hebben een tijd.",
        total,
    )
    return sentence % {"placed": total - scores.unplaced, "total": total}


def pins_of(ronde):
    """{gesprek id: (slot, colleague)} that somebody pinned in the last plan that was ready and not released."""
    last = Plan.objects.filter(ronde=ronde).exclude(state__in=[Plan.State.MAKING, Plan.State.FAILED]).first()
    if last is None or last.state != Plan.State.READY:
        return {}
    rows = last.planned.filter(pinned=True, slot__isnull=False).select_related(
        "slot__medewerker__person", "tweede_collega__person"
    )
    return {row.gesprek_id: (row.slot, row.tweede_collega) for row in rows}


def store(*, plan, asked, result, mark, now=None):
    """Keep what the solver found: a row per gesprek without a time of its own, and how good it is."""
    now = now or timezone.now()
    rows = [row_of(plan, asked, gesprek, result) for gesprek in asked.gesprekken.values()]
    with transaction.atomic():
        ours = Plan.objects.filter(pk=plan.pk, state=Plan.State.MAKING)
        figures = figures_of(plan, asked, result, mark)
        if not ours.update(state=Plan.State.READY, finished_at=now, figures=figures):
            return
        PlannedGesprek.objects.filter(plan=plan).delete()
        PlannedGesprek.objects.bulk_create(row for row in rows if row)


def row_of(plan, asked, gesprek, result):
    """What the plan says about this gesprek; None where a time stands already."""
    if gesprek.pk in asked.bookings:
        return None
    key = str(gesprek.pk)
    row = PlannedGesprek(school_id=plan.school_id, plan=plan, gesprek=gesprek)
    placed = result.placed.get(key)
    if placed:
        row.slot, row.tweede_collega = asked.slot_of(placed), asked.colleague_of(gesprek, placed)
        row.pinned = asked.problem.by_id[key].pinned is not None
    if row.slot is None:
        row.reason = reason_of(asked, result.unplaced.get(key))
    return row


def reason_of(asked, reason):
    """Why, as plain values: a code, whom it is about, how many more times would do, which times were free."""
    if reason is None:
        return {"why": solver.NOT_FOUND}
    return {
        "why": reason.why,
        "staff": [asked.staff[who].pk for who in reason.staff if who in asked.staff],
        "more": reason.more,
        "starts": [start.isoformat() for start in reason.starts],
    }


def figures_of(plan, asked, result, mark):
    """How good it is and what it is compared with: the times that stand now, and the plan before this one."""
    standing = {c.id: c.pinned for c in asked.problem.conversations if int(c.id) in asked.bookings}
    before = Plan.objects.filter(ronde=plan.ronde, state=Plan.State.READY).exclude(pk=plan.pk).first()
    return {
        "total": len(asked.problem.conversations),
        "scores": asdict(result.scores),
        "bounds": asdict(result.bounds),
        "seconds": round(result.seconds, 1),
        "is_complete": result.is_complete,
        "solver": result.solver,
        "standing": asdict(solver.score(asked.problem, standing)),
        "before": compared(before, asked, result),
        "mark": mark,
    }


def compared(before, asked, result):
    """The scores of the plan before, and how many gesprekken get another time than in it."""
    if before is None:
        return None
    moved = 0
    for row in before.planned.filter(slot__isnull=False).select_related("slot__medewerker__person"):
        placed = result.placed.get(str(row.gesprek_id))
        moved += placed is not None and asked.slot_of(placed) != row.slot
    return {"scores": before.figures.get("scores"), "moved": moved}


def rescore(plan, asked, rows):
    """The figures after a change by hand. What was proven about the search says nothing about it any more."""
    scores = solver.score(asked.problem, asked.placed(rows))
    return {**plan.figures, "scores": asdict(scores), "by_hand": True}


# --- is it still of today --------------------------------------------------------------------------------------------


def mark_of(ronde):
    """A short text that changes when windows, slots, times, wishes or people of the ronde change. Seven queries."""
    mine = {"gesprek__ronde": ronde}
    counted = [
        Slot.objects.filter(ronde=ronde).aggregate(n=Count("pk"), last=Max("pk"), sum=Sum("pk")),
        Availability.objects.filter(ronde=ronde).aggregate(n=Count("pk"), last=Max("pk"), sum=Sum("pk")),
        Booking.objects.active().filter(**mine).aggregate(n=Count("pk"), last=Max("pk"), sum=Sum("pk")),
        Wish.objects.filter(ronde=ronde).aggregate(n=Count("pk"), last=Max("pk"), sum=Sum("pk")),
        Deelname.objects.filter(**mine, as_role=Deelname.As.OUDER).aggregate(n=Count("pk"), last=Max("pk")),
        Gesprek.objects.filter(ronde=ronde, cancelled_at=None).aggregate(
            n=Count("pk"), minutes=Sum("minutes"), own=Count("medewerker")
        ),
        {"ronde": f"{ronde.duration}/{ronde.buffer}/{ronde.walking}", "pool": ronde.colleague_pool.count()},
    ]
    return "; ".join(f"{key}={value}" for row in counted for key, value in row.items())


def is_outdated(plan):
    """Whether something the plan was made from is different now."""
    return plan.figures.get("mark") != mark_of(plan.ronde)
