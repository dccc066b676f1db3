"""The other parent activities of a year, and which factors the year serves."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gesprekken.permissions import visible_activiteiten
from gesprekken.views.year_asked import FORM, answer, leadership_only, tell_warnings, to_year, year_or_404
from gesprekken.year import cycle, entries, factors
from gesprekken.year_forms import ActiviteitForm, FactorsForm, show_refusal
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_http_methods(FORM)
def activities(request):
    """The seven activities of the source: what is there, what is missing, which factors each serves; and adding one."""
    leadership_only(request)
    schooljaar = year_or_404(request)
    plan, groepen = entries.find_plan(schooljaar), entries.groepen_of(schooljaar)
    wanted = request.GET.get("soort", "")
    initial = {
        "soort": wanted,
        "name": next((a.name.capitalize() for a in factors.PARENT_ACTIVITIES if a.code == wanted), ""),
    }
    form = ActiviteitForm(request.POST or None, groepen=schooljaar.groepen.filter(gone=False), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            activiteit = cycle.add_activiteit(schooljaar=schooljaar, by=request.actor, **form.cleaned_data)
        except cycle.RondeRefused as refusal:
            show_refusal(form, refusal)
        else:
            tell_warnings(request, schooljaar, about_key=f"activiteit-{activiteit.pk}")
            messages.success(request, _("‘%(name)s’ staat in het jaar.") % {"name": activiteit.name})
            return to_year(schooljaar, "activities")
    now = entries.entries_now(plan)
    context = {
        "form": form,
        "schooljaar": schooljaar,
        "seven": factors.seven(now, plan.factor_map),
        "rows": activity_rows(request.actor, now, groepen),
        "served": factors.served(now, plan.factor_map),
    }
    return answer(request, "gesprekken/activities.html", context, form)


def activity_rows(actor, shown, groepen):
    invited = set(visible_activiteiten(actor).filter(invited_at__isnull=False).values_list("pk", flat=True))
    return [
        {"entry": e, "who": entries.for_whom(e, groepen), "is_invited": e.pk in invited}
        for e in shown
        if e.sort == entries.ACTIVITEIT
    ]


@open_to(STAFF)
@require_http_methods(FORM)
def activity(request, pk):
    leadership_only(request)
    found = get_object_or_404(visible_activiteiten(request.actor).select_related("jaarplan__schooljaar"), pk=pk)
    schooljaar, name = found.jaarplan.schooljaar, found.name
    form = ActiviteitForm(request.POST or None, instance=found, groepen=schooljaar.groepen.filter(gone=False))
    if request.method == "POST" and form.is_valid():
        try:
            cycle.change_activiteit(activiteit=found, by=request.actor, **form.cleaned_data)
        except cycle.RondeRefused as refusal:
            show_refusal(form, refusal)
        else:
            tell_warnings(request, schooljaar, about_key=f"activiteit-{pk}")
            messages.success(request, _("De wijziging is bewaard."))
            return to_year(schooljaar, "activities")
    context = {"form": form, "schooljaar": schooljaar, "activity_pk": pk, "name": name}
    return answer(request, "gesprekken/activity.html", context, form)


@open_to(STAFF)
@require_POST
def activity_delete(request, pk):
    leadership_only(request)
    found = get_object_or_404(visible_activiteiten(request.actor).select_related("jaarplan__schooljaar"), pk=pk)
    schooljaar = found.jaarplan.schooljaar
    sentence = _("‘%(name)s’ is uit het jaar gehaald.") % {"name": found.name}
    if found.invited_at:
        sentence += " " + _("Wie was uitgenodigd, krijgt bericht dat het niet doorgaat.")
    try:
        cycle.remove_activiteit(activiteit=found, by=request.actor, reason=request.POST.get("reason", ""))
    except cycle.YearRefused as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("activity_guests", pk=pk)
    messages.success(request, sentence)
    return to_year(schooljaar, "activities")


@open_to(STAFF)
@require_http_methods(FORM)
def year_factors(request):
    """The school's own mapping of activities to factors; ours is the start."""
    leadership_only(request)
    schooljaar = year_or_404(request)
    plan = entries.find_plan(schooljaar)
    form = FactorsForm(request.POST or None, factor_map=plan.factor_map)
    if request.method == "POST" and form.is_valid():
        ours = "ours" in request.POST
        cycle.set_factors(schooljaar=schooljaar, by=request.actor, factor_map={} if ours else form.cleaned_data)
        messages.success(request, _("De koppeling met de succesfactoren is bewaard."))
        return to_year(schooljaar, "activities")
    context = {"form": form, "schooljaar": schooljaar, "factors": factors.FACTORS}
    return answer(request, "gesprekken/year_factors.html", context, form)
