"""A guardian says that her address or number is another one now; staff confirm it, and only then it counts.

Whoever holds a personal link can report. So nothing goes to a reported address before somebody of the school believed
it, and the address that was there before hears that it, or the telephone number, was changed.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from school import audit, bounces, outbox, people, registry
from school.models import AuditEvent, Bounce, ContactReport, Person

CHANGED = "school.contact_changed"
REPORTED = "report_contact"


MOST_A_DAY = 5  # a typing error or two; whoever reports more often is heard by telephone


class TooManyReports(Exception):
    """This guardian reported MOST_A_DAY times since yesterday."""


class ReportGone(Exception):
    """Somebody decided about this report already, or the guardian reported something else since."""


def report(*, email="", phone="", by, now=None):
    """Remember what this guardian says. One report is open at a time: another one takes its place.

    Raises TooManyReports.
    """
    now = now or timezone.now()
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=by.person.pk)  # two tabs, one after the other
        _keep_to_the_most(person, now)
        ContactReport.objects.open().filter(person=person).delete()  # nobody needs an address that was a typing error
        made = ContactReport.objects.create(
            school_id=person.school_id,
            person=person,
            email=email.strip().lower(),
            phone=phone.strip(),
            created_at=now,
        )
        audit.record(REPORTED, person, by=by, fields=_reported(made))
    return made


def _keep_to_the_most(person, now):
    """Counted in the trace, as what another report took the place of is gone."""
    traces = AuditEvent.objects.filter(object_type=person._meta.label_lower, object_id=person.pk, verb=REPORTED)
    if traces.filter(at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyReports


def _reported(made):
    return [name for name in ("email", "phone") if getattr(made, name)]


def accept(*, report, by, now=None):
    """Write what was reported, and send again what never arrived. Raises ReportGone, people.AddressTaken."""
    now = now or timezone.now()
    with transaction.atomic():
        _decide(report, accepted=True, by=by, now=now)
        person = Person.objects.select_related("user", "school").get(pk=report.person_id)
        before = outbox.address_of(person)  # also where mail came back from it: that may have been made to look so
        Bounce.objects.filter(person=person, address=report.email).delete()  # it came back once, and is said to work
        values = {name: getattr(report, name) for name in _reported(report)}
        changed = people.change_person(person=person, values=values, by=by, now=now)
        if changed and before:
            ContactReport.objects.filter(pk=report.pk).update(email_before=before)
            outbox.put(CHANGED, person, report, due_at=now)
        if report.email and "email" not in changed:
            registry.tell("address_changed", person=person, by=by, now=now)


def note(*, person, email, by, now=None):
    """A colleague heard from this guardian, on the number the school had, what her address is: it counts at once.

    What the guardian herself reported before is answered by it. Raises people.AddressTaken.
    """
    now = now or timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        ContactReport.objects.open().filter(person=person).delete()
        made = ContactReport.objects.create(
            school_id=person.school_id, person=person, email=email.strip().lower(), created_at=now
        )
        accept(report=made, by=by, now=now)


def decline(*, report, by, now=None):
    """Everything stays as it was. Raises ReportGone."""
    with transaction.atomic():
        _decide(report, accepted=False, by=by, now=now or timezone.now())


def _decide(report, *, accepted, by, now):
    """A conditional update, so that of two colleagues one decides."""
    mine = ContactReport.objects.open().filter(pk=report.pk)
    if not mine.update(decided_at=now, decided_by=by.person, accepted=accepted):
        raise ReportGone
    audit.record("decide_contact", report.person, by=by, accepted=accepted)


def trust_address(*, person, by, now=None):
    """Staff know that the address is right, although mail came back: it is used again. Doing it twice is no error."""
    with transaction.atomic():
        if bounces.forget(person):
            audit.record("trust_address", person, by=by)
            registry.tell("address_changed", person=person, by=by, now=now or timezone.now())
