"""The verbs of a time: book, move, cancel, undo. Losing a race is a normal outcome, never an error page.

Three guards stand behind each other. Rows are locked in one order (gesprek, then slot), so that two who want the same
wait for each other on PostgreSQL; on SQLite an IMMEDIATE transaction does that. Unique keys (one active booking per
gesprek, one per slot, one person per five minutes) have the last word on both.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Gesprek, Ronde
from gesprekken.rondes import RondeRefused
from planning.models import Booking, CalendarEntry, Occupancy, Slot, WeekException
from planning.slots import buckets
from school import audit, outbox
from school.models import Outgoing, Person


class BookingRefused(Exception):
    """The time could not be given. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "taken",  # somebody else was first
        "have_one",  # this gesprek has a time already
        "busy",  # one of those who take part is elsewhere then
        "closed",  # the ronde is not open
        "too_late",  # choosing has closed; the school can still plan
        "past",  # the time has been
        "wrong_slot",  # not a time of this child's teachers in this ronde
        "none",  # there is no time to move or cancel
        "week",  # within the week and not agreed with the parent: a reason is needed
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


# --- may it, now -----------------------------------------------------------------------------------------------------


def choosing_closes_at(ronde):
    """The moment until which parents choose and change for themselves: midnight, so many days before the first day."""
    zone = ronde.school.zone
    day = ronde.starts_on - timedelta(days=ronde.booking_closes_days)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def check_now(gesprek, *, by, now):
    """Raises BookingRefused when this actor cannot change the time of this gesprek now."""
    ronde = gesprek.ronde
    if not ronde.is_open or gesprek.cancelled_at or gesprek.is_held:
        raise BookingRefused("closed")
    if not by.is_staff and now >= choosing_closes_at(ronde):
        raise BookingRefused("too_late")


def fits(slot, gesprek):
    """Whether the slot is one of the child's own teachers, in the same ronde."""
    return slot.ronde_id == gesprek.ronde_id and gesprek.groep.lesgeven.filter(medewerker=slot.medewerker_id).exists()


# --- who is taken up -------------------------------------------------------------------------------------------------


def others_needed(gesprek):
    """The ids of the human beings this gesprek takes up besides its teacher: guardians, pupil, second colleague."""
    taking_part = Deelname.objects.filter(gesprek=gesprek).exclude(as_role=Deelname.As.LEERKRACHT)
    return {row.person.body_id for row in taking_part.select_related("person")}


def occupy(booking, gesprek):
    """Put everybody's five minutes in, in one statement, sorted: PostgreSQL finds deadlocks in any other order."""
    ends = booking.ends_at + timedelta(minutes=gesprek.ronde.buffer)
    Occupancy.objects.bulk_create(
        Occupancy(school_id=booking.school_id, booking=booking, person_id=person_id, bucket=bucket)
        for person_id in sorted(others_needed(gesprek) | {booking.medewerker.person.body_id})
        for bucket in buckets(booking.starts_at, ends)
    )


def free_slots(gesprek, *, now):
    """The slots that everybody in this gesprek could still take, earliest first. A fixed number of queries."""
    teachers = list(gesprek.groep.lesgeven.values_list("medewerker_id", flat=True))
    slots = list(
        Slot.objects.filter(ronde=gesprek.ronde_id, medewerker__in=teachers, starts_at__gt=now)
        .exclude(bookings__state=Booking.State.ACTIVE)
        .select_related("medewerker__person")
    )
    if not slots:
        return []
    others = others_needed(gesprek)
    buffer = timedelta(minutes=gesprek.ronde.buffer)
    occupied = set(
        Occupancy.objects.filter(
            person__in=others | {slot.medewerker.person.body_id for slot in slots},
            bucket__gte=slots[0].starts_at,
            bucket__lt=max(slot.ends_at for slot in slots) + buffer,
        )
        .exclude(booking__gesprek=gesprek)
        .values_list("person_id", "bucket")
    )
    return [
        slot
        for slot in slots
        if not any(
            (person, bucket) in occupied
            for bucket in buckets(slot.starts_at, slot.ends_at + buffer)
            for person in others | {slot.medewerker.person.body_id}
        )
    ]


def still_to_choose(gesprekken, *, now):
    """Of these gesprekken (a QuerySet) those for which a parent can still choose a time and has not, in reading order."""
    waiting = (
        gesprekken.filter(cancelled_at__isnull=True, held_on__isnull=True, ronde__state=Ronde.State.OPEN)
        .exclude(pk__in=Booking.objects.active().values("gesprek"))
        .select_related("ronde__school", "leerling__person")
        .order_by("ronde__starts_on", "leerling__person__first_name", "pk")
    )
    return [gesprek for gesprek in waiting if now < choosing_closes_at(gesprek.ronde)]


# --- the verbs -------------------------------------------------------------------------------------------------------


def book(*, slot, gesprek, by, now=None, agreed=False, reason=""):
    """Give this slot to this gesprek. Returns the Booking.

    `agreed`: a parent chose or agreed to it (by a click, on the phone, at the desk); else a time inside the week needs
    a `reason`, which leaves a trace (I2). Raises BookingRefused.
    """
    now = now or timezone.now()
    return _settle(slot=slot, gesprek=gesprek, by=by, now=now, agreed=agreed, reason=reason, replacing=False)


def move(*, slot, gesprek, by, now=None, agreed=False, reason=""):
    """Give the gesprek another slot and let go of the one it had, in one step. Raises BookingRefused."""
    now = now or timezone.now()
    return _settle(slot=slot, gesprek=gesprek, by=by, now=now, agreed=agreed, reason=reason, replacing=True)


def cancel(*, gesprek, by, now=None):
    """Let go of the time. Returns the cancelled Booking, which undo_cancel takes. Raises BookingRefused."""
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = Gesprek.objects.select_for_update(of=("self",)).select_related("ronde__school").get(pk=gesprek.pk)
        check_now(gesprek, by=by, now=now)
        booking = _release(gesprek, now=now)
        _raise_sequence(gesprek)
        audit.record("cancel", booking, by=by, gesprek=gesprek.pk)
        _tell(gesprek, "planning.cancelled", booking, now=now)
    return booking


def undo_cancel(*, booking, by, now=None):
    """Take the same time again, if nobody else has taken it. Returns the new Booking. Raises BookingRefused."""
    slot = booking.slot
    if slot is None:
        raise BookingRefused("taken")
    return book(slot=slot, gesprek=booking.gesprek, by=by, now=now, agreed=True)


def _settle(*, slot, gesprek, by, now, agreed, reason, replacing):
    try:
        with transaction.atomic():
            gesprek = (
                Gesprek.objects.select_for_update(of=("self",))
                .select_related("ronde__school", "groep", "leerling__person")
                .get(pk=gesprek.pk)
            )
            slot = Slot.objects.select_for_update(of=("self",)).select_related("medewerker__person").get(pk=slot.pk)
            check_now(gesprek, by=by, now=now)
            if slot.starts_at <= now:
                raise BookingRefused("past")
            if not fits(slot, gesprek):
                raise BookingRefused("wrong_slot")
            if Booking.objects.filter(slot=slot, state=Booking.State.ACTIVE).exclude(gesprek=gesprek).exists():
                raise BookingRefused("taken")
            if replacing:
                _release(gesprek, now=now)
            elif Booking.objects.filter(gesprek=gesprek, state=Booking.State.ACTIVE).exists():
                raise BookingRefused("have_one")
            _keep_the_week(gesprek, slot, by=by, now=now, agreed=agreed or not by.is_staff, reason=reason)
            booking = Booking.objects.create(
                school_id=gesprek.school_id,
                gesprek=gesprek,
                slot=slot,
                medewerker=slot.medewerker,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                by=by.person,
                chosen_by_guardian=not by.is_staff,
                created_at=now,
            )
            occupy(booking, gesprek)
            _teacher_takes_part(gesprek, slot.medewerker.person)
            _raise_sequence(gesprek)
            audit.record("move" if replacing else "book", booking, by=by, gesprek=gesprek.pk)
            _tell(gesprek, "planning.moved" if replacing else "planning.booked", booking, now=now)
    except Slot.DoesNotExist:
        raise BookingRefused("taken") from None
    except IntegrityError:
        raise BookingRefused(_who_was_first(slot, gesprek)) from None
    except OperationalError as error:
        if "deadlock" in str(error).lower():
            raise BookingRefused("taken") from None
        raise
    return booking


def _release(gesprek, *, now):
    booking = Booking.objects.filter(gesprek=gesprek, state=Booking.State.ACTIVE).first()
    if booking is None:
        raise BookingRefused("none")
    Booking.objects.filter(pk=booking.pk).update(state=Booking.State.CANCELLED, cancelled_at=now)
    Occupancy.objects.filter(booking=booking).delete()
    booking.state, booking.cancelled_at = Booking.State.CANCELLED, now
    return booking


def _who_was_first(slot, gesprek):
    """After a unique key spoke: which of the three it was, so that the page can say it kindly."""
    active = Booking.objects.filter(state=Booking.State.ACTIVE)
    if active.filter(slot=slot).exclude(gesprek=gesprek).exists():
        return "taken"
    return "have_one" if active.filter(gesprek=gesprek).exists() else "busy"


def _keep_the_week(gesprek, slot, *, by, now, agreed, reason):
    days = (slot.starts_at.astimezone(gesprek.school.zone).date() - now.astimezone(gesprek.school.zone).date()).days
    if agreed or days >= settings.WEEK_AHEAD_DAYS:
        return
    if not reason.strip():
        raise BookingRefused("week")
    WeekException.objects.create(
        school_id=gesprek.school_id,
        ronde=gesprek.ronde,
        gesprek=gesprek,
        reason=reason.strip()[:300],
        by=by.person,
        created_at=now,
    )


def _teacher_takes_part(gesprek, teacher):
    """Of a duo, the one whose time it is."""
    Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.LEERKRACHT).exclude(person=teacher).delete()
    Deelname.objects.get_or_create(
        gesprek=gesprek, person=teacher, defaults={"school_id": gesprek.school_id, "as_role": Deelname.As.LEERKRACHT}
    )


def _raise_sequence(gesprek):
    """Every change makes every participant's calendar entry one version newer."""
    people = list(gesprek.deelnames.values_list("person_id", flat=True))
    CalendarEntry.objects.filter(gesprek=gesprek).update(sequence=F("sequence") + 1)
    have = set(CalendarEntry.objects.filter(gesprek=gesprek).values_list("person_id", flat=True))
    CalendarEntry.objects.bulk_create(
        CalendarEntry(school_id=gesprek.school_id, gesprek=gesprek, person_id=pk, uid=CalendarEntry.new_uid())
        for pk in people
        if pk not in have
    )


def tell_new_place(*, ronde, by, now, reason=""):
    """The ronde is somewhere else, or in another form: calendars follow, parents hear it. Returns how many gesprekken.

    What was told less than a week ahead needs a reason (I2); without one the change itself is refused.
    """
    with transaction.atomic():
        bookings = list(
            Booking.objects.active()
            .filter(gesprek__ronde=ronde, gesprek__cancelled_at=None, gesprek__held_on=None, starts_at__gt=now)
            .order_by("starts_at")
        )
        if not bookings:
            return 0
        _reason_for_new_place(ronde, bookings[0], by=by, now=now, reason=reason)
        CalendarEntry.objects.filter(gesprek__in=[b.gesprek_id for b in bookings]).update(sequence=F("sequence") + 1)
        told = Outgoing.objects.filter(
            message="planning.place_changed", object_type="planning.booking", object_id__in=[b.pk for b in bookings]
        )
        by_gesprek = {booking.gesprek_id: booking for booking in bookings}
        guardians = Deelname.objects.filter(gesprek__in=by_gesprek, as_role=Deelname.As.OUDER).select_related("person")
        outbox.put_many(
            "planning.place_changed",
            [(deelname.person, by_gesprek[deelname.gesprek_id]) for deelname in guardians],
            version=(told.aggregate(Max("version"))["version__max"] or 0) + 1,
            now=now,
        )
        audit.record("tell_new_place", ronde, by=by, gesprekken=len(bookings), exception=bool(reason))
    return len(bookings)


def _reason_for_new_place(ronde, first, *, by, now, reason):
    zone = ronde.school.zone
    if (first.starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days >= settings.WEEK_AHEAD_DAYS:
        return
    if not reason:
        raise RondeRefused(
            _(
                "Binnen een week zijn er al gesprekken, en ouders rekenen op de plaats die ze kennen. "
                "Schrijf op waarom het toch verandert; er is nog niets gewijzigd."
            ),
            "reason",
        )
    WeekException.objects.create(
        school_id=ronde.school_id, ronde=ronde, reason=reason[:300], by=by.person, created_at=now
    )


def _tell(gesprek, message, booking, *, now):
    guardians = Person.objects.filter(deelnames__gesprek=gesprek, deelnames__as_role=Deelname.As.OUDER)
    outbox.put_many(message, [(person, booking) for person in guardians], now=now)
