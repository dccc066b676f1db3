"""Looking back, as a teacher does it: her own list, the form, the result."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import visible_gesprekken
from kijkwijzer import looking_back, pictures
from kijkwijzer.forms import LookBackForm, PractiseForm
from kijkwijzer.instrument import outline_of
from kijkwijzer.permissions import may_look_back, visible_instruments, visible_terugblikken, visible_to_look_back
from school.actor import STAFF, open_to
from school.pdf import render_pdf

PER_PAGE = 20


@open_to(STAFF)
@require_GET
def terugblikken(request):
    actor, now = request.actor, timezone.now()
    own = visible_terugblikken(actor)
    rows = Paginator(looking_back.saved(own), PER_PAGE).get_page(request.GET.get("pagina"))
    outline = outline_of(looking_back.current_instrument(visible_instruments(actor)))
    to_do = looking_back.to_do(actor, own, now)
    chosen = looking_back.chosen_factor(own)
    context = {
        "page": rows,
        "rows": pictures.list_of(looking_back.with_names(rows, visible_gesprekken(actor))),
        "to_do": to_do[:10],
        "to_do_more": max(0, to_do.count() - 10),
        "growth": pictures.growth_of(looking_back.saved(own)[: looking_back.GROWTH_POINTS]),
        "outline": outline,
        "practising": outline.factor(chosen) if chosen else None,
        "has_held": visible_to_look_back(actor, now).exists(),
    }
    return render(request, "kijkwijzer/terugblikken.html", context)


# --- the form --------------------------------------------------------------------------------------------------------


def asked_factor(request, outline, own):
    """The one factor this form asks, or None for the whole Kijkwijzer."""
    asked = request.POST.get("factor") or request.GET.get("factor") or ""
    if asked.isdecimal() and len(asked) < 3:
        return outline.factor(int(asked))
    if own is None and request.method == "GET" and not {"alles", "factor"} & request.GET.keys():
        return outline.factor(looking_back.chosen_factor(visible_terugblikken(request.actor)) or 0)
    return None


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def look_back(request, pk):
    gesprekken = visible_gesprekken(request.actor).select_related("ronde__soort", "leerling__person", "groep")
    gesprek = get_object_or_404(gesprekken, pk=pk)
    if not may_look_back(request.actor, gesprek):
        raise PermissionDenied
    if not looking_back.is_begun(request.actor, gesprek, timezone.now()):
        status = 409 if request.method == "POST" else 200
        return render(request, "kijkwijzer/not_held.html", {"gesprek": gesprek}, status=status)
    own = looking_back.own_terugblik(visible_terugblikken(request.actor), gesprek)
    newest = looking_back.current_instrument(visible_instruments(request.actor))
    outline = outline_of(own.instrument if own else newest)
    factor = asked_factor(request, outline, own)
    if request.method == "POST":
        form = LookBackForm(request.POST, outline=outline, factor=factor)
        if form.is_valid():
            return keep(request, gesprek, form)
        return show_form(request, gesprek, form, status=422)
    form = LookBackForm(
        outline=outline,
        factor=factor,
        values=looking_back.values_of(own),
        remarks=looking_back.remarks_of(own),
        initial={"seen_version": own.version if own else 0, "difficult": own.difficult if own else False},
    )
    return show_form(request, gesprek, form)


def show_form(request, gesprek, form, status=200, **context):
    chosen = form.only.number if form.only else None
    scale = [(number, word) for number, word in enumerate(form.outline.labels, 1)]
    context |= {"gesprek": gesprek, "form": form, "outline": form.outline, "only": chosen, "scale": scale}
    return render(request, "kijkwijzer/look_back.html", context, status=status)


def keep(request, gesprek, form):
    """Save what was filled in; a refusal keeps what was typed on the page."""
    now = timezone.now()
    try:
        terugblik = looking_back.start(gesprek=gesprek, by=request.actor, now=now)
        looking_back.save(
            terugblik=terugblik,
            by=request.actor,
            scores=form.scores,
            remarks=form.remarks,
            difficult=form.difficult,
            seen_version=form.cleaned_data["seen_version"],
            now=now,
        )
    except looking_back.StaleTerugblik as stale:
        form.data = form.data.copy()
        form.data["seen_version"] = stale.terugblik.version
        found = pictures.in_words(form.outline, stale.differences)
        return show_form(request, gesprek, form, status=409, differences=found)
    except looking_back.LookBackRefused:
        form.add_error(
            None,
            _(
                "Dit konden we niet bewaren: de Kijkwijzer is intussen veranderd. Open het formulier opnieuw; wat je eerder bewaarde, staat er nog."
            ),
        )
        return show_form(request, gesprek, form, status=422)
    if request.POST.get("verder"):
        messages.success(request, _("Bewaard. Je kunt verder waar je was, of later terugkomen."))
        only = f"?factor={form.only.number}" if form.only else "?alles=1"
        return redirect(f"{reverse('look_back', args=[gesprek.pk])}{only}#{slugify(request.POST['verder'])[:40]}")
    messages.success(request, _("Bewaard. Alleen jij ziet deze scores."))
    return redirect("terugblik", pk=terugblik.pk)


# --- the result ------------------------------------------------------------------------------------------------------


def load(request, pk):
    """One's own saved look back, or 404: somebody else's scores do not exist."""
    return get_object_or_404(looking_back.saved(visible_terugblikken(request.actor)), pk=pk)


@open_to(STAFF)
@require_GET
def terugblik(request, pk):
    found = load(request, pk)
    result = looking_back.result_of(found)
    proposal = result.outline.factor(found.practise or result.lowest or 0)
    form = PractiseForm(outline=result.outline, initial={"factor": proposal.number if proposal else 1})
    context = {
        "terugblik": found,
        "result": result,
        "clusters": pictures.table_of(result),
        "radar": pictures.radar_of(result),
        "proposal": proposal,
        "form": form,
    }
    return render(request, "kijkwijzer/terugblik.html", context)


@open_to(STAFF)
@require_POST
def choose_practice(request, pk):
    found = load(request, pk)
    form = PractiseForm(request.POST, outline=outline_of(found.instrument))
    if not form.is_valid():
        messages.error(request, _("Kies een van de tien factoren. Er is niets veranderd."))
        return redirect("terugblik", pk=pk)
    number = form.cleaned_data["factor"]
    looking_back.choose_practice(terugblik=found, factor=number, by=request.actor)
    name = form.outline_name(number)
    messages.success(request, _("Gekozen: %(factor)s. De volgende terugblik begint daarmee.") % {"factor": name})
    return redirect("terugblik", pk=pk)


@open_to(STAFF)
@require_GET
def terugblik_pdf(request, pk):
    found = load(request, pk)
    result = looking_back.result_of(found)
    context = {
        "terugblik": found,
        "result": result,
        "clusters": pictures.table_of(result),
        "radar": pictures.radar_of(result),
        "proposal": result.outline.factor(found.practise or result.lowest or 0),
        "school": request.actor.school,
        "language": request.LANGUAGE_CODE,
    }
    content = render_pdf("kijkwijzer/terugblik_pdf.html", context)
    day = timezone.localtime(found.saved_at).date().isoformat()
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="terugblik-{day}.pdf"'},
    )
