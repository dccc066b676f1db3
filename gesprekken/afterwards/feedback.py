"""What people found of a gesprek: three taps without a name, and counts that never single out fewer than five.

Nothing here is written to the audit trail or a log: who answered is kept apart from what was answered, and neither
with its moment. What came in is counted once answering is over, so that two looks at a page cannot be subtracted
(docs/decisions/0090-feedback-without-names.md).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gesprekken.models import Feedback, FeedbackGiven, Ronde
from gesprekken.permissions import FEEDBACK_DAYS, answerable_gesprekken, guards_in, visible_feedback
from school.models import Lesgeven

LEAST = 5  # of fewer people nothing is ever shown
OUDER, LEERLING = Feedback.As.OUDER, Feedback.As.LEERLING
VALUES = (3, 2, 1)  # yes, a little, no
YEAR_VALUES = (1, 2, 3, 4, 5)
QUESTIONS = {
    "pleasant": _("Het gesprek was prettig"),
    "heard": _("Ik voelde mij gehoord"),
    "clear": _("Het is duidelijk wat we afspraken"),
}


class AlreadyGiven(Exception):
    """This person answered before; the first answer stands."""


class NotAskedNow(Exception):
    """The gesprek was not held yet, or answering is over."""


@dataclass(frozen=True)
class Part:
    """The answers to one question of one side, or of both together: value to number of people."""

    who: str  # "ouder", "leerling" or "together"
    numbers: dict

    @property
    def total(self):
        return sum(self.numbers.values())


def counts(answers, *, questions, values, least=LEAST):
    """{question: [Part]} of (as_role, {question: value}) pairs. Pure.

    Per question the two sides stand apart only where each has `least` people; else they are added up, and where that
    makes fewer than `least` the list is empty.
    """
    answers = list(answers)
    return {question: _parts(answers, question, values, least) for question in questions}


def _parts(answers, question, values, least):
    sides = {OUDER.value: Counter(), LEERLING.value: Counter()}
    for role, given in answers:
        if given.get(question) in values:
            sides[role][given[question]] += 1
    if all(side.total() >= least for side in sides.values()):
        return [Part(who, {value: side[value] for value in values}) for who, side in sides.items()]
    both = sum(sides.values(), Counter())
    return [Part("together", {value: both[value] for value in values})] if both.total() >= least else []


def of_school(by_groep, teachers, *, least=LEAST):
    """The answers of a whole school that may be added up: of groups that have `least` themselves, from five teachers on.

    by_groep: {groep: answers}; teachers: {groep: set of its teachers}. A group is a teacher (S1), so five of each. Pure.
    """
    asked = {question for answers in by_groep.values() for _role, given in answers for question in given}
    counted = []
    for question in sorted(asked):  # one may be skipped: each stands on groups of its own
        told = {
            groep: [(role, {question: given[question]}) for role, given in answers if question in given]
            for groep, answers in by_groep.items()
        }
        full = {groep: answers for groep, answers in told.items() if len(answers) >= least}
        everybody = set().union(*(teachers.get(groep, set()) for groep in full))
        if len(full) >= LEAST and len(everybody) >= LEAST:
            counted += [answer for answers in full.values() for answer in answers]
    return counted


# --- giving ----------------------------------------------------------------------------------------------------------


def last_day(ronde):
    return ronde.ends_on + timedelta(days=FEEDBACK_DAYS)


def is_asked(gesprek, today):
    """Held, and answering is not over yet."""
    return gesprek.held_on is not None and gesprek.held_on <= today <= last_day(gesprek.ronde)


def has_given(person, *, gesprek=None, schooljaar=None):
    return FeedbackGiven.objects.filter(person=person, gesprek=gesprek, schooljaar=schooljaar).exists()


def open_to_answer(actor):
    """The gesprekken about which this guardian or pupil is asked, and did not answer yet."""
    given = FeedbackGiven.objects.filter(person=actor.person, gesprek__isnull=False)
    return answerable_gesprekken(actor).exclude(pk__in=given.values("gesprek"))


def give(*, gesprek, by, answers, today=None):
    """Keep three taps without a name. Raises AlreadyGiven, and NotAskedNow outside the days in which it is asked."""
    if not is_asked(gesprek, today or timezone.localdate()):
        raise NotAskedNow
    keep(
        FeedbackGiven(school_id=gesprek.school_id, person=by.person, gesprek=gesprek),
        Feedback(
            school_id=gesprek.school_id,
            about=Feedback.About.GESPREK,
            as_role=OUDER if guards_in(by, gesprek) else LEERLING,
            schooljaar_id=gesprek.ronde.schooljaar_id,
            ronde_id=gesprek.ronde_id,
            groep_id=gesprek.groep_id,
            answers=known(answers, QUESTIONS, VALUES),
        ),
    )


def keep(given, feedback):
    """Both rows or neither; the database decides between two taps."""
    try:
        with transaction.atomic():
            given.save(force_insert=True)
            feedback.save(force_insert=True)
    except IntegrityError:
        raise AlreadyGiven


def known(answers, questions, values):
    return {question: answers[question] for question in questions if answers.get(question) in values}


# --- showing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One ronde as its teacher or the leadership may see it."""

    ronde: Ronde
    parts: dict  # question words to [Part]
    is_over: bool
    whole_school: bool = False

    @property
    def is_enough(self):
        return any(self.parts.values())


def worded(parts, questions=QUESTIONS):
    return {questions[code]: found for code, found in parts.items()}


def rondes_of(actor, *, today, whole_school=False):
    """[Shown] per ronde with feedback, the newest first: her own groups added up, or the whole school's."""
    rows = visible_feedback(actor, whole_school=whole_school).filter(about=Feedback.About.GESPREK)
    teachers = _teachers(actor.school) if whole_school else {}
    by_ronde = {}
    for ronde, groep, role, answers in rows.values_list("ronde", "groep", "as_role", "answers"):
        by_ronde.setdefault(ronde, {}).setdefault(groep, []).append((role, answers))
    found = []
    for ronde in Ronde.objects.filter(pk__in=by_ronde).order_by("-starts_on", "pk"):
        by_groep, over = by_ronde[ronde.pk], today > last_day(ronde)
        if whole_school:
            answers = of_school(by_groep, teachers)
        else:
            answers = [answer for theirs in by_groep.values() for answer in theirs]
        parts = counts(answers if over else [], questions=QUESTIONS, values=VALUES)
        found.append(Shown(ronde, worded(parts), over, whole_school))
    return found


def _teachers(school):
    found = {}
    for groep, medewerker in Lesgeven.objects.filter(school=school).values_list("groep", "medewerker"):
        found.setdefault(groep, set()).add(medewerker)
    return found
