"""The signs of many gesprekken added up: how many of how many. Never a mean, never a grade, never per group.

A ronde is the smallest thing that is counted, and per factor it counts only from five teachers on. A kind and a school
year are the sum of the rondes that count themselves, so that no view minus another tells of fewer than five
(docs/decisions/0097-signs-and-five-teachers.md).
"""

from collections import Counter, defaultdict
from dataclasses import astuple, dataclass

from django.core.cache import cache
from django.utils import timezone

from gesprekken.afterwards.feedback import last_day
from gesprekken.afterwards.pupils import present_year
from gesprekken.models import Gesprek, Ronde
from gesprekken.year.factors import BY_NUMBER
from kijkwijzer.evidence import facts, signs
from kijkwijzer.evidence.signs import Sign
from school.models import School

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
    signs, teachers = {}, defaultdict(set)
    for row in rows:
        if not row.teachers:
            continue
        of_ronde = signs.setdefault(row.ronde, defaultdict(Counter))
        for factor, sign in row.ten.items():
            of_ronde[factor][sign] += 1
            if sign is not Sign.NOT_APPLICABLE:
                teachers[row.ronde, factor] |= row.teachers
    return {
        ronde: {
            factor: _count_of(told[factor]) if len(teachers[ronde, factor]) >= least else None for factor in BY_NUMBER
        }
        for ronde, told in signs.items()
    }


def _count_of(signs):
    return Count(signs[Sign.SEEN], signs[Sign.PARTLY], signs.total() - signs[Sign.NOT_APPLICABLE])


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


def counted(schooljaar, *, now):
    """({ronde.pk: {factor: Count or None}}, when it was counted) of the rondes of this year that are over and had a
    gesprek.

    Counted once a day: looking twice on one day tells nothing of what was changed in between, and costs nothing. What is
    kept is of one school year, so of one school; it is numbers, the same for each reader and in each language.
    """
    over = [ronde for ronde in Ronde.objects.filter(schooljaar=schooljaar) if is_over(ronde, now)]
    if not over:
        return {}, now
    key = f"evidence-2-{schooljaar.pk}-{timezone.localtime(now).date()}-{len(over)}"
    if (kept := cache.get(key)) is None:
        counts = per_ronde(rows_of(over))
        numbers = {
            ronde: {factor: count and astuple(count) for factor, count in told.items()}
            for ronde, told in counts.items()
        }
        kept = numbers, now
        cache.set(key, kept, timeout=A_DAY)
    numbers, counted_at = kept
    counts = {
        ronde: {factor: count and Count(*count) for factor, count in told.items()} for ronde, told in numbers.items()
    }
    return counts, counted_at


def of_rondes(schooljaar, *, now):
    """{ronde.pk: {factor: Count or None}} of the rondes of this year that are over and had a gesprek."""
    return counted(schooljaar, now=now)[0]


def lay_ready(*, now):
    """Count the present year of every school, so that nobody waits for the first look of the day. Returns how many."""
    today = timezone.localtime(now).date()
    years = [year for school in School.objects.all() if (year := present_year(school, today))]
    for year in years:
        counted(year, now=now)
    return len(years)


def of_year(schooljaar, *, now):
    """{factor: Count or None} of a school year."""
    counts = of_rondes(schooljaar, now=now)
    return together(counts, counts)


def of_ronde(ronde, *, now):
    """{factor: Count or None} of one ronde; all None while it is not over."""
    return together(of_rondes(ronde.schooljaar, now=now) if is_over(ronde, now) else {}, [ronde.pk])
