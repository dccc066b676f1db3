"""Reads results from the pupil tracking system: one row per pupil, subject, test and day."""

import re

from django.utils.translation import gettext as _

from school.importers import tables
from school.importers.columns import Column, known_keys, match, to_date, to_score
from school.levels import read_level

COLUMNS = (
    Column("leerling_key", "sleutel van de leerling", ("leerlingkey", "leerlingnummer", "leerling", "leerlingid", "llnr", "leerlingnr", "stamnummer"), needed=True),
    Column("vak", "vak", ("vakgebied", "leergebied", "onderdeel"), needed=True),
    Column("toets", "toets", ("toetscode", "toetsnaam", "naam toets"), needed=True),
    Column("afname", "datum van afname", ("afnamedatum", "datum", "toetsdatum", "datum afname"), needed=True),
    Column("vaardigheidsscore", "vaardigheidsscore", ("score", "vs", "vaardigheids score")),
    Column("niveau", "niveau", ("niveauscore", "niveau i-v", "niveauwaarde")),
    Column("functioneringsniveau", "functioneringsniveau", ("functieniveau", "fn", "dle niveau", "didactisch niveau")),
)  # fmt: skip
LABELS = {column.name: column.label for column in COLUMNS}
LONGEST = {"leerling_key": 256, "vak": 60, "toets": 30, "niveau": 5, "functioneringsniveau": 10}
NIVEAU = re.compile(r"(?:I|II|III|IV|V|[A-E])[+-]?")


def read(data, remarks, *, mapping=None, today):
    """Plain rows. Raises Unreadable or MissingColumns."""
    table = tables.read(data, remarks, known_keys(COLUMNS))
    places = match(table, COLUMNS, mapping or {}, remarks)
    rows = []
    for line, cells in table.rows:
        row = read_row({name: cells[place] for name, place in places.items()}, line, remarks, today)
        if row:
            rows.append(row)
    return rows, table


def read_row(cells, line, remarks, today):
    sound = True
    for name, text in cells.items():
        about = {"header": LABELS[name], "text": text[:40]}
        if not tables.check_damage(text, LABELS[name], line, remarks):
            sound = False
        elif name != "vaardigheidsscore" and tables.is_formula(text):
            remarks.error(_('Bij %(header)s staat iets dat Excel als formule leest: "%(text)s".') % about, line)
            sound = False
        elif len(text) > LONGEST.get(name, 40):
            remarks.error(_('Bij %(header)s staat te veel: "%(text)s".') % about, line)
            sound = False
        elif not text and name in ("leerling_key", "vak", "toets", "afname"):
            remarks.error(_("Hier ontbreekt: %(header)s.") % about, line)
            sound = False
    if not sound:
        return None
    row = {"line": line, **{name: cells.get(name, "") for name in LONGEST}}
    try:
        taken_on = to_date(cells["afname"])
    except ValueError:
        remarks.error(
            _('De datum "%(text)s" kunnen we niet lezen. Schrijf hem als 31-1-2026 of 2026-01-31.')
            % {"text": cells["afname"]},
            line,
        )
        return None
    if not 1990 < taken_on.year < 2100:
        remarks.error(_('De datum "%(text)s" kan niet kloppen.') % {"text": cells["afname"]}, line)
        return None
    if taken_on > today:
        remarks.warn(_('De datum "%(text)s" ligt in de toekomst.') % {"text": cells["afname"]}, line)
    row["afname"] = taken_on.isoformat()
    score = cells.get("vaardigheidsscore", "")
    try:
        row["vaardigheidsscore"] = str(to_score(score)) if score else None
    except ValueError:
        remarks.error(
            _('De score "%(text)s" kunnen we niet lezen. Schrijf een getal met hoogstens twee cijfers achter de komma.')
            % {"text": score},
            line,
        )
        return None
    row["niveau"] = row["niveau"].upper() if NIVEAU.fullmatch(row["niveau"].upper()) else row["niveau"]
    if row["niveau"] and not NIVEAU.fullmatch(row["niveau"]):
        remarks.warn(
            _('Het niveau "%(text)s" kennen we niet; we nemen het over zoals het er staat.') % {"text": row["niveau"]},
            line,
        )
    if row["functioneringsniveau"] and read_level(row["functioneringsniveau"]) is None:
        remarks.warn(
            _(
                'Het functioneringsniveau "%(text)s" bestaat niet (M3 tot en met E8). '
                "We nemen het over zoals het er staat; in de trap tekenen we het niet."
            )
            % {"text": row["functioneringsniveau"]},
            line,
        )
    return row
