"""A teacher's day and groups: who comes when, who has not reacted, planning for a family, giving times."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import (
    visible_gesprekken,
    visible_rondes,
    visible_worries,
)
from gesprekken.preparing import readiness
from planning import week
from planning.day import late
from planning.emails import guardians_told, told_by_mail
from planning.inviting import followup, waiting
from planning.permissions import (
    entries_in_feed,
    may_divide,
    may_plan_for,
    visible_bookings,
    visible_offers,
    visible_slots,
    visible_teachers,
    visible_wishes,
    visible_with_family,
)
from planning.times import booking, none_suits, offers, parts
from planning.times_forms import PlanForm
from planning.views import refusals
from planning.views.aanvragen import tasks_of
from planning.views.back import way_back
from planning.views.ouder import by_day, is_duo
from planning.views.unreached import tell_them
from planning.week_forms import CancelForm
from school import bounces
from school.actor import STAFF, open_to
from school.permissions import visible_contact_reports, visible_groepen
from school.templatetags.house import clock, day

WEEKS_AHEAD = 4  # what a teacher sees of her own gesprekken: the length of most rondes, with what comes before


@open_to(STAFF)
@require_GET
def today(request):
    """What is on today and in the coming weeks, and who needs me."""
    actor = request.actor
    now_on = timezone.localdate()
    mine = visible_gesprekken(actor).filter(groep__in=actor.groep_ids)
    rows = followup.standings(followup.ahead(mine))
    planned = (
        visible_bookings(actor)
        .active()
        .filter(
            medewerker__person=actor.person,
            starts_at__date__gte=now_on,
            starts_at__date__lt=now_on + timedelta(weeks=WEEKS_AHEAD),
        )
        .select_related("gesprek__leerling__person", "gesprek__groep", "gesprek__ronde")
        .order_by("starts_at")
    )
    rondes = list(
        visible_rondes(actor)
        .filter(Q(state="open") | Q(state="draft", ends_on__gte=now_on), groepen__in=actor.groep_ids)
        .distinct()
    )
    context = {
        "days": by_day(planned, actor.school.zone),
        "weeks": WEEKS_AHEAD,
        "day": now_on,
        "calls": [row for row in rows if row.is_to_be_called],
        "unsuited": [row for row in rows if row.is_unsuited],
        "waiting": waiting.counted(waiting.needing(rows, now=timezone.now())),
        "me": visible_teachers(actor).filter(person=actor.person).first(),
        "reports": visible_contact_reports(actor).open().order_by("created_at"),
        "worries": visible_worries(actor).select_related("person").order_by("worried_at"),
        **tasks_of(actor),
        "late": late.minutes_on(actor.school, now_on),
        "late_choices": late.MINUTES,
        "rondes": rondes,
        "preparing": preparing_in(actor, rondes),
    }
    return render(request, "planning/today.html", context)


def preparing_in(actor, rondes):
    """{ronde pk: [(groep pk, how far she is with preparing it)]}"""
    found = {}
    for (ronde_pk, groep_pk), progress in readiness.progress(actor, [ronde.pk for ronde in rondes]).items():
        found.setdefault(ronde_pk, []).append((groep_pk, progress))
    return found


@open_to(STAFF)
@require_GET
def ronde_groep(request, pk, groep_pk):
    """One group in one ronde: invited, chosen, not reacted, at a glance."""
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort"), pk=pk)
    groep = get_object_or_404(visible_groepen(request.actor).filter(ronde_groepen__ronde=ronde), pk=groep_pk)
    rows = followup.standings(visible_gesprekken(request.actor).filter(ronde=ronde, groep=groep))
    context = {
        "ronde": ronde,
        "groep": groep,
        "rows": rows,
        "preparing": readiness.progress(request.actor, [ronde.pk]).get((ronde.pk, groep.pk)),
        "counts": followup.counted(rows),
        "came_back": bounces.came_back(person for row in rows for person in row.guardians),
        "several": groep.lesgeven.count() > 1,
        "divided": parts.is_divided(ronde, groep) and may_divide(request.actor, groep),
        "may_plan": bool(rows) and may_plan_for(request.actor, rows[0].gesprek),
        "offers": offers.by_gesprek(visible_offers(request.actor).filter(gesprek__ronde=ronde, gesprek__groep=groep)),
    }
    return render(request, "planning/ronde_groep.html", context)


def load_to_plan(request, pk):
    gesprek = get_object_or_404(
        visible_gesprekken(request.actor).select_related("ronde__school", "groep", "leerling__person"), pk=pk
    )
    if not may_plan_for(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def sees_groep(actor, gesprek):
    """Whether the page of this gesprek's group is hers to see: an expert from another group plans, and sees only this."""
    return (
        visible_rondes(actor).filter(pk=gesprek.ronde_id).exists()
        and visible_groepen(actor).filter(pk=gesprek.groep_id).exists()
    )


def back_to_groep(request, gesprek):
    """To the group, else to where she can see what became of it."""
    if sees_groep(request.actor, gesprek):
        return redirect("ronde_groep", pk=gesprek.ronde_id, groep_pk=gesprek.groep_id)
    return redirect("plan_for", pk=gesprek.pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_for(request, pk):
    """Plan or move a time for a family: on the phone, at the desk, on paper; with the same effect and mail."""
    gesprek = load_to_plan(request, pk)
    present = visible_bookings(request.actor).active().filter(gesprek=gesprek).first()
    if request.method != "POST":
        return show_plan(request, gesprek, PlanForm())
    form = PlanForm(request.POST)
    slot = chosen_slot(request, gesprek, form)
    if slot is None:
        return show_plan(request, gesprek, form, _("Kies eerst een tijd."), 422)
    if present and request.POST.get("was", str(present.pk)) != str(present.pk):
        refusal = _("Intussen is er een andere tijd gekozen; die staat er nu. Verzet alleen als dat moet.")
        return show_plan(request, gesprek, form, refusal, 409)
    verb = booking.move if present else booking.book
    try:
        planned = verb(slot=slot, gesprek=gesprek, by=request.actor, **form.settled)
    except booking.BookingRefused as refused:
        return show_plan(request, gesprek, form, refusals.BOOKING[refused.reason], 409)
    followup.called_back(gesprek=gesprek, by=request.actor)
    messages.success(request, planned_sentence(gesprek, planned))
    back = way_back(request)
    return redirect(back) if back else back_to_groep(request, gesprek)


def chosen_slot(request, gesprek, form):
    """The time that was picked, or None."""
    if not form.is_valid():
        return None
    return visible_slots(request.actor, gesprek).filter(pk=form.cleaned_data["slot"]).first()


def show_plan(request, gesprek, form, refusal="", status=200, cancel_form=None):
    """The page on which staff plan, with what was typed and why it was refused."""
    actor, now, zone = request.actor, timezone.now(), gesprek.school.zone
    present = visible_bookings(actor).active().filter(gesprek=gesprek).first()
    (row,) = followup.standings(visible_gesprekken(actor).filter(pk=gesprek.pk)) or (None,)
    days = by_day(booking.free_slots(gesprek, now=now), zone)
    put_wishes_beside(row, actor, gesprek)
    family = followup.standings(visible_with_family(actor, gesprek))
    last = present.starts_at.astimezone(zone).date() if present else days[-1][0] if days else None
    context = {
        "gesprek": gesprek,
        "row": row,
        "siblings": [sib for sib in family if sib.is_ahead(now)],
        "present": present,
        "form": form,
        "cancel_form": cancel_form or CancelForm(),
        "days": days,
        "near": [on for on, _slots in days if week.is_near(on, now=now, zone=zone)],
        "left": week.left(last, now=now, zone=zone) if last else None,
        "offer": offers.newest(visible_offers(actor).filter(gesprek=gesprek)),
        "duo": is_duo(days),
        "refusal": refusal,
        "chosen": form["slot"].value(),
        "back": way_back(request),
        "sees_groep": sees_groep(actor, gesprek),
        "is_mine": present is not None and entries_in_feed(actor).filter(gesprek=gesprek).exists(),
    }
    return render(request, "planning/plan_for.html", context, status=status)


def put_wishes_beside(row, actor, gesprek):
    """To each note that no time suits, when this guardian can: {date: [part of the day]}."""
    notes = row.unsuited_notes if row else []
    wishes = visible_wishes(actor, visible_gesprekken(actor).filter(pk=gesprek.pk)) if notes else []
    for note in notes:
        note.able = dict(none_suits.in_days(wish for wish in wishes if wish.person_id == note.person_id))


def planned_sentence(gesprek, planned):
    told = [person.name for person in told_by_mail(gesprek)]
    sentence = _("%(name)s: %(day)s om %(time)s staat vast.") % {
        "name": gesprek.leerling.person.first_name,
        "day": day(planned.starts_at),
        "time": clock(planned.starts_at),
    }
    return f"{sentence} " + (
        _("Bericht gaat naar %(names)s.") % {"names": ", ".join(told)} if told else tell_them(guardians_told(gesprek))
    )


@open_to(STAFF)
@require_POST
def cancel_for(request, pk):
    gesprek = load_to_plan(request, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return show_plan(request, gesprek, PlanForm(), status=422, cancel_form=form)
    try:
        booking.cancel(gesprek=gesprek, by=request.actor, **form.cleaned_data)
        messages.success(request, _("De tijd is vrij. De ouders krijgen bericht dat dit gesprek niet doorgaat."))
    except booking.BookingRefused as refused:
        if refused.reason == "week":
            form.add_error("reason", refusals.BOOKING["week"])
            return show_plan(request, gesprek, PlanForm(), status=422, cancel_form=form)
        messages.warning(request, refusals.BOOKING[refused.reason])
    return redirect("plan_for", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def called(request, pk):
    gesprek = load_to_plan(request, pk)
    followup.called_back(gesprek=gesprek, by=request.actor)
    messages.success(request, _("Genoteerd dat je hebt gebeld."))
    return back_to_groep(request, gesprek)
