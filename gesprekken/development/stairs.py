"""The OPP-trap of one vak: a staircase of functioning levels, and where the pupil stood at each test. Geometry only.

The step at M5 is level M5. A mark stands at the level that was given, whatever it is made of: round where it is one
step, long where it spans two, a triangle where it lies beyond what the test measures. Nothing is drawn further than
what is there; the routes are the school's own numbers.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.development.columns import RIGHT, columns_of, place, unbroken
from gesprekken.development.levels import level_in_words, rungs_for
from school.levels import ABOVE, BELOW, STEPS, read_level, read_moment
from school.templatetags.house import full_day

ROW, TOP = 26, 26  # height of a step, and the air above the highest
DASHES = ("7 4", "2 4", "10 3 2 3", "14 5", "4 2 1 2", "1 3", "9 2 2 2 2 2")
BADGE = 18  # between the numbers of routes that end on the same step


@dataclass(frozen=True)
class Mark:
    """Where the pupil stood: `shape` is round, long, below or above."""

    x: float
    y: float
    top: float
    shape: str
    text: str
    title: str

    @property
    def height(self):
        return round(self.y - self.top + 16, 1)

    @property
    def rect_y(self):
        return self.top - 8

    @property
    def rect_x(self):
        return self.x - 8

    @property
    def points(self):
        """Of the triangle: pointing to where it lies."""
        way = 1 if self.shape == "below" else -1
        return f"{self.x - 9},{self.y - way * 7} {self.x + 9},{self.y - way * 7} {self.x},{self.y + way * 9}"

    @property
    def label_y(self):
        return round(self.top - 13, 1)


@dataclass(frozen=True)
class Tread:
    """The step of one moment: as wide as its column, as high as the level of that moment."""

    x: float
    y: float
    width: float
    height: float

    @property
    def end(self):
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class Route:
    """A route of secondary education: the levels that belong to it, as the school sets them."""

    number: int
    name: str
    dash: str
    lines: list  # of points
    dots: list  # (left, top, title) of a small square
    badge: tuple  # (x, y) of its number
    levels: list  # (moment, level) as written

    @property
    def badge_text_y(self):
        return self.badge[1] + 4


@dataclass
class Stairs:
    key: str
    title: str
    description: str
    width: int
    height: float
    bottom: float
    rungs: list  # (y, where its name stands, name)
    treads: list
    ticks: list
    marks: list
    unread: list  # (x, text): a level we do not know
    lines: list
    routes: list = field(default_factory=list)

    @property
    def outline(self):
        """The upper side of the steps, going up from each to the next where they touch; the path of one line."""
        path, end = [], None
        for tread in self.treads:
            touches = end is not None and abs(tread.x - end) < 1
            path.append(f"V{tread.y}H{tread.end}" if touches else f"M{tread.x} {tread.y}H{tread.end}")
            end = tread.end
        return "".join(path)

    @property
    def label_y(self):
        return self.bottom + 18

    @property
    def unread_y(self):
        return self.bottom - 8


class Scale:
    def __init__(self, rungs):
        self.rungs = rungs
        self.bottom = TOP + len(rungs) * ROW

    def y(self, step):
        """Height of a step; halves lie between two."""
        return round(self.bottom - (step - self.rungs[0] + 1) * ROW + ROW / 2, 1)


def level_of(result):
    return read_level(result.functioneringsniveau) if result is not None else None


def draw(results, *, vak, name, key, route_levels=()):
    """The Stairs of these results of one vak, or None where no level was given. `route_levels`: {route: {step: text}}."""
    if not any(result.functioneringsniveau for result in results):
        return None
    routes = [(route, readable(levels)) for route, levels in dict(route_levels).items()]
    last = max((max(levels) for _route, levels in routes if levels), default=None)
    columns = columns_of(results, until=last)
    levels = [level for column in columns if (level := level_of(column.result))]
    levels += [level for _route, of in routes for level in of.values()]
    moments = [column.moment for column in columns if column.moment is not None]
    scale = Scale(rungs_for(levels, moments) or [0])
    ticks, width = place(columns, RIGHT + BADGE * (len(routes) + 1) if routes else RIGHT)
    marks = [mark_of(tick, scale) for tick in ticks if level_of(tick.column.result)]
    return Stairs(
        key=key,
        title=_("OPP-trap %(vak)s van %(name)s") % {"vak": vak, "name": name},
        description=describe(results, routes),
        width=width,
        height=scale.bottom + 28,
        bottom=scale.bottom,
        rungs=[(scale.y(step), scale.y(step) + 5, STEPS[step]) for step in scale.rungs],
        treads=[tread_of(tick, scale) for tick in ticks if tick.column.moment is not None],
        ticks=ticks,
        marks=marks,
        unread=[
            (tick.middle, tick.column.result.functioneringsniveau)
            for tick in ticks
            if tick.column.result is not None and tick.column.result.functioneringsniveau and not level_of(tick.column.result)
        ],
        lines=[
            " ".join(f"{tick.middle},{scale.y(level_of(tick.column.result).middle)}" for tick in run)
            for run in unbroken(ticks, lambda tick: level_of(tick.column.result) is not None)
        ],
        routes=draw_routes(routes, route_levels, ticks, scale),
    )  # fmt: skip


def readable(levels):
    return {step: level for step, text in levels.items() if (level := read_level(text))}


def tread_of(tick, scale):
    y = scale.y(tick.column.moment)
    return Tread(tick.x, y, tick.width, round(scale.bottom - y, 1))


def mark_of(tick, scale):
    result, level = tick.column.result, level_of(tick.column.result)
    shape = {BELOW: "below", ABOVE: "above"}.get(level.bound) or ("round" if level.low == level.high else "long")
    title = f"{tick.column.name}, {full_day(result.taken_on)}: {result.functioneringsniveau} ({level_in_words(level)})"
    y, top = scale.y(level.low), scale.y(level.high)
    return Mark(tick.middle, y, top, shape, result.functioneringsniveau, title)


def draw_routes(routes, given, ticks, scale):
    drawn, ends = [], {}
    for number, (name, levels) in enumerate(routes, 1):
        mine = [tick for tick in ticks if tick.column.moment in levels]
        if not mine:
            continue
        points = {tick: (tick.middle, scale.y(levels[tick.column.moment].middle)) for tick in mine}
        x, y = points[mine[-1]]
        ends[x, y] = ends.get((x, y), 0) + 1
        drawn.append(
            Route(
                number=number,
                name=name,
                dash=DASHES[(number - 1) % len(DASHES)],
                lines=[
                    " ".join(f"{points[tick][0]},{points[tick][1]}" for tick in run)
                    for run in unbroken(ticks, lambda tick, points=points: tick in points)
                ],
                dots=[
                    (
                        points[tick][0] - 3,
                        points[tick][1] - 3,
                        f"{name}, {tick.column.name}: {given[name][tick.column.moment]}",
                    )
                    for tick in mine
                ],
                badge=(round(x + BADGE * ends[x, y], 1), y),
                levels=[(STEPS[step], text) for step, text in sorted(given[name].items())],
            )
        )
    return drawn


def describe(results, routes):
    """Everything the picture shows, as a sentence."""
    given = [result for result in results if result.functioneringsniveau]
    parts = [
        ngettext("%(count)s toets.", "%(count)s toetsen.", len(given)) % {"count": len(given)},
        "; ".join(f"{result.toets}: {result.functioneringsniveau}" for result in given) + ".",
    ]
    if any(read_level(result.functioneringsniveau) is None for result in given):
        parts.append(_("Een niveau dat wij niet kennen, staat alleen in de tabel."))
    if routes:
        names = ", ".join(f"{number} {name}" for number, (name, _levels) in enumerate(routes, 1))
        parts.append(_("Routes zoals de school ze kent: %(names)s.") % {"names": names})
    return " ".join(parts)


def moment_name(result):
    """'M5' for a test that says so in its name, else the name of the test."""
    step = read_moment(result.toets)
    return result.toets if step is None else STEPS[step]
