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
from school.models import Outgoing, Person
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

    @property
    def on_paper(self):
        """Whom no mail reaches: they get a letter."""
        return [*self.no_address, *self.came_back]


def reach_of(activiteit):
    people = list(guests.families(guests.welcome(activiteit)))
    back = bounces.came_back(people)
    went = [State.WAITING, State.SENDING, State.SENT]
    told = set(rows_of(activiteit).filter(state__in=went).values_list("recipient", flat=True))
    found = Reach([], [], [], [])
    for person in people:
        if person.pk in back:  # also of what was sent before it came back
            found.came_back.append(person)
        elif person.pk in told:
            found.told.append(person)
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
        if locked.invited_at is None:
            week.keep_for_activity(locked, [locked.on], what=week.What.TOLD, by=by, now=now, reason=reason)
        people = reach_of(locked).to_tell
        if not people and locked.invited_at:
            raise NotInvited("nobody")
        turn = (rows_of(locked).aggregate(last=Max("version"))["last"] or 0) + 1
        outbox.put_many(INVITATION, [(person, locked) for person in people], version=turn, now=now)
        Activiteit.objects.filter(pk=locked.pk, invited_at=None).update(invited_at=now)
        audit.record("invite_to_activity", locked, by=by, told=len(people))
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
    """The WeekException that says why families first heard of it less than a week ahead, or None."""
    return activiteit.week_exceptions.filter(what=week.What.TOLD).select_related("by").first()


def tell_changed(*, activiteit, was, by, now, reason=""):
    """Everybody who was mailed of it or signed up hears of the new day, time or place, or that it is off.

    Calendars follow. Whose invitation still waits, reads in it how things are by then; letters count as not printed.
    `was`: the activity before it changed. Within a week of the old day or the new one that needs a reason (I2). Raises week.ReasonNeeded.
    """
    what = week.What.OFF if activiteit.called_off_at else week.What.CHANGED
    week.keep_for_activity(activiteit, {was.on, activiteit.on}, what=what, by=by, now=now, reason=reason)
    if not activiteit.called_off_at:
        activiteit.letters.all().delete()  # they say how it was, and have to be printed anew
    went = rows_of(activiteit).filter(state__in=[State.SENT, State.SENDING]).values("recipient")
    comes = guests.coming(activiteit)
    comes.update(sequence=F("sequence") + 1)
    people = Person.objects.filter(Q(pk__in=went) | Q(pk__in=comes.values("person")))
    turn = (rows_of(activiteit, CHANGED).aggregate(last=Max("version"))["last"] or 0) + 1
    told = list(people.order_by("pk"))
    outbox.put_many(CHANGED, [(p, activiteit) for p in told], version=turn, now=now, due_at=now + SETTLES)
    audit.record("tell_activity_changed", activiteit, by=by, told=len(told))
