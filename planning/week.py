"""The week ahead (I2): parents know a week before what was settled; anything later is agreed, or has a reason.

The one place that knows how long that is and how a reason is kept; each verb says in its own way that one is missing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from planning.models import WeekException

What = WeekException.What


class ReasonNeeded(Exception):
    """Within the week, not agreed with the parent and without a reason."""


@dataclass(frozen=True)
class Left:
    """How long something can still be settled without a reason: so many days after today, `until` that date included."""

    days: int
    until: date

    @property
    def is_near(self):
        return self.days < 0


def left(on, *, now, zone):
    """The Left for what happens on this local date."""
    until = on - timedelta(days=settings.WEEK_AHEAD_DAYS)
    return Left((until - now.astimezone(zone).date()).days, until)


def is_near(on, *, now, zone):
    """Whether this local date is less than a week of local days away."""
    return left(on, now=now, zone=zone).is_near


def is_announced(ronde, on):
    """Whether families were told a week before this local date, or longer, to keep the days of this ronde free (I2)."""
    if ronde.announced_at is None:
        return False
    told = ronde.announced_at.astimezone(ronde.school.zone).date()
    return (on - told).days >= settings.WEEK_AHEAD_DAYS


def left_until(gesprek, starts_at, *, now=None):
    """The Left for this gesprek at this moment."""
    zone = gesprek.school.zone
    return left(starts_at.astimezone(zone).date(), now=now or timezone.now(), zone=zone)


def keep(gesprek, starts_at, *, what, by, now, agreed=False, reason=""):
    """A change at this moment is agreed, or its reason is kept. Raises ReasonNeeded."""
    if agreed or not left_until(gesprek, starts_at, now=now).is_near:
        return
    if not reason.strip():
        raise ReasonNeeded
    on = starts_at.astimezone(gesprek.school.zone).date()
    note([(gesprek.ronde_id, gesprek.pk, on)], reason, what=what, by=by, now=now)


def note(about, reason, *, what, by, now):
    """Keep why it could not wait, for leadership to read. Reasons of one line, at most 300 characters.

    `about`: (ronde id, gesprek id, the local date it was about); None for the gesprek where it is about several at
    once, with the date of the first.
    """
    WeekException.objects.bulk_create(
        WeekException(
            school_id=by.school.pk,
            ronde_id=ronde,
            gesprek_id=gesprek,
            on=on,
            what=what,
            reason=reason.strip()[:300],
            by=by.person,
            created_at=now,
        )
        for ronde, gesprek, on in about
    )
