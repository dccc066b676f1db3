"""None of the times suits: the parent says when it can be, the teacher reads it and plans."""

from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Gesprek, Ronde
from planning.models import Invitation, Part, Wish
from school import audit
from school.models import VrijeDag
from school.outbox import address_of

MOST_DAYS = 20  # school days asked about at once: four weeks still fit on a phone
FRIDAY = 4


class NoneSuitsRefused(Exception):
    """There is nothing to find a time for: the ronde is not open, the gesprek is over, or the plan is still to come."""


def days_to_ask(ronde, *, today):
    """The school days of the ronde that are still to come, without holidays and study days."""
    free = list(VrijeDag.objects.filter(schooljaar=ronde.schooljaar_id, ends_on__gte=ronde.starts_on))
    first = max(ronde.starts_on, today + timedelta(days=1))
    days = (first + timedelta(days=n) for n in range((ronde.ends_on - first).days + 1))
    working = [d for d in days if d.weekday() <= FRIDAY and not any(f.starts_on <= d <= f.ends_on for f in free)]
    return working[:MOST_DAYS]


def say_none_suits(*, gesprek, by, can, note="", now=None):
    """A guardian says that no time suits, and when it can be: `can` is a set of (date, Part). Raises NoneSuitsRefused.

    Saying it again replaces what was said. Every part that was asked is kept, also those in which she cannot. The
    wishes are of the whole ronde: brothers and sisters share them.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = Gesprek.objects.select_for_update(of=("self",)).select_related("ronde__school").get(pk=gesprek.pk)
        ronde = gesprek.ronde
        if not ronde.is_open or ronde.is_wishing or gesprek.cancelled_at or gesprek.is_held:
            raise NoneSuitsRefused
        Invitation.objects.update_or_create(
            gesprek=gesprek,
            person=by.person,
            defaults={"none_suits_at": now, "none_suits_note": note.strip()[:300]},
            create_defaults={
                "school_id": gesprek.school_id,
                "channel": Invitation.Channel.MAIL if address_of(by.person) else Invitation.Channel.LETTER,
                "none_suits_at": now,
                "none_suits_note": note.strip()[:300],
            },
        )
        _keep_wishes(ronde, by.person, can, today=now.astimezone(ronde.school.zone).date())
        audit.record("say_none_suits", gesprek, by=by, parts=len(can))


def _keep_wishes(ronde, person, can, *, today):
    asked = [(day, part) for day in days_to_ask(ronde, today=today) for part in Part]
    Wish.objects.filter(ronde=ronde, person=person, on__in={day for day, _part in asked}).delete()
    if not can:
        return
    Wish.objects.bulk_create(
        Wish(
            school_id=ronde.school_id,
            ronde=ronde,
            person=person,
            on=day,
            part=part,
            can=Wish.Can.YES if (day, part) in can else Wish.Can.NO,
        )
        for day, part in asked
    )


def take_back_none_suits(*, gesprek, by):
    """It is solved otherwise: the teacher no longer needs to look. Doing it twice is no error."""
    with transaction.atomic():
        mine = Invitation.objects.filter(person=by.person, gesprek__ronde=gesprek.ronde_id)
        if not mine.filter(gesprek=gesprek).exclude(none_suits_at=None).update(none_suits_at=None, none_suits_note=""):
            return
        if gesprek.ronde.mode != Ronde.Mode.WISHES and not mine.exclude(none_suits_at=None).exists():
            Wish.objects.filter(ronde=gesprek.ronde_id, person=by.person).delete()
        audit.record("take_back_none_suits", gesprek, by=by)


def in_days(wishes):
    """[(date, [label of a part])] in which somebody can, of wishes in order of day and hour."""
    able = sorted((w for w in wishes if w.can != Wish.Can.NO), key=lambda w: (w.on, Part(w.part).hours))
    return [(day, [Part(w.part).label for w in rows]) for day, rows in groupby(able, key=lambda w: w.on)]
