"""What leadership sets for the charts: the norm bands of the school, and the levels of its routes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gesprekken.development import norms, routes
from gesprekken.development.charts import vak_name
from gesprekken.development.lines import StaleLines
from gesprekken.development_forms import NormsForm, RoutesForm
from gesprekken.permissions import may_edit_norms, vakken_of
from school.actor import STAFF, open_to

USUAL = ["begrijpend lezen", "rekenen", "spelling", "technisch lezen"]  # while nothing was read in yet


def choose_vak(request):
    """(the vak this page is about, all vakken with their names). An unknown one is the first."""
    if not may_edit_norms(request.actor):
        raise PermissionDenied
    vakken = vakken_of(request.actor.school) or USUAL
    wanted = request.GET.get("vak", "")
    return wanted if wanted in vakken else vakken[0], [(vak, vak_name(vak)) for vak in vakken]


def show(request, name, form, vak, vakken, *, stale=False):
    """What is set now, above it the field. Of a stale page both: what was typed stays in the field."""
    set_now, mark = SET_NOW[name](request.actor.school, vak)
    context = {"form": form, "vak": vak, "vak_name": vak_name(vak), "vakken": vakken, "stale": stale, **set_now}
    sent = form["seen"].value() if form.is_bound else mark
    context["mark"] = mark if stale else sent
    status = 409 if stale else 422 if form.errors else 200
    return render(request, f"gesprekken/{name}.html", context, status=status)


def bands_now(school, vak):
    return {"bands": norms.bands_of(school, vak)}, norms.seen(school, vak)


def routes_now(school, vak):
    moments, lines = routes.table_of(school, vak)
    return {"moments": moments, "lines": lines}, routes.seen(school, vak)


SET_NOW = {"norm_bands": bands_now, "route_levels": routes_now}


def set_lines(request, name, kind, text, verb, said):
    """The page and the saving of both: nothing is stored before every line can be read, and no newer lines are lost."""
    vak, vakken = choose_vak(request)
    form = kind(request.POST or None, request.FILES or None, initial={"lines": text(request.actor.school, vak)})
    if request.method != "POST" or not form.is_valid():
        return show(request, name, form, vak, vakken)
    try:
        verb(vak=vak, rows=form.cleaned_data["rows"], by=request.actor, seen_mark=form.cleaned_data["seen"])
    except StaleLines:
        return show(request, name, form, vak, vakken, stale=True)
    messages.success(request, said % {"vak": vak_name(vak)})
    return redirect(reverse(name, query={"vak": vak}))


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def norm_bands(request):
    said = _("Bewaard. De banden staan vanaf nu in de grafieken van %(vak)s.")
    return set_lines(request, "norm_bands", NormsForm, norms.text_of, norms.set_norms, said)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def route_levels(request):
    said = _("Bewaard. Ze staan pas in een trap als leerkracht en leerling daarvoor kiezen.")
    return set_lines(request, "route_levels", RoutesForm, routes.text_of, routes.set_routes, said)
