"""Opening a ronde: what is missing is said first, then everybody is invited in one transaction."""

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Ronde
from gesprekken.parties import create_gesprekken, leerlingen_of
from planning import week
from planning.around import interpreters
from planning.inviting import sending, texts
from planning.inviting.checklist import FINE as FINE
from planning.inviting.checklist import STOP, WEEK, check, first_day
from planning.inviting.checklist import WARN as WARN
from planning.models import Invitation
from school import audit, bounces, outbox


class OpeningRefused(Exception):
    """The ronde cannot be opened as it stands; `findings` are those that forbid it."""

    def __init__(self, findings):
        self.findings = findings
        super().__init__(str(len(findings)))


def open_ronde(*, ronde, by, now=None, reason="", send_at=None):
    """Make the gesprekken, invite every guardian, put the mail in the outbox (to go at `send_at`): all of it or nothing.

    Returns the number of gesprekken. Opening twice does nothing the second time. Raises OpeningRefused.
    """
    now = now or timezone.now()
    findings = check(ronde, now=now)
    forbidding = [f for f in findings if f.weight == STOP or (f.weight == WEEK and not reason.strip())]
    if forbidding:
        raise OpeningRefused(forbidding)
    with transaction.atomic():
        if not Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.DRAFT).update(state=Ronde.State.OPEN, opened_at=now):
            return 0
        ronde.refresh_from_db(fields=["state", "opened_at"])
        if any(f.weight == WEEK for f in findings):
            week.note([(ronde.pk, None, first_day(ronde))], reason, what=week.What.OPENED, by=by, now=now)
        count = _invite(ronde, leerlingen_of(ronde), now=now, send_at=send_at)
        audit.record("open_ronde", ronde, by=by, gesprekken=count, exception=bool(reason.strip()))
    return count


def add_arrivals(*, ronde, by, now=None):
    """Pupils who arrived in the groups of an open ronde get their gesprek and invitation. Returns how many."""
    now = now or timezone.now()
    with transaction.atomic():
        if not Ronde.objects.select_for_update().filter(pk=ronde.pk, state=Ronde.State.OPEN).exists():
            return 0
        count = _invite(ronde, leerlingen_of(ronde), now=now)
        if count:
            audit.record("add_arrivals", ronde, by=by, gesprekken=count)
    return count


def invite_granted(*, ronde, by, now=None, reason=""):
    """Pupils for whom it was granted in an open ronde get their gesprek and invitation, as who arrives does.

    Within the week it needs a reason, unless the families were told in time to keep the days free (I2).
    """
    now = now or timezone.now()
    with transaction.atomic():
        if needs_reason(ronde, now=now):
            if not reason:
                raise week.ReasonNeeded
            week.note([(ronde.pk, None, first_day(ronde))], reason, what=week.What.OPENED, by=by, now=now)
        return add_arrivals(ronde=ronde, by=by, now=now)


def needs_reason(ronde, *, now):
    """Whether who is invited to this open ronde now hears it less than a week before its first day, unannounced (I2)."""
    first = first_day(ronde)
    near = ronde.is_open and week.is_near(first, now=now, zone=ronde.school.zone)
    return near and not week.is_announced(ronde, first)


def close_ronde(*, ronde, by, now=None):
    """No more choosing; what is planned stays. Closing twice does nothing the second time."""
    with transaction.atomic():
        if Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.OPEN).update(
            state=Ronde.State.CLOSED, closed_at=now or timezone.now()
        ):
            audit.record("close_ronde", ronde, by=by)


def reopen_ronde(*, ronde, by):
    """Undo closing."""
    with transaction.atomic():
        if Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.CLOSED).update(state=Ronde.State.OPEN, closed_at=None):
            audit.record("reopen_ronde", ronde, by=by)


def _invite(ronde, pairs, *, now, send_at=None):
    planned = create_gesprekken(ronde, pairs)
    interpreters.request_for([gesprek for gesprek, _guardians in planned], now=now)
    guardians = [(relatie.person, gesprek) for gesprek, relaties in planned for relatie in relaties]
    unreachable = bounces.came_back(person for person, _gesprek in guardians)
    by_mail = {p.pk for p, _gesprek in guardians if outbox.address_of(p) and p.pk not in unreachable}
    versions = {}

    def version_for(person):
        words = texts.language_for(person), texts.MAIL if person.pk in by_mail else texts.LETTER
        if words not in versions:
            versions[words] = texts.chosen_text(ronde, *words)
        return versions[words]

    rows = [
        Invitation(
            school_id=ronde.school_id,
            gesprek=gesprek,
            person=person,
            text=version_for(person),
            channel=Invitation.Channel.MAIL if person.pk in by_mail else Invitation.Channel.LETTER,
            created_at=now,
        )
        for person, gesprek in guardians
    ]
    Invitation.objects.bulk_create(rows)
    sending.put_invitations(ronde, [row for row in rows if row.person_id in by_mail], now=now, send_at=send_at)
    return len(planned)
