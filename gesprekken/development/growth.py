"""The growth line of one vak: skill scores over the tests, with the school's own norm bands. Geometry only."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.development.columns import columns_of, place, unbroken
from school.templatetags.house import full_day

HEIGHT, TOP = 220, 26  # of the part in which scores stand, and the air above it
READABLE = 13  # a band lower than this has no room for its name
NAME_LENGTH = 4


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    text: str
    title: str

    @property
    def rect_x(self):
        return self.x - 6

    @property
    def rect_y(self):
        return self.y - 6

    @property
    def label_y(self):
        return round(self.y - 12, 1)


@dataclass(frozen=True)
class Band:
    x: float
    y: float
    width: float
    height: float
    name: str
    is_even: bool
    title: str

    @property
    def label(self):
        short = self.name if len(self.name) <= NAME_LENGTH else f"{self.name[: NAME_LENGTH - 1]}…"
        return short if self.height >= READABLE else ""

    @property
    def label_x(self):
        return self.x + 3

    @property
    def label_y(self):
        return round(self.y + self.height / 2 + 4, 1)


@dataclass
class Growth:
    key: str
    title: str
    description: str
    width: int
    height: float
    bottom: float
    scale: list  # (y, where the number stands, number)
    ticks: list
    points: list
    lines: list
    bands: list

    @property
    def label_y(self):
        return self.bottom + 18


class Scale:
    """Where a score stands between the lowest and highest that is shown."""

    def __init__(self, values):
        low, high = min(values), max(values)
        air = max((high - low) * 0.12, 2)
        self.low, self.high = low - air, high + air
        self.bottom = TOP + HEIGHT

    def y(self, value):
        value = min(max(value, self.low), self.high)
        return round(self.bottom - (value - self.low) / (self.high - self.low) * HEIGHT, 1)

    def marks(self):
        """Round numbers, some five of them."""
        rough = (self.high - self.low) / 5
        size = 10 ** math.floor(math.log10(rough))
        step = next(n * size for n in (1, 2, 5, 10) if n * size >= rough)
        first = math.ceil(self.low / step)
        numbers = [n * step for n in range(first, math.floor(self.high / step) + 1)]
        return [(self.y(number), self.y(number) + 4, f"{number:g}") for number in numbers]


def plain(score):
    """A score as a teacher writes it: no zeros behind, a comma before the rest."""
    return f"{score:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def draw(results, *, vak, name, key, bands=None):
    """The Growth of these results of one vak, or None where there is no score. `bands`: {step: [(name, low, high)]}."""
    scored = [result for result in results if result.score is not None]
    if not scored:
        return None
    columns, bands = columns_of(results), bands or {}
    results_shown = [column.result for column in columns if column.result is not None]
    values = [float(result.score) for result in results_shown if result.score is not None]
    if not values:
        return None
    ends = [end for column in columns for _n, *both in bands.get(column.moment, []) for end in both if end is not None]
    scale = Scale(values + [float(end) for end in ends])
    ticks, width = place(columns)
    has_score = {tick for tick in ticks if tick.column.result is not None and tick.column.result.score is not None}
    return Growth(
        key=key,
        title=_("Groeilijn %(vak)s van %(name)s") % {"vak": vak, "name": name},
        description=describe(scored, bands),
        width=width,
        height=scale.bottom + 28,
        bottom=scale.bottom,
        scale=scale.marks(),
        ticks=ticks,
        points=[point_of(tick, scale) for tick in ticks if tick in has_score],
        lines=[
            " ".join(f"{tick.middle},{scale.y(float(tick.column.result.score))}" for tick in run)
            for run in unbroken(ticks, lambda tick: tick in has_score)
        ],
        bands=[band for tick in ticks for band in bands_of(tick, bands.get(tick.column.moment, []), scale)],
    )


def point_of(tick, scale):
    result = tick.column.result
    title = f"{tick.column.name}, {full_day(result.taken_on)}: {plain(result.score)}"
    return Point(tick.middle, scale.y(float(result.score)), plain(result.score), title)


def bands_of(tick, bands, scale):
    for number, (name, low, high) in enumerate(bands):
        top = TOP if high is None else scale.y(float(high))
        bottom = scale.bottom if low is None else scale.y(float(low))
        if bottom > top:
            title = f"{tick.column.name} {name}: {band_in_words(low, high)}"
            yield Band(tick.x, top, tick.width, round(bottom - top, 1), name, number % 2 == 0, title)


def band_in_words(low, high):
    if low is None:
        return _("lager dan %(high)s") % {"high": plain(high)}
    if high is None:
        return _("vanaf %(low)s") % {"low": plain(low)}
    return _("%(low)s tot %(high)s") % {"low": plain(low), "high": plain(high)}


def describe(results, bands):
    parts = [
        ngettext("%(count)s toets.", "%(count)s toetsen.", len(results)) % {"count": len(results)},
        "; ".join(f"{result.toets}: {plain(result.score)}" for result in results) + ".",
    ]
    if bands:
        parts.append(_("Achter de lijn staan de banden die de school zelf gebruikt."))
    return " ".join(parts)
