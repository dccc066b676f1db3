"""Gesprekken one after another for somebody who comes from outside, with the least waiting. Pure."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

AT_MOST = 8  # gesprekken in one row: two hours of a quarter each, and what an exact search does in a moment


@dataclass(frozen=True)
class Option:
    """One time one gesprek could have; `until` is when the next can begin."""

    gesprek: int
    slot: int
    on: date
    starts: datetime
    until: datetime


def in_a_row(options):
    """As many of the gesprekken as fit one after another on one day, as Options by time; then the least waiting, then the
    earliest. Exact: for each beginning the earliest end of every set of gesprekken. At most AT_MOST gesprekken,
    each of one length whatever the time.
    """
    days = defaultdict(list)
    for option in sorted(options, key=lambda o: (o.starts, o.gesprek, o.slot)):
        days[option.on].append(option)
    rows = [row for on in sorted(days) for row in _rows_of(days[on])]
    return list(min(rows, key=lambda row: (-len(row), waiting(row), row[0].starts), default=()))


def waiting(row):
    """How long the one who comes waits between the gesprekken of this row."""
    return sum((after.starts - before.until for before, after in zip(row, row[1:], strict=False)), timedelta())


def _rows_of(options):
    """For every beginning of this day the row of each set of gesprekken that ends first."""
    for begin in sorted({option.starts for option in options}):
        best = {}
        for option in options:
            if option.starts < begin:
                continue
            own = frozenset([option.gesprek])
            for done, row in [(frozenset(), ()), *best.items()]:
                follows = row[-1].until <= option.starts if row else option.starts == begin
                if not follows or option.gesprek in done:
                    continue
                now = done | own
                if now not in best or option.until < best[now][-1].until:
                    best[now] = (*row, option)
        yield from best.values()
