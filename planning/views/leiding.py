"""Rondes, as leadership and teachers see them."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_rondes
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def rondes(request):
    return render(request, "planning/rondes.html", {"rondes": visible_rondes(request.actor).select_related("soort")})
