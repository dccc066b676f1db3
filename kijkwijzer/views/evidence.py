"""The ten factors as what was seen of them in one gesprek: for who held it, and in fewer words for the family."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from kijkwijzer.evidence import facts, pictures, signs
from kijkwijzer.permissions import visible_evidence, visible_record_of
from school.actor import PERSONAL_CONFIRMED, STAFF, open_to


def load(request, pk):
    """The gesprek, or 404: to anybody else its signs do not exist."""
    gesprekken = visible_evidence(request.actor).select_related("ronde", "leerling__person", "groep")
    return get_object_or_404(gesprekken, pk=pk)


@open_to(STAFF)
@require_GET
def evidence(request, pk):
    gesprek = load(request, pk)
    found = facts.facts_of(visible_evidence(request.actor).filter(pk=gesprek.pk))
    rows = pictures.rows_of(signs.signs_of(found[gesprek.pk]))
    return render(
        request, "kijkwijzer/evidence.html", {"gesprek": gesprek, "rows": rows, "legend": pictures.legend(rows)}
    )


@open_to(PERSONAL_CONFIRMED)
@require_GET
def evidence_read(request, pk):
    """Only facts that are hers to know, counted from what she may read herself."""
    actor, gesprek = request.actor, load(request, pk)
    verslagen, agreements = visible_record_of(actor)
    own = visible_evidence(actor).filter(pk=gesprek.pk)
    found = facts.facts_of(own, verslagen=verslagen, agreements=agreements)
    reader = signs.LEERLING if actor.is_pupil else signs.OUDER
    rows = pictures.rows_of(signs.signs_of(found[gesprek.pk], reader=reader))
    return render(
        request, "kijkwijzer/evidence_read.html", {"gesprek": gesprek, "rows": rows, "legend": pictures.legend(rows)}
    )
