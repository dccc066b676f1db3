"""The year on paper: A4 landscape, the picture and a table."""

from gesprekken.year.picture import draw, tables_of
from school.languages import paper_language
from school.pdf import render_pdf


def year_pdf(school, plan, entries, groepen, today, *, is_draft=False):
    """The bytes of the PDF of these entries."""
    with paper_language():
        picture = draw(plan.schooljaar, entries, groepen, today)
        context = {"school": school, "plan": plan, "picture": picture, "is_draft": is_draft}
        context |= tables_of(entries, groepen, picture)
        return render_pdf("gesprekken/year_pdf.html", context)
