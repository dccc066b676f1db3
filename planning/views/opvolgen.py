"""Nobody left out (I4): the families that need something, and what was tried to reach them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.core.validators import validate_email
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gesprekken.models import Ronde
from gesprekken.permissions import visible_gesprekken
from planning.inviting import attempts, followup, per_groep, waiting
from planning.permissions import (
    gesprekken_to_follow_up,
    guardians_to_mend,
    guardians_to_reach,
    may_log_attempt,
    may_plan_for,
    plannable,
    visible_attempts,
    visible_wishes,
)
from planning.times import none_suits
from planning.views import refusals
from planning.views.back import way_back
from school import contact
from school.actor import STAFF, open_to
from school.row_ids import row_id

MOST_OF_ADDRESS = 254
PER_PAGE = 40  # families; more than a teacher ever has


@open_to(STAFF)
@require_GET
def follow_up(request):
    """One list, the most urgent first; what was tried and what can be done stands on the row.

    Who follows the whole school reads it by groep.
    """
    actor, now = request.actor, timezone.now()
    ahead = followup.ahead(gesprekken_to_follow_up(actor))
    found = waiting.needing(followup.standings(ahead), now=now)
    chosen = {name: row_id(request.GET.get(name)) for name in ("groep", "ronde")}
    chosen["reden"] = request.GET.get("reden") if request.GET.get("reden") in waiting.REASONS else None
    rows = [row for row in found if _fits(row, **chosen)]
    fresh = [row for row in rows if row.why == waiting.FRESH]
    by_groep = _is_wide(actor, rows, chosen) and len(fresh) < len(rows)
    shown = _by_groep(request, rows) if by_groep else _as_one(request, rows)
    context = shown | {
        "by_groep": by_groep,
        "total": len(rows),
        "fresh": per_groep.counted(fresh) if by_groep else (),
        "fresh_total": len(fresh),
        "counts": waiting.counted(rows),
        "quick": attempts.QUICK,
        "other": attempts.OTHER,
        "groepen": _choices(found, "groep"),
        "rondes": _choices(found, "ronde"),
        "chosen": chosen,
        "reason": waiting.REASONS.get(chosen["reden"]),
        "is_filtered": any(chosen.values()),
        "reacted": len(fresh) == len(rows),
        "open_rondes": ahead.filter(ronde__state=Ronde.State.OPEN).exists(),
        "back": request.get_full_path(),
    }
    return render(request, "planning/follow_up.html", context)


def _is_wide(actor, rows, chosen):
    """Whether she follows more than one groep, and asked for none of them, nor for one reason, in particular."""
    many = len({row.gesprek.groep_id for row in rows}) > 1
    return many and (actor.is_leiding or actor.is_ib) and not chosen["groep"] and not chosen["reden"]


def _as_one(request, rows):
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("pagina"))
    dress(page.object_list, request.actor, timezone.now())
    return {"page": page, "sections": waiting.in_sections(page.object_list)}


def _by_groep(request, rows):
    """Whole groepen on a page; after noting something she is back in the groep she was at."""
    found = per_groep.parts([row for row in rows if row.why != waiting.FRESH], own=request.actor.groep_ids)
    page = Paginator(per_groep.in_pages(found, PER_PAGE), 1).get_page(request.GET.get("pagina"))
    parts = page.object_list[0]
    per_groep.unfold(parts, row_id(request.GET.get("open")))
    for part in parts:
        here = request.GET.copy()
        here["open"] = part.groep.pk
        part.back = f"{request.path}?{here.urlencode()}"
    dress([row for part in parts for row in part.rows], request.actor, timezone.now())
    return {"page": page, "parts": parts}


def _fits(row, *, groep, ronde, reden):
    fits = groep in (None, row.gesprek.groep_id) and ronde in (None, row.gesprek.ronde_id)
    return fits and reden in (None, row.why)


def _choices(rows, name):
    """The groups or rondes of these rows, in the order of the school; nothing to choose where there is one."""
    found = {getattr(row.gesprek, name).pk: getattr(row.gesprek, name) for row in rows}
    order = (lambda g: (g.jaargroep, g.name)) if name == "groep" else (lambda r: (r.starts_on, r.pk))
    return sorted(found.values(), key=order) if len(found) > 1 else []


def dress(rows, actor, now):
    """To each row what this member of staff can do, and when the parents who want another time can."""
    may_plan = plannable(actor, [row.gesprek for row in rows])
    unsuited = [row.gesprek.pk for row in rows if row.standing.unsuited_notes]
    wishes = visible_wishes(actor, visible_gesprekken(actor).filter(pk__in=unsuited)) if unsuited else []
    able = {}
    for wish in wishes:
        able.setdefault((wish.ronde_id, wish.person_id), []).append(wish)
    for row in rows:
        row.may_plan = row.gesprek.pk in may_plan
        for note in row.standing.unsuited_notes:
            note.able = none_suits.in_days(able.get((row.gesprek.ronde_id, note.person_id), []))
        for attempt in row.attempts:
            attempt.told = waiting.told(attempt)
            attempt.days_ago = waiting.days_between(attempt.at, now, actor.school.zone)
            attempt.can_go = attempts.can_take_back(attempt, person=actor.person, now=now)


def load(request, pk):
    gesprek = get_object_or_404(visible_gesprekken(request.actor).select_related("leerling__person"), pk=pk)
    if not may_log_attempt(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def to_list(request, gesprek):
    """Back to the row she was at."""
    return redirect(f"{way_back(request) or reverse('follow_up')}#g{gesprek.pk}")


@open_to(STAFF)
@require_POST
def log_attempt(request, pk):
    """`wie` was tried, and `wat` came of it."""
    gesprek = load(request, pk)
    person = guardians_to_reach(request.actor, gesprek).filter(pk=row_id(request.POST.get("wie"))).first()
    way = attempts.WAYS.get(request.POST.get("wat"))
    if person is None or way is None:
        messages.warning(request, _("Kies bij wie je het probeerde en hoe het ging. Er is nog niets genoteerd."))
        return to_list(request, gesprek)
    try:
        attempts.log_attempt(gesprek=gesprek, person=person, how=way.how, outcome=way.outcome, by=request.actor)
    except attempts.AttemptRefused as refused:
        messages.warning(request, refusals.ATTEMPT[refused.reason])
    else:
        about = {"name": gesprek.leerling.person.first_name, "guardian": person.name, "told": way.told}
        messages.success(request, _("Genoteerd bij %(name)s: %(guardian)s, %(told)s.") % about)
    return to_list(request, gesprek)


@open_to(STAFF)
@require_POST
def note_address(request, pk):
    """The `email` of `wie`, whom our mail does not reach, as she said it on the telephone."""
    gesprek = load(request, pk)
    if not may_plan_for(request.actor, gesprek):
        raise PermissionDenied
    person = guardians_to_mend(request.actor, gesprek).filter(pk=row_id(request.POST.get("wie"))).first()
    if person is None:
        messages.info(request, _("Onze mail komt bij deze ouder al aan. Er is niets veranderd."))
        return to_list(request, gesprek)
    typed = request.POST.get("email", "").strip()[:MOST_OF_ADDRESS]
    try:
        validate_email(typed)
        contact.note(person=person, email=typed, by=request.actor)
    except ValidationError:
        sentence = _("‘%(typed)s’ is geen e-mailadres. Er is niets veranderd aan de gegevens van %(name)s.")
        messages.warning(request, sentence % {"typed": typed, "name": person.name})
    else:
        sentence = _("Bewaard. Onze mail aan %(name)s gaat nu naar %(email)s.")
        messages.success(request, sentence % {"name": person.name, "email": typed.lower()})
    return to_list(request, gesprek)


@open_to(STAFF)
@require_POST
def take_back_attempt(request, pk, attempt_pk):
    gesprek = load(request, pk)
    attempt = visible_attempts(request.actor, gesprek).filter(pk=attempt_pk).first()
    if attempt is None:
        messages.info(request, _("Dit stond er al niet meer."))
        return to_list(request, gesprek)
    try:
        attempts.take_back_attempt(attempt=attempt, by=request.actor)
    except attempts.AttemptRefused as refused:
        messages.warning(request, refusals.ATTEMPT[refused.reason])
    else:
        messages.success(request, _("Weggehaald bij %(name)s.") % {"name": gesprek.leerling.person.first_name})
    return to_list(request, gesprek)
