"""None of the times suits: the parent says when it can be, the teacher sees it and plans."""

from datetime import date, timedelta

import pytest

from gesprekken.models import Gesprek, Ronde
from planning.inviting import followup
from planning.models import Part, Slot, Wish
from planning.times import booking, none_suits
from planning.times.none_suits import NoneSuitsRefused, days_to_ask, say_none_suits, take_back_none_suits
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Relatie
from tests.cast import NOW, TODAY
from tests.remembered import remembered

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
CAN = {(TUESDAY, Part.MORNING), (WEDNESDAY, Part.EVENING), (WEDNESDAY, Part.AFTERNOON)}


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


def said_by(cast, person, *, note="Na half zes", can=CAN, pupil=None, now=NOW):
    gesprek = cast.gesprek_of(pupil or cast.elif_)
    say_none_suits(gesprek=gesprek, by=Actor(person, LINK), can=can, note=note, now=now)
    return gesprek


def standing(gesprek):
    (row,) = followup.standings(Gesprek.objects.filter(pk=gesprek.pk))
    return row


def text(response):
    return response.content.decode()


# --- the verb --------------------------------------------------------------------------------------------------------


@pytest.mark.req("P1", "I4")
def test_what_a_parent_says_is_kept_for_every_part_that_was_asked(opened):
    gesprek = said_by(opened, opened.fatma)
    wishes = Wish.objects.filter(ronde=opened.ronde, person=opened.fatma)
    assert wishes.count() == 5 * len(Part)
    assert {(w.on, w.part) for w in wishes.filter(can=Wish.Can.YES)} == CAN
    row = standing(gesprek)
    assert row.state == followup.UNSUITED
    assert [i.none_suits_note for i in row.unsuited_notes] == ["Na half zes"]
    assert AuditEvent.objects.get(verb="say_none_suits").detail == {"parts": 3}


def test_saying_it_again_replaces_what_was_said(opened):
    said_by(opened, opened.fatma)
    gesprek = said_by(opened, opened.fatma, can={(TUESDAY, Part.LATE)}, note="")
    assert {(w.on, w.part) for w in Wish.objects.filter(can=Wish.Can.YES)} == {(TUESDAY, Part.LATE)}
    assert [i.none_suits_note for i in standing(gesprek).unsuited_notes] == [""]


@pytest.mark.req("P1")
def test_a_booking_answers_it_whoever_makes_it(opened):
    gesprek = said_by(opened, opened.fatma, now=NOW - timedelta(hours=1))
    slot = Slot.objects.filter(medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=gesprek, by=Actor(opened.saskia, ACCOUNT), now=NOW, agreed=True)
    assert standing(gesprek).unsuited_notes == []
    assert standing(gesprek).state == followup.CHOSEN


def test_who_has_a_time_and_cannot_after_all_is_seen_too(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    slot = Slot.objects.filter(medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=gesprek, by=Actor(opened.fatma, LINK), now=NOW)
    said_by(opened, opened.fatma, now=NOW + timedelta(hours=1))
    assert standing(gesprek).is_unsuited


def test_taking_it_back_clears_the_wishes_and_doing_it_twice_is_no_error(opened):
    gesprek = said_by(opened, opened.fatma)
    for _twice in range(2):
        take_back_none_suits(gesprek=gesprek, by=Actor(opened.fatma, LINK))
    assert standing(gesprek).state == followup.SILENT
    assert not Wish.objects.exists()
    assert AuditEvent.objects.filter(verb="take_back_none_suits").count() == 1


def test_the_wishes_stay_as_long_as_a_brother_still_needs_them(opened):
    said_by(opened, opened.fatma, pupil=opened.emre)
    gesprek = said_by(opened, opened.fatma)
    take_back_none_suits(gesprek=gesprek, by=Actor(opened.fatma, LINK))
    assert Wish.objects.filter(person=opened.fatma).exists()


def test_what_the_other_parent_said_stays_when_one_takes_hers_back(opened):
    said_by(opened, opened.ali, note="Alleen dinsdag")
    gesprek = said_by(opened, opened.fatma)
    take_back_none_suits(gesprek=gesprek, by=Actor(opened.fatma, LINK))
    assert [i.person for i in standing(gesprek).unsuited_notes] == [opened.ali]
    assert Wish.objects.filter(person=opened.ali).exists()


@pytest.mark.parametrize("state", ["closed", "draft"])
def test_in_a_ronde_that_is_not_open_nothing_is_kept(opened, state):
    Ronde.objects.update(state=state)
    with pytest.raises(NoneSuitsRefused):
        said_by(opened, opened.fatma)
    assert not Wish.objects.exists()


def test_only_school_days_to_come_are_asked_about(opened):
    opened.with_free_day(TUESDAY, TUESDAY, name="Studiedag")
    assert days_to_ask(opened.ronde, today=TODAY) == [date(2026, 11, 23), *(date(2026, 11, n) for n in (25, 26, 27))]
    assert days_to_ask(opened.ronde, today=WEDNESDAY) == [date(2026, 11, 26), date(2026, 11, 27)]
    assert days_to_ask(opened.ronde, today=date(2026, 11, 27)) == []


# --- the parent's page -----------------------------------------------------------------------------------------------


def page_of(cast, pupil=None):
    return f"/mijn/{cast.gesprek_of(pupil or cast.elif_).pk}/geen-tijd-past/"


@pytest.mark.req("P1")
def test_a_parent_taps_when_she_can_and_the_teacher_reads_it_beside_the_times(opened, as_):
    client = as_.link(opened.fatma)
    answer = client.post(page_of(opened), {"can": ["2026-11-24.12-15"], "note": "Na half zes"}, follow=True)
    assert "De leerkracht ziet wanneer u kunt" in text(answer)
    assert "de leerkracht zoekt een tijd" in text(answer)
    teacher = as_.staff(opened.saskia)
    for url in ["/vandaag/", f"/rondes/{opened.ronde.pk}/groep/{opened.groep5.pk}/"]:
        assert "Na half zes" in text(teacher.get(url))
    page = text(teacher.get(f"/gesprek/{opened.gesprek_of(opened.elif_).pk}/plannen/"))
    assert "Fatma Yılmaz kan: begin van de middag, 12 tot 15 uur" in page
    assert "Voor Fatma Yılmaz past geen tijd: Na half zes" in page


@pytest.mark.req("I3a")
def test_what_one_parent_writes_the_other_never_sees(opened, as_):
    said_by(opened, opened.fatma, note="Ik werk 's avonds")
    other = as_.link(opened.ali)
    for url in ["/mijn/", page_of(opened), f"/mijn/{opened.gesprek_of(opened.elif_).pk}/tijden/"]:
        page = text(other.get(url))
        assert "Ik werk" not in page
        assert "checked" not in page
        assert "zoekt een tijd</span>" not in page
    assert "Ik werk" in text(as_.link(opened.fatma, confirmed=True).get(page_of(opened)))


def test_a_bare_link_writes_a_note_and_does_not_read_it_back(opened, as_):
    gesprek = said_by(opened, opened.fatma, note="Ik werk 's avonds")
    client = as_.link(opened.fatma)
    assert "Ik werk" not in text(client.get(page_of(opened)))
    client.post(page_of(opened), {"can": ["2026-11-24.12-15"], "note": ""})
    assert [i.none_suits_note for i in standing(gesprek).unsuited_notes] == ["Ik werk 's avonds"]
    client.post(page_of(opened), {"can": ["2026-11-24.12-15"], "note": "Toch liever overdag"})
    assert [i.none_suits_note for i in standing(gesprek).unsuited_notes] == ["Toch liever overdag"]
    as_.link(opened.fatma, confirmed=True).post(page_of(opened), {"can": ["2026-11-24.12-15"], "note": ""})
    assert [i.none_suits_note for i in standing(gesprek).unsuited_notes] == [""]


def test_what_she_said_is_still_ticked_and_can_be_taken_back(opened, as_):
    said_by(opened, opened.fatma)
    client = as_.link(opened.fatma)
    assert text(client.get(page_of(opened))).count("checked") == 3
    assert "Uw bericht is weg" in text(client.post(page_of(opened), {"terug": "ja"}, follow=True))
    assert text(client.get(page_of(opened))).count("checked") == 0


@pytest.mark.parametrize("data", [{}, {"note": "  "}, {"can": ["2026-11-21.0-12"]}, {"can": ["x"]}])
def test_saying_nothing_is_refused_with_what_to_do(opened, as_, data):
    response = as_.link(opened.fatma).post(page_of(opened), data)
    assert response.status_code == 422
    assert 'role="alert"' in text(response)
    assert not Wish.objects.exists()


def test_a_page_of_before_the_ronde_closed_is_answered_kindly(opened, as_):
    client = as_.link(opened.fatma)
    Ronde.objects.update(state="closed")
    page = text(client.post(page_of(opened), {"note": "Na zes uur"}, follow=True))
    assert "wordt geen tijd meer gezocht" in page


def test_after_talking_the_teacher_marks_it_as_settled(opened, as_):
    gesprek = said_by(opened, opened.fatma)
    teacher = as_.staff(opened.saskia)
    assert "Dit is geregeld" in text(teacher.get(f"/gesprek/{gesprek.pk}/plannen/"))
    teacher.post(f"/gesprek/{gesprek.pk}/plannen/gebeld/")
    assert standing(gesprek).state == followup.SILENT


def test_wishes_are_told_by_day_in_the_order_of_the_day(opened):
    said_by(opened, opened.fatma)
    days = none_suits.in_days(Wish.objects.all())
    assert [day for day, _parts in days] == [TUESDAY, WEDNESDAY]
    assert [str(part) for part in days[1][1]] == [
        "eind van de middag, 15 tot 18 uur",
        "begin van de avond, 18 tot 20 uur",
    ]


# --- planning for a family -------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_who_plans_for_a_family_sees_the_times_of_brothers_and_sisters(opened, as_):
    slot = Slot.objects.filter(medewerker=opened.bas.medewerker).first()
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.emre), by=Actor(opened.fatma, LINK), now=NOW)
    page = text(as_.staff(opened.saskia).get(f"/gesprek/{opened.gesprek_of(opened.elif_).pk}/plannen/"))
    assert "Broers en zussen" in page
    assert "Emre Yılmaz" in page
    assert "di 24 nov 15:00 - 15:15, Bas van den Berg" in page
    assert "Broers en zussen" not in text(
        as_.staff(opened.saskia).get(f"/gesprek/{opened.gesprek_of(opened.tess).pk}/plannen/")
    )


def test_the_children_of_who_may_have_no_contact_are_no_family_beside_the_times(opened, as_):
    Relatie.objects.filter(person__in=[opened.fatma, opened.ali], leerling=opened.elif_).update(restriction=True)
    page = f"/gesprek/{opened.gesprek_of(opened.elif_).pk}/plannen/"
    assert "Emre" not in text(as_.staff(opened.saskia).get(page))
