"""What was prepared for a gesprek, side by side: pupil, guardians, teachers. For the page, the print and the talk."""

from dataclasses import dataclass, field

from django.conf import locale
from django.utils.translation import gettext, gettext_lazy

from gesprekken.development.charts import vak_name
from gesprekken.models import Deelname, Visibility
from gesprekken.permissions import (
    teachers_of,
    visible_answers,
    visible_bespreekpunten,
    visible_slides,
    visible_voorbereidingen,
)
from gesprekken.preparing.questions import labels_of, worded

# The order of the columns: the pupil stands first, it is about her.
ORDER = [
    Deelname.As.LEERLING,
    Deelname.As.OUDER,
    Deelname.As.LEERKRACHT,
    Deelname.As.TWEEDE_COLLEGA,
    Deelname.As.EXPERT,
    Deelname.As.TOLK,
    Deelname.As.ACHTERAF,
]
AUDIENCE_ROLES = {"leerling": Deelname.As.LEERLING, "ouder": Deelname.As.OUDER, "leerkracht": Deelname.As.LEERKRACHT}
SHORT_ROLES = {
    "leerling": gettext_lazy("leerling"),
    "ouder": gettext_lazy("ouder"),
    "leerkracht": gettext_lazy("leerkracht"),
}


@dataclass(frozen=True)
class Line:
    """One answer as it is shown."""

    question: str
    text: str
    teacher_only: bool
    language: str  # the code, for the lang attribute
    language_name: str  # empty when it is Dutch
    step: int | None
    person: str
    role: str
    chosen: tuple = ()  # the words of what was tapped


@dataclass
class Column:
    """What one person prepared, or that nothing came yet."""

    person: object
    role: str
    as_role: str
    saved_at: object = None
    lines: list = field(default_factory=list)

    @property
    def side(self):
        """The pupil, home or school: the three that stand side by side."""
        return self.as_role if self.as_role in (Deelname.As.LEERLING, Deelname.As.OUDER) else "school"


def teacher_names(gesprek):
    """The teachers of a gesprek by name, as a parent would say them: "Ilse Smit en Maarten Peters"."""
    names = [person.name for person in teachers_of(gesprek)]
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s en %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def language_name(code):
    """The Dutch name of a language; empty for Dutch itself, the code where Django knows no name."""
    if code in ("", "nl"):
        return ""
    info = locale.LANG_INFO.get(code)
    return gettext(info["name"]) if info and "name" in info else code


def lines_of(actor, gesprek, *, table_only=False):
    """Every answer this actor may read, in the order of the questions, per person: {person pk: [Line]}."""
    answers = visible_answers(actor, gesprek).select_related("question", "voorbereiding__person")
    if table_only:
        answers = answers.filter(visibility=Visibility.TABLE)
    lines = {}
    for answer in answers.order_by("question__number", "pk"):
        if not answer.is_given:
            continue
        person = answer.voorbereiding.person
        lines.setdefault(person.pk, []).append(
            Line(
                question=worded(answer.question.text, gesprek),
                text=answer.text,
                teacher_only=answer.visibility == Visibility.TEACHER,
                language=answer.language,
                language_name=language_name(answer.language) if answer.text else "",
                chosen=tuple(labels_of(answer.question, answer.chosen)),
                step=answer.question.step,
                person=person.first_name or person.name,
                role=str(SHORT_ROLES.get(answer.voorbereiding.audience, "")),
            )
        )
    if slides := slide_lines(actor, gesprek):
        lines.setdefault(gesprek.leerling.person_id, []).extend(slides)
    return lines


# The step of the guide beside which a slide of the pupil is shown.
STEPS_OF_SLIDES = {"good": 2, "progress": 3, "attention": 5, "help": 6, "own": 2}


def slide_lines(actor, gesprek):
    """The slides of the pupil's presentation as lines: on the table, for whoever reads that."""
    person = gesprek.leerling.person
    return [
        Line(
            question=gettext("Presentatie: %(what)s") % {"what": slide.get_kind_display()},
            text="\n".join(part for part in (slide.title, slide.text, chart_line(slide)) if part),
            teacher_only=False,
            language="nl",
            language_name="",
            step=STEPS_OF_SLIDES[slide.kind],
            person=person.first_name or person.name,
            role=str(SHORT_ROLES["leerling"]),
        )
        for slide in visible_slides(actor, gesprek)
    ]


def chart_line(slide):
    return gettext("Met de grafiek van %(vak)s.") % {"vak": vak_name(slide.chart)} if slide.chart else ""


def point_lines(actor, gesprek, *, table_only=False):
    """What each wants to talk about: {person pk: [Line]}. The talk shows points itself, as they can be ticked there."""
    points = visible_bespreekpunten(actor, gesprek).select_related("person")
    if table_only:
        points = points.filter(visibility=Visibility.TABLE)
    lines = {}
    for point in points:
        is_pupil = point.person_id == gesprek.leerling.person_id
        lines.setdefault(point.person_id, []).append(
            Line(
                question=gettext("Wil het hebben over"),
                text=point.text,
                teacher_only=point.visibility == Visibility.TEACHER,
                language=point.language,
                language_name=language_name(point.language),
                step=2,
                person=point.person.first_name or point.person.name,
                role=str(SHORT_ROLES["leerling" if is_pupil else "ouder"]),
            )
        )
    return lines


def everybody(gesprek):
    """Who takes part, pupil first. Before a time is chosen no teacher is named yet: then the group's teachers are."""
    rows = list(gesprek.deelnames.select_related("person"))
    if not any(row.as_role == Deelname.As.LEERKRACHT for row in rows):
        rows += [
            Deelname(gesprek=gesprek, person=person, as_role=Deelname.As.LEERKRACHT) for person in teachers_of(gesprek)
        ]
    return sorted(rows, key=lambda row: (ORDER.index(row.as_role), row.pk or 0, row.person_id))


def columns(actor, gesprek, *, table_only=False):
    """One Column per person who takes part or prepared, pupil first; empty where nothing came yet."""
    prepared = {row.person_id: row for row in visible_voorbereidingen(actor, gesprek).select_related("person")}
    lines = lines_of(actor, gesprek, table_only=table_only)
    points = point_lines(actor, gesprek, table_only=table_only)
    found = []
    for deelname in everybody(gesprek):
        row = prepared.pop(deelname.person_id, None)
        found.append(Column(deelname.person, deelname.get_as_role_display(), deelname.as_role, row and row.saved_at))
    for row in prepared.values():  # a duo teacher who joined the group later
        role = AUDIENCE_ROLES[row.audience]
        found.append(Column(row.person, role.label, role, row.saved_at))
    for column in found:
        column.lines = points.get(column.person.pk, []) + lines.get(column.person.pk, [])
    # A colleague without a preparation has no column: nobody waits for it.
    shown = [
        c for c in found if c.lines or c.as_role in (Deelname.As.LEERLING, Deelname.As.OUDER, Deelname.As.LEERKRACHT)
    ]
    return sorted(shown, key=lambda c: (ORDER.index(c.as_role), c.person.pk))


def codes_of(actor, gesprek):
    """The codes of the questions that somebody answered, as far as this actor may read the answers."""
    answered = visible_answers(actor, gesprek).exclude(text="", chosen=[])
    return set(answered.values_list("question__code", flat=True))


def beside_steps(actor, gesprek, *, table_only=False):
    """For the talk: what is on the table per step, and apart from it what is for the teacher only."""
    steps, apart = {}, []
    for lines in lines_of(actor, gesprek, table_only=table_only).values():
        for line in lines:
            if line.teacher_only:
                apart.append(line)
            else:
                steps.setdefault(line.step or 2, []).append(line)
    return steps, apart
