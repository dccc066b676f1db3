"""The overview: whom do we reach in this ronde. For leadership and the intern begeleider."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from gesprekken.models import Aanvraag
from gesprekken.permissions import answerable_aanvragen
from kijkwijzer import charts
from kijkwijzer.evidence import adding_up
from kijkwijzer.evidence import pictures as evidence_pictures
from kijkwijzer.insight import export, pictures, reach
from kijkwijzer.permissions import may_see_overview, visible_rondes_to_follow
from school.actor import STAFF, open_to
from school.permissions import may_import, visible_groepen
from school.spreadsheet import CONTENT_TYPE


@open_to(STAFF)
@require_GET
def overview(request):
    if not may_see_overview(request.actor):
        raise PermissionDenied
    now = timezone.now()
    rondes = visible_rondes_to_follow(request.actor).select_related("schooljaar")
    asked = request.GET.get("ronde", "")
    if asked.isdecimal() and len(asked) < 16:
        ronde = get_object_or_404(rondes, pk=int(asked))
    else:
        ronde = reach.chosen_ronde(rondes, timezone.localtime(now).date())
    if ronde is None:
        empty = may_import(request.actor) and not visible_groepen(request.actor).exists()
        return render(request, "kijkwijzer/overview.html", {"ronde": None, "empty_school": empty})
    total, rows = reach.reach(ronde, reach.counted(ronde), now)
    context = {
        "ronde": ronde,
        "rondes": rondes,
        "total": total,
        "rows": rows,
        "bars": pictures.bars_of(rows),
        "patterns": charts.patterns(),
        "legend": pictures.legend(total),
        "asked": answerable_aanvragen(request.actor).filter(answer=Aanvraag.Answer.WAITING).count(),
        "steps": pictures.next_steps(ronde, total, rows),
        "evidence": evidence_pictures.ronde_of(adding_up.of_ronde(ronde, now=now)),
    }
    return render(request, "kijkwijzer/overview.html", context)


@open_to(STAFF)
@require_GET
def overview_xlsx(request, pk):
    if not may_see_overview(request.actor):
        raise PermissionDenied
    ronde = get_object_or_404(visible_rondes_to_follow(request.actor), pk=pk)
    content = export.overview_of(ronde, timezone.now())
    name = f"overzicht-{slugify(ronde.name)[:60] or ronde.pk}.xlsx"
    return HttpResponse(
        content, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
