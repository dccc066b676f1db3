"""The school year: the picture, the proposal, free days, activities, advice dates, sharing."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_GET, require_http_methods, require_POST

from gesprekken.permissions import (
    may_edit_year,
    may_see_draft_year,
    own_groepen,
    visible_activiteiten,
    visible_activity_guests,
    visible_vrije_dagen,
)
from gesprekken.year import cycle, entries, factors, feed, next_year, picture, year_pdf
from gesprekken.year_forms import ActiviteitForm, AdviceForm, FactorsForm, VrijeDagForm, show_refusal
from school import access
from school.actor import ANYONE, PERSONAL, STAFF, open_to
from school.models import AccessLink
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


def changes_of_last_edition(plan):
    """What the last publication changed in the one before it."""
    if plan.published_version < 2:
        return []
    return entries.differences(
        entries.entries_published(plan, plan.published_version - 1), entries.entries_published(plan)
    )


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


# --- free days -------------------------------------------------------------------------------------------------------


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


def tell_warnings(request, schooljaar, *, about_key=None, about_free=None):
    """After saving: what needs a look because of it."""
    plan = entries.find_plan(schooljaar)
    now = entries.entries_now(plan)
    for notice in entries.warnings_of(plan, now, entries.groepen_of(schooljaar)):
        if notice.key == about_key or (about_free and f": {about_free}, " in notice.sentence):
            messages.warning(request, notice.sentence)


# --- other parent activities -----------------------------------------------------------------------------------------


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


# --- families, and everybody's own calendar --------------------------------------------------------------------------


def for_family(person, schooljaar, shown, groepen):
    """What concerns the groups of somebody's children; the whole year while they have no group in it yet."""
    own = set(own_groepen(person).filter(schooljaar=schooljaar).values_list("pk", flat=True))
    if not own:
        return shown, groepen
    mine = [groep for groep in groepen if groep.pk in own]
    return entries.concerning(shown, mine), mine


@open_to(PERSONAL)
@require_GET
def year_shared(request):
    """The year for a family: only what was shared, only what concerns their groups, no names of anybody."""
    today = timezone.localdate()
    years = []
    for schooljaar in visible_schooljaren(request.actor).filter(ends_on__gte=today).order_by("starts_on"):
        plan, groepen = entries.find_plan(schooljaar), entries.groepen_of(schooljaar)
        if not plan.is_published:
            continue
        shown, mine = for_family(request.actor.person, schooljaar, entries.entries_published(plan), groepen)
        changed = {change.entry.key for change in changes_of_last_edition(plan)}
        rows = [
            {"entry": e, "who": entries.for_whom(e, mine), "is_past": e.ends_on < today, "is_changed": e.key in changed}
            for e in shown
            if e.sort != entries.VRIJ
        ]
        free = [e for e in shown if e.sort == entries.VRIJ and e.ends_on >= today]
        years.append({"schooljaar": schooljaar, "plan": plan, "rows": rows, "free": free, "groepen": mine})
    return render(request, "gesprekken/year_shared.html", {"years": years})


@open_to(STAFF | PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def year_feed_new(request):
    """Show a new secret address once: in the answer itself, because only its hash is kept. Coming back shows the year."""
    if request.method != "POST":
        return redirect("year" if request.actor.is_staff else "year_shared")
    token = cycle.renew_year_feed(by=request.actor)
    url = f"{settings.BASE_URL}{reverse('year_feed', args=[token])}"
    context = {"feed_url": url, "webcal_url": url.replace("https://", "webcal://").replace("http://", "webcal://")}
    context["base"] = "base_staf.html" if request.actor.is_staff else "base_ouder.html"
    return render(request, "gesprekken/year_feed.html", context)


@open_to(ANYONE)
@require_GET
@conditional_page
def year_feed(request, token):
    """The subscribed calendar. Whoever holds the secret reads what its owner may: the year, without a single name."""
    link = access.find_link(token, purposes=(AccessLink.Purpose.YEAR_FEED,))
    if link is None:
        raise Http404
    shared = list(shared_years(link.person))
    response = HttpResponse(feed.year_calendar(link.person.school, shared), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="gesprekken.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    if shared:
        response["Last-Modified"] = http_date(max(plan.published_at for plan, *_rest in shared).timestamp())
    return response


def shared_years(person):
    for schooljaar, plan, groepen in entries.shared_plans(person.school, timezone.localdate()):
        shown = entries.entries_published(plan)
        if not hasattr(person, "medewerker"):
            shown, groepen = for_family(person, schooljaar, shown, groepen)
        yield plan, shown, groepen
