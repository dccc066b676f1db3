"""Interpreters for the whole school: per language by time, one tap to the next state, several gesprekken in a row."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import visible_gesprekken
from planning.around import chain, interpreters, joining, meeting
from planning.around.languages import language_name
from planning.around_forms import RowForm, WhoInterpretsForm
from planning.permissions import (
    may_arrange_interpreters,
    may_plan_for,
    visible_outsiders,
    visible_requests,
    visible_slots,
)
from planning.times import booking
from planning.views import refusals
from school.actor import STAFF, open_to
from school.row_ids import row_id

REFUSED = (interpreters.InterpreterRefused, meeting.MeetingRefused)


def only_for_who_orders(actor):
    if not may_arrange_interpreters(actor):
        raise PermissionDenied


@open_to(STAFF)
@require_GET
def overview(request):
    only_for_who_orders(request.actor)
    languages = interpreters.standing(visible_requests(request.actor), now=timezone.now())
    context = {
        "languages": [
            {
                "name": name,
                "rows": rows,
                "to_plan": sum(row.booking is None for row in rows),
                "ticked": row_to_plan(rows),
            }
            for name, rows in languages.items()
        ],
        "may_plan": request.actor.is_leiding,
        "at_most": chain.AT_MOST,
    }
    return render(request, "planning/interpreters.html", context)


def row_to_plan(rows):
    """The gesprekken that are ticked to begin with: of one ronde, and no more than can be planned in one go."""
    waiting = [row.gesprek for row in rows if row.booking is None and row.gesprek.ronde.is_open]
    first = [gesprek.pk for gesprek in waiting if gesprek.ronde_id == waiting[0].ronde_id]
    return set(first[: chain.AT_MOST])


@open_to(STAFF)
@require_POST
def step(request, pk):
    """One tap: asked, ordered, confirmed; or asked anew."""
    only_for_who_orders(request.actor)
    asked = get_object_or_404(visible_requests(request.actor).select_related("gesprek"), pk=pk)
    try:
        if "terug" in request.POST:
            interpreters.step_back(request=asked, by=request.actor)
        else:
            interpreters.step(request=asked, by=request.actor, seen=request.POST.get("seen", ""))
    except REFUSED as refusal:
        messages.warning(request, refusals.AROUND[refusal.reason])
    return redirect("interpreters")


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def who_interprets(request, pk):
    """One gesprek: which interpreter comes, somebody who came before or somebody new."""
    only_for_who_orders(request.actor)
    asked = get_object_or_404(
        visible_requests(request.actor).select_related("interpreter", "gesprek__leerling__person", "gesprek__ronde"),
        pk=pk,
    )
    form = WhoInterpretsForm(
        request.POST if request.method == "POST" else None,
        people=visible_outsiders(request.actor),
        initial={"person": asked.interpreter_id},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            interpreters.assign(request=asked, interpreter=given["person"], name=given["name"], by=request.actor)
        except REFUSED as refusal:
            form.add_error(None, refusals.AROUND[refusal.reason])
        else:
            messages.success(request, _("Bewaard wie er tolkt."))
            return redirect("interpreters")
    context = {"asked": asked, "language": language_name(asked.language), "form": form}
    context["may_plan"] = may_plan_for(request.actor, asked.gesprek)
    return render(request, "planning/who_interprets.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def in_a_row(request):
    """GET proposes times one after another for the chosen gesprekken; POST plans what was proposed, or nothing."""
    only_for_who_orders(request.actor)
    if not request.actor.is_leiding:
        raise PermissionDenied  # planning for a family is for who conducts its gesprek, and for leadership
    people = visible_outsiders(request.actor)
    if request.method == "POST":
        form = RowForm(request.POST, people=people)
        if form.is_valid() and planned(request, form):
            return redirect("interpreters")
        return show_row(request, form, chosen_gesprekken(request, request.POST), status=422 if form.errors else 409)
    chosen = chosen_gesprekken(request, request.GET)
    if len(chosen) > chain.AT_MOST:
        messages.warning(request, refusals.AROUND["too_many"])
        return redirect("interpreters")
    return show_row(request, RowForm(people=people), chosen)


def chosen_gesprekken(request, given):
    """The gesprekken of the ticked requests that have no time yet."""
    pks = [row_id(text) for text in given.getlist("g")][: chain.AT_MOST + 1]
    asked = visible_requests(request.actor).filter(gesprek__in=[pk for pk in pks if pk]).values("gesprek")
    open_ones = visible_gesprekken(request.actor).filter(
        pk__in=asked, held_on=None, cancelled_at=None, ronde__state="open"
    )
    rows = open_ones.exclude(bookings__state="active").select_related(
        "ronde__soort", "ronde__school", "school", "groep", "leerling__person"
    )
    return [gesprek for gesprek in rows.order_by("pk") if may_plan_for(request.actor, gesprek)]


def show_row(request, form, gesprekken, status=200):
    row, interpreter = [], interpreter_of(request)
    try:
        row = interpreters.lay_in_a_row(gesprekken, interpreter=interpreter, now=timezone.now())
    except interpreters.InterpreterRefused as refusal:
        messages.warning(request, refusals.AROUND[refusal.reason])
    placed = {gesprek.pk for _slot, gesprek in row}
    context = {
        "form": form,
        "row": row,
        "gesprekken": gesprekken,
        "left_out": [gesprek for gesprek in gesprekken if gesprek.pk not in placed],
        "waiting": waiting_minutes(row),
    }
    return render(request, "planning/in_a_row.html", context, status=status)


def interpreter_of(request):
    given = request.POST if request.method == "POST" else request.GET
    return visible_outsiders(request.actor).filter(pk=row_id(given.get("person")) or 0).first()


def waiting_minutes(row):
    times = [(slot.starts_at, gesprek.length) for slot, gesprek in row]
    if not times:
        return 0
    whole = (times[-1][0] - times[0][0]).total_seconds() / 60 + times[-1][1]
    return round(whole - sum(length for _starts, length in times))


def planned(request, form):
    """Plan what the page proposed: pairs 'gesprek-slot'. A refusal becomes a sentence, with a fresh proposal."""
    gesprekken = {gesprek.pk: gesprek for gesprek in chosen_gesprekken(request, request.POST)}
    choices = []
    for pair in request.POST.getlist("pair")[: chain.AT_MOST]:
        gesprek_pk, _dash, slot_pk = pair.partition("-")
        gesprek = gesprekken.get(row_id(gesprek_pk))
        slot = visible_slots(request.actor, gesprek).filter(pk=row_id(slot_pk) or 0).first() if gesprek else None
        if slot:
            choices.append((slot, gesprek))
    if not choices:
        form.add_error(None, _("Er is nog niets om te plannen. Kies gesprekken zonder tijd."))
        return False
    given = form.cleaned_data
    try:
        interpreters.plan_in_a_row(
            choices=choices,
            interpreter=given["person"],
            name=given["name"],
            by=request.actor,
            agreed=given["agreed"],
            reason=given["reason"],
        )
    except booking.BookingRefused as refusal:
        form.add_error("reason" if refusal.reason == "week" else None, refusals.BOOKING[refusal.reason])
        return False
    except (*REFUSED, joining.JoiningRefused) as refusal:
        form.add_error(None, refusals.AROUND[refusal.reason] % {"names": ""})
        return False
    sentence = ngettext(
        "%(n)s gesprek is gepland. De ouders krijgen bericht.",
        "%(n)s gesprekken zijn na elkaar gepland. De ouders krijgen bericht.",
        len(choices),
    )
    messages.success(request, sentence % {"n": len(choices)})
    return True
