"""A longer gesprek for one pupil: before a time is chosen, or after, as long as it fits."""

from datetime import timedelta

import pytest

from planning.models import Booking, Occupancy, Slot, WeekException
from planning.times import booking, lengths, windows
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW
from tests.planning.test_emails import event_in
from tests.remembered import remembered


@pytest.fixture
@remembered
def planned(cast, deliver):
    """Elif has Saskia's first time, 15:00 until 15:15, of an afternoon until five."""
    cast.with_open_ronde()
    book(cast, cast.elif_, cast.fatma, 0)
    deliver()
    return cast


def book(cast, leerling, guardian, n):
    slot = Slot.objects.filter(medewerker=cast.saskia.medewerker)[n]
    return booking.book(slot=slot, gesprek=cast.gesprek_of(leerling), by=Actor(guardian, LINK), now=NOW)


def set_length(cast, leerling, minutes, **about):
    about = {"now": NOW, "by": Actor(cast.saskia, ACCOUNT)} | about
    return lengths.set_length(gesprek=cast.gesprek_of(leerling), minutes=minutes, **about)


def test_before_a_time_is_chosen_only_times_where_it_fits_are_offered(planned):
    every = len(booking.free_slots(planned.gesprek_of(planned.tess), now=NOW))
    assert set_length(planned, planned.tess, 60)
    assert planned.gesprek_of(planned.tess).length == 60
    assert len(booking.free_slots(planned.gesprek_of(planned.tess), now=NOW)) == every - 3
    assert set_length(planned, planned.tess, 15)
    assert planned.gesprek_of(planned.tess).minutes is None
    assert not set_length(planned, planned.tess, 15)


def test_after_a_time_was_chosen_its_end_moves_and_everybodys_minutes_follow(planned, deliver):
    set_length(planned, planned.elif_, 30)
    planned_time = Booking.objects.active().get()
    assert planned_time.ends_at - planned_time.starts_at == timedelta(minutes=30)
    assert Occupancy.objects.filter(person=planned.saskia).count() == 6
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example"}
    assert "van 15:00 tot 15:30" in messages["ali@ouders.example"].body
    _, _, event = event_in(messages["ali@ouders.example"])
    assert event["SEQUENCE"] == 1
    later = booking.free_slots(planned.gesprek_of(planned.tess), now=NOW)
    assert later[0].starts_at == planned_time.ends_at


@pytest.mark.parametrize("reason", ["busy", "too_long", "past", "closed", "week"])
def test_a_length_that_does_not_fit_changes_nothing(planned, reason):
    about, minutes = {}, 30
    if reason == "busy":
        book(planned, planned.tess, planned.sander, 1)
    if reason == "too_long":
        on = planned.ronde.availabilities.get(medewerker__person=planned.saskia)
        windows.give_pause(
            ronde=planned.ronde, medewerker=planned.saskia.medewerker, on=on.on, starts=on.starts.replace(minute=20),
            ends=on.starts.replace(minute=40), by=Actor(planned.saskia, ACCOUNT),
        )  # fmt: skip
    if reason == "past":
        about["now"] = Booking.objects.active().get(gesprek__leerling=planned.elif_).starts_at
    if reason == "closed":
        planned.ronde.state = "closed"
        planned.ronde.save()
    if reason == "week":
        about["now"] = NOW + timedelta(days=10)
    before = sorted(Occupancy.objects.values_list("person", "bucket"))
    with pytest.raises(lengths.LengthRefused) as refusal:
        set_length(planned, planned.elif_, minutes, **about)
    assert refusal.value.reason == reason
    assert planned.gesprek_of(planned.elif_).minutes is None
    assert sorted(Occupancy.objects.values_list("person", "bucket")) == before


@pytest.mark.req("I2")
def test_inside_the_week_agreeing_or_a_reason_is_enough(planned):
    late = NOW + timedelta(days=10)
    set_length(planned, planned.elif_, 30, now=late, reason="Er is veel te bespreken")
    assert WeekException.objects.get().reason == "Er is veel te bespreken"
    set_length(planned, planned.elif_, 45, now=late, agreed=True)
    assert WeekException.objects.count() == 1


def test_the_page_says_what_to_do_and_keeps_what_was_typed(planned, as_):
    book(planned, planned.tess, planned.sander, 1)
    address = f"/gesprek/{planned.gesprek_of(planned.elif_).pk}/plannen/duur/"
    teacher = as_.staff(planned.saskia)
    refused = teacher.post(address, {"minutes": "30", "agreed": "ja"})
    assert refused.status_code == 422
    assert "Kies eerst een andere tijd" in refused.content.decode() and 'value="30"' in refused.content.decode()
    assert teacher.post(address, {"minutes": "32"}).status_code == 422
    tess = f"/gesprek/{planned.gesprek_of(planned.tess).pk}/plannen/duur/"
    told = teacher.post(tess, {"minutes": "30", "agreed": "ja"}, follow=True).content.decode()
    assert "Het gesprek over Tess duurt nu 30 minuten. De ouders krijgen bericht." in told
