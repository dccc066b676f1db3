"""Windows become slots: pure, by wall clock, so that an evening stays an evening after the clock change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BUCKET = timedelta(minutes=5)  # the grain of the school's time; durations, buffers and windows are multiples of it


@dataclass(frozen=True)
class Window:
    """A stretch of one local day in which somebody can talk."""

    on: date
    starts: time
    ends: time


def lay_out(windows: Iterable[Window], *, minutes: int, buffer: int, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The conversations of `minutes` that fit in the windows, `buffer` minutes apart, as aware (start, end) pairs.

    Sorted and without overlap, also where windows overlap. What would not last `minutes` in real time, because the
    clock changes in it, is left out.
    """
    laid = []
    for window in sorted(windows, key=lambda w: (w.on, w.starts)):
        at = datetime.combine(window.on, window.starts)
        end_of_window = datetime.combine(window.on, window.ends)
        if laid:
            free_from = (laid[-1][1] + timedelta(minutes=buffer)).astimezone(zone).replace(tzinfo=None)
            at = max(at, free_from) if free_from.date() == window.on else at
        while at + timedelta(minutes=minutes) <= end_of_window:
            starts, ends = at.replace(tzinfo=zone), (at + timedelta(minutes=minutes)).replace(tzinfo=zone)
            if is_real(starts, zone) and ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(minutes=minutes):
                laid.append((starts, ends))
            at += timedelta(minutes=minutes + buffer)
    return laid


def joined(windows: Iterable[Window]) -> list[Window]:
    """The same stretches of time in order, touching and overlapping windows made one."""
    together: list[Window] = []
    for window in sorted(windows, key=lambda w: (w.on, w.starts)):
        last = together[-1] if together else None
        if last and last.on == window.on and window.starts <= last.ends:
            together[-1] = Window(on=last.on, starts=last.starts, ends=max(last.ends, window.ends))
        else:
            together.append(window)
    return together


def without(windows: Iterable[Window], pauses: Iterable[Window]) -> list[Window]:
    """The windows with the pauses cut out of them."""
    pieces = list(windows)
    for pause in pauses:
        pieces = [piece for window in pieces for piece in cut(window, pause)]
    return pieces


def cut(window: Window, pause: Window) -> list[Window]:
    """What is left of a window around a pause: none, one or two pieces."""
    if window.on != pause.on or pause.ends <= window.starts or window.ends <= pause.starts:
        return [window]
    pieces = [
        Window(on=window.on, starts=window.starts, ends=pause.starts),
        Window(on=window.on, starts=pause.ends, ends=window.ends),
    ]
    return [piece for piece in pieces if piece.starts < piece.ends]


def meet(some: Iterable[Window], others: Iterable[Window], *, minutes: int) -> bool:
    """Whether two people have `minutes` in common somewhere."""
    others = list(others)
    return any(
        a.on == b.on and _minute(min(a.ends, b.ends)) - _minute(max(a.starts, b.starts)) >= minutes
        for a in some
        for b in others
    )


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def is_real(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether this wall-clock time exists: 02:30 does not, in the night the clock goes forward."""
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None)


def buckets(starts: datetime, ends: datetime) -> list[datetime]:
    """The five-minute buckets that `[starts, ends)` touches, in UTC."""
    at = starts.astimezone(UTC)
    at -= timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    touched = []
    while at < ends.astimezone(UTC):
        touched.append(at)
        at += BUCKET
    return touched
