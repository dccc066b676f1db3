"""What a look back gives: the result, on paper, beside a colleague's, over time, and with whom it is shared."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kijkwijzer.instrument import comparable, outline_of
from kijkwijzer.looking import goals, growth, looking_back, pictures, sharing
from kijkwijzer.looking_forms import PractiseForm, ShareForm
from kijkwijzer.models import Terugblik
from kijkwijzer.permissions import (
    colleagues_of,
    may_share,
    readable_terugblikken,
    visible_instruments,
    visible_invites,
    visible_ontwikkelpunten,
    visible_sharings,
)
from school.actor import STAFF, open_to
from school.pdf import render_pdf


def load(request, pk):
    """A saved look back this actor may read, or 404: somebody else's scores do not exist."""
    return get_object_or_404(looking_back.saved(readable_terugblikken(request.actor)), pk=pk)


def proposed(actor, found, result):
    """(factor, whether it was chosen): what was chosen after this look back, else the lowest; None without scores."""
    chosen = visible_ontwikkelpunten(actor).filter(terugblik=found).first()
    return result.outline.factor(chosen.factor if chosen else result.lowest or 0), bool(chosen)


def place_of(actor, found):
    """What a page has to know of who reads this: is it hers to learn from, did she give it, who else reads it."""
    mine = may_share(actor, found)
    return {
        "is_about_me": mine,
        "is_mine": found.observer_id == actor.person.pk,
        "is_film": found.mode == Terugblik.Mode.FILM,
        "is_colleague": found.mode == Terugblik.Mode.COLLEAGUE,
        "owner": sharing.owner_of(found),
        "readers": sharing.readers_of(found) if mine else [],
    }


def context_of(actor, found):
    """What the page and the paper both show. What to practise is for whom it is about alone."""
    result = looking_back.result_of(found)
    place = place_of(actor, found)
    proposal, chosen = proposed(actor, found, result) if place["is_about_me"] else (None, False)
    return place | {
        "terugblik": found,
        "result": result,
        "clusters": pictures.table_of(result),
        "radar": pictures.radar_of(result),
        "scored": pictures.scored_in(result),
        "proposal": proposal,
        "chosen": chosen,
    }


@open_to(STAFF)
@require_GET
def terugblik(request, pk):
    found = load(request, pk)
    context = context_of(request.actor, found)
    if context["is_about_me"]:
        goal = goals.current(visible_ontwikkelpunten(request.actor))
        proposal = context["proposal"]
        words = goal.words if goal and proposal and goal.factor == proposal.number else ""
        initial = {"factor": proposal.number if proposal else 1, "words": words}
        context["form"] = PractiseForm(outline=context["result"].outline, initial=initial)
        context["share_form"] = ShareForm(colleagues=colleagues_of(request.actor))
        context["other"] = other_of(request.actor, found)
    elif context["is_mine"]:
        asked = visible_invites(request.actor).filter(gesprek=found.gesprek_id, teacher=found.about_id)
        context["invite"] = asked.filter(observer=found.observer_id, withdrawn_at__isnull=True, accepted=True).first()
    return render(request, "kijkwijzer/terugblik.html", context)


@open_to(STAFF)
@require_GET
def terugblik_pdf(request, pk):
    found = load(request, pk)
    context = context_of(request.actor, found)
    context |= {"school": request.actor.school, "language": request.LANGUAGE_CODE}
    content = render_pdf("kijkwijzer/terugblik_pdf.html", context)
    day = timezone.localtime(found.saved_at).date().isoformat()
    headers = {"Content-Disposition": f'inline; filename="terugblik-{day}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@open_to(STAFF)
@require_POST
def choose_practice(request, pk):
    found = load(request, pk)
    if not may_share(request.actor, found):
        raise Http404
    form = PractiseForm(request.POST, outline=outline_of(found.instrument))
    if not form.is_valid():
        messages.error(
            request, _("Kies een van de tien factoren, met hoogstens 300 tekens erbij. Er is niets veranderd.")
        )
        return redirect("terugblik", pk=pk)
    number = form.cleaned_data["factor"]
    goals.choose(by=request.actor, factor=number, words=form.cleaned_data["words"], terugblik=found, now=timezone.now())
    name = form.outline_name(number)
    messages.success(request, _("Gekozen: %(factor)s. De volgende terugblik begint daarmee.") % {"factor": name})
    return redirect("terugblik", pk=pk)


# --- beside each other -----------------------------------------------------------------------------------------------


def other_of(actor, found):
    """Of the same gesprek the own look back beside a colleague's, or a colleague's beside the own: the latest. Or None."""
    if found.gesprek_id is None:
        return None
    rows = looking_back.saved(readable_terugblikken(actor).filter(gesprek=found.gesprek_id, about=actor.person))
    other = Terugblik.Mode.COLLEAGUE if found.mode == Terugblik.Mode.SELF else Terugblik.Mode.SELF
    return rows.filter(mode=other).first()


@open_to(STAFF)
@require_GET
def side_by_side(request, pk):
    """What I saw and what my colleague saw in the same gesprek; for whom it is about alone."""
    found = load(request, pk)
    if found.mode != Terugblik.Mode.COLLEAGUE or not may_share(request.actor, found):
        raise Http404
    own = other_of(request.actor, found)
    context = {"terugblik": found, "own": own}
    if own is not None:
        context |= pictures.beside(looking_back.result_of(own), looking_back.result_of(found))
        context["comparable"] = comparable(own.instrument, found.instrument)
    return render(request, "kijkwijzer/side_by_side.html", context)


@open_to(STAFF)
@require_GET
def growth_page(request):
    """Per cluster and per factor over time: one's own look, and beside it what colleagues saw."""
    actor = request.actor
    mine = looking_back.of_gesprekken(readable_terugblikken(actor), actor).filter(about=actor.person)
    line = growth.line_of(looking_back.saved(mine)[: 2 * looking_back.GROWTH_POINTS])
    newest = line.moments[-1].result.outline if line.moments else None
    outline = newest or outline_of(looking_back.current_instrument(visible_instruments(actor)))
    asked = request.GET.get("factor", "")
    factor = outline.factor(int(asked)) if asked.isdecimal() and len(asked) < 3 else None
    context = {"line": line, "outline": outline, "factor": factor}
    if factor:
        context["growth"] = pictures.growth_of_factor(line, factor)
    else:
        context["growth"] = pictures.growth_of(line)
        context["changes"] = pictures.changes_of(growth.changes(line.own, outline))
    return render(request, "kijkwijzer/growth.html", context)


# --- sharing ---------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_POST
def share(request, pk):
    found = load(request, pk)
    form = ShareForm(request.POST, colleagues=colleagues_of(request.actor))
    if not may_share(request.actor, found):
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Kies een collega uit de lijst. Er is niets gedeeld."))
        return redirect("terugblik", pk=pk)
    person = form.cleaned_data["person"]
    try:
        sharing.share(terugblik=found, person=person, by=request.actor, now=timezone.now())
    except sharing.SharingRefused:
        messages.error(request, _("Dit kan niet gedeeld worden. Er is niets veranderd."))
        return redirect("terugblik", pk=pk)
    messages.success(
        request,
        _("Gedeeld met %(name)s, tot je het intrekt. %(name)s krijgt een mail zonder scores.") % {"name": person.name},
    )
    return redirect("terugblik", pk=pk)


@open_to(STAFF)
@require_POST
def withdraw_sharing(request, pk):
    row = get_object_or_404(visible_sharings(request.actor).select_related("terugblik", "person"), pk=pk)
    if not may_share(request.actor, row.terugblik):
        raise Http404
    sharing.withdraw(sharing=row, by=request.actor, now=timezone.now())
    messages.success(request, _("%(name)s kan dit nu niet meer lezen.") % {"name": row.person.name})
    return redirect("terugblik", pk=row.terugblik_id)
