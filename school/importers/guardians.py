"""Reads the parents' file: one row per pupil and guardian. A column that is absent leaves what is known alone."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from school.importers import tables
from school.importers.columns import Column, known_keys, match, yes_or_no

COLUMNS = (
    Column("leerling_key", "sleutel van de leerling", ("leerlingkey", "leerlingnummer", "leerling", "leerlingid", "llnr", "leerlingnr", "stamnummer", "leerling_sleutel", "sleutel leerling"), needed=True),
    Column("ouder_key", "sleutel van de ouder", ("ouderkey", "oudernummer", "ouderid", "verzorgernummer", "relatienummer", "verzorger_key")),
    Column("gezin", "gezin", ("gezinsnummer", "gezin_key", "gezinskey", "gezinsid", "huishouden")),
    Column("achternaam", "achternaam", ("achternaam ouder", "achternaam verzorger", "familienaam", "naam ouder"), needed=True),
    Column("voorvoegsel", "voorvoegsel", ("tussenvoegsel", "tussenvoegsels", "voorvoegsels", "tussenvoegsel verzorger")),
    Column("roepnaam", "roepnaam", ("voornaam", "voornamen", "roepnaam ouder", "voornaam verzorger")),
    Column("relatie", "relatie met het kind", ("soort relatie", "relatie tot leerling", "soort verzorger", "relatietype")),
    Column("gezag", "gezag", ("ouderlijk gezag", "heeft gezag")),
    Column("informatie", "informatie", ("krijgt informatie", "informatieplicht", "informatierecht")),
    Column("contact", "contact mag", ("contact toegestaan", "mag contact")),
    Column("apart", "apart gesprek", ("apart gesprek", "gescheiden gesprek", "aparte gesprekken")),
    Column("emailadres", "e-mailadres", ("email", "e-mail", "mail", "mailadres", "emailadres ouder", "email verzorger")),
    Column("telefoon", "telefoon", ("telefoonnummer", "mobiel", "mobiele telefoon", "gsm", "tel", "telefoon mobiel", "mobielnummer")),
    Column("taal", "taal", ("gesprekstaal", "thuistaal", "voorkeurstaal")),
    Column("tolk", "tolk", ("tolk nodig", "tolk gewenst")),
)  # fmt: skip
LABELS = {column.name: column.label for column in COLUMNS}

RELATIONS = {
    "ouder": "ouder", "vader": "ouder", "moeder": "ouder", "stiefouder": "stiefouder", "stiefvader": "stiefouder",
    "stiefmoeder": "stiefouder", "voogd": "voogd", "grootouder": "grootouder", "opa": "grootouder", "oma": "grootouder",
    "grootvader": "grootouder", "grootmoeder": "grootouder", "pleegouder": "anders", "pleegvader": "anders",
    "pleegmoeder": "anders", "verzorger": "ouder", "anders": "anders",
}  # fmt: skip
INFORMATION = {
    "volledig": "volledig",
    "ja": "volledig",
    "op verzoek": "op verzoek",
    "opverzoek": "op verzoek",
    "geen": "geen",
    "nee": "geen",
}
LANGUAGES = {
    "nederlands": "nl", "engels": "en", "turks": "tr", "arabisch": "ar", "oekraiens": "uk", "oekraïens": "uk",
    "spaans": "es", "chinees": "zh", "pools": "pl", "duits": "de", "frans": "fr", "marokkaans": "ar",
    "berbers": "ber", "tigrinya": "ti", "somalisch": "so", "roemeens": "ro", "bulgaars": "bg", "portugees": "pt",
    "farsi": "fa", "perzisch": "fa", "koerdisch": "ku",
}  # fmt: skip
KEYS = {"leerling_key": 256, "ouder_key": 50, "gezin": 50}
NAMES = {"achternaam": 120, "voorvoegsel": 30, "roepnaam": 80}


def read(data, remarks, *, mapping=None):
    """Plain rows with a value only where the file says something. Raises Unreadable or MissingColumns."""
    table = tables.read(data, remarks, known_keys(COLUMNS))
    places = match(table, COLUMNS, mapping or {}, remarks)
    rows = []
    for line, cells in table.rows:
        row = read_row({name: cells[place] for name, place in places.items()}, line, remarks)
        if row:
            rows.append(row)
    return rows, table


def read_row(cells, line, remarks):
    """The row, or None when something in it cannot be trusted (every fault of the row is reported)."""
    sound = True
    for name, text in list(cells.items()):
        if name in NAMES and text in ("-", "."):
            cells[name] = text = ""
        if not tables.check_damage(text, LABELS[name], line, remarks):
            sound = False
        elif name != "telefoon" and tables.is_formula(text):
            remarks.error(
                _('%(header)s begint met een teken dat Excel als formule leest: "%(text)s".')
                % {"header": LABELS[name].capitalize(), "text": text[:40]},
                line,
            )
            sound = False
        elif len(text) > {**KEYS, **NAMES}.get(name, 254):
            remarks.error(_("%(header)s is te lang.") % {"header": LABELS[name].capitalize()}, line)
            sound = False
        elif name in NAMES and tables.LOST_LETTER.search(text):
            remarks.warn(_('Klopt deze naam: "%(text)s"? Er lijkt een letter weg.') % {"text": text}, line)
    for name in ("leerling_key", "achternaam"):
        if not cells[name]:
            remarks.error(_("Hier ontbreekt de %(header)s.") % {"header": LABELS[name]}, line)
            sound = False
    row = {"line": line, **{name: cells[name] for name in (*KEYS, *NAMES) if name in cells}}
    for name in ("gezag", "contact", "apart", "tolk"):
        try:
            value = yes_or_no(cells.get(name, ""))
        except ValueError:
            remarks.error(_('Bij %(header)s staat "%(text)s"; het moet ja of nee zijn.') % about(name, cells), line)
            sound = False
        else:
            if value is not None:
                row[name] = value
    sound = read_choices(cells, row, line, remarks) and read_contact(cells, row, line, remarks) and sound
    return row if sound else None


def about(name, cells):
    return {"header": LABELS[name], "text": cells[name][:40]}


def read_choices(cells, row, line, remarks):
    information = cells.get("informatie", "").lower()
    if information and information not in INFORMATION:
        remarks.error(
            _('Bij %(header)s staat "%(text)s"; het moet volledig, op verzoek of geen zijn.')
            % about("informatie", cells),
            line,
        )
        return False
    if information:
        row["informatie"] = INFORMATION[information]
    relation = cells.get("relatie", "").lower()
    if relation:
        row["relatie"] = RELATIONS.get(relation, "anders")
    if relation and relation not in RELATIONS:
        remarks.warn(
            _('De relatie "%(text)s" kennen we niet; het wordt "andere begeleider".') % about("relatie", cells), line
        )
    language = cells.get("taal", "").lower()
    language = LANGUAGES.get(language, language)
    if language and re.fullmatch(r"[a-z]{2,3}(-[a-z]{2,4})?", language):
        row["taal"] = language
    elif language:
        remarks.warn(
            _('De taal "%(text)s" kennen we niet; gebruik een code zoals nl of tr.') % about("taal", cells), line
        )
    return True


def read_contact(cells, row, line, remarks):
    address = cells.get("emailadres")
    if address is not None:
        try:
            if address:
                validate_email(address)
            row["emailadres"] = address
        except ValidationError:
            remarks.warn(
                _('Het e-mailadres "%(text)s" klopt niet en wordt niet overgenomen.') % about("emailadres", cells), line
            )
    phone = cells.get("telefoon")
    if phone is None:
        return True
    digits = re.sub(r"[\s().\-/]", "", phone)
    if phone and not re.fullmatch(r"\+?\d{8,15}", digits):
        if not tables.SCIENTIFIC.fullmatch(phone) and not tables.EXCEL_ERRORS.search(phone):
            remarks.warn(
                _('Het telefoonnummer "%(text)s" klopt niet en wordt niet overgenomen.') % about("telefoon", cells),
                line,
            )
        return True
    if re.fullmatch(r"[1-9]\d{7,8}", digits):
        remarks.error(
            _(
                'Bij telefoon staat "%(text)s": Excel haalde de nul vooraan weg. Maak de kolom op als tekst en exporteer opnieuw.'
            )
            % about("telefoon", cells),
            line,
        )
        return False
    row["telefoon"] = phone[:30]
    return True
