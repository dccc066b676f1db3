"""The leadership's questions: an index with an answer in one sentence each, and a page per question."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gesprekken.afterwards.pupils import present_year
from kijkwijzer.insight import export_question
from kijkwijzer.insight.answer import lines
from kijkwijzer.insight.cards import cards
from kijkwijzer.insight.questions import answered, question_of
from kijkwijzer.permissions import may_see_overview
from school.actor import STAFF, open_to
from school.permissions import visible_schooljaren
from school.row_ids import row_id
from school.spreadsheet import CONTENT_TYPE

ON_PAGE = 25  # rows of the second table; the workbook has them all


def chosen_year(request):
    """(the school year that was asked for, else the present one; all of the school). None where there is no year."""
    years = visible_schooljaren(request.actor)
    asked = row_id(request.GET.get("schooljaar"))
    if asked:
        return get_object_or_404(years, pk=asked), years
    return present_year(request.actor.school, timezone.localdate()), years


def the_answer(request, slug):
    """(Answer, school year, all years) of one question. 403 for who reads none of them, 404 for another's question."""
    if not may_see_overview(request.actor):
        raise PermissionDenied
    question = question_of(request.actor, slug)
    year, years = chosen_year(request)
    if question is None or year is None:
        raise Http404
    return answered(question, request.actor, year, timezone.now()), year, years


@open_to(STAFF)
@require_GET
def index(request):
    if not may_see_overview(request.actor):
        raise PermissionDenied
    year, years = chosen_year(request)
    found, counted_at = cards(request.actor, year, timezone.now()) if year else ([], None)
    context = {"cards": found, "counted_at": counted_at, "year": year, "years": years}
    return render(request, "kijkwijzer/insight.html", context)


@open_to(STAFF)
@require_GET
def page(request, slug):
    answer, year, years = the_answer(request, slug)
    context = {
        "answer": answer,
        "year": year,
        "years": years,
        "lines": lines(answer),
        "also_lines": lines(answer.also, ON_PAGE),
        "more": max(0, len(answer.also.rows) - ON_PAGE) if answer.also else 0,
    }
    return render(request, "kijkwijzer/insight_page.html", context)


@open_to(STAFF)
@require_GET
def xlsx(request, slug):
    answer, year, _years = the_answer(request, slug)
    content = export_question.workbook_of(answer, year)
    return _file(content, CONTENT_TYPE, export_question.filename(answer, year, "xlsx"))


@open_to(STAFF)
@require_GET
def pdf(request, slug):
    answer, year, _years = the_answer(request, slug)
    content = export_question.pdf_of(answer, year, request.actor.school, timezone.now())
    return _file(content, "application/pdf", export_question.filename(answer, year, "pdf"))


def _file(content, content_type, name):
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
