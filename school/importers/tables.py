"""Reads a table from CSV or XLSX as text, cell by cell, and refuses what Excel or a wrong encoding did to it."""

import csv
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from school.importers.remarks import Unreadable

MAX_ROWS = 100_000
MAX_LINES = 200_000  # empty ones too: ten megabytes of nothing but line ends would fill gigabytes of memory
MAX_COLUMNS = 200
MAX_CELL = 2000  # characters; the longest thing we ask for is a name
MAX_UNZIPPED = 100 * 1024 * 1024  # an XLSX is a zip; more than this is a bomb, not a school
DELIMITERS = ";,\t|"

SCIENTIFIC = re.compile(r"[-+]?\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)  # 3,16E+10: digits are lost for good
EXCEL_ERRORS = re.compile(
    r"#(?:N/[AB]|REF!|VERW!|NAME\?|NAAM\?|VALUE!|WAARDE!|DIV/0!|DEEL/0!|NULL!|LEEG!|NUM!|GETAL!)|#{4,}"
)
# Letters that cp850 (DOS) and Mac files show when they are read as Windows text, in the middle of a word.
DOS_LETTERS = re.compile(r"[a-z][‚ƒ„†‡ˆ‰‹”•˜™›¤Ž][a-z]|[‚ƒ„†‡ˆ‰‹”•˜™›¤][a-z]{2}")
LOST_LETTER = re.compile(r"[^\W\d_]\?[^\W\d_]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
FORMULA_STARTS = "=+-@\t\r\n"


def is_formula(text):
    """Whether a spreadsheet would read this as a formula: also after spaces, and with full-width signs."""
    bare = unicodedata.normalize("NFKC", text).lstrip(" \u200b\ufeff")
    return bool(bare) and bare not in "-+" and bare[0] in FORMULA_STARTS


def is_mangled(text):
    """'YÄ±lmaz', 'RenÃ©': UTF-8 that was read as Windows text once before."""
    for word in re.findall(r"[^\x00-\x7f]{2,}", text):
        try:
            if word.encode("cp1252").decode("utf-8") != word:
                return True
        except UnicodeError:
            continue
    return False


def header_key(text):
    """'E-mail adres' and 'emailadres' are one header."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


@dataclass
class Table:
    headers: list
    rows: list  # (line, [text per column])
    encoding: str = ""
    samples: list = field(default_factory=list)


def read(data, remarks, known):
    """The table in these bytes. `known` are header keys we would recognise, to find the delimiter by."""
    if data.startswith(b"PK\x03\x04"):
        return read_xlsx(data, remarks)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            _("Dit is een oud Excel-bestand (.xls) of het heeft een wachtwoord. Sla het op als .xlsx of CSV.")
        )
    if data.startswith(b"%PDF"):
        raise Unreadable(_("Dit is een PDF. Maak een export als CSV of Excel."))
    return read_csv(data, remarks, known)


# --- text ------------------------------------------------------------------------------------------------------------


def decode(data, remarks):
    """Strict UTF-8 first, then Windows text with a warning; what is neither is refused, never repaired by guessing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4000]:
        raise Unreadable(_('Dit bestand is opgeslagen als "Unicode-tekst" (UTF-16). Kies bij opslaan "CSV UTF-8".'))
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
    unknown = _('De letters in dit bestand kunnen we niet lezen. Kies bij opslaan "CSV UTF-8".')
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as problem:
        raise Unreadable(unknown, data.count(b"\n", 0, problem.start) + 1)
    strange = DOS_LETTERS.search(text)
    if strange or data.startswith(b"\xef\xbb\xbf"):
        raise Unreadable(unknown, text.count("\n", 0, strange.start()) + 1 if strange else line)
    remarks.warn(
        _("Dit bestand is geen UTF-8. We lezen het als Windows-tekst (cp1252). Kijk of namen met accenten kloppen."),
        line,
    )
    return text, "cp1252"


def find_delimiter(header, known):
    if len(header) > MAX_COLUMNS * 100:
        return None

    def score(delimiter):
        cells = next(csv.reader([header], delimiter=delimiter), [])
        return sum(header_key(cell) in known for cell in cells), len(cells)

    best = max(DELIMITERS, key=score)
    return best if score(best)[1] > 1 else None


def read_csv(data, remarks, known):
    text, encoding = decode(data, remarks)
    if re.match(r"\s*<", text):
        raise Unreadable(_("Dit is een webpagina of XML-bestand, geen tabel. Maak een export als CSV of Excel."))
    control = CONTROL.search(text)
    if control:
        raise Unreadable(
            _("Er staan onleesbare tekens in dit bestand. Maak de export opnieuw."),
            text.count("\n", 0, control.start()) + 1,
        )
    first = re.match(r"(?:[ \t]*\r?\n)*sep=([;,\t|])[ \t]*\r?\n", text)
    skipped = text[: first.end()].count("\n") if first else 0
    body = text[first.end() :] if first else text
    header = next((line for line in body.splitlines() if line.strip()), "")
    delimiter = first[1] if first else find_delimiter(header, known)
    if delimiter is None:
        raise Unreadable(
            _("De eerste regel is geen kopregel met kolommen, gescheiden door ; of een komma."), skipped + 1
        )
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    rows, line = [], skipped + 1
    try:
        for cells in reader:
            if len(rows) > MAX_ROWS or reader.line_num > MAX_LINES:
                raise Unreadable(_("Dit bestand heeft te veel regels of kolommen."), line)
            if any(cells):
                rows.append((line, cells))
            line = reader.line_num + skipped + 1
    except csv.Error as problem:
        if "limit" in str(problem):
            raise Unreadable(_("Op deze regel staat te veel tekst in één vak. Klopt het bestand?"), line)
        raise Unreadable(_("Op deze regel staat een aanhalingsteken dat niet wordt gesloten of niet klopt."), line)
    return to_table(rows, remarks, encoding)


# --- Excel -----------------------------------------------------------------------------------------------------------


def read_xlsx(data, remarks):
    unreadable = _("Dit Excel-bestand kunnen we niet openen. Sla het opnieuw op als .xlsx, of als CSV UTF-8.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNZIPPED:
                raise Unreadable(_("Dit Excel-bestand is uitgepakt te groot om van een school te zijn."))
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise Unreadable(unreadable)
    if "xl/workbook.xml" not in names:
        raise Unreadable(unreadable)
    import openpyxl  # a second of loading that only Excel files cost

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        filled = [(sheet.title, rows) for sheet in sheets if (rows := list(sheet_rows(sheet, remarks)))]
    except Unreadable:
        raise
    except Exception:  # openpyxl raises whatever its parsers raise on a damaged file
        raise Unreadable(unreadable)
    if not filled:
        raise Unreadable(_("Dit Excel-bestand is leeg."))
    if len(filled) > 1:
        remarks.warn(_("Er zijn meer bladen; we lezen alleen het eerste: %(name)s.") % {"name": filled[0][0]})
    return to_table(filled[0][1], remarks, "Excel")


def sheet_rows(sheet, remarks):
    sheet.reset_dimensions()  # a file may claim a million columns that are not there
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise Unreadable(_("Dit bestand heeft te veel regels of kolommen."), number)
        values = []
        for cell in cells:
            if cell.data_type == "f":
                remarks.error(_("Hier staat een formule. Plak de kolom als waarden en probeer het opnieuw."), number)
                values.append("")
            else:
                values.append(cell_text(cell.value))
        if any(values):
            yield number, values


def cell_text(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


# --- both ------------------------------------------------------------------------------------------------------------


def to_table(rows, remarks, encoding):
    """Header apart, empty rows out, every row as long as the header, damage reported by line."""
    rows = [(line, [" ".join(cell.split()) for cell in cells]) for line, cells in rows]
    rows = [(line, cells) for line, cells in rows if any(cells)]
    if not rows:
        raise Unreadable(_("Dit bestand is leeg."))
    header_line, headers = rows[0]
    while headers and not headers[-1]:
        headers = headers[:-1]
    if len(rows) < 2:
        raise Unreadable(_("Onder de kopregel staat niets."), header_line)
    if len(rows) > MAX_ROWS or len(headers) > MAX_COLUMNS:
        raise Unreadable(_("Dit bestand heeft te veel regels of kolommen."))
    table = Table(headers=headers, rows=[], encoding=encoding)
    for line, cells in rows[1:]:
        width = len(headers)
        if len(cells) < width and encoding == "Excel":
            cells = cells + [""] * (width - len(cells))
        if len(cells) < width or any(cells[width:]):
            remarks.error(
                _(
                    "Deze regel heeft %(found)s vakken en de kopregel %(wanted)s. Staat er een scheidingsteken in een naam?"
                )
                % {"found": len(cells), "wanted": width},
                line,
            )
            continue
        if any(len(cell) > MAX_CELL for cell in cells):
            remarks.error(_("In een vak op deze regel staat te veel tekst."), line)
            continue
        table.rows.append((line, cells[:width]))
    return table


def check_damage(text, header, line, remarks):
    """Whether this cell can be trusted; says so when not. Only called for cells that we read."""
    about = {"header": header, "text": text[:40]}
    if SCIENTIFIC.fullmatch(text):
        remarks.error(
            _(
                'In %(header)s maakte Excel er "%(text)s" van; cijfers zijn weg. Maak de kolom op als tekst en exporteer opnieuw.'
            )
            % about,
            line,
        )
    elif EXCEL_ERRORS.search(text):
        remarks.error(_('In %(header)s staat een foutcode van Excel: "%(text)s".') % about, line)
    elif CONTROL.search(text):
        remarks.error(_("In %(header)s staan onleesbare tekens.") % about, line)
    elif "\ufffd" in text:
        remarks.error(
            _('In %(header)s zijn letters verloren gegaan: "%(text)s". Exporteer opnieuw als UTF-8.') % about, line
        )
    elif is_mangled(text):
        remarks.error(
            _('In %(header)s zijn letters verkeerd omgezet: "%(text)s". Exporteer opnieuw als UTF-8.') % about, line
        )
    else:
        return True
    return False
