"""When a mail that can wait may go: in daytime, on a school day."""

from datetime import datetime, time, timedelta

from django.conf import settings

SATURDAY = 5


def next_moment(now, *, zone, free=()):
    """The first moment from now on at which people may be reminded of something: by day, on a school day. `free`: (first, last)."""
    earliest, latest = settings.REMINDER_HOURS
    local = now.astimezone(zone)
    on = local.date() + timedelta(days=local.hour >= latest)
    while on.weekday() >= SATURDAY or any(first <= on <= last for first, last in free):
        on += timedelta(days=1)
    if on == local.date() and local.hour >= earliest:
        return now
    return datetime.combine(on, time(earliest), tzinfo=zone)
