"""A pupil wants to talk: her teacher has seen it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gesprekken.permissions import visible_worries
from gesprekken.preparing import worries
from school.actor import STAFF, open_to


@open_to(STAFF)
@require_POST
def worry_seen(request, pk):
    """The row is the preparation of the pupil; once seen it is no longer there, and a second click does no harm."""
    row = get_object_or_404(visible_worries(request.actor).select_related("gesprek"), pk=pk)
    worries.mark_seen(row=row, by=request.actor)
    messages.success(request, _("Genoteerd dat je het hebt gezien."))
    return redirect("gesprek", pk=row.gesprek_id)
