"""The school's rooms, and that the database itself keeps two gesprekken out of one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from planning.models import Booking, Occupancy, Room
from planning.times import rooms
from school.actor import ACCOUNT, Actor
from tests.cast import NOW


@pytest.fixture
def by(cast):
    return Actor(cast.annemiek, ACCOUNT)


def test_leadership_adds_renames_and_archives_rooms(cast, as_):
    leader = as_.staff(cast.annemiek)
    assert "Lokaal 3 is erbij" in leader.post("/lokalen/", {"name": " Lokaal  3 "}, follow=True).content.decode()
    room = Room.objects.get()
    leader.post(f"/lokalen/{room.pk}/", {"name": "Aula"})
    leader.post(f"/lokalen/{room.pk}/weg/")
    room.refresh_from_db()
    assert (room.name, room.archived) == ("Aula", True)
    leader.post(f"/lokalen/{room.pk}/weg/", {"terug": "ja"})
    room.refresh_from_db()
    assert not room.archived


def test_one_name_is_one_room(cast, by, as_):
    rooms.add_room(name="Lokaal 3", by=by)
    refused = as_.staff(cast.annemiek).post("/lokalen/", {"name": "lokaal 3"})
    assert refused.status_code == 422
    assert "al een lokaal met deze naam" in refused.content.decode()
    other = rooms.add_room(name="Aula", by=by)
    with pytest.raises(rooms.RoomRefused):
        rooms.rename_room(room=other, name="LOKAAL 3", by=by)
    rooms.rename_room(room=other, name="aula", by=by)


def test_the_name_of_an_archived_room_takes_it_up_again(by):
    room = rooms.archive_room(room=rooms.add_room(name="Lokaal 3", by=by), by=by)
    assert rooms.add_room(name="Lokaal 3", by=by).pk == room.pk
    assert not Room.objects.get().archived


def test_next_door_may_have_a_room_of_the_same_name_and_does_not_see_ours(cast, next_door, by, as_):
    room = rooms.add_room(name="Lokaal 3", by=by)
    rooms.add_room(name="Lokaal 3", by=Actor(next_door.vera, ACCOUNT))
    assert as_.staff(next_door.vera).get(f"/lokalen/{room.pk}/").status_code == 404


def test_the_database_refuses_two_gesprekken_in_one_room_at_one_time(cast, by):
    cast.with_open_ronde()
    room = rooms.add_room(name="Lokaal 3", by=by)

    def occupy(leerling, teacher):
        booking = Booking.objects.create(
            school=cast.school, gesprek=cast.gesprek_of(leerling), medewerker=teacher.medewerker, room=room,
            starts_at=NOW, ends_at=NOW + timedelta(minutes=15),
        )  # fmt: skip
        Occupancy.objects.create(school=cast.school, booking=booking, room=room, bucket=NOW)

    occupy(cast.elif_, cast.saskia)
    with pytest.raises(IntegrityError), transaction.atomic():
        occupy(cast.emre, cast.bas)
