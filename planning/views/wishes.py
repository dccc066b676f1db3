"""When can you? A guardian taps the parts of the days, on a phone; staff write it down for who phones."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gesprekken.permissions import visible_gesprekken
from planning.emails import choosing_closes_on
from planning.models import Wish
from planning.parent_forms import WishForm
from planning.permissions import guardians_to_ask, wishing_rondes
from planning.plan import wishes as verbs
from planning.views import refusals
from planning.views.leerkracht import back_to_groep, load_to_plan
from school.actor import PERSONAL, STAFF, open_to


def load(request, pk):
    """(ronde, gesprekken) of this guardian, or 404. Each gesprek with its child."""
    ronde = get_object_or_404(wishing_rondes(request.actor).select_related("school"), pk=pk)
    mine = verbs.gesprekken_of(ronde, request.actor.person) & visible_gesprekken(request.actor)
    return ronde, list(mine.select_related("leerling__person", "groep").order_by("leerling__person__first_name", "pk"))


def why_not(ronde, actor):
    """The reason wishes cannot be given now, or an empty string."""
    try:
        verbs.check_now(ronde, by=actor, now=timezone.now())
    except verbs.WishRefused as refused:
        return refused.reason
    return ""


def form_for(request, ronde, person, gesprekken):
    given = verbs.wishes_of(ronde, person)
    posted = request.POST if request.method == "POST" else None
    return WishForm(posted, asked=verbs.parts_asked(ronde, gesprekken), given=given), bool(given)


def keep(request, form, ronde, person):
    """Save what the form says, or 'always'. Raises WishRefused."""
    said = dict.fromkeys(form.wishes, Wish.Can.YES) if "altijd" in request.POST else form.wishes
    verbs.give_wishes(ronde=ronde, person=person, wishes=said, by=request.actor)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request, pk):
    """One page for all children of this guardian in the ronde."""
    ronde, gesprekken = load(request, pk)
    if reason := why_not(ronde, request.actor):
        messages.warning(request, refusals.WISH[reason])
        return redirect("my_page")
    form, answered = form_for(request, ronde, request.actor.person, gesprekken)
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, form, ronde, request.actor.person)
        except verbs.WishRefused as refused:
            messages.warning(request, refusals.WISH[refused.reason])
            return redirect("my_page")
        return redirect("wishes_given", pk=ronde.pk)
    context = {
        "ronde": ronde,
        "names": [gesprek.leerling.person.first_name for gesprek in gesprekken],
        "call": gesprekken[0] if gesprekken else None,
        "form": form,
        "answered": answered,
        "closes_on": choosing_closes_on(ronde),
    }
    return render(request, "planning/wishes.html", context, status=422 if form.errors else 200)


@open_to(PERSONAL)
@require_GET
def wishes_given(request, pk):
    """What she said, and what happens next and when."""
    ronde, gesprekken = load(request, pk)
    given = verbs.wishes_of(ronde, request.actor.person)
    if not given:
        return redirect("wishes", pk=ronde.pk)
    context = {
        "ronde": ronde,
        "names": [gesprek.leerling.person.first_name for gesprek in gesprekken],
        "call": gesprekken[0] if gesprekken else None,
        "days": in_words(given),
        "never": not any(can != Wish.Can.NO for can in given.values()),
        "always": all(can == Wish.Can.YES for can in given.values()),
        "may_change": not why_not(ronde, request.actor),
        "closes_on": choosing_closes_on(ronde),
    }
    return render(request, "planning/wishes_given.html", context)


def in_words(given):
    """[(date, [(part, Wish.Can)])] in reading order."""
    days = {}
    for (on, part), can in sorted(given.items(), key=lambda item: (item[0][0], item[0][1].hours)):
        days.setdefault(on, []).append((part, can))
    return list(days.items())


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def wishes_for(request, pk, person_pk):
    """Staff write down when a guardian can: on the phone, at the gate. For all her children in the ronde at once."""
    gesprek = load_to_plan(request, pk)
    ronde = gesprek.ronde
    person = get_object_or_404(guardians_to_ask(request.actor, gesprek), pk=person_pk)
    if reason := why_not(ronde, request.actor):
        messages.warning(request, refusals.WISH_STAFF[reason])
        return back_to_groep(request, gesprek)
    form, answered = form_for(request, ronde, person, list(verbs.gesprekken_of(ronde, person)))
    if request.method == "POST" and form.is_valid():
        try:
            keep(request, form, ronde, person)
            messages.success(request, _("De wens van %(name)s is bewaard.") % {"name": person.name})
        except verbs.WishRefused as refused:
            messages.warning(request, refusals.WISH_STAFF[refused.reason])
        return back_to_groep(request, gesprek)
    context = {"ronde": ronde, "gesprek": gesprek, "person": person, "form": form, "answered": answered}
    return render(request, "planning/wishes_for.html", context, status=422 if form.errors else 200)
