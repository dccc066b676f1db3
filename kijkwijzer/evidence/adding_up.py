"""The signs of many gesprekken added up: how many of how many. Never a mean, never a grade, never per group.

A ronde is the smallest thing that is counted, and per factor it counts only from five teachers on. A kind and a school
year are the sum of the rondes that count themselves, so that no view minus another tells of fewer than five
(docs/decisions/0097-signs-and-five-teachers.md).
"""

from collections import defaultdict
from dataclasses import astuple, dataclass

from django.core.cache import cache
from django.utils import timezone

from gesprekken.afterwards.feedback import last_day
from gesprekken.models import Gesprek, Ronde
from gesprekken.year.factors import BY_NUMBER
from kijkwijzer.evidence import facts, signs
from kijkwijzer.evidence.signs import Sign

LEAST = 5  # teachers
A_DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Count:
    """In how many gesprekken a factor was seen, in how many partly, and of how many in which it applied."""

    seen: int = 0
    partly: int = 0
    of: int = 0

    def __add__(self, other):
        return Count(self.seen + other.seen, self.partly + other.partly, self.of + other.of)


@dataclass(frozen=True)
class Seen:
    """What is known of one gesprek for adding up: its ronde, whose it is, and its ten signs."""

    ronde: int
    teachers: frozenset
    ten: dict


def per_ronde(rows, *, least=LEAST):
    """{ronde: {factor: Count or None}}; None where fewer than `least` teachers held the gesprekken it is about. Pure.

    A gesprek without a teacher is nobody's, and is left out.
    """
    counted, teachers = defaultdict(Count), defaultdict(set)
    rondes = {}
    for row in rows:
        if not row.teachers:
            continue
        rondes[row.ronde] = True
        for factor, sign in row.ten.items():
            if sign != Sign.NOT_APPLICABLE:
                counted[row.ronde, factor] += Count(int(sign == Sign.SEEN), int(sign == Sign.PARTLY), 1)
                teachers[row.ronde, factor] |= row.teachers
    return {
        ronde: {
            factor: counted[ronde, factor] if len(teachers[ronde, factor]) >= least else None for factor in BY_NUMBER
        }
        for ronde in rondes
    }


def together(counts, rondes):
    """{factor: Count or None} of several rondes: only what each of them may show itself. Pure."""
    found = {}
    for factor in BY_NUMBER:
        shown = [counts[ronde][factor] for ronde in rondes if ronde in counts and counts[ronde][factor] is not None]
        found[factor] = sum(shown, Count()) if shown else None
    return found


# --- from the tables -------------------------------------------------------------------------------------------------


def is_over(ronde, now):
    """Numbers come when nothing is expected any more; else two looks at a page tell of the gesprek in between."""
    return last_day(ronde) < timezone.localtime(now).date()


def rows_of(rondes):
    """A Seen for every gesprek of these rondes that was held. A fixed number of queries."""
    held = Gesprek.objects.filter(ronde__in=[ronde.pk for ronde in rondes], held_on__isnull=False, cancelled_at=None)
    known, teachers = facts.facts_of(held), facts.teachers_of(held)
    for pk, ronde in held.order_by().values_list("pk", "ronde"):
        if pk in known:  # one that was held since we began to look comes next time
            yield Seen(ronde, teachers.get(pk, frozenset()), signs.ten(known[pk]))


def of_rondes(schooljaar, *, now):
    """{ronde.pk: {factor: Count or None}} of the rondes of this year that are over and had a gesprek.

    Counted once a day: looking twice on one day tells nothing of what was changed in between, and costs nothing.
    """
    over = [ronde for ronde in Ronde.objects.filter(schooljaar=schooljaar) if is_over(ronde, now)]
    if not over:
        return {}
    key = f"evidence-1-{schooljaar.pk}-{timezone.localtime(now).date()}-{len(over)}"
    if (kept := cache.get(key)) is None:
        counts = per_ronde(rows_of(over))
        kept = {
            ronde: {factor: count and astuple(count) for factor, count in told.items()}
            for ronde, told in counts.items()
        }
        cache.set(key, kept, timeout=A_DAY)
    return {
        ronde: {factor: numbers and Count(*numbers) for factor, numbers in told.items()} for ronde, told in kept.items()
    }


def of_year(schooljaar, *, now):
    """{factor: Count or None} of a school year."""
    counts = of_rondes(schooljaar, now=now)
    return together(counts, counts)


def of_ronde(ronde, *, now):
    """{factor: Count or None} of one ronde; all None while it is not over."""
    return together(of_rondes(ronde.schooljaar, now=now) if is_over(ronde, now) else {}, [ronde.pk])
