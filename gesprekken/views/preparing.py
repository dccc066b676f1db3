"""Preparing a gesprek: what the page of a teacher and that of a guardian or pupil have in common."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gesprekken.models import Visibility
from gesprekken.permissions import may_prepare, may_read_back, visible_gesprekken
from gesprekken.preparing import preparation
from gesprekken.preparing.questions import questions_for
from gesprekken.preparing.sheet import teacher_names
from gesprekken.talk_forms import PrepareForm
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, TextTooLong


def load(request, pk):
    """The gesprek with what its pages show, or 404 for whom it does not exist."""
    gesprekken = visible_gesprekken(request.actor).select_related(
        "school", "ronde__soort", "ronde__schooljaar__jaarplan", "leerling__person", "groep"
    )
    return get_object_or_404(gesprekken, pk=pk)


def reading_options(actor, gesprek):
    """Who will read an answer, in the words of who writes it."""
    names = teacher_names(gesprek)
    if actor.is_staff:
        only = _("alleen voor de leerkracht")
    else:
        only = _("alleen %(names)s") % {"names": names} if names else _("alleen de leerkracht")
    return [(Visibility.TABLE, _("iedereen bij het gesprek")), (Visibility.TEACHER, only)]


def writing_languages(actor):
    """A guardian whose own language is another may say which one she writes in."""
    own = actor.person.language
    return [own, "nl"] if own not in ("", "nl") and not actor.is_staff else []


def make_form(request, gesprek, row):
    actor, audience = request.actor, preparation.audience_of(request.actor, gesprek)
    return PrepareForm(
        request.POST if request.method == "POST" else None,
        gesprek=gesprek,
        questions=questions_for(gesprek, audience, row),
        answers=preparation.answers_of(row),
        blind=not may_read_back(actor),
        options=reading_options(actor, gesprek),
        languages=writing_languages(actor),
        language=actor.person.language,
        version=row.version if row else 0,
        prefix=None,
    )


def handle(request, gesprek, template):
    """GET shows the form; POST saves it, as a whole page or as the small answer to an autosave."""
    if not may_prepare(request.actor, gesprek):
        raise PermissionDenied
    row = preparation.own_voorbereiding(request.actor, gesprek)
    form = make_form(request, gesprek, row)
    context = {"gesprek": gesprek, "form": form, "row": row, "open": preparation.is_open(gesprek)}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return answer(request, template, {**context, "errors": form.errors}, 422)
    try:
        row = preparation.save(
            gesprek=gesprek,
            by=request.actor,
            answers=form.given(),
            language=form.cleaned_data.get("language") or "",
            **form.origin,
        )
    except StaleDraft as stale:
        return answer(request, template, {**context, "stale": other_texts(form, stale), "version": stale.version}, 409)
    except TextTooLong as long:
        return answer(request, template, {**context, "too_long": long.length}, 422)
    except GesprekClosed:
        if request.htmx:
            return render(request, "gesprekken/not_saved.html", {"held": True}, status=409)
        messages.warning(request, _("Dit gesprek is al geweest. Er is niets veranderd."))
        return redirect(request.path)
    if request.htmx:
        return render(request, "gesprekken/saved.html", {"saved_at": row.saved_at, "version": row.version, "slug": "p"})
    messages.success(request, what_happens_next(request.actor, gesprek))
    return redirect(request.path)


def what_happens_next(actor, gesprek):
    if actor.is_staff:
        return _("Bewaard.")
    if actor.is_pupil:
        return _("Bewaard. Je juf of meester leest het voor het gesprek.")
    names = teacher_names(gesprek)
    if not names:
        return _("Bewaard. De leerkracht leest het voor het gesprek.")
    return _("Bewaard. Dit leest voor het gesprek: %(names)s.") % {"names": names}


def answer(request, template, context, status):
    return render(request, "gesprekken/not_saved.html" if request.htmx else template, context, status=status)


def other_texts(form, stale):
    """(question, what stands there now) wherever it differs from what was typed. To a bare link: nothing of it."""
    if form.blind:
        return []
    typed = {name: form.cleaned_data.get(name, "") for name in stale.stored if name in form.fields}
    labels = {name: form.fields[name].label for name in typed}
    for question in form.questions:
        chosen = form.cleaned_data.get(f"c{question.pk}") or []
        typed[question.pk] = preparation.in_words(question, chosen, form.cleaned_data.get(f"t{question.pk}", ""))
        labels[question.pk] = form.fields[f"t{question.pk}"].label
    return [(labels[key], stale.stored[key]) for key in typed if stale.stored.get(key, "") not in ("", typed[key])]
