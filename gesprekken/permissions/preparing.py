"""What was prepared, what a pupil shows, what is asked."""

from django.db.models import Q

from gesprekken.models import (
    Answer,
    Bespreekpunt,
    PortfolioItem,
    Ronde,
    ShownChart,
    Slide,
    StandardText,
    Visibility,
    Voorbereiding,
)
from gesprekken.permissions.gesprek import conducts, is_teacher_of, may_read_back, of_teacher, visible_gesprekken


def visible_voorbereidingen(actor, gesprek):
    """One's own (reading back needs the second step); who conducts the gesprek and the IB see who prepared."""
    rows = Voorbereiding.objects.filter(gesprek=gesprek, school=actor.school)
    if conducts(actor, gesprek) or actor.is_ib:
        return rows
    return rows.filter(person=actor.person) if may_read_back(actor) and actor.person else rows.none()


def visible_answers(actor, gesprek):
    """Teachers read all. A colleague at the table and the IB read what is on the table. The others their own."""
    answers = Answer.objects.filter(
        voorbereiding__gesprek__in=visible_gesprekken(actor), voorbereiding__gesprek=gesprek, school=actor.school
    )
    if is_teacher_of(actor, gesprek):
        return answers
    if actor.person is None or not may_read_back(actor):
        return answers.none()
    own = Q(voorbereiding__person=actor.person)
    if actor.is_ib or conducts(actor, gesprek):
        return answers.filter(own | Q(visibility=Visibility.TABLE))
    return answers.filter(own)


def visible_bespreekpunten(actor, gesprek):
    """As answers: teachers all, a colleague at the table and the IB what is on the table, the others their own."""
    points = Bespreekpunt.objects.filter(
        gesprek=gesprek, gesprek__in=visible_gesprekken(actor).values("pk"), school=actor.school
    )
    if is_teacher_of(actor, gesprek):
        return points
    if actor.person is None or not may_read_back(actor):
        return points.none()
    own = Q(person=actor.person)
    if actor.is_ib or conducts(actor, gesprek):
        return points.filter(own | Q(visibility=Visibility.TABLE))
    return points.filter(own)


def visible_around(actor, gesprek):
    """Who comes along and what is for the interpreter: who conducts the gesprek. The guardian's own page asks itself."""
    if not conducts(actor, gesprek):
        return Voorbereiding.objects.none()
    said = Voorbereiding.objects.filter(gesprek=gesprek, school=actor.school)
    return said.exclude(comes_along="", for_interpreter="")


def visible_worries(actor):
    """Pupils who want to talk and whom nobody has seen yet: to the teachers of their gesprek, and to nobody else."""
    rows = Voorbereiding.objects.filter(school=actor.school, worried_at__isnull=False, worried_seen_at=None)
    return rows.filter(of_teacher(actor, "gesprek__"))


# --- what a pupil shows who leads her own gesprek ----------------------------------------------------------------------


def may_make_presentation(actor, gesprek):
    """The pupil it is about, in a ronde in which pupils lead; already with the card (docs/decisions/0086)."""
    is_own = actor.is_pupil and actor.person.pk == gesprek.leerling.person_id
    return is_own and gesprek.ronde.lead == Ronde.Lead.LEERLING


def may_present(actor, gesprek):
    """Who shows it: the pupil, or who conducts the gesprek. Guardians see it at the table, not before."""
    return may_make_presentation(actor, gesprek) or conducts(actor, gesprek)


def visible_slides(actor, gesprek, written_here=()):
    """Who conducts, and the IB as it is on the table. The pupil: with her card what she made in this visit, else all."""
    slides = Slide.objects.filter(presentation__gesprek=gesprek, school=actor.school).select_related("item")
    if conducts(actor, gesprek) or actor.is_ib:
        return slides
    if not may_make_presentation(actor, gesprek):
        return slides.none()
    return slides if may_read_back(actor) else slides.filter(pk__in=list(written_here))


def choosable_charts(actor, gesprek):
    """For a slide: the charts her teacher chose to show at this gesprek."""
    charts = ShownChart.objects.filter(gesprek=gesprek, school=actor.school)
    return charts if may_present(actor, gesprek) else charts.none()


def choosable_items(actor, gesprek):
    """For a slide: what was released of this pupil, and what she added herself; after the second step."""
    items = PortfolioItem.objects.filter(leerling=gesprek.leerling_id, school=actor.school)
    if not (may_present(actor, gesprek) and may_read_back(actor)):
        return items.none()
    return items.filter(Q(released_at__isnull=False) | Q(by=gesprek.leerling.person_id))


# --- a teacher's own texts, and what a school asks ---------------------------------------------------------------------


def visible_standard_texts(actor):
    """Her own: a text for many pupils is nobody else's to read."""
    texts = StandardText.objects.filter(school=actor.school)
    return texts.filter(author=actor.person) if actor.is_staff and actor.person else texts.none()


def may_edit_questions(actor):
    """What is asked beforehand, of a kind of conversation and in a ronde, leadership writes down for the team."""
    return actor.is_leiding
