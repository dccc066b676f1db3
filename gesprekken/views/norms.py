"""What leadership sets for the charts: the norm bands of the school, and the levels of its routes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gesprekken.development import norms, routes
from gesprekken.development.charts import vak_name
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


def page(request, name, form, vak, vakken, **more):
    context = {"form": form, "vak": vak, "vak_name": vak_name(vak), "vakken": vakken, **more}
    return render(request, f"gesprekken/{name}.html", context, status=422 if form.errors else 200)


def back(name, vak):
    return redirect(reverse(name, query={"vak": vak}))


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def norm_bands(request):
    vak, vakken = choose_vak(request)
    bands = norms.bands_of(request.actor.school, vak)
    form = NormsForm(request.POST or None, request.FILES or None, initial={"lines": norms.as_text(bands)})
    if request.method == "POST" and form.is_valid():
        norms.set_norms(vak=vak, rows=form.cleaned_data["rows"], by=request.actor)
        messages.success(request, _("Bewaard. De banden staan vanaf nu in de grafieken van %(vak)s.") % {"vak": vak})
        return back("norm_bands", vak)
    return page(request, "norm_bands", form, vak, vakken, bands=bands)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def route_levels(request):
    vak, vakken = choose_vak(request)
    moments, lines = routes.table_of(request.actor.school, vak)
    form = RoutesForm(request.POST or None, request.FILES or None, initial={"lines": routes.as_text(moments, lines)})
    if request.method == "POST" and form.is_valid():
        routes.set_routes(vak=vak, rows=form.cleaned_data["rows"], by=request.actor)
        messages.success(request, _("Bewaard. Ze staan pas in een trap als leerkracht en leerling daarvoor kiezen."))
        return back("route_levels", vak)
    return page(request, "route_levels", form, vak, vakken, moments=moments, lines=lines)
