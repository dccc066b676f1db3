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
