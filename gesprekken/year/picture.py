"""The year as a picture: bars over months, a row per group. Geometry only; the drawing is a template (SVG)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gesprekken.year.entries import ACTIVITEIT, ADVIES, RONDE, VRIJ, for_whom
from school.templatetags.house import in_words

WIDTH, LABELS = 1180, 168  # the whole, and what the names on the left take
LANE, PADDING = 20, 3  # height of one bar, and the air around it
TOP = 44  # the names of the months, and ‘today’ below them
SMALLEST_BAR = 14  # a bar of one day still holds its number
LABEL_LENGTH = 22  # longer names are cut in the picture; the table has them whole


@dataclass(frozen=True)
class Bar:
    number: int
    entry: object
    x: float
    y: float
    width: float
    title: str
    height: int = LANE - 2 * PADDING + 4

    @property
    def middle(self):
        return self.x + self.width / 2

    @property
    def baseline(self):
        return self.y + self.height - 4


@dataclass
class Row:
    name: str
    y: float
    height: float
    bars: list = field(default_factory=list)

    @property
    def label(self):
        return self.name if len(self.name) <= LABEL_LENGTH else f"{self.name[: LABEL_LENGTH - 1]}…"

    @property
    def baseline(self):
        return self.y + self.height / 2 + 4.5


@dataclass(frozen=True)
class Band:
    x: float
    width: float
    title: str


@dataclass(frozen=True)
class Mark:
    x: float
    title: str


@dataclass(frozen=True)
class Label:
    x: float
    name: str


@dataclass
class Picture:
    width: int
    height: float
    months: list
    rows: list
    bands: list
    activities: list
    moments: list
    today: float | None
    numbers: dict  # entry key to its number in the picture
    title: str
    description: str

    @property
    def bottom(self):
        return self.height - 6

    @property
    def band_height(self):
        return self.bottom - 24

    @property
    def today_label_x(self):
        return self.today - 27


class Ruler:
    """Where a day stands between the left and right edge of the year."""

    def __init__(self, schooljaar):
        self.first, self.last = schooljaar.starts_on, schooljaar.ends_on
        self.per_day = (WIDTH - LABELS - 8) / ((self.last - self.first).days + 1)

    def x(self, day):
        clamped = min(max(day, self.first), self.last + timedelta(days=1))
        return round(LABELS + (clamped - self.first).days * self.per_day, 1)

    def span(self, entry):
        """x and width; the last day counts whole."""
        x, end = self.x(entry.starts_on), self.x(entry.ends_on + timedelta(days=1))
        return x, round(end - x, 1)

    def months(self):
        day = self.first.replace(day=1)
        while day <= self.last:
            yield Label(self.x(max(day, self.first)), in_words(day, "LLL").rstrip("."))
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def lanes(spans):
    """For each span the first lane in which it overlaps nothing before it, as a list of lane numbers."""
    ends, chosen = [], []
    for x, width in spans:
        lane = next((n for n, end in enumerate(ends) if end <= x), len(ends))
        ends[lane:] = [x + width + 1, *ends[lane + 1 :]]
        chosen.append(lane)
    return chosen


def draw(schooljaar, entries, groepen, today):
    """The picture of a school year with these entries."""
    ruler = Ruler(schooljaar)
    rondes = [entry for entry in entries if entry.sort == RONDE]
    numbers = {entry.key: number for number, entry in enumerate(rondes, 1)}
    has_moments = any(entry.sort == ADVIES for entry in entries)
    activities = [e for e in entries if e.sort == ACTIVITEIT]
    y = TOP
    rows = []
    for name, mine in rows_of(rondes, groepen):
        row, y = draw_row(name, mine, ruler, numbers, y)
        rows.append(row)
    fixed = (bool(activities) + has_moments) * (LANE + 8)
    inside = schooljaar.starts_on <= today <= schooljaar.ends_on
    return Picture(
        width=WIDTH,
        height=y + fixed + 8,
        months=list(ruler.months()),
        rows=rows,
        bands=[Band(*ruler.span(e), f"{e.name}, {e.when}") for e in entries if e.sort == VRIJ],
        activities=draw_marks(activities, ruler, y + (LANE + 8) / 2),
        moments=draw_moments(entries, ruler, y + bool(activities) * (LANE + 8) + (LANE + 8) / 2),
        today=ruler.x(today) if inside else None,
        numbers=numbers,
        title=_("Het schooljaar %(year)s in beeld") % {"year": schooljaar},
        description=describe(rondes, groepen, activities),
    )


def rows_of(rondes, groepen):
    """(name, rondes) per group; one row for all while the year has no groups yet."""
    if not groepen:
        return [(_("alle groepen"), rondes)]
    return [(groep.name, [e for e in rondes if not e.groepen or groep.pk in e.groepen]) for groep in groepen]


def draw_row(name, rondes, ruler, numbers, y):
    spans = []
    for entry in rondes:
        x, width = ruler.span(entry)
        spans.append((x, max(width, SMALLEST_BAR)))
    chosen = lanes(spans)
    height = LANE * (max(chosen, default=0) + 1) + 4
    row = Row(name, y, height)
    for entry, (x, width), lane in zip(rondes, spans, chosen, strict=True):
        row.bars.append(
            Bar(numbers[entry.key], entry, x, y + 2 + lane * LANE + 1, width, f"{entry.name}, {entry.when}")
        )
    return row, y + height


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    title: str

    @property
    def line(self):
        return self.y - (LANE + 8) / 2

    @property
    def baseline(self):
        return self.y + 4.5

    @property
    def points(self):
        return f"{self.x},{self.y - 7} {self.x + 7},{self.y} {self.x},{self.y + 7} {self.x - 7},{self.y}"


def draw_marks(activities, ruler, y):
    return [
        Dot(round(ruler.x(e.starts_on) + ruler.per_day / 2, 1), y, f"{e.name}, {e.when} {e.times}".strip())
        for e in activities
    ]


@dataclass(frozen=True)
class Moment:
    x: float
    y: float
    width: float
    text: str
    anchor: str
    title: str

    @property
    def text_x(self):
        return self.x - 5 if self.anchor == "end" else self.x + self.width + 5

    @property
    def baseline(self):
        return self.y + 4.5

    @property
    def line(self):
        return self.y - (LANE + 8) / 2

    @property
    def top(self):
        return self.y - 8


def draw_moments(entries, ruler, y):
    """The three advice moments; the two spring days stand close together, so their words go to either side."""
    texts = {
        "voorlopig": (_("voorlopig advies"), "end"),
        "uitslag": (_("uitslag"), "end"),
        "definitief": (_("definitief advies"), "start"),
    }
    moments = []
    for entry in (e for e in entries if e.sort == ADVIES):
        x, width = ruler.span(entry)
        text, anchor = texts[entry.code]
        moments.append(Moment(x, y, max(width, 4), text, anchor, f"{entry.label}, {entry.when}"))
    return moments


def describe(rondes, groepen, activities):
    parts = [f"{n}. {e.name}: {e.when}, {for_whom(e, groepen)}" for n, e in enumerate(rondes, 1)]
    counts = _("%(rondes)s gespreksrondes en %(activities)s andere activiteiten voor %(groepen)s groepen.") % {
        "rondes": len(rondes),
        "activities": len(activities),
        "groepen": len(groepen),
    }
    return " ".join([counts, "; ".join(parts)]).strip()


def tables_of(entries, groepen, picture):
    """What the template's tables show; on the page and on paper the same."""

    def rows(*sorts):
        return [
            {"entry": e, "who": for_whom(e, groepen), "number": picture.numbers.get(e.key)}
            for e in entries
            if e.sort in sorts
        ]

    return {
        "ronde_rows": rows(RONDE),
        "other_rows": rows(ACTIVITEIT, ADVIES),
        "free_rows": rows(VRIJ),
    }
