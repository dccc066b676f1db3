"""The settings of a ronde, and the kinds of conversation a school has."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken import rondes, soorten
from gesprekken.permissions import (
    choosable_colleagues,
    may_edit_ronde,
    may_edit_soorten,
    visible_rondes,
    visible_soorten,
)
from gesprekken.ronde_forms import RondeForm
from gesprekken.views.year_asked import FORM, answer, chosen_year, tell_warnings, to_year
from gesprekken.year import cycle
from gesprekken.year_forms import SoortForm, show_refusal
from school.actor import STAFF, open_to
from school.row_ids import row_id


def page_of(ronde):
    """The ronde's own page, where there is one; else the year it stands in."""
    try:
        return redirect(reverse("ronde", args=[ronde.pk]))
    except NoReverseMatch:
        return to_year(ronde.schooljaar)


def choosable_groepen(schooljaar, soort, seated=()):
    """The groups of the year; for a kind of one level those of that level, and who sits in the ronde already."""
    fit = schooljaar.groepen.filter(pk__in={*cycle.fitting_pks(schooljaar, soort), *seated})
    return fit.prefetch_related("lesgeven")


# --- one ronde -------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_http_methods(FORM)
def ronde_new(request):
    """First the kind, then its settings; the kind's own words are the start."""
    if not may_edit_ronde(request.actor):
        raise PermissionDenied
    schooljaar = chosen_year(request)
    if schooljaar is None:
        return redirect("year")
    kinds = visible_soorten(request.actor).filter(archived=False)
    if not request.GET.get("soort"):
        return render(
            request,
            "gesprekken/ronde_choose.html",
            {"schooljaar": schooljaar, "soorten": soorten.in_order_of_the_year(kinds)},
        )
    soort = get_object_or_404(kinds, pk=row_id(request.GET["soort"]))
    form = RondeForm(
        request.POST or None,
        soort=soort,
        groepen=choosable_groepen(schooljaar, soort),
        colleagues=choosable_colleagues(request.actor),
        initial=cycle.start_of_ronde(schooljaar, soort),
    )
    if request.method == "POST" and form.is_valid():
        try:
            ronde = rondes.add_ronde(
                schooljaar=schooljaar,
                soort=soort,
                by=request.actor,
                groepen=list(form.cleaned_data["groepen"]),
                tweede_collegas=form.tweede_collegas,
                duos=form.duos,
                colleague_pool=form.colleague_pool,
                **form.settings,
            )
        except rondes.RondeRefused as refusal:
            show_refusal(form, refusal)
        else:
            tell_warnings(request, schooljaar, about_key=f"ronde-{ronde.pk}")
            messages.success(request, _("‘%(name)s’ staat in het jaar, in voorbereiding.") % {"name": ronde.name})
            return page_of(ronde)
    context = {"form": form, "schooljaar": schooljaar, "soort": soort}
    return answer(request, "gesprekken/ronde_form.html", context, form)


@open_to(STAFF)
@require_http_methods(FORM)
def ronde_edit(request, pk):
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort", "schooljaar"), pk=pk)
    if not may_edit_ronde(request.actor):
        raise PermissionDenied
    name, schooljaar = ronde.name, ronde.schooljaar
    seated = [row.groep_id for row in ronde.ronde_groepen.all()]
    form = RondeForm(
        request.POST or None,
        instance=ronde,
        soort=ronde.soort,
        groepen=choosable_groepen(schooljaar, ronde.soort, seated),
        colleagues=choosable_colleagues(request.actor),
        initial={"groepen": seated},
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = rondes.change_ronde(
                ronde=ronde,
                by=request.actor,
                seen_version=form.cleaned_data["seen_version"],
                groepen=list(form.cleaned_data["groepen"]),
                tweede_collegas=form.tweede_collegas,
                duos=form.duos,
                colleague_pool=form.colleague_pool,
                reason=form.cleaned_data["reason"],
                **form.settings,
            )
        except rondes.RondeRefused as refusal:
            show_refusal(form, refusal)
        else:
            tell_warnings(request, schooljaar, about_key=f"ronde-{pk}")
            messages.success(request, _("De wijziging is bewaard.") if changed else _("Er was niets te wijzigen."))
            return page_of(ronde)
    context = {"form": form, "schooljaar": schooljaar, "soort": ronde.soort, "ronde_pk": pk, "name": name}
    context["state"], context["is_draft"] = ronde.get_state_display(), ronde.is_draft
    return answer(request, "gesprekken/ronde_form.html", context, form)


@open_to(STAFF)
@require_http_methods(FORM)
def ronde_delete(request, pk):
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort", "schooljaar"), pk=pk)
    if not may_edit_ronde(request.actor):
        raise PermissionDenied
    schooljaar = ronde.schooljaar
    if request.method == "POST":
        try:
            rondes.remove_ronde(ronde=ronde, by=request.actor)
        except rondes.RondeFixed as refusal:
            messages.error(request, refusal.sentence)
            return page_of(ronde)
        messages.success(request, _("‘%(name)s’ is uit het jaar gehaald.") % {"name": ronde.name})
        return to_year(schooljaar)
    context = {"ronde": ronde, "schooljaar": schooljaar, "can_go": ronde.is_draft and not ronde.gesprekken.exists()}
    return render(request, "gesprekken/ronde_delete.html", context)


# --- the kinds -------------------------------------------------------------------------------------------------------


def kinds_or_403(request):
    if not may_edit_soorten(request.actor):
        raise PermissionDenied
    return visible_soorten(request.actor)


@open_to(STAFF)
@require_GET
def soorten_list(request):
    kinds = kinds_or_403(request)
    context = {
        "soorten": soorten.in_order_of_the_year(kinds.filter(archived=False)),
        "left_out": kinds.filter(archived=True),
    }
    return render(request, "gesprekken/soorten.html", context)


@open_to(STAFF)
@require_http_methods(FORM)
def soort_new(request):
    kinds_or_403(request)
    form = SoortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        soort = soorten.add_soort(by=request.actor, **form.cleaned_data)
        messages.success(request, _("‘%(name)s’ staat tussen je soorten gesprekken.") % {"name": soort.name})
        return redirect("soorten")
    return answer(request, "gesprekken/soort_form.html", {"form": form}, form)


@open_to(STAFF)
@require_http_methods(FORM)
def soort_edit(request, pk):
    soort = get_object_or_404(kinds_or_403(request), pk=pk)
    name = soort.name
    form = SoortForm(request.POST or None, instance=soort)
    if request.method == "POST" and form.is_valid():
        soorten.change_soort(soort=soort, by=request.actor, **form.cleaned_data)
        messages.success(request, _("De wijziging is bewaard. Rondes die er al zijn, houden hun eigen tekst."))
        return redirect("soorten")
    context = {"form": form, "name": name, "soort_pk": pk, "archived": soort.archived}
    return answer(request, "gesprekken/soort_form.html", context, form)


@open_to(STAFF)
@require_POST
def soort_leave_out(request, pk):
    """Leave a kind out, or take it up again: `out` in the form says which, so that a second click changes nothing."""
    soort = get_object_or_404(kinds_or_403(request), pk=pk)
    out = request.POST.get("out") != "0"
    soorten.leave_out(soort=soort, by=request.actor, out=out)
    sentence = _("‘%(name)s’ doet niet meer mee in nieuwe jaren.") if out else _("‘%(name)s’ doet weer mee.")
    messages.success(request, sentence % {"name": soort.name})
    return redirect("soorten")
