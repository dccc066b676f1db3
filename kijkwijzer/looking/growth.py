"""How look backs develop over time: per cluster and per factor, never across versions that do not compare."""

from dataclasses import dataclass

from kijkwijzer.instrument import comparable
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Terugblik


@dataclass(frozen=True)
class Moment:
    """One look back in the line: whose look it was, and the means it gave."""

    terugblik: Terugblik
    result: looking_back.Result

    @property
    def is_own(self):
        return self.terugblik.mode == Terugblik.Mode.SELF

    def of_factor(self, number):
        return next((f for cluster in self.result.clusters for f in cluster.factors if f.number == number), None)

    def of_cluster(self, code):
        return next((cluster.mean for cluster in self.result.clusters if cluster.code == code), None)


@dataclass(frozen=True)
class Line:
    """Moments from old to new, on one instrument or on versions that say they compare; `left_out` are the others."""

    moments: tuple[Moment, ...]
    left_out: int

    @property
    def own(self):
        return tuple(moment for moment in self.moments if moment.is_own)


@dataclass(frozen=True)
class Change:
    """A factor at its first and its latest moment in the line; the same one where it was filled in once."""

    factor: object
    first: float
    latest: float
    times: int


def line_of(newest_first):
    """The Line of these saved look backs: the newest says what it is compared with."""
    rows = list(newest_first)
    kept = [row for row in rows if comparable(rows[0].instrument, row.instrument)]
    moments = [Moment(row, looking_back.result_of(row)) for row in reversed(kept)]
    return Line(tuple(moments), len(rows) - len(kept))


def changes(moments, outline):
    """A Change for each factor that these moments filled in, in the order of the instrument."""
    found = []
    for factor in outline.factors:
        scored = [moment.of_factor(factor.number) for moment in moments]
        means = [score.mean for score in scored if score and score.mean is not None]
        if means:
            found.append(Change(factor, means[0], means[-1], len(means)))
    return found
