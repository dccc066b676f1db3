"""One parent activity, for staff: who is invited, who comes, and afterwards who was there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import may_edit_year, visible_activity_guests
from planning import week
from planning.activities import asking, guests, letters, signing
from planning.activity_forms import CameForm
from planning.inviting.wording import and_list
from planning.opening_forms import ReasonForm
from planning.permissions import groepen_to_tick, may_invite_to_activities
from school.actor import STAFF, open_to

NOT_INVITED = {
    "off": _l("Deze activiteit gaat niet door. Er is niets verstuurd."),
    "over": _l("Deze activiteit is al begonnen of voorbij. Er is niets verstuurd."),
    "words": _l("Schrijf eerst op wat er gebeurt en waarom ouders welkom zijn. Er is niets verstuurd."),
    "nobody": _l("Iedereen die we kunnen mailen, weet het al. Er is niets verstuurd."),
}


def load(request, pk):
    rows = visible_activity_guests(request.actor).select_related("school", "jaarplan__schooljaar")
    return get_object_or_404(rows, pk=pk)


def guest_context(request, activiteit, form=None):
    now, actor = timezone.now(), request.actor
    groepen = guests.groepen_of(activiteit).order_by("name")
    mine = groepen if actor.is_leiding or actor.is_ib else groepen.filter(pk__in=actor.groep_ids)
    about = guests.families(guests.welcome(activiteit, mine))
    rows = [row for row in guests.coming(activiteit) if actor.is_leiding or row.person in about]
    for row in rows:
        row.children = and_list(about.get(row.person, []))
    reached, pupils = guests.who_came(activiteit, mine)
    ticking = groepen_to_tick(actor, groepen)
    return {
        "activity": activiteit,
        "groepen": groepen,
        "rows": rows,
        "people": sum(row.number for row in rows),
        "only_own": not (actor.is_leiding or actor.is_ib),
        "left": guests.places_left(activiteit),
        "has_begun": now >= guests.begins_at(activiteit),
        "reach": asking.reach_of(activiteit) if actor.is_leiding else None,
        "may_invite": may_invite_to_activities(actor) and not asking.why_not(activiteit, now=now),
        "why_not": NOT_INVITED.get(asking.why_not(activiteit, now=now)),
        "may_edit": may_edit_year(actor) and not activiteit.called_off_at,
        "may_call_off": may_edit_year(actor) and asking.may_be_called_off(activiteit, now=now),
        "week": asking.needs_reason(activiteit, now=now),
        "is_near": week.is_near(activiteit.on, now=now, zone=activiteit.school.zone),
        "reason": asking.reason_given(activiteit) if actor.is_leiding else None,
        "form": form or ReasonForm(),
        "ticking": ticking,
        "letters": letters.counts(activiteit, ticking),
        "may_print": letters.may_be_printed(activiteit, now=now) and bool(ticking),
        "reached": reached,
        "pupils": pupils,
    }


@open_to(STAFF)
@require_GET
def guest_page(request, pk):
    """Who is invited and who comes; a teacher reads the families of her own groups."""
    return render(request, "planning/activity_guests.html", guest_context(request, load(request, pk)))


@open_to(STAFF)
@require_POST
def invite(request, pk):
    activiteit = load(request, pk)
    if not may_invite_to_activities(request.actor):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if form.is_valid() and send(request, activiteit, form):
        return redirect("activity_guests", pk=pk)
    return render(request, "planning/activity_guests.html", guest_context(request, activiteit, form), status=422)


def send(request, activiteit, form):
    """Whether the page can be shown anew: sent, or a refusal that is no fault in the form."""
    try:
        count = asking.invite(activiteit=activiteit, by=request.actor, reason=form.cleaned_data["reason"])
    except week.ReasonNeeded:
        form.add_error("reason", _("Het is al binnen een week. Schrijf op waarom ouders het nu pas horen."))
        return False
    except asking.NotInvited as refusal:
        messages.warning(request, NOT_INVITED[refusal.reason])
    else:
        sentence = ngettext("De uitnodiging gaat naar %(n)s ouder.", "De uitnodiging gaat naar %(n)s ouders.", count)
        messages.success(request, sentence % {"n": count})
    return True


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def who_came(request, pk, groep_pk):
    """Tick per group who was there: also who had not signed up."""
    activiteit = load(request, pk)
    ticking = groepen_to_tick(request.actor, guests.groepen_of(activiteit).order_by("name"))
    groep = get_object_or_404(ticking, pk=groep_pk)
    if activiteit.called_off_at:
        raise Http404
    people = guests.could_come(activiteit, groep)
    children = guests.families(guests.welcome(activiteit, [groep]))
    labels = {person.pk: f"{person.name} ({and_list(names)})" for person, names in children.items()}
    came = people.filter(sign_ups__activiteit=activiteit, sign_ups__came=True)
    form = CameForm(request.POST if request.method == "POST" else None, people=people, labels=labels,
                    initial={"kwam": came})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            signing.note_who_came(activiteit=activiteit, groep=groep, came=form.cleaned_data["kwam"], by=request.actor)
        except signing.TooEarly:
            messages.warning(request, _("De activiteit is nog niet begonnen. Er is niets bewaard."))
        else:
            messages.success(request, _("Bewaard wie er van %(groep)s was.") % {"groep": groep})
        return redirect("activity_guests", pk=pk)
    context = {"activity": activiteit, "groep": groep, "groepen": ticking, "form": form}
    return render(request, "planning/activity_came.html", context, status=422 if form.errors else 200)
