"""The verbs of who comes to a parent activity: sign up, think better of it, and afterwards who was there (C6)."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from planning.activities import guests
from planning.models import SignUp
from school import audit, outbox

MESSAGE = "planning.activity_signed_up"


class SignUpRefused(Exception):
    """`reason`: full, closed, over, off or free (one need not sign up); `left`: how many places there still are."""

    def __init__(self, reason, left=None):
        super().__init__(reason)
        self.reason, self.left = reason, left


def why_not(activiteit, *, now):
    """The reason nobody can sign up at this moment, or an empty string. Whether it is full is another question."""
    if activiteit.called_off_at:
        return "off"
    if guests.has_begun(activiteit, now):
        return "over"
    if not activiteit.asks_sign_up:
        return "free"
    return "closed" if guests.is_closed(activiteit, now) else ""


def sign_up(*, activiteit, number, by, now=None):
    """This guardian comes with so many people. Raises SignUpRefused; the same once more (a double tap) changes nothing.

    Never more people than there are places: whoever asks for the last one at the same moment waits, and is refused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = guests.locked(activiteit.pk)
        if reason := why_not(locked, now=now):
            raise SignUpRefused(reason)
        left = guests.places_left(locked, besides=by.person)
        if left is not None and number > left:
            raise SignUpRefused("full", left)
        known = guests.sign_up_of(by.person, locked)
        if known and known.cancelled_at is None and known.number == number:
            return known
        kept = _keep(locked, known, by.person, number, now)
        outbox.put_again(MESSAGE, by.person, kept)
        audit.record("sign_up", locked, by=by, number=number)
    return kept


def _keep(activiteit, known, person, number, now):
    if known is None:
        return SignUp.objects.create(
            school=activiteit.school, activiteit=activiteit, person=person, number=number, created_at=now
        )
    SignUp.objects.filter(pk=known.pk).update(
        number=number, created_at=now, cancelled_at=None, sequence=F("sequence") + 1
    )
    known.refresh_from_db()
    return known


def sign_off(*, activiteit, by, now=None):
    """She does not come after all, also when signing up is closed: the places are somebody else's. Twice is once."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = guests.locked(activiteit.pk)
        if guests.has_begun(locked, now):
            raise SignUpRefused("over")
        known = guests.sign_up_of(by.person, locked)
        if known is None or known.cancelled_at is not None:
            return
        SignUp.objects.filter(pk=known.pk).update(cancelled_at=now, sequence=F("sequence") + 1)
        outbox.put_again(MESSAGE, by.person, known)
        audit.record("sign_off", locked, by=by, number=known.number)


class TooEarly(Exception):
    """Nobody can have come yet."""


def note_who_came(*, activiteit, groep, came, by, now=None):
    """Of the guardians of one group, who was there; `came` are people. Who came unannounced, is remembered too."""
    now = now or timezone.now()
    if now < guests.begins_at(activiteit):
        raise TooEarly
    here = {person.pk for person in came}
    with transaction.atomic():
        locked = guests.locked(activiteit.pk)
        people = {person.pk for person in guests.could_come(locked, groep)}
        known = SignUp.objects.filter(activiteit=locked, person__in=people)
        known.filter(person__in=here).update(came=True)
        known.exclude(person__in=here).update(came=False)
        unannounced = (people & here) - set(known.values_list("person", flat=True))
        SignUp.objects.bulk_create(
            SignUp(school=locked.school, activiteit=locked, person_id=pk, created_at=now, cancelled_at=now, came=True)
            for pk in sorted(unannounced)
        )
        audit.record("note_who_came", locked, by=by, groep=groep.pk, came=len(people & here))
