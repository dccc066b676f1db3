"""A longer gesprek for one pupil: decided before a time is chosen, or after, as long as that time has room for it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek
from planning import week
from planning.models import Booking, Occupancy
from planning.times import booking as booking_verbs
from planning.times import following, presence
from school import audit


class LengthRefused(Exception):
    """The gesprek stays as long as it was. `reason` is one of REASONS."""

    REASONS = (
        "closed",  # the ronde is not open, or the gesprek has been
        "past",  # it has begun
        "too_long",  # the teacher's window ends, or a pause begins, before it would
        "busy",  # somebody has another gesprek right after it
        "week",  # within the week and not agreed with the parent: a reason is needed
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def set_length(*, gesprek, minutes, by, now=None, agreed=False, reason=""):
    """How long this gesprek takes; None for as long as the others. Returns whether anything changed.

    A time that was chosen keeps its beginning: everybody's minutes, calendars and the parents' mail follow its new end.
    Raises LengthRefused when that does not fit, and then nothing changed.
    """
    now = now or timezone.now()
    try:
        with transaction.atomic():
            gesprek = (
                Gesprek.objects.select_for_update(of=("self",))
                .select_related("ronde__school", "ronde__soort", "groep", "leerling__person")
                .get(pk=gesprek.pk)
            )
            wanted = None if minutes == gesprek.ronde.duration else minutes
            if wanted == gesprek.minutes:
                return False
            booking_verbs.check_change(gesprek, by=by, now=now)
            gesprek.minutes = wanted
            Gesprek.objects.filter(pk=gesprek.pk).update(minutes=wanted)
            audit.record("set_length", gesprek, by=by, minutes=gesprek.length)
            planned = (
                Booking.objects.active().filter(gesprek=gesprek).select_related("slot__medewerker__person").first()
            )
            if planned:
                settling = booking_verbs.Settling(by=by, now=now, agreed=agreed, reason=reason)
                _stretch(planned, gesprek, settling)
    except booking_verbs.BookingRefused as refused:
        raise LengthRefused(refused.reason) from None
    except IntegrityError:
        raise LengthRefused("busy") from None
    return True


def _stretch(planned, gesprek, settling):
    """The time that was chosen gets its new end. Raises LengthRefused, BookingRefused or IntegrityError."""
    if planned.starts_at <= settling.now:
        raise LengthRefused("past")
    needed = presence.of(gesprek)
    if planned.slot is None or not needed.is_within_windows(planned.slot):
        raise LengthRefused("too_long")
    booking_verbs.keep_the_week(gesprek, planned.starts_at, settling=settling, what=week.What.LENGTH)
    ends_at = needed.ends(planned.slot)
    Booking.objects.filter(pk=planned.pk).update(ends_at=ends_at)
    Occupancy.objects.filter(booking=planned).delete()
    booking_verbs.occupy([planned], {gesprek.pk: needed}, picked_of([gesprek], {gesprek.pk: needed}))
    following.raise_sequences([gesprek])
    following.tell_again("planning.other_length", [planned], now=settling.now)


def picked_of(gesprekken, presences):
    """{gesprek_id: the colleague who was picked from the pool when its time was chosen}."""
    rows = Deelname.objects.filter(
        gesprek__in=[g for g in gesprekken if presences[g.pk].pool],
        as_role=Deelname.As.TWEEDE_COLLEGA,
        person__medewerker__isnull=False,
    ).select_related("person__medewerker__person")
    return {row.gesprek_id: row.person.medewerker for row in rows}
