"""Who may see and score what. A teacher's scores are the teacher's own (K4): leadership does not see them."""

from django.db.models import Exists, OuterRef, Q

from gesprekken.models import Deelname
from gesprekken.permissions import NOT_HOLDING, conducts, visible_gesprekken, visible_rondes
from kijkwijzer.models import Instrument, Terugblik
from planning.models import Booking


def visible_terugblikken(actor):
    """One's own alone. Not the leadership's, not the second teacher's of the same gesprek: theirs do not exist here."""
    rows = Terugblik.objects.filter(school=actor.school)
    return rows.filter(observer=actor.person) if actor.is_staff and actor.person else rows.none()


def visible_instruments(actor):
    rows = Instrument.objects.filter(school=actor.school)
    return rows if actor.is_staff else rows.none()


def may_look_back(actor, gesprek):
    """Who held the gesprek looks back on it."""
    return conducts(actor, gesprek)


def visible_to_look_back(actor, now):
    """Gesprekken this member of staff held, newest first: marked as held, or their time has begun."""
    if actor.person is None or not actor.is_staff:
        return visible_gesprekken(actor).none()
    colleague = Deelname.objects.filter(gesprek=OuterRef("pk"), person=actor.person).exclude(as_role__in=NOT_HOLDING)
    begun = Booking.objects.filter(gesprek=OuterRef("pk"), state=Booking.State.ACTIVE, starts_at__lte=now)
    return (
        visible_gesprekken(actor)
        .filter(Q(groep__in=actor.groep_ids) | Exists(colleague), cancelled_at__isnull=True)
        .filter(Q(held_on__isnull=False) | Exists(begun))
        .order_by("-held_on", "-pk")
    )


def may_see_overview(actor):
    """Reach and follow-up per ronde and group: leadership and the intern begeleider."""
    return actor.is_leiding or actor.is_ib


def visible_rondes_to_follow(actor):
    """The rondes of the overview: those that are or were open."""
    rondes = visible_rondes(actor) if may_see_overview(actor) else visible_rondes(actor).none()
    return rondes.exclude(state="draft")
