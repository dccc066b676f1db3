"""What happens above when something changes below: the place of an open ronde, and who has a time there already."""

import pytest

from gesprekken import rondes
from gesprekken.models import Ronde
from gesprekken.rondes import RondeRefused
from planning.models import CalendarEntry, Slot, WeekException
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW
from tests.planning.test_emails import event_in
from tests.remembered import remembered


@pytest.fixture
@remembered
def booked(cast, deliver):
    """Elif has a time on 24 November; the others have not chosen yet."""
    cast.with_open_ronde()
    slot = Slot.objects.filter(ronde=cast.ronde, medewerker=cast.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    deliver()
    return cast


def change(cast, **fields):
    ronde = Ronde.objects.get(pk=cast.ronde.pk)
    return rondes.change_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), seen_version=ronde.version, **fields)


@pytest.mark.req("I6")
def test_who_has_a_time_hears_of_the_new_place_and_the_calendar_follows(booked, deliver):
    change(booked, place="in de aula")
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example"}
    message = messages["ali@ouders.example"]
    assert "in de aula" in message.body
    assert "De dag en de tijd blijven zoals ze waren" in message.body
    _, calendar, event = event_in(message)
    assert (calendar["METHOD"], event["LOCATION"], event["SEQUENCE"]) == ("REQUEST", "in de aula", 1)
    entry = CalendarEntry.objects.get(gesprek=booked.gesprek_of(booked.elif_), person=booked.ali)
    assert event["UID"] == entry.uid


@pytest.mark.req("I6")
def test_another_form_is_told_too_and_the_phone_is_no_place_at_school(booked, deliver):
    change(booked, form=Ronde.Form.PHONE, place="")
    _, _, event = event_in(deliver()[0])
    assert event["LOCATION"] == "aan de telefoon"


def test_other_words_of_the_ronde_send_nothing(booked, deliver):
    change(booked, reception="Koffie in de hal", purpose="Samen kijken hoe het gaat.")
    assert deliver() == []
    assert set(CalendarEntry.objects.values_list("sequence", flat=True)) == {0}


def test_a_ronde_nobody_has_a_time_in_changes_place_in_silence(cast, deliver):
    cast.with_open_ronde()
    deliver()
    change(cast, place="in de aula")
    assert deliver() == []


def test_of_two_changes_shortly_after_each_other_only_the_last_is_mailed(booked, deliver):
    change(booked, place="in de aula")
    change(booked, place="in de gymzaal")
    messages = deliver()
    assert sorted(m.to[0] for m in messages) == ["ali@ouders.example", "fatma@ouders.example"]
    assert all("in de gymzaal" in m.body for m in messages)
    assert {event_in(m)[2]["SEQUENCE"] for m in messages} == {2}


def test_who_may_have_no_contact_hears_nothing_of_the_new_place(booked, deliver):
    change(booked, place="in de aula")
    Relatie.objects.filter(person=booked.ali).update(restriction=True)
    assert {m.to[0] for m in deliver()} == {"fatma@ouders.example"}


@pytest.mark.req("I2")
def test_within_the_week_another_place_needs_a_reason_and_without_one_nothing_changes(booked, frozen_clock):
    frozen_clock.move_to(NOW.replace(day=18))
    with pytest.raises(RondeRefused) as refusal:
        change(booked, place="in de aula")
    assert refusal.value.field == "reason"
    booked.ronde.refresh_from_db()
    assert (booked.ronde.place, booked.ronde.version) == ("", 1)
    assert not Outgoing.objects.filter(message="planning.place_changed").exists()
    assert set(CalendarEntry.objects.values_list("sequence", flat=True)) == {0}


@pytest.mark.req("I2")
def test_the_reason_leaves_a_trace_and_the_parents_hear_it(booked, deliver, frozen_clock):
    frozen_clock.move_to(NOW.replace(day=18))
    change(booked, place="in de aula", reason="De vloer van het lokaal is nat.")
    assert WeekException.objects.get(ronde=booked.ronde).reason == "De vloer van het lokaal is nat."
    assert len(deliver()) == 2


@pytest.mark.req("I2")
def test_the_page_asks_for_the_reason_and_keeps_what_was_typed(booked, as_, frozen_clock):
    from tests.gesprekken.test_rondes import typed

    frozen_clock.move_to(NOW.replace(day=18))
    leader, address = as_.staff(booked.annemiek), f"/rondes/{booked.ronde.pk}/instellingen/"
    assert 'name="reason"' not in leader.get(address).content.decode()
    answer = leader.post(address, typed(booked.ronde, place="in de aula"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="reason"' in page
    assert 'value="in de aula"' in page
    again = leader.post(address, typed(booked.ronde, place="in de aula", reason="De vloer is nat."))
    assert again.status_code == 302
    assert f"/weekregel/?ronde={booked.ronde.pk}" in leader.get(f"/rondes/{booked.ronde.pk}/").content.decode()
    assert "De vloer is nat." in leader.get(f"/weekregel/?ronde={booked.ronde.pk}").content.decode()
