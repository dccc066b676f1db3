"""Something worrying a pupil writes, or her wish to talk: her teachers hear it the same minute, until one has seen it."""

import functools
import re
import tomllib
import unicodedata
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Voorbereiding
from gesprekken.permissions import teachers_of
from school import audit, outbox
from school.models import VrijeDag

FILE = Path(__file__).parent.parent / "data" / "worries.toml"
MESSAGE = "gesprekken.pupil_wants_to_talk"
NO_LETTERS = re.compile(r"[\W\d_]+")
SATURDAY = 5


def plain(text):
    """Small letters without accents, one space between words and none of what is no letter."""
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in split if not unicodedata.combining(letter))
    return NO_LETTERS.sub(" ", bare).strip()


@functools.cache
def pattern(path=FILE):
    words = [word for words in tomllib.loads(path.read_text()).values() for word in words]
    return re.compile(
        "|".join(rf"\b{re.escape(word.rstrip('*'))}{'' if word.endswith('*') else chr(92) + 'b'}" for word in words)
    )


def is_worrying(*texts):
    """Whether one of these texts holds something a teacher should read today."""
    return any(pattern().search(plain(text)) for text in texts if text)


def reads_today(school, on):
    """Whether a teacher can be expected to read it this day: no weekend, no day off."""
    return (
        on.weekday() < SATURDAY
        and not VrijeDag.objects.filter(school=school, starts_on__lte=on, ends_on__gte=on).exists()
    )


def tell_teachers(*, gesprek, by, now=None):
    """This pupil's teachers hear that she wants to talk. As long as nobody has seen it, once is enough."""
    now = now or timezone.now()
    with transaction.atomic():
        Voorbereiding.objects.get_or_create(
            gesprek=gesprek, person=by.person, defaults={"school_id": gesprek.school_id, "audience": "leerling"}
        )
        row = Voorbereiding.objects.select_for_update().get(gesprek=gesprek, person=by.person)
        if row.worried_at and not row.worried_seen_at:
            return row
        row.worried_at, row.worried_seen_at, row.worried_seen_by = now, None, None
        row.save(update_fields=["worried_at", "worried_seen_at", "worried_seen_by"])
        audit.record("wants_to_talk", row, by=by)
        for teacher in teachers_of(gesprek):
            outbox.put_again(MESSAGE, teacher, row, due_at=now)
    return row


def mark_seen(*, row, by, now=None):
    """A teacher has seen it. Twice, or by two, is once."""
    now = now or timezone.now()
    with transaction.atomic():
        seen = Voorbereiding.objects.filter(pk=row.pk, worried_at__isnull=False, worried_seen_at=None).update(
            worried_seen_at=now, worried_seen_by=by.person
        )
        if seen:
            audit.record("wish_to_talk_seen", row, by=by)
    return bool(seen)
