"""A teacher's day."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def today(request):
    return render(request, "planning/today.html", {})
