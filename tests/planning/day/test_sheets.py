"""The day itself: lists that hang in a corridor, a sheet for who talks, who is where, and a teacher who runs late."""

from datetime import date, datetime, time, timedelta

import pytest

from gesprekken.models import Deelname, Gesprek, Ronde
from planning.around import joining
from planning.day import late, sheets
from planning.models import Booking, Delay, InterpreterRequest, Room, Slot
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Relatie
from tests.cast import NOW
from tests.remembered import remembered

DAY = date(2026, 11, 24)
HERE = "?op=2026-11-24"


@pytest.fixture
@remembered
def planned(cast):
    """Elif 15:00, Tess 15:15, Noor's mother 15:30 and father 15:45 with Saskia; Emre 15:15 with Bas."""
    cast.with_open_ronde(reception="Koffie in de hal", place="Lokaal 5")
    for leerling, guardian, teacher, index in [
        (cast.elif_, None, cast.saskia, 0),
        (cast.tess, None, cast.saskia, 1),
        (cast.noor, cast.kim, cast.saskia, 2),
        (cast.noor, cast.joost, cast.saskia, 3),
        (cast.emre, None, cast.bas, 1),
    ]:
        slot = Slot.objects.filter(medewerker=teacher.medewerker)[index]
        by = Actor(cast.annemiek, ACCOUNT)
        booking.book(slot=slot, gesprek=cast.gesprek_of(leerling, guardian), by=by, now=NOW, agreed=True)
    return cast


def talks_of(cast):
    return sheets.read(Booking.objects.all(), DAY, cast.school.zone)


def doors(cast, **about):
    zone = cast.school.zone
    return {
        door.title: [f"{at.astimezone(zone):%H:%M} {name}" for at, name in door.rows]
        for door in sheets.door_lists(talks_of(cast), **about)
    }


# --- door lists ------------------------------------------------------------------------------------------------------


@pytest.mark.req("I3a")
def test_a_door_list_has_times_and_first_names_and_leaves_off_who_must_not_be_found(planned):
    """Tess has a father under a restriction; Noor's parents talk apart and would read each other's time."""
    assert doors(planned) == {"Bas van den Berg": ["15:15 Emre"], "Saskia Mulder": ["15:00 Elif"]}


def test_a_restriction_of_today_holds_on_the_next_print(planned):
    Relatie.objects.filter(leerling=planned.elif_, person=planned.ali).update(restriction=True)
    assert doors(planned)["Saskia Mulder"] == []


def test_neither_who_hears_afterwards_nor_who_may_hear_nothing_reads_a_time_at_the_door(planned):
    deelname = Deelname.objects.get(gesprek=planned.gesprek_of(planned.elif_), person=planned.ali)
    Deelname.objects.filter(pk=deelname.pk).update(as_role=Deelname.As.ACHTERAF)
    Relatie.objects.filter(leerling=planned.emre, person=planned.ali).update(information="geen")
    assert doors(planned) == {"Bas van den Berg": [], "Saskia Mulder": []}


def test_what_is_not_at_school_hangs_on_no_door(planned):
    Gesprek.objects.filter(leerling=planned.emre).update(form=Ronde.Form.PHONE)
    assert list(doors(planned)) == ["Saskia Mulder"]


def test_with_rooms_each_room_has_its_list(planned):
    room = Room.objects.create(school=planned.school, name="Lokaal 7")
    Booking.objects.filter(medewerker=planned.bas.medewerker).update(room=room)
    assert doors(planned, per_room=True) == {"Lokaal 7": ["15:15 Emre"]}


def test_leadership_prints_all_doors_and_a_teacher_her_own(planned, as_):
    every = as_.staff(planned.annemiek).get(f"/dag/deurlijsten/{HERE}").content.decode()
    assert "Emre" in every
    assert "Elif" in every
    own = as_.staff(planned.bas).get(f"/dag/deurlijsten/{HERE}").content.decode()
    assert "Emre" in own
    assert "Elif" not in own
    assert as_.staff(planned.bas).get(f"/dag/deurlijsten/{HERE}&wie={planned.saskia.medewerker.pk}").status_code == 403


# --- the day sheet ---------------------------------------------------------------------------------------------------


def sheet(cast, as_, person, of=None):
    url = f"/dag/{(of or person).medewerker.pk}/{HERE}"
    return as_.staff(person).get(url)


@pytest.mark.req("C3", "I5")
def test_the_day_sheet_says_who_comes_where_and_who_joins(planned, as_):
    gesprek = planned.gesprek_of(planned.elif_)
    InterpreterRequest.objects.filter(gesprek=gesprek).update(state="confirmed")
    Deelname.objects.create(
        school=planned.school, gesprek=gesprek, person=planned.pieter, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    page = sheet(planned, as_, planned.saskia).content.decode()
    for words in ("Fatma Yılmaz", "en Elif zelf", "tweede collega: Pieter de Jong", "tolk Turks, bevestigd"):
        assert words in page
    for words in ("Lokaal 5", "Koffie in de hal", "15:00-15:15"):
        assert words in page
    assert "Rob Kuiper" not in page


def test_who_joins_has_a_sheet_of_her_own(planned, as_):
    gesprek = planned.gesprek_of(planned.elif_)
    Deelname.objects.create(
        school=planned.school, gesprek=gesprek, person=planned.pieter, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    page = sheet(planned, as_, planned.pieter).content.decode()
    assert "Elif" in page
    assert "bij Saskia Mulder" in page
    assert "Emre" not in page


def test_a_guardian_who_is_restricted_today_does_not_come(planned, as_):
    Relatie.objects.filter(leerling=planned.elif_, person=planned.ali).update(restriction=True)
    page = sheet(planned, as_, planned.saskia).content.decode()
    assert "Ali" not in page
    assert "Fatma" in page


def test_a_sheet_of_somebody_else_is_for_leadership(planned, as_):
    assert sheet(planned, as_, planned.bas, of=planned.saskia).status_code == 403
    assert sheet(planned, as_, planned.annemiek, of=planned.saskia).status_code == 200


def test_by_phone_the_sheet_has_the_number(planned, as_):
    planned.fatma.__class__.objects.filter(pk=planned.fatma.pk).update(phone="06 11 22 33 44")
    assert "06 11 22 33 44" not in sheet(planned, as_, planned.saskia).content.decode()
    Gesprek.objects.filter(leerling=planned.elif_).update(form=Ronde.Form.PHONE)
    assert "06 11 22 33 44" in sheet(planned, as_, planned.saskia).content.decode()
    Gesprek.objects.filter(leerling=planned.elif_).update(place="010 123 45 67")
    page = sheet(planned, as_, planned.saskia).content.decode()
    assert "tel:010 123 45 67" in page  # the number that was agreed for this one
    assert "06 11 22 33 44" not in page


def test_the_link_of_a_video_call_is_on_the_sheet_and_not_in_everybodys_overview(planned, as_):
    link = "https://meet.example.org/elif"
    Gesprek.objects.filter(leerling=planned.elif_).update(form=Ronde.Form.VIDEO, place=link)
    assert f'href="{link}"' in sheet(planned, as_, planned.saskia).content.decode()
    assert link not in as_.staff(planned.bas).get(f"/dag/{HERE}").content.decode()


# --- who is where ----------------------------------------------------------------------------------------------------


def test_colleagues_see_where_everybody_is_and_names_only_of_their_own(planned, as_):
    page = as_.staff(planned.bas).get(f"/dag/{HERE}").content.decode()
    assert "Saskia Mulder" in page
    assert "Emre" in page
    assert "Groep 5" in page
    assert "Elif" not in page
    assert "Elif" in as_.staff(planned.annemiek).get(f"/dag/{HERE}").content.decode()


def test_who_only_joins_finds_her_own_sheet_in_the_overview(planned, as_):
    Deelname.objects.create(
        school=planned.school,
        gesprek=planned.gesprek_of(planned.elif_),
        person=planned.pieter,
        as_role=Deelname.As.TWEEDE_COLLEGA,
    )
    page = as_.staff(planned.pieter).get(f"/dag/{HERE}").content.decode()
    assert f"/dag/{planned.pieter.medewerker.pk}/{HERE}" in page


@pytest.mark.parametrize(
    ("form", "place"), [(Ronde.Form.VIDEO, "https://bellen.example/kamer"), (Ronde.Form.HOME, "Kastanjelaan 7")]
)
def test_a_familys_address_and_the_door_of_a_call_are_not_for_every_colleague(planned, as_, form, place):
    Gesprek.objects.filter(leerling=planned.elif_).update(form=form, place=place)
    page = as_.staff(planned.bas).get(f"/dag/{HERE}").content.decode()
    assert place not in page
    assert str(form.label) in page
    assert "Lokaal 5" in page
    assert place in sheet(planned, as_, planned.saskia).content.decode()


def test_whom_a_family_brings_along_is_known_to_who_sees_the_gesprek(planned, as_):
    joining.invite_expert(
        gesprek=planned.gesprek_of(planned.elif_),
        name="Jo de Wit",
        what="jeugdhulp",
        by=Actor(planned.saskia, ACCOUNT),
        now=NOW,
    )
    assert "Jo de Wit" not in as_.staff(planned.bas).get(f"/dag/{HERE}").content.decode()
    assert "Jo de Wit" in as_.staff(planned.saskia).get(f"/dag/{HERE}").content.decode()


def test_who_gave_times_stands_there_without_a_gesprek_too(planned, as_):
    page = as_.staff(planned.annemiek).get(f"/dag/{HERE}").content.decode()
    assert "Maarten Peters" in page
    assert f"/dag/{planned.maarten.medewerker.pk}/afwezig/{HERE}" in page


def test_without_a_date_the_next_day_with_gesprekken_is_shown(planned, as_):
    assert "dinsdag 24 november 2026" in as_.staff(planned.bas).get("/dag/").content.decode()


@pytest.mark.parametrize("asked", ["9999-12-31", "0001-01-01", "morgen", "", "2026-13-40"])
def test_a_date_that_is_none_shows_the_next_day(planned, as_, asked):
    assert "dinsdag 24 november 2026" in as_.staff(planned.bas).get(f"/dag/?op={asked}").content.decode()


def test_paper_is_a_pdf_for_each(planned, as_):
    leader = as_.staff(planned.annemiek)
    for url in ("overzicht.pdf", "deurlijsten.pdf", f"{planned.saskia.medewerker.pk}/dagblad.pdf"):
        response = leader.get(f"/dag/{url}{HERE}")
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")


def test_a_day_without_gesprekken_has_no_door_lists_and_says_so(planned, as_):
    response = as_.staff(planned.annemiek).get("/dag/deurlijsten.pdf?op=2026-11-25", follow=True)
    assert "ook geen deurlijsten" in response.content.decode()


@pytest.mark.parametrize("n", [1, 3, 30])
def test_the_lists_ask_as_much_for_thirty_as_for_one(cast, as_, django_assert_max_num_queries, n):
    cast.with_ronde(state="open")
    starts = datetime(2026, 11, 24, 8, tzinfo=cast.school.zone)
    for number in range(n):
        child = cast.pupil(f"p{number}", f"P{number}", "Klein", cast.groep5)
        cast.guardian(f"m{number}", "Moe", f"Der{number}", [child])
        at = starts + timedelta(minutes=15 * number)
        Booking.objects.create(
            school=cast.school,
            gesprek=cast.with_gesprek(child),
            medewerker=cast.saskia.medewerker,
            starts_at=at,
            ends_at=at + timedelta(minutes=15),
        )
    leader = as_.staff(cast.annemiek)
    for url in (f"/dag/{HERE}", f"/dag/{cast.saskia.medewerker.pk}/{HERE}", f"/dag/deurlijsten/{HERE}"):
        with django_assert_max_num_queries(22):
            page = leader.get(url).content.decode()
        assert page.count("P") >= n
    away = f"/dag/{cast.saskia.medewerker.pk}/afwezig/{HERE}&wat=verzetten&naar=2026-11-26"
    with django_assert_max_num_queries(22):
        assert leader.get(away).content.decode().count("krijgt bericht") == n


# --- running late ----------------------------------------------------------------------------------------------------


@pytest.fixture
def on_the_day(planned, frozen_clock):
    frozen_clock.move_to(datetime(2026, 11, 24, 15, 5, tzinfo=planned.school.zone))
    return planned


def say(cast, as_, minutes, person=None):
    teacher = person or cast.saskia
    return as_.staff(teacher).post(f"/dag/{cast.saskia.medewerker.pk}/later/", {"minuten": minutes}, follow=True)


def fathers_pages(cast, as_):
    client = as_.link(cast.sander)
    pages = ["/mijn/", f"/mijn/{cast.gesprek_of(cast.tess).pk}/tijd/"]
    return [client.get(page).content.decode() for page in pages]


def test_one_tap_and_the_families_that_follow_see_it(on_the_day, as_, mailoutbox):
    say(on_the_day, as_, 10)
    for page in fathers_pages(on_the_day, as_):
        assert "Saskia Mulder loopt ongeveer 10 minuten uit." in page
        assert "Uw gesprek begint rond 15:25 uur." in page
    assert mailoutbox == []
    say(on_the_day, as_, 0)
    assert not any("loopt ongeveer" in page for page in fathers_pages(on_the_day, as_))


def test_colleagues_see_it_in_the_overview_and_on_their_sheet(on_the_day, as_):
    say(on_the_day, as_, 15)
    assert "15 min later" in as_.staff(on_the_day.ilse).get(f"/dag/{HERE}").content.decode()
    gesprek = on_the_day.gesprek_of(on_the_day.tess)
    Deelname.objects.create(
        school=on_the_day.school, gesprek=gesprek, person=on_the_day.pieter, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    assert "15 min later" in sheet(on_the_day, as_, on_the_day.pieter).content.decode()


def test_who_is_with_another_teacher_or_on_another_day_sees_nothing(on_the_day, as_, frozen_clock):
    say(on_the_day, as_, 20)
    assert as_.link(on_the_day.fatma).get("/mijn/").content.decode().count("loopt ongeveer") == 1  # Elif, not Emre
    frozen_clock.shift(timedelta(days=1))
    assert "loopt ongeveer" not in as_.link(on_the_day.sander).get("/mijn/").content.decode()


def test_whose_gesprek_has_probably_begun_sees_nothing(on_the_day, as_, frozen_clock):
    say(on_the_day, as_, 5)
    frozen_clock.move_to(datetime(2026, 11, 24, 15, 21, tzinfo=on_the_day.school.zone))
    assert not any("loopt ongeveer" in page for page in fathers_pages(on_the_day, as_))


def test_very_late_still_counts_as_to_come(on_the_day, as_, frozen_clock):
    say(on_the_day, as_, 20)
    frozen_clock.move_to(datetime(2026, 11, 24, 15, 31, tzinfo=on_the_day.school.zone))
    page = fathers_pages(on_the_day, as_)[0]
    assert "Uw gesprek begint rond 15:35 uur." in page
    assert "Eerder" not in page


def test_saying_it_twice_keeps_the_last_word(on_the_day):
    for minutes in (5, 15):
        late.run_late(medewerker=on_the_day.saskia.medewerker, minutes=minutes, by=Actor(on_the_day.saskia, ACCOUNT))
    assert Delay.objects.get().minutes == 15


@pytest.mark.parametrize("minutes", ["", "7", "-5", "veel"])
def test_nonsense_is_refused_kindly(on_the_day, as_, minutes):
    assert "Kies hoeveel minuten" in say(on_the_day, as_, minutes).content.decode()
    assert not Delay.objects.exists()


def test_nobody_says_it_for_a_colleague_but_leadership(on_the_day, as_):
    assert say(on_the_day, as_, 10, person=on_the_day.bas).status_code == 403
    say(on_the_day, as_, 10, person=on_the_day.annemiek)
    assert Delay.objects.count() == 1


# --- the pages of a day that falls out -------------------------------------------------------------------------------


def away(cast):
    return f"/dag/{cast.saskia.medewerker.pk}/afwezig/"


def test_looking_changes_nothing_and_the_button_does_what_was_shown(planned, as_):
    client = as_.staff(planned.saskia)
    page = client.get(f"{away(planned)}{HERE}&wat=verzetten&naar=2026-11-26&later=0").content.decode()
    assert "4 gesprekken gaan mee" in page
    assert Booking.objects.active().filter(starts_at__date=DAY).count() == 5
    mark = page.split('name="gezien" value="')[1].split('"')[0]
    about = {"op": "2026-11-24", "wat": "verzetten", "naar": "2026-11-26", "later": "0", "gezien": mark}
    done = client.post(away(planned), about, follow=True).content.decode()
    assert "verplaatst naar donderdag 26 november" in done
    assert "Toch niet: zet alles terug" in done
    assert Booking.objects.active().filter(starts_at__date=DAY).count() == 1
    mother = as_.link(planned.fatma).get(f"/mijn/{planned.gesprek_of(planned.elif_).pk}/tijd/").content.decode()
    assert "donderdag 26 november 2026" in mother


def test_a_stale_page_shows_the_new_state_and_does_nothing(planned, as_):
    client = as_.staff(planned.saskia)
    page = client.get(f"{away(planned)}{HERE}&wat=afzeggen").content.decode()
    mark = page.split('name="gezien" value="')[1].split('"')[0]
    booking.cancel(gesprek=planned.gesprek_of(planned.tess), by=Actor(planned.sander, LINK), now=NOW)
    response = client.post(away(planned), {"op": "2026-11-24", "wat": "afzeggen", "gezien": mark})
    assert response.status_code == 422
    assert "Intussen is er een tijd gekozen of veranderd" in response.content.decode()
    assert "3 gesprekken worden afgezegd" in response.content.decode()
    assert Booking.objects.active().count() == 4


def test_moving_without_a_date_asks_for_one(planned, as_):
    response = as_.staff(planned.saskia).get(f"{away(planned)}{HERE}&wat=verzetten&naar=")
    assert response.status_code == 422
    assert "Kies de dag waar de gesprekken naartoe gaan" in response.content.decode()


def test_within_the_week_the_page_asks_why(planned, as_, frozen_clock):
    frozen_clock.move_to(datetime(2026, 11, 23, 8, tzinfo=planned.school.zone))
    client = as_.staff(planned.saskia)
    about = {"op": "2026-11-24", "wat": "afzeggen"}
    page = client.get(f"{away(planned)}{HERE}&wat=afzeggen").content.decode()
    about["gezien"] = page.split('name="gezien" value="')[1].split('"')[0]
    response = client.post(away(planned), about | {"waarom": "anders", "reason": ""})
    assert "Schrijf op waarom" in response.content.decode()
    assert client.post(away(planned), about | {"waarom": "ziek"}).status_code == 302
    assert "wij bellen" not in client.get("/vandaag/").content.decode()
    assert "Zoek samen een nieuwe tijd" in client.get("/vandaag/").content.decode()


def test_a_gesprek_of_a_colleague_that_she_joins_is_said_and_stays(planned, as_):
    gesprek = planned.gesprek_of(planned.emre)
    Deelname.objects.create(
        school=planned.school, gesprek=gesprek, person=planned.saskia, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    page = as_.staff(planned.saskia).get(f"{away(planned)}{HERE}").content.decode()
    assert "Emre Yılmaz, bij Bas van den Berg" in page


def test_only_who_did_it_and_leadership_read_it_back(planned, as_):
    client = as_.staff(planned.saskia)
    client.post(away(planned), {"op": "2026-11-24", "wat": "afzeggen", "gezien": mark_of(planned)})
    from school.models import AuditEvent

    event = AuditEvent.objects.get(verb="call_off_day")
    assert as_.staff(planned.bas).get(f"/dag/veranderd/{event.pk}/").status_code == 404
    assert as_.staff(planned.annemiek).get(f"/dag/veranderd/{event.pk}/").status_code == 200
    there = f'href="/dag/veranderd/{event.pk}/"'
    assert there in client.get(f"/dag/{HERE}").content.decode()  # whoever closed the page finds it again
    assert there not in as_.staff(planned.bas).get(f"/dag/{HERE}").content.decode()
    back = client.post(f"/dag/veranderd/{event.pk}/", follow=True).content.decode()
    assert there not in client.get(f"/dag/{HERE}").content.decode()
    assert "Alles staat weer zoals het was" in back
    assert Booking.objects.active().count() == 5


def mark_of(cast):
    from planning.day import moving

    return moving.plan_day(moving.bookings_ahead(cast.saskia.medewerker, DAY, now=NOW), now=NOW).mark


def test_times_of_day_are_read_in_the_schools_zone(cast):
    first, last = sheets.bounds(date(2026, 10, 25), cast.school.zone)
    assert last.timestamp() - first.timestamp() == 25 * 3600
    assert first.time() == last.time() == time(0)
