"""The practice films: data of the source. They are watched where their owners keep them; here they are only named."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "films.toml"


@dataclass(frozen=True)
class Film:
    """A fragment of 1 to 4 minutes that exists twice: first "liever niet zo", then "zo kan het ook"."""

    code: str
    kind: str
    level: str
    pupil: str

    def __str__(self):
        return f"{self.kind}, {self.level}"


@cache
def _content():
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def catalogue():
    """Every film, in the order of the source."""
    return tuple(Film(**row) for row in _content()["films"])


def by_kind():
    """[(kind of conversation, its films)]"""
    kinds = dict.fromkeys(film.kind for film in catalogue())
    return [(kind, [film for film in catalogue() if film.kind == kind]) for kind in kinds]


def film_of(code):
    """The film with this code, or None."""
    return next((film for film in catalogue() if film.code == code), None)


def owner():
    """(who keeps the films, where one asks for access)"""
    return _content()["owner"], _content()["link"]
