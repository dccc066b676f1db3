"""The few words every template uses: dates in words, times, lists of points."""

import functools

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation

register = template.Library()


@functools.lru_cache(maxsize=4096)
def _date(value, pattern, language):
    return formats.date_format(value, pattern)


def in_words(value, pattern):
    """A localised date; remembered per language, because making one costs more than the rest of a row."""
    if value is None:
        return ""
    if hasattr(value, "hour"):
        value = timezone.localtime(value).date()
    return _date(value, pattern, translation.get_language())


@register.filter
def day(value):
    """dinsdag 24 november"""
    return in_words(value, "l j F")


@register.filter
def full_day(value):
    """dinsdag 24 november 2026"""
    return in_words(value, "l j F Y")


@register.filter
def short_day(value):
    """di 24 nov"""
    return in_words(value, "D j M").lower()


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
