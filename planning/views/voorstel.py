"""A time the school proposes: staff propose it where they plan, a guardian says yes or no on a page of its own."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.emails import told_by_mail
from planning.permissions import bookings_of, visible_offers
from planning.times import offers
from planning.times_forms import PlanForm
from planning.views import refusals
from planning.views.leerkracht import chosen_slot, load_to_plan, show_plan
from planning.views.ouder import load, where, why_closed, with_whom
from school.actor import PERSONAL, STAFF, open_to
from school.row_ids import row_id
from school.templatetags.house import clock, day

# --- staff -----------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_POST
def propose(request, pk):
    """Propose the chosen time instead of planning it; what else was typed on the page stays when it is refused."""
    gesprek = load_to_plan(request, pk)
    form = PlanForm(request.POST)
    slot = chosen_slot(request, gesprek, form)
    if slot is None:
        return show_plan(request, gesprek, form, _("Kies eerst een tijd."), 422)
    try:
        offers.propose(gesprek=gesprek, slot=slot, by=request.actor)
    except offers.OfferRefused as refused:
        return show_plan(request, gesprek, form, refusals.OFFER_STAFF[refused.reason], 409)
    messages.success(request, proposed_sentence(gesprek, slot))
    return redirect("plan_for", pk=gesprek.pk)


def proposed_sentence(gesprek, slot):
    names = ", ".join(person.name for person in told_by_mail(gesprek))
    return _("%(day)s om %(time)s is voorgesteld. Bericht gaat naar %(names)s; na een ja staat de tijd vast.") % {
        "day": day(slot.starts_at).capitalize(),
        "time": clock(slot.starts_at),
        "names": names,
    }


@open_to(STAFF)
@require_POST
def withdraw(request, pk):
    gesprek = load_to_plan(request, pk)
    offer = visible_offers(request.actor).filter(gesprek=gesprek, answered_at=None).first()
    if offer:
        offers.withdraw(offer=offer, by=request.actor)
        messages.success(request, _("Het voorstel is ingetrokken. Op de pagina van de ouders staat het niet meer."))
    return redirect("plan_for", pk=gesprek.pk)


# --- the guardian ----------------------------------------------------------------------------------------------------


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request, pk):
    """GET asks whether this time suits, or says kindly that it is no longer the question; POST answers (`antwoord`)."""
    gesprek = load(request, pk)
    found = offers.newest(visible_offers(request.actor).filter(gesprek=gesprek))
    if found is None:
        messages.info(request, _("Er is nu geen voorstel voor een tijd. Dit is hoe het staat."))
        return redirect("my_page")
    if request.method != "POST":
        return show(request, gesprek, found)
    if row_id(request.POST.get("voorstel")) != found.pk:  # from a page of before the school proposed something else
        messages.info(request, _("De school heeft intussen een andere tijd voorgesteld. Dit is het nieuwe voorstel."))
        return redirect("offer", pk=pk)
    return answer(request, gesprek, found)


def answer(request, gesprek, found):
    says_no = request.POST.get("antwoord") == "nee"
    try:
        (offers.decline if says_no else offers.accept)(offer=found, by=request.actor)
    except offers.OfferRefused as refused:
        found = offers.newest(gesprek.time_offers.filter(pk=found.pk))
        if found and not offers.why_not(found, gesprek, now=timezone.now()):  # else the page says it itself
            messages.warning(request, refusals.OFFER[refused.reason])
        return redirect("offer", pk=gesprek.pk)
    return redirect("offer" if says_no else "my_time", pk=gesprek.pk)


def show(request, gesprek, found):
    """The question; or what became of it, with what one can do."""
    now = timezone.now()
    present = bookings_of([gesprek]).active().first()
    if not found.is_open and present:
        return redirect("my_time", pk=gesprek.pk)  # said yes here or by the other parent, or settled otherwise
    why = offers.why_not(found, gesprek, now=now)
    context = {
        "gesprek": gesprek,
        "offer": found,
        "ends_at": found.slot.starts_at + timedelta(minutes=gesprek.length),
        "who": with_whom(gesprek, found.slot),
        "form": where(request, gesprek),
        "present": present,
        "why": refusals.OFFER[why] if why else "",
        "is_declined": found.accepted is False and found.answered_by == request.actor.person,  # hers to know alone
        "may_search": gesprek.ronde.is_open and not gesprek.ronde.is_wishing,
        "may_choose": not why_closed(gesprek, request.actor, now),
    }
    template = "planning/offer_gone.html" if why else "planning/offer.html"
    return render(request, template, context)
