"""One's own gesprekken in one's own calendar, by a secret address: what stands in it, for whom, and how it ends."""

import re
from datetime import date, timedelta

import icalendar
import pytest
from django.test import Client

from gesprekken.year import entries
from planning import feeds
from planning.around import joining, meeting
from planning.models import CalendarEntry, Slot
from planning.times import booking
from school import access, discretion, people
from school.actor import ACCOUNT, LINK, Actor
from school.models import AccessLink, Medewerker, Person, Relatie, School
from tests.cast import NOW

ROOM = "https://video.example/kamer-van-saskia"


@pytest.fixture
def opened(cast, deliver):
    cast.with_open_ronde()
    deliver()
    return cast


@pytest.fixture
def booked(opened, deliver):
    """Elif and Emre have a time each; Noor's mother, who talks apart, has one too."""
    for child, teacher, number in [(opened.elif_, "saskia", 0), (opened.emre, "bas", 2)]:
        book(opened, opened.gesprek_of(child), teacher, number)
    book(opened, opened.gesprek_of(opened.noor, opened.kim), "saskia", 3)
    return opened


def book(cast, gesprek, teacher, number):
    slots = Slot.objects.filter(ronde=cast.ronde, medewerker=cast.people[teacher].medewerker).order_by("starts_at")
    booking.book(slot=slots[number], gesprek=gesprek, by=Actor(cast.annemiek, ACCOUNT), now=NOW, agreed=True)


def as_parent(person):
    return Actor(person, LINK)


def fetch(token, **headers):
    """As a calendar program does: without a session."""
    return Client().get(f"/agenda/{token}/", headers=headers)


def events(token):
    answer = fetch(token)
    assert answer.status_code == 200
    return {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}


@pytest.mark.req("I6")
def test_a_mothers_feed_holds_what_her_mails_hold_and_follows_a_move_and_a_cancellation(booked, deliver):
    token = feeds.renew(by=as_parent(booked.fatma))
    mailed = {}
    for message in deliver():
        if message.to == ["fatma@ouders.example"]:
            (event,) = icalendar.Calendar.from_ical(message.attachments[0].content).walk("VEVENT")
            mailed[str(event["SUMMARY"])] = event
    found = events(token)
    assert set(found) == set(mailed) == {"Gesprek over Elif (De Wilgenhof)", "Gesprek over Emre (De Wilgenhof)"}
    for name, event in found.items():
        for what in ("UID", "SEQUENCE", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION", "ORGANIZER"):
            assert event[what].to_ical() == mailed[name][what].to_ical(), what
        assert "ATTENDEE" not in event
    elif_ = booked.gesprek_of(booked.elif_)
    slot = Slot.objects.filter(ronde=booked.ronde, medewerker=booked.saskia.medewerker).order_by("starts_at")[5]
    booking.move(slot=slot, gesprek=elif_, by=as_parent(booked.fatma), now=NOW)
    booking.cancel(gesprek=booked.gesprek_of(booked.emre), by=as_parent(booked.fatma), now=NOW)
    (left,) = events(token).values()
    assert left["UID"] == mailed["Gesprek over Elif (De Wilgenhof)"]["UID"] and left["SEQUENCE"] == 1
    assert left["DTSTART"].dt == slot.starts_at and left["DTSTART"].params["TZID"] == "Europe/Amsterdam"


@pytest.mark.req("I3a")
def test_it_speaks_of_nobody_else_and_opens_no_video_room(booked):
    gesprek = booked.gesprek_of(booked.noor, booked.kim)
    meeting.set_form(gesprek=gesprek, form="video", place=ROOM, by=Actor(booked.saskia, ACCOUNT), now=NOW, agreed=True)
    content = fetch(feeds.renew(by=as_parent(booked.kim))).content.decode()
    assert "Gesprek over Noor" in content and "LOCATION:" in content
    for secret in ("video.example", "Joost", "Kim", "Vries", "Elif", "Mulder", "kim@"):
        assert secret not in content
    assert fetch(feeds.renew(by=as_parent(booked.joost))).content.count(b"BEGIN:VEVENT") == 0


@pytest.mark.req("C1", "I6")
def test_the_year_of_her_childrens_groups_stands_in_a_parents_feed(booked):
    about = [
        ("avond-3", entries.ACTIVITEIT, "Avond van groep 3", [booked.groep3.pk]),
        ("avond-5", entries.ACTIVITEIT, "Avond van groep 5", [booked.groep5.pk]),
        ("vrij-1", entries.VRIJ, "Kerst", []),
        ("ronde-1", entries.RONDE, "De ronde", [booked.groep5.pk]),
    ]
    on = date(2026, 12, 21)
    booked.with_shared_year(
        entries.Entry(key, sort, "x", name, on, on, groepen=tuple(groepen)).to_json()
        for key, sort, name, groepen in about
    )
    token = feeds.renew(by=as_parent(booked.kim))
    assert {"Avond van groep 5", "Vrij: Kerst"} < set(events(token))
    assert "Avond van groep 3" not in events(token)
    assert "Vrij: Kerst" not in events(feeds.renew(by=Actor(booked.saskia, ACCOUNT)))
    assert "Avond van groep 3" in events(feeds.renew(by=Actor(booked.annemiek, ACCOUNT)))
    teacher, invites = events(feeds.renew(by=Actor(booked.saskia, ACCOUNT))), "U kiest een eigen tijd"
    assert [invites in found["De ronde"]["DESCRIPTION"] for found in (events(token), teacher)] == [True, False]
    School.objects.filter(pk=booked.school.pk).update(languages=["nl", "tr"])
    Person.objects.filter(pk=booked.kim.pk).update(language="tr")
    assert "Okul yok: Kerst" in events(token)  # the year too is in her language
    Relatie.objects.filter(person=booked.kim).update(restriction=True)
    assert events(token) == {}


@pytest.mark.req("I6", "P2")
def test_staff_find_their_own_gesprekken_and_leadership_one_block_for_each_colleague_and_day(booked):
    elif_ = booked.gesprek_of(booked.elif_)
    joining.add_expert(
        gesprek=elif_, person=booked.pieter, by=Actor(booked.saskia, ACCOUNT), now=NOW, agreed=True, told=True
    )
    saskia = events(feeds.renew(by=Actor(booked.saskia, ACCOUNT)))
    assert set(saskia) == {"Gesprek over Elif, Groep 5", "Gesprek over Noor, Groep 5"}
    expert = feeds.renew(by=Actor(booked.pieter, ACCOUNT))
    (found,) = events(expert).values()
    assert found["DTSTART"].dt == saskia["Gesprek over Elif, Groep 5"]["DTSTART"].dt
    uid = found["UID"]
    leader = feeds.renew(by=Actor(booked.annemiek, ACCOUNT))
    before = events(leader)
    assert set(before) == {"Saskia Mulder: 2 gesprekken", "Bas van den Berg: 1 gesprek"}
    assert "Elif" not in fetch(leader).content.decode()

    joining.remove_expert(gesprek=elif_, person=booked.pieter, by=Actor(booked.saskia, ACCOUNT), now=NOW)
    assert events(expert) == {}
    joining.add_expert(
        gesprek=elif_, person=booked.pieter, by=Actor(booked.saskia, ACCOUNT), now=NOW, agreed=True, told=True
    )
    (again,) = events(expert).values()
    assert again["UID"] == uid and again["SEQUENCE"] > found["SEQUENCE"]  # one UID for life, also of who left a while

    booking.cancel(gesprek=elif_, by=Actor(booked.saskia, ACCOUNT), now=NOW)
    after = events(leader)["Saskia Mulder: 1 gesprek"]
    assert after["UID"] == before["Saskia Mulder: 2 gesprekken"]["UID"]
    assert after["SEQUENCE"] > before["Saskia Mulder: 2 gesprekken"]["SEQUENCE"]


def test_a_gesprek_of_long_ago_leaves_the_feed(booked, frozen_clock):
    token = feeds.renew(by=as_parent(booked.ali))
    frozen_clock.move_to(NOW + timedelta(days=60))
    assert len(events(token)) == 2
    frozen_clock.move_to(NOW + timedelta(days=80))
    assert events(token) == {}


# --- how it ends -----------------------------------------------------------------------------------------------------


def closed(token):
    """An empty calendar in place of the one that was: programs that get an error keep showing what they had."""
    answer = fetch(token)
    return answer.status_code == 200 and b"BEGIN:VEVENT" not in answer.content and b"werkt niet meer" in answer.content


@pytest.mark.req("I6")
def test_every_end_of_an_address_empties_the_calendar_at_once(booked, frozen_clock):
    ali, saskia = as_parent(booked.ali), Actor(booked.saskia, ACCOUNT)
    first = feeds.renew(by=ali)
    second = feeds.renew(by=ali)
    assert closed(first) and len(events(second)) == 2
    assert feeds.revoke(by=ali) and not feeds.revoke(by=ali)
    assert closed(second)

    staff = feeds.renew(by=saskia)
    people.deactivate(medewerker=booked.saskia.medewerker, by=Actor(booked.annemiek, ACCOUNT), now=NOW)
    assert closed(staff)
    leaving = feeds.renew(by=Actor(booked.bas, ACCOUNT))
    Medewerker.objects.filter(person=booked.bas).update(left_on=NOW.date())
    assert closed(leaving)

    worn = feeds.renew(by=ali)
    frozen_clock.move_to(NOW + timedelta(days=551))
    assert closed(worn)


@pytest.mark.req("I6")
def test_a_restriction_takes_this_child_out_of_the_feed_and_leaves_the_others(booked):
    token, other = feeds.renew(by=as_parent(booked.ali)), feeds.renew(by=as_parent(booked.fatma))
    before = fetch(other).content
    leader = Actor(booked.annemiek, ACCOUNT)
    people.restrict(relatie=Relatie.objects.get(person=booked.ali, leerling=booked.elif_), by=leader, now=NOW)
    assert set(events(token)) == {"Gesprek over Emre (De Wilgenhof)"}
    people.restrict(relatie=Relatie.objects.get(person=booked.ali, leerling=booked.emre), by=leader, now=NOW)
    assert closed(token)
    assert fetch(other).content == before  # the other parent notices nothing


def test_no_other_secret_opens_it_and_it_opens_nothing_else(booked):
    token = feeds.renew(by=as_parent(booked.ali))
    assert Client().get(f"/u/{token}/").status_code == 404
    assert Client().get(f"/jaar/agenda/{token}/").status_code == 404
    for purpose in set(AccessLink.Purpose) - {AccessLink.Purpose.FEED}:
        other = access.mint_link(booked.ali, expires_at=NOW + timedelta(days=9), purpose=purpose)
        assert fetch(other).status_code == 404
    assert fetch("onzin").status_code == fetch("a\x00b").status_code == 404


# --- as programs ask for it ------------------------------------------------------------------------------------------


def test_asking_again_costs_no_bytes_until_something_changes(booked, frozen_clock):
    token = feeds.renew(by=as_parent(booked.ali))
    answer = fetch(token)
    frozen_clock.move_to(NOW + timedelta(days=2))
    again = fetch(token, if_none_match=answer["ETag"])
    assert again.status_code == 304 and again.content == b""
    elif_ = booked.gesprek_of(booked.elif_)
    meeting.set_form(gesprek=elif_, form="", place="Lokaal 9", by=Actor(booked.saskia, ACCOUNT), agreed=True)
    changed = fetch(token, if_none_match=answer["ETag"])
    assert changed.status_code == 200 and b"Lokaal 9" in changed.content


def test_it_is_read_only_without_a_session_and_its_address_stays_out_of_logs(booked):
    token = feeds.renew(by=as_parent(booked.ali))
    answer = fetch(token)
    assert answer.cookies == {} and answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "private, no-cache"
    assert Client().head(f"/agenda/{token}/").status_code == 200
    for method in ("post", "put", "delete"):
        assert getattr(Client(), method)(f"/agenda/{token}/").status_code == 405
    for line in (f"GET /agenda/{token}/ 200", f"webcal://school.example/agenda/{token}/"):
        assert token not in discretion.discreet(line) and "/agenda/***" in discretion.masked(line)


def test_the_number_of_questions_does_not_grow_with_the_gesprekken(booked, django_assert_max_num_queries):
    token = feeds.renew(by=Actor(booked.annemiek, ACCOUNT))
    with django_assert_max_num_queries(12):
        fetch(token)


# --- the pages -------------------------------------------------------------------------------------------------------


def secret_in(page):
    return re.search(r"/agenda/([\w-]{32})/", page.content.decode())[1]


@pytest.mark.req("I6")
def test_a_parent_makes_renews_and_stops_her_address(booked, as_):
    parent = as_.link(booked.fatma, confirmed=True)
    assert "Zet alles in mijn agenda" in parent.get("/mijn/agenda/").content.decode()
    assert not AccessLink.objects.filter(purpose="feed").exists()  # looking makes none
    first = secret_in(parent.post("/mijn/agenda/", {"doen": "maak"}))
    assert first not in parent.get("/mijn/agenda/").content.decode()
    second = secret_in(parent.post("/mijn/agenda/", {"doen": "maak"}))
    assert closed(first) and len(events(second)) == 2
    parent.post("/mijn/agenda/", {"doen": "iets anders"})
    assert len(events(second)) == 2
    page = parent.post("/mijn/agenda/", {"doen": "stop"}, follow=True).content.decode()
    assert closed(second) and "Het adres werkt niet meer" in page


def test_a_bare_link_has_to_take_the_second_step_before_it_makes_an_address_that_outlives_it(booked, as_):
    door = as_.link(booked.fatma).post("/mijn/agenda/", {"doen": "maak"})
    assert door.status_code == 302 and "next=/mijn/agenda/" in door["Location"]
    assert not AccessLink.objects.filter(purpose="feed").exists()


def test_a_teacher_without_a_subscription_takes_her_appointment_as_a_file(booked, as_):
    gesprek = booked.gesprek_of(booked.elif_)
    assert (
        f"/gesprek/{gesprek.pk}/plannen/agenda.ics"
        in as_.staff(booked.saskia).get(f"/gesprek/{gesprek.pk}/plannen/").content.decode()
    )
    answer = as_.staff(booked.saskia).get(f"/gesprek/{gesprek.pk}/plannen/agenda.ics")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    entry = CalendarEntry.objects.get(gesprek=gesprek, person=booked.saskia)
    assert (event["UID"], event["SEQUENCE"]) == (entry.uid, entry.sequence)
    leader = as_.staff(booked.annemiek)  # sees it, and does not sit at it
    assert leader.get(f"/gesprek/{gesprek.pk}/plannen/agenda.ics").status_code == 404
    assert "agenda.ics" not in leader.get(f"/gesprek/{gesprek.pk}/plannen/").content.decode()
