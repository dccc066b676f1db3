"""The few words every template uses: dates in words, times, lists of points."""

import base64
import functools
import unicodedata

from babel.dates import format_date
from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from school.paper_svg import for_paper

register = template.Library()

# Where the day of the week stands after the date: 24 Kasım Salı.
WEEKDAY_LAST = ["tr"]


@functools.lru_cache(maxsize=4096)
def _date(value, pattern, language):
    weekday, _space, date = pattern.partition(" ")
    if language in WEEKDAY_LAST and weekday.startswith("E"):
        pattern = f"{date} {weekday}"
    return format_date(value, pattern, locale=translation.to_locale(language))


def in_words(value, pattern):
    """A date as this language writes it (`24 listopada`, not the name of the month alone); the pattern is Unicode's.

    Remembered per language, because making one costs more than the rest of a row.
    """
    if value is None:
        return ""
    if hasattr(value, "hour"):
        value = timezone.localtime(value).date()
    return _date(value, pattern, translation.get_language() or settings.LANGUAGE_CODE)


@register.filter
def day(value):
    """dinsdag 24 november"""
    return in_words(value, "EEEE d MMMM")


@register.filter
def full_day(value):
    """dinsdag 24 november 2026"""
    return in_words(value, "EEEE d MMMM y")


@register.filter
def short_day(value):
    """di 24 nov"""
    return in_words(value, "EEE d MMM")


@register.filter
def direction(text):
    """`ltr` or `rtl`, as the first letter that has one runs: what a browser makes of dir="auto", for the printer, which
    does not know it.
    """
    runs = (unicodedata.bidirectional(letter) for letter in text or "")
    return "rtl" if next((run for run in runs if run in ("L", "R", "AL")), "L") in ("R", "AL") else "ltr"


@register.filter
def clock(value):
    """19:05, on the wall clock of the school"""
    if value is None:
        return ""
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        value = timezone.localtime(value)
    return value.strftime("%H:%M")


@register.filter
def get(mapping, key):
    """The value under a key that is only known in the template, or None."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def logo_address(school):
    """The full address of a school's logo, for mail; a changed logo has another, as mail programs keep what they saw."""
    return f"{settings.BASE_URL}{reverse('school_logo', args=[school.slug])}?v={school.logo.name[-12:-4]}"


@register.filter
def as_image(svg):
    """The address of a drawing that travels inside a document for paper; a third quicker than an SVG among the HTML."""
    return f"data:image/svg+xml;base64,{base64.b64encode(for_paper(svg).encode()).decode()}"
