"""A gesprek on request, and who teaches whom now."""

from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Aanvraag, Soort
from school.models import Groep, Leerling, Lidmaatschap, Relatie


def askable_soorten(actor):
    """The kinds that are held on request, as far as the school has them in use; everybody may know them."""
    return Soort.objects.filter(school=actor.school, is_optional=True, archived=False)


def askable_leerlingen(actor):
    """For whom one may ask: a guardian who is invited for the child, the pupil herself, her teachers, leadership."""
    here = Leerling.objects.filter(school=actor.school, left_on__isnull=True).select_related("person", "school")
    if actor.is_leiding:
        return here
    if actor.is_staff:
        return here.filter(lidmaatschappen__groep__in=groepen_now(actor)).distinct()
    mine = Relatie.objects.invited().filter(person=actor.person).values("leerling")
    return here.filter(Q(pk__in=mine) | Q(person=actor.person)).order_by("person__first_name", "pk")


def visible_aanvragen(actor):
    """What was asked, with the reason: leadership, IB, and the child's present teachers. Anybody else sees her own only."""
    rows = Aanvraag.objects.filter(school=actor.school).select_related(
        "leerling__person", "soort", "person", "ronde", "follows__ronde"
    )
    if actor.is_leiding or actor.is_ib:
        return rows
    if actor.is_staff:
        return rows.filter(leerling__lidmaatschappen__groep__in=groepen_now(actor)).distinct()
    return rows.filter(person=actor.person, leerling__in=askable_leerlingen(actor).values("pk"))


def answerable_aanvragen(actor):
    """Of those, the ones this colleague answers: leadership all, teachers those of their pupils; IB reads along."""
    rows = visible_aanvragen(actor)
    if actor.is_leiding:
        return rows
    if not actor.is_staff:
        return rows.none()
    return rows.filter(leerling__lidmaatschappen__groep__in=groepen_now(actor)).distinct()


def choosable_leerlingen(actor, ronde):
    """For whom this member of staff decides that they have a ronde on request: leadership, a teacher her own group."""
    if not may_choose_leerlingen(actor, ronde):
        return Leerling.objects.none()
    mine = Lidmaatschap.objects.filter(groep__ronde_groepen__ronde=ronde)
    if not actor.is_leiding:
        mine = mine.filter(groep__in=actor.groep_ids)
    return Leerling.objects.filter(school=actor.school, pk__in=mine.values("leerling"), left_on__isnull=True)


def may_choose_leerlingen(actor, ronde):
    return actor.is_leiding or (actor.is_staff and ronde.groepen.filter(pk__in=actor.groep_ids).exists())


def groepen_now(actor):
    return Groep.objects.filter(pk__in=actor.groep_ids, schooljaar__ends_on__gte=timezone.localdate()).values("pk")
