"""The page of a pupil, opened with the code on the card: large type, few words."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_gesprekken
from planning import followup, invitations
from school.actor import PERSONAL, open_to


@open_to(PERSONAL)
@require_GET
def pupil_page(request):
    rows = followup.standings(
        visible_gesprekken(request.actor).prefetch_related("groep__lesgeven__medewerker__person", "deelnames__person")
    )
    for row in rows:
        row.who = invitations.who_joins([row.gesprek])
    return render(request, "planning/pupil_page.html", {"rows": [row for row in rows if row.gesprek.ronde.is_open]})
