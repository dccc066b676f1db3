"""What was said and agreed."""

from django.db.models import Q

from gesprekken.models import Agreement, Confidential, Deelname, DraftVersion, Verslag, WorkingNote
from gesprekken.permissions.gesprek import is_teacher_of, of_conductor, of_teacher, readable_gesprekken
from school.actor import CONFIRMED


def visible_verslagen(actor):
    """Drafts: who conducts. Final: also leadership and IB. A guardian: the newest version that was released to her.

    A pupil reads the agreements that concern her, not the record her parents get (docs/decisions/0052).
    """
    verslagen = Verslag.objects.filter(school=actor.school, gesprek__in=readable_gesprekken(actor))
    if actor.is_leiding or actor.is_ib:
        return verslagen.filter(of_conductor(actor, "gesprek__") | Q(state=Verslag.State.FINAL))
    if actor.is_staff:
        return verslagen.filter(of_conductor(actor, "gesprek__"))
    if actor.level == CONFIRMED:
        return verslagen.latest_released().filter(released_to=actor.person)
    return verslagen.none()


def gesprekken_to_read(actor):
    """Where something was released to this guardian or pupil: that it exists, also for a bare link, not what it says."""
    released = Verslag.objects.filter(school=actor.school).latest_released()
    agreed = Agreement.objects.filter(concerns=actor.person, verslag__in=released)
    return readable_gesprekken(actor).filter(
        Q(pk__in=released.filter(released_to=actor.person).values("gesprek")) | Q(pk__in=agreed.values("gesprek"))
    )


def visible_confidential(actor):
    """The gesprek's own teachers, and the one guardian it is about (after release and the second step)."""
    rows = Confidential.objects.filter(school=actor.school, verslag__in=visible_verslagen(actor))
    if actor.is_staff:
        return rows.filter(of_teacher(actor, "verslag__gesprek__"))
    return rows.filter(person=actor.person)


def visible_working_notes(actor):
    notes = WorkingNote.objects.filter(school=actor.school)
    return notes.filter(author=actor.person) if actor.is_staff and actor.person else notes.none()


def visible_agreements(actor):
    """With the draft: who conducts. Final: also leadership and IB. Released: those it concerns, after the second step."""
    agreements = Agreement.objects.filter(school=actor.school, gesprek__in=readable_gesprekken(actor))
    if actor.is_staff:
        return agreements.filter(verslag__in=visible_verslagen(actor))
    if actor.level == CONFIRMED:
        released = Verslag.objects.filter(school=actor.school).latest_released()
        return agreements.filter(concerns=actor.person, verslag__in=released)
    return agreements.none()


# --- talking -----------------------------------------------------------------------------------------------------------


def visible_draft_versions(actor):
    """How a draft read before: who may write in it. Once it is final there are none."""
    if not actor.is_staff:
        return DraftVersion.objects.none()
    versions = DraftVersion.objects.filter(school=actor.school, verslag__state=Verslag.State.DRAFT)
    return versions.filter(of_conductor(actor, "verslag__gesprek__"))


def for_everybody_at(gesprek, agreements):
    """Of these agreements those that every guardian and the pupil at this table may see: what concerns them all."""
    family = gesprek.deelnames.filter(as_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING])
    at_table = set(family.values_list("person_id", flat=True))
    return [one for one in agreements if at_table and at_table <= {person.pk for person in one.concerns.all()}]


def may_follow_up(actor, gesprek):
    """Planning the next one from here: the gesprek's own teachers."""
    return is_teacher_of(actor, gesprek)
