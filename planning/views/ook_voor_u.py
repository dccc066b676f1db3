"""A parent activity on a guardian's own page: what, when, why, and whether she comes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from planning.activities import guests, items, signing
from planning.activity_forms import SignUpForm
from planning.inviting.wording import and_list
from planning.permissions import activities_for
from school.actor import PERSONAL, open_to

REFUSALS = {
    "full": _l("Er zijn helaas geen plaatsen meer. Wij hopen u een andere keer te zien."),
    "closed": _l("Aanmelden kan niet meer. Wilt u toch graag komen? Bel dan de school."),
    "over": _l("Deze activiteit is al begonnen of voorbij."),
    "off": _l("Deze activiteit gaat helaas niet door."),
    "free": _l("U bent welkom. Aanmelden hoeft niet."),
}
COMES_NOT = "niet"  # what the button of who does not come says


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request, pk):
    """GET says what it is and how things stand; POST signs up, with how many, or off."""
    rows = activities_for(request.actor).select_related("school", "jaarplan")
    activiteit = get_object_or_404(rows, pk=pk)
    known = guests.sign_up_of(request.actor.person, activiteit)
    if request.method != "POST":
        return show(request, activiteit, known, SignUpForm(initial={"aantal": known.number if known else 1}))
    if request.POST.get("kom") == COMES_NOT:
        return sign_off(request, activiteit)
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return show(request, activiteit, known, form, status=422)
    return sign_up(request, activiteit, form.cleaned_data["aantal"])


def show(request, activiteit, known, form, status=200):
    now, person = timezone.now(), request.actor.person
    why_not = signing.why_not(activiteit, now=now)
    left = guests.places_left(activiteit, besides=person)
    comes = known is not None and known.cancelled_at is None
    context = {
        "activity": activiteit,
        "children": and_list(guests.children_of(person, activiteit)),
        "mine": known,
        "comes": comes,
        "how_many": items.with_how_many(known.number) if comes else "",
        "why_not": why_not,
        "refusal": REFUSALS.get(why_not),
        "left": left,
        "full": REFUSALS["full"] if left == 0 else "",
        "may_sign_off": comes and not guests.has_begun(activiteit, now) and why_not != "off",
        "form": form,
    }
    return render(request, "planning/my_activity.html", context, status=status)


def sign_up(request, activiteit, number):
    try:
        signing.sign_up(activiteit=activiteit, number=number, by=request.actor)
    except signing.SignUpRefused as refusal:
        messages.warning(request, in_words(refusal))
    return redirect("my_activity", pk=activiteit.pk)


def in_words(refusal):
    if refusal.reason == "full" and refusal.left:
        sentence = ngettext(
            "Er is nog plaats voor %(n)s persoon. Wilt u met minder mensen komen?",
            "Er is nog plaats voor %(n)s mensen. Wilt u met minder mensen komen?",
            refusal.left,
        )
        return sentence % {"n": refusal.left}
    return REFUSALS[refusal.reason]


def sign_off(request, activiteit):
    try:
        signing.sign_off(activiteit=activiteit, by=request.actor)
    except signing.SignUpRefused as refusal:
        messages.warning(request, REFUSALS[refusal.reason])
    else:
        messages.success(request, _("Wij weten dat u niet komt."))
    return redirect("my_activity", pk=activiteit.pk)
