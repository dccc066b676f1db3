"""The morning after a gesprek: one mail with a link, to the guardians who took part, and never beside another mail."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.afterwards.feedback import has_given, last_day
from gesprekken.models import Deelname, Gesprek, Verslag
from gesprekken.permissions import answerable_gesprekken
from school import access, outbox, registry
from school.actor import LINK, Actor
from school.emails import in_both_parts
from school.models import Outgoing, Relatie, School
from school.outbox import Mail

MESSAGE = "gesprekken.how_was_it"
RELEASED = "gesprekken.record_released"
CATCH_UP = 3  # days: a gesprek recorded a little later, or a day on which nothing ran, is still asked about


def ask_how_it_was(*, now=None):
    """Put the mail in the outbox for the gesprekken of yesterday. Run daily; a second run does nothing. Returns how many."""
    now = now or timezone.now()
    return sum(_ask_school(school, now) for school in School.objects.filter(pk__in=_held(now).values("school")))


def _held(now):
    """A day wider on both sides than any school's own yesterday."""
    today = now.date()
    return Gesprek.objects.filter(
        held_on__range=(today - timedelta(days=CATCH_UP + 1), today), cancelled_at__isnull=True
    )


def _ask_school(school, now):
    today = now.astimezone(school.zone).date()
    rows = (
        _held(now)
        .filter(school=school, held_on__lt=today, held_on__gte=today - timedelta(days=CATCH_UP))
        .select_related("ronde")
    )
    gesprekken = {gesprek.pk: gesprek for gesprek in rows if today <= last_day(gesprek.ronde)}
    was_there = Deelname.objects.filter(gesprek__in=gesprekken, as_role=Deelname.As.OUDER).exclude(attended=False)
    may = Relatie.objects.invited().values_list("person", "leerling")
    may = set(may.filter(leerling__in={gesprek.leerling_id for gesprek in gesprekken.values()}))
    pairs = [
        (row.person, gesprekken[row.gesprek_id])
        for row in was_there.select_related("person__user").order_by("pk")
        if (row.person_id, gesprekken[row.gesprek_id].leerling_id) in may
    ]
    known = set(
        Outgoing.objects.filter(message=MESSAGE, object_id__in=gesprekken).values_list("recipient", "object_id")
    )
    reached = outbox.reached([person for person, _gesprek in pairs])
    pairs = [(p, g) for p, g in pairs if p.pk in reached and (p.pk, g.pk) not in known]
    with transaction.atomic():
        outbox.put_many(MESSAGE, pairs, now=now, due_at=morning(now, school))
    return len(pairs)


def morning(now, school):
    """The first moment from now on by day."""
    earliest, latest = settings.REMINDER_HOURS
    local = now.astimezone(school.zone)
    if earliest <= local.hour < latest:
        return now
    on = local.date() + timedelta(days=local.hour >= latest)
    return datetime.combine(on, time(earliest), tzinfo=school.zone)


def told_since(person, gesprek):
    """Whether mail about the verslag of this gesprek goes to her too: the page it opens asks the same."""
    verslagen = Verslag.objects.filter(gesprek=gesprek).values("pk")
    rows = Outgoing.objects.filter(message=RELEASED, recipient=person, object_id__in=verslagen)
    return rows.exclude(state__in=[Outgoing.State.DROPPED, Outgoing.State.FAILED, Outgoing.State.STOPPED]).exists()


@registry.mail(MESSAGE)
def how_was_it(row):
    """Asked again at the moment of sending: nothing for who answered, may not be reached, or heard of the verslag."""
    mine = answerable_gesprekken(Actor(person=row.recipient, level=LINK))
    gesprek = mine.filter(pk=row.object_id).select_related("leerling__person", "ronde").first()
    if gesprek is None or has_given(row.recipient, gesprek=gesprek) or told_since(row.recipient, gesprek):
        return None
    until = last_day(gesprek.ronde)
    expires_at = datetime.combine(until, time(23, 59), tzinfo=row.school.zone)
    token = access.mint_link(row.recipient, expires_at=expires_at)
    context = {
        "school": row.school,
        "person": row.recipient,
        "child": gesprek.leerling.person.first_name,
        "until": until,
        "url": f"{access.personal_url(token)}?next={reverse('give_feedback', args=[gesprek.pk])}",
    }
    text, html = in_both_parts("how_was_it", context)
    return Mail(subject=_("Hoe vond u het gesprek over %(child)s?") % context, text=text, html=html)
