"""The screen that lies on the table: what everybody who sits there may see, and nothing else, also not in its source."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from gesprekken.afterwards import outcomes
from gesprekken.models import Visibility
from gesprekken.permissions import for_everybody_at, visible_agreements
from gesprekken.preparing import points, sheet
from gesprekken.talking import guide, recording
from gesprekken.views.talking import load_to_record
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def talk_table(request, pk):
    """Built from what is on the table alone; what is for the teacher is never asked of the database here."""
    gesprek = load_to_record(request, pk)
    beside, _none = sheet.beside_steps(request.actor, gesprek, table_only=True)
    brought = list(points.visible_points(request.actor, gesprek).filter(visibility=Visibility.TABLE))
    steps = guide.steps_for(gesprek)
    languages = guide.spoken_at(gesprek)
    titles = [(language, guide.titles_in(gesprek, language)) for language in languages]
    purpose, about = guide.about_in(gesprek, languages)
    for step in steps:
        step.lines_prepared = beside.pop(step.number, [])
        step.translated = [(language, mine[step.number]) for language, mine in titles]
        step.shared = [extra for extra in step.extras if extra.dates or extra.people]
        # The goal, what was brought in and what is agreed have a place of their own.
        step.has_words = step.number in (1, 7) or (step.number == 2 and brought) or step.lines_prepared or step.shared
    draft = recording.draft_of(gesprek)
    agreed = visible_agreements(request.actor).filter(verslag=draft).prefetch_related("concerns") if draft else []
    still_open, _apart = outcomes.open_at_table(request.actor, gesprek)
    context = {
        "gesprek": gesprek,
        "steps": steps,
        "elsewhere": [line for lines in beside.values() for line in lines],
        "purpose": purpose,
        "about": about,
        "points": brought,
        "agreements": for_everybody_at(gesprek, agreed),
        "earlier": [one for one in still_open if one.verslag.released_at],
    }
    return render(request, "gesprekken/table.html", context)
