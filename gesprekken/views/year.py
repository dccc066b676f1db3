"""The school year: the picture, the proposal, free days, activities, advice dates, sharing."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import may_edit_year, may_see_draft_year, visible_activity_guests
from gesprekken.views.year_asked import FORM, answer, chosen_year, leadership_only, to_year, year_or_404
from gesprekken.views.year_shared import changes_of_last_edition, for_family
from gesprekken.year import cycle, entries, factors, next_year, picture, year_pdf
from gesprekken.year_forms import AdviceForm, show_refusal
from school.actor import PERSONAL, STAFF, open_to
from school.permissions import visible_schooljaren

# --- looking ---------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_GET
def year(request):
    """Every member of staff sees what was shared; leadership sees the draft and what changed since."""
    actor, schooljaar = request.actor, chosen_year(request)
    starts_on = next_year.next_start(actor.school, timezone.localdate())
    context = {
        "may_edit": may_edit_year(actor),
        "years": list(visible_schooljaren(actor))[::-1],
        "schooljaar": schooljaar,
        "next_year": starts_on,
        "next_name": f"{starts_on.year}-{starts_on.year + 1}",
    }
    if schooljaar is None:
        return render(request, "gesprekken/year.html", context)
    return render(request, "gesprekken/year.html", context | year_context(actor, schooljaar))


def year_context(actor, schooljaar):
    plan, groepen = entries.find_plan(schooljaar), entries.groepen_of(schooljaar)
    published = entries.entries_published(plan)
    shown = entries.entries_now(plan) if may_see_draft_year(actor) else published
    context = {
        "plan": plan,
        "has_entries": bool(shown),
        "has_rondes": any(e.sort == entries.RONDE for e in shown),
        "last_changes": changes_of_last_edition(plan),
        "missing": factors.missing_activities(shown),
        "served": factors.served_by(shown, plan.factor_map),
        "guests_of": set(visible_activity_guests(actor).values_list("pk", flat=True)),
    }
    drawn = picture.draw(schooljaar, shown, groepen, timezone.localdate())
    context |= {"picture": drawn, **picture.tables_of(shown, groepen, drawn)}
    if may_edit_year(actor):
        context["unshared"] = entries.differences(published, shown) if plan.is_published else []
        context["warnings"] = entries.warnings_of(plan, shown, groepen)
    return context


@open_to(STAFF | PERSONAL)
@require_GET
def year_as_pdf(request):
    """On paper: what was shared. Leadership can print a year that was not shared yet, marked as a draft."""
    actor, schooljaar = request.actor, year_or_404(request)
    plan = entries.find_plan(schooljaar)
    shown, groepen = entries.entries_published(plan), entries.groepen_of(schooljaar)
    is_draft = not plan.is_published
    if is_draft and may_see_draft_year(actor):
        shown = entries.entries_now(plan)
    elif is_draft:
        raise Http404
    if not actor.is_staff:
        shown, groepen = for_family(actor.person, schooljaar, shown, groepen)
    content = year_pdf.year_pdf(actor.school, plan, shown, groepen, timezone.localdate(), is_draft=is_draft)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="gesprekken-{schooljaar}.pdf"'},
    )


# --- laying out ------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_POST
def year_propose(request):
    leadership_only(request)
    schooljaar = year_or_404(request)
    rondes = cycle.propose_year(schooljaar=schooljaar, by=request.actor)
    if rondes:
        messages.success(
            request,
            _("Het voorstel staat er: %(count)s gespreksrondes in concept. Kijk ze na; niemand anders ziet ze nog.")
            % {"count": len(rondes)},
        )
    else:
        messages.info(request, _("Alle soorten gesprekken staan al in dit jaar. Er is niets toegevoegd."))
    return to_year(schooljaar)


@open_to(STAFF)
@require_POST
def year_new(request):
    """Lay out the next school year, or the first one. The year is in the form, so that a second click adds none."""
    leadership_only(request)
    starts_on = next_year.next_start(request.actor.school, timezone.localdate())
    if request.POST.get("starts_on") == starts_on.isoformat():
        schooljaar = next_year.new_schooljaar(by=request.actor, starts_on=starts_on)
        messages.success(
            request,
            _("Schooljaar %(year)s is er, met de opzet van het jaar ervoor. Kijk de dagen na: het is nog een concept.")
            % {"year": schooljaar},
        )
        return to_year(schooljaar)
    messages.info(request, _("Dit schooljaar was er al."))
    return redirect("year")


@open_to(STAFF)
@require_http_methods(FORM)
def year_publish(request):
    """First what will be shared and who is told; the button shares it."""
    leadership_only(request)
    schooljaar = year_or_404(request)
    plan = entries.find_plan(schooljaar)
    now, published = entries.entries_now(plan), entries.entries_published(plan)
    if request.method == "POST":
        return share(request, schooljaar)
    changes = entries.differences(published, now)
    told = cycle.staff_to_tell(plan, changes if plan.is_published else None, request.actor)
    context = {
        "schooljaar": schooljaar,
        "plan": plan,
        "changes": changes if plan.is_published else [],
        "rondes": [e for e in now if e.sort == entries.RONDE],
        "told": told,
        "families": cycle.families_to_tell(plan, changes, timezone.now()) if plan.is_published else [],
        "warnings": entries.warnings_of(plan, now, entries.groepen_of(schooljaar)),
    }
    return render(request, "gesprekken/year_publish.html", context)


def share(request, schooljaar):
    try:
        edition = cycle.publish(
            jaarplan=cycle.jaarplan_of(schooljaar), by=request.actor, tell_families="families" in request.POST
        )
    except cycle.NothingChanged as refusal:
        messages.info(request, refusal.sentence)
    except cycle.EmptyYear as refusal:
        messages.error(request, refusal.sentence)
    else:
        told = request.actor.school.name
        messages.success(
            request,
            _(
                "Het jaar is gedeeld (versie %(version)s). Collega's krijgen bericht; ouders en leerlingen van %(school)s zien het op hun eigen pagina."
            )
            % {"version": edition.version, "school": told},
        )
    return to_year(schooljaar)


@open_to(STAFF)
@require_http_methods(FORM)
def year_advice(request):
    """The three advice moments of group 8, with the dates of the law as a start."""
    leadership_only(request)
    schooljaar = year_or_404(request)
    plan = entries.find_plan(schooljaar)
    initial = cycle.advice_defaults(schooljaar) if plan.preliminary_from is None else None
    form = AdviceForm(request.POST or None, instance=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.set_advice_dates(schooljaar=schooljaar, by=request.actor, **form.cleaned_data)
        except cycle.YearRefused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("De adviesdata zijn bewaard."))
            return to_year(schooljaar)
    return answer(request, "gesprekken/year_advice.html", {"form": form, "schooljaar": schooljaar}, form)
