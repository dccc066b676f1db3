"""What a functioning level and a test moment look like: M3 is the middle of group 3, E8 the end of group 8.

A level may span two steps (M6/E6) or lie outside what the test can measure (<M3, >E8). What does not look like that is
no level here: it is kept as it was written and said, never guessed.
"""

import re
from dataclasses import dataclass

STEPS = tuple(f"{half}{year}" for year in range(3, 9) for half in "ME")
BELOW, ABOVE = "<", ">"
STEP = r"([ME])\s?([3-8])"
LEVEL = re.compile(rf"(?:([<>])\s?)?{STEP}|{STEP}\s?[/\-\u2013]\s?{STEP}")
MOMENT = re.compile(rf"(?<![A-Z0-9]){STEP}(?![A-Z0-9])")


@dataclass(frozen=True)
class Level:
    """Numbers of the lowest and highest step in STEPS; `bound` is '<' or '>' where it lies beyond that step."""

    low: int
    high: int
    bound: str = ""

    @property
    def middle(self):
        return (self.low + self.high) / 2


def read_level(text):
    """The Level of what was written, or None when it is not one."""
    found = LEVEL.fullmatch(" ".join(text.upper().split()))
    if found is None:
        return None
    bound, half, year, first, first_year, last, last_year = found.groups()
    if half:
        step = STEPS.index(half + year)
        return Level(step, step, bound or "")
    low, high = sorted([STEPS.index(first + first_year), STEPS.index(last + last_year)])
    return Level(low, high)


def read_moment(text):
    """The step of a test by its name ('M5', 'Rekenen 3.0 M5'), as a number in STEPS; None when it names none, or two."""
    found = {half + year for half, year in MOMENT.findall(text.upper())}
    return STEPS.index(found.pop()) if len(found) == 1 else None
