"""The week ahead (I2): parents know a week before what was settled; anything later is agreed, or has a reason."""

from django.conf import settings
from django.utils import timezone

from planning.models import WeekException


def is_within(gesprek, starts_at, *, now=None):
    """Whether this moment is less than a week of local days away."""
    zone = gesprek.school.zone
    now = now or timezone.now()
    return (starts_at.astimezone(zone).date() - now.astimezone(zone).date()).days < settings.WEEK_AHEAD_DAYS


def note(gesprek, reason, *, by, now):
    """Keep why it could not wait; leadership reads it with the ronde. Reasons of one line, at most 300 characters."""
    WeekException.objects.create(
        school_id=gesprek.school_id,
        ronde_id=gesprek.ronde_id,
        gesprek=gesprek,
        reason=reason.strip()[:300],
        by=by.person,
        created_at=now,
    )
