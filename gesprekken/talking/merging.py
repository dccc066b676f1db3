"""Two people type in one text: both texts become one, by lines, or it is said that they cannot. Pure."""

from difflib import SequenceMatcher

MOST_LINES = 500  # comparing takes the square of it; a longer text with both ends alike is shown, not merged


class Clash(Exception):
    """Both changed the same line: only a person can say what it should be."""


def holds(longer, shorter):
    """Whether every word of `shorter` stands in `longer`, in that order; a word may have been typed on."""
    words = iter(longer.split())
    return all(any(there.startswith(word) for there in words) for word in shorter.split())


def merge(base, stored, typed):
    """What was stored and what was typed as one text. `base` is what the page was made from; None: not known.

    Raises Clash where the same line of the base was changed in two ways.
    """
    if typed in (stored, base):
        return stored
    if stored == base:
        return typed
    if not base:  # not known, or both wrote the first words
        return "\n".join(_both(stored.split("\n"), typed.split("\n"))) if stored and typed else stored or typed
    return "\n".join(_three_ways(base.split("\n"), stored.split("\n"), typed.split("\n")))


def _changes(old, new):
    """[(first line, line after the last, the lines instead)] that lead from the one to the other."""
    if max(len(old), len(new)) > MOST_LINES:
        raise Clash
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(a, b, new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _clash(one, other):
    """Whether two changes touch a line both, or the one puts words amid what the other takes away."""
    return one[0] < other[1] and other[0] < one[1]


def _three_ways(base, stored, typed):
    theirs, mine = _changes(base, stored), _changes(base, typed)
    mine = [change for change in mine if change not in theirs]
    if any(_clash(one, other) for one in theirs for other in mine):
        raise Clash
    # At the same place what was stored comes first, and words that are put in come before words that are replaced.
    ordered = sorted([(a, b, 0, new) for a, b, new in theirs] + [(a, b, 1, new) for a, b, new in mine])
    lines, at = [], 0
    for first, after, _whose, new in ordered:
        lines += base[at:first] + new
        at = max(at, after)
    return lines + base[at:]


def _both(stored, typed):
    """Every line of both. Of a line that was typed on only the longest form stays."""
    if max(len(stored), len(typed)) > MOST_LINES:
        raise Clash
    lines = []
    for _tag, a, b, c, d in SequenceMatcher(None, stored, typed, autojunk=False).get_opcodes():
        theirs, mine = stored[a:b], typed[c:d]
        lines += [line for line in theirs if line in mine or not any(holds(one, line) for one in mine)]
        lines += [line for line in mine if not any(holds(one, line) for one in theirs)]
    return lines
