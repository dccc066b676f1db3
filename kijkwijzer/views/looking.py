"""Looking back, as a member of staff does it: one's own page, and the form after an own gesprek."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gesprekken.permissions import visible_gesprekken
from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import goals, growth, looking_back, observing, pictures, sharing
from kijkwijzer.permissions import (
    may_look_back,
    readable_terugblikken,
    visible_instruments,
    visible_invites,
    visible_ontwikkelpunten,
    visible_sharings,
    visible_terugblikken,
    visible_to_look_back,
)
from kijkwijzer.views import look_form
from school.actor import STAFF, open_to
from school.pdf import render_pdf

PER_PAGE = 20


def outline_for(actor):
    """What this school looks back with now."""
    return outline_of(looking_back.current_instrument(visible_instruments(actor)))


def working_on(actor, outline):
    """The factor this member of staff works on now, or None."""
    goal = goals.current(visible_ontwikkelpunten(actor))
    return outline.factor(goal.factor) if goal else None


@open_to(STAFF)
@require_GET
def terugblikken(request):
    actor, now = request.actor, timezone.now()
    own = visible_terugblikken(actor)
    listed = looking_back.of_gesprekken(readable_terugblikken(actor), actor)
    rows = Paginator(looking_back.saved(listed), PER_PAGE).get_page(request.GET.get("pagina"))
    outline = outline_for(actor)
    to_do = looking_back.to_do(actor, own, now)
    goal = goals.current(visible_ontwikkelpunten(actor))
    line = growth.line_of(looking_back.saved(looking_back.own_gesprekken(own))[: looking_back.GROWTH_POINTS])
    context = {
        "page": rows,
        "rows": pictures.list_of(looking_back.with_names(rows, visible_gesprekken(actor)), actor),
        "to_do": to_do[:10],
        "to_do_more": max(0, to_do.count() - 10),
        "growth": pictures.growth_of(line),
        "outline": outline,
        "goal": goal,
        "practising": outline.factor(goal.factor) if goal else None,
        "has_held": visible_to_look_back(actor, now).exists(),
        "asked": observing.asked_of(actor, visible_invites(actor), now),
        "shared": sharing.shared_with(actor, visible_sharings(actor)),
    }
    return render(request, "kijkwijzer/terugblikken.html", context)


@open_to(STAFF)
@require_GET
def empty_form(request):
    """The whole Kijkwijzer on paper, to fill in by hand."""
    outline = outline_for(request.actor)
    context = {
        "outline": outline,
        "scale": list(enumerate(outline.labels, 1)),
        "school": request.actor.school,
        "language": request.LANGUAGE_CODE,
    }
    content = render_pdf("kijkwijzer/empty_pdf.html", context)
    headers = {"Content-Disposition": 'inline; filename="kijkwijzer.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


# --- the form --------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def look_back(request, pk):
    """Asks what one works on; without that, what one wants to look at. The whole form is one click away."""
    gesprekken = visible_gesprekken(request.actor).select_related("ronde__soort", "leerling__person", "groep")
    gesprek = get_object_or_404(gesprekken, pk=pk)
    if not may_look_back(request.actor, gesprek):
        raise PermissionDenied
    if not looking_back.is_begun(request.actor, gesprek, timezone.now()):
        status = 409 if request.method == "POST" else 200
        return render(request, "kijkwijzer/not_held.html", {"gesprek": gesprek}, status=status)
    own = looking_back.own_terugblik(visible_terugblikken(request.actor), gesprek)
    outline = outline_of(own.instrument) if own else outline_for(request.actor)
    practising = None if own else working_on(request.actor, outline)
    factor = look_form.asked_factor(request, outline, practising)
    sheet = look_form.Sheet(reverse("look_back", args=[pk]), outline, own, gesprek=gesprek)
    if request.method == "POST":
        return keep(request, sheet, factor)
    if own is None and factor is None and not {"alles", "factor"} & request.GET.keys():
        return render(request, "kijkwijzer/look_at.html", {"gesprek": gesprek, "outline": outline})
    return look_form.show(request, sheet, look_form.unbound(sheet, factor))


def keep(request, sheet, factor):
    def save(**filled):
        now = timezone.now()
        terugblik = looking_back.start(gesprek=sheet.gesprek, by=request.actor, now=now)
        return looking_back.save(terugblik=terugblik, by=request.actor, now=now, **filled)

    kept = look_form.keep(request, sheet, factor, save)
    if isinstance(kept, HttpResponse):
        return kept
    if request.POST.get("verder"):
        messages.success(request, _("Bewaard. Je kunt verder waar je was, of later terugkomen."))
        return look_form.back_to(request, sheet, factor)
    messages.success(request, _("Bewaard. Alleen jij ziet deze scores."))
    return redirect("terugblik", pk=kept.pk)
