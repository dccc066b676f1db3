"""The day itself: who is where, door lists and day sheets, a teacher who runs late or is not there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from planning.day import absence, late, moving, paper, sheets
from planning.day_forms import AbsenceForm, AbsenceReasonForm, DayForm, LateForm
from planning.permissions import (
    bookings_of_the_day,
    colleagues,
    may_print_all_doors,
    may_run_day_of,
    named_on_the_day,
    visible_bookings,
    visible_day_changes,
)
from planning.views import refusals
from planning.views.leiding import as_pdf
from school.actor import STAFF, open_to
from school.row_ids import row_id


def asked_day(request):
    """The date behind ?op=, else today when there are gesprekken, else the next day that has them."""
    form = DayForm(request.GET)
    if form.is_valid() and form.cleaned_data["op"]:
        return form.cleaned_data["op"]
    actor, today = request.actor, timezone.localdate()
    bookings = bookings_of_the_day(actor)
    first, last = sheets.bounds(today, actor.school.zone)
    if bookings.active().filter(starts_at__gte=first, starts_at__lt=last).exists():
        return today
    _before, after = sheets.around(bookings, today, actor.school.zone)
    return after or today


# --- who is where ----------------------------------------------------------------------------------------------------


def read_overview(request):
    """(date, talks, what the overview shows of them), for the screen and for paper."""
    actor, on = request.actor, asked_day(request)
    zone = actor.school.zone
    talks = sheets.read(bookings_of_the_day(actor), on, zone)
    with_times = colleagues(actor).filter(availabilities__on=on, availabilities__what="window").distinct()
    per_room = request.GET.get("per") == "lokaal"
    named = named_on_the_day(actor, [talk.booking for talk in talks])
    hours, rows = sheets.overview(talks, zone, others=() if per_room else with_times, per_room=per_room, named=named)
    about = {
        "on": on,
        "hours": hours,
        "rows": rows,
        "named": named,
        "per_room": per_room,
        "has_rooms": any(talk.booking.room for talk in talks),
    }
    return on, talks, about


@open_to(STAFF)
@require_GET
def who_is_where(request):
    actor = request.actor
    on, talks, about = read_overview(request)
    minutes = late.minutes_on(actor.school, on)
    before, after = sheets.around(bookings_of_the_day(actor), on, actor.school.zone)
    about |= {
        "rows": [
            {
                "row": row,
                "cells": row.cells(about["hours"]),
                "late": minutes.get(row.medewerker.pk) if row.medewerker else None,
                "may_run": row.medewerker is not None and may_run_day_of(actor, row.medewerker),
            }
            for row in about["rows"]
        ],
        "before": before,
        "after": after,
        "is_today": on == timezone.localdate(),
        "total": len(talks),
        "changes": absence.changes_on(visible_day_changes(actor), on),
        "may_print": may_print_all_doors(actor),
    }
    return render(request, "planning/who_is_where.html", about)


@open_to(STAFF)
@require_GET
def who_is_where_pdf(request):
    on, _talks, about = read_overview(request)
    content = paper.who_is_where_pdf(request.actor.school, on, about["hours"], about["rows"], about["named"])
    return as_pdf(content, f"wie-is-waar-{on}")


# --- door lists and day sheets ---------------------------------------------------------------------------------------


def load_colleague(request, pk):
    """The member of staff whose day this is: oneself, or for leadership anybody."""
    medewerker = get_object_or_404(colleagues(request.actor), pk=pk)
    if not may_run_day_of(request.actor, medewerker):
        raise PermissionDenied
    return medewerker


def talks_of(request, medewerker, on):
    """Her own gesprekken and those she joins, as far as the reader sees them."""
    joined = Q(gesprek__deelnames__person=medewerker.person, gesprek__deelnames__as_role__in=sheets.COLLEAGUES)
    bookings = visible_bookings(request.actor)
    wanted = bookings.filter(Q(medewerker=medewerker) | joined).order_by().values("pk")
    return sheets.read(bookings.filter(pk__in=wanted), on, request.actor.school.zone)


@open_to(STAFF)
@require_GET
def day_sheet(request, pk):
    """Her day: time, pupil, who comes, where, who joins."""
    medewerker, on = load_colleague(request, pk), asked_day(request)
    talks = talks_of(request, medewerker, on)
    minutes = late.minutes_on(request.actor.school, on)
    before, after = sheets.around(
        bookings_of_the_day(request.actor).filter(medewerker=medewerker), on, medewerker.school.zone
    )
    context = {
        "medewerker": medewerker,
        "on": on,
        "talks": talks,
        "receptions": sheets.receptions(talks),
        "own_late": minutes.get(medewerker.pk),
        "late": minutes,
        "is_today": on == timezone.localdate(),
        "choices": late.MINUTES,
        "before": before,
        "after": after,
        "is_own": medewerker.person_id == request.actor.person.pk,
    }
    return render(request, "planning/day_sheet.html", context)


@open_to(STAFF)
@require_GET
def day_sheet_pdf(request, pk):
    medewerker, on = load_colleague(request, pk), asked_day(request)
    content = paper.day_sheet_pdf(request.actor.school, on, medewerker.person, talks_of(request, medewerker, on))
    return as_pdf(content, f"dagblad-{on}")


def read_doors(request):
    """(date, the lists this reader may print): of one teacher (?wie=), per room, or of everybody for leadership."""
    actor, on = request.actor, asked_day(request)
    bookings = bookings_of_the_day(actor)
    wanted = row_id(request.GET.get("wie"))
    if wanted is not None:
        bookings = bookings.filter(medewerker=load_colleague(request, wanted))
    elif not may_print_all_doors(actor):
        bookings = bookings.filter(medewerker__person=actor.person)
    talks = sheets.read(bookings, on, actor.school.zone)
    return on, sheets.door_lists(talks, per_room=request.GET.get("per") == "lokaal")


@open_to(STAFF)
@require_GET
def door_lists(request):
    on, lists = read_doors(request)
    context = {
        "on": on,
        "lists": lists,
        "asked": request.GET.get("wie", ""),
        "per_room": request.GET.get("per") == "lokaal",
    }
    return render(request, "planning/door_lists.html", context)


@open_to(STAFF)
@require_GET
def door_lists_pdf(request):
    on, lists = read_doors(request)
    if not lists:
        messages.info(request, _("Op deze dag zijn er geen gesprekken op school, dus ook geen deurlijsten."))
        return redirect(f"{reverse('door_lists')}?op={on}")
    return as_pdf(paper.door_lists_pdf(request.actor.school, on, lists), f"deurlijsten-{on}")


# --- running late ----------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_POST
def run_late(request, pk):
    """One tap: the families that follow see it."""
    medewerker = load_colleague(request, pk)
    form = LateForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Kies hoeveel minuten het uitloopt."))
    else:
        minutes = form.cleaned_data["minuten"]
        late.run_late(medewerker=medewerker, minutes=minutes, by=request.actor)
        messages.success(request, late_sentence(minutes))
    return redirect("today" if request.POST.get("terug") == "vandaag" else reverse("day_sheet", args=[pk]))


def late_sentence(minutes):
    if not minutes:
        return _("Weer op tijd. Ouders zien de gewone tijd.")
    return _("Ouders van wie het gesprek vandaag nog komt, zien dat het ongeveer %(n)s minuten later wordt.") % {
        "n": minutes
    }


# --- a teacher is not there ------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def teacher_away(request, pk):
    """What is on that day, what would happen with it, and one button that does it."""
    medewerker = load_colleague(request, pk)
    asked = request.POST if request.method == "POST" else request.GET
    on = day_of(asked) or asked_day(request)
    form = AbsenceForm(asked) if "wat" in asked else AbsenceForm(initial={"op": on})
    reason = AbsenceReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and reason.is_valid():
        try:
            event = take_away(medewerker, form.cleaned_data, reason.cleaned_data["reason"], request)
        except absence.AbsenceRefused as refused:
            reason.add_error(None, refusals.ABSENCE[refused.reason])
        else:
            return redirect("day_changed", pk=event.pk)
    return show_away(request, medewerker, on, form, reason)


def day_of(asked):
    form = DayForm(asked)
    return form.cleaned_data["op"] if form.is_valid() else None


def take_away(medewerker, data, reason, request):
    common = {"medewerker": medewerker, "on": data["op"], "by": request.actor, "reason": reason}
    common["seen"] = request.POST.get("gezien", "")
    if data["wat"] == AbsenceForm.CALL_OFF:
        return absence.call_off_day(**common)
    return absence.move_day(**common, to=data["naar"], shift_minutes=data["later"])


def show_away(request, medewerker, on, form, reason):
    now = timezone.now()
    bookings = moving.bookings_ahead(medewerker, on, now=now)
    plan, to = None, None
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        to = data["naar"] if data["wat"] == AbsenceForm.MOVE else None
        plan = moving.plan_day(bookings, to=to, shift_minutes=data["later"], now=now)
    context = {
        "medewerker": medewerker,
        "is_own": medewerker.person_id == request.actor.person.pk,
        "on": on,
        "bookings": bookings,
        "form": form,
        "reason": reason,
        "plan": plan,
        "to": to,
        "why": {line.booking.pk: moving.why_in_words(line) for line in plan.staying} if plan else {},
        "joins": moving.as_colleague(medewerker, on, now=now),
        "needs_reason": moving.needs_reason([on, to] if to else [on], now=now, zone=medewerker.school.zone),
        "works_then": to is None or medewerker.works_on(to),
        "can_go": plan is not None and (to is None or not bookings or bool(plan.moving)),
    }
    wrong = form.is_bound and not form.is_valid() or reason.errors
    return render(request, "planning/teacher_away.html", context, status=422 if wrong else 200)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def day_changed(request, pk):
    """What was done, whom it was told and who is still to be called; POST: never mind, everything back."""
    event = get_object_or_404(visible_day_changes(request.actor), pk=pk)
    if request.method == "POST":
        try:
            absence.undo_change(event=event, by=request.actor)
            messages.success(
                request, _("Alles staat weer zoals het was. Wie al bericht had, krijgt bericht dat het doorgaat.")
            )
        except absence.AbsenceRefused as refused:
            messages.warning(request, refusals.ABSENCE[refused.reason])
        return redirect("day_changed", pk=pk)
    changed = absence.what_changed(event)
    context = {
        "event": event,
        "changed": changed,
        "medewerker": get_object_or_404(colleagues(request.actor), pk=event.object_id),
        "may_undo": absence.may_still_undo(event, timezone.now()),
        "minutes": absence.UNDO_MINUTES,
    }
    return render(request, "planning/day_changed.html", context)
