"""What became of an agreement: said by a parent or pupil on her own page, or by staff in the next gesprek."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gesprekken.afterwards import outcomes
from gesprekken.outcome_forms import OutcomeForm
from gesprekken.permissions import may_record, may_say_outcome, visible_agreements, visible_open_agreements
from gesprekken.views.gesprek import show_gesprek
from gesprekken.views.preparing import load
from gesprekken.views.talking import talk_page
from gesprekken.views.verslag import load_to_read, record_read_page
from school.actor import PERSONAL_CONFIRMED, STAFF, open_to


def said(agreement, actor, form, gesprek=None):
    outcomes.say(
        agreement=agreement,
        by=actor,
        state=form.cleaned_data["state"],
        word=form.cleaned_data["word"],
        gesprek=gesprek,
    )


@open_to(STAFF)
@require_POST
def say_outcome(request, pk, agreement_pk):
    """In a gesprek: of an agreement with this pupil that was made in an earlier one."""
    gesprek = load(request, pk)
    if not may_record(request.actor, gesprek):
        raise PermissionDenied
    theirs = visible_open_agreements(request.actor).filter(gesprek__leerling=gesprek.leerling_id)
    agreement = get_object_or_404(theirs.select_related("verslag"), pk=agreement_pk)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        said(agreement, request.actor, form, gesprek)
    more = {}
    if form.errors:
        more = {"outcome_problem": form.problem(), "problem_at": agreement.pk, "typed": request.POST.get("word", "")}
    if request.htmx:
        context = {
            "gesprek": gesprek,
            "in_talk": "in_talk" in request.POST,
            **outcomes.shown_at(request.actor, gesprek),
        }
        return render(request, "gesprekken/open_agreements.html", {**context, **more})
    if form.errors:
        return (talk_page if "in_talk" in request.POST else show_gesprek)(request, gesprek, 422, **more)
    messages.success(request, _("Genoteerd hoe het ging."))
    return redirect(f"{reverse('talk' if 'in_talk' in request.POST else 'gesprek', args=[gesprek.pk])}#openstaand")


@open_to(PERSONAL_CONFIRMED)
@require_POST
def say_own_outcome(request, pk, agreement_pk):
    """On the page of a guardian or pupil: of an agreement that concerns her."""
    gesprek = load_to_read(request, pk)
    agreements = visible_agreements(request.actor).filter(gesprek=gesprek).select_related("verslag")
    agreement = get_object_or_404(agreements, pk=agreement_pk)
    if not may_say_outcome(request.actor, agreement):
        raise PermissionDenied
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        context = {"outcome_problem": form.problem(), "problem_at": agreement.pk, "typed": form.data.get("word", "")}
        return record_read_page(request, gesprek, 422, **context)
    said(agreement, request.actor, form)
    messages.success(
        request,
        _("Dank u wel. De leerkracht ziet wat u zei.")
        if not request.actor.is_pupil
        else _("Dank je wel. Je juf of meester ziet wat je zei."),
    )
    return redirect(f"{reverse('record_read', args=[gesprek.pk])}#a{agreement.pk}")
