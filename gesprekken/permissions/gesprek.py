"""Who sees a gesprek, who holds it, and who does what in it."""

from django.db.models import F, Q

from gesprekken.models import Deelname, Gesprek
from school.actor import CONFIRMED, Actor
from school.models import Person, Relatie

# Who takes part without holding the gesprek; everybody else in it is a colleague at the table.
NOT_HOLDING = [Deelname.As.OUDER, Deelname.As.LEERLING, Deelname.As.ACHTERAF, Deelname.As.TOLK]


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
    if actor.is_staff:
        as_staff = Deelname.objects.filter(person=actor.person).exclude(as_role__in=NOT_HOLDING)
        return gesprekken.filter(Q(groep__in=actor.groep_ids) | Q(pk__in=as_staff.values("gesprek"))).distinct()
    reachable = Relatie.objects.reachable().filter(person=actor.person).values("leerling")
    # One join, as somebody takes part in a gesprek once; and her own first, or the database walks through the school's.
    gesprekken = gesprekken.filter(pk__in=Deelname.objects.filter(person=actor.person).values("gesprek"))
    return gesprekken.filter(
        Q(deelnames__as_role=Deelname.As.OUDER, leerling__in=reachable)
        | Q(deelnames__as_role=Deelname.As.LEERLING, leerling__person=actor.person),
        deelnames__person=actor.person,
    )


def readable_gesprekken(actor):
    """Whose record one may be given: the visible ones, and for a guardian who hears afterwards those it is said of.

    Only for what is released: when, with whom and what was prepared stays with those who take part.
    """
    visible = visible_gesprekken(actor)
    if actor.is_staff or actor.person is None:
        return visible
    later = Deelname.objects.filter(person=actor.person, as_role=Deelname.As.ACHTERAF).values("gesprek")
    reachable = Relatie.objects.reachable().filter(person=actor.person).values("leerling")
    hears = Gesprek.objects.filter(school=actor.school, pk__in=later, leerling__in=reachable)
    return Gesprek.objects.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=hears.values("pk")))


def visible_with_role(actor):
    """The same to a guardian or pupil, each with `own_role`: as what (a Deelname.As) she takes part herself."""
    return visible_gesprekken(actor).annotate(own_role=F("deelnames__as_role"))


def guards_in(actor, gesprek):
    """Whether this person takes part as a guardian. Nothing is asked again of what visible_with_role loaded."""
    if not hasattr(gesprek, "own_role"):
        return visible_with_role(actor).filter(pk=gesprek.pk, own_role=Deelname.As.OUDER).exists()
    return gesprek.own_role == Deelname.As.OUDER


def of_teacher(actor, prefix=""):
    """A filter: gesprekken whose teacher this member of staff is. `prefix` leads from another model to the gesprek."""
    as_teacher = Deelname.objects.filter(person=actor.person, as_role=Deelname.As.LEERKRACHT)
    return _within(actor, as_teacher, prefix)


def of_conductor(actor, prefix=""):
    """A filter: gesprekken this member of staff takes part in at all."""
    as_staff = Deelname.objects.filter(person=actor.person).exclude(as_role__in=NOT_HOLDING)
    return _within(actor, as_staff, prefix)


def _within(actor, deelnames, prefix):
    if not actor.is_staff or actor.is_system:
        return Q(pk__in=[])
    key = prefix.rstrip("_") or "pk"
    return Q(**{f"{prefix}groep__in": actor.groep_ids}) | Q(**{f"{key}__in": deelnames.values("gesprek")})


def conducts(actor, gesprek):
    """Whether this member of staff holds the gesprek: teaches the group, or takes part as a colleague."""
    return Gesprek.objects.filter(of_conductor(actor), pk=gesprek.pk, school=actor.school).exists()


def is_teacher_of(actor, gesprek):
    """Whether what is for the teacher only is for this member of staff. Duo teachers both are."""
    return Gesprek.objects.filter(of_teacher(actor), pk=gesprek.pk, school=actor.school).exists()


def teachers_of(gesprek):
    """Everybody for whom 'for the teacher only' is meant: the group's teachers, and who takes part as the teacher."""
    taking_part = gesprek.deelnames.filter(as_role=Deelname.As.LEERKRACHT).values("person")
    teaching = Q(medewerker__lesgeven__groep=gesprek.groep_id)
    return Person.objects.filter(teaching | Q(pk__in=taking_part), school=gesprek.school_id).distinct().order_by("pk")


def may_prepare(actor, gesprek):
    """Everybody who takes part prepares: guardian and pupil (already with the bare link), the teacher, a colleague."""
    return conducts(actor, gesprek) or (not actor.is_staff and visible_gesprekken(actor).filter(pk=gesprek.pk).exists())


def may_read_back(actor):
    """A bare link may have leaked: it lets one write, but what was written comes back only after the second step."""
    return actor.level == CONFIRMED or actor.is_staff


def may_read_prepared(actor, gesprek):
    """The sheet with the three preparations: who conducts, and the intern begeleider what is on the table."""
    return conducts(actor, gesprek) or actor.is_ib


def may_record(actor, gesprek):
    """Notes, attendance, agreements: who conducts."""
    return conducts(actor, gesprek)


def may_finalise(actor, gesprek):
    """Closing, releasing, correcting: the gesprek's own teachers."""
    return is_teacher_of(actor, gesprek)


def may_hand_over_code(actor, gesprek, person):
    """The teachers, and leadership at the desk, to a guardian or the pupil who may see this gesprek."""
    if not (is_teacher_of(actor, gesprek) or (actor.is_leiding and not actor.is_system)):
        return False
    return readable_gesprekken(Actor(person=person, level=CONFIRMED)).filter(pk=gesprek.pk).exists()
