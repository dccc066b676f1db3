"""The second colleague reads the draft along and agrees with it (C4). Any change after that, and she reads it again."""

import hashlib

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Verslag
from gesprekken.permissions import second_colleagues
from gesprekken.talking.drafts import StaleDraft
from school import audit, outbox
from school.models import Outgoing

MESSAGE = "gesprekken.please_read_along"


class SecondNeeded(Exception):
    """An advice conversation is closed by two: a second colleague agrees with the text first."""


class NoSecondColleague(SecondNeeded):
    """Nobody takes part as one yet: that has to be arranged first."""


class NothingToSecond(Exception):
    """There is no draft: nothing was written, or it is final already."""


def mark_of(draft):
    """What the text and the agreements are now, in a few characters: whoever agrees, agrees with what she read."""
    texts = [draft.about_child, draft.interests, draft.disappointment, draft.perspective, draft.at_home]
    agreed = [
        [a.pk, a.who, a.what, a.when, a.how, a.why, a.seen_when, a.shares, a.evaluate_on, sorted(p.pk for p in people)]
        for a in draft.agreements.prefetch_related("concerns")
        for people in [a.concerns.all()]
    ]
    return hashlib.sha256(repr((texts, agreed)).encode(errors="surrogatepass")).hexdigest()[:16]


def is_needed(gesprek):
    return gesprek.ronde.soort.is_advice


def forget(draft):
    """The draft changes: what was agreed with is no longer what stands there."""
    Verslag.objects.filter(pk=draft.pk, seconded_at__isnull=False).update(seconded_at=None, seconded_by=None)
    draft.seconded_at = draft.seconded_by = None


def guard(draft, *, by):
    """Before closing. Raises SecondNeeded as long as nobody but who closes it agreed."""
    if not is_needed(draft.gesprek):
        return
    if draft.seconded_at is None or draft.seconded_by == by.person:
        others = [person for person in second_colleagues(draft.gesprek) if person != by.person]
        raise SecondNeeded if others else NoSecondColleague


def agree(*, gesprek, by, seen_mark, now=None):
    """'I agree': of a text she has read. Raises StaleDraft when it changed meanwhile. Twice is once."""
    with transaction.atomic():
        draft = Verslag.objects.select_for_update().filter(gesprek=gesprek, state=Verslag.State.DRAFT).first()
        if draft is None:
            raise NothingToSecond
        if mark_of(draft) != seen_mark:
            raise StaleDraft(version=draft.version, stored={"about_child": draft.about_child})
        if draft.seconded_at is None:
            draft.seconded_at, draft.seconded_by = now or timezone.now(), by.person
            draft.save(update_fields=["seconded_at", "seconded_by"])
            audit.record("seconded", draft, by=by, number=draft.number)
    return draft


def ask(*, gesprek, by, now=None):
    """A mail to each second colleague with a link to the draft; none where one is on its way already.

    Returns whom it goes to or is going to. Raises NoSecondColleague and NothingToSecond.
    """
    with transaction.atomic():
        draft = Verslag.objects.select_for_update().filter(gesprek=gesprek, state=Verslag.State.DRAFT).first()
        if draft is None:
            raise NothingToSecond
        colleagues = [person for person in second_colleagues(gesprek) if person != by.person]
        if not colleagues:
            raise NoSecondColleague
        waiting = Outgoing.objects.filter(message=MESSAGE, object_id=draft.pk, state=Outgoing.State.WAITING)
        asked = set(waiting.values_list("recipient_id", flat=True))
        for person in colleagues:
            if person.pk not in asked:
                outbox.put_again(MESSAGE, person, draft, due_at=now)
        audit.record("asked_to_read_along", draft, by=by, people=len(colleagues))
    return colleagues
