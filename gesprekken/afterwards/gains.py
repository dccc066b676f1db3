"""The four gains of the source, asked of parents once a year where leadership wants it; without a name as all feedback.

Asked between two dates. What came in is shown after the last of them, and from then on the dates stand.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gesprekken.afterwards.feedback import OUDER, YEAR_VALUES, NotAskedNow, counts, has_given, keep, known
from gesprekken.models import Feedback, FeedbackGiven, Jaarplan
from gesprekken.permissions import may_answer_gains, visible_feedback
from school import audit

QUESTIONS = {
    "parenting": gettext_lazy("Ik weet beter hoe ik mijn kind thuis kan helpen."),
    "attitude": gettext_lazy("Ik denk positiever over school."),
    "interest": gettext_lazy("Ik heb meer belangstelling voor wat mijn kind op school doet."),
    "homework": gettext_lazy("Ik let meer op het leren en het huiswerk thuis."),
}


class GainsRefused(Exception):
    """These dates cannot be; `sentence` says why."""

    def __init__(self, sentence, field=None):
        self.sentence, self.field = sentence, field
        super().__init__(sentence)


def is_asked(plan, today):
    return bool(plan and plan.gains_from and plan.gains_from <= today <= plan.gains_until)


def is_over(plan, today):
    return bool(plan and plan.gains_until and today > plan.gains_until)


def plan_of(schooljaar):
    return Jaarplan.objects.filter(schooljaar=schooljaar).first() if schooljaar else None


def ask(*, plan, gains_from, gains_until, by, today=None):
    """Leadership decides in which days it is asked. Raises GainsRefused once answering is over: then it stands."""
    today = today or timezone.localdate()
    with transaction.atomic():
        plan = Jaarplan.objects.select_for_update().get(pk=plan.pk)
        if is_over(plan, today):
            raise GainsRefused(_("De jaarvraag van dit schooljaar is geweest. De data blijven zoals ze waren."))
        if gains_until < gains_from:
            raise GainsRefused(_("De laatste dag ligt voor de eerste dag."), "gains_until")
        if gains_until < today:
            raise GainsRefused(_("De laatste dag is al geweest. Kies een dag die nog komt."), "gains_until")
        if not (plan.schooljaar.starts_on <= gains_from and gains_until <= plan.schooljaar.ends_on):
            raise GainsRefused(_("Kies twee dagen in dit schooljaar."), "gains_from")
        Jaarplan.objects.filter(pk=plan.pk).update(gains_from=gains_from, gains_until=gains_until)
        audit.record("gains_asked", plan, by=by, first=str(gains_from), last=str(gains_until))


def give(*, plan, by, answers, today=None):
    """Keep the four answers of a guardian without a name. Raises AlreadyGiven and NotAskedNow."""
    if not is_asked(plan, today or timezone.localdate()):
        raise NotAskedNow
    keep(
        FeedbackGiven(school_id=plan.school_id, person=by.person, schooljaar_id=plan.schooljaar_id),
        Feedback(
            school_id=plan.school_id,
            about=Feedback.About.YEAR,
            as_role=OUDER,
            schooljaar_id=plan.schooljaar_id,
            answers=known(answers, QUESTIONS, YEAR_VALUES),
        ),
    )


def plans_asking(school, today):
    """The Jaarplan in which guardians are asked today, if there is one."""
    return Jaarplan.objects.filter(school=school, gains_from__lte=today, gains_until__gte=today)


def waits_for(actor, *, today):
    """Whether this guardian is asked now and did not answer yet. One question where the school does not ask."""
    plan = plans_asking(actor.school, today).first()
    return bool(plan and may_answer_gains(actor) and not has_given(actor.person, schooljaar=plan.schooljaar_id))


def shown(actor, plan, *, today):
    """{question: Part or None} of the whole school for leadership, once answering is over; else nothing."""
    if not is_over(plan, today):
        return {}
    rows = visible_feedback(actor, whole_school=True).filter(about=Feedback.About.YEAR, schooljaar=plan.schooljaar_id)
    parts = counts(rows.values_list("as_role", "answers"), questions=QUESTIONS, values=YEAR_VALUES)
    return {QUESTIONS[code]: found[0] if found else None for code, found in parts.items()}
