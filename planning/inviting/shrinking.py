"""How the number of families nobody heard from goes down, day by day: counted from what happened, drawn by the server."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from gesprekken.models import Deelname
from planning.models import Booking, ContactAttempt, Invitation
from school.models import AuditEvent
from school.templatetags.house import day, short_day

WIDTH, HEIGHT = 380, 190  # as wide as a phone, so that the words keep their size
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 20, 26
MOST_DAYS = 60  # the last ones; a bar that is thinner says nothing
DATES_BELOW = 4
THIN = 18  # narrower bars carry no number of their own


# --- counting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    on: object  # a date
    waiting: int
    total: int


def per_day(families, *, last):
    """[Day] from the first invitation until `last`: how many were invited by then, of whom nobody had heard that evening.

    `families`: (invited on, heard on or None) as local dates, one per gesprek. Who was heard from once, stays so.
    """
    if not families:
        return []
    on = min(invited for invited, _heard in families)
    days = []
    while on <= last:
        invited = [heard for invited_on, heard in families if invited_on <= on]
        days.append(Day(on, sum(heard is None or heard > on for heard in invited), len(invited)))
        on += timedelta(days=1)
    return days[-MOST_DAYS:]


def families_of(ronde, gesprekken):
    """(invited on, heard on or None) of these gesprekken (a QuerySet) of the ronde. A fixed number of queries."""
    zone = ronde.school.zone
    invited, heard = {}, {}
    standing = gesprekken.filter(cancelled_at__isnull=True)
    rows = Invitation.objects.filter(gesprek__in=standing.values("pk"))
    for pk, at in rows.values_list("gesprek", "created_at"):
        invited[pk] = min(invited.get(pk, at), at)
    for pk, at in _signs(ronde, list(invited)):
        heard[pk] = min(heard.get(pk, at), at)
    return [
        (at.astimezone(zone).date(), heard[pk].astimezone(zone).date() if pk in heard else None)
        for pk, at in invited.items()
    ]


def _signs(ronde, pks):
    """(gesprek id, moment) of everything that says that somebody was heard from, in no order.

    A time that was cancelled later, a call that was made and a wish that was changed are signs too: so also the trace.
    """
    yield from Booking.objects.filter(gesprek__in=pks).values_list("gesprek", "created_at")
    spoken = ContactAttempt.objects.filter(gesprek__in=pks, outcome=ContactAttempt.Outcome.SPOKEN)
    yield from spoken.values_list("gesprek", "at")
    asked = Invitation.objects.filter(gesprek__in=pks)
    for field in ("call_me_at", "none_suits_at"):
        yield from asked.exclude(**{field: None}).values_list("gesprek", field)
    asking = AuditEvent.objects.filter(verb__in=["ask_for_call", "say_none_suits"], object_type="gesprekken.gesprek")
    yield from asking.filter(school=ronde.school_id, object_id__in=pks).values_list("object_id", "at")
    theirs = defaultdict(list)
    for person, pk in Deelname.objects.filter(gesprek__in=pks, as_role=Deelname.As.OUDER).values_list(
        "person", "gesprek"
    ):
        theirs[person].append(pk)
    wished = AuditEvent.objects.filter(verb="give_wishes", object_type="gesprekken.ronde", object_id=ronde.pk)
    for detail, at in wished.values_list("detail", "at"):
        yield from ((pk, at) for pk in theirs[detail["person"]])


# --- the picture -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    day: Day
    x: float
    y: float
    width: float
    height: float
    is_last: bool

    @property
    def middle(self):
        return round(self.x + self.width / 2, 1)

    @property
    def number_y(self):
        return round(self.y - 5, 1)

    @property
    def shows_number(self):
        return self.width >= THIN or self.is_last


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    bars: list
    dates: list  # of some bars: (x, word)
    floor: float
    ceiling: float
    most: int
    title: str
    description: str

    @property
    def days(self):
        return [bar.day for bar in reversed(self.bars)]

    @property
    def date_y(self):
        return self.height - 8


def draw(days):
    """The picture of these days, or None where there is nothing to see yet."""
    if not days:
        return None
    most = max(1, max(each.waiting for each in days))
    floor, high = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    step = (WIDTH - LEFT - RIGHT) / max(len(days), 7)
    bars = []
    for number, each in enumerate(days):
        height = round(high * each.waiting / most, 1)
        x, y = round(LEFT + number * step + step * 0.1, 1), round(floor - height, 1)
        bars.append(Bar(each, x, y, round(step * 0.8, 1), height, number == len(days) - 1))
    every = max(2, -(-len(bars) // DATES_BELOW))
    return Picture(
        width=WIDTH,
        height=HEIGHT,
        bars=bars,
        dates=[(bar.middle, short_day(bar.day.on)) for bar in bars[::every]],
        floor=floor,
        ceiling=TOP,
        most=most,
        title=_("Van hoeveel gezinnen hoorden we nog niets?"),
        description=_describe(days),
    )


def _describe(days):
    first, last = days[0], days[-1]
    sentence = _("Op %(last)s zijn het er %(now)s van de %(total)s.")
    if first is not last:
        sentence = _("Op %(first)s waren het er %(before)s, op %(last)s zijn het er %(now)s van de %(total)s.")
    about = {"first": day(first.on), "before": first.waiting, "last": day(last.on)}
    return sentence % {**about, "now": last.waiting, "total": last.total}


def picture_of(ronde, gesprekken, *, today):
    """The picture of this ronde until today, or until it was closed."""
    closed = ronde.closed_at.astimezone(ronde.school.zone).date() if ronde.closed_at else today
    return draw(per_day(families_of(ronde, gesprekken), last=min(closed, today)))
