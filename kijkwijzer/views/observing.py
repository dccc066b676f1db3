"""Looking along: a teacher asks a colleague, the colleague answers and scores. The colleague never reads about whom."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import conducts, visible_gesprekken
from kijkwijzer.instrument import outline_of
from kijkwijzer.looking import observing
from kijkwijzer.looking_forms import InviteForm
from kijkwijzer.permissions import colleagues_of, visible_invites, visible_to_observe
from kijkwijzer.views import look_form
from kijkwijzer.views.looking import outline_for, working_on
from planning.around import joining
from school.actor import STAFF, open_to

SHOWN = 30  # gesprekken to choose from; the others are on their own pages

WHY_NOT = {
    "colleague": _l("Deze collega kunnen we niet vragen. Kies iemand anders."),
    "family": _l("Deze collega hoort bij dit kind en kan daarom niet meekijken. Kies iemand anders."),
    "over": _l("Dit gesprek is al geweest of gaat niet door. Er is niets veranderd."),
    "asked": _l("Deze collega heb je al gevraagd. De vraag staat nog."),
    "parents": _l("Ouders horen een week vooraf dat er iemand meekijkt. Bespreek het daarom eerst met hen."),
    "withdrawn": _l("De vraag om mee te kijken is ingetrokken. Je hoeft niets te doen."),
    "declined": _l("Zeg eerst dat je meekijkt. Er is niets bewaard."),
    "not_held": _l("Het gesprek is nog niet geweest. Daarna kun je hier invullen wat je zag."),
    "given": _l("Je collega heeft al ingevuld wat er te zien was. Intrekken kan nu niet meer."),
    "not_yours": _l("Dit kun jij niet doen. Er is niets veranderd."),
}


# --- the teacher -----------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_GET
def observers(request):
    """Whom I asked, and my gesprekken for which I can ask somebody."""
    actor, now = request.actor, timezone.now()
    ahead = visible_to_observe(actor, now).select_related("leerling__person", "groep", "ronde__soort")
    mine = observing.asked_by(actor, visible_invites(actor), now)
    context = {
        "ahead": ahead[:SHOWN],
        "asked": mine,
        "named": dict(
            visible_gesprekken(actor)
            .filter(pk__in=[row.invite.gesprek_id for row in mine])
            .values_list("pk", "leerling__person__first_name")
        ),
    }
    return render(request, "kijkwijzer/observers.html", context)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_observer(request, pk):
    actor, now = request.actor, timezone.now()
    gesprekken = visible_gesprekken(actor).select_related("ronde__soort", "leerling__person", "groep", "school")
    gesprek = get_object_or_404(gesprekken, pk=pk)
    if not conducts(actor, gesprek):
        raise PermissionDenied
    outline = outline_for(actor)
    goal = working_on(actor, outline)
    over = observing.is_over(gesprek, now)
    form = InviteForm(
        request.POST or None,
        colleagues=colleagues_of(actor),
        goal=goal,
        asks_parents=not over and observing.needs_parents(gesprek, now),
    )
    if request.method == "POST" and form.is_valid() and (answer := send_invite(request, gesprek, form, goal, now)):
        return answer
    context = {
        "gesprek": gesprek,
        "form": form,
        "over": over,
        "booking": observing.booking_of(gesprek),
        "untold": [] if over else joining.without_address(gesprek),
        "asked": observing.asked_by(actor, visible_invites(actor).filter(gesprek=gesprek), now),
    }
    return render(request, "kijkwijzer/ask_observer.html", context, status=422 if form.errors else 200)


def send_invite(request, gesprek, form, goal, now):
    """Ask; the answer to send, or None where the form says why not."""
    told = goal if form.cleaned_data.get("tell_goal") else None
    try:
        invite = observing.invite_observer(
            gesprek=gesprek,
            observer=form.cleaned_data["observer"],
            words=form.cleaned_data["words"],
            factor=told.number if told else None,
            agreed=form.cleaned_data.get("agreed", False),
            by=request.actor,
            now=now,
        )
    except observing.ObservingRefused as refusal:
        form.add_error(None, WHY_NOT[refusal.reason])
        return None
    name = {"name": invite.observer.name}
    messages.success(
        request, _("%(name)s krijgt een mail met de vraag. Zegt je collega ja, dan horen de ouders het van ons.") % name
    )
    return redirect("ask_observer", pk=gesprek.pk)


def own_invite(request, pk):
    """An invitation of one's own, to change."""
    return get_object_or_404(
        visible_invites(request.actor)
        .filter(teacher=request.actor.person)
        .select_related("gesprek__school", "observer"),
        pk=pk,
    )


@open_to(STAFF)
@require_POST
def withdraw_observer(request, pk):
    invite = own_invite(request, pk)
    try:
        observing.withdraw(invite=invite, by=request.actor, now=timezone.now())
    except observing.ObservingRefused as refusal:
        messages.error(request, WHY_NOT[refusal.reason])
    else:
        messages.success(request, _("Ingetrokken. %(name)s kijkt niet mee.") % {"name": invite.observer.name})
    return redirect("ask_observer", pk=invite.gesprek_id)


@open_to(STAFF)
@require_POST
def parents_agree(request, pk):
    invite = own_invite(request, pk)
    observing.parents_agree(invite=invite, by=request.actor)
    name = {"name": invite.observer.name}
    messages.success(request, _("Bewaard: de ouders vinden het goed. %(name)s kan nu ja zeggen.") % name)
    return redirect("ask_observer", pk=invite.gesprek_id)


# --- the colleague ---------------------------------------------------------------------------------------------------


def asked_invite(request, pk):
    """An invitation to oneself, as a page shows it."""
    now = timezone.now()
    found = observing.seen(visible_invites(request.actor).filter(observer=request.actor.person, pk=pk), now)
    if not found:
        get_object_or_404(visible_invites(request.actor).none(), pk=pk)
    return found[0]


@open_to(STAFF)
@require_GET
def observe(request, pk):
    row = asked_invite(request, pk)
    outline = outline_for(request.actor)
    context = {
        "row": row,
        "invite": row.invite,
        "factor": outline.factor(row.invite.factor or 0),
        "at_school": row.invite.gesprek.actual_form == "school",
        "waits_for_parents": not row.invite.agreed
        and row.state in ("asked", "declined")
        and observing.needs_parents(row.invite.gesprek, timezone.now()),
    }
    return render(request, "kijkwijzer/observe.html", context)


@open_to(STAFF)
@require_POST
def answer_observe(request, pk):
    row = asked_invite(request, pk)
    accepts = request.POST.get("antwoord") == "ja"
    try:
        observing.answer(invite=row.invite, accepts=accepts, by=request.actor, now=timezone.now())
    except observing.ObservingRefused as refusal:
        messages.error(request, WHY_NOT[refusal.reason])
    else:
        name = {"name": row.invite.teacher.name}
        said = (
            _("Fijn. %(name)s hoort dat je meekijkt, en de ouders ook.")
            if accepts
            else _("%(name)s hoort dat het niet lukt.")
        )
        messages.success(request, said % name)
    return redirect("observe", pk=pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def score_colleague(request, pk):
    row = asked_invite(request, pk)
    now = timezone.now()
    try:
        observing.guard(row.invite, request.actor, now)
    except observing.ObservingRefused as refusal:
        status = 409 if request.method == "POST" else 200
        context = {"invite": row.invite, "why": WHY_NOT[refusal.reason]}
        return render(request, "kijkwijzer/not_to_score.html", context, status=status)
    stored = observing.observation_of(row.invite)
    outline = outline_of(stored.instrument) if stored else outline_for(request.actor)
    factor = look_form.asked_factor(request, outline, outline.factor(row.invite.factor or 0))
    url = reverse("score_colleague", args=[pk])
    sheet = look_form.Sheet(url, outline, stored, teacher=row.invite.teacher, invite=row.invite)
    if request.method == "POST":
        return keep(request, sheet, factor)
    return look_form.show(request, sheet, look_form.unbound(sheet, factor))


def keep(request, sheet, factor):
    ready = request.POST.get("klaar") == "1"

    def save(**filled):
        return observing.score(invite=sheet.invite, by=request.actor, ready=ready, now=timezone.now(), **filled)

    refused = (*look_form.REFUSED, observing.ObservingRefused)
    kept = look_form.keep(request, sheet, factor, save, refused)
    if isinstance(kept, HttpResponse):
        return kept
    if request.POST.get("verder"):
        messages.success(request, _("Bewaard. Je kunt verder waar je was, of later terugkomen."))
        return look_form.back_to(request, sheet, factor)
    name = {"name": sheet.teacher.name}
    if kept.finished_at:
        messages.success(request, _("Bewaard. Alleen jij en %(name)s lezen dit.") % name)
    else:
        messages.success(
            request, _("Bewaard. Alleen jij ziet dit nog; %(name)s leest het pas als je klaar bent.") % name
        )
    return redirect("terugblik", pk=kept.pk)
