"""Giving times: a teacher her own, leadership everybody's, for several days at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from gesprekken.permissions import visible_rondes
from planning.permissions import (
    may_give_windows,
    may_open_ronde,
    visible_availabilities,
    visible_rooms,
    visible_teachers,
)
from planning.times import supply, windows
from planning.times_forms import PauseForm, WindowForm
from planning.views import refusals
from school.actor import STAFF, open_to
from school.forms import days_at_work
from school.row_ids import row_id
from school.templatetags.house import short_day


def load_teacher(request, ronde):
    """Whose windows: one's own, or for leadership the colleague in ?van=; None while leadership has not chosen."""
    staff = visible_teachers(request.actor)
    wanted = row_id(request.POST.get("van") or request.GET.get("van"))
    if wanted is not None:
        medewerker = get_object_or_404(staff, pk=wanted)
    else:
        asked = windows.asked_for_times(ronde)
        medewerker = staff.filter(person=request.actor.person, pk__in=asked).first()
    if medewerker and not may_give_windows(request.actor, medewerker):
        raise PermissionDenied
    return medewerker


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def give_times(request, pk):
    """A teacher's windows in a ronde; leadership gives them for everybody at once."""
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("schooljaar", "school"), pk=pk)
    medewerker = load_teacher(request, ronde)
    if medewerker is None and not may_open_ronde(request.actor):
        raise PermissionDenied
    form = form_for(request, ronde, medewerker)
    if request.method == "POST" and form.is_valid():
        try:
            given = give(form.cleaned_data, ronde, medewerker, by=request.actor)
        except windows.WindowRefused as refused:
            form.add_error(None, refusals.window(refused))
        else:
            tell(request, ronde, medewerker, given)
            return redirect(page_of(ronde, medewerker if row_id(request.POST.get("van")) else None))
    return show(request, ronde, medewerker, form)


def form_for(request, ronde, medewerker, bound=True):
    rooms = None
    if ronde.has_rooms and medewerker:  # one room cannot be for everybody at once
        rooms = visible_rooms(request.actor).filter(archived=False)
    data = request.POST if bound and request.method == "POST" else None
    return WindowForm(data, ronde=ronde, days=windows.school_days(ronde), rooms=rooms)


def page_of(ronde, medewerker=None):
    return reverse("windows", args=[ronde.pk]) + (f"?van={medewerker.pk}" if medewerker else "")


def show(request, ronde, medewerker, form, pause=None):
    """The page. `pause`: (pk of a window, PauseForm that was refused)."""
    leads = may_open_ronde(request.actor)
    given = visible_availabilities(request.actor).filter(ronde=ronde)
    if medewerker:
        given = given.filter(medewerker=medewerker)
    rows = supply.per_teacher(ronde)
    context = {
        "ronde": ronde,
        "medewerker": medewerker,
        "own": medewerker is not None and medewerker.person_id == request.actor.person.pk,
        "leads": leads,
        "supply": rows if leads else [],
        "mine": next((row for row in rows if medewerker and row.medewerker.pk == medewerker.pk), None),
        "colleagues": windows.colleagues_of(ronde) if leads else [],
        "windows": given.select_related("medewerker__person", "room").order_by("on", "starts", "what"),
        "form": form,
        "workdays": days_at_work(medewerker) if medewerker else [],
        "pause_pk": pause[0] if pause else None,
        "pause_form": pause[1] if pause else PauseForm(),
    }
    refused = form.errors or (pause and pause[1].errors)
    return render(request, "planning/give_times.html", context, status=422 if refused else 200)


def give(data, ronde, medewerker, *, by):
    about = {"ronde": ronde, "days": data["days"], "spans": data["spans"], "pause": data["pause"], "by": by}
    if medewerker:
        return windows.give_days(medewerkers=[medewerker], room=data.get("room"), **about)
    return windows.give_days(medewerkers=list(windows.teachers_of(ronde)), only_at_work=True, **about)


def tell(request, ronde, medewerker, given):
    """What was given, what was left out and why, and what to mind."""
    n = len(given.windows)
    if medewerker:
        sentence = ngettext("Deze tijden staan erbij: %(n)s blok.", "Deze tijden staan erbij: %(n)s blokken.", n)
        messages.success(request, sentence % {"n": n})
        away = [w.on for w in given.windows if not medewerker.works_on(w.on)]
        if away:
            days = ", ".join(dict.fromkeys(short_day(on) for on in away))
            messages.warning(request, _("Let op: dit is geen werkdag: %(days)s.") % {"days": days})
    else:
        people = len(given.medewerkers)
        sentence = ngettext(
            "%(n)s leerkracht heeft deze tijden erbij.", "%(n)s leerkrachten hebben deze tijden erbij.", people
        )
        messages.success(request, sentence % {"n": people})
    for sentence in left_out(given):
        messages.info(request, sentence)
    for on in sorted({w.on for w in given.windows}):
        warn_of_free_day(request, ronde, on)


def left_out(given):
    """One sentence per reason: who, and on which days."""
    words = {
        "overlap": _("Daar stond al iets: %(who)s."),
        "elsewhere": _("Daar is al een andere ronde: %(who)s."),
        "not_at_work": _("Niet aan het werk, dus overgeslagen: %(who)s."),
    }
    for reason, sentence in words.items():
        days = {}
        for medewerker, on, why in given.left_out:
            if why == reason:
                days.setdefault(medewerker.person.name, {})[short_day(on)] = True
        if days:
            yield sentence % {"who": "; ".join(f"{name} ({', '.join(on)})" for name, on in days.items())}


def warn_of_free_day(request, ronde, on):
    free = windows.free_day_on(ronde, on)
    if free:
        messages.warning(request, _("Let op: op deze dag is het %(name)s.") % {"name": free.name})
    elif on.weekday() >= 5:
        messages.warning(request, _("Let op: deze dag valt in het weekend."))


def load_window(request, pk, window_pk):
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("schooljaar", "school"), pk=pk)
    window = get_object_or_404(
        visible_availabilities(request.actor).filter(ronde=ronde).select_related("medewerker__person", "ronde__school"),
        pk=window_pk,
    )
    if not may_give_windows(request.actor, window.medewerker):
        raise PermissionDenied
    return ronde, window


def back(request, window):
    own = window.medewerker.person_id == request.actor.person.pk
    return redirect(page_of(window.ronde, None if own else window.medewerker))


@open_to(STAFF)
@require_POST
def take_back(request, pk, window_pk):
    _ronde, window = load_window(request, pk, window_pk)
    try:
        windows.take_back_window(window=window, by=request.actor)
        gone = _("De pauze is weg.") if window.what == windows.PAUSE else _("Het blok is weg.")
        messages.success(request, gone)
    except windows.WindowRefused as refused:
        messages.warning(request, refusals.window(refused))
    return back(request, window)


@open_to(STAFF)
@require_POST
def give_pause(request, pk, window_pk):
    ronde, window = load_window(request, pk, window_pk)
    form = PauseForm(request.POST)
    if form.is_valid():
        try:
            windows.give_pause(
                ronde=ronde,
                medewerker=window.medewerker,
                on=window.on,
                starts=form.cleaned_data["starts"],
                ends=form.cleaned_data["ends"],
                by=request.actor,
            )
        except windows.WindowRefused as refused:
            form.add_error(None, refusals.PAUSE.get(refused.reason) or refusals.window(refused))
        else:
            messages.success(request, _("De pauze staat erin. De vrije tijden zijn eromheen gelegd."))
            return back(request, window)
    return show(
        request, ronde, window.medewerker, form_for(request, ronde, window.medewerker, bound=False), (window.pk, form)
    )
