"""The pupil's questions on paper, to fill in in class: a page or two for each, with room to write and draw."""

from dataclasses import dataclass

from django.utils import translation

from gesprekken.models import Deelname
from gesprekken.preparing.pictures import as_data
from gesprekken.preparing.questions import questions_for, worded
from school import audit
from school.pdf import render_pdf


@dataclass(frozen=True)
class Asked:
    """A question as it is printed: its words, and (picture, word) of what can be ringed."""

    text: str
    taps: list
    for_teacher: bool


def asked_of(gesprek, questions):
    return [
        Asked(
            text=worded(question.text, gesprek),
            taps=[(as_data(choice["picture"]), worded(choice["text"], gesprek)) for choice in question.choices],
            for_teacher=question.visibility == "teacher",
        )
        for question in questions
    ]


def taking_part(gesprekken):
    """One gesprek per pupil who takes part herself, by first name; where parents talk apart the pupil has one sheet."""
    joining = gesprekken.filter(deelnames__as_role=Deelname.As.LEERLING, cancelled_at=None)
    rows = joining.select_related("ronde__soort", "leerling__person", "groep", "school").order_by("pk").distinct()
    by_leerling = {}
    for gesprek in rows:
        by_leerling.setdefault(gesprek.leerling_id, gesprek)
    return sorted(by_leerling.values(), key=lambda g: (g.leerling.person.first_name, g.leerling.person.last_name))


def class_sheets(*, gesprekken, by):
    """One PDF with the sheets of these pupils, or None when no pupil takes part."""
    pupils = taking_part(gesprekken)
    if not pupils:
        return None
    with translation.override("nl"):  # what lies on the tables in class, whatever a colleague reads herself
        return printed(pupils, by)


def printed(pupils, by):
    questions = {gesprek.ronde_id: questions_for(gesprek, "leerling") for gesprek in pupils}
    sheets = [(gesprek, asked_of(gesprek, questions[gesprek.ronde_id])) for gesprek in pupils]
    audit.record("print_class_sheets", pupils[0].ronde, by=by, sheets=len(sheets))
    return render_pdf("pdf/class_sheets.html", {"sheets": sheets, "school": pupils[0].school})
