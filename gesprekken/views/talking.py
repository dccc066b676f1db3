"""Talking: the nine steps, the preparation beside them, notes that save themselves, attendance, agreements."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gesprekken.afterwards import outcomes
from gesprekken.models import Deelname, Visibility
from gesprekken.permissions import (
    is_teacher_of,
    may_finalise,
    may_follow_up,
    may_record,
    visible_agreements,
    visible_confidential,
    visible_working_notes,
)
from gesprekken.preparing import points, sheet
from gesprekken.talk_forms import AgreementForm, CloseForm, NoteForm, NotesForm
from gesprekken.talking import agreements, compass, guide, recording, versions
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, TextTooLong
from gesprekken.views.gesprek import followed_by, participants
from gesprekken.views.preparing import load
from school.actor import STAFF, open_to


def load_to_record(request, pk):
    gesprek = load(request, pk)
    if not may_record(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def confided(actor, draft):
    """{guardian pk: text} as far as this actor may read it."""
    if draft is None:
        return {}
    return dict(visible_confidential(actor).filter(verslag=draft).values_list("person_id", "text"))


def notes_form(request, gesprek, data=None):
    """The form of the draft. Only the gesprek's own teachers have the fields for what was confided."""
    draft = recording.draft_of(gesprek)
    teacher = is_teacher_of(request.actor, gesprek)
    guardians = [relatie.person for relatie in recording.guardians_of(gesprek)] if teacher else []
    form = NotesForm(
        data,
        guardians=guardians,
        confided=confided(request.actor, draft),
        version=draft.version if draft else 0,
        initial=versions.texts_of(draft) if draft else {},
        auto_id="verslag_%s",
    )
    form.fields["about_child"].label = _("Verslag over %(name)s") % {"name": gesprek.leerling.person.first_name}
    return form


def note_form(request, gesprek, data=None):
    note = visible_working_notes(request.actor).filter(gesprek=gesprek).first()
    return NoteForm(
        data,
        version=note.version if note else 0,
        initial={"text": note.text if note else ""},
        auto_id="notitie_%s",
    )


def first_day(gesprek):
    """The day of the gesprek as far as it is known: when it was held, else its booking, else today."""
    today = timezone.localdate()
    booked = [timezone.localdate(b.starts_at) for b in gesprek.bookings.all() if b.state == "active"]
    return gesprek.held_on or min([day for day in booked if day <= today], default=today)


def talk_context(request, gesprek, **more):
    beside, apart = sheet.beside_steps(request.actor, gesprek)
    draft = recording.draft_of(gesprek)
    steps = guide.steps_for(gesprek)
    for step in steps:
        step.lines_prepared = beside.pop(step.number, [])
    agreed = visible_agreements(request.actor).filter(verslag=draft).prefetch_related("concerns") if draft else []
    brought = points.visible_points(request.actor, gesprek)
    today = timezone.localdate()
    return {
        "gesprek": gesprek,
        "steps": steps,
        "elsewhere": [line for lines in beside.values() for line in lines],  # belongs to a step that is not shown
        "apart": apart,
        "draft": draft,
        "notes": notes_form(request, gesprek),
        "note": note_form(request, gesprek),
        "participants": [p for p in participants(request.actor, gesprek) if p.as_role != Deelname.As.ACHTERAF],
        "agreements": agreed,
        "nothing_yet": not (draft and recording.is_filled(draft)),
        "points": [one for one in brought if one.visibility == Visibility.TABLE],
        "points_apart": [one for one in brought if one.visibility != Visibility.TABLE],
        "directions": compass.directions(
            request.actor,
            gesprek,
            codes=sheet.codes_of(request.actor, gesprek),
            points=brought,
            draft=draft,
            agreements=agreed,
        ),
        "days": agreements.usual_days(today, gesprek.ronde.schooljaar.ends_on),
        "follows": followed_by(request.actor, gesprek),
        "may_follow_up": may_follow_up(request.actor, gesprek),
        "agreement_form": agreement_form(request, gesprek),
        "close_form": CloseForm(today=timezone.localdate(), initial={"held_on": first_day(gesprek)}, auto_id="dag_%s"),
        "teacher": is_teacher_of(request.actor, gesprek),
        **outcomes.shown_at(request.actor, gesprek),
        **more,
    }


def talk_page(request, gesprek, status=200, **more):
    return render(request, "gesprekken/talk.html", talk_context(request, gesprek, **more), status=status)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request, pk):
    """GET: the page. POST: save the draft of the verslag, by button or by itself."""
    gesprek = load_to_record(request, pk)
    if request.method != "POST":
        if recording.newest(gesprek) and recording.draft_of(gesprek) is None:
            return redirect("record", pk=gesprek.pk)
        return talk_page(request, gesprek)
    form = notes_form(request, gesprek, request.POST)

    def save():
        return recording.save_draft(
            gesprek=gesprek,
            by=request.actor,
            confidential=form.confidential(),
            known=form.known(),
            **form.about(),
            **form.origin,
        )

    return saved(request, gesprek, form, save, slug="v", name="notes")


@open_to(STAFF)
@require_POST
def save_note(request, pk):
    gesprek = load_to_record(request, pk)
    form = note_form(request, gesprek, request.POST)

    def save():
        return recording.save_note(gesprek=gesprek, by=request.actor, text=form.cleaned_data["text"], **form.origin)

    return saved(request, gesprek, form, save, slug="n", name="note")


@open_to(STAFF)
@require_POST
def save_points(request, pk):
    """Which of the points that were brought in are talked about by now."""
    gesprek = load_to_record(request, pk)
    for point in points.visible_points(request.actor, gesprek):
        if f"g{point.pk}" in request.POST:
            points.mark_discussed(
                point=point, discussed=bool(request.POST.get(f"p{point.pk}")) or None, by=request.actor
            )
    if request.htmx:
        return render(request, "gesprekken/saved.html", {"saved_at": timezone.now()})
    messages.success(request, _("Bewaard."))
    return redirect("talk", pk=gesprek.pk)


def saved(request, gesprek, form, save, *, slug, name):
    """Run `save` and answer an autosave with one line, a button with the page; what was typed always comes back."""
    context, status = {}, 200
    try:
        if form.is_valid():
            row = save()
            if request.htmx:
                context = {
                    "saved_at": row.saved_at,
                    "version": getattr(row, "page_version", row.version),
                    "merged": getattr(row, "merged", False),
                    "slug": slug,
                    "form": form if slug == "v" else None,
                    "gesprek": gesprek,
                }
                return render(request, "gesprekken/saved.html", context)
            messages.success(request, _("Bewaard."))
            return redirect("talk", pk=gesprek.pk)
        context, status = {"errors": form.errors}, 422
    except StaleDraft as stale:
        context, status = {"stale": other_texts(form, stale), "version": stale.version}, 409
    except TextTooLong as long:
        context, status = {"too_long": long.length}, 422
    except (recording.AlreadyFinal, GesprekClosed):
        context, status = {"closed": True}, 409
    if request.htmx:
        return render(request, "gesprekken/not_saved.html", {**context, "form_id": f"vorm-{slug}"}, status=status)
    return talk_page(
        request, gesprek, status, **{name: form, f"{name}_problem": {**context, "form_id": f"vorm-{slug}"}}
    )


def other_texts(form, stale):
    """(field label, what stands there now) wherever it differs from what was typed."""
    found = []
    for name, text in stale.stored.items():
        field = name if isinstance(name, str) else f"c{name}"
        if field in form.fields and text and text != form.cleaned_data.get(field):
            found.append((form.fields[field].label, text))
    return found


@open_to(STAFF)
@require_POST
def save_attendance(request, pk):
    gesprek = load_to_record(request, pk)
    answers = {"ja": True, "nee": False, "": None}
    attended = {
        deelname.pk: answers[request.POST[f"d{deelname.pk}"]]
        for deelname in gesprek.deelnames.all()
        if request.POST.get(f"d{deelname.pk}") in answers
    }
    # A tick that is not there says no only where its question was on the page.
    spoke = {
        deelname.pk: True if request.POST.get(f"s{deelname.pk}") else None
        for deelname in gesprek.deelnames.all()
        if f"g{deelname.pk}" in request.POST
    }
    recording.note_attendance(gesprek=gesprek, by=request.actor, attended=attended, spoke=spoke)
    if request.htmx:
        return render(request, "gesprekken/saved.html", {"saved_at": timezone.now()})
    messages.success(request, _("Bewaard wie erbij was."))
    return redirect("talk", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def hold(request, pk):
    """One tap: held, nothing further agreed. It closes the verslag, so it is for the gesprek's own teachers."""
    gesprek = load(request, pk)
    if not may_finalise(request.actor, gesprek):
        raise PermissionDenied
    form = CloseForm(request.POST or None, today=timezone.localdate())
    held_on = form.cleaned_data["held_on"] if form.is_valid() else first_day(gesprek)
    try:
        recording.hold_nothing_further(gesprek=gesprek, by=request.actor, held_on=held_on)
    except recording.SomethingRecorded:
        messages.warning(request, _("Er staan al notities of afspraken. Die zijn bewaard. Rond het verslag af."))
        return redirect("record", pk=gesprek.pk)
    except recording.AlreadyFinal:
        messages.warning(request, _("Dit verslag is al definitief. Er is niets veranderd."))
        return redirect("record", pk=gesprek.pk)
    except GesprekClosed:
        messages.warning(request, _("Dit gesprek is afgezegd. Er is niets veranderd."))
        return redirect("gesprek", pk=gesprek.pk)
    messages.success(request, _("Genoteerd: het gesprek is gehouden en er is verder niets afgesproken."))
    return redirect("gesprek", pk=gesprek.pk)


# --- agreements ------------------------------------------------------------------------------------------------------


def agreement_form(request, gesprek, data=None, instance=None):
    people = recording.people_of(gesprek)
    initial = None if instance else {"concerns": recording.usually_concerned(gesprek)}
    return AgreementForm(data, instance=instance, people=people, initial=initial, auto_id="afspraak_%s")


@open_to(STAFF)
@require_POST
def add_agreement(request, pk):
    gesprek = load_to_record(request, pk)
    form = agreement_form(request, gesprek, request.POST)
    if not form.is_valid():
        return talk_page(request, gesprek, 422, agreement_form=form)
    try:
        draft = recording.ensure_draft(gesprek=gesprek, by=request.actor)
        agreements.add(verslag=draft, by=request.actor, concerns=form.cleaned_data["concerns"], **form.values())
    except (recording.AlreadyFinal, agreements.VerslagFinal, GesprekClosed):
        messages.warning(request, _("Dit verslag is al definitief. De afspraak is niet bewaard."))
        return redirect("record", pk=gesprek.pk)
    messages.success(request, _("De afspraak staat erbij."))
    return redirect("talk", pk=gesprek.pk)


def load_agreement(request, gesprek, agreement_pk):
    return get_object_or_404(
        visible_agreements(request.actor).select_related("verslag").filter(gesprek=gesprek), pk=agreement_pk
    )


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def change_agreement(request, pk, agreement_pk):
    gesprek = load_to_record(request, pk)
    agreement = load_agreement(request, gesprek, agreement_pk)
    form = agreement_form(request, gesprek, request.POST if request.method == "POST" else None, agreement)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.change(
                agreement=agreement, by=request.actor, concerns=form.cleaned_data["concerns"], **form.values()
            )
        except agreements.VerslagFinal:
            messages.warning(request, _("Dit verslag is al definitief. De afspraak is niet veranderd."))
            return redirect("record", pk=gesprek.pk)
        messages.success(request, _("De afspraak is veranderd."))
        return redirect(f"{reverse('talk', args=[gesprek.pk])}#afspreken")
    context = {"gesprek": gesprek, "agreement": agreement, "form": form}
    return render(request, "gesprekken/agreement.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_POST
def remove_agreement(request, pk, agreement_pk):
    gesprek = load_to_record(request, pk)
    try:
        agreements.remove(agreement=load_agreement(request, gesprek, agreement_pk), by=request.actor)
    except agreements.VerslagFinal:
        messages.warning(request, _("Dit verslag is al definitief. De afspraak staat er nog."))
        return redirect("record", pk=gesprek.pk)
    messages.success(request, _("De afspraak is weg."))
    return redirect("talk", pk=gesprek.pk)
