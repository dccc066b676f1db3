"""When none of the free times will do: say when it can be, or hear when a taken time comes free."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from gesprekken.permissions import may_read_back, visible_gesprekken
from planning.parent_forms import NoneSuitsForm
from planning.permissions import visible_invitations, visible_slots, visible_wishes
from planning.times import none_suits, watching
from planning.views import refusals
from planning.views.ouder import by_day, by_teacher, is_duo, load, to_wishes, why_closed
from school.actor import PERSONAL, open_to
from school.outbox import address_of
from school.row_ids import row_id

NOT_LOOKING = _l("Voor dit gesprek wordt geen tijd meer gezocht. Bel de school als u nog iets wilt.")


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def say_none_suits(request, pk):
    """Parts of days to tap; POST tells the teacher. `terug` takes it back."""
    gesprek = load(request, pk)
    if elsewhere := to_wishes(request, gesprek):
        return elsewhere
    if request.method == "POST" and "terug" in request.POST:
        none_suits.take_back_none_suits(gesprek=gesprek, by=request.actor)
        messages.success(request, _("Uw bericht is weg. De leerkracht zoekt niet meer naar een andere tijd."))
        return redirect("my_page")
    if not gesprek.ronde.is_open or gesprek.cancelled_at or gesprek.is_held:
        messages.warning(request, NOT_LOOKING)  # said before she fills anything in
        return redirect("my_page")
    today = timezone.now().astimezone(gesprek.school.zone).date()
    said_before = said(request.actor, gesprek)
    form = NoneSuitsForm(
        request.POST if request.method == "POST" else None,
        days=none_suits.days_to_ask(gesprek.ronde, today=today),
        wishes=visible_wishes(request.actor, visible_gesprekken(request.actor).filter(pk=gesprek.pk)),
        initial={"note": said_before.none_suits_note} if said_before and may_read_back(request.actor) else None,
    )
    if request.method == "POST" and form.is_valid():
        return tell_teacher(request, gesprek, form, said_before)
    context = {"gesprek": gesprek, "form": form, "said_before": said_before}
    return render(request, "planning/none_suits.html", context, status=422 if form.errors else 200)


def said(actor, gesprek):
    """This guardian's own invitation, where she said before that no time suits."""
    return visible_invitations(actor, gesprek).exclude(none_suits_at=None).first()


def tell_teacher(request, gesprek, form, said_before):
    note = form.cleaned_data["note"]
    if said_before and not note and not may_read_back(request.actor):
        note = said_before.none_suits_note  # what was not shown is not taken away either
    try:
        none_suits.say_none_suits(gesprek=gesprek, by=request.actor, can=form.chosen, note=note)
    except none_suits.NoneSuitsRefused:
        messages.warning(request, NOT_LOOKING)
    else:
        messages.success(
            request,
            _("De leerkracht ziet wanneer u kunt en zoekt een tijd. U krijgt bericht zodra er een tijd is.")
            if address_of(request.actor.person)
            else _("De leerkracht ziet wanneer u kunt en zoekt een tijd. U hoort de tijd van de leerkracht."),
        )
    return redirect("my_page")


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def taken_times(request, pk):
    """Times somebody else has, without whose. POST follows one (`volg`) or stops (`stop`); a slot that went is no error."""
    gesprek = load(request, pk)
    now = timezone.now()
    if closed := why_closed(gesprek, request.actor, now):
        messages.warning(request, refusals.BOOKING[closed])
        return redirect("times", pk=gesprek.pk)
    if request.method == "POST":
        return follow_or_stop(request, gesprek)
    watched = watching.watches_of(gesprek, request.actor.person, now=now)
    slots = watching.taken_slots(gesprek, now=now)
    days = by_day(slots, gesprek.school.zone)
    context = {
        "gesprek": gesprek,
        "days": [(date, by_teacher(on_day)) for date, on_day in days],
        "several": is_duo(days),
        "watched": watched,
        "gets_mail": bool(address_of(request.actor.person)),
        "full": len(watched) >= watching.MOST,
        "most": watching.MOST,
    }
    return render(request, "planning/taken_times.html", context)


def follow_or_stop(request, gesprek):
    wanted, verb = request.POST.get("volg"), watching.watch
    if "stop" in request.POST:
        wanted, verb = request.POST.get("stop"), watching.stop_watching
    slot = visible_slots(request.actor, gesprek).filter(pk=row_id(wanted) or 0).select_related("medewerker").first()
    try:
        if slot is None:
            raise watching.WatchRefused("gone")
        verb(slot=slot, gesprek=gesprek, by=request.actor)
    except watching.WatchRefused as refused:
        messages.warning(request, refusals.WATCH[refused.reason])
        return redirect("choose", pk=gesprek.pk, slot_pk=slot.pk) if refused.reason == "free" else again(gesprek)
    messages.success(request, what_happens_next(request.actor.person, verb))
    return again(gesprek)


def again(gesprek):
    return redirect("taken_times", pk=gesprek.pk)


def what_happens_next(person, verb):
    if verb is watching.stop_watching:
        return _("U krijgt over deze tijd geen bericht meer.")
    if not address_of(person):
        return _("Wij hebben geen e-mailadres van u. Kijk zelf af en toe of de tijd vrij is.")
    return _("Komt deze tijd vrij, dan mailen wij u. Wie dan het eerst kiest, heeft hem.")
