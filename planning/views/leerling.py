"""The page of a pupil, opened with the code on the card."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_gesprekken
from school.actor import PERSONAL, open_to


@open_to(PERSONAL)
@require_GET
def pupil_page(request):
    gesprekken = visible_gesprekken(request.actor).select_related("ronde__soort", "leerling__person")
    return render(request, "planning/pupil_page.html", {"gesprekken": gesprekken})
