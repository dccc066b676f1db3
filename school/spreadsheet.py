"""XLSX and CSV out. What people typed can never become a formula in somebody's spreadsheet."""

import csv
import re
import unicodedata
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_CONTENT_TYPE = "text/csv; charset=utf-8"
NO_XML = re.compile(r"[\ud800-\udfff\ufffe\uffff]")  # beside control characters; with one the whole file does not open
DANGEROUS = ("=", "+", "-", "@", "\u2212")  # what spreadsheets take for the start of a formula
WIDEST = 48


def harmless(text):
    """The text as it may stand in a cell: no control characters, and an apostrophe before what would be a formula.

    Looks through what hides the first character: spaces, tabs, line ends, and full-width variants (NFKC).
    """
    text = NO_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", text))
    bare = unicodedata.normalize("NFKC", text).lstrip()
    bare = "".join(c for c in bare[:8] if unicodedata.category(c) not in ("Cf", "Cc", "Zs", "Zl", "Zp"))
    hidden = text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if hidden or bare.startswith(DANGEROUS) else text


def _put(sheet, row, column, value):
    if not isinstance(value, str):
        sheet.cell(row, column, value)
        return
    cell = sheet.cell(row, column)
    cell.value = harmless(value)
    cell.data_type = "s"  # text, whatever it looks like


def _widths(sheet, rows):
    for column, values in enumerate(zip(*rows, strict=True), 1):
        longest = max(len(str(value if value is not None else "")) for value in values)
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, longest + 3)


def workbook(sheets):
    """The bytes of a workbook of `sheets`: [(title, headers, rows)], with frozen headers."""
    book = Workbook()
    book.remove(book.active)
    for title, headers, rows in sheets:
        sheet = book.create_sheet(title)
        for number, row in enumerate([headers, *rows], 1):
            for column, value in enumerate(row, 1):
                _put(sheet, number, column, value)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="E2EEEC")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "B2"
        _widths(sheet, [[str(h) for h in headers], *rows])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(headers, rows):
    """The bytes of a CSV file as a Dutch Excel opens it: semicolons, and UTF-8 that says so (a byte order mark)."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in [headers, *rows]:
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])
    return out.getvalue().encode("utf-8-sig")
