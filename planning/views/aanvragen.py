"""A gesprek on request: a parent, a pupil or a teacher asks, the school answers; and days that are kept free for it."""

from collections import defaultdict
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken import aanvragen
from gesprekken.aanvragen import Answer
from gesprekken.parties import leerlingen_in_groepen
from gesprekken.permissions import (
    answerable_aanvragen,
    askable_leerlingen,
    askable_soorten,
    choosable_leerlingen,
    may_choose_leerlingen,
    may_edit_ronde,
    visible_aanvragen,
    visible_gesprekken,
    visible_rondes,
)
from planning.aanvraag_forms import AskForm, WhomForm
from planning.inviting import announcing, opening
from planning.permissions import may_open_ronde
from school.actor import PERSONAL, STAFF, open_to
from school.outbox import address_of
from school.row_ids import row_id

LINGERS = timedelta(days=30)  # how long an answer stays in sight
FORM = ["GET", "HEAD", "POST"]
TO_THE_FAMILY = {
    "have_one": _l("Dit gesprek komt er al. U hoeft het niet te vragen."),
    "answered": _l("De school heeft al geantwoord. Bel de school als u nog iets wilt."),
}
TO_THE_PUPIL = {
    "have_one": _l("Dit gesprek komt er al. Je hoeft het niet te vragen."),
    "answered": _l("De school heeft al geantwoord. Vraag het aan je juf of meester."),
}
TO_STAFF = {
    "have_one": _l("Dit gesprek komt er al voor deze leerling."),
    "answered": _l("Een collega heeft hier net op geantwoord."),
    "no_ronde": _l("In deze ronde kan dit gesprek niet meer. Kies een andere ronde."),
    "week": _l("De ronde begint binnen een week. Schrijf op waarom ouders het zo laat horen."),
}
ANNOUNCE = {
    "not_draft": _l("Deze ronde is niet meer in voorbereiding. Er is niets verstuurd."),
    "everybody": _l("Deze ronde is voor alle leerlingen. Iedereen krijgt een uitnodiging als de ronde opengaat."),
    "no_groups": _l("Kies eerst voor welke groepen deze ronde is."),
    "past": _l("De eerste dag is vandaag of al geweest. Kies eerst andere dagen."),
}


def today_at(school):
    return timezone.localdate(timezone=school.zone)


def asked_by(actor):
    """What this person asked for that is still worth reading."""
    recent = Q(answered_at__gte=timezone.now() - LINGERS)
    shown = (
        Q(answer=Answer.WAITING) | Q(recent, answer=Answer.DECLINED) | Q(answer=Answer.PLANNED, ronde__state="draft")
    )
    return visible_aanvragen(actor).filter(shown)


def asking_of(actor, rows=None):
    """[(child, what this person asked for her)] on a page of parents or pupils. `rows`: asked_by, where it is known."""
    found = aanvragen.askable(askable_leerlingen(actor), askable_soorten(actor), on=today_at(actor.school))
    mine = defaultdict(list)
    for row in (asked_by(actor) if rows is None else rows) if found else ():
        mine[row.leerling_id].append(row)
    return [(leerling, mine[leerling.pk]) for leerling, _soorten in found]


def load_child(request, pk):
    """(the pupil, the kinds of gesprek that can be asked for), or 404."""
    found = aanvragen.askable(
        askable_leerlingen(request.actor).filter(pk=pk),
        askable_soorten(request.actor),
        on=today_at(request.actor.school),
    )
    if not found:
        raise Http404
    return found[0]


def asked(request, leerling, form, sentences, *, follows=None):
    """The new Aanvraag, or None with what was wrong on the form."""
    try:
        return aanvragen.ask(leerling=leerling, by=request.actor, follows=follows, **form.cleaned_data)
    except aanvragen.AanvraagRefused as refused:
        form.add_error(None, sentences[refused.reason])


@open_to(PERSONAL)
@require_http_methods(FORM)
def ask_gesprek(request, pk):
    """A parent, or the pupil: which gesprek, and why."""
    leerling, soorten = load_child(request, pk)
    form = AskForm(request.POST if request.method == "POST" else None, soorten=soorten)
    sentences = TO_THE_PUPIL if request.actor.is_pupil else TO_THE_FAMILY
    if request.method == "POST" and form.is_valid() and (made := asked(request, leerling, form, sentences)):
        return redirect("asked_gesprek", pk=made.pk)
    context = {"leerling": leerling, "form": form, "soorten": soorten}
    return render(request, "planning/ask_gesprek.html", context, status=422 if form.errors else 200)


@open_to(PERSONAL)
@require_http_methods(FORM)
def asked_gesprek(request, pk):
    """That it was asked, and what comes of it. POST takes it back."""
    aanvraag = get_object_or_404(visible_aanvragen(request.actor), pk=pk)
    if request.method == "POST":
        pupil = request.actor.is_pupil
        try:
            aanvragen.withdraw(aanvraag=aanvraag, by=request.actor)
        except aanvragen.AanvraagRefused as refused:
            messages.warning(request, (TO_THE_PUPIL if pupil else TO_THE_FAMILY)[refused.reason])
            return redirect("asked_gesprek", pk=pk)
        messages.success(
            request, _("Je vraag is weg. Niemand leest hem.") if pupil else _("Uw vraag is weg. Niemand leest hem nog.")
        )
        return redirect("pupil_page" if pupil else "my_page")
    return render(request, "planning/asked_gesprek.html", {"aanvraag": aanvraag})


# --- the school ------------------------------------------------------------------------------------------------------


def too_short(request, leerling):
    """The gesprek from which one comes to ask for more (`?vervolg=`), or None."""
    seen = visible_gesprekken(request.actor).filter(leerling=leerling, pk=row_id(request.GET.get("vervolg")) or 0)
    return seen.select_related("ronde").first()


def as_follow_up(gesprek):
    """What the form begins with."""
    if gesprek is None:
        return None
    words = {"reason": _("Er was meer te bespreken.")}
    return {"soort": gesprek.ronde.soort_id, **words} if gesprek.held_on else words


def tasks_of(actor):
    """What waits for an answer, and for who makes rondes the kinds for which there is none yet: [(kind, how many)]."""
    answerable = answerable_aanvragen(actor)
    found = {
        "asked": visible_aanvragen(actor).filter(answer=Answer.WAITING),
        "answers": answerable.filter(answer=Answer.WAITING).exists(),
        "to_make": [],
    }
    if found["answers"] and may_edit_ronde(actor):
        today = today_at(actor.school)
        found["to_make"] = aanvragen.kinds_without_ronde(answerable, visible_rondes(actor), today=today)
    return found


def what_is_next(actor, aanvraag):
    """To the colleague who asked: what she does now, or who does and where she sees it."""
    if aanvragen.rondes_for(aanvraag, visible_rondes(actor), now=timezone.now()):
        return _("De aanvraag staat klaar. Kies hieronder in welke ronde het gesprek komt.")
    if may_edit_ronde(actor):
        return _("De aanvraag staat klaar. Er is nog geen ronde voor dit gesprek. Maak er hieronder een.")
    return _(
        "De aanvraag staat klaar. Er is nog geen ronde voor dit gesprek. De schoolleiding ziet je aanvraag en kan een "
        "ronde maken. Daarna kies je hieronder die ronde."
    )


@open_to(STAFF)
@require_http_methods(FORM)
def ask_for_pupil(request, pk):
    leerling, soorten = load_child(request, pk)
    before = too_short(request, leerling)
    data = request.POST if request.method == "POST" else None
    form = AskForm(data, soorten=soorten, initial=as_follow_up(before))
    if data is not None and form.is_valid() and (made := asked(request, leerling, form, TO_STAFF, follows=before)):
        messages.success(request, what_is_next(request.actor, made))
        return redirect("aanvragen")
    context = {"leerling": leerling, "form": form, "soorten": soorten, "before": before}
    return render(request, "planning/ask_for_pupil.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_GET
def aanvragen_list(request):
    return show_aanvragen(request)


def show_aanvragen(request, *, refused=None, status=200):
    """What waits, with the rondes in which it can be, and what was answered lately. `refused`: (pk, its sentence)."""
    now, rows = timezone.now(), visible_aanvragen(request.actor)
    waiting = list(rows.filter(answer=Answer.WAITING).order_by("created_at", "pk"))
    answerable = set(answerable_aanvragen(request.actor).values_list("pk", flat=True))
    earlier = visible_gesprekken(request.actor).filter(pk__in=[row.follows_id for row in waiting if row.follows_id])
    seen = set(earlier.values_list("pk", flat=True))
    for row in waiting:
        row.may_answer = row.pk in answerable
        row.rondes = aanvragen.rondes_for(row, visible_rondes(request.actor), now=now)
        row.hurried = any(opening.needs_reason(ronde, now=now) for ronde in row.rondes)
        row.before = row.follows if row.follows_id in seen else None
        row.refusal = refused[1] if refused and refused[0] == row.pk else ""
    answered = rows.exclude(answer=Answer.WAITING).filter(answered_at__gte=now - LINGERS)
    context = {
        "waiting": waiting,
        "answered": answered.select_related("answered_by").order_by("-answered_at"),
        "may_make": may_edit_ronde(request.actor),
        "typed": request.POST,
    }
    return render(request, "planning/aanvragen.html", context, status=status)


@open_to(STAFF)
@require_POST
def answer_aanvraag(request, pk):
    """`antwoord` is ja, in the chosen `ronde`, or nee."""
    aanvraag = get_object_or_404(visible_aanvragen(request.actor), pk=pk)
    if not answerable_aanvragen(request.actor).filter(pk=pk).exists():
        raise PermissionDenied
    try:
        sentence = answered(request, aanvraag)
    except aanvragen.AanvraagRefused as refused:
        if refused.reason == "answered":
            messages.warning(request, TO_STAFF["answered"])
            return redirect("aanvragen")
        return show_aanvragen(request, refused=(pk, TO_STAFF[refused.reason]), status=422)
    messages.success(request, sentence)
    return redirect("aanvragen")


def answered(request, aanvraag):
    name = {"name": aanvraag.leerling.person.first_name}
    if request.POST.get("antwoord") == "nee":
        aanvragen.decline(aanvraag=aanvraag, by=request.actor)
        name["asker"] = aanvraag.person.name
        if aanvraag.as_role == aanvragen.As.OUDER and address_of(aanvraag.person):
            return _("Het gesprek over %(name)s komt er nu niet. %(asker)s krijgt een mail.") % name
        return _("Het gesprek over %(name)s komt er nu niet. Vertel het zelf aan %(asker)s.") % name
    ronde = visible_rondes(request.actor).filter(pk=row_id(request.POST.get("ronde")) or 0).first()
    if request.POST.get("antwoord") != "ja" or ronde is None:
        raise aanvragen.AanvraagRefused("no_ronde")
    aanvragen.accept(aanvraag=aanvraag, ronde=ronde, by=request.actor, reason=request.POST.get("reden", "")[:300])
    if ronde.is_open:
        return _("Het gesprek over %(name)s komt er. De ouders krijgen een uitnodiging.") % name
    return _("Het gesprek over %(name)s komt er. De ouders krijgen een uitnodiging als de ronde opengaat.") % name


# --- a ronde on request ----------------------------------------------------------------------------------------------


def load_on_request(request, pk):
    rondes = visible_rondes(request.actor).select_related("soort", "school")
    return get_object_or_404(rondes, pk=pk, whom="asked")


@open_to(STAFF)
@require_http_methods(FORM)
def ronde_whom(request, pk):
    """The pupils of the groups with a box each: the school says itself for whom this ronde is."""
    ronde = load_on_request(request, pk)
    if not may_choose_leerlingen(request.actor, ronde):
        raise PermissionDenied
    among = choosable_leerlingen(request.actor, ronde)
    form = WhomForm(request.POST if request.method == "POST" else None, among=among)
    if request.method == "POST" and form.is_valid() and chosen(request, ronde, form, among):
        return redirect("ronde_whom", pk=pk)
    have, fixed = aanvragen.chosen_in(ronde)
    ticked = {row_id(value) for value in request.POST.getlist("leerlingen")} if form.is_bound else have
    mine, groepen = set(among.values_list("pk", flat=True)), defaultdict(list)
    for leerling, groep in leerlingen_in_groepen(ronde):
        if leerling.pk in mine:
            groepen[groep].append((leerling, leerling.pk in ticked or leerling.pk in fixed, leerling.pk in fixed))
    context = {
        "ronde": ronde,
        "form": form,
        "groepen": list(groepen.items()),
        "hurried": opening.needs_reason(ronde, now=timezone.now()),
    }
    return render(request, "planning/ronde_whom.html", context, status=422 if form.errors else 200)


def chosen(request, ronde, form, among):
    """Hand the boxes to the verb; a refusal becomes a sentence on the form."""
    data = form.cleaned_data
    try:
        count = aanvragen.choose(
            ronde=ronde, leerlingen=data["leerlingen"], among=among, by=request.actor, reason=data["reason"]
        )
    except aanvragen.AanvraagRefused as refused:
        form.add_error("reason" if refused.reason == "week" else None, TO_STAFF[refused.reason])
        return False
    sentence = _("Bewaard. Ouders krijgen de uitnodiging als de ronde opengaat.")
    if ronde.is_open and not count:
        sentence = _("Bewaard. Niemand nieuw is uitgenodigd.")
    elif ronde.is_open:
        sentence = ngettext(
            "Bewaard. De ouders van %(n)s leerling krijgen een uitnodiging.",
            "Bewaard. De ouders van %(n)s leerlingen krijgen een uitnodiging.",
            count,
        ) % {"n": count}
    messages.success(request, sentence)
    return True


@open_to(STAFF)
@require_POST
def announce_days(request, pk):
    ronde = load_on_request(request, pk)
    if not may_open_ronde(request.actor):
        raise PermissionDenied
    try:
        count = announcing.announce(ronde=ronde, by=request.actor)
    except announcing.AnnounceRefused as refused:
        messages.warning(request, ANNOUNCE[refused.reason])
        return redirect("ronde", pk=pk)
    if count:
        sentence = ngettext(
            "%(n)s ouder krijgt een mail over deze dagen.", "%(n)s ouders krijgen een mail over deze dagen.", count
        )
        messages.success(request, sentence % {"n": count})
    else:
        messages.info(request, _("Iedereen die we kunnen mailen, weet dit al. Er is niets opnieuw verstuurd."))
    return redirect("ronde", pk=pk)
