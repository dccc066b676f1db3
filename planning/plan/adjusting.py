"""A plan adjusted by hand: pin, move, swap. Every change keeps every hard rule, or is refused with one sentence."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gesprekken.models import Gesprek
from planning import solver
from planning.models import Plan, PlannedGesprek, Slot
from planning.plan import plans, proposal
from planning.plan.plans import PlanRefused
from planning.solver.rules import is_inside, joined, taken_up
from school import audit


class AdjustRefused(Exception):
    """The change would break a rule. `reason` is one of REASONS; `who` is the name it is about, where there is one."""

    REASONS = (
        "family",  # the parents cannot then
        "away",  # somebody who must be there gave no time then
        "busy",  # somebody is in another gesprek then
        "taken",  # the slot is somebody else's
        "past",  # the slot has been, or is not offered to this gesprek
        "no_slot",  # there is nothing to swap with
        "rule",  # another rule, which only the whole plan shows
    )

    def __init__(self, reason, who=""):
        assert reason in self.REASONS
        self.reason, self.who = reason, who
        super().__init__(reason)


@dataclass(frozen=True)
class Target:
    """Where a gesprek could go: a slot, whose it is now, and why not (an AdjustRefused), if so."""

    slot: Slot
    other: Gesprek | None = None
    refusal: AdjustRefused | None = None


class Table:
    """A plan on the table: its rows, what stands, and who is held by what."""

    def __init__(self, plan, *, now=None):
        self.plan, self.now = plan, now or timezone.now()
        self.asked = proposal.proposal_of(plan.ronde, now=self.now)
        rows = PlannedGesprek.objects.filter(plan=plan).select_related(
            "slot__medewerker__person", "tweede_collega__person"
        )
        self.rows = {row.gesprek_id: row for row in rows}
        self.placed = self.asked.placed(self.rows.values())
        self.windows = {who: joined(spans) for who, spans in self.asked.problem.staff.items()}
        self.held = defaultdict(list)
        for who, spans in self.asked.problem.busy.items():
            self.held[who] += [(a, b, None) for a, b in spans]
        for id, at in self.placed.items():
            for who, begins, until in self.taken_up(id, at):
                self.held[who].append((begins, until, id))

    def taken_up(self, id, at):
        """(who, from, until); the family as a whole is one of them."""
        conversation = self.asked.problem.by_id[id]
        whole = list(taken_up(self.asked.problem, conversation, at))
        until = solver.problem.later(at.start, conversation.minutes + self.asked.problem.walking_minutes)
        return [*whole, (("family", conversation.family), at.start, until)]

    def row(self, gesprek):
        """The row of a gesprek that this plan is about. Raises PlanRefused when it has its own time by now."""
        if gesprek.pk not in self.rows or str(gesprek.pk) not in self.asked.gesprekken:
            raise PlanRefused("changed")
        if gesprek.pk in self.asked.bookings:
            raise PlanRefused("changed")
        return self.rows[gesprek.pk]

    def taker(self, slot):
        """The id of the conversation that has this slot, or None."""
        who = proposal.body(slot.medewerker.person.body_id)
        start = proposal.wall_clock(slot.starts_at, self.asked.zone)
        return next((id for id, at in self.placed.items() if at.start == start and at.staff[:1] == (who,)), None)

    def place_for(self, gesprek, slot, *, leaving_out=()):
        """(Placed, colleague) for this gesprek at this slot. Raises AdjustRefused."""
        present = self.asked.presences[gesprek.pk]
        if slot.starts_at <= self.now or slot.medewerker_id not in {m.pk for m in present.teachers}:
            raise AdjustRefused("past")
        mine = self.rows.get(gesprek.pk)
        first = [mine.tweede_collega] if mine and mine.tweede_collega else []
        refusal = None
        for colleague in [*first, *present.pool] or [None]:
            placed = self.asked.place(gesprek, slot, colleague)
            refusal = self.refusal(str(gesprek.pk), placed, leaving_out={str(gesprek.pk), *leaving_out})
            if refusal is None:
                return placed, colleague
        raise refusal

    def refusal(self, id, at, *, leaving_out):
        """The AdjustRefused that this place calls for when those left out are lifted from the table, or None."""
        conversation, names = self.asked.problem.by_id[id], self.asked.names
        if at.start not in conversation.starts:
            return AdjustRefused("family")
        ends = solver.problem.later(at.start, conversation.minutes)
        for who in at.staff:
            if not is_inside(self.windows.get(who, ()), at.start, ends):
                return AdjustRefused("away", names.get(who, ""))
        for who, begins, until in self.taken_up(id, at):
            if any(a < until and begins < b for a, b, other in self.held[who] if other not in leaving_out):
                return AdjustRefused("busy", names.get(who, ""))
        return None

    def targets(self, gesprek):
        """[Target] for every slot of the gesprek's teachers that is still to come, its own left out."""
        teachers = {m.pk for m in self.asked.presences[gesprek.pk].teachers}
        mine, found = self.row(gesprek), []
        slots = [s for s in self.asked.slots.values() if s.medewerker_id in teachers and s.pk != mine.slot_id]
        takers = {(at.start, at.staff[0]): id for id, at in self.placed.items()}
        for slot in sorted(slots, key=lambda s: (s.starts_at, s.pk)):
            start = proposal.wall_clock(slot.starts_at, self.asked.zone)
            taker = takers.get((start, proposal.body(slot.medewerker.person.body_id)))
            found.append(self.target(gesprek, mine, slot, taker))
        return found

    def target(self, gesprek, mine, slot, taker):
        try:
            if taker is None:
                self.place_for(gesprek, slot)
                return Target(slot)
            other = self.asked.gesprekken[taker]
            if other.pk in self.asked.bookings or mine.slot is None:
                return Target(slot, other, AdjustRefused("taken"))
            self.place_for(gesprek, slot, leaving_out=[taker])
            self.place_for(other, mine.slot, leaving_out=[str(gesprek.pk)])
            return Target(slot, other)
        except AdjustRefused as refusal:
            return Target(slot, self.asked.gesprekken.get(taker), refusal)

    def check(self, changes):
        """The last word: the whole plan with these changes breaks no rule that it did not break before."""
        before = set(solver.broken_rules(self.asked.problem, self.placed))
        after = set(solver.broken_rules(self.asked.problem, {**self.placed, **changes}))
        if after - before:
            raise AdjustRefused("rule")


def hold(plan, seen):
    """Claim the version that was looked at. Raises PlanRefused when somebody else was first, or it is not ready."""
    mine = Plan.objects.filter(pk=plan.pk, state=Plan.State.READY, version=seen)
    if not mine.update(version=F("version") + 1):
        ready = Plan.objects.filter(pk=plan.pk, state=Plan.State.READY).exists()
        raise PlanRefused("changed" if ready else "not_ready")


def pin(*, plan, gesprek, pinned, by, seen):
    """Let it stay where it is when the plan is made again, or no longer. Raises PlanRefused."""
    with transaction.atomic():
        hold(plan, seen)
        rows = PlannedGesprek.objects.filter(plan=plan, gesprek=gesprek, slot__isnull=False)
        if not rows.update(pinned=pinned):
            raise PlanRefused("changed")
        audit.record("pin_planned", plan, by=by, gesprek=gesprek.pk, pinned=pinned)


def place(*, plan, gesprek, slot, by, seen, now=None):
    """Move it to a free slot; what is put by hand stays there. Raises PlanRefused, AdjustRefused."""
    with transaction.atomic():
        hold(plan, seen)
        table = Table(plan, now=now)
        row = table.row(gesprek)
        if table.taker(slot):
            raise AdjustRefused("taken")
        placed, colleague = table.place_for(gesprek, slot)
        table.check({str(gesprek.pk): placed})
        put(row, slot, colleague)
        keep_figures(table)
        audit.record("place_planned", plan, by=by, gesprek=gesprek.pk, slot=slot.pk)


def swap(*, plan, gesprek, other, by, seen, now=None):
    """Let two gesprekken change places. Raises PlanRefused, AdjustRefused."""
    with transaction.atomic():
        hold(plan, seen)
        table = Table(plan, now=now)
        mine, theirs = table.row(gesprek), table.row(other)
        if mine.slot is None or theirs.slot is None:
            raise AdjustRefused("no_slot")
        placed, colleague = table.place_for(gesprek, theirs.slot, leaving_out=[str(other.pk)])
        placed_too, colleague_too = table.place_for(other, mine.slot, leaving_out=[str(gesprek.pk)])
        table.check({str(gesprek.pk): placed, str(other.pk): placed_too})
        first, second = mine.slot, theirs.slot
        put(mine, second, colleague)
        put(theirs, first, colleague_too)
        keep_figures(table)
        audit.record("swap_planned", plan, by=by, gesprekken=[gesprek.pk, other.pk])


def put(row, slot, colleague):
    row.slot, row.tweede_collega, row.pinned, row.reason = slot, colleague, True, {}
    row.save(update_fields=["slot", "tweede_collega", "pinned", "reason"])


def keep_figures(table):
    figures = plans.rescore(table.plan, table.asked, table.rows.values())
    Plan.objects.filter(pk=table.plan.pk).update(figures=figures)
