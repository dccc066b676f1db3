"""Who may see and do what with the year, the gesprekken and what is said in them.

The record has three parts, and they never mix: about the child (all parties, after release), confidential to one
guardian (that guardian and the gesprek's own teachers), and a teacher's working note (its author alone).
"""

from django.db.models import Q

from gesprekken.models import (
    Activiteit,
    Agreement,
    Answer,
    Confidential,
    Deelname,
    Gesprek,
    Ronde,
    Soort,
    Verslag,
    Visibility,
    Voorbereiding,
    WorkingNote,
)
from school.actor import CONFIRMED
from school.models import Groep, Lidmaatschap, Medewerker, Relatie, VrijeDag

# --- the year --------------------------------------------------------------------------------------------------------


def may_edit_year(actor):
    return actor.is_leiding


def may_edit_ronde(actor):
    return actor.is_leiding


def may_see_draft_year(actor):
    """What is not shared yet is leadership's; everybody else sees the last publication."""
    return actor.is_leiding


def may_edit_soorten(actor):
    return actor.is_leiding


def visible_soorten(actor):
    soorten = Soort.objects.filter(school=actor.school)
    return soorten if actor.is_leiding else soorten.none()


def visible_activiteiten(actor):
    """To change them; reading goes through the publication."""
    activiteiten = Activiteit.objects.filter(school=actor.school)
    return activiteiten if actor.is_leiding else activiteiten.none()


def visible_vrije_dagen(actor):
    """To change them; reading goes through the publication."""
    days = VrijeDag.objects.filter(school=actor.school)
    return days if actor.is_leiding else days.none()


def choosable_colleagues(actor):
    """Who can be a second colleague: everybody who works here now."""
    staff = Medewerker.objects.filter(school=actor.school, left_on__isnull=True)
    return staff.select_related("person").order_by("person__last_name") if actor.is_leiding else staff.none()


def own_groepen(person):
    """The groups of somebody's children (as far as nothing keeps them apart), or of the pupil."""
    reachable = Relatie.objects.reachable().filter(person=person).values("leerling")
    mine = Q(leerling__in=reachable) | Q(leerling__person=person)
    return Groep.objects.filter(
        school=person.school_id, pk__in=Lidmaatschap.objects.filter(mine).values("groep"), gone=False
    )


def visible_rondes(actor):
    """Leadership and IB see every ronde; teachers those of their groups; nobody else sees a ronde as such."""
    rondes = Ronde.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return rondes
    if actor.is_staff:
        return rondes.filter(groepen__in=actor.groep_ids).distinct()
    return rondes.none()


# --- a gesprek -------------------------------------------------------------------------------------------------------


def visible_gesprekken(actor):
    """Staff: leadership and IB all, a teacher those of her groups and those she takes part in.

    A guardian: those she takes part in, as long as nothing keeps her from the child. A pupil: her own, where she is
    invited. Loading a gesprek through this is authorising.
    """
    gesprekken = Gesprek.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return gesprekken
    if actor.person is None:
        return gesprekken.none()
    mine = Deelname.objects.filter(person=actor.person)
    if actor.is_staff:
        as_staff = mine.exclude(as_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING])
        return gesprekken.filter(Q(groep__in=actor.groep_ids) | Q(pk__in=as_staff.values("gesprek"))).distinct()
    reachable = Relatie.objects.reachable().filter(person=actor.person).values("leerling")
    return gesprekken.filter(
        Q(pk__in=mine.filter(as_role=Deelname.As.OUDER).values("gesprek"), leerling__in=reachable)
        | Q(pk__in=mine.filter(as_role=Deelname.As.LEERLING).values("gesprek"), leerling__person=actor.person)
    )


def conducts(actor, gesprek):
    """Whether this member of staff holds the gesprek: teaches the group, or takes part as a colleague."""
    if not actor.is_staff or actor.is_system:
        return False
    return (
        gesprek.groep_id in actor.groep_ids
        or gesprek.deelnames.filter(person=actor.person)
        .exclude(as_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING])
        .exists()
    )


def may_prepare(actor, gesprek):
    """Everybody who takes part prepares: guardian and pupil (already with the bare link) and the teacher."""
    return conducts(actor, gesprek) or (not actor.is_staff and visible_gesprekken(actor).filter(pk=gesprek.pk).exists())


def may_record(actor, gesprek):
    return conducts(actor, gesprek)


# --- what was prepared -----------------------------------------------------------------------------------------------


def visible_voorbereidingen(actor, gesprek):
    """One's own (reading back needs the second step), and for who conducts the gesprek everybody's."""
    rows = Voorbereiding.objects.filter(gesprek=gesprek, school=actor.school)
    if conducts(actor, gesprek):
        return rows
    if actor.level == CONFIRMED or actor.is_staff:
        return rows.filter(person=actor.person)
    return rows.none()


def visible_answers(actor, gesprek):
    """Teachers read all; the others their own, and after the second step what is on the table."""
    answers = Answer.objects.filter(voorbereiding__gesprek=gesprek, school=actor.school)
    if conducts(actor, gesprek):
        return answers
    if actor.is_ib:
        return answers.filter(visibility=Visibility.TABLE)
    if actor.level == CONFIRMED and visible_gesprekken(actor).filter(pk=gesprek.pk).exists():
        return answers.filter(Q(voorbereiding__person=actor.person) | Q(visibility=Visibility.TABLE))
    return answers.none()


# --- what was said and agreed ----------------------------------------------------------------------------------------


def visible_verslagen(actor):
    """Drafts: who conducts. Final: also leadership and IB. Released: the parties, after the second step."""
    verslagen = Verslag.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))
    if actor.is_staff:
        conducting = Q(gesprek__groep__in=actor.groep_ids) | Q(gesprek__deelnames__person=actor.person)
        final = Q(state=Verslag.State.FINAL) if actor.is_leiding or actor.is_ib else Q()
        return verslagen.filter(conducting | final if final else conducting).distinct()
    if actor.level == CONFIRMED:
        return verslagen.filter(released_at__isnull=False)
    return verslagen.none()


def visible_confidential(actor):
    """The gesprek's own teachers, and the one guardian it is about (after release and the second step)."""
    rows = Confidential.objects.filter(school=actor.school, verslag__in=visible_verslagen(actor))
    if actor.is_staff:
        return rows.filter(Q(verslag__gesprek__groep__in=actor.groep_ids) | Q(verslag__author=actor.person)).distinct()
    return rows.filter(person=actor.person)


def visible_working_notes(actor):
    notes = WorkingNote.objects.filter(school=actor.school)
    return notes.filter(author=actor.person) if actor.is_staff and actor.person else notes.none()


def visible_agreements(actor):
    """Those an agreement concerns, after the second step; staff of the gesprek, leadership and IB."""
    agreements = Agreement.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))
    if actor.is_staff:
        return agreements
    if actor.level == CONFIRMED:
        return agreements.filter(concerns=actor.person, gesprek__verslagen__released_at__isnull=False).distinct()
    return agreements.none()
