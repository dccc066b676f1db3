"""The day on paper: door lists, day sheets, who is where."""

from django.utils import translation

from planning.day import sheets
from school.pdf import render_pdf


def door_lists_pdf(school, on, lists):
    """A page per door, in type that can be read from the corridor. In Dutch: it hangs in the school."""
    with translation.override("nl"):
        return render_pdf("pdf/door_lists.html", {"school": school, "on": on, "lists": lists})


def day_sheet_pdf(school, on, person, talks):
    context = {"school": school, "on": on, "person": person, "talks": talks, "receptions": sheets.receptions(talks)}
    return render_pdf("pdf/day_sheet.html", context)


def who_is_where_pdf(school, on, hours, rows, named):
    context = {"school": school, "on": on, "hours": hours, "rows": [(row, row.cells(hours)) for row in rows]}
    return render_pdf("pdf/who_is_where.html", context | {"named": named})
