"""Practising with a film on one's own: choose, score, think, score again, see the difference."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import looking_back
from kijkwijzer.looking import pictures as looking_pictures
from kijkwijzer.looking_forms import LookBackForm
from kijkwijzer.permissions import visible_practice
from kijkwijzer.practising import alone, films, pictures
from kijkwijzer.practising_forms import ThoughtForm
from school.actor import STAFF, open_to
from school.models import School

PER_PAGE = 20


@open_to(STAFF)
@require_GET
def film_list(request):
    page = Paginator(alone.begun(visible_practice(request.actor)), PER_PAGE).get_page(request.GET.get("pagina"))
    owner, link = films.owner()
    context = {"kinds": films.by_kind(), "page": page, "owner": owner, "link": link}
    context["rows"] = [(row, films.film_of(row.film)) for row in page]
    return render(request, "kijkwijzer/films.html", context)


@open_to(STAFF)
@require_POST
def film_begin(request, code):
    try:
        row = alone.begin(film=code, by=request.actor, now=timezone.now())
    except alone.PractiseRefused:
        raise Http404
    return redirect("practise_score", pk=row.pk)


# --- the form, also for a film that is scored together ---------------------------------------------------------------


def with_skills(request, row):
    """Conversation skills are asked in teacher training, and elsewhere on request or where some were filled in."""
    if request.actor.school.soort == School.Soort.OPLEIDING:
        return True
    asked = "vaardigheden" in request.GET or "vaardigheden" in request.POST
    return asked or bool(row and looking_back.result_of(row).skills)


def form_of(request, row, outline):
    skills = with_skills(request, row)
    if request.method == "POST":
        return LookBackForm(request.POST, outline=outline, skills=skills)
    return LookBackForm(
        outline=outline,
        skills=skills,
        values=looking_back.values_of(row),
        remarks=looking_back.remarks_of(row),
        initial={"seen_version": row.version if row else 0, "difficult": row.difficult if row else False},
    )


def refused_words():
    return _(
        "Dit konden we niet bewaren: de Kijkwijzer is intussen veranderd. Open het formulier opnieuw; wat je eerder bewaarde, staat er nog."
    )


def stale(form, found):
    """Show beside each other what was saved elsewhere and what was typed here."""
    form.data = form.data.copy()
    form.data["seen_version"] = found.terugblik.version
    return looking_pictures.in_words(form.outline, found.differences)


def show_form(request, form, film, part, status=200, **context):
    owner, link = films.owner()
    context |= {
        "form": form,
        "outline": form.outline,
        "film": film,
        "is_after": part == alone.AFTER,
        "scale": list(enumerate(form.outline.labels, 1)),
        "owner": owner,
        "link": link,
    }
    return render(request, "kijkwijzer/film_form.html", context, status=status)


# --- on one's own ----------------------------------------------------------------------------------------------------


def load(request, pk, **more):
    rows = visible_practice(request.actor).filter(**more).select_related("instrument", "first")
    return get_object_or_404(looking_back.with_scores(rows), pk=pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def practise_score(request, pk):
    row = load(request, pk, sitting__isnull=True)
    outline = outline_of(row.instrument)
    form = form_of(request, row, outline)
    context = {"film": films.film_of(row.film), "part": row.part, "row": row}
    if row.part == alone.AFTER:
        context["thought"] = alone.thought_of(row.first)
    if request.method != "POST":
        return show_form(request, form, **context)
    if not form.is_valid():
        return show_form(request, form, status=422, **context)
    try:
        looking_back.save(
            terugblik=row,
            by=request.actor,
            scores=form.scores,
            remarks=form.remarks,
            difficult=form.difficult,
            seen_version=form.cleaned_data["seen_version"],
            now=timezone.now(),
        )
    except looking_back.StaleTerugblik as found:
        return show_form(request, form, status=409, differences=stale(form, found), **context)
    except looking_back.LookBackRefused:
        form.add_error(None, refused_words())
        return show_form(request, form, status=422, **context)
    if request.POST.get("verder"):
        messages.success(request, _("Bewaard. Je kunt verder waar je was, of later terugkomen."))
        skills = "?vaardigheden=1" if form.with_skills else ""
        return redirect(reverse("practise_score", args=[row.pk]) + skills)
    if row.part == alone.BEFORE:
        return redirect("practise_think", pk=row.pk)
    return redirect("practise_difference", pk=row.first_id)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def practise_think(request, pk):
    row = load(request, pk, sitting__isnull=True, part=alone.BEFORE, saved_at__isnull=False)
    form = ThoughtForm(request.POST or None, initial={"words": alone.thought_of(row)})
    if request.method == "POST":
        form = ThoughtForm(request.POST)
        if form.is_valid():
            alone.think(first=row, words=form.cleaned_data["words"], by=request.actor)
            second = alone.go_on(first=row, by=request.actor, now=timezone.now())
            return redirect("practise_score", pk=second.pk)
    result = looking_back.result_of(row)
    context = {
        "row": row,
        "film": films.film_of(row.film),
        "form": form,
        "lowest": result.outline.factor(result.lowest or 0),
    }
    return render(request, "kijkwijzer/film_think.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_GET
def practise_difference(request, pk):
    """One's own two versions beside each other; also of a film that was scored together."""
    row = load(request, pk, part=alone.BEFORE, saved_at__isnull=False)
    second = alone.second_of(row)
    outline, before, after = outline_of(row.instrument), alone.seen(row), alone.seen(second)
    context = {
        "row": row,
        "second": second,
        "film": films.film_of(row.film),
        "outline": outline,
        "thought": alone.thought_of(row),
        "clusters": pictures.own_table(outline, before, after),
        "picture": pictures.own_picture(outline, before, after) if before or after else None,
        "anything": bool(before or after),
        "remarks": [
            (factor, name, words)
            for name, one in ((_("liever niet zo"), row), (_("zo kan het ook"), second))
            for factor in outline.factors
            if (words := looking_back.remarks_of(one).get(factor.number))
        ],
    }
    return render(request, "kijkwijzer/film_difference.html", context)
