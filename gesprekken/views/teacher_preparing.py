"""A teacher prepares: one gesprek on its own page, or all pupils of a group in a row; and her standard texts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gesprekken.permissions import may_prepare, visible_rondes, visible_standard_texts
from gesprekken.preparing import carrying_over, preparation, readiness, standard_texts
from gesprekken.preparing.offers import chosen_from, together
from gesprekken.preparing.questions import questions_for
from gesprekken.talking.drafts import GesprekClosed, StaleDraft, TextTooLong
from gesprekken.teacher_forms import StandardTextForm, TeacherPrepareForm
from gesprekken.views.preparing import answer, load, other_texts, reading_options
from school.actor import STAFF, open_to
from school.permissions import visible_groepen
from school.row_ids import row_id

FORM = ["GET", "HEAD", "POST"]


def make_form(request, gesprek, row):
    actor = request.actor
    questions = questions_for(gesprek, "leerkracht", row)
    offers = together(carrying_over.offers(actor, gesprek, questions), standard_texts.offers(actor, gesprek, questions))
    return TeacherPrepareForm(
        request.POST if "seen_version" in request.POST else None,
        gesprek=gesprek,
        questions=questions,
        offers=offers,
        answers=preparation.answers_of(row),
        blind=False,
        options=reading_options(actor, gesprek),
        version=row.version if row else 0,
    )


def handle(request, gesprek, template, *, onward, **more):
    """The page; saving it, by itself or with the button; and what a button asks once everything is saved.

    With a script the words are saved first and the button's name follows in a small form; without one they come along.
    """
    if not may_prepare(request.actor, gesprek):
        raise PermissionDenied
    row = preparation.own_voorbereiding(request.actor, gesprek)
    form = make_form(request, gesprek, row)
    context = {"gesprek": gesprek, "form": form, "row": row, "open": preparation.is_open(gesprek), **more}
    if request.method != "POST":
        return render(request, template, context)
    if form.is_bound:
        row, refused = save(request, form, template, context)
        if refused:
            return refused
    try:
        return follow(request, gesprek, row, onward)
    except GesprekClosed:
        return closed(request)


def save(request, form, template, context):
    """(the row, None), or (None, what is answered to who could not save)."""
    if not form.is_valid():
        return None, answer(request, template, {**context, "errors": form.errors}, 422)
    taking = chosen_from(form.offers, request.POST.get("neem_over"))
    try:
        given = form.given(taking)
        return preparation.save(gesprek=context["gesprek"], by=request.actor, answers=given, **form.origin), None
    except StaleDraft as stale:
        stored = {**context, "stale": other_texts(form, stale), "version": stale.version}
        return None, answer(request, template, stored, 409)
    except TextTooLong as long:
        return None, answer(request, template, {**context, "too_long": long.length}, 422)
    except GesprekClosed:
        return None, closed(request)


def closed(request):
    if request.htmx:
        return render(request, "gesprekken/not_saved.html", {"held": True}, status=409)
    messages.warning(request, _("Dit gesprek is al geweest. Er is niets veranderd."))
    return redirect(request.path)


def follow(request, gesprek, row, onward):
    """What the pressed button asks for, now that the words are kept."""
    if "klaar" in request.POST:
        readiness.mark_ready(gesprek=gesprek, by=request.actor)
    elif "niet_klaar" in request.POST:
        readiness.mark_ready(gesprek=gesprek, by=request.actor, ready=False)
    elif "standaard" in request.POST:
        keep_standard_text(request, gesprek, row)
    if request.htmx and row:
        return render(request, "gesprekken/saved.html", {"saved_at": row.saved_at, "version": row.version, "slug": "p"})
    if "klaar" in request.POST:
        messages.success(request, _("%(name)s is klaar.") % {"name": gesprek.leerling.person.first_name})
        return redirect(onward())
    if "standaard" not in request.POST:
        messages.success(request, _("Bewaard."))
    return redirect(request.path)


def keep_standard_text(request, gesprek, row):
    """Keep what stands in one field as a text for other pupils too."""
    stored = preparation.answers_of(row).get(row_id(request.POST.get("standaard")))
    try:
        text = standard_texts.without_name(stored.text if stored else "", gesprek.leerling)
        kept = standard_texts.keep(by=request.actor, text=text, question_code=stored.question.code if stored else "")
    except standard_texts.NoText:
        messages.warning(request, _("Schrijf eerst de tekst die je als standaardtekst wilt bewaren."))
    except standard_texts.TooManyTexts:
        messages.warning(request, _("Je hebt al honderd standaardteksten. Haal er eerst een weg."))
    else:
        messages.success(request, _("‘%(title)s’ staat nu bij je standaardteksten.") % {"title": kept.title})


@open_to(STAFF)
@require_http_methods(FORM)
def prepare_teacher(request, pk):
    gesprek = load(request, pk)
    onward = lambda: reverse("gesprek", args=[gesprek.pk])  # noqa: E731
    return handle(request, gesprek, "gesprekken/prepare_teacher.html", onward=onward)


# --- a group in a row ------------------------------------------------------------------------------------------------


def load_groep(request, pk, groep_pk):
    """The ronde, the group, and in order the gesprekken of it that are hers to prepare."""
    actor = request.actor
    ronde = get_object_or_404(visible_rondes(actor).select_related("soort"), pk=pk)
    groep = get_object_or_404(visible_groepen(actor).filter(ronde_groepen__ronde=ronde), pk=groep_pk)
    rows = readiness.in_a_row(actor, ronde, groep)
    if not rows and groep.pk not in actor.groep_ids:
        raise PermissionDenied
    return ronde, groep, rows


def page_of(ronde, groep, gesprek):
    return reverse("prepare_in_groep", args=[ronde.pk, groep.pk, gesprek.pk])


@open_to(STAFF)
@require_http_methods(["GET", "HEAD"])
def prepare_groep(request, pk, groep_pk):
    """Where one goes on: the first pupil who is not ready. When all are: that, and the list."""
    ronde, groep, rows = load_groep(request, pk, groep_pk)
    if first := readiness.next_to_prepare(rows):
        return redirect(page_of(ronde, groep, first))
    context = {"ronde": ronde, "groep": groep, "rows": rows, "progress": readiness.progress_of(rows)}
    return render(request, "gesprekken/prepare_groep_done.html", context)


@open_to(STAFF)
@require_http_methods(FORM)
def prepare_in_groep(request, pk, groep_pk, gesprek_pk):
    ronde, groep, rows = load_groep(request, pk, groep_pk)
    place = next((number for number, one in enumerate(rows) if one.pk == gesprek_pk), None)
    gesprek = load(request, gesprek_pk)
    if place is None:  # not of this group, or no longer held
        return redirect("prepare_teacher", pk=gesprek.pk)

    def onward():
        following = readiness.next_to_prepare(readiness.in_a_row(request.actor, ronde, groep), after=gesprek.pk)
        return page_of(ronde, groep, following) if following else reverse("prepare_groep", args=[ronde.pk, groep.pk])

    return handle(
        request,
        gesprek,
        "gesprekken/prepare_groep.html",
        onward=onward,
        ronde=ronde,
        groep=groep,
        rows=rows,
        this=rows[place],
        progress=readiness.progress_of(rows),
        before=rows[place - 1] if place else None,
        following=rows[place + 1] if place + 1 < len(rows) else None,
    )


# --- standard texts --------------------------------------------------------------------------------------------------


def show_texts(request, form, status=200, broken=None):
    """The list; `broken` is the form of one of them that could not be saved."""
    texts = [
        (
            one,
            broken if broken and broken.instance.pk == one.pk else StandardTextForm(instance=one, prefix=f"s{one.pk}"),
        )
        for one in visible_standard_texts(request.actor)
    ]
    context = {"texts": texts, "form": form, "broken": broken.instance.pk if broken else None}
    return render(request, "gesprekken/my_texts.html", context, status=status)


@open_to(STAFF)
@require_http_methods(FORM)
def my_texts(request):
    form = StandardTextForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return show_texts(request, form)
    if not form.is_valid():
        return show_texts(request, form, 422)
    try:
        kept = standard_texts.keep(by=request.actor, **form.cleaned_data)
    except standard_texts.NoText:
        form.add_error("text", _("Schrijf de tekst die je wilt bewaren."))
        return show_texts(request, form, 422)
    except standard_texts.TooManyTexts:
        form.add_error(None, _("Je hebt al honderd standaardteksten. Haal er eerst een weg."))
        return show_texts(request, form, 422)
    messages.success(request, _("‘%(title)s’ staat nu bij je standaardteksten.") % {"title": kept.title})
    return redirect("my_texts")


@open_to(STAFF)
@require_POST
def my_text(request, pk):
    kept = get_object_or_404(visible_standard_texts(request.actor), pk=pk)
    form = StandardTextForm(request.POST, instance=kept, prefix=f"s{kept.pk}")
    if not form.is_valid():
        return show_texts(request, StandardTextForm(), 422, broken=form)
    fields = form.cleaned_data
    title = fields["title"] or standard_texts.title_of(fields["text"])
    standard_texts.change(standard_text=kept, by=request.actor, text=fields["text"], title=title)
    messages.success(request, _("De wijziging is bewaard."))
    return redirect("my_texts")


@open_to(STAFF)
@require_POST
def my_text_remove(request, pk):
    kept = get_object_or_404(visible_standard_texts(request.actor), pk=pk)
    standard_texts.remove(standard_text=kept, by=request.actor)
    messages.success(request, _("‘%(title)s’ is weg. Wat je ermee schreef, blijft staan.") % {"title": kept.title})
    return redirect("my_texts")
