"""One gesprek, for staff: who, how long and how; and for a parent: asking an interpreter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.models import Deelname
from gesprekken.permissions import visible_gesprekken
from planning import week
from planning.around import interpreters, joining, meeting
from planning.around.languages import language_name
from planning.around_forms import ColleagueForm, ExpertForm, InterpreterForm, MeetingForm
from planning.permissions import (
    may_arrange_family,
    may_arrange_interpreters,
    may_choose_time,
    may_plan_for,
    visible_colleagues,
    visible_experts,
    visible_requests,
)
from planning.views import refusals
from planning.views.unreached import tell_yourself
from planning.week_forms import CancelForm
from school.actor import PERSONAL, STAFF, open_to

REFUSED = (joining.JoiningRefused, meeting.MeetingRefused, interpreters.InterpreterRefused)


def load(request, pk):
    gesprek = get_object_or_404(
        visible_gesprekken(request.actor).select_related("ronde__soort", "ronde__school", "groep", "leerling__person"),
        pk=pk,
    )
    if not may_plan_for(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def forms_for(request, gesprek):
    """Every form of the page, unbound."""
    guardians = meeting.guardians_in(gesprek)
    to_tell = joining.without_address(gesprek)
    return {
        "meeting_form": MeetingForm(gesprek=gesprek, phones=[p.phone for p in guardians if p.phone]),
        "expert_form": ExpertForm(people=visible_experts(request.actor), to_tell=to_tell, prefix="e"),
        "colleague_form": ColleagueForm(staff=visible_colleagues(request.actor), to_tell=to_tell, prefix="c"),
        "interpreter_form": InterpreterForm(prefix="t"),
    }


def leaves_form(person_pk, data=None):
    """What inside the week is asked about who does not join after all; several can stand on one page."""
    return CancelForm(data, auto_id=f"id_%s_{person_pk}")


def show(request, gesprek, status=200, leaving=None, **bound):
    """The page, with the form that was refused in the place of the empty one; `leaving`: {person pk: form}."""
    present = meeting.time_ahead(gesprek, timezone.now())
    left = week.left_until(gesprek, present.starts_at) if present else None
    rows = list(gesprek.deelnames.select_related("person").order_by("pk"))
    for row in rows:
        row.leaves_form = (leaving or {}).get(row.person_id) or leaves_form(row.person_id)
    context = {
        "gesprek": gesprek,
        "present": present,
        "soon": left is not None and left.is_near,
        "left": left,
        "guardians": meeting.guardians_in(gesprek),
        "experts": [row for row in rows if row.as_role == Deelname.As.EXPERT],
        "colleagues": [row for row in rows if row.as_role == Deelname.As.TWEEDE_COLLEGA],
        "later": meeting.hearing_afterwards(gesprek),
        "may_divide": may_arrange_family(request.actor, gesprek.leerling),
        "may_order": may_arrange_interpreters(request.actor),
        "interpreter": visible_requests(request.actor).filter(gesprek=gesprek).select_related("interpreter").first(),
        **forms_for(request, gesprek),
        **bound,
    }
    asked = context["interpreter"]
    context["language"] = language_name(asked.language) if asked else ""
    return render(request, "planning/around.html", context, status=status)


def refused(request, gesprek, form, refusal, **bound):
    """A refusal as a sentence on the form that asked for it."""
    names = ", ".join(person.name for person in getattr(refusal, "people", []))
    sentence = refusals.AROUND[refusal.reason] % {"names": names}
    form.add_error("reason" if refusal.reason == "week" and "reason" in form.fields else None, sentence)
    return show(request, gesprek, 422, **bound)


def done(request, gesprek, sentence, told=()):
    names = ", ".join(person.name for person in told)
    messages.success(request, f"{sentence} " + (_("Bericht gaat naar %(names)s.") % {"names": names} if names else ""))
    return redirect("around", pk=gesprek.pk)


def by_mail(gesprek):
    unreached = {person.pk for person in joining.without_address(gesprek)}
    return [person for person in meeting.guardians_in(gesprek) if person.pk not in unreached]


@open_to(STAFF)
@require_GET
def around(request, pk):
    return show(request, load(request, pk))


@open_to(STAFF)
@require_POST
def set_form(request, pk):
    gesprek = load(request, pk)
    phones = [person.phone for person in meeting.guardians_in(gesprek) if person.phone]
    form = MeetingForm(request.POST, gesprek=gesprek, phones=phones)
    if not form.is_valid():
        return show(request, gesprek, 422, meeting_form=form)
    given = {name: form.cleaned_data[name] for name in ("form", "place", "agreed", "reason")}
    try:
        told = meeting.set_form(gesprek=gesprek, by=request.actor, **given)
    except REFUSED as refusal:
        return refused(request, gesprek, form, refusal, meeting_form=form)
    reached = {person.pk for person in by_mail(gesprek)}
    for person in told:
        if person.pk not in reached:
            messages.warning(request, tell_yourself(person))
    return done(request, gesprek, _("Bewaard."), [person for person in told if person.pk in reached])


@open_to(STAFF)
@require_POST
def add_expert(request, pk):
    gesprek = load(request, pk)
    to_tell = joining.without_address(gesprek)
    form = ExpertForm(request.POST, people=visible_experts(request.actor), to_tell=to_tell, prefix="e")
    if not form.is_valid():
        return show(request, gesprek, 422, expert_form=form)
    given = form.cleaned_data
    try:
        joining.invite_expert(
            gesprek=gesprek,
            person=given["person"],
            name=given["name"],
            what=given["what"],
            by=request.actor,
            agreed=given["agreed"],
            reason=given["reason"],
            told=form.told_them,
        )
    except REFUSED as refusal:
        return refused(request, gesprek, form, refusal, expert_form=form)
    return done(request, gesprek, _("Deze persoon is erbij."), by_mail(gesprek))


@open_to(STAFF)
@require_POST
def remove_expert(request, pk, person_pk):
    gesprek = load(request, pk)
    row = get_object_or_404(gesprek.deelnames.select_related("person"), person=person_pk)
    form = leaves_form(person_pk, request.POST)
    if not form.is_valid():
        return show(request, gesprek, 422, leaving={person_pk: form})
    try:
        unreached = joining.remove_expert(gesprek=gesprek, person=row.person, by=request.actor, **form.cleaned_data)
    except REFUSED as refusal:
        if refusal.reason == "week":
            form.add_error("reason", refusals.AROUND["week"])
            return show(request, gesprek, 422, leaving={person_pk: form})
        messages.warning(request, refusals.AROUND[refusal.reason] % {"names": row.person.name})
        return redirect("around", pk=pk)
    for person in unreached:
        messages.warning(request, tell_yourself(person))
    where = done(request, gesprek, _("%(name)s is er niet meer bij.") % {"name": row.person.name}, by_mail(gesprek))
    return where if may_plan_for(request.actor, gesprek) else redirect("today")  # she took herself off


@open_to(STAFF)
@require_POST
def replace_colleague(request, pk):
    gesprek = load(request, pk)
    to_tell = joining.without_address(gesprek)
    form = ColleagueForm(request.POST, staff=visible_colleagues(request.actor), to_tell=to_tell, prefix="c")
    if not form.is_valid():
        return show(request, gesprek, 422, colleague_form=form)
    given = form.cleaned_data
    try:
        joining.replace_colleague(
            gesprek=gesprek,
            medewerker=given["medewerker"],
            by=request.actor,
            agreed=given["agreed"],
            reason=given["reason"],
            told=form.told_them,
            whole_groep=given["whole_groep"],
        )
    except REFUSED as refusal:
        return refused(request, gesprek, form, refusal, colleague_form=form)
    sentence = _("%(name)s is de tweede collega.") % {"name": given["medewerker"].person.name}
    return done(request, gesprek, sentence, by_mail(gesprek))


@open_to(STAFF)
@require_POST
def request_interpreter(request, pk):
    """Ask one, or take the question back."""
    gesprek = load(request, pk)
    asked = visible_requests(request.actor).filter(gesprek=gesprek).select_related("gesprek").first()
    if "weg" in request.POST:
        if asked:
            try:
                interpreters.withdraw(request=asked, by=request.actor)
            except REFUSED as refusal:
                messages.warning(request, refusals.AROUND[refusal.reason])
                return redirect("around", pk=pk)
        return done(request, gesprek, _("Er is geen tolk meer gevraagd. Was er al een besteld? Zeg die dan af."))
    form = InterpreterForm(request.POST, prefix="t")
    if not form.is_valid():
        return show(request, gesprek, 422, interpreter_form=form)
    try:
        interpreters.ask(gesprek=gesprek, by=request.actor, **form.cleaned_data)
    except REFUSED as refusal:
        return refused(request, gesprek, form, refusal, interpreter_form=form)
    return done(request, gesprek, _("De tolk is gevraagd. De schoolleiding of de intern begeleider bestelt."))


# --- a parent asks ---------------------------------------------------------------------------------------------------


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_interpreter(request, pk):
    """'Ik wil graag een tolk': the language, and what the interpreter should know."""
    gesprek = get_object_or_404(visible_gesprekken(request.actor).select_related("leerling__person", "ronde"), pk=pk)
    if not may_choose_time(request.actor, gesprek):
        raise PermissionDenied
    asked = visible_requests(request.actor).filter(gesprek=gesprek).first()
    language = asked.language if asked else request.actor.person.language
    form = InterpreterForm(request.POST if request.method == "POST" else None, language=language)
    if request.method == "POST" and form.is_valid():
        try:
            given = (
                form.cleaned_data
            )  # a note that somebody wrote before is not shown here, nor wiped by an empty field
            note = given["note"] or (asked.note if asked else "")
            interpreters.ask(gesprek=gesprek, by=request.actor, language=given["language"], note=note)
        except meeting.MeetingRefused:
            messages.warning(
                request, _("Dit gesprek is al geweest of gaat niet door. Bel de school als u iets nodig heeft.")
            )
        else:
            messages.success(request, _("De school weet dat u een tolk wilt. U ziet het hier als de tolk komt."))
        return redirect("my_page")
    context = {"gesprek": gesprek, "form": form, "asked": asked}
    return render(request, "planning/ask_interpreter.html", context, status=422 if form.errors else 200)
