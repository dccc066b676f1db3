"""What was tried to reach the parents of one gesprek (I4). What was said stands nowhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Gesprek
from planning.models import ContactAttempt, Invitation
from school import audit
from school.models import AuditEvent

DOUBLE_SECONDS = 10  # the same twice within so long is one click that was made twice
UNDO_MINUTES = 15  # long enough to see that it was the wrong child, too short to rewrite what was done

How, Outcome = ContactAttempt.How, ContactAttempt.Outcome


@dataclass(frozen=True)
class Way:
    """One way it can go: what the button says, and how it is told afterwards."""

    how: str
    outcome: str
    button: Promise
    told: Promise

    @property
    def code(self):
        return f"{self.how}-{self.outcome}"


QUICK = [
    Way(How.PHONE, Outcome.NO_ANSWER, _("Gebeld - geen gehoor"), _("gebeld, geen gehoor")),
    Way(How.PHONE, Outcome.SPOKEN, _("Gebeld - gesproken"), _("gebeld en gesproken")),
    Way(How.PHONE, Outcome.ASKED_BACK, _("Zij bellen terug"), _("gebeld, zij bellen terug")),
    Way(How.PHONE, Outcome.WRONG, _("Nummer klopt niet"), _("gebeld, het nummer klopt niet")),
]
OTHER = [
    Way(How.IN_PERSON, Outcome.SPOKEN, _("Op school gesproken"), _("gesproken op school")),
    Way(How.IN_PERSON, Outcome.ASKED_BACK, _("Op school - zij laten het weten"), _("op school, zij laten het weten")),
    Way(How.MESSAGE, Outcome.NO_ANSWER, _("Bericht gestuurd"), _("bericht gestuurd, nog geen antwoord")),
    Way(How.MESSAGE, Outcome.SPOKEN, _("Bericht - antwoord gekregen"), _("bericht gestuurd, antwoord gekregen")),
    Way(
        How.MESSAGE, Outcome.ASKED_BACK, _("Bericht - zij schrijven terug"), _("bericht gestuurd, zij schrijven terug")
    ),
    Way(How.MESSAGE, Outcome.WRONG, _("Bericht - adres klopt niet"), _("bericht gestuurd, het adres klopt niet")),
]
WAYS = {way.code: way for way in [*QUICK, *OTHER]}


class AttemptRefused(Exception):
    """Nothing is noted or taken back. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "over",  # the gesprek has been held or cancelled: nobody needs to be reached for it
        "too_late",  # noted too long ago to take it back
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def log_attempt(*, gesprek, person, how, outcome, by, now=None):
    """Note that this guardian was tried. Returns the ContactAttempt. Raises AttemptRefused.

    The same noted twice within a few seconds is one. Who was spoken with need not be phoned any more.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = Gesprek.objects.select_for_update(of=("self",)).get(pk=gesprek.pk)
        if gesprek.cancelled_at or gesprek.is_held:
            raise AttemptRefused("over")
        same = {"gesprek": gesprek, "person": person, "how": how, "outcome": outcome, "by": by.person}
        just_now = ContactAttempt.objects.filter(**same, at__gt=now - timedelta(seconds=DOUBLE_SECONDS)).first()
        if just_now:
            return just_now
        attempt = ContactAttempt.objects.create(school_id=gesprek.school_id, at=now, **same)
        answered = _answer_call(gesprek, person) if outcome == Outcome.SPOKEN else []
        audit.record("log_attempt", attempt, by=by, how=how, outcome=outcome, answered=answered)
    return attempt


def _answer_call(gesprek, person):
    """The wish of this guardian to be phoned is fulfilled. Returns [[invitation id, since when it stood]]."""
    asked = Invitation.objects.filter(gesprek=gesprek, person=person, call_me_at__isnull=False)
    answered = [[pk, at.isoformat()] for pk, at in asked.values_list("pk", "call_me_at")]
    asked.update(call_me_at=None)
    return answered


def can_take_back(attempt, *, person, now):
    """Whether this member of staff can still take this attempt back: her own, and of just now."""
    return attempt.by_id == person.pk and attempt.at > now - timedelta(minutes=UNDO_MINUTES)


def take_back_attempt(*, attempt, by, now=None):
    """It was the wrong child, or the wrong button. A wish to be phoned that it fulfilled, stands again.

    Raises AttemptRefused.
    """
    if not can_take_back(attempt, person=by.person, now=now or timezone.now()):
        raise AttemptRefused("too_late")
    with transaction.atomic():
        logged = AuditEvent.objects.filter(
            verb="log_attempt", object_type=attempt._meta.label_lower, object_id=attempt.pk, school=by.school
        ).first()
        for pk, at in logged.detail["answered"] if logged else []:
            Invitation.objects.filter(pk=pk, call_me_at=None).update(call_me_at=datetime.fromisoformat(at))
        audit.record("take_back_attempt", attempt, by=by)
        ContactAttempt.objects.filter(pk=attempt.pk).delete()
