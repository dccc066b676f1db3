"""The verbs of a time: book, move, cancel, undo, all in one go. Losing a race is a normal outcome, never an error page.

Three guards stand behind each other. Rows are locked in one order (gesprekken, then slots, by number), so that two who
want the same wait for each other on PostgreSQL; on SQLite an IMMEDIATE transaction does that. Unique keys (one active
booking per gesprek, one per slot, one person and one room per five minutes) have the last word on both.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek
from planning import week
from planning.models import Booking, InterpreterRequest, Occupancy, Slot
from planning.times import following, presence
from planning.times.choosing import choosing_closes_at, choosing_opens_for, still_to_choose
from planning.times.presence import free_slots, length_of
from school import audit
from school.statements import written_once

__all__ = [
    "choosing_closes_at",
    "choosing_opens_for",
    "free_slots",
    "length_of",
    "still_to_choose",
]  # read beside the verbs


class BookingRefused(Exception):
    """The time could not be given. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "taken",  # somebody else was first
        "have_one",  # this gesprek has a time already
        "busy",  # one of those who take part is elsewhere then
        "closed",  # the ronde is not open
        "not_yet",  # choosing has not begun for this family
        "wishing",  # first everybody says when they can; the times come with the plan
        "too_late",  # choosing has closed; the school can still plan
        "past",  # the time has been
        "wrong_slot",  # not a time of this child's teachers in this ronde
        "too_long",  # the gesprek does not fit from there, or a colleague is not there then
        "no_colleague",  # an advice gesprek without a second colleague (C4)
        "none",  # there is no time to move or cancel
        "week",  # within the week and not agreed with the parent: a reason is needed
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


# --- may it, now -----------------------------------------------------------------------------------------------------


def check_now(gesprek, *, by, now):
    """Raises BookingRefused when this actor cannot take a time for this gesprek now."""
    check_change(gesprek, by=by, now=now)
    if by.is_staff:
        return
    if gesprek.ronde.is_wishing:
        raise BookingRefused("wishing")
    opens = gesprek.ronde.choosing_opens_at
    if opens and now < opens and now < choosing_opens_for(gesprek, by):
        raise BookingRefused("not_yet")


def check_change(gesprek, *, by, now):
    """Raises BookingRefused when this actor cannot change anything about the time of this gesprek now."""
    check_open(gesprek)
    if not by.is_staff and now >= choosing_closes_at(gesprek.ronde):
        raise BookingRefused("too_late")


def check_open(gesprek):
    """Raises BookingRefused when nobody can change anything about the time of this gesprek any more."""
    if not gesprek.ronde.is_open or gesprek.cancelled_at or gesprek.is_held:
        raise BookingRefused("closed")


# --- the verbs -------------------------------------------------------------------------------------------------------


def book(*, slot, gesprek, by, now=None, agreed=False, reason=""):
    """Give this slot to this gesprek. Returns the Booking.

    `agreed`: a parent chose or agreed to it (by a click, on the phone, at the desk); else a time inside the week needs
    a `reason`, which leaves a trace (I2); so does letting go of one. Raises BookingRefused.
    """
    (booking,) = book_all(choices=[(slot, gesprek)], by=by, now=now, agreed=agreed, reason=reason)
    return booking


def move(*, slot, gesprek, by, now=None, agreed=False, reason=""):
    """Give the gesprek another slot and let go of the one it had, in one step. Raises BookingRefused."""
    settling = Settling(by=by, now=now or timezone.now(), agreed=agreed, reason=reason, replacing=True)
    (booking,) = settling.settle([(slot, gesprek)])
    return booking


def book_all(*, choices, by, now=None, agreed=False, reason="", replacing=False, colleagues=None):
    """Give each gesprek of the (slot, gesprek) pairs its slot: all of them or none. Returns the Bookings, in that order.

    `replacing`: those that have a time let go of it; else having one is refused. `colleagues`: {gesprek id: Medewerker
    id} of whom to take from the pool, as far as they can. Raises BookingRefused.
    """
    settling = Settling(by=by, now=now or timezone.now(), agreed=agreed, reason=reason, may_replace=replacing)
    settling.colleagues = colleagues or {}
    return settling.settle(choices)


def cancel(*, gesprek, by, now=None, agreed=False, reason=""):
    """Let go of the time. Returns the cancelled Booking, which undo_cancel takes. Raises BookingRefused.

    For staff inside the week: agreed with a parent, or with a reason (I2).
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = Gesprek.objects.select_for_update(of=("self",)).select_related("ronde__school").get(pk=gesprek.pk)
        check_change(gesprek, by=by, now=now)
        released = release([gesprek], now=now)
        if not released:
            raise BookingRefused("none")
        (booking,) = released
        if booking.starts_at > now:
            settling = Settling(by=by, now=now, agreed=agreed, reason=reason)
            keep_the_week(gesprek, booking.starts_at, settling=settling, what=week.What.CANCELLED)
        following.raise_sequences([gesprek])
        audit.record("cancel", booking, by=by, gesprek=gesprek.pk)
        following.tell("planning.cancelled", [booking], now=now)
        following.tell_watchers(released, now=now)
    return booking


def take_offered(*, slot, gesprek, by, now):
    """A guardian takes the time the school proposed, also when choosing has closed or has not begun. Raises BookingRefused.

    It takes the place of the time the gesprek has, if it has one.
    """
    (booking,) = Settling(by=by, now=now, may_replace=True, offered=True).settle([(slot, gesprek)])
    return booking


def undo_cancel(*, booking, by, now=None):
    """Take the same time again, if nobody else has taken it. Returns the new Booking. Raises BookingRefused."""
    slot = booking.slot
    if slot is None:
        raise BookingRefused("taken")
    return book(slot=slot, gesprek=booking.gesprek, by=by, now=now, agreed=True)


# --- how slots are given: one or several, all or none ----------------------------------------------------------------


@dataclass
class Settling:
    """One attempt to give gesprekken their slots, with who asks, when, and on which ground."""

    by: object
    now: object
    agreed: bool = False
    reason: str = ""
    replacing: bool = False  # there must be a time to replace
    may_replace: bool = False  # a time that is there may be replaced
    offered: bool = False  # the school proposed it: when parents choose for themselves does not matter
    colleagues: dict = field(default_factory=dict)  # gesprek id -> whom to take from the pool rather than another
    picked: dict = field(default_factory=dict)  # gesprek -> the second colleague from the pool, of the last try

    TRIES: ClassVar = 3  # two families at once may pick the same colleague from a pool; the next try picks another

    def settle(self, choices):
        """The Bookings of these (slot, gesprek) pairs, in one transaction. Raises BookingRefused."""
        tries_left = self.TRIES
        while True:
            tries_left -= 1
            try:
                with transaction.atomic():
                    return self.give(choices)
            except Slot.DoesNotExist:
                raise BookingRefused("taken") from None
            except IntegrityError:
                why = who_was_first(choices)
                if why != "busy" or not self.picked or not tries_left:
                    raise BookingRefused(why) from None
            except OperationalError as error:
                if "deadlock" in str(error).lower():
                    raise BookingRefused("taken") from None
                raise

    def give(self, choices):
        gesprekken, slots = lock(choices, self.by.school)
        deelnames = presence.taking_part(gesprekken=list(gesprekken))
        pairs = [(slots[slot.pk], gesprekken[gesprek.pk]) for slot, gesprek in choices]
        presences = {
            pk: presence.of(gesprek, [row for row in deelnames if row.gesprek_id == pk])
            for pk, gesprek in gesprekken.items()
        }
        for slot, gesprek in pairs:
            self.check(slot, gesprek, presences[gesprek.pk])
        having = set(holding(slots=list(slots), gesprekken=list(gesprekken)))
        if having - set(gesprekken):
            raise BookingRefused("taken")
        replaced = self.replace(list(gesprekken.values()), having)
        for slot, gesprek in pairs:
            self.keep_the_week(gesprek, slot, replaced.get(gesprek.pk))
        self.picked = self.pick(pairs, presences)
        bookings = Booking.objects.bulk_create(self.new_booking(slot, gesprek) for slot, gesprek in pairs)
        occupy(bookings, presences, self.picked)
        deelnames = following.take_part(bookings, presences, self.picked, deelnames)
        following.raise_sequences(gesprekken, deelnames)
        for booking in bookings:
            verb = "move" if booking.gesprek_id in replaced else "book"
            audit.record(verb, booking, by=self.by, gesprek=booking.gesprek_id)
        following.tell(
            "planning.booked", [b for b in bookings if b.gesprek_id not in replaced], deelnames, now=self.now
        )
        following.tell("planning.moved", [b for b in bookings if b.gesprek_id in replaced], deelnames, now=self.now)
        following.tell_watchers(replaced.values(), now=self.now)
        return bookings

    def check(self, slot, gesprek, needed):
        if self.offered:
            check_open(gesprek)
        else:
            check_now(gesprek, by=self.by, now=self.now)
        if slot.starts_at <= self.now:
            raise BookingRefused("past")
        teachers = {teacher.pk: teacher for teacher in needed.teachers}
        if slot.ronde_id != gesprek.ronde_id or slot.medewerker_id not in teachers:
            raise BookingRefused("wrong_slot")
        slot.medewerker = teachers[slot.medewerker_id]
        if is_without_colleague(gesprek, needed):
            raise BookingRefused("no_colleague")
        if not needed.is_within_windows(slot):
            raise BookingRefused("too_long")

    def keep_the_week(self, gesprek, slot, old):
        """The new time and the one that is let go of are both what parents count on."""
        moments = [slot.starts_at] + ([old.starts_at] if old and old.starts_at > self.now else [])
        what = week.What.MOVED if old else week.What.PLANNED
        keep_the_week(gesprek, min(moments), settling=self, what=what)

    def replace(self, gesprekken, having):
        """{gesprek: the Booking it lets go of}, where one is to be replaced. Raises BookingRefused."""
        if self.replacing or self.may_replace:
            replaced = {booking.gesprek_id: booking for booking in release(gesprekken, now=self.now)}
            if self.replacing and len(replaced) < len(gesprekken):
                raise BookingRefused("none")
            return replaced
        if having:
            raise BookingRefused("have_one")
        return {}

    def pick(self, pairs, presences):
        """{gesprek: the second colleague from the pool}, for those who have one to pick. Raises BookingRefused."""
        picked, taken = {}, set()
        for slot, gesprek in pairs:
            needed = presences[gesprek.pk]
            if not needed.pool:
                continue
            occupied = presence.as_set(presence.occupied_between(needed, [slot])) | taken
            free = needed.pickable(slot, occupied)
            if not free:
                raise BookingRefused("busy")
            wanted = self.colleagues.get(gesprek.pk)
            free.sort(key=lambda medewerker, wanted=wanted: medewerker.pk != wanted)
            picked[gesprek.pk] = free[0]
            taken |= {(free[0].person.body_id, row.bucket) for row in needed.rows(None, slot, free[0])}
        return picked

    def new_booking(self, slot, gesprek):
        return Booking(
            school_id=gesprek.school_id,
            gesprek=gesprek,
            slot=slot,
            medewerker=slot.medewerker,
            room_id=slot.room_id,
            starts_at=slot.starts_at,
            ends_at=slot.starts_at + presence.length_of(gesprek),
            by=self.by.person,
            chosen_by_guardian=not self.by.is_staff,
            created_at=self.now,
        )


def lock(choices, school):
    """The gesprekken and slots of this school, each {pk: row}, locked by number.

    Raises Slot.DoesNotExist; a pair twice is taken.
    """
    gesprek_ids, slot_ids = {g.pk for _slot, g in choices}, {slot.pk for slot, _gesprek in choices}
    if len(gesprek_ids) < len(choices) or len(slot_ids) < len(choices):
        raise BookingRefused("taken")
    gesprekken = {row.pk: row for row in locked_gesprekken(school=school.pk, pks=sorted(gesprek_ids))}
    for gesprek in gesprekken.values():
        gesprek.school = gesprek.ronde.school = school
    slots = {row.pk: row for row in locked_slots(pks=sorted(slot_ids))}
    if len(slots) < len(slot_ids):
        raise Slot.DoesNotExist
    if len(gesprekken) < len(gesprek_ids):
        raise BookingRefused("closed")
    return gesprekken, slots


@written_once
def locked_gesprekken(*, school, pks):
    gesprekken = Gesprek.objects.select_for_update(of=("self",)).filter(school=school, pk__in=pks)
    return gesprekken.select_related("ronde__soort").order_by("pk")


@written_once
def locked_slots(*, pks):
    return Slot.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")


@written_once
def holding(*, slots, gesprekken):
    """The ids of the gesprekken that hold one of these slots, or are one of these and have a time (all ids)."""
    held = Booking.objects.active().filter(Q(slot__pk__in=slots) | Q(gesprek__pk__in=gesprekken))
    return held.order_by().values_list("gesprek_id", flat=True)


def occupy(bookings, presences, picked):
    """Put everybody's five minutes in, in one statement, sorted: PostgreSQL finds deadlocks in any other order."""
    rows = [
        row
        for booking in bookings
        for row in presences[booking.gesprek_id].rows(booking, booking.slot, picked.get(booking.gesprek_id))
    ]
    Occupancy.objects.bulk_create(sorted(rows, key=lambda row: (row.person_id or 0, row.room_id or 0, row.bucket)))


def release(gesprekken, *, now):
    """Let go of the times of these gesprekken, without telling anybody. Returns the Bookings that are cancelled now."""
    bookings = list(Booking.objects.active().filter(gesprek__in=gesprekken).select_related("gesprek"))
    Booking.objects.filter(pk__in=[b.pk for b in bookings]).update(state=Booking.State.CANCELLED, cancelled_at=now)
    Occupancy.objects.filter(booking__in=bookings).delete()
    if bookings:  # an interpreter was confirmed for that time
        asked = InterpreterRequest.objects.filter(gesprek__in=[b.gesprek_id for b in bookings])
        confirmed = asked.filter(state=InterpreterRequest.State.CONFIRMED)
        confirmed.update(state=InterpreterRequest.State.ORDERED, changed_at=now)
    for booking in bookings:
        booking.state, booking.cancelled_at = Booking.State.CANCELLED, now
    return bookings


def who_was_first(choices):
    """After a unique key spoke: which of them it was, so that the page can say it kindly."""
    active = Booking.objects.active()
    if any(active.filter(slot=slot).exclude(gesprek=gesprek).exists() for slot, gesprek in choices):
        return "taken"
    mine = active.filter(gesprek__in=[gesprek for _slot, gesprek in choices])
    return "have_one" if mine.exists() else "busy"


def is_without_colleague(gesprek, needed):
    """Whether this is an advice gesprek with neither a second colleague nor a pool to take one from (C4)."""
    if not gesprek.ronde.soort.is_advice or needed.pool:
        return False
    return not Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.TWEEDE_COLLEGA).exists()


def keep_the_week(gesprek, starts_at, *, settling, what):
    """Inside the week a time needs the parent's agreement or a reason, which is kept (I2). Raises BookingRefused."""
    if not settling.by.is_staff:
        return
    settled = {"agreed": settling.agreed, "reason": settling.reason}
    try:
        week.keep(gesprek, starts_at, what=what, by=settling.by, now=settling.now, **settled)
    except week.ReasonNeeded:
        raise BookingRefused("week") from None
