"""A week before an agreement is looked back on, whom it concerns gets one mail: that there is something to read, no more.

Pupils have no mail; on their own page it stands from the moment it was shared.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.afterwards.outcomes import is_done, open_agreements, with_outcome
from gesprekken.models import Agreement, Verslag
from school import access, audit, outbox, registry
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.daytime import next_moment
from school.emails import in_both_parts
from school.models import Medewerker, Relatie, School, VrijeDag
from school.outbox import Mail

MESSAGE = "gesprekken.agreement_reminder"
LINK_DAYS = 30  # the link in a reminder: past the day itself, for who answers late


def remind(*, now=None):
    """Put one mail in the outbox for everybody one of whose agreements is near. Returns how many. Again: nothing."""
    now = now or timezone.now()
    near = now.date() + timedelta(days=settings.AGREEMENT_REMINDER_DAYS + 1)  # a day more: schools have their own zones
    waiting = Agreement.objects.filter(
        evaluate_on__range=(now.date() - timedelta(days=1), near), reminded_at__isnull=True
    )
    return sum(_remind_school(school, now) for school in School.objects.filter(pk__in=waiting.values("school")))


def _remind_school(school, now):
    today = now.astimezone(school.zone).date()
    free = VrijeDag.objects.filter(school=school, ends_on__gte=today).values_list("starts_on", "ends_on")
    at = next_moment(now, zone=school.zone, free=list(free))
    due = list(_due(school, today))
    if at - now >= timedelta(days=1):  # a holiday: only what would be too late after it goes now
        due = [agreement for agreement in due if agreement.evaluate_on < at.astimezone(school.zone).date()]
        at = next_moment(now, zone=school.zone)
    mails = 0
    with transaction.atomic():
        claimed = [agreement for agreement in due if _claim(agreement, now)]
        people = {person for agreement in claimed for person in _whom(agreement)}
        for person in sorted(people, key=lambda person: person.pk):
            if outbox.reaches(person):
                outbox.put(MESSAGE, person, person, version=today.toordinal(), due_at=at)  # one a day, however many
                mails += 1
        if claimed:
            audit.record("remind_agreements", by=Actor.system(school), agreements=len(claimed), mails=mails)
    return mails


def _due(school, today):
    """Of what was released and counts now, what nobody said is done and has its day within the week."""
    until = today + timedelta(days=settings.AGREEMENT_REMINDER_DAYS)
    agreements = Agreement.objects.filter(
        school=school,
        verslag__in=Verslag.objects.filter(school=school).latest_released(),
        evaluate_on__range=(today, until),
        reminded_at__isnull=True,
    )
    agreements = agreements.select_related("gesprek").prefetch_related("concerns__user").order_by("pk")
    return [agreement for agreement in with_outcome(agreements) if not is_done(agreement)]


def _claim(agreement, now):
    """A conditional update: of two runs one reminds."""
    return Agreement.objects.filter(pk=agreement.pk, reminded_at__isnull=True).update(reminded_at=now)


def _whom(agreement):
    """The guardians it concerns, as far as they may be informed, and the colleagues; the pupil has no mail."""
    concerned = list(agreement.concerns.all())
    family = Relatie.objects.invited().filter(leerling=agreement.gesprek.leerling_id, person__in=concerned)
    staff = Medewerker.objects.active().filter(person__in=concerned)
    told = {*family.values_list("person_id", flat=True), *staff.values_list("person_id", flat=True)}
    return [person for person in concerned if person.pk in told]


def with_concerned(agreements):
    """The same list, with the people each is about at hand."""
    prefetch_related_objects(agreements, "concerns")
    return agreements


def _near(row, actor):
    """What this mail is about, asked again at the moment of sending: still hers to see, still open, the day still near."""
    today = timezone.localdate()
    until = today + timedelta(days=settings.AGREEMENT_REMINDER_DAYS)
    return [
        agreement
        for agreement in with_concerned(open_agreements(actor))
        if agreement.evaluate_on
        and today <= agreement.evaluate_on <= until
        and agreement.reminded_at
        and agreement.verslag.released_at
        and row.recipient in agreement.concerns.all()
    ]


@registry.mail(MESSAGE)
def agreement_reminder(row):
    """As staff to a colleague, else as a guardian; somebody may be both, and each hat has its own agreements."""
    person = row.recipient
    as_staff = _near(row, Actor(person=person, level=ACCOUNT)) if hasattr(person, "medewerker") else []
    as_guardian = _near(row, Actor(person=person, level=CONFIRMED))
    if not as_staff and not as_guardian:
        return None
    if as_guardian:
        token = access.mint_link(person, expires_at=timezone.now() + timedelta(days=LINK_DAYS))
        url = f"{access.personal_url(token)}?next={reverse('record_read', args=[as_guardian[0].gesprek_id])}"
    else:
        url = f"{settings.BASE_URL}{reverse('gesprek', args=[as_staff[0].gesprek_id])}"
    near = as_guardian or as_staff
    context = {
        "school": row.school,
        "person": person,
        "to_staff": not as_guardian,
        "day": min(agreement.evaluate_on for agreement in near),
        "url": url,
    }
    text, html = in_both_parts("agreement_reminder", context)
    subject = _("Een afspraak waar we binnenkort op terugkijken")
    if len(near) > 1:
        subject = _("Afspraken waar we binnenkort op terugkijken")
    return Mail(subject=subject, text=text, html=html)
