"""What a team may see of the scores of its members. Pure: who scored what in, numbers out that single nobody out (K4).

The rules and why they are enough: docs/decisions/0095-what-a-team-picture-shows.md. A picture is made once and kept as
the numbers that were shown; whatever a page shows later is chosen among those numbers, never counted again.
"""

from dataclasses import dataclass
from decimal import Decimal
from statistics import pstdev

from kijkwijzer import scoring

FEW = 5  # a number stands for at least so many people
SMALLEST = 2  # a team; also when everybody chose to be open
CLOSE, APART = 0.5, 1.0  # of the standard deviation: below the first close together, from the second far apart


@dataclass(frozen=True)
class Finisher:
    """One who said she was ready: the mean of what she filled in, per factor that she saw anything of."""

    person: int
    is_open: bool
    means: dict[int, float]


def isolates(people):
    """Whether a difference that holds exactly these people would tell about fewer than five."""
    return 0 < len(people) < FEW


def reason_against(finishers):
    """Why there can be no picture of these people yet: 'too_few', or None."""
    everybody_open = all(each.is_open for each in finishers)
    return None if len(finishers) >= (SMALLEST if everybody_open else FEW) else "too_few"


def spread(values):
    """How far people are apart, in three steps only: the extremes themselves would show a single person."""
    deviation = pstdev(values)
    return "close" if deviation < CLOSE else "some" if deviation < APART else "wide"


def fix(finishers, earlier):
    """The picture of these people, as it is kept from now on. `earlier`: of every earlier picture of the same version
    of the same film {factor: the people whose scores are in it}.

    A factor is left out when fewer than five saw something of it (unless all in the picture are open), and when beside
    an earlier picture it would tell about one to four people.
    """
    everybody_open = all(each.is_open for each in finishers)
    factors = {}
    for number in sorted({number for each in finishers for number in each.means}):
        values = {each.person: each.means[number] for each in finishers if number in each.means}
        people = set(values)
        if isolates(people) and not everybody_open:
            continue
        before = [old[number] for old in earlier if number in old]
        if any(isolates(people - old) or isolates(old - people) for old in before):
            continue
        factors[str(number)] = {
            "mean": str(scoring.rounded(scoring.mean(values.values()))),
            "spread": spread(list(values.values())),
            "few": isolates(people),
            "of": len(people),
        }
    return {"people": len(finishers), "small": len(finishers) < FEW, "factors": factors}


def with_who_is_gone(people, row):
    """The people behind a factor of a kept picture, also those whose scores were erased since: they are in its mean."""
    return people | {("gone", number) for number in range(row.get("of", 0) - len(people))}


@dataclass(frozen=True)
class Shown:
    """What a page may show of one factor."""

    mean: Decimal
    spread: str


def shown(kept, still_open):
    """{factor: Shown} of a kept picture; None when nothing may be shown (any more).

    `still_open`: everybody in it is open now. Whoever takes that back takes back all that hung on it.
    """
    if not kept or (kept["small"] and not still_open):
        return None
    return {
        int(number): Shown(Decimal(row["mean"]), row["spread"])
        for number, row in kept["factors"].items()
        if still_open or not row["few"]
    }


def cluster_means(structure, numbers):
    """{cluster: mean of the factors that are shown}: made of what everybody sees already, so it tells nothing more."""
    found = {}
    for code, factors in structure:
        means = [numbers[number].mean for number, _codes in factors if number in numbers]
        found[code] = scoring.rounded(sum(means) / len(means)) if means else None
    return found


@dataclass(frozen=True)
class Picture:
    """A picture that was shown: of which film, at what occasion, which version, and its numbers."""

    film: str
    occasion: str
    part: str
    numbers: dict[int, Shown]
    sitting: object = None
    at: object = None


def chosen(pictures, *, film="", occasion="", part="", factors=None):
    """The pictures that a filter leaves, each with the factors that were asked for. Whole pictures only, side by side;
    nothing is added up over pictures, so no filter makes a number that was not shown before."""
    left = []
    for each in pictures:
        if film in ("", each.film) and occasion in ("", each.occasion) and part in ("", each.part):
            numbers = {n: row for n, row in each.numbers.items() if factors is None or n in factors}
            left.append(Picture(each.film, each.occasion, each.part, numbers, each.sitting, each.at))
    return left
