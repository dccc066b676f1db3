"""A teacher runs late today: the families that follow see it on their own pages. Nobody is mailed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from planning.models import Delay
from school import audit

MINUTES = (5, 10, 15, 20)  # what one tap says; nobody can say it more precisely in a corridor


@dataclass(frozen=True)
class Late:
    """How late a gesprek begins, and the moment it probably does."""

    minutes: int
    expected_at: datetime
    teacher: str


def run_late(*, medewerker, minutes, by, now=None):
    """From now on today she is about so many minutes late; 0: on time again. Saying it twice keeps the last word."""
    now = now or timezone.now()
    on = today(medewerker.school, now)
    with transaction.atomic():
        if minutes:
            Delay.objects.update_or_create(
                medewerker=medewerker,
                on=on,
                defaults={"minutes": minutes, "since": now, "school_id": medewerker.school_id},
            )
        else:
            Delay.objects.filter(medewerker=medewerker, on=on).delete()
        audit.record("run_late", medewerker, by=by, minutes=minutes)


def today(school, now):
    return now.astimezone(school.zone).date()


def minutes_on(school, on):
    """{medewerker_id: minutes} of everybody who runs late on this date."""
    return dict(Delay.objects.filter(school=school, on=on).values_list("medewerker", "minutes"))


def of_bookings(bookings, *, school, now):
    """{booking_id: Late} for those of these bookings that are still to begin today with somebody who runs late."""
    coming = [b for b in bookings if _is_near(b, school, now)]
    if not coming:
        return {}
    minutes = minutes_on(school, today(school, now))
    found = {}
    for b in coming:
        late = minutes.get(b.medewerker_id, 0)
        expected_at = b.starts_at + timedelta(minutes=late)
        if late and expected_at > now:
            found[b.pk] = Late(minutes=late, expected_at=expected_at, teacher=b.medewerker.person.name)
    return found


def _is_near(booking, school, now):
    """Today, and not long past: asked before any row is read, because on most days nobody has a gesprek."""
    same_day = booking.starts_at.astimezone(school.zone).date() == today(school, now)
    return same_day and booking.starts_at + timedelta(minutes=max(MINUTES)) > now
