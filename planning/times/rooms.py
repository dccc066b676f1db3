"""The rooms a school reserves for gesprekken; a ronde decides whether it works with them."""

from django.db import transaction

from planning.models import Room
from school import audit


class RoomRefused(Exception):
    """Two rooms with one name cannot be told apart."""


def add_room(*, name, by):
    """A room of the school. Adding the name of an archived room takes that one up again. Raises RoomRefused."""
    with transaction.atomic():
        known = find(by.school, name)
        if known and not known.archived:
            raise RoomRefused
        if known:
            return archive_room(room=known, by=by, archived=False)
        room = Room.objects.create(school=by.school, name=name)
        audit.record("add_room", room, by=by)
    return room


def rename_room(*, room, name, by):
    """Another name for the same room: windows and times in it keep it. Raises RoomRefused."""
    with transaction.atomic():
        known = find(by.school, name)
        if known and known.pk != room.pk:
            raise RoomRefused
        Room.objects.filter(pk=room.pk).update(name=name)
        audit.record("rename_room", room, by=by)


def archive_room(*, room, by, archived=True):
    """No longer, or again, to be chosen. What was given or planned in it stays there."""
    with transaction.atomic():
        Room.objects.filter(pk=room.pk).update(archived=archived)
        audit.record("archive_room", room, by=by, archived=archived)
    room.archived = archived
    return room


def find(school, name):
    """The room with this name, in capitals or not: ‘Lokaal 3’ and ‘lokaal 3’ are one room to people."""
    return next((r for r in Room.objects.filter(school=school) if r.name.casefold() == name.casefold()), None)
