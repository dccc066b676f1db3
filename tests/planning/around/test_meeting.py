"""How long one gesprek is and in what form, where it differs from the ronde."""

from datetime import timedelta

import pytest

from gesprekken.models import Gesprek, Ronde
from planning.around import meeting
from planning.inviting import letters, opening
from planning.models import CalendarEntry, Slot, WeekException
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Person
from tests.cast import NOW
from tests.planning.test_emails import event_in
from tests.planning.test_reactions import change
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
LINK_TO_CALL = "https://bellen.example/kanarie"


@pytest.fixture
@remembered
def opened(cast, deliver):
    cast.with_open_ronde()
    deliver()
    return cast


@pytest.fixture
@remembered
def booked(opened, deliver):
    slot = Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW)
    deliver()
    return opened


def set_form(cast, form, place="", **about):
    gesprek = cast.gesprek_of(cast.elif_)
    return meeting.set_form(
        gesprek=gesprek, form=form, place=place, by=Actor(cast.saskia, ACCOUNT), **{"now": NOW, **about}
    )


@pytest.mark.req("C3", "I6")
def test_another_form_of_one_gesprek_is_told_and_its_calendar_follows(booked, deliver):
    told = set_form(booked, Ronde.Form.VIDEO, LINK_TO_CALL)
    assert {person.first_name for person in told} == {"Fatma", "Ali"}
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example"}
    assert LINK_TO_CALL in messages["fatma@ouders.example"].body
    _, calendar, event = event_in(messages["fatma@ouders.example"])
    assert (calendar["METHOD"], event["LOCATION"], event["SEQUENCE"]) == ("REQUEST", LINK_TO_CALL, 1)


@pytest.mark.req("C3")
def test_the_link_of_a_video_call_is_nowhere_on_a_page_of_a_bare_link(booked, as_):
    set_form(booked, Ronde.Form.VIDEO, LINK_TO_CALL)
    gesprek = booked.gesprek_of(booked.elif_)
    for url in ("/mijn/", f"/mijn/{gesprek.pk}/tijd/", f"/mijn/{gesprek.pk}/agenda.ics"):
        assert "kanarie" not in as_.link(booked.fatma).get(url).content.decode(), url
        assert "kanarie" in as_.link(booked.fatma, confirmed=True).get(url).content.decode().replace("\r\n ", ""), url
    assert "kanarie" not in as_.pupil(booked.elif_).get("/leerling/").content.decode()


@pytest.mark.req("C3")
def test_a_letter_travels_in_a_bag_and_has_no_link_of_a_call(cast, deliver, monkeypatch):
    cast.with_ronde(form=Ronde.Form.VIDEO, place=LINK_TO_CALL)
    cast.with_times()
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    assert all(LINK_TO_CALL in message.body for message in deliver())
    printed = []
    monkeypatch.setattr(letters, "render_pdf", lambda template, about: printed.append(str(about["pages"])))
    letters.print_at_once(ronde=cast.ronde, groep=cast.groep3, by=Actor(cast.annemiek, ACCOUNT))
    assert "Daan" in printed[0]
    assert LINK_TO_CALL not in printed[0]


def test_a_number_to_call_is_for_the_school_alone(booked, deliver, as_):
    set_form(booked, Ronde.Form.PHONE, "06 kanarie")
    assert all("kanarie" not in m.body + m.attachments[0].content for m in deliver())
    assert "kanarie" not in as_.link(booked.fatma, confirmed=True).get("/mijn/").content.decode()
    assert "kanarie" in as_.staff(booked.saskia).get(f"/gesprek/{booked.gesprek_of(booked.elif_).pk}/").content.decode()


def test_without_a_time_nobody_is_told(opened, deliver):
    assert set_form(opened, Ronde.Form.HOME, "Dorpsstraat 1") == []
    assert deliver() == []


def test_the_same_again_tells_nobody(booked, deliver):
    set_form(booked, Ronde.Form.HOME)
    deliver()
    assert set_form(booked, Ronde.Form.HOME) == []
    assert deliver() == []


@pytest.mark.req("I2")
def test_inside_the_week_it_is_agreed_or_has_a_reason(booked):
    later = NOW + timedelta(days=9)
    with pytest.raises(meeting.MeetingRefused) as refused:
        set_form(booked, Ronde.Form.HOME, now=later)
    assert refused.value.reason == "week"
    assert Gesprek.objects.get(pk=booked.gesprek_of(booked.elif_).pk).form == ""
    assert set(CalendarEntry.objects.values_list("sequence", flat=True)) == {0}
    set_form(booked, Ronde.Form.HOME, now=later, reason="De verwarming is stuk.")
    assert WeekException.objects.get().reason == "De verwarming is stuk."
    set_form(booked, Ronde.Form.VIDEO, LINK_TO_CALL, now=later, agreed=True)
    assert WeekException.objects.count() == 1


def test_a_ronde_that_moves_leaves_a_gesprek_with_its_own_place_alone(booked, deliver):
    set_form(booked, Ronde.Form.HOME)
    deliver()
    change(booked, place="in de aula")
    assert deliver() == []


def test_the_page_asks_for_a_link_that_begins_with_https(opened, as_):
    gesprek = opened.gesprek_of(opened.elif_)
    teacher, url = as_.staff(opened.saskia), f"/gesprek/{gesprek.pk}/opzet/vorm/"
    for wrong in ("", "http://bellen.example/x", "bellen.example", "javascript:alert(1)"):
        answer = teacher.post(url, {"form": "video", "place": wrong})
        assert answer.status_code == 422, wrong
        assert "begint met https://" in answer.content.decode()
    assert teacher.post(url, {"form": "video", "place": LINK_TO_CALL}).status_code == 302


def test_the_page_asks_for_a_number_when_none_is_known(opened, as_):
    gesprek = opened.gesprek_of(opened.elif_)
    teacher, url = as_.staff(opened.saskia), f"/gesprek/{gesprek.pk}/opzet/vorm/"
    assert "geen telefoonnummer" in teacher.post(url, {"form": "phone"}).content.decode()
    Person.objects.filter(pk=opened.fatma.pk).update(phone="06 12345678")
    assert teacher.post(url, {"form": "phone"}).status_code == 302
