"""The week ahead (I2): parents know a week before what was settled; anything later is agreed, or has a reason.

The one place that knows how long that is and how a reason is kept; each verb says in its own way that one is missing.
"""

from django.conf import settings
from django.utils import timezone

from planning.models import WeekException


class ReasonNeeded(Exception):
    """Within the week, not agreed with the parent and without a reason."""


def is_near(on, *, now, zone):
    """Whether this local date is less than a week of local days away."""
    return (on - now.astimezone(zone).date()).days < settings.WEEK_AHEAD_DAYS


def is_within(gesprek, starts_at, *, now=None):
    """Whether this moment is less than a week of local days away."""
    zone = gesprek.school.zone
    return is_near(starts_at.astimezone(zone).date(), now=now or timezone.now(), zone=zone)


def keep(gesprek, starts_at, *, by, now, agreed=False, reason=""):
    """A change at this moment is agreed, or its reason is kept. Raises ReasonNeeded."""
    if agreed or not is_within(gesprek, starts_at, now=now):
        return
    if not reason.strip():
        raise ReasonNeeded
    note([(gesprek.ronde_id, gesprek.pk)], reason, by=by, now=now)


def note(about, reason, *, by, now):
    """Keep why it could not wait; leadership reads it with the ronde. Reasons of one line, at most 300 characters.

    `about`: (ronde id, gesprek id), or None for the second where it is about several at once.
    """
    WeekException.objects.bulk_create(
        WeekException(
            school_id=by.school.pk,
            ronde_id=ronde,
            gesprek_id=gesprek,
            reason=reason.strip()[:300],
            by=by.person,
            created_at=now,
        )
        for ronde, gesprek in about
    )
