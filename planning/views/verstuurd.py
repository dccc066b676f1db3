"""What was sent: which words each family of a ronde was invited with."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from gesprekken.permissions import visible_rondes
from planning.inviting import texts
from planning.permissions import visible_sent
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def sent_texts(request, pk):
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort"), pk=pk)
    rows = visible_sent(request.actor, ronde).select_related("person", "text__by", "gesprek__leerling__person")
    rows = rows.order_by("gesprek__leerling__person__first_name", "person__last_name", "pk")
    return render(request, "planning/sent_texts.html", {"ronde": ronde, "sent": by_version(rows)})


def by_version(invitations):
    """[{version, language, channel, words, people}]: guardians under the text they got, each with her children once."""
    found = {}
    for row in invitations:
        language = row.text.language if row.text else texts.language_for(row.person)
        sent = found.setdefault(
            (row.text_id, language, row.channel),
            {
                "version": row.text,
                "language": language,
                "channel": row.get_channel_display(),
                "words": texts.words_of(row.text, language, row.channel),
                "people": {},
            },
        )
        person = sent["people"].setdefault(row.person_id, {"invitation": row, "children": []})
        person["children"].append(row.gesprek.leerling.person.first_name)
    return sorted(found.values(), key=lambda sent: -len(sent["people"]))
