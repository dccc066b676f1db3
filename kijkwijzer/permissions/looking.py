"""Who may look back, and who reads it. A teacher's scores are the teacher's own (K4): leadership does not see them."""

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from gesprekken.models import Deelname
from gesprekken.permissions import NOT_HOLDING, conducts, of_conductor, visible_gesprekken
from kijkwijzer.models import Instrument, ObserverInvite, Ontwikkelpunt, Sharing, Terugblik
from planning.models import Booking
from school.models import Person


def visible_terugblikken(actor):
    """One's own alone. Not the leadership's, not the second teacher's of the same gesprek: theirs do not exist here."""
    rows = Terugblik.objects.filter(school=actor.school)
    return rows.filter(observer=actor.person) if actor.is_staff and actor.person else rows.none()


def readable_terugblikken(actor):
    """One's own; what a colleague gave about oneself, once she says it is ready; and what is shared with one now."""
    rows = Terugblik.objects.filter(school=actor.school, saved_at__isnull=False)
    if not actor.is_staff or actor.person is None:
        return rows.none()
    about_me = Q(about=actor.person, mode=Terugblik.Mode.COLLEAGUE, finished_at__isnull=False)
    shared = Sharing.objects.filter(still_here("person__"), person=actor.person, withdrawn_at__isnull=True)
    return rows.filter(Q(observer=actor.person) | about_me | Q(pk__in=shared.values("terugblik")))


def may_share(actor, terugblik):
    """Whom it is about, and nobody else; of a film, which is about nobody, who scored it. A reader shares nothing on."""
    owner = terugblik.about_id or terugblik.observer_id
    return actor.is_staff and actor.person is not None and owner == actor.person.pk


def visible_sharings(actor):
    """Those of one's own look backs, to withdraw, and those with oneself, to read. Withdrawn ones are gone for both."""
    rows = Sharing.objects.filter(school=actor.school, withdrawn_at__isnull=True)
    if not actor.is_staff or actor.person is None:
        return rows.none()
    film = Q(terugblik__about__isnull=True, terugblik__observer=actor.person)
    with_me = Q(still_here("person__"), person=actor.person)
    return rows.filter(with_me | Q(terugblik__about=actor.person) | film)


def visible_invites(actor):
    """Who asked and who was asked to observe; nobody else knows of it, leadership neither, nor who has left since."""
    rows = ObserverInvite.objects.filter(school=actor.school)
    if not actor.is_staff or actor.person is None:
        return rows.none()
    return rows.filter(Q(teacher=actor.person) | Q(still_here("observer__"), observer=actor.person))


def still_here(before=""):
    """As Q, seen from a row before the Person (`person__`): a member of staff who was not shut out and has not left."""
    left = f"{before}medewerker__left_on"
    now_here = Q(**{f"{left}__isnull": True}) | Q(**{f"{left}__gt": timezone.localdate()})
    return now_here & Q(**{f"{before}medewerker__isnull": False, f"{before}medewerker__deactivated_at__isnull": True})


def colleagues_of(actor):
    """Whom one can ask to observe, or share with: colleagues of this school who can sign in, without oneself."""
    rows = Person.objects.filter(school=actor.school)
    if not actor.is_staff or actor.person is None:
        return rows.none()
    rows = rows.filter(still_here(), user__is_active=True)
    return rows.exclude(pk=actor.person.pk).order_by("last_name", "first_name", "pk")


def visible_ontwikkelpunten(actor):
    """One's own, and nobody else's."""
    rows = Ontwikkelpunt.objects.filter(school=actor.school)
    return rows.filter(person=actor.person) if actor.is_staff and actor.person else rows.none()


def visible_instruments(actor):
    rows = Instrument.objects.filter(school=actor.school)
    return rows if actor.is_staff else rows.none()


def may_look_back(actor, gesprek):
    """Who held the gesprek looks back on it."""
    return conducts(actor, gesprek)


def visible_to_observe(actor, now):
    """Gesprekken this member of staff holds that are still to come, with or without a time, the soonest first."""
    if actor.person is None or not actor.is_staff:
        return visible_gesprekken(actor).none()
    ahead = Booking.objects.active().filter(gesprek=OuterRef("pk"))
    return (
        visible_gesprekken(actor)
        .filter(of_conductor(actor), cancelled_at__isnull=True, held_on__isnull=True)
        .annotate(at=Subquery(ahead.values("starts_at")[:1]))
        .filter(Q(at__isnull=True) | Q(at__gt=now))
        .order_by(F("at").asc(nulls_last=True), "pk")
    )


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
