"""The invitations of a ronde on their way: put in the outbox, held back, sent at once or after all, and how far it is.

One row in the outbox is one mail: about all children of a guardian in the ronde (its object is the ronde), or about one
(its object is the gesprek) where the ronde sends a mail per child. A guardian never shares a mail with another guardian.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from gesprekken.models import Gesprek, Ronde
from planning.inviting import reach
from planning.models import Invitation
from school import audit, outbox
from school.models import Outgoing

MESSAGE = "planning.invitation"
RONDE, GESPREK = "gesprekken.ronde", "gesprekken.gesprek"
State = Outgoing.State
GOING = [State.WAITING, State.SENDING]


def rows_of(ronde):
    """The invitations of this ronde in the outbox."""
    gesprekken = Gesprek.objects.filter(ronde=ronde).values("pk")
    about = Q(object_type=RONDE, object_id=ronde.pk) | Q(object_type=GESPREK, object_id__in=gesprekken)
    return Outgoing.objects.filter(about, message=MESSAGE, school=ronde.school_id)


def told_newer(rows):
    """Of these rows, the ids of those of which a newer one about the same goes, or went, to the same guardian: it says
    what this one would. One question for all."""
    others = Outgoing.objects.filter(
        message=MESSAGE, recipient__in={row.recipient_id for row in rows}, state__in=[*GOING, State.SENT]
    )
    newest = {}
    for *key, version in others.values_list("recipient", "object_type", "object_id", "version"):
        newest[tuple(key)] = max(version, newest.get(tuple(key), 0))
    return {row.pk for row in rows if newest.get((row.recipient_id, row.object_type, row.object_id), 0) > row.version}


def newer(recipient, object_type, object_id, version):
    """The rows that make the one of this version needless."""
    return _newer(recipient, object_type, object_id, version, [*GOING, State.SENT])


def _newer(recipient, object_type, object_id, version, states):
    return Outgoing.objects.filter(
        message=MESSAGE,
        recipient__pk=recipient,
        object_type=object_type,
        object_id=object_id,
        version__gt=version,
        state__in=states,
    )


def missing(ronde):
    """The invitations that were held back, or not needed for a while, and hold now: these guardians got none yet."""
    invited = reach.to_talk(ronde).filter(person=OuterRef("recipient"))
    told = _newer(
        OuterRef("recipient"),
        OuterRef("object_type"),
        OuterRef("object_id"),
        OuterRef("version"),
        [*GOING, State.SENT, State.STOPPED],
    )
    holds = Q(Exists(invited), object_type=RONDE) | Q(
        Exists(invited.filter(gesprek=OuterRef("object_id"))), object_type=GESPREK
    )
    unsent = rows_of(ronde).filter(holds, state__in=[State.STOPPED, State.DROPPED])
    return unsent.exclude(recipient__email="", recipient__user=None).exclude(Exists(told))


@dataclass(frozen=True)
class Progress:
    """How far the invitations of a ronde are, counted in mails."""

    sent: int
    waiting: int
    retrying: int  # of those that wait: tried before, the mail server did not take them
    leaving: int  # of those that wait: at the mail server already, nobody can stop them any more
    failed: int
    stopped: int
    missing: int  # who got none and can get one: held back, or by mail by now
    goes_at: datetime | None  # when those begin that were not tried yet
    now: datetime

    @property
    def total(self):
        return self.sent + self.waiting + self.failed + self.stopped

    @property
    def state(self):
        """'none' (nothing was put), 'later', 'sending', 'retrying', 'stopped' or 'done'."""
        if not self.total:
            return "none"
        if self.stopped and self.waiting == self.leaving:
            return "stopped"
        if self.waiting:
            if self.retrying == self.waiting:
                return "retrying"
            return "later" if self.goes_at and self.goes_at > self.now else "sending"
        return "done"


def progress(ronde, *, now=None):
    """The Progress of this ronde. A fixed number of queries."""
    now = now or timezone.now()
    untried = Q(state=State.WAITING, attempts=0)
    counted = rows_of(ronde).aggregate(
        sent=Count("pk", filter=Q(state=State.SENT)),
        waiting=Count("pk", filter=Q(state__in=GOING)),
        retrying=Count("pk", filter=Q(state=State.WAITING, attempts__gt=0)),
        leaving=Count("pk", filter=Q(state=State.SENDING)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        goes_at=Min("due_at", filter=untried),
    )
    unsent = missing(ronde) if ronde.is_open else Outgoing.objects.none()
    states = list(unsent.values_list("state", flat=True))
    more = _mails(ronde, reach.by_mail_by_now(ronde)) if ronde.is_open else ()
    return Progress(stopped=states.count(State.STOPPED), missing=len(states) + len(more), now=now, **counted)


def _mails(ronde, invitations):
    """[(guardian, what her mail is about)]: every child apart, or the ronde once."""
    if ronde.mail_per_child:
        return [(row.person, row.gesprek) for row in invitations]
    return [(person, ronde) for person in {row.person_id: row.person for row in invitations}.values()]


# --- verbs -----------------------------------------------------------------------------------------------------------


def put_invitations(ronde, invitations, *, now, send_at=None):
    """Put the mail of these invitations in the outbox, and return how many; inside the caller's transaction.

    Who comes later joins what is on its way: it goes when the others go, and not while somebody holds them back.
    """
    mails = _mails(ronde, invitations)
    known = rows_of(ronde)
    others = known.filter(state=State.WAITING, attempts=0).aggregate(last=Max("due_at"))["last"]
    held_back = missing(ronde).filter(state=State.STOPPED).exists()
    # Somebody who was invited for one child before hears of the other child too: a next version of the message.
    version = (known.aggregate(last=Max("version"))["last"] or 0) + 1
    due_at = max(filter(None, [send_at or now, others]))
    outbox.put_many(MESSAGE, mails, version=version, now=now, due_at=due_at)
    if held_back:
        outbox.stop(rows_of(ronde).filter(version=version))
    return len(mails)


def stop(*, ronde, by):
    """Hold back every invitation that still waits. Returns the Progress after it. Doing it twice is no error."""
    with transaction.atomic():
        _hold(ronde)
        if outbox.stop(rows_of(ronde)):
            audit.record("stop_sending", ronde, by=by, stopped=rows_of(ronde).filter(state=State.STOPPED).count())
    return progress(ronde)


def send_now(*, ronde, by, now=None):
    """What waits for its moment goes at once. Returns how many."""
    now = now or timezone.now()
    with transaction.atomic():
        count = rows_of(ronde).filter(state=State.WAITING, due_at__gt=now).update(due_at=now)
        if count:
            audit.record("send_now", ronde, by=by, mails=count)
    return count


def send_rest(*, ronde, by, now=None):
    """Invite who got no invitation yet: what was held back, and who has an address by now. Returns how many mails.

    Nobody gets it twice: what was sent is never put again. Of a ronde that is not open nothing goes.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if not _hold(ronde):
            return 0
        held = list(missing(ronde).values_list("pk", flat=True))
        count = outbox.send_after_all(Outgoing.objects.filter(pk__in=held), now=now)
        late = reach.by_mail_by_now(ronde)
        if late:
            count += put_invitations(ronde, late, now=now)
            Invitation.objects.filter(pk__in=[row.pk for row in late]).update(channel=Invitation.Channel.MAIL)
        if count:
            audit.record("send_rest", ronde, by=by, mails=count)
    return count


def _hold(ronde):
    """Lock the ronde, so that who arrives waits for this verb. Returns whether it is open."""
    return Ronde.objects.select_for_update().filter(pk=ronde.pk, state=Ronde.State.OPEN).first() is not None
