"""The overview: whom do we reach."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kijkwijzer.permissions import may_see_overview
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def overview(request):
    if not may_see_overview(request.actor):
        raise PermissionDenied
    return render(request, "kijkwijzer/overview.html", {})
