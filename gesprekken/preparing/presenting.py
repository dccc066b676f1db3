"""The presentation of a pupil who leads her own gesprek: a handful of slides in her own words (V5)."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from gesprekken.models import Gesprek, Presentation, Slide
from gesprekken.preparing.worries import is_worrying, tell_teachers
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, guard_length, is_stale
from school import audit

MAX_SLIDES = 8  # a minute each leaves half of the talk for talking
LONGEST = 1000  # characters on one slide: more nobody can read from it


class TooManySlides(Exception):
    """There are as many as fit; nothing was added."""


def presentation_of(gesprek):
    return Presentation.objects.filter(gesprek=gesprek).first()


def number_of_slides(gesprek):
    """How many there are; also for who may not read them."""
    return Slide.objects.filter(presentation__gesprek=gesprek).count()


def locked(gesprek, now):
    """The presentation, made when it is not there, with its gesprek locked. Raises GesprekClosed."""
    if not Gesprek.objects.select_for_update().get(pk=gesprek.pk).is_ahead:
        raise GesprekClosed
    row, _new = Presentation.objects.get_or_create(gesprek=gesprek, defaults={"school_id": gesprek.school_id})
    return row


def saved(row, now, tab=""):
    row.version, row.saved_at, row.saved_from = row.version + 1, now, tab
    row.save(update_fields=["version", "saved_at", "saved_from"])


def add_slide(*, gesprek, by, now=None, **words):
    """A slide at the end. `words` are kind, title, text, chart and item. The same slide twice in a row is one."""
    now = now or timezone.now()
    guard_length(words.get("text"))
    with transaction.atomic():
        row = locked(gesprek, now)
        last = row.slides.last()
        if last and all(getattr(last, name) == value for name, value in words.items()):
            return last
        if row.slides.count() >= MAX_SLIDES:
            raise TooManySlides
        number = (row.slides.aggregate(last=Max("number"))["last"] or 0) + 1
        slide = Slide.objects.create(school_id=row.school_id, presentation=row, number=number, **words)
        saved(row, now)
        audit.record("slide_added", slide, by=by)
        listen(gesprek, by, words, now)
    return slide


def change_slide(*, slide, by, seen_version, tab="", now=None, **words):
    """Other words on a slide. Raises StaleDraft when another page changed the presentation and these words differ."""
    now = now or timezone.now()
    guard_length(words.get("text"))
    with transaction.atomic():
        row = locked(slide.presentation.gesprek, now)
        stored = row.slides.filter(pk=slide.pk).first()
        if stored is None:
            raise StaleDraft(version=row.version, stored={})
        changed = [name for name, value in words.items() if getattr(stored, name) != value]
        if changed and is_stale(row, seen_version, tab):
            raise StaleDraft(version=row.version, stored={"title": stored.title, "text": stored.text})
        if changed:
            for name in changed:
                setattr(stored, name, words[name])
            stored.save(update_fields=changed)
            saved(row, now, tab)
            audit.record("slide_changed", stored, by=by)
            listen(slide.presentation.gesprek, by, {name: words[name] for name in changed}, now)
    return stored


def listen(gesprek, by, words, now):
    """Something worrying on a slide reaches her teacher too; the words stay, as they are for everybody at the table."""
    if by.is_pupil and is_worrying(words.get("title"), words.get("text")):
        tell_teachers(gesprek=gesprek, by=by, now=now)


def remove_slide(*, slide, by, now=None):
    now = now or timezone.now()
    with transaction.atomic():
        row = locked(slide.presentation.gesprek, now)
        if row.slides.filter(pk=slide.pk).exists():
            audit.record("slide_removed", slide, by=by)
            row.slides.filter(pk=slide.pk).delete()
            saved(row, now)


def move_slide(*, slide, by, up, now=None):
    """Change places with the neighbour; at the end of the row nothing happens."""
    now = now or timezone.now()
    with transaction.atomic():
        row = locked(slide.presentation.gesprek, now)
        slides = list(row.slides.all())
        at = next((place for place, one in enumerate(slides) if one.pk == slide.pk), None)
        to = None if at is None else at - 1 if up else at + 1
        if to is None or not 0 <= to < len(slides):
            return
        slides[at], slides[to] = slides[to], slides[at]
        for number, one in enumerate(slides, 1):
            one.number = number
        Slide.objects.bulk_update(slides, ["number"])
        saved(row, now)
