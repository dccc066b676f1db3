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
    same = _written(reason, what=what, by=by, now=now)
    WeekException.objects.bulk_create(
        WeekException(ronde_id=ronde, gesprek_id=gesprek, on=on, **same) for ronde, gesprek, on in about
    )


def keep_for_activity(activiteit, days, *, what, by, now, reason):
    """The same of a parent activity that is, or was to be, on one of these days. Raises ReasonNeeded.

    What is over already needs no reason, and neither does what is a week away on all of these days.
    """
    zone = activiteit.school.zone
    today = now.astimezone(zone).date()
    near = [on for on in days if today <= on and is_near(on, now=now, zone=zone)]
    if not near:
        return
    if not reason.strip():
        raise ReasonNeeded
    same = _written(reason, what=what, by=by, now=now)
    WeekException.objects.create(activiteit=activiteit, on=min(near), **same)


def _written(reason, *, what, by, now):
    return {
        "school_id": by.school.pk,
        "what": what,
        "reason": reason.strip()[:300],
        "by": by.person,
        "created_at": now,
    }
