"""A small table that somebody pastes or types: lines of cells, and one sentence for every line that cannot be read."""

import hashlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from school.importers.tables import is_formula

MAX_LINES = 500  # a school has some two hundred bands per vak at the most
MAX_MARKS = 20  # after so many sentences the rest is of the same kind


class StaleLines(Exception):
    """Somebody else set other lines since this page was made; nothing was changed."""


def mark_of(text):
    """A mark of the lines as they are set, to tell whether they changed since a page was made."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass
class Pasted:
    """What was read, and what could not be: [(number of the line or None, sentence)]."""

    rows: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    def say(self, number, sentence):
        if len(self.wrong) < MAX_MARKS:
            self.wrong.append((number, sentence))


def cells_of(text, pasted):
    """(number, cells) of every line with something on it; a tab or a semicolon stands between two cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        pasted.say(None, _("Dit zijn te veel regels: hoogstens %(count)s.") % {"count": MAX_LINES})
        return
    for number, line in enumerate(lines, 1):
        cells = [" ".join(cell.split()) for cell in line.split("\t" if "\t" in line else ";")]
        while cells and not cells[-1]:
            cells.pop()
        if not any(cells):
            continue
        if any(is_formula(cell) and not cell.lstrip("-").replace(",", "").replace(".", "").isdigit() for cell in cells):
            pasted.say(number, _("Hier staat iets dat Excel als formule leest. Plak alleen de waarden."))
            continue
        yield number, cells
