"""What people found of a gesprek: three taps for guardian and pupil, the four gains of the year, and the numbers."""

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.afterwards import feedback, gains
from gesprekken.afterwards.pupils import present_year
from gesprekken.afterwards_forms import FACES, OF_GUARDIANS, OF_PUPILS, YEAR_SCALE, GainsForm, TapForm
from gesprekken.permissions import (
    answerable_gesprekken,
    may_answer_gains,
    may_ask_gains,
    may_see_school_feedback,
)
from school.actor import PERSONAL, STAFF, open_to

# --- guardians and pupils --------------------------------------------------------------------------------------------


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def give_feedback(request, pk):
    """Three questions about one gesprek. Whoever answered sees a thank you, also after a second tap."""
    gesprek = get_object_or_404(
        answerable_gesprekken(request.actor).select_related("ronde", "leerling__person", "school"), pk=pk
    )
    context = {"gesprek": gesprek, "until": feedback.last_day(gesprek.ronde)}
    if feedback.has_given(request.actor.person, gesprek=gesprek):
        return render(request, "gesprekken/feedback_thanks.html", context)
    questions = OF_PUPILS if request.actor.is_pupil else OF_GUARDIANS
    form = TapForm(request.POST if request.method == "POST" else None, questions=questions, scale=FACES)
    if request.method == "POST" and form.is_valid():
        with suppress(feedback.AlreadyGiven):  # the page says that it was given
            feedback.give(gesprek=gesprek, by=request.actor, answers=form.answers())
        return redirect("give_feedback", pk=gesprek.pk)
    return render(
        request, "gesprekken/feedback_give.html", {**context, "form": form}, status=422 if form.errors else 200
    )


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def give_gains(request):
    """The four gains, once a year. Where the school does not ask, or not this person, the page does not exist."""
    plan = gains.plan_of(present_year(request.actor.school, timezone.localdate()))
    if not (may_answer_gains(request.actor) and gains.is_asked(plan, timezone.localdate())):
        raise Http404
    context = {"school": request.actor.school, "until": plan.gains_until}
    if feedback.has_given(request.actor.person, schooljaar=plan.schooljaar_id):
        return render(request, "gesprekken/feedback_thanks.html", context)
    form = TapForm(request.POST if request.method == "POST" else None, questions=gains.QUESTIONS, scale=YEAR_SCALE)
    if request.method == "POST" and form.is_valid():
        with suppress(feedback.AlreadyGiven):  # the page says that it was given
            gains.give(plan=plan, by=request.actor, answers=form.answers())
        return redirect("give_gains")
    return render(request, "gesprekken/gains_give.html", {**context, "form": form}, status=422 if form.errors else 200)


# --- staff -----------------------------------------------------------------------------------------------------------


def results_page(request, form=None):
    today = timezone.localdate()
    plan = gains.plan_of(present_year(request.actor.school, today))
    leads = may_see_school_feedback(request.actor)
    context = {
        "own": feedback.rondes_of(request.actor, today=today) if request.actor.groep_ids else None,
        "whole": feedback.rondes_of(request.actor, today=today, whole_school=True) if leads else None,
        "least": feedback.LEAST,
        "plan": plan if leads else None,
        "gains": gains.shown(request.actor, plan, today=today) if leads else {},
        "gains_over": gains.is_over(plan, today),
        "gains_form": form or GainsForm(instance=plan),
        "faces": FACES,
        "scale": YEAR_SCALE,
    }
    return render(request, "gesprekken/feedback_results.html", context, status=422 if form and form.errors else 200)


@open_to(STAFF)
@require_GET
def feedback_results(request):
    """A teacher her own groups, leadership the whole school; anybody else has nothing to see here."""
    if not (request.actor.groep_ids or may_see_school_feedback(request.actor)):
        raise PermissionDenied
    return results_page(request)


@open_to(STAFF)
@require_POST
def ask_gains(request):
    if not may_ask_gains(request.actor):
        raise PermissionDenied
    plan = gains.plan_of(present_year(request.actor.school, timezone.localdate()))
    if plan is None:
        raise Http404
    form = GainsForm(request.POST, instance=plan)
    if form.is_valid():
        try:
            gains.ask(plan=plan, by=request.actor, **form.cleaned_data)
        except gains.GainsRefused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Bewaard. Ouders zien de jaarvraag in die dagen op hun eigen pagina."))
            return redirect("feedback_results")
    return results_page(request, form)
