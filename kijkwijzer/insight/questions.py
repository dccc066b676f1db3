"""The leadership's questions in their order: who reads which, and how each is answered.

Every `answer` takes the school, a school year and the moment, and asks a fixed number of questions of the database.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import resolve

from gesprekken.permissions import may_see_school_feedback
from kijkwijzer.evidence import question
from kijkwijzer.insight import agreed, every_child, heard, not_reached, on_time, pupils, years
from kijkwijzer.permissions import may_see_overview


@dataclass(frozen=True)
class Question:
    slug: str
    answer: Callable
    open_to: Callable = may_see_overview


QUESTIONS = [
    Question("bereik", not_reached.answer),
    Question("op-tijd", on_time.answer),
    Question("elk-kind", every_child.answer),
    Question("factoren", question.answer),
    Question("gehoord", heard.answer, may_see_school_feedback),
    Question("afspraken", agreed.answer),
    Question("leerlingen", pupils.answer),
    Question("vergelijken", years.answer),
]

# Pages of a step that not everybody who reads an answer can open.
LEADING = {"week_exceptions", "feedback_results", "soorten", "year_factors", "activities", "import_start"}
FOR_IB = {"ib_month"}


def questions_for(actor):
    """The questions this member of staff may read, in order."""
    return [each for each in QUESTIONS if each.open_to(actor)]


def question_of(actor, slug):
    """The question by that name, or None where there is none or it is not hers to read."""
    return next((each for each in questions_for(actor) if each.slug == slug), None)


def answered(asked, actor, schooljaar, now):
    """Its Answer, with only the steps this actor can take."""
    found = asked.answer(school=actor.school, schooljaar=schooljaar, now=now)
    return replace(found, steps=tuple(step for step in found.steps if _can_take(actor, step)))


def _can_take(actor, step):
    name = resolve(step.url.partition("?")[0]).url_name
    return (name not in LEADING or actor.is_leiding) and (name not in FOR_IB or actor.is_ib)
