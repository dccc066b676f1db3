"""The team's pictures over the school year: only what was shown, side by side, never added up (decision 0095)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from kijkwijzer.instrument import comparable
from kijkwijzer.models import Terugblik
from kijkwijzer.practising import sittings, together


def current_year(years, now):
    """The school year of today, else the newest, else None."""
    today = timezone.localtime(now).date()
    years = sorted(years, key=lambda year: year.starts_on)
    return next((year for year in years if year.starts_on <= today <= year.ends_on), years[-1] if years else None)


def of_year(rows, year):
    """The sittings of this school year, oldest first."""
    zone = year.school.zone
    first = datetime.combine(year.starts_on, time(), tzinfo=zone)
    last = datetime.combine(year.ends_on + timedelta(days=1), time(), tzinfo=zone)
    rows = rows.filter(opened_at__gte=first, opened_at__lt=last)
    return rows.select_related("instrument").order_by("opened_at", "pk")


def pictures_of(rows):
    """Every picture of these sittings that may be shown now."""
    found = []
    for sitting in rows:
        for part, at in (
            (Terugblik.Part.BEFORE, sitting.before_shown_at),
            (Terugblik.Part.AFTER, sitting.after_shown_at),
        ):
            numbers = sittings.shown(sitting, part)
            if numbers:
                found.append(together.Picture(sitting.film, sitting.occasion, part, numbers, sitting, at))
    return found


def beside(pictures, instrument):
    """(pictures made with an instrument that is comparable with this one, the others)"""
    same = [each for each in pictures if comparable(each.sitting.instrument, instrument)]
    return same, [each for each in pictures if each not in same]
