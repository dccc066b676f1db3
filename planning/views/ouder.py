"""The personal page of a guardian, on a phone."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_gesprekken
from school.actor import PERSONAL, open_to


@open_to(PERSONAL)
@require_GET
def my_page(request):
    gesprekken = visible_gesprekken(request.actor).select_related("ronde__soort", "leerling__person")
    return render(request, "planning/my_page.html", {"gesprekken": gesprekken})
