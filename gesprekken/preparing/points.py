"""What a guardian or pupil wants to talk about herself: a short list of her own, each on the table or for the teacher."""

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Bespreekpunt, Gesprek, Visibility
from gesprekken.permissions import visible_bespreekpunten
from gesprekken.preparing.worries import is_worrying, tell_teachers
from gesprekken.talking.drafts import GesprekClosed
from school import audit

MAX_POINTS = 10  # of one person: a talk of a quarter of an hour has room for three
LONGEST = Bespreekpunt._meta.get_field("text").max_length


class TooManyPoints(Exception):
    """There are as many as fit; nothing was added."""


def visible_points(actor, gesprek):
    """The points this actor may read, in the order they came, each with its `person`."""
    return visible_bespreekpunten(actor, gesprek).select_related("person")


def own_points(actor, gesprek):
    """One's own, also where their words may not be shown: to count them."""
    return Bespreekpunt.objects.filter(gesprek=gesprek, person=actor.person)


def add(*, gesprek, by, text, visibility=Visibility.TABLE, language="", now=None):
    """Put a point on the list. The same words again are the same point. Raises TooManyPoints and GesprekClosed."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = Gesprek.objects.select_for_update().get(pk=gesprek.pk)
        if not locked.is_ahead:
            raise GesprekClosed
        mine = own_points(by, gesprek)
        if same := mine.filter(text=text).first():
            return same
        if mine.count() >= MAX_POINTS:
            raise TooManyPoints
        worrying = by.is_pupil and is_worrying(text)
        point = Bespreekpunt.objects.create(
            school_id=gesprek.school_id,
            gesprek=gesprek,
            person=by.person,
            text=text,
            visibility=Visibility.TEACHER if worrying else visibility or Visibility.TABLE,
            language=language or by.person.language,
            created_at=now,
        )
        audit.record("point_added", point, by=by)
        if worrying:
            tell_teachers(gesprek=gesprek, by=by, now=now)
    return point


def remove(*, point, by):
    """Take one's own point off the list again. Gone already is fine."""
    with transaction.atomic():
        locked = Gesprek.objects.select_for_update().get(pk=point.gesprek_id)
        if not locked.is_ahead:
            raise GesprekClosed
        if Bespreekpunt.objects.filter(pk=point.pk, person=by.person).exists():
            audit.record("point_removed", point, by=by)
            point.delete()


def mark_discussed(*, point, discussed, by):
    """During the gesprek: it was talked about (True), it was not (False), or nothing is said about it (None)."""
    with transaction.atomic():
        stored = Bespreekpunt.objects.select_for_update().get(pk=point.pk)
        if stored.discussed is not discussed:
            stored.discussed = discussed
            stored.save(update_fields=["discussed"])
            audit.record("point_discussed", stored, by=by, discussed=discussed)
    return stored
