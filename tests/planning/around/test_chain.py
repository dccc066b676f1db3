"""Gesprekken one after another with the least waiting: exact, and pure."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planning.around.chain import Option, in_a_row, waiting

DAY = date(2026, 11, 24)


def option(gesprek, minute, length=15, on=DAY):
    starts = datetime(on.year, on.month, on.day, 15) + timedelta(minutes=minute)
    return Option(gesprek, slot=gesprek * 1000 + minute, on=on, starts=starts, until=starts + timedelta(minutes=length))


def minutes(row):
    return [(o.gesprek, int((o.starts - datetime(o.on.year, o.on.month, o.on.day, 15)).seconds / 60)) for o in row]


def test_nothing_in_nothing_out():
    assert in_a_row([]) == []


def test_the_row_without_waiting_wins_from_the_earlier_one():
    options = [option(1, 0), option(2, 30), option(1, 60), option(2, 75)]
    assert minutes(in_a_row(options)) == [(1, 60), (2, 75)]


def test_more_gesprekken_go_before_less_waiting():
    options = [option(1, 0), option(2, 15), option(3, 120)]
    assert minutes(in_a_row(options)) == [(1, 0), (2, 15), (3, 120)]


def test_a_longer_gesprek_is_not_overlapped():
    options = [option(1, 0, length=30), option(2, 15), option(2, 30)]
    assert minutes(in_a_row(options)) == [(1, 0), (2, 30)]


def test_one_day_holds_the_whole_row():
    other = date(2026, 11, 25)
    options = [option(1, 0), option(2, 0, on=other), option(1, 60, on=other), option(3, 0)]
    assert {o.on for o in in_a_row(options)} == {other}


def brute(options):
    """Every row there is: the most gesprekken, then the least waiting."""
    best = [(0, timedelta())]

    def further(row, left):
        best.append((-len(row), waiting(row)))
        for o in left:
            if all(o.gesprek != other.gesprek for other in row) and (not row or row[-1].until <= o.starts):
                further([*row, o], [x for x in left if x.on == o.on])

    further([], options)
    return min(best)


OPTIONS = st.builds(
    lambda gesprek, quarter: option(gesprek, quarter * 15, length=30 if gesprek % 2 else 15),
    st.integers(1, 4),
    st.integers(0, 8),
)


@given(st.lists(OPTIONS, max_size=9))
def test_no_row_is_longer_or_waits_less(options):
    row = in_a_row(options)
    assert (-len(row), waiting(row)) == brute(options)
    assert all(a.until <= b.starts for a, b in zip(row, row[1:], strict=False))
    assert len({o.gesprek for o in row}) == len(row)
