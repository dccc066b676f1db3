"""The year, its rondes and kinds of conversation."""

from django.db.models import Q

from gesprekken.models import Activiteit, Ronde, Soort
from school.models import Groep, Lidmaatschap, Medewerker, Relatie, VrijeDag


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
    activiteiten = Activiteit.objects.filter(school=actor.school, called_off_at=None)
    return activiteiten if actor.is_leiding else activiteiten.none()


def visible_activity_guests(actor):
    """The activities of which a member of staff sees who is invited and who comes: leadership and IB all, a teacher
    those to which the families of her groups were invited.
    """
    activiteiten = Activiteit.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return activiteiten
    if not actor.is_staff or not actor.groep_ids:
        return activiteiten.none()
    everybody = Q(groepen=None, jaarplan__schooljaar__groepen__in=actor.groep_ids)
    return activiteiten.filter(everybody | Q(groepen__in=actor.groep_ids), invited_at__isnull=False).distinct()


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
    """Leadership and IB see every ronde; teachers those of their groups, and those they join as a second colleague.

    Nobody else sees a ronde as such.
    """
    rondes = Ronde.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return rondes
    if actor.is_staff:
        joining = Q(ronde_groepen__tweede_collega__person=actor.person) | Q(colleague_pool__person=actor.person)
        return rondes.filter(Q(groepen__in=actor.groep_ids) | joining).distinct()
    return rondes.none()
