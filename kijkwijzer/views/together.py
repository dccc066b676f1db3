"""A film scored together: who leads it on the big screen, who scores on a phone, and the picture of the team."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Sitting, Terugblik
from kijkwijzer.permissions import visible_instruments, visible_led_sittings, visible_practice, visible_sittings
from kijkwijzer.practising import films, pictures, sittings, team, together
from kijkwijzer.practising_forms import SittingForm
from kijkwijzer.views.practising import form_of, refused_words, show_form, stale
from planning.inviting.qr import qr_as_data
from school.actor import STAFF, open_to
from school.permissions import visible_schooljaren
from school.row_ids import row_id


def refusal_in_words(reason):
    return {
        "too_few": _(
            "Er is nog geen beeld: daarvoor moeten vijf mensen klaar zijn, of met minder als iedereen die klaar is dat goed vindt."
        ),
        "too_alike": _(
            "Van deze film is al een beeld met bijna dezelfde mensen. Ernaast gelegd zou dit beeld iets vertellen over een paar van hen, dus laten we het niet zien. Kies een andere film, of wacht tot er meer mensen klaar zijn."
        ),
        "closed": _("Deze film is intussen afgesloten of een stap verder. Wat je eerder bewaarde, staat er nog."),
        "in_picture": _("Het beeld van het team is al gemaakt, met jouw scores zoals ze waren. Die blijven zo staan."),
        "nothing_filled": _("Vul minstens één zin in voordat je zegt dat je klaar bent. Er is nog niets bewaard."),
    }.get(reason, _("Dit kan nu niet. Er is niets veranderd."))


def load(request, pk, rows=visible_sittings):
    return get_object_or_404(rows(request.actor).select_related("instrument", "school"), pk=pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_list(request):
    usual = {"occasion": sittings.usual_occasion(request.actor.school)}
    form = SittingForm(request.POST) if request.method == "POST" else SittingForm(initial=usual)
    if request.method == "POST" and form.is_valid():
        found = sittings.open_sitting(**form.cleaned_data, by=request.actor, now=timezone.now())
        return redirect("sitting_lead", pk=found.pk)
    going_on, led = sittings.now_and_led(visible_sittings(request.actor), request.actor.person, timezone.now())
    context = {
        "form": form,
        "going_on": [(each, films.film_of(each.film)) for each in going_on],
        "led": [(each, films.film_of(each.film)) for each in led],
    }
    return render(request, "kijkwijzer/sittings.html", context, status=422 if form.errors else 200)


# --- taking part -----------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request, pk):
    found = load(request, pk)
    part, film = sittings.part_of(found), films.film_of(found.film)
    own = sittings.own_scores(found, request.actor.person, part)
    if request.method == "POST":
        return keep(request, found, part, film, own)
    done = own and own.finished_at and not ("wijzig" in request.GET and not own.in_picture)
    if found.closed_at or done:
        return waiting(request, found, part, film, own)
    return show_form(
        request,
        form_of(request, own, outline_of(found.instrument)),
        film,
        part,
        **about(found, own, part) | {"is_open": chose_openness(request.actor, found)},
    )


def about(found, own, part):
    return {"sitting": found, "row": own, "part_now": part}


def chose_openness(actor, found):
    """Whether one minds no picture of fewer than five: of the sitting, so that the second film does not take it back."""
    return visible_practice(actor).filter(sitting=found, in_the_open=True).exists()


def waiting(request, found, part, film, own):
    first = visible_practice(request.actor).filter(sitting=found, part=Terugblik.Part.BEFORE, saved_at__isnull=False)
    context = about(found, own, part) | {
        "film": film,
        "is_after": part == Terugblik.Part.AFTER,
        "has_picture": any(sittings.shown(found, each) for each in Terugblik.Part.values),
        "first": first.first(),
        "took_part": visible_practice(request.actor).filter(sitting=found).exists(),
        "opened": chose_openness(request.actor, found),
    }
    return render(request, "kijkwijzer/sitting_wait.html", context)


def keep(request, found, part, film, own):
    form = form_of(request, own, outline_of(found.instrument))
    context = about(found, own, part) | {"is_open": "open" in request.POST}
    if not form.is_valid():
        return show_form(request, form, film, part, status=422, **context)
    ready = "verder" not in request.POST
    try:
        sittings.score(
            sitting=found,
            part=request.POST.get("deel", part),
            by=request.actor,
            scores=form.scores,
            remarks=form.remarks,
            difficult=form.difficult,
            seen_version=form.cleaned_data["seen_version"],
            ready=ready,
            in_the_open="open" in request.POST,
            now=timezone.now(),
        )
    except looking_back.StaleTerugblik as clash:
        return show_form(request, form, film, part, status=409, differences=stale(form, clash), **context)
    except looking_back.LookBackRefused:
        form.add_error(None, refused_words())
        return show_form(request, form, film, part, status=422, **context)
    except sittings.SittingRefused as refused:
        if refused.reason == "nothing_filled":
            form.add_error(None, refusal_in_words(refused.reason))
            return show_form(request, form, film, part, status=422, **context)
        messages.warning(request, refusal_in_words(refused.reason))
        return redirect("sitting", pk=found.pk)
    if not ready:
        messages.success(request, _("Bewaard. Je kunt verder waar je was, of later terugkomen."))
    skills = "?vaardigheden=1" if form.with_skills and not ready else ""
    return redirect(reverse("sitting", args=[found.pk]) + skills)


@open_to(STAFF)
@require_POST
def sitting_open(request, pk):
    """Mind, or do not mind, a picture of fewer than five."""
    found = load(request, pk)
    try:
        sittings.choose_openness(sitting=found, by=request.actor, in_the_open=request.POST.get("open") == "ja")
    except sittings.SittingRefused as refused:
        messages.warning(request, refusal_in_words(refused.reason))
    else:
        messages.success(request, _("Bewaard. Niemand ziet wat jij hier koos."))
    return redirect("sitting", pk=found.pk)


# --- leading ---------------------------------------------------------------------------------------------------------

STEPS = {
    "beeld-before": lambda **how: sittings.show(part=Terugblik.Part.BEFORE, **how),
    "beeld-after": lambda **how: sittings.show(part=Terugblik.Part.AFTER, **how),
    "verder": sittings.go_on,
    "sluit": sittings.close,
}


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def sitting_lead(request, pk):
    found = load(request, pk, visible_led_sittings)
    if request.method == "POST":
        return lead(request, found)
    address = settings.BASE_URL + reverse("sitting", args=[found.pk])
    owner, link = films.owner()
    parts = [
        {
            "part": part,
            "count": sittings.finished(found, part),
            "kept": bool(found.pictures.get(part.value)),
        }
        for part in (Terugblik.Part.BEFORE, Terugblik.Part.AFTER)
    ]
    context = {
        "sitting": found,
        "film": films.film_of(found.film),
        "before": parts[0],
        "after": parts[1],
        "now": parts[1] if found.after_at else parts[0],
        "address": address,
        "short": address.split("://")[-1],
        "qr": qr_as_data(address),
        "few": together.FEW,
        "owner": owner,
        "link": link,
    }
    return render(request, "kijkwijzer/sitting_lead.html", context)


def lead(request, found):
    step = STEPS.get(request.POST.get("stap", ""))
    if step is None:
        messages.error(request, refusal_in_words(""))
        return redirect("sitting_lead", pk=found.pk)
    try:
        step(sitting=found, by=request.actor, now=timezone.now())
    except sittings.SittingRefused as refused:
        messages.warning(request, refusal_in_words(refused.reason))
        return redirect("sitting_lead", pk=found.pk)
    shown = request.POST["stap"].startswith("beeld")
    return redirect("sitting_picture" if shown else "sitting_lead", pk=found.pk)


# --- the picture -----------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_GET
def sitting_picture(request, pk):
    found = load(request, pk)
    before, after = (sittings.shown(found, part) for part in (Terugblik.Part.BEFORE, Terugblik.Part.AFTER))
    if before is None and after is None:
        raise Http404
    outline = outline_of(found.instrument)
    context = {
        "sitting": found,
        "film": films.film_of(found.film),
        "outline": outline,
        "before": before,
        "after": after,
        "picture": pictures.team_picture(outline, before, after),
        "clusters": pictures.team_table(outline, before, after),
        "is_leader": found.leader_id == request.actor.person.pk,
        "hidden": any(set(numbers) != set(range(1, 11)) for numbers in (before, after) if numbers is not None),
    }
    return render(request, "kijkwijzer/sitting_picture.html", context)


@open_to(STAFF)
@require_GET
def team_year(request):
    years = visible_schooljaren(request.actor)
    year = years.filter(pk=row_id(request.GET.get("jaar")) or 0).first() or team.current_year(years, timezone.now())
    instrument = looking_back.current_instrument(visible_instruments(request.actor))
    outline = outline_of(instrument)
    rows = list(team.of_year(visible_sittings(request.actor), year)) if year else []
    made = team.pictures_of(rows)
    same, others = team.beside(made, instrument) if instrument else (made, [])
    asked = asked_for(request, outline)
    factors = [
        factor
        for factor in outline.factors
        if asked["cluster"] in ("", factor.cluster) and asked["factor"] in ("", str(factor.number))
    ]
    apart = factors if asked["cluster"] or asked["factor"] else []  # all ten beside three clusters fit no screen
    left = together.chosen(
        same,
        film=asked["film"],
        occasion=asked["bij"],
        part=asked["deel"],
        factors={factor.number for factor in factors},
    )
    clusters = [cluster for cluster in outline.clusters if asked["cluster"] in ("", cluster.code)]
    context = {
        "year": year,
        "years": years,
        "outline": outline,
        "asked": asked,
        "factors": apart,
        "rows": pictures.year_rows(left, outline, apart, clusters),
        "clusters": clusters,
        "count": len(rows),
        "made": len(made),
        "others": others,
        "films": films.catalogue(),
        "occasions": Sitting.Occasion.choices,
        "parts": Terugblik.Part.choices,
    }
    return render(request, "kijkwijzer/team_year.html", context)


def asked_for(request, outline):
    """The filters, each only with a value that exists."""
    known = {
        "film": {film.code for film in films.catalogue()},
        "bij": set(Sitting.Occasion.values),
        "deel": set(Terugblik.Part.values),
        "cluster": {cluster.code for cluster in outline.clusters},
        "factor": {str(factor.number) for factor in outline.factors},
    }
    return {key: request.GET.get(key, "") if request.GET.get(key) in values else "" for key, values in known.items()}
