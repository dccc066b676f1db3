"""The advice levels in their order, as data. Pure: nothing is asked of the database."""

import functools
import tomllib
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "adviesniveaus.toml"


@functools.cache
def levels():
    """From low to high."""
    with FILE.open("rb") as file:
        return tuple(tomllib.load(file)["levels"])


def rank(level):
    """The place in the order, or None for a level that is not in it."""
    return levels().index(level) if level in levels() else None


def is_higher(level, than):
    """Whether `level` stands above `than`; None where one of the two is not in the list, for nobody can say then."""
    if rank(level) is None or rank(than) is None:
        return None
    return rank(level) > rank(than)
