"""Holidays and study days of a school year."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gesprekken.permissions import visible_vrije_dagen
from gesprekken.views.year_asked import FORM, answer, leadership_only, tell_warnings, to_year, year_or_404
from gesprekken.year import cycle
from gesprekken.year_forms import VrijeDagForm, show_refusal
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_http_methods(FORM)
def free_days(request):
    leadership_only(request)
    schooljaar = year_or_404(request)
    form = VrijeDagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            day = cycle.add_vrije_dag(schooljaar=schooljaar, by=request.actor, **form.cleaned_data)
        except cycle.RondeRefused as refusal:
            show_refusal(form, refusal)
        else:
            tell_warnings(request, schooljaar, about_free=day.name)
            messages.success(request, _("‘%(name)s’ staat in het jaar.") % {"name": day.name})
            return to_year(schooljaar, "free_days")
    days = visible_vrije_dagen(request.actor).filter(schooljaar=schooljaar)
    context = {"form": form, "schooljaar": schooljaar, "days": days}
    return answer(request, "gesprekken/free_days.html", context, form)


@open_to(STAFF)
@require_http_methods(FORM)
def free_day(request, pk):
    leadership_only(request)
    day = get_object_or_404(visible_vrije_dagen(request.actor).select_related("schooljaar"), pk=pk)
    schooljaar, name = day.schooljaar, day.name
    form = VrijeDagForm(request.POST or None, instance=day)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.change_vrije_dag(day=day, by=request.actor, **form.cleaned_data)
        except cycle.RondeRefused as refusal:
            show_refusal(form, refusal)
        else:
            tell_warnings(request, schooljaar, about_free=form.cleaned_data["name"])
            messages.success(request, _("De wijziging is bewaard."))
            return to_year(schooljaar, "free_days")
    context = {"form": form, "schooljaar": schooljaar, "day_pk": pk, "name": name}
    return answer(request, "gesprekken/free_day.html", context, form)


@open_to(STAFF)
@require_POST
def free_day_delete(request, pk):
    leadership_only(request)
    day = get_object_or_404(visible_vrije_dagen(request.actor).select_related("schooljaar"), pk=pk)
    schooljaar = day.schooljaar
    messages.success(request, _("‘%(name)s’ is uit het jaar gehaald.") % {"name": day.name})
    cycle.remove_vrije_dag(day=day, by=request.actor)
    return to_year(schooljaar, "free_days")
