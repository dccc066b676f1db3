"""Who arranges what stands around a gesprek: a family, a replacement, an interpreter, somebody who joins."""

from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Deelname
from gesprekken.permissions import visible_gesprekken
from planning.models import InterpreterRequest
from school.models import AuditEvent, Lidmaatschap, Medewerker, Person, Relatie


def may_replace(actor):
    """Who lets one member of staff take over the gesprekken of another: leadership."""
    return actor.is_leiding


def replaceable_staff(actor):
    """Who can be away, and who can take over: everybody who works here, for who may replace."""
    staff = Medewerker.objects.active().filter(school=actor.school, left_on__isnull=True)
    staff = staff.select_related("person", "school").order_by("person__last_name", "person__first_name", "pk")
    return staff if may_replace(actor) else staff.none()


def visible_replacements(actor):
    """The times somebody took over, for who may undo it."""
    events = AuditEvent.objects.filter(school=actor.school, verb="take_over")
    return events if may_replace(actor) else events.none()


def may_arrange_family(actor, leerling):
    """Whether the guardians of this child talk together, apart or hear afterwards: leadership, and the child's teacher."""
    if not actor.is_staff or leerling.school_id != actor.school.pk:
        return False
    now_in = Lidmaatschap.objects.filter(
        leerling=leerling, groep__in=actor.groep_ids, groep__schooljaar__ends_on__gte=timezone.localdate()
    )
    return actor.is_leiding or now_in.exists()


def visible_guardians(actor, leerling):
    """Who is invited for this child, for who may arrange how they talk."""
    relaties = Relatie.objects.invited().filter(leerling=leerling, school=actor.school).select_related("person__user")
    return relaties.order_by("pk") if may_arrange_family(actor, leerling) else relaties.none()


def may_arrange_interpreters(actor):
    """Ordering is the work of leadership and the intern begeleider; a teacher asks for her own gesprekken."""
    return actor.is_leiding or actor.is_ib


def visible_requests(actor):
    """Interpreters that are asked: of the gesprekken one sees."""
    return InterpreterRequest.objects.filter(school=actor.school, gesprek__in=visible_gesprekken(actor))


def visible_outsiders(actor):
    """Experts and interpreters from outside who came before: to choose again, so that each stays one person."""
    known = Person.objects.filter(school=actor.school, user=None, medewerker=None, leerling=None, relaties=None)
    came = known.filter(deelnames__as_role__in=[Deelname.As.EXPERT, Deelname.As.TOLK]).distinct()
    return came.order_by("last_name", "first_name", "pk") if actor.is_staff else came.none()


def visible_experts(actor):
    """Whom one can ask to join: colleagues, and who came from outside before."""
    colleagues = visible_colleagues(actor).order_by().values("person")
    outsiders = visible_outsiders(actor).order_by().values("pk")
    people = Person.objects.filter(Q(pk__in=colleagues) | Q(pk__in=outsiders), school=actor.school)
    return people.order_by("last_name", "first_name", "pk")


def visible_colleagues(actor):
    """Who works here now, to ask along."""
    staff = Medewerker.objects.active().filter(school=actor.school, left_on__isnull=True).select_related("person")
    return staff.order_by("person__last_name", "person__first_name", "pk") if actor.is_staff else staff.none()
