"""A teacher's day and groups: who comes when, who has not reacted, planning for a family, giving times."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import visible_gesprekken, visible_rondes
from planning import booking, followup, windows
from planning.forms import PlanForm, WindowForm
from planning.permissions import (
    may_give_windows,
    may_open_ronde,
    may_plan_for,
    visible_availabilities,
    visible_bookings,
    visible_slots,
    visible_teachers,
)
from planning.views import refusals
from planning.views.ouder import by_day, is_duo
from school.actor import STAFF, open_to
from school.permissions import visible_groepen
from school.row_ids import row_id
from school.templatetags.house import clock, day

WEEKS_AHEAD = 4  # what a teacher sees of her own gesprekken: the length of most rondes, with what comes before


@open_to(STAFF)
@require_GET
def today(request):
    """What is on today and in the coming weeks, and who needs me."""
    actor = request.actor
    now_on = timezone.localdate()
    mine = visible_gesprekken(actor).filter(groep__in=actor.groep_ids)
    rows = followup.standings(mine.filter(ronde__state="open"))
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
    context = {
        "days": by_day(planned, actor.school.zone),
        "weeks": WEEKS_AHEAD,
        "day": now_on,
        "calls": [row for row in rows if row.is_to_be_called],
        "silent": [row for row in rows if row.state == followup.SILENT],
        "rondes": visible_rondes(actor)
        .filter(Q(state="open") | Q(state="draft", ends_on__gte=now_on), groepen__in=actor.groep_ids)
        .distinct(),
    }
    return render(request, "planning/today.html", context)


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
        "counts": followup.counted(rows),
        "may_plan": bool(rows) and may_plan_for(request.actor, rows[0].gesprek),
    }
    return render(request, "planning/ronde_groep.html", context)


def load_to_plan(request, pk):
    gesprek = get_object_or_404(
        visible_gesprekken(request.actor).select_related("ronde__school", "groep", "leerling__person"), pk=pk
    )
    if not may_plan_for(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_for(request, pk):
    """Plan or move a time for a family: on the phone, at the desk, on paper; with the same effect and mail."""
    gesprek = load_to_plan(request, pk)
    present = visible_bookings(request.actor).active().filter(gesprek=gesprek).first()
    form = PlanForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST":
        slot = (
            visible_slots(request.actor, gesprek).filter(pk=form["slot"].value() or 0).first()
            if form.is_valid()
            else None
        )
        if slot is None:
            refusal, status = _("Kies eerst een tijd."), 422
        else:
            verb = booking.move if present else booking.book
            try:
                planned = verb(
                    slot=slot,
                    gesprek=gesprek,
                    by=request.actor,
                    agreed=form.cleaned_data["agreed"] == PlanForm.AGREED,
                    reason=form.cleaned_data["reason"],
                )
            except booking.BookingRefused as refused:
                refusal, status = refusals.BOOKING[refused.reason], 409
            else:
                followup.called_back(gesprek=gesprek, by=request.actor)
                messages.success(request, planned_sentence(gesprek, planned))
                return redirect("ronde_groep", pk=gesprek.ronde_id, groep_pk=gesprek.groep_id)
    (row,) = followup.standings(visible_gesprekken(request.actor).filter(pk=gesprek.pk)) or (None,)
    days = by_day(booking.free_slots(gesprek, now=timezone.now()), gesprek.school.zone)
    context = {
        "gesprek": gesprek,
        "row": row,
        "present": present,
        "form": form,
        "days": days,
        "duo": is_duo(days),
        "refusal": refusal,
        "chosen": form["slot"].value(),
    }
    return render(request, "planning/plan_for.html", context, status=status)


def planned_sentence(gesprek, planned):
    told = [d.person.name for d in gesprek.deelnames.filter(as_role="ouder").select_related("person") if d.person.email]
    sentence = _("%(name)s: %(day)s om %(time)s staat vast.") % {
        "name": gesprek.leerling.person.first_name,
        "day": day(planned.starts_at),
        "time": clock(planned.starts_at),
    }
    return f"{sentence} " + (
        _("Bericht gaat naar %(names)s.") % {"names": ", ".join(told)}
        if told
        else _("Deze ouders hebben geen e-mailadres; vertel het ze zelf.")
    )


@open_to(STAFF)
@require_POST
def cancel_for(request, pk):
    gesprek = load_to_plan(request, pk)
    try:
        booking.cancel(gesprek=gesprek, by=request.actor)
        messages.success(request, _("De tijd is vrij. De ouders krijgen bericht dat dit gesprek niet doorgaat."))
    except booking.BookingRefused as refused:
        messages.warning(request, refusals.BOOKING[refused.reason])
    return redirect("plan_for", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def called(request, pk):
    gesprek = load_to_plan(request, pk)
    followup.called_back(gesprek=gesprek, by=request.actor)
    messages.success(request, _("Genoteerd dat je hebt gebeld."))
    return redirect("ronde_groep", pk=gesprek.ronde_id, groep_pk=gesprek.groep_id)


# --- giving times ----------------------------------------------------------------------------------------------------


def load_teacher(request, ronde):
    """Whose windows: one's own, or for leadership the teacher in ?van=; None while leadership has not chosen."""
    staff = visible_teachers(request.actor)
    wanted = row_id(request.POST.get("van") or request.GET.get("van"))
    if wanted is not None:
        medewerker = get_object_or_404(staff, pk=wanted)
    else:
        medewerker = staff.filter(person=request.actor.person, lesgeven__groep__ronde_groepen__ronde=ronde).first()
    if medewerker and not may_give_windows(request.actor, medewerker):
        raise PermissionDenied
    return medewerker


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def give_times(request, pk):
    """A teacher's windows in a ronde; leadership gives them for everybody at once."""
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("schooljaar"), pk=pk)
    medewerker = load_teacher(request, ronde)
    for_all = medewerker is None
    if for_all and not may_open_ronde(request.actor):
        raise PermissionDenied
    form = WindowForm(request.POST if request.method == "POST" else None, ronde=ronde)
    if request.method == "POST" and form.is_valid():
        try:
            message = give(form.cleaned_data, ronde, medewerker, by=request.actor)
        except windows.WindowRefused as refused:
            form.add_error(None, refusals.WINDOW[refused.reason])
        else:
            messages.success(request, message)
            warn_of_free_day(request, ronde, form.cleaned_data["on"])
            return redirect(f"{request.path}?van={medewerker.pk}" if medewerker else request.path)
    teachers = list(windows.teachers_of(ronde)) if may_open_ronde(request.actor) else []
    given = visible_availabilities(request.actor).filter(
        ronde=ronde, medewerker__in=teachers if for_all else [medewerker]
    )
    context = {
        "ronde": ronde,
        "medewerker": medewerker,
        "teachers": teachers,
        "windows": given.select_related("medewerker__person"),
        "form": form,
        "slots": windows.offered(ronde, medewerker),
    }
    return render(request, "planning/give_times.html", context, status=422 if form.errors else 200)


def give(data, ronde, medewerker, *, by):
    about = {"ronde": ronde, "on": data["on"], "starts": data["starts"], "ends": data["ends"], "by": by}
    if medewerker:
        windows.give_window(medewerker=medewerker, **about)
        return _("Deze tijden staan erbij.")
    given, skipped = windows.give_windows_to_all(**about)
    message = ngettext(
        "%(n)s leerkracht heeft dit blok erbij.", "%(n)s leerkrachten hebben dit blok erbij.", len(given)
    )
    message %= {"n": len(given)}
    if skipped:
        names = ", ".join(m.person.name for m in skipped)
        message += " " + _("Al iets op deze tijd: %(names)s.") % {"names": names}
    return message


def warn_of_free_day(request, ronde, on):
    free = windows.free_day_on(ronde, on)
    if free:
        messages.warning(request, _("Let op: op deze dag is het %(name)s.") % {"name": free.name})
    elif on.weekday() >= 5:
        messages.warning(request, _("Let op: deze dag valt in het weekend."))


@open_to(STAFF)
@require_POST
def take_back(request, pk, window_pk):
    ronde = get_object_or_404(visible_rondes(request.actor), pk=pk)
    window = get_object_or_404(
        visible_availabilities(request.actor).filter(ronde=ronde).select_related("medewerker", "ronde__school"),
        pk=window_pk,
    )
    if not may_give_windows(request.actor, window.medewerker):
        raise PermissionDenied
    medewerker = window.medewerker
    try:
        windows.take_back_window(window=window, by=request.actor)
        messages.success(request, _("Het blok is weg."))
    except windows.WindowRefused as refused:
        messages.warning(request, refusals.WINDOW[refused.reason])
    own = medewerker.person_id == request.actor.person.pk
    return redirect("windows", pk=pk) if own else redirect(f"/rondes/{pk}/tijden/?van={medewerker.pk}")
