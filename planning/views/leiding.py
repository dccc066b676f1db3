"""Rondes, as leadership sees them: what is missing, opening, paper, closing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gesprekken.permissions import may_choose_leerlingen, may_edit_ronde, visible_gesprekken, visible_rondes
from gesprekken.preparing import readiness
from planning import week
from planning.emails import choosing_closes_on
from planning.inviting import announcing, checklist, followup, opening, paper, sending, shrinking
from planning.opening_forms import OpenForm
from planning.permissions import (
    groepen_to_print,
    may_announce,
    may_open_ronde,
    may_see_shrinking,
    visible_week_exceptions,
)
from planning.times import supply
from planning.views.aanvragen import tasks_of
from school.actor import STAFF, open_to
from school.permissions import visible_groepen


@open_to(STAFF)
@require_GET
def rondes(request):
    found = visible_rondes(request.actor).select_related("soort", "schooljaar").prefetch_related("groepen")
    order = {"open": 0, "draft": 1, "closed": 2}
    context = {
        "rondes": sorted(found, key=lambda r: (order[r.state], r.starts_on)),
        "may_edit": may_edit_ronde(request.actor),
        **tasks_of(request.actor),
    }
    return render(request, "planning/rondes.html", context)


def load(request, pk):
    return get_object_or_404(visible_rondes(request.actor).select_related("soort", "school", "schooljaar"), pk=pk)


def load_to_open(request, pk):
    ronde = load(request, pk)
    if not may_open_ronde(request.actor):
        raise PermissionDenied
    return ronde


@open_to(STAFF)
@require_GET
def ronde(request, pk):
    return show(request, load(request, pk))


def show(request, ronde, form=None, status=200):
    """The hub of a ronde: the checklist while it is prepared, the standings once it is open."""
    rows = followup.standings(visible_gesprekken(request.actor).filter(ronde=ronde)) if ronde.state != "draft" else []
    letters = paper.waiting_letters(ronde) if rows else {}
    joining = paper.groepen_with_cards(ronde) if rows else set()
    groepen = [
        {
            "groep": groep,
            "counts": followup.counted([row for row in rows if row.gesprek.groep_id == groep.pk]),
            "total": sum(row.gesprek.groep_id == groep.pk for row in rows),
            "letters": letters.get(groep.pk, (0, 0)),
            "cards": groep.pk in joining,
        }
        for groep in visible_groepen(request.actor).filter(ronde_groepen__ronde=ronde)
    ]
    checks = opening.check(ronde) if ronde.state == "draft" else []
    given = supply.per_teacher(ronde) if may_open_ronde(request.actor) and ronde.state != "closed" else []
    far = readiness.progress(request.actor, [ronde.pk])
    context = {
        "ronde": ronde,
        "preparing": [
            (row["groep"], far[ronde.pk, row["groep"].pk]) for row in groepen if (ronde.pk, row["groep"].pk) in far
        ],
        "checks": checks,
        "may_open": may_open_ronde(request.actor),
        "ready": not any(c.weight == opening.STOP for c in checks),
        "week": any(c.weight == opening.WEEK for c in checks),
        "form": form or OpenForm(),
        "groepen": groepen,
        "together": together(request.actor, ronde, letters),
        "supply": given,
        "scarce": any(row.state != supply.ENOUGH for row in given),
        "counts": followup.counted(rows),
        "total": len(rows),
        "exceptions": visible_week_exceptions(request.actor).filter(ronde=ronde).count(),
        "left": week.left(checklist.first_day(ronde), now=timezone.now(), zone=ronde.school.zone) if checks else None,
        "closes_on": choosing_closes_on(ronde),
        "shrinking": shrinking_of(request.actor, ronde),
        "may_choose": ronde.whom == ronde.Whom.ASKED and may_choose_leerlingen(request.actor, ronde),
        "to_tell": announcing.reach_of(ronde) if may_announce(request.actor, ronde) else None,
        "sending": sending.progress(ronde) if may_open_ronde(request.actor) and not ronde.is_draft else None,
    }
    return render(request, "planning/ronde.html", context, status=status)


def shrinking_of(actor, ronde):
    """The picture of how many families are still to be heard from, once the ronde is open."""
    if ronde.is_draft or not may_see_shrinking(actor):
        return None
    gesprekken = visible_gesprekken(actor).filter(ronde=ronde)
    return shrinking.picture_of(ronde, gesprekken, today=timezone.localdate(timezone=ronde.school.zone))


@open_to(STAFF)
@require_POST
def open_ronde(request, pk):
    ronde = load_to_open(request, pk)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return show(request, ronde, form, status=422)
    try:
        send_at = form.send_at(timezone.now())
        count = opening.open_ronde(ronde=ronde, by=request.actor, reason=form.cleaned_data["reason"], send_at=send_at)
    except opening.OpeningRefused as refused:
        if all(finding.weight == opening.WEEK for finding in refused.findings):
            form.add_error("reason", _("Schrijf een reden op; daarna kan de ronde open."))
        else:
            messages.warning(request, _("De ronde is nog niet geopend. Kijk wat er nog mist."))
        return show(request, ronde, form, status=422)
    if not count:
        messages.success(request, _("De ronde is open. Er is nog niemand uitgenodigd."))
    else:
        sentence = ngettext(
            "De ronde is open. Er is %(n)s gesprek gemaakt.",
            "De ronde is open. Er zijn %(n)s gesprekken gemaakt.",
            count,
        )
        messages.success(request, sentence % {"n": count})
    return redirect("sending", pk=ronde.pk)


@open_to(STAFF)
@require_POST
def close_ronde(request, pk):
    ronde = load_to_open(request, pk)
    if "heropen" in request.POST:
        opening.reopen_ronde(ronde=ronde, by=request.actor)
        messages.success(request, _("De ronde is weer open."))
    else:
        opening.close_ronde(ronde=ronde, by=request.actor)
        messages.success(request, _("De ronde is afgesloten. Wat gepland is, blijft staan."))
    return redirect("ronde", pk=ronde.pk)


# --- paper -----------------------------------------------------------------------------------------------------------


def as_pdf(content, name):
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def together(actor, ronde, letters):
    """How many letters this colleague may print in one go, where they are of several groups; else None."""
    groepen = [groep.pk for groep in groepen_to_print(actor, ronde) if groep.pk in letters] if letters else []
    return paper.letters_of(ronde, groepen) if len(groepen) > 1 else None


def load_for_paper(request, pk, groep_pk):
    """Paper holds codes that open personal pages: leadership, and the group's own teacher."""
    ronde = load(request, pk)
    groep = get_object_or_404(visible_groepen(request.actor).filter(ronde_groepen__ronde=ronde), pk=groep_pk)
    if groep not in groepen_to_print(request.actor, ronde):
        raise PermissionDenied
    return ronde, groep


@open_to(STAFF)
@require_POST
def cards(request, pk, groep_pk):
    ronde, groep = load_for_paper(request, pk, groep_pk)
    content = paper.cards(ronde=ronde, groep=groep, by=request.actor)
    if content is None:
        messages.info(request, _("In deze groep zijn leerlingen niet uitgenodigd voor het gesprek."))
        return redirect("ronde", pk=pk)
    return as_pdf(content, f"kaartjes-{groep.key}")
