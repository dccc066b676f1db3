"""The charts of a gesprek: choosing what is shown, looking at it, and the same on paper."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.development import charts, showing
from gesprekken.development_forms import ChartsForm, VakkenForm
from gesprekken.permissions import (
    may_choose_charts,
    may_release_portfolio_of,
    may_see_results,
    readable_gesprekken,
    releasable_portfolio,
    vakken_of,
    visible_gesprekken,
    visible_portfolio,
    visible_rondes,
)
from gesprekken.talking.guide import level_of, shows_outflow
from gesprekken.views.gesprek import pdf_response
from gesprekken.views.preparing import load
from school.actor import PERSONAL_CONFIRMED, STAFF, open_to
from school.languages import paper_language
from school.pdf import render_pdf

# --- one gesprek, for staff ------------------------------------------------------------------------------------------


def routes_to_choose(actor, gesprek):
    """{vak: {route: levels}} from the year level on in which the school speaks of it."""
    if not shows_outflow(gesprek.school, gesprek.ronde.soort, level_of(gesprek)):
        return {}
    return charts.routes_of_school(actor)


def load_with_results(request, pk):
    gesprek = load(request, pk)
    if not may_see_results(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def development(request, pk):
    """All vakken of the pupil, and which of them parents and pupil see."""
    gesprek = load_with_results(request, pk)
    may_choose = may_choose_charts(request.actor, gesprek)
    if request.method == "POST" and not may_choose:
        raise PermissionDenied
    form = ChartsForm(
        request.POST if request.method == "POST" else None,
        charts=charts.all_charts(request.actor, gesprek),
        routes=routes_to_choose(request.actor, gesprek),
        name=gesprek.leerling.person.first_name,
        mark=showing.seen(gesprek),
    )
    context = {"gesprek": gesprek, "form": form, "may_choose": may_choose, "outflow_from": gesprek.school.outflow_from}
    if request.method == "POST" and form.is_valid():
        try:
            showing.show(gesprek=gesprek, choices=form.choices(), by=request.actor, seen_mark=form.cleaned_data["seen"])
        except showing.StaleChoice:
            context |= {"stale": list(showing.chosen(gesprek).values()), "mark": showing.seen(gesprek)}
            return render(request, "gesprekken/development.html", context, status=409)
        messages.success(request, what_is_shown(form.choices(), gesprek))
        return redirect("development", pk=gesprek.pk)
    return render(request, "gesprekken/development.html", context, status=422 if form.errors else 200)


def what_is_shown(choices, gesprek):
    if not choices:
        return _("Bewaard. Ouders en leerling zien nu geen grafieken.")
    return _("Bewaard. Ouders en %(name)s zien vanaf nu allemaal hetzelfde: %(vakken)s.") % {
        "name": gesprek.leerling.person.first_name,
        "vakken": ", ".join(charts.vak_name(choice.vak) for choice in choices),
    }


@open_to(STAFF)
@require_GET
def development_pdf(request, pk):
    """On paper for the table: what is shown at this gesprek, and nothing else."""
    gesprek = load_with_results(request, pk)
    return paper(request.actor, [(gesprek, charts.charts_for(request.actor, gesprek))], f"ontwikkeling-{gesprek.pk}")


def paper(actor, sheets, name):
    with paper_language():
        context = {"sheets": sheets, "school": actor.school, "printed_at": timezone.now()}
        return pdf_response(render_pdf("gesprekken/development_pdf.html", context), f"{name}.pdf")


# --- a whole group ---------------------------------------------------------------------------------------------------


def load_groep(request, pk, groep_pk):
    """(ronde, groep), for its teachers and leadership."""
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort", "school"), pk=pk)
    groep = get_object_or_404(ronde.groepen.all(), pk=groep_pk)
    if not may_release_portfolio_of(request.actor, ronde, groep):
        raise PermissionDenied
    return ronde, groep


def gesprekken_of(actor, ronde, groep):
    found = visible_gesprekken(actor).filter(ronde=ronde, groep=groep, cancelled_at=None)
    return found.select_related("leerling__person", "groep", "school", "ronde").order_by(
        "leerling__person__last_name", "leerling__person__first_name", "pk"
    )


def vakken_form(request):
    vakken = [(vak, charts.vak_name(vak)) for vak in vakken_of(request.actor.school)]
    return VakkenForm(request.POST if request.method == "POST" else None, vakken=vakken)


def groep_page(request, ronde, groep, form):
    context = {"ronde": ronde, "groep": groep, "form": form, "teaches": groep.pk in request.actor.groep_ids}
    context |= state_of_groep(request.actor, ronde, groep)
    return render(request, "gesprekken/development_groep.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_GET
def development_groep(request, pk, groep_pk):
    """One line per pupil: what is shown, whether the report is there. And what can be done for all at once."""
    ronde, groep = load_groep(request, pk, groep_pk)
    return groep_page(request, ronde, groep, vakken_form(request))


@open_to(STAFF)
@require_POST
def show_in_groep(request, pk, groep_pk):
    ronde, groep = load_groep(request, pk, groep_pk)
    if groep.pk not in request.actor.groep_ids:
        raise PermissionDenied
    form = vakken_form(request)
    if not form.is_valid():
        return groep_page(request, ronde, groep, form)
    count = showing.show_in_groep(ronde=ronde, groep=groep, vakken=form.cleaned_data["vakken"], by=request.actor)
    said = ngettext(
        "Bij %(count)s gesprek zien ouders en leerling nu deze vakken.",
        "Bij %(count)s gesprekken zien ouders en leerling nu deze vakken.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("development_groep", pk=ronde.pk, groep_pk=groep.pk)


def as_sent(items):
    """The ids of these items in one hidden field: exactly they are released, nothing that comes later."""
    return ",".join(str(item.pk) for item in items)


def state_of_groep(actor, ronde, groep):
    rows = list(gesprekken_of(actor, ronde, groep).prefetch_related("shown_charts"))
    of_these = {"gesprek__ronde": ronde, "leerling__in": [row.leerling_id for row in rows]}
    listed = list(releasable_portfolio(actor).filter(**of_these))
    waiting = Counter(item.leerling_id for item in listed)
    given = visible_portfolio(actor).filter(**of_these, released_at__isnull=False)
    out = Counter(given.values_list("leerling", flat=True))
    for row in rows:
        row.shows = [charts.vak_name(shown.vak) for shown in row.shown_charts.all()]
        row.waiting, row.out = waiting[row.leerling_id], out[row.leerling_id]
    without = {row.leerling_id for row in rows if not row.waiting and not row.out}
    return {"rows": rows, "waiting": len(waiting), "listed": as_sent(listed), "without": len(without)}


@open_to(STAFF)
@require_GET
def development_groep_pdf(request, pk, groep_pk):
    """A set for the whole group: every pupil begins on a new page."""
    ronde, groep = load_groep(request, pk, groep_pk)
    if groep.pk not in request.actor.groep_ids:
        raise PermissionDenied
    gesprekken = gesprekken_of(request.actor, ronde, groep)
    sheets = [(one, drawn) for one, drawn in charts.charts_of_groep(request.actor, gesprekken) if drawn]
    if not sheets:
        messages.warning(request, _("Er wordt nog niets getoond. Kies eerst welke vakken je laat zien."))
        return redirect("development_groep", pk=ronde.pk, groep_pk=groep.pk)
    return paper(request.actor, sheets, f"ontwikkeling-{groep.pk}")


# --- guardians and pupil ---------------------------------------------------------------------------------------------


def load_shown(request, pk):
    """(gesprek, Charts); 404 where nothing is shown to this person."""
    gesprekken = readable_gesprekken(request.actor).select_related("school", "ronde", "leerling__person", "groep")
    gesprek = get_object_or_404(gesprekken, pk=pk)
    drawn = charts.charts_for(request.actor, gesprek)
    if not drawn:
        raise Http404
    return gesprek, drawn


@open_to(PERSONAL_CONFIRMED)
@require_GET
def development_read(request, pk):
    gesprek, drawn = load_shown(request, pk)
    return render(request, "gesprekken/development_read.html", {"gesprek": gesprek, "charts": drawn})


@open_to(PERSONAL_CONFIRMED)
@require_GET
def development_read_pdf(request, pk):
    with paper_language():
        sheets = [load_shown(request, pk)]
    return paper(request.actor, sheets, f"ontwikkeling-{pk}")
