"""From scores to means. Pure: numbers in, numbers out.

The source gives a scale and no sums; these are ours (K5): a factor is the mean of its filled items, a cluster the mean
of its factors, so that a factor with four items does not outweigh one with a single item.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean


@dataclass(frozen=True)
class FactorScore:
    number: int
    mean: float | None
    filled: int
    asked: int
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True)
class ClusterScore:
    code: str
    mean: float | None
    factors: tuple[FactorScore, ...]

    @property
    def lowest(self):
        """The lowest score given on any of its items: the spread is that of what was filled in, not of the means."""
        return min((f.lowest for f in self.factors if f.lowest is not None), default=None)

    @property
    def highest(self):
        return max((f.highest for f in self.factors if f.highest is not None), default=None)

    @property
    def filled(self):
        return sum(factor.filled for factor in self.factors)

    @property
    def asked(self):
        return sum(factor.asked for factor in self.factors)


def mean(values):
    """The mean of what was filled in; None when nothing was. Empty and 'nvt' are None and left out, never a zero."""
    filled = [value for value in values if value is not None]
    return fmean(filled) if filled else None


def rounded(value):
    """A mean with one decimal, rounded as people do by hand: 2.25 is 2.3. None stays None."""
    return None if value is None else Decimal(str(round(value, 6))).quantize(Decimal("0.1"), ROUND_HALF_UP)


def score_factor(number, codes, values):
    found = [value for code in codes if (value := values.get(code)) is not None]
    return FactorScore(number, mean(found), len(found), len(codes), min(found, default=None), max(found, default=None))


def score_clusters(structure, values):
    """ClusterScores for `structure` (cluster, ((factor, item codes), ...)) and `values` {item code: 1-5 or None}."""
    clusters = []
    for code, factors in structure:
        scored = tuple(score_factor(number, codes, values) for number, codes in factors)
        clusters.append(ClusterScore(code, mean(factor.mean for factor in scored), scored))
    return tuple(clusters)


def to_practise(clusters):
    """The number of the factor with the lowest mean, the first in order where several are; None without scores."""
    scored = [factor for cluster in clusters for factor in cluster.factors if factor.mean is not None]
    return min(scored, key=lambda factor: (factor.mean, factor.number)).number if scored else None


def furthest_apart(one, other, least=1.0):
    """[(factor number, mean of one, mean of the other)] where two look backs differ by `least` or more, most first.

    Only factors that both filled in; equals keep the order of the instrument.
    """
    theirs = {factor.number: factor.mean for cluster in other for factor in cluster.factors}
    pairs = [(f.number, f.mean, theirs.get(f.number)) for cluster in one for f in cluster.factors]
    apart = [row for row in pairs if None not in row and abs(row[1] - row[2]) >= least]
    return sorted(apart, key=lambda row: -abs(row[1] - row[2]))
