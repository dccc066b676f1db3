"""The tests of one vak side by side, in the order in which they were taken; what was skipped is an empty column."""

from dataclasses import dataclass

from school.levels import STEPS, read_moment

MAX_COLUMNS = 16  # a picture holds no more; the table below it does
LABEL_LENGTH = 5  # of a test that names no moment
LEFT, RIGHT, SMALLEST, NARROWEST = 46, 14, 420, 36  # of the picture, in its own units


@dataclass(frozen=True)
class Column:
    """A moment with its result; without one it was skipped, or (`is_ahead`) still has to come."""

    name: str
    moment: int | None
    result: object = None
    is_ahead: bool = False

    @property
    def label(self):
        return self.name if len(self.name) <= LABEL_LENGTH else f"{self.name[: LABEL_LENGTH - 1]}…"


@dataclass(frozen=True, eq=False)
class Tick:
    """A column where it stands in the picture."""

    column: Column
    x: float
    width: float

    @property
    def middle(self):
        return round(self.x + self.width / 2, 1)


def in_order(results):
    return sorted(results, key=lambda result: (result.taken_on, read_moment(result.toets) or 0, result.toets))


def columns_of(results, *, until=None):
    """The Columns of these results of one vak; `until` adds the moments that still have to come, up to that step."""
    found, last = [], None
    for result in in_order(results):
        moment = read_moment(result.toets)
        if moment is not None and last is not None and moment > last + 1:
            found += [Column(STEPS[step], step) for step in range(last + 1, moment)]
        found.append(Column(result.toets if moment is None else STEPS[moment], moment, result))
        last = last if moment is None else moment
    if until is not None and last is not None:
        found += [Column(STEPS[step], step, is_ahead=True) for step in range(last + 1, until + 1)]
    return found[-MAX_COLUMNS:]


def place(columns, right=RIGHT):
    """(Ticks, width of the whole picture)"""
    width = max(NARROWEST, (SMALLEST - LEFT - right) / max(len(columns), 1))
    width = min(width, 90)
    ticks = [Tick(column, round(LEFT + number * width, 1), round(width, 1)) for number, column in enumerate(columns)]
    return ticks, max(SMALLEST, round(LEFT + width * len(columns) + right))


def unbroken(ticks, holds):
    """The lines to draw: runs of two and more neighbouring ticks for which `holds`. Where one is missing is a gap."""
    runs, run = [], []
    for tick in ticks:
        if holds(tick):
            run.append(tick)
        elif run:
            runs.append(run)
            run = []
    return [run for run in [*runs, run] if len(run) > 1]
