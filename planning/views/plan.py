"""The plan of a ronde, for leadership: have it made, see how good it is, adjust it, release it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.permissions import visible_gesprekken
from planning.inviting import paper
from planning.models import Plan
from planning.opening_forms import ReasonForm
from planning.permissions import may_plan_ronde, visible_planned, visible_plans, visible_teachers
from planning.plan import adjusting, plans, releasing, timetable, verdict
from planning.views import refusals
from planning.views.leiding import load
from school.actor import STAFF, open_to
from school.row_ids import row_id

SLOW_START = timedelta(seconds=30)  # the worker looks every second; longer means that it is not there


def load_ronde(request, pk):
    ronde = load(request, pk)
    if not may_plan_ronde(request.actor):
        raise PermissionDenied
    return ronde


def newest(request, ronde):
    """The plan one looks at: the last one that was asked for, or None. What failed gives way to the plan before it."""
    plans.tidy(ronde)
    found = visible_plans(request.actor, ronde).select_related("job", "ronde__school", "ronde__soort", "by")
    last = found.first()
    if last and last.state == Plan.State.FAILED:
        before = found.exclude(state=Plan.State.FAILED).first()
        if before:
            before.failed_since = True
            return before
    return last


def seen_version(request, found):
    """The version of this plan that the form was about; 0 when it was about another plan."""
    plan_pk, _dash, version = request.POST.get("versie", "").partition("-")
    return (row_id(version) or 0) if row_id(plan_pk) == found.pk else 0


def load_ready(request, pk):
    """(ronde, plan that can be adjusted and released); the plan is None where there is no such plan now."""
    ronde = load_ronde(request, pk)
    found = newest(request, ronde)
    return ronde, found if found and found.state == Plan.State.READY else None


def not_ready(request, pk):
    messages.warning(request, refusals.PLAN["not_ready"])
    return redirect("plan", pk=pk)


@open_to(STAFF)
@require_GET
def plan(request, pk):
    """The state of the plan: nothing yet, in the making, ready, being released, released."""
    ronde = load_ronde(request, pk)
    found = newest(request, ronde)
    context = {"ronde": ronde, "plan": found, "refusal": cannot_make(ronde), "job": found.job if found else None}
    context["apart"] = timetable.apart(ronde)
    context["slow_start"] = found is not None and timezone.now() - found.created_at > SLOW_START
    if found and found.figures.get("scores"):
        names = {m.pk: m.person.name for m in visible_teachers(request.actor).select_related("person")}
        context |= {
            "lines": verdict.lines(found.figures),
            "remarks": list(verdict.remarks(found.figures)),
            "compared": list(verdict.compared(found.figures)),
            "without": without_slot(request, found, names),
            "outdated": found.state == Plan.State.READY and plans.is_outdated(found),
            "refused": refused_rows(request, found),
            "letters": paper.letters_to_print(ronde) if found.released_at else 0,
        }
    return render(request, "planning/plan.html", context)


def cannot_make(ronde):
    """One sentence why no plan can be made now, or an empty string."""
    try:
        plans.check(ronde, now=timezone.now())
    except plans.PlanRefused as refused:
        return refusals.PLAN[refused.reason]
    return ""


def without_slot(request, found, names):
    """The gesprekken without a slot: the row, why, what would solve it, and whose times to look at."""
    rows = visible_planned(request.actor, found).filter(slot=None, gesprek__cancelled_at=None)
    rows = rows.select_related("gesprek__leerling__person", "gesprek__groep").order_by("gesprek__groep__name", "pk")
    for row in rows:
        row.why, row.solve = verdict.why(row.reason, names)
        row.teachers = [(pk, names[pk]) for pk in row.reason.get("staff", []) if pk in names]
    return list(rows)


def refused_rows(request, found):
    """After the release: [(gesprek, sentence)] of who could not get the planned time."""
    refused = dict(found.figures.get("released", {}).get("refused", []))
    gesprekken = visible_gesprekken(request.actor).filter(pk__in=refused).select_related("leerling__person")
    return [(gesprek, refusals.RELEASE.get(refused[gesprek.pk], refusals.RELEASE["busy"])) for gesprek in gesprekken]


@open_to(STAFF)
@require_POST
def make_plan(request, pk):
    ronde = load_ronde(request, pk)
    try:
        plans.make_plan(ronde=ronde, by=request.actor)
    except plans.PlanRefused as refused:
        messages.warning(request, refusals.PLAN[refused.reason])
    return redirect("plan", pk=ronde.pk)


@open_to(STAFF)
@require_POST
def stop_plan(request, pk):
    ronde = load_ronde(request, pk)
    found = newest(request, ronde)
    if found and found.state == Plan.State.MAKING:
        plans.stop(plan=found, by=request.actor)
        messages.info(request, _("We stoppen en houden de beste planning tot nu toe."))
    return redirect("plan", pk=ronde.pk)


# --- adjusting by hand -----------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_GET
def plan_timetable(request, pk):
    """Per day and teacher every slot: planned, pinned, booked or free."""
    ronde, found = load_ready(request, pk)
    if found is None:
        return not_ready(request, pk)
    days = timetable.days_of(found)
    wanted = parse_day(request.GET.get("dag"))
    on = wanted if wanted in days else (days[0] if days else None)
    context = {
        "ronde": ronde,
        "plan": found,
        "days": days,
        "on": on,
        "teachers": timetable.entries(found, on) if on else [],
        "without": without_slot(request, found, {}),
        "apart": timetable.apart(ronde),
    }
    return render(request, "planning/plan_timetable.html", context)


def parse_day(text):
    """The date in ?dag=, or None for whatever is no date."""
    try:
        return parse_date(text or "")
    except ValueError:
        return None


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def adjust_plan(request, pk, gesprek_pk):
    """Where else could this gesprek go? Choose a free time or one to swap with; pin it, or let it loose."""
    ronde, found = load_ready(request, pk)
    gesprek = get_object_or_404(
        visible_gesprekken(request.actor).filter(ronde=ronde).select_related("leerling__person", "groep"),
        pk=gesprek_pk,
    )
    if found is None:
        return not_ready(request, pk)
    if request.method == "POST":
        return adjust(request, ronde, found, gesprek)
    table = adjusting.Table(found)
    try:
        row, targets = table.row(gesprek), table.targets(gesprek)
    except plans.PlanRefused:
        messages.warning(request, _("Dit gesprek heeft al een tijd en hoort niet meer bij de planning."))
        return redirect("plan_timetable", pk=pk)
    context = {
        "ronde": ronde,
        "plan": found,
        "gesprek": gesprek,
        "row": row,
        "days": by_local_day(t for t in targets if not t.refusal),
        "impossible": [(t.slot, refusals.why_not_there(t.refusal)) for t in targets if t.refusal],
        "apart": timetable.apart(ronde),
        "several": len({t.slot.medewerker_id for t in targets}) > 1,
    }
    return render(request, "planning/adjust_plan.html", context)


def by_local_day(targets):
    days = {}
    for target in targets:
        days.setdefault(timezone.localtime(target.slot.starts_at).date(), []).append(target)
    return list(days.items())


def adjust(request, ronde, found, gesprek):
    """Do what was asked and go back to the day of the timetable."""
    about = {"plan": found, "gesprek": gesprek, "by": request.actor, "seen": seen_version(request, found)}
    slot = ronde.slots.filter(pk=row_id(request.POST.get("doel")) or 0).first()
    try:
        if "vast" in request.POST or "los" in request.POST:
            adjusting.pin(pinned="vast" in request.POST, **about)
            done = _("%(name)s blijft op deze tijd.") if "vast" in request.POST else _("%(name)s mag weer verschuiven.")
        elif slot is None:
            messages.warning(request, _("Kies eerst een tijd."))
            return redirect("adjust_plan", pk=ronde.pk, gesprek_pk=gesprek.pk)
        else:
            done = put(request, found, slot, about)
    except plans.PlanRefused as refused:
        messages.warning(request, refusals.PLAN[refused.reason])
        return redirect("plan", pk=ronde.pk)
    except adjusting.AdjustRefused as refused:
        sentence = refusals.why_not_there(refused)
        messages.warning(request, _("Dat kan niet. %(why)s Er is niets veranderd.") % {"why": sentence})
    else:
        messages.success(request, done % {"name": gesprek.leerling.person.first_name})
    return back_to_day(request, ronde, found, gesprek)


def put(request, found, slot, about):
    """Move to a free slot, or swap with the planned gesprek that has it."""
    theirs = visible_planned(request.actor, found).filter(slot=slot).select_related("gesprek__leerling__person").first()
    if theirs is None or theirs.gesprek_id == about["gesprek"].pk:
        adjusting.place(slot=slot, **about)
        return _("%(name)s is verzet en blijft op deze tijd.")
    adjusting.swap(other=theirs.gesprek, **about)
    return _("%(name)s heeft geruild. Beide gesprekken blijven op hun nieuwe tijd.")


def back_to_day(request, ronde, found, gesprek):
    row = visible_planned(request.actor, found).filter(gesprek=gesprek, slot__isnull=False).select_related("slot")
    slot = row[0].slot if row else None
    day = f"?dag={timezone.localtime(slot.starts_at).date().isoformat()}#s{slot.pk}" if slot else ""
    return redirect(reverse("plan_timetable", args=[ronde.pk]) + day)


# --- releasing -------------------------------------------------------------------------------------------------------


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def release_plan(request, pk):
    """Who is told, by mail and by letter, before anybody is."""
    ronde = load_ronde(request, pk)
    found = newest(request, ronde)
    if found is None or not (found.state == Plan.State.READY or is_broken_off(found)):
        return not_ready(request, pk)
    expected = releasing.forecast(found)
    form, status = ReasonForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST" and form.is_valid():
        seen = found.version if is_broken_off(found) else seen_version(request, found)
        try:
            releasing.release(plan=found, by=request.actor, seen=seen, reason=form.cleaned_data["reason"])
            return redirect("plan", pk=pk)
        except plans.PlanRefused as refused:
            messages.warning(request, refusals.PLAN[refused.reason])
            return redirect("plan", pk=pk)
        except releasing.ReasonNeeded as needed:
            form.add_error("reason", reason_needed(needed.count))
    if form.errors:
        status = 422
    context = {
        "ronde": ronde,
        "plan": found,
        "expected": expected,
        "week": reason_needed(len(expected.within_week)) if expected.within_week else "",
        "form": form,
        "outdated": found.state == Plan.State.READY and plans.is_outdated(found),
    }
    return render(request, "planning/release_plan.html", context, status=status)


def is_broken_off(found):
    """A release whose job stopped before everybody was told."""
    return found.state == Plan.State.RELEASED and not found.released_at and (not found.job or found.job.is_over)


def reason_needed(count):
    return ngettext(
        "%(n)s gesprek is binnen een week, van ouders die niets doorgaven. Schrijf op waarom dat niet anders kan.",
        "%(n)s gesprekken zijn binnen een week, van ouders die niets doorgaven. Schrijf op waarom dat niet anders kan.",
        count,
    ) % {"n": count}
