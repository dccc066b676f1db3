"""The school's rooms: leadership adds, renames and archives them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.permissions import may_manage_rooms, visible_rooms
from planning.times import rooms as verbs
from planning.times_forms import RoomForm
from school.actor import STAFF, open_to


def rooms_or_403(request):
    if not may_manage_rooms(request.actor):
        raise PermissionDenied
    return visible_rooms(request.actor)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request):
    """The list, and a new one."""
    known = rooms_or_403(request)
    form = RoomForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            room = verbs.add_room(name=form.cleaned_data["name"], by=request.actor)
        except verbs.RoomRefused:
            form.add_error("name", _("Er is al een lokaal met deze naam. Kies een andere naam."))
        else:
            sentence = _("%(name)s is erbij. In een ronde met lokalen is het nu te kiezen.")
            messages.success(request, sentence % {"name": room.name})
            return redirect("rooms")
    context = {"rooms": known.filter(archived=False), "archived": known.filter(archived=True), "form": form}
    return render(request, "planning/rooms.html", context, status=422 if form.errors else 200)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def room(request, pk):
    found = get_object_or_404(rooms_or_403(request), pk=pk)
    form = RoomForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            verbs.rename_room(room=found, name=form.cleaned_data["name"], by=request.actor)
        except verbs.RoomRefused:
            form.add_error("name", _("Er is al een lokaal met deze naam. Kies een andere naam."))
        else:
            messages.success(request, _("Bewaard. Overal staat nu de nieuwe naam."))
            return redirect("rooms")
    return render(request, "planning/room.html", {"room": found, "form": form}, status=422 if form.errors else 200)


@open_to(STAFF)
@require_POST
def archive(request, pk):
    """Put a room away, or take it up again (`terug`)."""
    found = get_object_or_404(rooms_or_403(request), pk=pk)
    verbs.archive_room(room=found, by=request.actor, archived="terug" not in request.POST)
    away = _("%(name)s is niet meer te kiezen. Wat er al gepland is, blijft daar.")
    sentence = away if found.archived else _("%(name)s is weer te kiezen.")
    messages.success(request, sentence % {"name": found.name})
    return redirect("rooms")
