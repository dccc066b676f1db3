"""An answer as a workbook and on paper: the same numbers as on the page, and in the workbook every row."""

from django.utils.text import slugify
from django.utils.translation import gettext as _

from kijkwijzer.insight.answer import lines
from school.pdf import render_pdf
from school.spreadsheet import workbook

TITLE = 31  # letters a sheet's name may have
ON_PAPER = 200  # rows of the second table


def workbook_of(answer, schooljaar):
    """The bytes of an XLSX: the answer, its table, and where there is one the list under it."""
    sheets = [
        (_("Antwoord"), [_("Vraag"), _("Schooljaar"), _("Antwoord"), _("Toelichting")],
         [[answer.question, str(schooljaar), answer.said, answer.note]]),
        (_("Tabel"), headers(answer), [list(row) for row in answer.rows]),
    ]  # fmt: skip
    if answer.also:
        sheets.append((_("Wie"), headers(answer.also), [list(row) for row in answer.also.rows]))
    return workbook([(title[:TITLE], *rest) for title, *rest in sheets])


def headers(table):
    return [column.name for column in table.columns] or [""]


def pdf_of(answer, schooljaar, school, moment):
    """The bytes of a PDF on A4."""
    context = {
        "answer": answer,
        "lines": lines(answer),
        "also_lines": lines(answer.also, ON_PAPER),
        "more": max(0, len(answer.also.rows) - ON_PAPER) if answer.also else 0,
        "schooljaar": schooljaar,
        "school": school,
        "moment": moment,
    }
    return render_pdf("kijkwijzer/insight_pdf.html", context)


def filename(answer, schooljaar, extension):
    return f"{slugify(answer.slug)}-{schooljaar}.{extension}"
