"""From bytes to plain rows, for all files of one import together."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from school.importers import edexml, guardians, results
from school.importers.columns import MissingColumns
from school.importers.remarks import Remarks, Unreadable

FILES = ("edexml", "guardians", "results")
MAX_BYTES = 10 * 1024 * 1024  # an EDEXML of the largest school is about 2 MB
COLUMNS = {"guardians": guardians.COLUMNS, "results": results.COLUMNS}


@dataclass
class Reading:
    names: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    remarks: Remarks = field(default_factory=Remarks)
    samples: dict = field(default_factory=dict)
    unmapped: dict = field(default_factory=dict)  # what -> MissingColumns: somebody has to say which is which


def read_files(files, *, today, mappings=None):
    """Read {what: (name, bytes)} into a Reading. Never raises for what is in a file."""
    reading = Reading()
    for what in FILES:
        if what not in files:
            continue
        name, data = files[what]
        reading.names[what] = name
        remarks = reading.remarks.about(name)
        try:
            check_size(data)
            read_one(what, data, reading, today, (mappings or {}).get(what))
        except Unreadable as refusal:
            remarks.error(refusal.message, refusal.line)
        except MissingColumns as missing:
            reading.unmapped[what] = missing
    return reading


def check_size(data):
    if not data.strip():
        raise Unreadable(_("Dit bestand is leeg."))
    if len(data) > MAX_BYTES:
        raise Unreadable(_("Dit bestand is groter dan 10 MB. Zo groot is een export van een school niet."))


def short_day(iso):
    return date.fromisoformat(iso).strftime("%d-%m-%Y")


def without_zeros(score):
    """51.00 as 51 and 51.50 as 51,5."""
    text = str(score or "")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def read_one(what, data, reading, today, mapping):
    if what == "edexml":
        rows = edexml.read(data, reading.remarks, today=today)
        people = [(row["line"], edexml.label(row)) for row in rows["pupils"]]
        columns = [_("naam")]
    elif what == "guardians":
        rows, table = guardians.read(data, reading.remarks, mapping=mapping)
        people = [(row["line"], row.get("roepnaam", ""), row.get("voorvoegsel", ""), row["achternaam"]) for row in rows]
        columns = [_("roepnaam"), _("voorvoegsel"), _("achternaam")]
    else:
        rows, table = results.read(data, reading.remarks, mapping=mapping, today=today)
        people = [
            (
                row["line"],
                row["vak"],
                row["toets"],
                short_day(row["afname"]),
                without_zeros(row["vaardigheidsscore"]),
                row["niveau"],
            )
            for row in rows
        ]
        columns = [_("vak"), _("toets"), _("afname"), _("score"), _("niveau")]
    reading.rows[what] = rows
    reading.samples[what] = {
        "columns": columns,
        "rows": sample(people),
        "encoding": "XML" if what == "edexml" else table.encoding,
    }


def sample(people, size=6):
    """A few rows to look at, those with letters outside plain ASCII first: there a wrong encoding shows."""
    special = [row for row in people if any(not str(cell).isascii() for cell in row[1:])]
    plain = [row for row in people if row not in special[:size]] if len(special) < size else []
    return sorted((special + plain)[:size])
