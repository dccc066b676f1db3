"""What a question of the leadership is answered with: one sentence, one picture, one table, and where to go on."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column of the table. `number` columns stand right and are numbers in the workbook too."""

    name: str
    number: bool = False


@dataclass(frozen=True)
class Step:
    """What to do about it: a sentence, and the page where that is done."""

    sentence: str
    url: str


def lines(table, most=None):
    """The rows of an Answer or a Table as [[(cell, Column)]], at most so many. Pure."""
    return [list(zip(row, table.columns, strict=True)) for row in table.rows[:most]] if table else []


@dataclass(frozen=True)
class Table:
    """A second table under the first, such as who it is about. The page shows its first rows, the workbook all."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple, ...]


@dataclass(frozen=True)
class Answer:
    """One question, answered for one school year. Counts are always "how many of how many", never a grade.

    `picture` is an SVG with title and description that says nothing the table does not say; None where there is nothing
    to draw. `note` says what is left out and why, such as fewer than five teachers. No cell holds what was said about a
    child.
    """

    slug: str
    question: str
    said: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple, ...] = ()
    picture: str | None = None
    steps: tuple[Step, ...] = field(default=())
    note: str = ""
    also: Table | None = None

    @property
    def is_empty(self):
        return not self.rows
