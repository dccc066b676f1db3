"""Earlier versions of the draft: read what was typed before, and put it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gesprekken.permissions import visible_draft_versions
from gesprekken.talking import versions
from gesprekken.talking.drafts import ABOUT
from gesprekken.views.talking import load_to_record, notes_form
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_GET
def draft_versions(request, pk):
    gesprek = load_to_record(request, pk)
    labels = {name: field.label for name, field in notes_form(request, gesprek).fields.items() if name in ABOUT}
    rows = visible_draft_versions(request.actor).filter(verslag__gesprek=gesprek).select_related("by")
    for row in rows:
        row.parts = [(labels[name], row.texts[name]) for name in ABOUT if row.texts.get(name)]
    return render(request, "gesprekken/versions.html", {"gesprek": gesprek, "rows": rows})


@open_to(STAFF)
@require_POST
def put_back_version(request, pk, version_pk):
    gesprek = load_to_record(request, pk)
    row = get_object_or_404(visible_draft_versions(request.actor).filter(verslag__gesprek=gesprek), pk=version_pk)
    try:
        versions.put_back(version=row, by=request.actor)
    except versions.NoDraft:
        messages.warning(request, _("Dit verslag is al definitief. Er is niets veranderd."))
        return redirect("record", pk=gesprek.pk)
    messages.success(request, _("Deze tekst staat er weer. Wat er net stond, vind je bij de eerdere versies."))
    return redirect("talk", pk=gesprek.pk)
