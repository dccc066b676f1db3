"""The page of a pupil, opened with the code on the card: large type, few words."""

from collections import Counter

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gesprekken.afterwards import feedback
from gesprekken.afterwards.outcomes import open_agreements
from gesprekken.permissions import gesprekken_to_read, gesprekken_to_see, leerlingen_with_advice, visible_gesprekken
from planning.inviting import followup, wording
from planning.views.aanvragen import asking_of
from school import registry
from school.actor import PERSONAL, open_to


@open_to(PERSONAL)
@require_GET
def pupil_page(request):
    rows = followup.standings(
        visible_gesprekken(request.actor).prefetch_related("groep__lesgeven__medewerker__person", "deelnames__person")
    )
    now, to_read = timezone.now(), set(gesprekken_to_read(request.actor).values_list("pk", flat=True))
    others = registry.who_else([row.gesprek.pk for row in rows])
    for row in rows:
        row.who = wording.who_joins([row.gesprek], row.booking, others=others)
    ahead = [row for row in rows if row.is_ahead(now)]
    in_ronde = Counter(row.gesprek.ronde_id for row in ahead)
    for row in ahead:  # parents who talk apart: with whom each of the two is
        several = in_ronde[row.gesprek.ronde_id] > 1
        row.family = wording.and_list(person.name for person in row.guardians) if several else ""
    read = [row.gesprek for row in rows if row.gesprek.pk in to_read]
    context = {
        "rows": ahead,
        "read": read,
        "agreed": open_agreements(request.actor),
        "to_see": once_a_ronde(gesprekken_to_see(request.actor).select_related("leerling__person", "ronde")),
        "asking": asking_of(request.actor),
        "to_answer": feedback.open_to_answer(request.actor).order_by("held_on", "pk"),
        "with_advice": leerlingen_with_advice(request.actor),
    }
    return render(request, "planning/pupil_page.html", context)


def once_a_ronde(gesprekken):
    """Where her parents talk apart the same is shown at both: to her once."""
    return list({one.ronde_id: one for one in gesprekken}.values())
