"""Texts a teacher uses for more than one pupil: kept from a field or written, and put in with one tap."""

import re

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from gesprekken.models import StandardText
from gesprekken.permissions import visible_standard_texts
from gesprekken.preparing.offers import Offer
from gesprekken.talking.drafts import guard_length

MOST = 100  # of one teacher: more cannot be found back
LONGEST_TITLE = 60
NAME = "{naam}"


class NoText(Exception):
    """There are no words to keep."""


class TooManyTexts(Exception):
    """She has a hundred already."""


def without_name(text, leerling):
    """The same words for any pupil: where this one's first name stands, the next one's will come."""
    first = leerling.person.first_name
    return re.sub(rf"\b{re.escape(first)}\b", NAME, text) if first else text


def title_of(text):
    return Truncator(" ".join(text.split())).chars(LONGEST_TITLE)


def keep(*, by, text, question_code="", title="", now=None):
    """Keep a text as a standard text of `by`. The same one again (a double click) stays one."""
    text = text.strip()
    if not text:
        raise NoText
    guard_length(text)
    mine = visible_standard_texts(by)
    if same := mine.filter(text=text, question_code=question_code).first():
        return same
    if mine.count() >= MOST:
        raise TooManyTexts
    return StandardText.objects.create(
        school=by.school,
        author=by.person,
        question_code=question_code,
        title=title or title_of(text),
        text=text,
        created_at=now or timezone.now(),
    )


def change(*, standard_text, by, **fields):
    with transaction.atomic():
        visible_standard_texts(by).filter(pk=standard_text.pk).update(**fields)


def remove(*, standard_text, by):
    with transaction.atomic():
        visible_standard_texts(by).filter(pk=standard_text.pk).delete()


def offers(actor, gesprek, questions):
    """{question pk: [Offer]}: the texts for this question in front of those for any question."""
    name = gesprek.leerling.person.first_name or gesprek.leerling.person.name
    texts = sorted(visible_standard_texts(actor), key=lambda one: not one.question_code)
    return {
        question.pk: [
            Offer(f"standaard{one.pk}", one.title.replace(NAME, name), one.text.replace(NAME, name))
            for one in texts
            if one.question_code in ("", question.code)
        ]
        for question in questions
    }
