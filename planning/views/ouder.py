"""The personal page of a guardian, on a phone: what it is about, pick a time, change it, ask for a call."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import visible_gesprekken
from planning import booking, followup, ical, invitations
from planning.emails import choosing_closes_on
from planning.forms import CallMeForm
from planning.permissions import may_choose_time, visible_bookings, visible_entries, visible_slots
from planning.views import refusals
from school.actor import PERSONAL, open_to


def load(request, pk):
    """One gesprek this guardian takes part in, or 404. A pupil may look elsewhere, not choose."""
    gesprek = get_object_or_404(visible_gesprekken(request.actor).select_related("ronde__school", "groep"), pk=pk)
    if not may_choose_time(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def by_day(slots, zone):
    """[(date, [slot])] in local days; a day's label is made once, not once per time."""
    days = {}
    for slot in slots:
        days.setdefault(slot.starts_at.astimezone(zone).date(), []).append(slot)
    return list(days.items())


def is_duo(days):
    """Whether these times are of more than one teacher: then each time says whose it is."""
    return len({slot.medewerker_id for _date, slots in days for slot in slots}) > 1


def brothers_and_sisters(actor, gesprek):
    """The other planned gesprekken of this guardian, to see the times next to each other."""
    return (
        visible_bookings(actor)
        .active()
        .exclude(gesprek=gesprek)
        .select_related("gesprek__leerling__person", "medewerker__person")
    )


@open_to(PERSONAL)
@require_GET
def my_page(request):
    rows = followup.standings(
        visible_gesprekken(request.actor).prefetch_related("groep__lesgeven__medewerker__person", "deelnames__person")
    )
    for row in rows:
        row.closes_on = choosing_closes_on(row.gesprek.ronde)
        row.who = invitations.who_joins([row.gesprek])
        row.may_choose = row.gesprek.ronde.is_open and not row.gesprek.is_held
        row.points = row.gesprek.ronde.point_list
        row.form = invitations.form_in_words(row.gesprek.ronde)
    now_open = [row for row in rows if row.may_choose]
    earlier = [row for row in rows if not row.may_choose]
    return render(request, "planning/my_page.html", {"rows": now_open, "earlier": earlier})


@open_to(PERSONAL)
@require_GET
def times(request, pk):
    return show_times(request, load(request, pk))


def show_times(request, gesprek, refusal="", status=200):
    """The free times of this gesprek, with what was refused on top."""
    now = timezone.now()
    closed = now >= booking.choosing_closes_at(gesprek.ronde) or not gesprek.ronde.is_open
    days = [] if closed else by_day(booking.free_slots(gesprek, now=now), gesprek.school.zone)
    context = {
        "gesprek": gesprek,
        "present": visible_bookings(request.actor).active().filter(gesprek=gesprek).first(),
        "siblings": brothers_and_sisters(request.actor, gesprek),
        "days": days,
        "duo": is_duo(days),
        "closed": closed,
        "refusal": refusal,
    }
    return render(request, "planning/times.html", context, status=status)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request, pk, slot_pk):
    """GET shows what would be chosen and one button; POST chooses, or says kindly that somebody was first."""
    gesprek = load(request, pk)
    slot = visible_slots(request.actor, gesprek).filter(pk=slot_pk).select_related("medewerker__person").first()
    if slot is None:
        return show_times(request, gesprek, refusals.BOOKING["taken"], status=409)
    present = visible_bookings(request.actor).active().filter(gesprek=gesprek).first()
    if request.method != "POST":
        context = {
            "gesprek": gesprek,
            "slot": slot,
            "present": present,
            "form": invitations.form_in_words(gesprek.ronde),
        }
        return render(request, "planning/choose.html", context)
    if present and present.slot_id == slot.pk:
        return redirect("my_time", pk=gesprek.pk)  # a double click on the same button
    try:
        if present and "replace" in request.POST:
            booking.move(slot=slot, gesprek=gesprek, by=request.actor)
        else:
            booking.book(slot=slot, gesprek=gesprek, by=request.actor)
    except booking.BookingRefused as refused:
        if refused.reason == "have_one":
            messages.warning(request, _("Er stond al een tijd voor dit gesprek. Die hebben we laten staan."))
            return redirect("my_time", pk=gesprek.pk)
        return show_times(request, gesprek, refusals.BOOKING[refused.reason], status=409)
    return redirect("my_time", pk=gesprek.pk)


@open_to(PERSONAL)
@require_GET
def my_time(request, pk):
    """The confirmation, and later the place to look the time up, change it or let it go."""
    gesprek = load(request, pk)
    present = (
        visible_bookings(request.actor).active().filter(gesprek=gesprek).select_related("medewerker__person").first()
    )
    if present is None:
        return redirect("times", pk=gesprek.pk)
    context = {
        "gesprek": gesprek,
        "booking": present,
        "told": [d.person for d in gesprek.deelnames.all() if d.as_role == "ouder" and d.person.email],
        "form": invitations.form_in_words(gesprek.ronde),
        "closes_on": choosing_closes_on(gesprek.ronde),
        "may_change": timezone.now() < booking.choosing_closes_at(gesprek.ronde),
    }
    return render(request, "planning/my_time.html", context)


@open_to(PERSONAL)
@require_POST
def cancel(request, pk):
    gesprek = load(request, pk)
    try:
        gone = booking.cancel(gesprek=gesprek, by=request.actor)
    except booking.BookingRefused as refused:
        return show_times(request, gesprek, refusals.BOOKING[refused.reason], status=409)
    return render(request, "planning/cancelled.html", {"gesprek": gesprek, "booking": gone})


@open_to(PERSONAL)
@require_POST
def undo_cancel(request, pk, booking_pk):
    gesprek = load(request, pk)
    gone = get_object_or_404(visible_bookings(request.actor).filter(gesprek=gesprek), pk=booking_pk)
    try:
        booking.undo_cancel(booking=gone, by=request.actor)
    except booking.BookingRefused as refused:
        if refused.reason != "have_one":
            return show_times(request, gesprek, refusals.BOOKING[refused.reason], status=409)
    return redirect("my_time", pk=gesprek.pk)


@open_to(PERSONAL)
@require_GET
def calendar_file(request, pk):
    """The appointment as a file, for who has no mail."""
    gesprek = load(request, pk)
    present = visible_bookings(request.actor).active().filter(gesprek=gesprek).first()
    entry = visible_entries(request.actor, gesprek).select_related("person").first()
    if present is None or entry is None:
        raise Http404
    content = ical.appointment(
        entry=entry,
        booking=present,
        summary=ical.summary_of(gesprek),
        location=gesprek.ronde.place or gesprek.school.address or gesprek.school.name,
        description=gesprek.ronde.name,
        method=ical.PUBLISH,
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = 'attachment; filename="gesprek.ics"'
    return response


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def call_me(request, pk):
    gesprek = load(request, pk)
    form = CallMeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        followup.ask_for_call(gesprek=gesprek, by=request.actor, note=form.cleaned_data["note"])
        messages.success(request, _("De leerkracht weet dat u gebeld wilt worden."))
        return redirect("my_page")
    return render(
        request, "planning/call_me.html", {"gesprek": gesprek, "form": form}, status=422 if form.errors else 200
    )
