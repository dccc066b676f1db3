"""A guardian's or pupil's own page to prepare a gesprek, and the page that thanks her."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gesprekken.party_forms import PartyForm
from gesprekken.permissions import may_make_presentation, may_prepare, may_read_back
from gesprekken.preparing import points, preparation, worries
from gesprekken.preparing.questions import questions_for
from gesprekken.preparing.sheet import teacher_names
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, TextTooLong
from gesprekken.views.preparing import load, other_texts, reading_options, what_happens_next, writing_languages
from school.actor import PERSONAL, open_to
from school.row_ids import row_id


def load_own(request, pk):
    gesprek = load(request, pk)
    if not may_prepare(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def make_form(request, gesprek, row):
    actor = request.actor
    return PartyForm(
        request.POST if request.method == "POST" else None,
        gesprek=gesprek,
        questions=questions_for(gesprek, preparation.audience_of(actor, gesprek), row),
        answers=preparation.answers_of(row),
        blind=not may_read_back(actor),
        options=reading_options(actor, gesprek),
        languages=[] if actor.is_pupil else writing_languages(actor),
        language=actor.person.language,
        version=row.version if row else 0,
        row=row,
        is_pupil=actor.is_pupil,
        interpreter=preparation.has_interpreter(gesprek, actor.person),
    )


def page(request, gesprek, form, row, status=200, **more):
    template = "gesprekken/prepare_pupil.html" if request.actor.is_pupil else "gesprekken/prepare.html"
    context = {
        "gesprek": gesprek,
        "form": form,
        "row": row,
        "open": preparation.is_open(gesprek),
        "teachers": teacher_names(gesprek),
        "points": points.visible_points(request.actor, gesprek),
        "number": points.own_points(request.actor, gesprek).count(),
        "presents": may_make_presentation(request.actor, gesprek),
        **more,
    }
    return render(request, template, context, status=status)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request, pk):
    gesprek = load_own(request, pk)
    row = preparation.own_voorbereiding(request.actor, gesprek)
    form = make_form(request, gesprek, row)
    if request.method != "POST":
        return page(request, gesprek, form, row)
    if not form.is_valid():
        return page(request, gesprek, form, row, 422, errors=form.errors)
    try:
        save(request, gesprek, form)
    except StaleDraft as stale:
        return page(request, gesprek, form, row, 409, stale=other_texts(form, stale), version=stale.version)
    except TextTooLong as long:
        return page(request, gesprek, form, row, 422, too_long=long.length)
    except points.TooManyPoints:
        form.add_error("point", _("Er staan al tien punten. Haal er eerst een weg. De rest is bewaard."))
        row = preparation.own_voorbereiding(request.actor, gesprek)
        return page(request, gesprek, form, row, 422, errors=form.errors, version=row.version)
    except GesprekClosed:
        messages.warning(request, _("Dit gesprek is al geweest. Er is niets veranderd."))
        return redirect("prepare", pk=pk)
    return afterwards(request, gesprek, form)


def save(request, gesprek, form):
    """The answers, then the points: what was typed as a point is added, the one that was pressed goes."""
    preparation.save(
        gesprek=gesprek,
        by=request.actor,
        answers=form.given(),
        language=form.cleaned_data.get("language") or "",
        around=form.around,
        ready="klaar" in request.POST,
        wants_to_talk=form.cleaned_data.get("wants_to_talk", False),
        **form.origin,
    )
    if form.point["text"]:
        points.add(gesprek=gesprek, by=request.actor, **form.point)
    gone = points.visible_points(request.actor, gesprek).filter(pk=row_id(request.POST.get("weg", ""))).first()
    if gone is not None:
        points.remove(point=gone, by=request.actor)


def afterwards(request, gesprek, form):
    """To the page that thanks, to the list of points, or back to the questions; and what happens next."""
    if request.actor.is_pupil and (form.cleaned_data.get("wants_to_talk") or worries.is_worrying(*form.typed)):
        messages.success(request, teacher_knows(gesprek))
    if "klaar" in request.POST:
        return redirect("prepared", pk=gesprek.pk)
    if form.point["text"] or request.POST.get("weg"):
        return redirect(reverse("prepare", args=[gesprek.pk]) + "#punten")
    messages.success(request, what_happens_next(request.actor, gesprek))
    return redirect("prepare", pk=gesprek.pk)


def teacher_knows(gesprek):
    """To a pupil who wrote something worrying or wants to talk; no more than is true on this day."""
    if worries.reads_today(gesprek.school, timezone.localdate()):
        return _("Goed dat je het zegt. Je juf of meester krijgt nu een bericht en leest het vandaag.")
    return _("Goed dat je het zegt. Je juf of meester krijgt nu een bericht en leest het zo snel mogelijk.")


@open_to(PERSONAL)
@require_GET
def prepared(request, pk):
    """Thanks, and what happens next."""
    gesprek = load_own(request, pk)
    context = {
        "gesprek": gesprek,
        "teachers": teacher_names(gesprek),
        "open": preparation.is_open(gesprek),
        "presents": may_make_presentation(request.actor, gesprek),
        "bookings": [booking for booking in gesprek.bookings.all() if booking.state == "active"],
    }
    return render(request, "gesprekken/prepared.html", context)
