"""One gesprek for staff: who, when, the three preparations side by side, and the way to everything else."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gesprekken.afterwards import outcomes
from gesprekken.models import Aanvraag, Ronde
from gesprekken.permissions import (
    conducts,
    is_teacher_of,
    may_hand_over_code,
    may_present,
    may_read_prepared,
    visible_aanvragen,
    visible_agreements,
    visible_around,
    visible_gesprekken,
    visible_slides,
    visible_verslagen,
    visible_worries,
)
from gesprekken.preparing import contribution, sheet
from gesprekken.talking import recording
from gesprekken.views.preparing import load
from school import access, audit
from school.actor import STAFF, open_to
from school.pdf import render_pdf


def participants(actor, gesprek):
    """Everybody who takes part, and for whom this actor may ask a code."""
    rows = sheet.everybody(gesprek)
    may = is_teacher_of(actor, gesprek) or actor.is_leiding
    reachable = {relatie.person_id for relatie in recording.guardians_of(gesprek, afterwards=True)} | {
        gesprek.leerling.person_id
    }
    for row in rows:
        row.may_get_code = may and row.person_id in reachable
    return rows


def followed_by(actor, gesprek):
    """The gesprek before this one and the one after it, as far as this actor may see them.

    `asked`: where there is none after it yet, the Aanvraag of which it comes: still waiting, or in a ronde to be opened.
    """
    seen = visible_gesprekken(actor).select_related("ronde")
    after = seen.filter(follows=gesprek, cancelled_at=None).order_by("pk").first()
    asked = visible_aanvragen(actor).filter(follows=gesprek).exclude(answer=Aanvraag.Answer.DECLINED)
    return {
        "before": seen.filter(pk=gesprek.follows_id).first() if gesprek.follows_id else None,
        "after": after,
        "asked": None if after else asked.filter(Q(ronde=None) | Q(ronde__state=Ronde.State.DRAFT)).first(),
    }


@open_to(STAFF)
@require_GET
def gesprek_page(request, pk):
    return show_gesprek(request, load(request, pk))


def show_gesprek(request, gesprek, status=200, **more):
    mine = conducts(request.actor, gesprek)
    context = {
        "gesprek": gesprek,
        "conducts": mine,
        "teacher": is_teacher_of(request.actor, gesprek),
        "reads": may_read_prepared(request.actor, gesprek),
        "participants": participants(request.actor, gesprek),
        "columns": sheet.columns(request.actor, gesprek),
        "around": visible_around(request.actor, gesprek).select_related("person"),
        "presents": may_present(request.actor, gesprek) and visible_slides(request.actor, gesprek).exists(),
        "worries": visible_worries(request.actor).filter(gesprek=gesprek).select_related("person"),
        "verslag": visible_verslagen(request.actor).filter(gesprek=gesprek).order_by("-number").first(),
        "bookings": [booking for booking in gesprek.bookings.all() if booking.state == "active"],
        "follows": followed_by(request.actor, gesprek),
        **outcomes.shown_at(request.actor, gesprek),
    }
    verslag = context["verslag"]
    context["agreements"] = (
        visible_agreements(request.actor).filter(verslag=verslag).prefetch_related("concerns") if verslag else []
    )
    return render(request, "gesprekken/gesprek.html", {**context, **more}, status=status)


@open_to(STAFF)
@require_GET
def gesprek_print(request, pk):
    """All on one sheet. For the table: only what is on the table. One's own: everything, what is confided marked."""
    gesprek = load(request, pk)
    if not may_read_prepared(request.actor, gesprek):
        raise PermissionDenied
    own = request.GET.get("versie") == "eigen"
    context = {
        "gesprek": gesprek,
        "school": gesprek.school,
        "own": own,
        "columns": sheet.columns(request.actor, gesprek, table_only=not own),
        "around": visible_around(request.actor, gesprek).select_related("person") if own else [],
        "own_words": contribution.for_paper(request.actor, gesprek) if own else None,
        "bookings": [booking for booking in gesprek.bookings.all() if booking.state == "active"],
        "printed_at": timezone.now(),
    }
    return pdf_response(render_pdf("gesprekken/sheet_pdf.html", context), f"gesprek-{gesprek.pk}.pdf")


def pdf_response(content, name):
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@open_to(STAFF)
@require_POST
def hand_over_code(request, pk, person_pk):
    """Six digits to read out to a parent without mail: shown once, on this answer alone."""
    gesprek = load(request, pk)
    deelname = gesprek.deelnames.filter(person=person_pk).select_related("person").first()
    if deelname is None:
        raise Http404
    if not may_hand_over_code(request.actor, gesprek, deelname.person):
        raise PermissionDenied
    code = access.hand_over_code(deelname.person)
    audit.record("code_handed_over", gesprek, by=request.actor, person=deelname.person.pk)
    return render(request, "gesprekken/code.html", {"gesprek": gesprek, "person": deelname.person, "code": code})
