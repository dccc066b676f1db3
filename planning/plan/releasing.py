"""A plan becomes everybody's time: family by family, each all or nothing, in the background."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Ronde
from planning import week
from planning.models import Booking, Invitation, Plan, PlannedGesprek, Wish
from planning.plan.plans import PlanRefused
from planning.times import booking
from school import audit, jobs, outbox, registry
from school.actor import ACCOUNT, Actor
from school.models import Relatie


class ReasonNeeded(Exception):
    """Gesprekken within the week of families that said nothing need a reason (I2); `count` of them."""

    def __init__(self, count):
        self.count = count
        super().__init__(str(count))


@dataclass
class Forecast:
    """What releasing would do: for the check page, and for the verb itself."""

    families: list = field(default_factory=list)  # [[PlannedGesprek]], each all or nothing
    by_mail: int = 0
    by_letter: int = 0
    nobody: int = 0  # gesprekken of which no guardian can be told
    within_week: list = field(default_factory=list)  # PlannedGesprek that need a reason
    left: int = 0  # gesprekken that stay without a time
    agreed: set = field(default_factory=set)  # ids of gesprekken whose guardians said when they can

    @property
    def count(self):
        return sum(len(rows) for rows in self.families)


def forecast(plan, *, now=None):
    """The Forecast of this plan as things stand. A fixed number of queries."""
    now = now or timezone.now()
    rows = list(
        PlannedGesprek.objects.filter(plan=plan, gesprek__cancelled_at=None, gesprek__held_on=None)
        .exclude(gesprek__in=Booking.objects.active().values("gesprek"))
        .select_related("slot__medewerker__person", "gesprek__leerling__person", "tweede_collega__person")
        .order_by("gesprek__leerling__person__first_name", "pk")
    )
    ready = [row for row in rows if row.slot_id]
    guardians = guardians_of(plan, ready)
    found = Forecast(left=len(rows) - len(ready), families=by_family(ready, guardians))
    wished = set(Wish.objects.filter(ronde=plan.ronde_id).values_list("person", flat=True).distinct())
    found.agreed = {pk for pk, people in guardians.items() if any(person.pk in wished for person in people)}
    zone = plan.ronde.school.zone
    for row in ready:
        on = row.slot.starts_at.astimezone(zone).date()
        is_near = row.slot.starts_at > now and week.is_near(on, now=now, zone=zone)
        if is_near and row.gesprek_id not in found.agreed:
            found.within_week.append(row)
    count_told(found, ready, guardians)
    return found


def guardians_of(plan, rows):
    """{gesprek id: [Person]} of who may be told about it."""
    gesprekken = {row.gesprek_id: row.gesprek.leerling_id for row in rows}
    reachable = set(
        Relatie.objects.reachable().filter(leerling__in=set(gesprekken.values())).values_list("person", "leerling")
    )
    found = defaultdict(list)
    taking_part = Deelname.objects.filter(gesprek__in=gesprekken, as_role=Deelname.As.OUDER)
    for deelname in taking_part.select_related("person__user"):
        if (deelname.person_id, gesprekken[deelname.gesprek_id]) in reachable:
            found[deelname.gesprek_id].append(deelname.person)
    return found


def by_family(rows, guardians):
    """[[row]]: gesprekken that share a guardian stand or fall together."""
    family_of, families = {}, {}
    for row in rows:
        people = {person.body_id for person in guardians[row.gesprek_id]}
        number, together = row.pk, [row]
        for earlier in {family_of[body] for body in people if body in family_of}:
            earlier_people, earlier_rows = families.pop(earlier)
            people, together = people | earlier_people, earlier_rows + together
        families[number] = (people, together)
        family_of.update(dict.fromkeys(people, number))
    return [together for _people, together in families.values()]


def count_told(found, rows, guardians):
    people = {person.pk: person for row in rows for person in guardians[row.gesprek_id]}
    found.by_mail = len(outbox.reached(people.values()))
    found.by_letter = len(people) - found.by_mail
    found.nobody = sum(not guardians[row.gesprek_id] for row in rows)


# --- the verb --------------------------------------------------------------------------------------------------------


def release(*, plan, by, seen, reason="", now=None):
    """Let the worker give everybody the time of this plan, and tell them. Returns the Job.

    Raises PlanRefused when it is not as it was seen (`seen` is its version), ReasonNeeded within the week. A release
    that was broken off goes on where it was.
    """
    now = now or timezone.now()
    if not plan.ronde.is_open:
        raise PlanRefused("closed")
    expected = forecast(plan, now=now)
    if expected.within_week and not reason.strip():
        raise ReasonNeeded(len(expected.within_week))
    with transaction.atomic():
        held = Plan.objects.filter(pk=plan.pk, state=Plan.State.READY, version=seen)
        broken_off = Plan.objects.filter(pk=plan.pk, state=Plan.State.RELEASED, released_at=None, job__state="failed")
        changed = {"state": Plan.State.RELEASED, "version": F("version") + 1}
        if not (held.update(**changed) or broken_off.update(version=F("version") + 1)):
            raise PlanRefused("changed" if Plan.objects.filter(pk=plan.pk, state="ready").exists() else "not_ready")
        job = jobs.start("planning.release_plan", by=by, plan=plan.pk, reason=reason.strip()[:300])
        Plan.objects.filter(pk=plan.pk).update(job=job)
        audit.record("release_plan", plan, by=by, gesprekken=expected.count, exception=bool(reason.strip()))
    return job


@registry.job("planning.release_plan")
def work(job, progress):
    """Book what is not booked yet; killed halfway it goes on with the rest."""
    plan = Plan.objects.select_related("ronde__school").filter(pk=job.args["plan"]).first()
    if plan is None or plan.state != Plan.State.RELEASED or plan.released_at:
        return {}
    by = Actor(person=job.by, level=ACCOUNT, school=job.school) if job.by else Actor.system(job.school)
    expected, refused = forecast(plan), []
    for number, rows in enumerate(expected.families):
        progress(number, len(expected.families), _("We zetten de tijden vast en schrijven de ouders."))
        refused += book_family(rows, expected.agreed, by=by, reason=job.args["reason"])
    finish(plan, expected, refused, by=by)
    return {"url": reverse("plan", args=[plan.ronde_id])}


def book_family(rows, agreed, *, by, reason):
    """Give one family its times, all or none. Returns [[gesprek id, why]] of what could not be."""
    try:
        booking.book_all(
            choices=[(row.slot, row.gesprek) for row in rows],
            by=by,
            agreed=all(row.gesprek_id in agreed for row in rows),
            reason=reason,
            colleagues={row.gesprek_id: row.tweede_collega_id for row in rows if row.tweede_collega_id},
        )
    except booking.BookingRefused as refusal:
        return [[row.gesprek_id, refusal.reason] for row in rows]
    return []


def finish(plan, expected, refused, *, by):
    """From now on parents may swap to what is free; who has no mail gets a letter."""
    now = timezone.now()
    gesprekken = [row.gesprek_id for rows in expected.families for row in rows]
    with transaction.atomic():
        booked = Booking.objects.active().filter(gesprek__in=plan.planned.values("gesprek")).count()
        figures = {**plan.figures, "released": {"booked": booked, "refused": refused}}
        Plan.objects.filter(pk=plan.pk).update(released_at=now, figures=figures)
        Ronde.objects.filter(pk=plan.ronde_id).update(plan_released_at=now)
        Invitation.objects.filter(gesprek__in=gesprekken, channel=Invitation.Channel.LETTER).update(printed_at=None)
        audit.record("plan_released", plan, by=by, booked=booked, refused=len(refused))
