"""Which columns a table of ours has, the headers other systems give them, and what stands in a cell."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from school.importers.tables import header_key


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    aliases: tuple = ()
    needed: bool = False

    @property
    def keys(self):
        return {header_key(name) for name in (self.name, *self.aliases)}


class MissingColumns(Exception):
    """The headers do not tell which columns these are; somebody has to say so."""

    def __init__(self, table, missing, chosen):
        self.headers, self.missing, self.chosen = table.headers, missing, chosen
        self.example = table.rows[0][1] if table.rows else [""] * len(table.headers)
        super().__init__(", ".join(column.name for column in missing))


def known_keys(columns):
    return {key for column in columns for key in column.keys}


def match(table, columns, mapping, remarks):
    """{column name: position}. `mapping` {column name: header} comes before what we recognise ourselves."""
    keys = [header_key(header) for header in table.headers]
    found = {}
    if not all(header in table.headers for header in mapping.values() if header):
        mapping = {}  # told about another file
    for column in columns:
        wanted = mapping.get(column.name)
        if wanted is not None:
            if wanted:
                found[column.name] = table.headers.index(wanted)
            continue
        spots = [spot for spot, key in enumerate(keys) if key and key in column.keys]
        if len(spots) > 1:
            remarks.error(
                _("Er zijn twee kolommen voor %(name)s: %(first)s en %(second)s. Haal er een weg.")
                % {"name": column.label, "first": table.headers[spots[0]], "second": table.headers[spots[1]]},
                1,
            )
        if spots:
            found[column.name] = spots[0]
    missing = [column for column in columns if column.needed and column.name not in found]
    if missing:
        raise MissingColumns(table, missing, {name: table.headers[spot] for name, spot in found.items()})
    return found


YES = {"ja", "j", "yes", "y", "waar", "true", "1", "x"}
NO = {"nee", "n", "neen", "no", "onwaar", "false", "0"}


def yes_or_no(text):
    """True, False, or None for a cell that is empty. Raises ValueError for anything else."""
    word = text.lower()
    if word not in YES | NO | {""}:
        raise ValueError(text)
    return None if not word else word in YES


def to_date(text):
    """An ISO or Dutch date (d-m-jjjj); a time behind it is dropped. Raises ValueError."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d.*)?", text)
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    dutch = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: \d.*)?", text)
    if dutch:
        return date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
    raise ValueError(text)


def to_score(text):
    """A number with a decimal comma or point and at most two decimals. Raises ValueError: 1.234 could be two things."""
    number = re.fullmatch(r"(-?\d{1,6})(?:[.,](\d{1,2}))?", text)
    if not number:
        raise ValueError(text)
    return Decimal(f"{number[1]}.{number[2] or '0'}").quantize(Decimal("0.01"))
