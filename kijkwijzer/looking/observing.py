"""A colleague observes one gesprek: asked, answered, withdrawn, and scored afterwards.

The colleague learns when, where in the school and what kind of gesprek it is, never about whom. Parents are told
beforehand who sits with them (docs/decisions/0093-a-colleagues-look.md). Like looking back itself these verbs leave no
AuditEvent (docs/decisions/0060-own-scores.md).
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from gesprekken.permissions import conducts
from kijkwijzer.instrument import load_instrument
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Instrument, ObserverInvite, Terugblik
from kijkwijzer.permissions import colleagues_of
from planning import week
from planning.around import joining, meeting
from planning.models import Booking
from school import outbox
from school.statements import written_once

ASKED, ANSWERED, WITHDRAWN = "kijkwijzer.asked_to_observe", "kijkwijzer.observer_answered", "kijkwijzer.observer_off"
GIVEN, PARENTS = "kijkwijzer.observation_given", "kijkwijzer.observer_comes"
CHANGED = "kijkwijzer.observed_changed"
MAX_WORDS = 300


class ObservingRefused(Exception):
    """Nothing changed. `reason` is one of REASONS."""

    REASONS = (
        "not_yours",  # the gesprek, or the invitation, is somebody else's
        "colleague",  # no colleague of this school who can sign in, or oneself
        "family",  # a relation of this child
        "over",  # held, cancelled, or its time has begun
        "asked",  # this colleague has an invitation that stands
        "parents",  # inside the week, or no mail reaches them: first agreed with the parents
        "withdrawn",  # the invitation does not stand any more
        "declined",  # the colleague said no, or said nothing yet
        "not_held",  # the gesprek is still to come
        "given",  # the colleague gave her scores already
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Asked:
    """An invitation as a page shows it."""

    invite: ObserverInvite
    state: str  # see state_of
    booking: Booking | None
    terugblik: Terugblik | None
    over: bool = False

    @property
    def is_past(self):
        """Whether the colleague is not there, and will not be: then when, where and what to look at are not hers to read."""
        return self.state in ("withdrawn", "cancelled", "missed") or (self.state == "declined" and self.over)


# --- asking ----------------------------------------------------------------------------------------------------------


def booking_of(gesprek):
    return Booking.objects.active().filter(gesprek=gesprek).select_related("room").first()


def is_over(gesprek, now):
    booking = booking_of(gesprek)
    return bool(gesprek.is_held or gesprek.cancelled_at or (booking and booking.starts_at <= now))


def needs_parents(gesprek, now):
    """Whether the parents have to be asked first: inside the week, or where no mail reaches one of them."""
    booking = booking_of(gesprek)
    near = booking is not None and week.left_until(gesprek, booking.starts_at, now=now).is_near
    return near or bool(joining.without_address(gesprek))


def state_of(invite, now, over, given):
    """Where this invitation is, as one word."""
    if invite.withdrawn_at:
        return "withdrawn"
    if given:
        return "given"
    if invite.gesprek.cancelled_at:
        return "cancelled"
    if invite.accepted is None:
        return "missed" if over else "asked"
    if not invite.accepted:
        return "declined"
    return "to_score" if over else "accepted"


def seen(invites, now):
    """These invitations (a QuerySet) as pages show them, the newest first; in a fixed number of questions."""
    about = ("teacher", "observer", "school", "gesprek__ronde__soort", "gesprek__ronde__school", "gesprek__school")
    invites = list(invites.select_related(*about))
    gesprekken = [invite.gesprek_id for invite in invites]
    bookings = {b.gesprek_id: b for b in Booking.objects.active().filter(gesprek__in=gesprekken).select_related("room")}
    given = {
        (row.gesprek_id, row.observer_id, row.about_id): row
        for row in Terugblik.objects.filter(gesprek__in=gesprekken, mode=Terugblik.Mode.COLLEAGUE)
    }
    found = []
    for invite in invites:
        booking = bookings.get(invite.gesprek_id)
        row = given.get((invite.gesprek_id, invite.observer_id, invite.teacher_id))
        over = bool(invite.gesprek.is_held or (booking and booking.starts_at <= now))
        found.append(Asked(invite, state_of(invite, now, over, row and row.finished_at), booking, row, over))
    return found


def asked_of(actor, invites, now):
    """What is asked of this actor and still wants something of her. `invites` are the visible ones."""
    wanted = ("asked", "accepted", "to_score")
    return [row for row in seen(invites.filter(observer=actor.person), now) if row.state in wanted]


def asked_by(actor, invites, now):
    """Whom this actor asked herself, withdrawn ones left out."""
    return seen(invites.filter(teacher=actor.person, withdrawn_at__isnull=True), now)


def observation_of(invite):
    """What this colleague scored or began to score, or None."""
    return (
        looking_back.with_scores(Terugblik.objects)
        .filter(
            gesprek=invite.gesprek_id,
            observer=invite.observer_id,
            about=invite.teacher_id,
            mode=Terugblik.Mode.COLLEAGUE,
        )
        .first()
    )


def invite_observer(*, gesprek, observer, by, words="", factor=None, agreed=False, now):
    """Ask a colleague to observe this gesprek of one's own; a mail goes, with date and kind only.

    `factor` is what one works on, where one chooses to tell it: the colleague then scores that alone. Who declined, or
    whose invitation was withdrawn, can be asked again. Returns the ObserverInvite. Raises ObservingRefused.
    """
    if not conducts(by, gesprek):
        raise ObservingRefused("not_yours")
    if not colleagues_of(by).filter(pk=observer.pk).exists():
        raise ObservingRefused("colleague")
    if joining.is_family(gesprek, observer):
        raise ObservingRefused("family")
    if is_over(gesprek, now):
        raise ObservingRefused("over")
    if needs_parents(gesprek, now) and not agreed:
        raise ObservingRefused("parents")
    with transaction.atomic():
        fields = {"words": words.strip()[:MAX_WORDS], "factor": factor, "agreed": agreed, "asked_at": now}
        fields |= {"accepted": None, "answered_at": None, "withdrawn_at": None}
        about = {"gesprek": gesprek, "teacher": by.person, "observer": observer}
        invite, created = ObserverInvite.objects.get_or_create(**about, defaults={"school": by.school, **fields})
        if not created:
            ended = ObserverInvite.objects.filter(Q(withdrawn_at__isnull=False) | Q(accepted=False), pk=invite.pk)
            if not ended.update(**fields):
                raise ObservingRefused("asked")
            invite.refresh_from_db()
        outbox.put_again(ASKED, observer, invite)
    return invite


def parents_agree(*, invite, by):
    """The teacher discussed it with the parents, and they agree: now the colleague can say yes inside the week too."""
    if by.person is None or invite.teacher_id != by.person.pk:
        raise ObservingRefused("not_yours")
    ObserverInvite.objects.filter(pk=invite.pk).update(agreed=True)


def answer(*, invite, accepts, by, now):
    """Yes or no of the colleague who was asked; as long as the gesprek is to come she may change her mind.

    Every parent is told by mail who comes, and hears it when that is off again. Raises ObservingRefused.
    """
    if by.person is None or invite.observer_id != by.person.pk:
        raise ObservingRefused("not_yours")
    gesprek = invite.gesprek
    if is_over(gesprek, now):
        raise ObservingRefused("over")
    if accepts and needs_parents(gesprek, now) and not invite.agreed:
        raise ObservingRefused("parents")
    with transaction.atomic():
        invite = ObserverInvite.objects.select_for_update(of=("self",)).get(pk=invite.pk)
        if invite.withdrawn_at:
            raise ObservingRefused("withdrawn")
        was = invite.accepted
        if was is accepts:
            return invite
        ObserverInvite.objects.filter(pk=invite.pk).update(accepted=accepts, answered_at=now)
        invite.accepted, invite.answered_at = accepts, now
        outbox.put_again(ANSWERED, invite.teacher, invite)
        if accepts or was:
            tell_parents(gesprek)
    return invite


def withdraw(*, invite, by, now):
    """The teacher would rather not, or not this time. What the colleague had begun to fill in is gone.

    Raises ObservingRefused: also once the scores were given.
    """
    if by.person is None or invite.teacher_id != by.person.pk:
        raise ObservingRefused("not_yours")
    with transaction.atomic():
        invite = ObserverInvite.objects.select_for_update(of=("self",)).get(pk=invite.pk)
        begun = observation_of(invite)
        if begun and begun.finished_at:
            raise ObservingRefused("given")
        if invite.withdrawn_at:
            return
        ObserverInvite.objects.filter(pk=invite.pk).update(withdrawn_at=now)
        if begun:
            Terugblik.objects.filter(pk=begun.pk).delete()
        if invite.accepted is not False:
            outbox.put_again(WITHDRAWN, invite.observer, invite)
        if invite.accepted and not is_over(invite.gesprek, now):
            tell_parents(invite.gesprek)


def tell_parents(gesprek):
    """Every guardian who takes part hears who observes, or that nobody does after all (I1)."""
    for person in meeting.guardians_in(gesprek):
        outbox.put_again(PARENTS, person, gesprek)


def who_come(gesprekken):
    """The invitations with a yes that stands, of these gesprekken (their ids), in the order of the answers."""
    standing = ObserverInvite.objects.filter(gesprek__in=gesprekken, accepted=True, withdrawn_at__isnull=True)
    return standing.select_related("observer").order_by("answered_at", "pk")


def tell_observers(gesprekken):
    """Who said yes, or did not answer yet, hears that something changed about when or where these gesprekken (ids) are."""
    for invite in standing_invites(gesprekken=sorted(gesprekken)):
        outbox.put_again(CHANGED, invite.observer, invite)


@written_once
def standing_invites(*, gesprekken):
    """The invites for these gesprekken (ids) that were not withdrawn or declined; asked at every claim of a time."""
    standing = ObserverInvite.objects.filter(gesprek__pk__in=gesprekken, withdrawn_at__isnull=True)
    return standing.exclude(accepted=False).select_related("observer")


# --- scoring ---------------------------------------------------------------------------------------------------------


def guard(invite, by, now):
    """Raise ObservingRefused unless this colleague may score this gesprek now."""
    if by.person is None or invite.observer_id != by.person.pk:
        raise ObservingRefused("not_yours")
    if invite.withdrawn_at or invite.gesprek.cancelled_at:
        raise ObservingRefused("withdrawn")
    if not invite.accepted:
        raise ObservingRefused("declined")
    if not is_over(invite.gesprek, now):
        raise ObservingRefused("not_held")


def score(*, invite, by, ready, now, **filled):
    """Keep what the colleague filled in so far, as looking_back.save does; `ready` lets the teacher read it.

    Once ready it stays so, and can still be bettered. Returns the Terugblik. Raises ObservingRefused, LookBackRefused
    and StaleTerugblik.
    """
    with transaction.atomic():
        invite = ObserverInvite.objects.select_for_update(of=("self",)).select_related("gesprek").get(pk=invite.pk)
        guard(invite, by, now)
        terugblik = begin(invite, by, now)
        terugblik = looking_back.save(terugblik=terugblik, by=by, now=now, **filled)
        unready = Terugblik.objects.filter(pk=terugblik.pk, finished_at__isnull=True)
        if ready and unready.update(finished_at=now):
            terugblik.finished_at = now
            outbox.put(GIVEN, invite.teacher, terugblik)
    return terugblik


def begin(invite, by, now):
    """The look back of this colleague on this gesprek, laid down where there was none."""
    instrument = load_instrument(by.school)
    newest = looking_back.current_instrument(Instrument.objects.filter(school=by.school)) or instrument
    terugblik, _created = Terugblik.objects.get_or_create(
        gesprek=invite.gesprek,
        observer=by.person,
        about=invite.teacher,
        mode=Terugblik.Mode.COLLEAGUE,
        defaults={"school": by.school, "instrument": newest, "created_at": now},
    )
    return terugblik
