"""The presentation of a pupil who leads: she makes it, and it is shown large at the table."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gesprekken.development import charts
from gesprekken.permissions import (
    choosable_charts,
    choosable_items,
    may_make_presentation,
    may_present,
    may_read_back,
    visible_slides,
)
from gesprekken.preparing import presenting, slides, worries
from gesprekken.presentation_forms import SPOKEN, SlideForm
from gesprekken.talking.drafts import GesprekClosed, StaleDraft
from gesprekken.views.gesprek import pdf_response
from gesprekken.views.own_preparing import teacher_knows
from gesprekken.views.preparing import load
from school.actor import PERSONAL, STAFF, open_to
from school.languages import paper_language
from school.pdf import render_pdf
from school.row_ids import row_id

HERE = "slides"  # in the visit: the slides that were made in it


def load_to_make(request, pk):
    gesprek = load(request, pk)
    if not may_make_presentation(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


def slides_of(request, gesprek):
    """What this visitor may read, each with what it says at the top of it."""
    found = list(visible_slides(request.actor, gesprek, made_here(request)))
    for slide in found:
        slide.heading = dict(SPOKEN)[slide.kind]
    return found


def made_here(request):
    return request.session.get("visit", {}).get(HERE, [])


def remember(request, slide):
    """With the card alone a pupil reads what she made in this visit (docs/decisions/0086)."""
    visit = request.session.get("visit", {})
    request.session["visit"] = {**visit, HERE: [*made_here(request), slide.pk][-50:]}


def make_form(request, gesprek, slide=None):
    row = presenting.presentation_of(gesprek)
    return SlideForm(
        request.POST if request.method == "POST" else None,
        charts=choosable_charts(request.actor, gesprek),
        items=choosable_items(request.actor, gesprek),
        slide=slide,
        version=row.version if row else 0,
    )


def page(request, gesprek, form, status=200, **more):
    found = slides_of(request, gesprek)
    for slide in found:
        slide.chart_name = charts.vak_name(slide.chart)
    context = {
        "gesprek": gesprek,
        "form": form,
        "slides": found,
        "hidden": presenting.number_of_slides(gesprek) - len(found),
        "full": presenting.number_of_slides(gesprek) >= presenting.MAX_SLIDES,
        "blind": not may_read_back(request.actor),
        **more,
    }
    return render(request, "gesprekken/make_presentation.html", context, status=status)


def heard(request, gesprek, form):
    if worries.is_worrying(form.cleaned_data["title"], form.cleaned_data["text"]):
        messages.success(request, teacher_knows(gesprek))


def too_late(request, gesprek):
    messages.warning(request, _("Dit gesprek is al geweest. Er is niets veranderd."))
    return redirect("prepare", pk=gesprek.pk)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def make(request, pk):
    """The slides so far, and one more."""
    gesprek = load_to_make(request, pk)
    form = make_form(request, gesprek)
    if request.method != "POST":
        return page(request, gesprek, form)
    if not form.is_valid():
        return page(request, gesprek, form, 422)
    try:
        slide = presenting.add_slide(gesprek=gesprek, by=request.actor, **form.words)
    except presenting.TooManySlides:
        form.add_error(None, _("Er zijn al acht dia's. Haal er eerst een weg."))
        return page(request, gesprek, form, 422)
    except GesprekClosed:
        return too_late(request, gesprek)
    remember(request, slide)
    heard(request, gesprek, form)
    messages.success(request, _("Je dia staat erbij."))
    return redirect("make_presentation", pk=pk)


def load_slide(request, pk, slide_pk):
    gesprek = load_to_make(request, pk)
    return gesprek, get_object_or_404(visible_slides(request.actor, gesprek, made_here(request)), pk=slide_pk)


@open_to(PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk, slide_pk):
    gesprek, slide = load_slide(request, pk, slide_pk)
    form, context, status = make_form(request, gesprek, slide), {"gesprek": gesprek, "slide": slide}, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                presenting.change_slide(slide=slide, by=request.actor, **form.words, **form.origin)
            except StaleDraft as stale:
                context, status = {**context, "stale": stale.stored, "version": stale.version}, 409
            except GesprekClosed:
                return too_late(request, gesprek)
            else:
                heard(request, gesprek, form)
                messages.success(request, _("Bewaard."))
                return redirect("make_presentation", pk=pk)
    return render(request, "gesprekken/change_slide.html", {**context, "form": form}, status=status)


@open_to(PERSONAL)
@require_POST
def remove(request, pk, slide_pk):
    gesprek, slide = load_slide(request, pk, slide_pk)
    try:
        presenting.remove_slide(slide=slide, by=request.actor)
    except GesprekClosed:
        return too_late(request, gesprek)
    messages.success(request, _("De dia is weg."))
    return redirect("make_presentation", pk=pk)


@open_to(PERSONAL)
@require_POST
def move(request, pk, slide_pk):
    gesprek, slide = load_slide(request, pk, slide_pk)
    try:
        presenting.move_slide(slide=slide, by=request.actor, up="omhoog" in request.POST)
    except GesprekClosed:
        return too_late(request, gesprek)
    return redirect("make_presentation", pk=pk)


def load_to_present(request, pk):
    gesprek = load(request, pk)
    if not may_present(request.actor, gesprek):
        raise PermissionDenied
    return gesprek


@open_to(PERSONAL | STAFF)
@require_GET
def present(request, pk):
    """One slide at a time, large; the numbers are in the address, so that it works without any script."""
    gesprek = load_to_present(request, pk)
    all_slides = slides_of(request, gesprek)
    number = min(max(row_id(request.GET.get("dia", "")) or 1, 1), max(len(all_slides), 1))
    context = {
        "gesprek": gesprek,
        "slide": slides.dress(request.actor, gesprek, all_slides[number - 1 : number])[0] if all_slides else None,
        "number": number,
        "total": len(all_slides),
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number < len(all_slides) else None,
        "blind": not may_read_back(request.actor),
    }
    return render(request, "gesprekken/present.html", context)


@open_to(PERSONAL | STAFF)
@require_GET
def present_pdf(request, pk):
    """The same on paper: a slide on a sheet, each with its chart or picture."""
    gesprek = load_to_present(request, pk)
    with paper_language():
        dressed = slides.on_paper(slides.dress(request.actor, gesprek, slides_of(request, gesprek)))
        if not dressed:
            return redirect("present", pk=pk)
        context = {"gesprek": gesprek, "slides": dressed, "school": gesprek.school, "printed_at": timezone.now()}
        return pdf_response(render_pdf("gesprekken/slides_pdf.html", context), f"presentatie-{gesprek.pk}.pdf")
