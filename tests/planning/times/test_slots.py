"""Windows become slots by wall clock, also in the two weeks in which the clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.times.slots import Window, buckets, joined, lay_out, without

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def clocks(laid):
    return [f"{start:%H:%M}-{end:%H:%M}" for start, end in laid]


def test_an_hour_holds_four_quarters():
    laid = lay_out([Window(date(2026, 11, 24), time(19), time(20))], minutes=15, buffer=0, zone=AMSTERDAM)
    assert clocks(laid) == ["19:00-19:15", "19:15-19:30", "19:30-19:45", "19:45-20:00"]


def test_a_buffer_stands_between_conversations_but_not_after_the_last():
    laid = lay_out([Window(date(2026, 11, 24), time(19), time(20))], minutes=15, buffer=5, zone=AMSTERDAM)
    assert clocks(laid) == ["19:00-19:15", "19:20-19:35", "19:40-19:55"]


@pytest.mark.parametrize("on", [date(2026, 10, 23), date(2026, 10, 26), date(2027, 3, 26), date(2027, 3, 29)])
def test_seven_in_the_evening_stays_seven_around_the_clock_change(on):
    (start, _), *_rest = lay_out([Window(on, time(19), time(20))], minutes=15, buffer=0, zone=AMSTERDAM)
    assert start.astimezone(AMSTERDAM).strftime("%d %H:%M") == f"{on.day:02d} 19:00"


def test_in_the_night_the_clock_goes_forward_the_missing_hour_holds_nothing():
    laid = lay_out([Window(date(2027, 3, 28), time(1), time(4))], minutes=30, buffer=0, zone=AMSTERDAM)
    assert clocks(laid) == ["01:00-01:30", "01:30-02:00", "03:00-03:30", "03:30-04:00"]
    assert all(end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=30) for start, end in laid)


def test_in_the_night_the_clock_goes_back_no_conversation_lasts_an_hour_too_long():
    laid = lay_out([Window(date(2026, 10, 25), time(1), time(4))], minutes=30, buffer=0, zone=AMSTERDAM)
    assert all(end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=30) for start, end in laid)


windows_of_a_day = st.lists(
    st.tuples(st.integers(8 * 12, 20 * 12), st.integers(1, 36)).map(
        lambda pair: Window(
            date(2026, 11, 24),
            time(pair[0] // 12, pair[0] % 12 * 5),
            time((pair[0] + pair[1]) // 12, (pair[0] + pair[1]) % 12 * 5),
        )
    ),
    max_size=5,
)


@given(windows_of_a_day, st.sampled_from([5, 10, 15, 20, 45]), st.sampled_from([0, 5, 15]))
def test_slots_never_overlap_and_always_lie_in_a_window(windows, minutes, buffer):
    laid = lay_out(windows, minutes=minutes, buffer=buffer, zone=AMSTERDAM)
    for (_, end), (start, _) in zip(laid, laid[1:], strict=False):
        assert start - end >= timedelta(minutes=buffer)
    for start, end in laid:
        assert end - start == timedelta(minutes=minutes)
        assert any(w.starts <= start.time() and end.time() <= w.ends for w in windows)


def test_a_conversation_touches_every_five_minutes_it_lasts():
    start = datetime(2026, 11, 24, 19, 0, tzinfo=AMSTERDAM)
    assert len(buckets(start, start + timedelta(minutes=15))) == 3
    assert len(buckets(start + timedelta(minutes=2), start + timedelta(minutes=12))) == 3


def test_a_pause_cuts_a_window_in_two_or_shortens_it():
    window = Window(on=date(2026, 11, 24), starts=time(15), ends=time(17))
    pause = Window(on=date(2026, 11, 24), starts=time(15, 30), ends=time(16))
    late = Window(on=date(2026, 11, 24), starts=time(16, 30), ends=time(18))
    elsewhere = Window(on=date(2026, 11, 25), starts=time(15), ends=time(17))
    left = without([window], [pause, late, elsewhere])
    assert [(w.starts, w.ends) for w in left] == [(time(15), time(15, 30)), (time(16), time(16, 30))]
    assert without([pause], [window]) == []


def test_windows_that_touch_are_one_stretch():
    first = Window(on=date(2026, 11, 24), starts=time(15), ends=time(16))
    second = Window(on=date(2026, 11, 24), starts=time(16), ends=time(17))
    apart = Window(on=date(2026, 11, 24), starts=time(18), ends=time(19))
    assert [(w.starts, w.ends) for w in joined([apart, second, first])] == [
        (time(15), time(17)),
        (time(18), time(19)),
    ]
