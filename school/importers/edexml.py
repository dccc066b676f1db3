"""Reads EDEXML (1.0.3, 2.0, 2.1, Dutch and Flemish): streaming, without DTDs, and only the elements we need.

Text of any other element (bsn, weight, country, postcode, photo ...) is never collected, so it cannot be kept.
"""

import re
from datetime import date
from io import BytesIO
from xml.sax import SAXException, handler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.core.exceptions import ValidationError
from django.forms import EmailField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.importers.remarks import Unreadable
from school.importers.tables import is_formula

UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")  # how XML in two bytes a letter begins
MAX_DEPTH = 40  # EDEXML needs seven; blocks of vendors may nest a little
MAX_ELEMENTS = 400_000  # a school of 10,000 pupils has about 150,000
MAX_TEXT = 300  # characters of one value; the schema's longest is 256
LAST_YEAR_OF_SCHEMA = 2024  # the schema of 2017 lists school years up to 2024-2025

JAARGROEPEN = {"B", "D", *"012345678", "11", "12", "13", "14", "15", "16", "S", "V", "C", "N", "H"}
FORMER = "H"
FUNCTIONS = {
    "ADJ": "Adjunct-directeur", "ADM": "Administratief medewerker", "CON": "Conciërge", "DIR": "Directeur",
    "ICT": "ICT-coördinator", "IB": "Intern begeleider", "KLA": "Klassenassistent", "LRK": "Leerkracht",
    "LOS": "Lerarenondersteuner", "LOC": "Locatieleider", "OWA": "Onderwijsassistent", "OUD": "Ouder",
    "RT": "Remedial teacher", "SMW": "Schoolmaatschappelijk werker", "STA": "Stagiair", "TAL": "Toetsafnameleider",
    "VAK": "Vakleerkracht",
}  # fmt: skip

NAMES = {"achternaam", "voorvoegsel", "voornamen", "voorletters-1", "voorletters", "roepnaam"}
# Per element: which children's text we read, and which others the standard knows (read past in silence).
READ = {
    "school": {"schooljaar", "peildatum", "brincode", "instellingsnummer", "xsdversie", "aanmaakdatum"},
    "groep": {"naam", "jaargroep"},
    "samengestelde_groep": {"naam", "jaargroep"},
    "leerling": NAMES | {"geboortedatum", "jaargroep", "uitstroomdatum"},
    "leerkracht": NAMES | {"emailadres", "rol", "rolomschrijving"},
}
PASSED_BY = {
    "EDEX": {"school", "vestigingen", "groepen", "leerlingen", "leerkrachten"},
    "school": {"dependancecode", "schoolkey", "auteur", "commentaar", "toevoegingen"},
    "groep": {"omschrijving", "toevoegingen", "mutatiedatum"},
    "samengestelde_groep": {"omschrijving", "toevoegingen", "mutatiedatum"},
    "leerling": {
        "geslacht", "start_ondw_jgr3", "groep", "samengestelde_groepen", "vestiging", "gebruikersnaam", "emailadres",
        "fotourl", "etniciteit", "land", "land_vader", "land_moeder", "sofinummer", "bsn", "onderwijsnummer",
        "bsn_ondwnr-4", "rijksregisternummer", "gewicht", "gewicht_nieuw", "postcodenl", "postnummerbe",
        "postcodeoverig", "instroomdatum", "toevoegingen", "mutatiedatum",
    },
    "leerkracht": {"gebruikersnaam", "groepen", "toevoegingen", "mutatiedatum"},
    "groepen": {"groep", "samengestelde_groep"},
    "leerlingen": {"leerling"},
    "leerkrachten": {"leerkracht"},
}  # fmt: skip
RECORDS = {
    ("EDEX", "school"): "school",
    ("EDEX", "groepen", "groep"): "groep",
    ("EDEX", "groepen", "samengestelde_groep"): "samengestelde_groep",
    ("EDEX", "leerlingen", "leerling"): "leerling",
    ("EDEX", "leerkrachten", "leerkracht"): "leerkracht",
}


class Collector(handler.ContentHandler):
    """Turns the stream into records: {what, line, key, values: {name: [text]}, groepen: [...]}"""

    def __init__(self, remarks):
        super().__init__()
        self.remarks = remarks
        self.path, self.records, self.record = [], [], None
        self.text, self.elements = None, 0
        self.blocks, self.unknown = {}, {}

    @property
    def line(self):
        return self._locator.getLineNumber()

    def startElement(self, name, attrs):
        self.elements += 1
        if not self.path and name != "EDEX":
            raise Unreadable(
                _("Dit is geen EDEXML-bestand: het begint met <%(name)s> in plaats van <EDEX>.") % {"name": name[:40]},
                self.line,
            )
        if len(self.path) >= MAX_DEPTH:
            raise Unreadable(_("Dit bestand is te diep genest om EDEXML te zijn. Er is niets ingelezen."), self.line)
        if self.elements > MAX_ELEMENTS:
            raise Unreadable(_("Dit bestand heeft te veel onderdelen om van één school te zijn."), self.line)
        self.path.append(name)
        what = RECORDS.get(tuple(self.path))
        if what:
            key = " ".join(attrs.get("key", "").split())
            self.record = {"what": what, "line": self.line, "key": key, "values": {}, "groepen": []}
        elif self.record is not None:
            self.inside(name, attrs)
        elif self.path[-2:-1] and name not in PASSED_BY.get(self.path[-2], {name}):
            self.note_unknown(name)

    def inside(self, name, attrs):
        what, depth = self.record["what"], len(self.path)
        top = 2 if what == "school" else 3
        if depth == top + 1:
            if name in READ[what]:
                self.text = ""
            elif what == "leerling" and name == "groep":
                self.add_groep(name, attrs)
            elif name not in PASSED_BY[what]:
                self.note_unknown(name)
        elif depth == top + 2 and self.path[-2] in ("groepen", "samengestelde_groepen"):
            self.add_groep(name, attrs)
        elif depth == top + 3 and what == "leerkracht" and name in ("rol", "rolomschrijving"):
            self.text = ""
        elif name == "blok":
            vendor = attrs.get("xsi:type", "") or _("zonder naam")
            line, count = self.blocks.get(vendor[:80], (self.line, 0))
            self.blocks[vendor[:80]] = (line, count + 1)

    def add_groep(self, name, attrs):
        key = " ".join(attrs.get("key", "").split())
        self.record["groepen"].append({"groep": key, "taak": [], "soort": name, "line": self.line})

    def note_unknown(self, name):
        self.unknown.setdefault(name[:60], self.line)

    def characters(self, content):
        if self.text is not None and len(self.text) <= MAX_TEXT:
            self.text += content

    def endElement(self, name):
        self.path.pop()
        if self.text is not None:
            value = " ".join(self.text.split())
            if len(value) > MAX_TEXT:
                self.remarks.error(_("Een waarde in <%(name)s> is te lang.") % {"name": name}, self.line)
                value = value[:30]
            inside_groep = self.path[-1] in ("groep", "samengestelde_groep") and self.record["what"] == "leerkracht"
            if inside_groep and value:
                self.record["groepen"][-1]["taak"].append(value)
            elif value:
                self.record["values"].setdefault(name, []).append(value)
            self.text = None
        elif self.record is not None and len(self.path) == (1 if self.record["what"] == "school" else 2):
            self.records.append(self.record)
            self.record = None


def collect(data, remarks):
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<" and data[:2] not in UTF_16:
        raise Unreadable(_("Dit is geen XML-bestand. Is het een tabel met ouders of resultaten? Kies het dan daar."))
    collector = Collector(remarks)
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(collector)
    parser.setErrorHandler(handler.ErrorHandler())
    try:
        parser.parse(BytesIO(data))
    except DefusedXmlException:
        raise Unreadable(
            _("Dit bestand bevat een DTD of entiteiten. Dat hoort niet in EDEXML en is gevaarlijk; het is geweigerd."),
            parser.getLineNumber(),
        )
    except SAXException as problem:
        line = getattr(problem, "getLineNumber", lambda: None)()
        raise Unreadable(_("Dit XML-bestand is beschadigd of niet helemaal aangekomen. Maak de export opnieuw."), line)
    except (ValueError, LookupError):
        raise Unreadable(_("De tekencodering van dit XML-bestand kennen we niet. Maak de export opnieuw."), 1)
    return collector


# --- from records to rows --------------------------------------------------------------------------------------------


def one(record, *names):
    """The first value among these names, with a lone dash or full stop read as empty."""
    for name in names:
        for value in record["values"].get(name, []):
            if value not in ("-", "."):
                return value
    return ""


def initials(text):
    """'IH' as 'I.H.', as it stands on a letter; a name that is more than initials stays as it is."""
    return "".join(f"{letter}." for letter in text) if text.isalpha() and text.isupper() and len(text) < 7 else text


def name_of(record, remarks):
    names = {
        "first_name": one(record, "roepnaam", "voornamen") or initials(one(record, "voorletters-1", "voorletters")),
        "prefix": one(record, "voorvoegsel"),
        "last_name": one(record, "achternaam"),
    }
    line = record["line"]
    if not names["first_name"] and not names["last_name"]:
        remarks.error(_("%(key)s heeft geen naam.") % {"key": record["key"]}, line)
    elif not names["last_name"]:
        remarks.warn(_("%(name)s heeft geen achternaam.") % {"name": names["first_name"]}, line)
    if any(is_formula(value) for value in names.values()):
        remarks.error(_("Een naam begint met een teken dat Excel als formule leest. Verbeter de naam."), line)
    if len(names["prefix"]) > 30 or len(names["first_name"]) > 200 or len(names["last_name"]) > 200:
        remarks.error(_("De naam van %(key)s is te lang.") % {"key": record["key"]}, line)
    return names


def label(row):
    return " ".join(filter(None, [row["first_name"], row["prefix"], row["last_name"]]))


def to_date(text):
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def read_jaargroep(record, remarks, *, expected=False):
    value = one(record, "jaargroep").upper()
    value = value.lstrip("0") or "0" if value.isdigit() else value
    if value and value not in JAARGROEPEN:
        remarks.warn(
            _("De jaargroep %(value)s kennen we niet; hij blijft leeg.") % {"value": value[:20]}, record["line"]
        )
        return ""
    if expected and not value:
        remarks.warn(_("Groep %(key)s heeft geen jaargroep.") % {"key": record["key"]}, record["line"])
    return value


def read_schooljaar(record, remarks):
    """The year in which the school year starts. The schema's own list of years ends; ours does not."""
    text, line = one(record, "schooljaar"), record["line"]
    match = re.fullmatch(r"(\d{4})\s*[-/]\s*(?:\d\d)?(\d\d)", text)
    if match and (int(match[1]) + 1) % 100 == int(match[2]) and 1990 < int(match[1]) < 2100:
        if int(match[1]) > LAST_YEAR_OF_SCHEMA:
            remarks.warn(
                _("Schooljaar %(year)s staat niet in het EDEXML-schema van 2017. Dat geeft niet: we lezen het gewoon.")
                % {"year": text},
                line,
            )
        return int(match[1])
    day = to_date(one(record, "peildatum")) or to_date(one(record, "aanmaakdatum"))
    if day is None:
        raise Unreadable(_("Het schooljaar ontbreekt of klopt niet (er moet iets staan als 2026-2027)."), line)
    start = day.year if day.month >= 8 else day.year - 1
    remarks.warn(
        _("Het schooljaar ontbreekt of klopt niet; volgens de datum in het bestand is het %(year)s.")
        % {"year": f"{start}-{start + 1}"},
        line,
    )
    return start


def read_groep(record, remarks):
    assembled = record["what"] == "samengestelde_groep"
    name = one(record, "naam") or record["key"]
    if len(name) > 64:
        remarks.error(_("De naam van groep %(key)s is te lang.") % {"key": record["key"]}, record["line"])
    return {
        "line": record["line"],
        "key": record["key"],
        "name": name[:64],
        "jaargroep": read_jaargroep(record, remarks, expected=not assembled),
        "soort": "samengesteld" if assembled else "stam",
    }


def read_leerling(record, remarks, today):
    """The row of a pupil, or of a former one (`left`), who is reported and not read in."""
    row = {"line": record["line"], "key": record["key"], **name_of(record, remarks)}
    jaargroep, out = read_jaargroep(record, remarks), to_date(one(record, "uitstroomdatum"))
    if jaargroep == FORMER or (out and out < today):
        remarks.warn(
            _("%(name)s is van school (jaargroep H of uitstroomdatum voorbij) en wordt niet ingelezen.")
            % {"name": label(row)},
            row["line"],
        )
        return {"line": row["line"], "key": row["key"], "left": True, "left_on": out and out.isoformat()}
    born = to_date(one(record, "geboortedatum"))
    if born is None or not 1900 < born.year <= today.year:
        born = None
        remarks.warn(_("%(name)s heeft geen (goede) geboortedatum.") % {"name": label(row)}, row["line"])
    if not record["groepen"]:
        remarks.warn(_("%(name)s zit in geen enkele groep.") % {"name": label(row)}, row["line"])
    row["born_on"] = born and born.isoformat()
    row["jaargroep"] = jaargroep
    row["groepen"] = [{"groep": g["groep"], "line": g["line"]} for g in record["groepen"] if g["groep"]]
    return row


def read_address(record, remarks):
    address = one(record, "emailadres")
    try:
        if address:
            EmailField(max_length=254).clean(address)
    except ValidationError:
        remarks.warn(
            _('Het e-mailadres "%(text)s" klopt niet en wordt niet overgenomen.') % {"text": address[:60]},
            record["line"],
        )
        return ""
    return address


def read_leerkracht(record, remarks):
    codes = [FUNCTIONS.get(code, code) for code in record["values"].get("rol", [])]
    functions = list(dict.fromkeys(record["values"].get("rolomschrijving", []) + codes))
    return {
        "line": record["line"],
        "key": record["key"],
        **name_of(record, remarks),
        "email": read_address(record, remarks),
        "function": ", ".join(functions)[:80],
        "groepen": [
            {"groep": g["groep"], "taak": " ".join(g["taak"])[:20], "line": g["line"]}
            for g in record["groepen"]
            if g["groep"]
        ],
    }


def without_doubles(records, remarks):
    """Every key once; a second one is an error that names both lines."""
    seen, kept = {}, []
    for record in records:
        key, line = record["key"], record["line"]
        if not key:
            remarks.error(_("Hier ontbreekt de sleutel (key)."), line)
        elif len(key) > 256:
            remarks.error(_("Deze sleutel (key) is te lang."), line)
        elif key in seen:
            remarks.error(
                _("Sleutel %(key)s komt twee keer voor: ook op regel %(first)s.")
                % {"key": key[:50], "first": seen[key]},
                line,
            )
        else:
            seen[key] = line
            kept.append(record)
    return kept


def read(data, remarks, *, today):
    """Plain rows: {schooljaar, brin, groups, pupils, former, staff}. Raises Unreadable for the file as a whole."""
    collector = collect(data, remarks)
    for vendor, (line, count) in collector.blocks.items():
        remarks.warn(
            ngettext(
                "Een extra blok van een leverancier (%(vendor)s) is overgeslagen.",
                "%(count)s extra blokken van een leverancier (%(vendor)s) zijn overgeslagen.",
                count,
            )
            % {"vendor": vendor, "count": count},
            line,
        )
    for name, line in collector.unknown.items():
        remarks.warn(_("Het onderdeel <%(name)s> kennen we niet; het is overgeslagen.") % {"name": name}, line)

    def records(*what):
        return [record for record in collector.records if record["what"] in what]

    about = records("school")
    if not about:
        raise Unreadable(_("Het onderdeel <school> ontbreekt, dus ook het schooljaar. Maak de export opnieuw."))
    schooljaar = read_schooljaar(about[0], remarks)
    pupils = [read_leerling(r, remarks, today) for r in without_doubles(records("leerling"), remarks)]
    if not pupils and not remarks.errors:
        raise Unreadable(_("Er staan geen leerlingen in dit bestand."))
    rows = {
        "schooljaar": schooljaar,
        "brin": one(about[0], "brincode", "instellingsnummer")[:20],
        "groups": [read_groep(r, remarks) for r in without_doubles(records("groep", "samengestelde_groep"), remarks)],
        "pupils": [row for row in pupils if not row.get("left")],
        "former": [row for row in pupils if row.get("left")],
        "staff": [read_leerkracht(r, remarks) for r in without_doubles(records("leerkracht"), remarks)],
    }
    if any(row["key"].startswith("#") for kind in ("groups", "pupils", "staff") for row in rows[kind]):
        remarks.warn(
            _("Sommige sleutels beginnen met # en gelden alleen in dit bestand. We herkennen deze mensen aan hun naam.")
        )
    return rows
