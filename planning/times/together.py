"""Brothers and sisters back to back: which free times go together with the least waiting. Pure, no database."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LATER_DAY = 600  # a family that comes back on a later day counts as waiting ten hours more, at the same clock time
MOST = 6  # proposals on one page: more is no longer a choice on a phone
SPREAD = 30  # another day or hour may cost this many minutes of waiting more than the best, and is still worth showing
MIN = 3  # with fewer that are about as good, what waits longer is shown too
CLOSE = 15  # minutes more waiting that still count as right before or after a brother or sister
WIDTH = 64  # half-made combinations kept per step; every one of them up to six children


@dataclass(frozen=True)
class Offer:
    """A free time for one child: local and aware, `ends` as long as this gesprek takes."""

    key: Hashable
    starts: datetime
    ends: datetime
    teacher: Hashable = None


@dataclass(frozen=True)
class Proposal:
    """One time for every child, (child, Offer) in the order of the day, and how many minutes the family waits."""

    talks: tuple[tuple[Hashable, Offer], ...]
    waiting: int

    @property
    def starts(self):
        return self.talks[0][1].starts

    @property
    def days(self):
        return sorted({offer.starts.date() for _child, offer in self.talks})


def waiting(times: Iterable[tuple[datetime, datetime]]) -> int:
    """Minutes a family waits between (start, end) pairs in local time; the one measure page, plan and proof share.

    From the first start to the last start, less the conversations before the last; each later day counts LATER_DAY
    minutes more at the same clock time.
    """
    ordered = sorted(times)
    if len(ordered) < 2:
        return 0
    first, last = ordered[0][0], ordered[-1][0]
    span = LATER_DAY * (last.date() - first.date()).days + minute_of_day(last) - minute_of_day(first)
    return span - sum(minutes(ends - starts) for starts, ends in ordered[:-1])


def minute_of_day(moment):
    return moment.hour * 60 + moment.minute


def minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def propose(
    offers: Mapping[Hashable, Iterable[Offer]], *, walking: int = 0, buffer: int = 0, most: int = MOST
) -> list[Proposal]:
    """The best combinations of one time per child, spread over days and hours, in order of time; at most `most`.

    `walking`: minutes the family needs between two gesprekken; `buffer`: minutes one teacher needs between two.
    Nothing when a child has no time at all. More than one day only where no single day has room for all.
    """
    lines = {child: sorted(times, key=lambda offer: offer.starts) for child, times in offers.items()}
    if not lines or not all(lines.values()):
        return []
    found = {}
    for child, line in lines.items():
        for offer in line:
            made = complete(child, offer, lines, walking=walking, buffer=buffer)
            best = found.get(offer.starts)
            if made and (best is None or made.waiting < best.waiting):
                found[offer.starts] = made
    on_one_day = [proposal for proposal in found.values() if len(proposal.days) == 1]
    return spread(on_one_day or list(found.values()), most) if found else []


def complete(child, offer, lines, *, walking, buffer):
    """The shortest way through one time of every other child after this one, or None.

    Of two ways past the same children the one that ends first is never worse: the rest can only start later.
    """
    ways = {(frozenset([child]), offer.teacher): ((child, offer),)}
    for _step in range(len(lines) - 1):
        longer = {}
        for (done, _teacher), way in ways.items():
            for other in lines.keys() - done:
                following = next_after(way[-1][1], lines[other], walking=walking, buffer=buffer)
                if following is None:
                    continue
                at = (done | {other}, following.teacher)
                if at not in longer or following.ends < longer[at][-1][1].ends:
                    longer[at] = (*way, (other, following))
        ways = dict(sorted(longer.items(), key=lambda item: item[1][-1][1].ends)[:WIDTH])
    if not ways:
        return None
    talks = min(ways.values(), key=lambda way: way[-1][1].ends)
    return Proposal(talks, waiting((talk.starts, talk.ends) for _child, talk in talks))


def next_after(offer, line, *, walking, buffer):
    """The first time in this line the family can reach after `offer`, and its teacher too."""
    reached = offer.ends + timedelta(minutes=walking)
    for following in line[bisect_left(line, reached, key=lambda other: other.starts) :]:
        same = following.teacher is not None and following.teacher == offer.teacher
        if not same or following.starts >= offer.ends + timedelta(minutes=buffer):
            return following
    return None


def clash(talks, *, walking=0, buffer=0):
    """The first two children of (child, Offer) pairs whose times cannot follow each other, or None."""
    ordered = sorted(talks, key=lambda talk: talk[1].starts)
    for (child, offer), (other, following) in zip(ordered, ordered[1:], strict=False):
        if next_after(offer, [following], walking=walking, buffer=buffer) is None:
            return child, other
    return None


def spread(proposals, most):
    """At most `most`, in order of time: first the best of every hour, then of every half hour, then what is next best.

    As long as they are about as good as the best, and taking turns between the days.
    """
    ordered = sorted(proposals, key=lambda proposal: (proposal.waiting, proposal.starts))
    good = [p for p in ordered if p.waiting <= ordered[0].waiting + SPREAD]
    chosen = []
    for grain in (60, 30, 1):
        fresh = one_per(grain, good, beside=chosen)
        chosen = over_days(fresh, chosen, most)
    chosen += [proposal for proposal in ordered if proposal not in chosen][: max(0, MIN - len(chosen))]
    return sorted(chosen, key=lambda proposal: (proposal.starts, proposal.waiting))


def one_per(grain, proposals, *, beside):
    """The best of every `grain` minutes in which `beside` has none yet."""
    places = {place_of(proposal, grain) for proposal in beside}
    fresh = []
    for proposal in proposals:
        if (place := place_of(proposal, grain)) not in places:
            places.add(place)
            fresh.append(proposal)
    return fresh


def place_of(proposal, grain):
    return proposal.starts.date(), minute_of_day(proposal.starts) // grain


def over_days(proposals, chosen, most):
    """`chosen` and, up to `most`, proposals: turn by turn one of every day, each at the hour farthest from those there."""
    days, chosen = {}, list(chosen)
    for proposal in proposals:
        days.setdefault(proposal.starts.date(), []).append(proposal)
    while any(days.values()) and len(chosen) < most:
        for line in filter(None, days.values()):
            if len(chosen) < most:
                chosen.append(line.pop(line.index(max(line, key=lambda proposal: distance(proposal, chosen)))))
    return chosen


def distance(proposal, others):
    """Minutes between the hour of this proposal and the nearest of the others', whatever the day."""
    hour = minute_of_day(proposal.starts)
    return min((abs(hour - minute_of_day(other.starts)) for other in others), default=0)


def nearest(offers, others, *, walking=0, most=3):
    """Of one child's offers those right before or after times that stand already, as (start, end) pairs; of one day."""
    close = []
    for offer in offers:
        same_day = [times for times in others if times[0].date() == offer.starts.date()]
        waits = waiting([(offer.starts, offer.ends), *same_day]) - waiting(same_day) if same_day else CLOSE + 1
        if waits <= CLOSE + walking:
            close.append((waits, offer.starts, offer))
    return [offer for _waits, _starts, offer in sorted(close, key=lambda item: item[:2])[:most]]
