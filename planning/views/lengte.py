"""How long one gesprek takes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning import week
from planning.permissions import visible_bookings
from planning.times import lengths
from planning.times_forms import LengthForm, PlanForm
from planning.views import refusals
from planning.views.leerkracht import load_to_plan
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def length(request, pk):
    """Longer or shorter for one pupil, before or after a time was chosen."""
    gesprek = load_to_plan(request, pk)
    planned = visible_bookings(request.actor).active().filter(gesprek=gesprek).first()
    form = LengthForm(request.POST if request.method == "POST" else None, initial={"minutes": gesprek.length})
    if request.method == "POST" and form.is_valid():
        try:
            changed = lengths.set_length(
                gesprek=gesprek,
                minutes=form.cleaned_data["minutes"],
                by=request.actor,
                agreed=form.cleaned_data["agreed"] == PlanForm.AGREED,
                reason=form.cleaned_data["reason"],
            )
        except lengths.LengthRefused as refused:
            form.add_error(None, refusals.LENGTH[refused.reason])
        else:
            messages.success(request, sentence(gesprek, form.cleaned_data["minutes"], planned, changed))
            return redirect("plan_for", pk=gesprek.pk)
    left = week.left_until(gesprek, planned.starts_at) if planned else None
    context = {"gesprek": gesprek, "planned": planned, "form": form, "left": left}
    return render(request, "planning/length.html", context, status=422 if form.errors else 200)


def sentence(gesprek, minutes, planned, changed):
    if not changed:
        return _("Er was niets te wijzigen.")
    about = {"name": gesprek.leerling.person.first_name, "minutes": minutes}
    if planned:
        return _("Het gesprek over %(name)s duurt nu %(minutes)s minuten. De ouders krijgen bericht.") % about
    return (
        _("Het gesprek over %(name)s duurt %(minutes)s minuten. Alleen tijden waar dat past, zijn nog te kiezen.")
        % about
    )
