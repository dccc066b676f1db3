"""The verslag: closing and releasing it as staff, reading it as a parent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gesprekken.afterwards import feedback
from gesprekken.afterwards.outcomes import with_outcome
from gesprekken.permissions import (
    gesprekken_to_read,
    may_finalise,
    may_second,
    readable_gesprekken,
    second_colleagues,
    visible_agreements,
    visible_confidential,
    visible_gesprekken,
    visible_verslagen,
    visible_working_notes,
)
from gesprekken.talk_forms import CloseForm, ReasonForm
from gesprekken.talking import recording, seconding
from gesprekken.talking.drafts import StaleDraft
from gesprekken.views.gesprek import pdf_response
from gesprekken.views.preparing import load
from gesprekken.views.talking import first_day
from school.actor import CONFIRMED, PERSONAL_CONFIRMED, STAFF, Actor, open_to
from school.languages import paper_language
from school.pdf import render_pdf

# --- staff -----------------------------------------------------------------------------------------------------------


def record_context(request, gesprek, **more):
    verslagen = list(visible_verslagen(request.actor).filter(gesprek=gesprek).order_by("-number"))
    verslag = verslagen[0] if verslagen else None
    by_mail, on_paper, on_request = recording.recipients(gesprek)
    given = set(verslag.released_to.values_list("pk", flat=True)) if verslag else set()
    return {
        "gesprek": gesprek,
        "verslag": verslag,
        "earlier": verslagen[1:],
        "may_finalise": may_finalise(request.actor, gesprek),
        **second_context(request, gesprek, verslag),
        "confidential": visible_confidential(request.actor)
        .filter(verslag=verslag)
        .exclude(text="")
        .select_related("person"),
        "agreements": visible_agreements(request.actor).filter(verslag=verslag).prefetch_related("concerns"),
        "note": visible_working_notes(request.actor).filter(gesprek=gesprek).exclude(text="").first(),
        "left_out": recording.left_out(gesprek),
        "by_mail": by_mail,
        "on_paper": on_paper,
        "on_request": [(person, person.pk in given) for person in on_request],
        "card_for": recording.card_readers(verslag) if verslag and verslag.released_at else [],
        "close_form": CloseForm(
            today=timezone.localdate(),
            initial={"held_on": first_day(gesprek), "seen_version": verslag.version if verslag else 0},
        ),
        "reason_form": ReasonForm(),
        **more,
    }


def second_context(request, gesprek, verslag):
    """Who reads the draft along, and what she still has to do before it can be closed."""
    if verslag is None or verslag.state == "final":
        return {}
    colleagues = [person for person in second_colleagues(gesprek) if person != request.actor.person]
    seconded = verslag.seconded_at is not None and verslag.seconded_by != request.actor.person
    return {
        "may_second": may_second(request.actor, gesprek),
        "second_colleagues": colleagues,
        "second_needed": seconding.is_needed(gesprek) and not seconded,
        "mark": seconding.mark_of(verslag),
    }


def record_page(request, gesprek, status=200, **more):
    return render(request, "gesprekken/record.html", record_context(request, gesprek, **more), status=status)


@open_to(STAFF)
@require_GET
def record(request, pk):
    return record_page(request, load(request, pk))


def load_to_finalise(request, pk):
    gesprek = load(request, pk)
    if not may_finalise(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


@open_to(STAFF)
@require_POST
def finalise_record(request, pk):
    gesprek = load_to_finalise(request, pk)
    form = CloseForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return record_page(request, gesprek, 422, close_form=form)
    seen = form.cleaned_data["seen_version"]
    try:
        recording.finalise(
            gesprek=gesprek,
            by=request.actor,
            seen_version=-1 if seen is None else seen,
            held_on=form.cleaned_data["held_on"],
        )
    except StaleDraft:
        messages.warning(
            request, _("Het verslag is intussen veranderd. Lees het hieronder nog eens en rond het dan af.")
        )
    except recording.NothingRecorded:
        messages.warning(
            request, _("Er staat nog niets in het verslag. Schrijf iets op, of kies: verder niets afgesproken.")
        )
        return redirect("talk", pk=gesprek.pk)
    except recording.AlreadyFinal:
        messages.warning(request, _("Dit verslag is al definitief. Er is niets veranderd."))
    except seconding.SecondNeeded as needed:
        messages.warning(request, why_a_second(needed))
    else:
        messages.success(request, _("Het verslag is definitief. Ouders lezen het pas als je het deelt."))
    return redirect("record", pk=gesprek.pk)


def why_a_second(needed):
    if isinstance(needed, seconding.NoSecondColleague):
        return _(
            "Een adviesgesprek rond je met z'n tweeën af, en er doet nog geen tweede collega mee. "
            "Zet er eerst een bij. Je verslag is bewaard."
        )
    return _("De tweede collega is het nog niet eens met deze tekst. Vraag haar of hem om mee te lezen.")


@open_to(STAFF)
@require_POST
def ask_second(request, pk):
    gesprek = load_to_finalise(request, pk)
    try:
        asked = seconding.ask(gesprek=gesprek, by=request.actor)
    except seconding.NoSecondColleague as needed:
        messages.warning(request, why_a_second(needed))
    except seconding.NothingToSecond:
        messages.warning(request, _("Er is geen concept om mee te lezen. Er is niets veranderd."))
    else:
        names = ", ".join(person.name for person in asked)
        messages.success(
            request, _("Gevraagd: %(names)s krijgt een mail met een link naar dit verslag.") % {"names": names}
        )
    return redirect("record", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def second_record(request, pk):
    """The second colleague agrees with the text as she sees it."""
    gesprek = load(request, pk)
    if not may_second(request.actor, gesprek):
        raise PermissionDenied
    try:
        seconding.agree(gesprek=gesprek, by=request.actor, seen_mark=request.POST.get("mark", ""))
    except StaleDraft:
        messages.warning(request, _("De tekst is intussen veranderd. Lees hem hieronder nog eens."))
    except seconding.NothingToSecond:
        messages.warning(request, _("Er is geen concept om mee te lezen. Er is niets veranderd."))
    else:
        messages.success(request, _("Genoteerd dat je het ermee eens bent. Nu kan het verslag worden afgerond."))
    return redirect("record", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def release_record(request, pk):
    gesprek = load_to_finalise(request, pk)
    try:
        verslag = recording.release(gesprek=gesprek, by=request.actor)
    except recording.NotFinal:
        messages.warning(request, _("Rond het verslag eerst af. Er is nog niets gedeeld."))
    else:
        count = verslag.released_to.count()
        messages.success(
            request,
            ngettext(
                "Gedeeld met %(count)s ouder.", "Gedeeld met %(count)s ouders, allemaal op hetzelfde moment.", count
            )
            % {"count": count},
        )
    return redirect("record", pk=gesprek.pk)


@open_to(STAFF)
@require_POST
def correct_record(request, pk):
    gesprek = load_to_finalise(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return record_page(request, gesprek, 422, reason_form=form)
    try:
        recording.correct(gesprek=gesprek, by=request.actor, reason=form.cleaned_data["reason"])
    except recording.NotFinal:
        messages.warning(request, _("Dit verslag is nog een concept: je kunt het gewoon veranderen."))
    else:
        messages.success(request, _("Je werkt nu aan een nieuwe versie. Ouders lezen de vorige tot je deze deelt."))
    return redirect("talk", pk=gesprek.pk)


def newest_released(request, gesprek):
    verslag = visible_verslagen(request.actor).filter(gesprek=gesprek).latest_released().first()
    if verslag is None:
        raise Http404
    return verslag


@open_to(STAFF)
@require_POST
def give_on_request(request, pk, person_pk):
    gesprek = load_to_finalise(request, pk)
    verslag = newest_released(request, gesprek)
    person = next((p for p in recording.recipients(gesprek)[2] if p.pk == person_pk), None)
    if person is None:
        raise Http404
    recording.give_on_request(verslag=verslag, person=person, by=request.actor)
    messages.success(request, _("%(name)s kan het verslag nu lezen.") % {"name": person.name})
    return redirect("record", pk=gesprek.pk)


@open_to(STAFF)
@require_GET
def record_paper(request, pk, person_pk):
    """For a guardian without an address: exactly what that guardian would read, on paper."""
    gesprek = load_to_finalise(request, pk)
    person = newest_released(request, gesprek).released_to.filter(pk=person_pk).first()
    if person is None:
        raise Http404
    return record_as_pdf(Actor(person=person, level=CONFIRMED), gesprek)


# --- parents and pupils ----------------------------------------------------------------------------------------------


def reading(actor, gesprek):
    """What this guardian or pupil reads: the verslag, her own confidential part, the agreements that concern her."""
    verslag = visible_verslagen(actor).filter(gesprek=gesprek).first()
    return {
        "gesprek": gesprek,
        "school": gesprek.school,
        "verslag": verslag,
        "confidential": visible_confidential(actor).filter(verslag=verslag).exclude(text="").first()
        if verslag
        else None,
        "agreements": with_outcome(visible_agreements(actor).filter(gesprek=gesprek)),
        "reader": actor.person,
    }


def record_as_pdf(actor, gesprek):
    with paper_language():
        content = render_pdf("gesprekken/record_pdf.html", reading(actor, gesprek))
    return pdf_response(content, f"verslag-{gesprek.pk}.pdf")


def load_released(request, pk):
    """As one who takes part, or who hears afterwards: for her the gesprek exists once something was released."""
    gesprekken = readable_gesprekken(request.actor).select_related("school", "ronde", "leerling__person", "groep")
    gesprek = get_object_or_404(gesprekken, pk=pk)
    takes_part = visible_gesprekken(request.actor).filter(pk=gesprek.pk).exists()
    if not takes_part and not gesprekken_to_read(request.actor).filter(pk=gesprek.pk).exists():
        raise Http404
    return gesprek


def load_to_read(request, pk):
    """The gesprek with something to read in it for this person, or 404: a draft does not exist for a parent."""
    gesprek = load_released(request, pk)
    if not (
        visible_verslagen(request.actor).filter(gesprek=gesprek).exists()
        or visible_agreements(request.actor).filter(gesprek=gesprek).exists()
    ):
        raise Http404
    return gesprek


@open_to(PERSONAL_CONFIRMED)
@require_GET
def record_read(request, pk):
    return record_read_page(request, load_released(request, pk))


def record_read_page(request, gesprek, status=200, **more):
    context = {**reading(request.actor, gesprek), **more}
    if context["verslag"] is None and not context["agreements"]:
        return render(request, "gesprekken/record_waiting.html", context)
    context["takes_part"] = visible_gesprekken(request.actor).filter(pk=gesprek.pk).exists()
    context["asks_feedback"] = feedback.open_to_answer(request.actor).filter(pk=gesprek.pk).exists()
    return render(request, "gesprekken/record_read.html", context, status=status)


@open_to(PERSONAL_CONFIRMED)
@require_GET
def record_pdf(request, pk):
    return record_as_pdf(request.actor, load_to_read(request, pk))
