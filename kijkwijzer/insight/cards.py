"""The answers in one sentence each, for the index: counted at most so long ago, and the page says when.

Eight answers together are eight pages' work. Each page itself always counts anew.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import translation

from kijkwijzer.insight.questions import questions_for

KEPT = 10 * 60  # seconds


@dataclass(frozen=True)
class Card:
    slug: str
    question: str
    said: str


def cards(actor, schooljaar, now):
    """([Card], when they were counted) of the questions this actor may read. Sentences with numbers, and no name."""
    questions = questions_for(actor)
    slugs = "-".join(question.slug for question in questions)
    key = f"insight {schooljaar.pk} {translation.get_language()} {slugs}".replace(" ", ":")
    kept = cache.get(key)
    if kept is None or not 0 <= (now - kept[1]).total_seconds() <= KEPT:
        kept = ([_card(question, actor, schooljaar, now) for question in questions], now)
        cache.set(key, kept, KEPT)
    return kept


def _card(question, actor, schooljaar, now):
    answer = question.answer(school=actor.school, schooljaar=schooljaar, now=now)
    return Card(question.slug, str(answer.question), str(answer.said))
