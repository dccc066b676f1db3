"""The personal page of a guardian, on a phone: what it is about, pick a time, change it, ask for a call."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gesprekken.afterwards import feedback, gains
from gesprekken.afterwards.outcomes import open_agreements
from gesprekken.models import Ronde
from gesprekken.permissions import (
    gesprekken_to_read,
    gesprekken_to_see,
    leerlingen_with_advice,
    visible_gesprekken,
    visible_with_role,
)
from gesprekken.standard_words import as_read
from planning import ical
from planning.activities import guests
from planning.day import late
from planning.emails import choosing_closes_on, location_of, told_by_mail
from planning.inviting import followup, wording
from planning.parent_forms import CallMeForm
from planning.permissions import (
    active_bookings_of,
    bookings_of,
    first_names,
    hearing_afterwards,
    may_choose_time,
    only_what_there_is,
    visible_bookings,
    visible_entries,
    visible_invitations,
    visible_offers,
    visible_slot,
)
from planning.times import booking, offers, together
from planning.times.choosing import still_to_open
from planning.views import refusals
from planning.views.aanvragen import asked_by, asking_of
from school import registry
from school.actor import CONFIRMED, LINK, PERSONAL, Actor, open_to
from school.permissions import reachable_as
from school.statements import written_once
from school.templatetags.house import clock


def load(request, pk):
    """One gesprek this guardian takes part in, or 404. A pupil may look elsewhere, not choose.

    With it come, as `others`, her gesprekken that are still to come: one question answers both.
    """
    actor = request.actor
    gesprekken = gesprekken_of(person=actor.person.pk, school=actor.school.pk, pk=pk)
    gesprek = next((gesprek for gesprek in gesprekken if gesprek.pk == pk), None)
    if gesprek is None:
        raise Http404
    if not may_choose_time(request.actor, gesprek):
        raise PermissionDenied
    gesprek.school = gesprek.ronde.school = request.actor.school  # the same row, read with the actor
    gesprek.others = [other for other in gesprekken if other.pk != pk]
    return gesprek


@written_once
def gesprekken_of(*, person, school, pk):
    """Of somebody who came in by a link: this gesprek, and those that are still to come."""
    visible = visible_with_role(Actor(person=person, level=LINK, school=school))  # with the second step it is the same
    ahead = Q(held_on__isnull=True, cancelled_at__isnull=True)
    return visible.filter(Q(pk=pk) | ahead).select_related("ronde__soort", "groep", "leerling__person")


def where(request, gesprek):
    """How and where in words; the link of a video call only after the second step, because a bare link may leak."""
    return wording.form_in_words(gesprek, with_link=request.actor.level == CONFIRMED)


def with_whom(gesprek, slot):
    """Everybody from the school's side, at the time of this slot or booking."""
    prefetch_related_objects([gesprek], "deelnames__person")
    return ", ".join(wording.who_joins([gesprek], slot, others=registry.who_else([gesprek.pk])))


def by_day(slots, zone):
    """[(date, [slot])] in local days; a day's label is made once, not once per time."""
    days = {}
    for slot in slots:
        days.setdefault(slot.starts_at.astimezone(zone).date(), []).append(slot)
    return list(days.items())


def is_duo(days):
    """Whether these times are of more than one teacher: then each time says whose it is."""
    return len({slot.medewerker_id for _date, slots in days for slot in slots}) > 1


def by_teacher(slots):
    """[(name, [slot])]: of duo teachers each with her own times, so that 15:00 never stands there twice unexplained."""
    teachers = {}
    for slot in slots:
        teachers.setdefault(slot.medewerker.person.name, []).append(slot)
    return list(teachers.items())


def to_choose(gesprek, slots):
    """by_teacher with (address, time) of each slot, as they are shown: a template that looks them up is slow at it."""
    here = reverse("times", args=[gesprek.pk])
    teachers = by_teacher(slots)
    return [(name, [(f"{here}{slot.pk}/", clock(slot.starts_at)) for slot in hers]) for name, hers in teachers]


def times_chosen(gesprek, now):
    """(the booking of this gesprek or None, the others of this guardian in the days of its ronde) in one question."""
    gesprekken = {row.pk: row for row in [gesprek, *gesprek.others]}
    chosen = active_bookings_of(gesprekken=list(gesprekken))
    for row in chosen:
        row.gesprek = gesprekken[row.gesprek_id]
    present = next((row for row in chosen if row.gesprek_id == gesprek.pk), None)
    zone, ronde = gesprek.school.zone, gesprek.ronde
    others = [row for row in chosen if row is not present and row.ends_at > now]
    return present, [row for row in others if ronde.starts_on <= row.starts_at.astimezone(zone).date() <= ronde.ends_on]


def next_to(siblings, slots, gesprek):
    """Of these free slots those right before or after the times of brothers and sisters: the least waiting first."""
    zone, length = gesprek.school.zone, booking.length_of(gesprek)
    taken = [(row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)) for row in siblings]
    starts = [(slot, slot.starts_at.astimezone(zone)) for slot in slots if taken]
    offers = [together.Offer(slot, begins, begins + length, slot.medewerker_id) for slot, begins in starts]
    return [offer.key for offer in together.nearest(offers, taken, walking=gesprek.ronde.walking)]


def names_told(gesprek):
    """The names of the guardians who get a mail about the time: not whom no mail reaches, nor who may not be told."""
    return [person.name for person in told_by_mail(gesprek)]


def why_closed(gesprek, actor, now):
    """The reason (of BookingRefused) that this guardian cannot choose a time now, or an empty string."""
    try:
        booking.check_now(gesprek, by=actor, now=now)
    except booking.BookingRefused as refusal:
        return refusal.reason
    return ""


@open_to(PERSONAL)
@require_GET
def my_page(request):
    rows = followup.standings(followup.with_everybody(visible_gesprekken(request.actor)))
    there = only_what_there_is(
        request.actor,
        read=gesprekken_to_read(request.actor).select_related("leerling__person", "ronde"),
        see=gesprekken_to_see(request.actor).select_related("leerling__person", "ronde"),
        advice=leerlingen_with_advice(request.actor),
        answer=feedback.open_to_answer(request.actor),
        offers=visible_offers(request.actor).filter(gesprek__ronde__state=Ronde.State.OPEN),
        later=hearing_afterwards(request.actor.person).filter(
            gesprek__ronde__state=Ronde.State.OPEN, gesprek__held_on__isnull=True
        ),
        asked=asked_by(request.actor),
        gains=gains.plans_asking(request.actor.school, timezone.localdate()),
        reached=reachable_as(request.actor.person),
    )
    now, readable = timezone.now(), list(there["read"] or ())
    to_read = {gesprek.pk for gesprek in readable}
    opening = still_to_open([row.gesprek for row in rows], request.actor, now=now)
    to_answer = set(there["answer"].values_list("pk", flat=True)) if there["answer"] is not None else set()
    others = registry.who_else([row.gesprek.pk for row in rows])
    for row in rows:
        row.asks_feedback = row.gesprek.pk in to_answer
        row.opens = opening.get(row.gesprek.ronde_id)
        row.closes_on = choosing_closes_on(row.gesprek.ronde)
        row.who = wording.who_joins([row.gesprek], row.booking, others=others)
        row.may_choose = row.opens is None and not why_closed(row.gesprek, request.actor, now)
        row.is_wishing = row.gesprek.ronde.is_wishing
        row.may_wish = row.is_wishing and now < booking.choosing_closes_at(row.gesprek.ronde)
        row.has_wished = request.actor.person.pk in row.wished
        row.is_called = row.asked_by(request.actor.person)
        row.is_searched = row.suits_none_of(request.actor.person)
        row.to_read = row.gesprek.pk in to_read
        row.points = row.gesprek.ronde.point_list
        row.form = where(request, row.gesprek)
    proposed = offers.by_gesprek(there["offers"]) if there["offers"] is not None else {}
    proposed = {pk: offer for pk, offer in proposed.items() if not offer.is_taken}
    running_late = late.of_bookings([row.booking for row in rows if row.booking], school=request.actor.school, now=now)
    for row in rows:
        row.offer = proposed.get(row.gesprek.pk)
        row.late = running_late.get(row.booking.pk) if row.booking else None
    ahead = [row for row in rows if row.is_ahead(now) or row.late]
    earlier = [row for row in rows if row not in ahead]
    choosing = [row for row in ahead if row.may_choose]
    several = len({row.gesprek.leerling_id for row in choosing}) > 1  # one child's rondes lie weeks apart
    waiting = several and any(row.booking is None for row in choosing)
    # what she hears afterwards: that there is something to read, nothing about when it was or who was there
    shown = {row.gesprek.pk for row in rows}
    heard = [gesprek for gesprek in readable if gesprek.pk not in shown]
    context = {
        "rows": ahead,
        "for_you_too": guests.for_you_too(request.actor, now=now),
        "agreed": open_agreements(request.actor),
        "asking": asking_of(request.actor, rows=there["asked"] or ()),
        "with_advice": there["advice"],
        "asks_gains": there["gains"] is not None and gains.waits_for(request.actor, today=timezone.localdate()),
        "may_report_contact": there["reached"] is not None,
        "several_rondes": len({row.gesprek.ronde_id for row in ahead}) > 1,  # else the child alone says which it is
        "earlier": earlier,
        "to_see": there["see"],
        "heard": heard,
        "later": first_names(there["later"]) if there["later"] is not None else [],
        "together": list(dict.fromkeys(row.gesprek.leerling.person.first_name for row in choosing)) if waiting else [],
    }
    return render(request, "planning/my_page.html", context)


@open_to(PERSONAL)
@require_GET
def times(request, pk):
    gesprek = load(request, pk)
    return to_wishes(request, gesprek) or show_times(request, gesprek)


def to_wishes(request, gesprek):
    """Before the plan there are no times to choose: to where one says when one can, or None."""
    if not gesprek.ronde.is_wishing:
        return None
    if visible_bookings(request.actor).active().filter(gesprek=gesprek).exists():
        return redirect("my_time", pk=gesprek.pk)
    if why_closed(gesprek, request.actor, timezone.now()) == "wishing":  # else the page says itself what is so now
        messages.info(request, _("In deze ronde geeft u aan wanneer u kunt. Daarna maken wij de planning."))
    return redirect("wishes", pk=gesprek.ronde_id)


def show_times(request, gesprek, refusal="", status=200):
    """The free times of this gesprek, with what was refused on top."""
    now = timezone.now()
    closed = why_closed(gesprek, request.actor, now)
    slots = [] if closed else booking.free_slots(gesprek, now=now)
    days = by_day(slots, gesprek.school.zone)
    present, siblings = times_chosen(gesprek, now)
    context = {
        "gesprek": gesprek,
        "present": present,
        "siblings": siblings,
        "near": next_to(siblings, slots, gesprek),
        "days": [(day, to_choose(gesprek, slots)) for day, slots in days],
        "several": is_duo(days),
        "closed": closed,
        "opens": booking.choosing_opens_for(gesprek, request.actor) if closed == "not_yet" else None,
        "refusal": refusal,
    }
    return render(request, "planning/times.html", context, status=status)


def refused(request, gesprek, reason):
    """Back to the times with what was in the way. A redirect, so that the back button never meets a form again."""
    messages.warning(request, refusals.BOOKING[reason])
    return redirect("times", pk=gesprek.pk)


def why_not(gesprek, slot, actor):
    """Before anybody presses a button: the reason this time cannot be had any more, or an empty string."""
    now = timezone.now()
    if closed := why_closed(gesprek, actor, now):
        return closed
    return "" if slot in booking.free_slots(gesprek, now=now) else "taken"


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request, pk, slot_pk):
    """GET shows what would be chosen and one button; POST chooses, or says kindly that somebody was first."""
    gesprek = load(request, pk)
    if elsewhere := to_wishes(request, gesprek):
        return elsewhere
    slot = visible_slot(request.actor, gesprek, slot_pk)
    if slot is None:
        return refused(request, gesprek, "taken")
    if request.method == "POST" and "replace" not in request.POST:
        return claim(request, gesprek, slot)
    present = bookings_of([gesprek]).active().first()
    if present and present.slot_id == slot.pk:
        return redirect("my_time", pk=gesprek.pk)  # a double tap on the same button, or back from the confirmation
    if request.method != "POST":
        if reason := why_not(gesprek, slot, request.actor):
            return show_times(request, gesprek, refusals.BOOKING[reason], status=409)
        context = {
            "gesprek": gesprek,
            "slot": slot,
            "present": present,
            "who": with_whom(gesprek, slot),
            "form": where(request, gesprek),
        }
        return render(request, "planning/choose.html", context)
    shown = request.POST["replace"]  # the time this page showed, no other
    return claim(request, gesprek, slot, replacing=present is not None and shown == str(present.pk))


def claim(request, gesprek, slot, *, replacing=False):
    """Straight to the verb: on the evening a ronde opens everybody is here, and what it asks is asked once."""
    try:
        booking.book_all(choices=[(slot, gesprek)], by=request.actor, replacing=replacing)
    except booking.BookingRefused as refusal:
        if refusal.reason != "have_one":
            return refused(request, gesprek, refusal.reason)
        if not bookings_of([gesprek]).active().filter(slot=slot).exists():  # else the second tap on the same button
            messages.warning(request, _("Er stond al een tijd voor dit gesprek. Die hebben we laten staan."))
    return redirect("my_time", pk=gesprek.pk)


def way_back(request, gesprek, present):
    """The time this guardian moved away from with her last choice, as long as it is free; else None."""
    if not present.chosen_by_guardian:
        return None  # the school moved it, and had a reason
    before = visible_bookings(request.actor).filter(gesprek=gesprek, cancelled_at=present.created_at)
    gone = before.select_related("slot__medewerker__person").exclude(slot=present.slot_id).first()
    if gone is None or gone.slot is None or why_not(gesprek, gone.slot, request.actor):
        return None
    return gone


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
    now = timezone.now()
    waiting = booking.still_to_choose(visible_gesprekken(request.actor).exclude(pk=gesprek.pk), now=now)
    closed = why_closed(gesprek, request.actor, now)
    context = {
        "gesprek": gesprek,
        "booking": present,
        "who": with_whom(gesprek, present),
        "told": wording.and_list(names_told(gesprek)),
        "way_back": way_back(request, gesprek, present),
        "next_gesprek": next((other for other in waiting if not why_closed(other, request.actor, now)), None),
        "form": where(request, gesprek),
        "closes_on": choosing_closes_on(gesprek.ronde),
        "opens": booking.choosing_opens_for(gesprek, request.actor) if closed == "not_yet" else None,
        "may_change": not closed,
        "is_past": present.ends_at <= now,
        "is_today": late.today(gesprek.school, present.starts_at) == late.today(gesprek.school, now),
        "late": late.of_bookings([present], school=request.actor.school, now=now).get(present.pk),
    }
    return render(request, "planning/my_time.html", context)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    """POST lets the time go; GET shows that it is gone, with the way back as long as nobody else took it."""
    gesprek = load(request, pk)
    if request.method == "POST":
        try:
            booking.cancel(gesprek=gesprek, by=request.actor)
        except booking.BookingRefused as refusal:
            if refusal.reason != "none":
                return refused(request, gesprek, refusal.reason)
        return redirect("cancel", pk=gesprek.pk)  # also after a double tap: the time is gone, as was asked
    bookings = visible_bookings(request.actor).filter(gesprek=gesprek).select_related("slot__medewerker__person")
    gone = bookings.filter(cancelled_at__isnull=False).order_by("-cancelled_at", "-pk").first()
    if gone is None or bookings.active().exists():
        return redirect("my_time", pk=gesprek.pk)
    context = {
        "gesprek": gesprek,
        "booking": gone,
        "told": names_told(gesprek),
        "may_undo": gone.slot is not None and not why_not(gesprek, gone.slot, request.actor),
        "may_choose": not why_closed(gesprek, request.actor, timezone.now()),
    }
    return render(request, "planning/cancelled.html", context)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def undo_cancel(request, pk, booking_pk):
    """POST takes the same time again; whoever comes back to this address later sees how things stand."""
    gesprek = load(request, pk)
    gone = get_object_or_404(visible_bookings(request.actor).filter(gesprek=gesprek), pk=booking_pk)
    if request.method == "POST":
        try:
            booking.undo_cancel(booking=gone, by=request.actor)
        except booking.BookingRefused as refusal:
            if refusal.reason != "have_one":
                return refused(request, gesprek, refusal.reason)
    return redirect("my_time", pk=gesprek.pk)


@open_to(PERSONAL)
@require_GET
def calendar_file(request, pk):
    """The appointment as a file, for who has no mail."""
    gesprek = load(request, pk)
    present = visible_bookings(request.actor).active().filter(gesprek=gesprek).first()
    if present is None:
        return redirect("my_time", pk=gesprek.pk)  # from a page of before somebody cancelled
    entry = visible_entries(request.actor, gesprek).select_related("person").first()
    if entry is None:
        raise Http404
    content = ical.appointment(
        entry=entry,
        booking=present,
        summary=ical.summary_of(gesprek),
        location=location_of(gesprek, with_link=request.actor.level == CONFIRMED),
        description=as_read(gesprek.ronde.name),
        method=ical.PUBLISH,
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = 'attachment; filename="gesprek.ics"'
    return response


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def call_me(request, pk):
    """GET asks whether and when; POST tells the teacher. `terug` takes it back."""
    gesprek = load(request, pk)
    if request.method == "POST" and "terug" in request.POST:
        followup.take_back_call(gesprek=gesprek, by=request.actor)
        messages.success(request, _("Wij bellen u niet meer over dit gesprek."))
        return redirect("my_page")
    if not gesprek.ronde.is_open and not visible_bookings(request.actor).active().filter(gesprek=gesprek).exists():
        messages.warning(
            request, _("Voor dit gesprek wordt geen tijd meer gezocht. Bel de school als u nog iets wilt.")
        )
        return redirect("my_page")
    asked = visible_invitations(request.actor, gesprek).exclude(call_me_at=None).first()
    form = CallMeForm(
        request.POST if request.method == "POST" else None,
        has_phone=bool(request.actor.person.phone),
        initial={"note": asked.call_me_note} if asked else None,
    )
    if request.method == "POST" and form.is_valid():
        followup.ask_for_call(gesprek=gesprek, by=request.actor, note=form.cleaned_data["note"])
        messages.success(request, _("De leerkracht weet dat u gebeld wilt worden. U hoeft nu niets te doen."))
        return redirect("my_page")
    context = {"gesprek": gesprek, "form": form, "asked": asked}
    return render(request, "planning/call_me.html", context, status=422 if form.errors else 200)
