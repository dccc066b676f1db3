"""Telling the families of an activity: the invitation, and what is different after it (C6)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from gesprekken.models import Activiteit
from planning import week
from planning.activities import guests
from school import audit, bounces, outbox
from school.models import AuditEvent, Outgoing, Person
from school.outbox import address_of

INVITATION, CHANGED = "planning.activity_invitation", "planning.activity_changed"
SETTLES = timedelta(minutes=10)  # of two corrections shortly after each other, families hear the last
State = Outgoing.State


class NotInvited(Exception):
    """`reason`: off, over, words (nothing says yet why one is welcome) or nobody (everybody knows it already)."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def rows_of(activiteit, message=INVITATION):
    label = activiteit._meta.label_lower
    return Outgoing.objects.filter(message=message, object_type=label, object_id=activiteit.pk)


@dataclass
class Reach:
    """Guardians who are welcome: told or about to be, still to tell, and who cannot be mailed (by name)."""

    told: list[Person]
    to_tell: list[Person]
    came_back: list[Person]
    no_address: list[Person]


def reach_of(activiteit):
    people = list(guests.families(guests.welcome(activiteit)))
    back = bounces.came_back(people)
    went = [State.WAITING, State.SENDING, State.SENT]
    told = set(rows_of(activiteit).filter(state__in=went).values_list("recipient", flat=True))
    found = Reach([], [], [], [])
    for person in people:
        if person.pk in told:
            found.told.append(person)
        elif person.pk in back:
            found.came_back.append(person)
        else:
            (found.to_tell if address_of(person) else found.no_address).append(person)
    return found


def needs_reason(activiteit, *, now):
    """Whether the day is less than a week away, and this would be the first that families hear of it (I2)."""
    return activiteit.invited_at is None and week.is_near(activiteit.on, now=now, zone=activiteit.school.zone)


def invite(*, activiteit, by, reason="", now=None):
    """One mail to every guardian who was not told yet, about all her children it is for. Returns how many.

    Raises NotInvited, and week.ReasonNeeded inside the week. From then on it stands on the personal pages.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = guests.locked(activiteit.pk)
        if refused := why_not(locked, now=now):
            raise NotInvited(refused)
        if needs_reason(locked, now=now) and not reason.strip():
            raise week.ReasonNeeded
        people = reach_of(locked).to_tell
        if not people and locked.invited_at:
            raise NotInvited("nobody")
        turn = (rows_of(locked).aggregate(last=Max("version"))["last"] or 0) + 1
        outbox.put_many(INVITATION, [(person, locked) for person in people], version=turn, now=now)
        Activiteit.objects.filter(pk=locked.pk, invited_at=None).update(invited_at=now)
        near = {"reason": reason.strip()[:300]} if needs_reason(locked, now=now) else {}
        audit.record("invite_to_activity", locked, by=by, told=len(people), **near)
    return len(people)


def why_not(activiteit, *, now):
    if activiteit.called_off_at:
        return "off"
    if guests.has_begun(activiteit, now):
        return "over"
    return "" if activiteit.invitation.strip() else "words"


def may_be_called_off(activiteit, *, now):
    """Whether families know of it, and it is still to come."""
    return activiteit.invited_at is not None and not activiteit.called_off_at and now < guests.ends_at(activiteit)


def reason_given(activiteit):
    """(why families heard less than a week ahead, who wrote it), or None."""
    event = AuditEvent.objects.filter(
        verb="invite_to_activity", object_type=activiteit._meta.label_lower, object_id=activiteit.pk
    )
    first = event.select_related("person").order_by("pk").first()
    return (first.detail["reason"], first.person) if first and "reason" in first.detail else None


def tell_changed(*, activiteit, by, now):
    """Everybody who was mailed of it or signed up hears of the new day, time or place, or that it is off.

    Calendars follow. Whose invitation still waits, reads in it how things are by then.
    """
    went = rows_of(activiteit).filter(state__in=[State.SENT, State.SENDING]).values("recipient")
    comes = guests.coming(activiteit)
    comes.update(sequence=F("sequence") + 1)
    people = Person.objects.filter(Q(pk__in=went) | Q(pk__in=comes.values("person")))
    turn = (rows_of(activiteit, CHANGED).aggregate(last=Max("version"))["last"] or 0) + 1
    told = list(people.order_by("pk"))
    outbox.put_many(CHANGED, [(p, activiteit) for p in told], version=turn, now=now, due_at=now + SETTLES)
    audit.record("tell_activity_changed", activiteit, by=by, told=len(told))
