"""What every page of the year needs: which year, who may, and where to go back to."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from gesprekken.permissions import may_edit_year
from gesprekken.year import entries
from school.permissions import visible_schooljaren

FORM = ["GET", "HEAD", "POST"]


def leadership_only(request):
    if not may_edit_year(request.actor):
        raise PermissionDenied


def chosen_year(request):
    """The school year of `?jaar=`, else the present one, else the nearest; None where the school has none."""
    years = list(visible_schooljaren(request.actor))
    wanted = request.GET.get("jaar", "")
    if wanted:
        found = [year for year in years if str(year.pk) == wanted]
        if not found:
            raise Http404
        return found[0]
    today = timezone.localdate()
    present = [year for year in years if year.starts_on <= today <= year.ends_on]
    coming = [year for year in reversed(years) if year.starts_on > today]
    return next(iter(present + coming + years), None)


def year_or_404(request):
    schooljaar = chosen_year(request)
    if schooljaar is None:
        raise Http404
    return schooljaar


def to_year(schooljaar, name="year"):
    return HttpResponseRedirect(f"{reverse(name)}?jaar={schooljaar.pk}")


def answer(request, template, context, *forms):
    """The page; 422 when one of these forms is refused."""
    refused = any(form.is_bound and form.errors for form in forms)
    return render(request, template, context, status=422 if refused else 200)


def tell_warnings(request, schooljaar, *, about_key=None, about_free=None):
    """After saving: what needs a look because of it."""
    plan = entries.find_plan(schooljaar)
    now = entries.entries_now(plan)
    for notice in entries.warnings_of(plan, now, entries.groepen_of(schooljaar)):
        if notice.key == about_key or (about_free and f": {about_free}, " in notice.sentence):
            messages.warning(request, notice.sentence)
