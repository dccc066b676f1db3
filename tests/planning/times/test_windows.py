"""Teachers give windows; what somebody chose never disappears by itself."""

from datetime import date, time

import pytest

from gesprekken.rondes import change_ronde
from planning.inviting import opening
from planning.models import Availability, Slot
from planning.times import booking, rooms, windows
from planning.times.slots import Window
from school import people
from school.actor import ACCOUNT, LINK, Actor
from school.models import VrijeDag
from tests.cast import NOW
from tests.remembered import remembered

TUESDAY = date(2026, 11, 24)


def give(cast, teacher=None, on=TUESDAY, starts=time(15), ends=time(16), room=None):
    teacher = teacher or cast.saskia
    by = Actor(teacher, ACCOUNT)
    return windows.give_window(
        ronde=cast.ronde, medewerker=teacher.medewerker, on=on, starts=starts, ends=ends, room=room, by=by
    )


@pytest.fixture
@remembered
def planned(cast):
    cast.with_ronde()
    return cast


def test_a_window_becomes_slots_of_the_rondes_length(planned):
    give(planned)
    assert Slot.objects.count() == 4


@pytest.mark.parametrize(
    ("reason", "about"),
    [
        ("outside", {"on": date(2026, 12, 24)}),
        ("backward", {"starts": time(16), "ends": time(15)}),
        ("backward", {"starts": time(16), "ends": time(16)}),
        ("too_short", {"starts": time(16), "ends": time(16, 10)}),
    ],
)
def test_a_window_that_cannot_be_is_refused(planned, reason, about):
    with pytest.raises(windows.WindowRefused) as refusal:
        give(planned, **about)
    assert refusal.value.reason == reason
    assert not Availability.objects.exists()


def test_windows_of_one_teacher_do_not_overlap(planned):
    give(planned)
    with pytest.raises(windows.WindowRefused):
        give(planned, starts=time(15, 30), ends=time(17))
    give(planned, starts=time(16), ends=time(17))
    assert Slot.objects.count() == 8


def test_taking_a_window_back_takes_its_slots(planned):
    window = give(planned)
    windows.take_back_window(window=window, by=Actor(planned.saskia, ACCOUNT))
    assert not Slot.objects.exists()


def test_a_window_with_a_chosen_time_stays(cast):
    cast.with_open_ronde()
    slot = Slot.objects.filter(medewerker=cast.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    window = Availability.objects.get(medewerker=cast.saskia.medewerker)
    with pytest.raises(windows.WindowRefused) as refusal:
        windows.take_back_window(window=window, by=Actor(cast.saskia, ACCOUNT))
    assert (refusal.value.reason, refusal.value.about) == ("in_use", {"booked": 1})


def test_a_longer_conversation_lays_the_free_times_out_anew_around_what_is_chosen(cast):
    ronde = cast.with_open_ronde()
    slot = list(Slot.objects.filter(medewerker=cast.saskia.medewerker))[1]
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    ronde.duration = 30
    ronde.save()
    windows.sync_ronde(ronde)
    left = Slot.objects.filter(medewerker=cast.saskia.medewerker)
    assert slot in left
    spans = sorted((s.starts_at, s.ends_at) for s in left)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))


def test_a_longer_conversation_in_a_draft_lays_out_the_windows_that_were_given(planned):
    """Teachers gave an afternoon; then the team decides on half an hour."""
    give(planned)
    change_ronde(
        ronde=planned.ronde, by=Actor(planned.annemiek, ACCOUNT), seen_version=planned.ronde.version, duration=30
    )
    assert [(s.ends_at - s.starts_at).seconds for s in Slot.objects.all()] == [1800, 1800]


def test_times_outside_a_period_that_was_moved_are_said_before_opening(planned):
    give(planned)
    change_ronde(
        ronde=planned.ronde,
        by=Actor(planned.annemiek, ACCOUNT),
        seen_version=planned.ronde.version,
        starts_on=date(2026, 11, 30),
        ends_on=date(2026, 12, 4),
    )
    planned.ronde.refresh_from_db()
    stops = [f.text for f in opening.check(planned.ronde, now=NOW) if f.weight == opening.STOP]
    assert any("buiten de periode" in text for text in stops)


def for_all(cast, **about):
    wanted = {"days": [TUESDAY], "spans": [(time(15), time(16))], **about}
    return windows.give_days(
        ronde=cast.ronde,
        medewerkers=list(windows.teachers_of(cast.ronde)),
        by=Actor(cast.annemiek, ACCOUNT),
        only_at_work=True,
        **wanted,
    )


def test_leadership_gives_everybody_a_window_and_hears_who_had_one(planned):
    give(planned, planned.bas)
    given = for_all(planned)
    assert {m.person.first_name for m in given.medewerkers} == {"Saskia", "Ilse", "Maarten"}
    assert [(m.person.first_name, reason) for m, _on, reason in given.left_out] == [("Bas", "overlap")]


def test_several_days_and_times_are_given_in_one_go_with_a_pause(planned):
    given = for_all(
        planned,
        days=[TUESDAY, date(2026, 11, 25)],
        spans=[(time(8), time(8, 30)), (time(15), time(17))],
        pause=(time(15, 30), time(16)),
    )
    assert len(given.windows) == 16  # four teachers, two days, two times
    of_saskia = Slot.objects.filter(medewerker=planned.saskia.medewerker, starts_at__date=TUESDAY)
    at = [s.starts_at.astimezone(planned.school.zone).strftime("%H:%M") for s in of_saskia]
    assert at == ["08:00", "08:15", "15:00", "15:15", "16:00", "16:15", "16:30", "16:45"]


def test_who_does_not_work_that_day_is_skipped_and_reported(planned):
    people.set_workdays(medewerker=planned.saskia.medewerker, days=[1, 3], by=Actor(planned.saskia, ACCOUNT))
    given = for_all(planned, days=[TUESDAY, date(2026, 11, 25)])
    assert [(m.person.first_name, on, why) for m, on, why in given.left_out] == [("Saskia", TUESDAY, "not_at_work")]
    assert Availability.objects.filter(medewerker=planned.saskia.medewerker).count() == 1


def test_what_can_never_be_changes_nothing_for_anybody(planned):
    with pytest.raises(windows.WindowRefused):
        for_all(planned, days=[TUESDAY, date(2026, 12, 24)])
    assert not Availability.objects.exists()


@pytest.mark.parametrize("days", [1, 5])
def test_giving_more_days_costs_no_more_statements(planned, django_assert_max_num_queries, days):
    with django_assert_max_num_queries(50):
        for_all(planned, days=[date(2026, 11, 22 + n) for n in range(1, days + 1)])


def test_one_teacher_is_not_offered_in_two_rondes_at_once(planned):
    give(planned)
    first = planned.ronde
    planned.with_ronde(code="startgesprek", name="Startgesprekken")
    with pytest.raises(windows.WindowRefused) as refusal:
        give(planned, starts=time(15, 30), ends=time(17))
    assert (refusal.value.reason, refusal.value.about) == ("elsewhere", {"ronde": first.name})
    give(planned, starts=time(16), ends=time(17))


def test_a_second_colleague_says_when_she_can_and_offers_no_slots(planned):
    planned.ronde.colleague_pool.add(planned.pieter.medewerker)
    give(planned, planned.pieter)
    assert not Slot.objects.exists()
    assert windows.hours_of(planned.ronde) == {planned.pieter.medewerker.pk: [Window(TUESDAY, time(15), time(16))]}


# --- pauses ----------------------------------------------------------------------------------------------------------


def pause(cast, starts, ends):
    return windows.give_pause(
        ronde=cast.ronde,
        medewerker=cast.saskia.medewerker,
        on=TUESDAY,
        starts=starts,
        ends=ends,
        by=Actor(cast.saskia, ACCOUNT),
    )


def hours(cast):
    slots = Slot.objects.filter(medewerker=cast.saskia.medewerker)
    return [s.starts_at.astimezone(cast.school.zone).strftime("%H:%M") for s in slots]


def test_a_pause_takes_the_slots_around_it_and_gives_them_back(planned):
    give(planned)
    row = pause(planned, time(15, 20), time(15, 30))
    assert hours(planned) == ["15:00", "15:30", "15:45"]
    windows.take_back_window(window=row, by=Actor(planned.saskia, ACCOUNT))
    assert hours(planned) == ["15:00", "15:15", "15:30", "15:45"]


@pytest.mark.parametrize(
    ("reason", "starts", "ends"),
    [
        ("no_window", time(14), time(14, 30)),
        ("no_window", time(15, 50), time(16, 10)),
        ("backward", time(15, 30), time(15, 30)),
        ("overlap", time(15, 10), time(15, 20)),
    ],
)
def test_a_pause_that_cannot_be_is_refused(planned, reason, starts, ends):
    give(planned)
    pause(planned, time(15, 15), time(15, 30))
    with pytest.raises(windows.WindowRefused) as refusal:
        pause(planned, starts, ends)
    assert refusal.value.reason == reason
    assert len(hours(planned)) == 3


def test_a_pause_never_goes_over_a_chosen_time(cast):
    cast.with_open_ronde()
    slot = list(Slot.objects.filter(medewerker=cast.saskia.medewerker))[1]
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)
    before = hours(cast)
    with pytest.raises(windows.WindowRefused) as refusal:
        pause(cast, time(15, 10), time(15, 20))
    assert refusal.value.reason == "in_use"
    assert hours(cast) == before
    pause(cast, time(15, 30), time(15, 45))
    assert slot in Slot.objects.all() and "15:30" not in hours(cast)


# --- rooms -----------------------------------------------------------------------------------------------------------


def test_two_teachers_are_not_in_one_room_at_one_time(planned):
    room = rooms.add_room(name="Lokaal 3", by=Actor(planned.annemiek, ACCOUNT))
    planned.ronde.has_rooms = True
    give(planned, room=room)
    assert set(Slot.objects.values_list("room", flat=True)) == {room.pk}
    with pytest.raises(windows.WindowRefused) as refusal:
        give(planned, planned.bas, starts=time(15, 30), ends=time(16, 30), room=room)
    assert refusal.value.about == {"who": "Saskia Mulder", "room": "Lokaal 3"}
    give(planned, planned.bas, starts=time(16), ends=time(17), room=room)
    give(planned, planned.ilse, starts=time(15), ends=time(16))


def test_a_holiday_on_the_day_is_noticed(planned):
    VrijeDag.objects.create(
        school=planned.school, schooljaar=planned.year, soort="studiedag", name="Studiedag", starts_on=TUESDAY,
        ends_on=TUESDAY,
    )  # fmt: skip
    assert windows.free_day_on(planned.ronde, TUESDAY).name == "Studiedag"
    assert windows.free_day_on(planned.ronde, date(2026, 11, 25)) is None


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_keeps_what_was_typed_when_a_window_is_refused(planned, as_):
    client = as_.staff(planned.saskia)
    typed = {"days": ["2026-11-24"], "presets": ["avond"], "starts": "16:00", "ends": "15:00"}
    response = client.post(f"/rondes/{planned.ronde.pk}/tijden/", typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "moet na de tijd" in page
    assert 'value="16:00"' in page
    assert page.count("checked") == 2
    assert not Availability.objects.exists()


def test_a_teacher_ticks_days_and_times_and_reads_what_she_offers(planned, as_):
    client = as_.staff(planned.saskia)
    address = f"/rondes/{planned.ronde.pk}/tijden/"
    typed = {"days": ["2026-11-24", "2026-11-26"], "presets": ["ochtend"], "starts": "15:00", "ends": "15:30"}
    page = client.post(address, typed, follow=True).content.decode()
    assert "Deze tijden staan erbij: 4 blokken" in page
    assert "8 tijdsloten voor 4 gesprekken" in page
    assert Slot.objects.filter(medewerker=planned.saskia.medewerker).count() == 8


def test_a_day_off_warns_a_teacher_who_gives_it_all_the_same(planned, as_):
    people.set_workdays(medewerker=planned.saskia.medewerker, days=[1, 3], by=Actor(planned.saskia, ACCOUNT))
    typed = {"days": ["2026-11-24"], "presets": ["middag"]}
    page = as_.staff(planned.saskia).post(f"/rondes/{planned.ronde.pk}/tijden/", typed, follow=True)
    assert "dit is geen werkdag: di 24 nov" in page.content.decode()
    assert Availability.objects.count() == 1


def test_leadership_reads_who_was_skipped_and_why(planned, as_):
    give(planned, planned.bas)
    people.set_workdays(medewerker=planned.saskia.medewerker, days=[1], by=Actor(planned.saskia, ACCOUNT))
    typed = {"days": ["2026-11-24"], "starts": "15:00", "ends": "16:00"}
    page = as_.staff(planned.annemiek).post(f"/rondes/{planned.ronde.pk}/tijden/", typed, follow=True).content.decode()
    assert "2 leerkrachten hebben deze tijden erbij" in page
    assert "Daar stond al iets: Bas van den Berg (di 24 nov)." in page
    assert "Niet aan het werk, dus overgeslagen: Saskia Mulder (di 24 nov)." in page


def test_a_refused_pause_says_so_beside_its_window(planned, as_):
    window = give(planned)
    address = f"/rondes/{planned.ronde.pk}/tijden/{window.pk}/pauze/"
    client = as_.staff(planned.saskia)
    refused = client.post(address, {"starts": "17:00", "ends": "17:15"})
    assert refused.status_code == 422
    assert "Deze pauze valt niet binnen een blok" in refused.content.decode()
    assert 'value="17:00"' in refused.content.decode()
    told = client.post(address, {"starts": "15:15", "ends": "15:30"}, follow=True)
    assert "De pauze staat erin" in told.content.decode()
    assert hours(planned) == ["15:00", "15:30", "15:45"]


def test_holidays_are_no_days_to_tick(planned, as_):
    planned.with_free_day(TUESDAY, TUESDAY, name="Studiedag")
    page = as_.staff(planned.saskia).get(f"/rondes/{planned.ronde.pk}/tijden/").content.decode()
    assert "ma 23 nov" in page and "di 24 nov" not in page


def test_a_room_is_asked_only_where_the_ronde_works_with_rooms(planned, as_):
    room = rooms.add_room(name="Lokaal 3", by=Actor(planned.annemiek, ACCOUNT))
    address = f"/rondes/{planned.ronde.pk}/tijden/"
    assert "Lokaal 3" not in as_.staff(planned.saskia).get(address).content.decode()
    planned.ronde.has_rooms = True
    planned.ronde.save()
    give(planned, planned.bas, room=room)
    typed = {"days": ["2026-11-24"], "starts": "15:00", "ends": "16:00", "room": room.pk}
    refused = as_.staff(planned.saskia).post(address, typed)
    assert refused.status_code == 422
    assert "Lokaal 3 is dan al van Bas van den Berg" in refused.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {"on": "nooit", "starts": "15:00", "ends": "16:00"},
        {"on": "2026-11-24", "starts": "15:03", "ends": "16:00"},
        {"on": "2026-11-24", "starts": "25:00", "ends": "x"},
        {},
        {"days": ["2026-11-24"], "starts": "15:00"},
        {"days": ["gisteren"], "presets": ["nacht"]},
        {"presets": ["middag"]},
        {"days": ["2026-11-24"], "presets": ["middag"], "pause_starts": "12:00", "pause_ends": "12:30"},
    ],
)
def test_nonsense_is_refused_and_nothing_is_stored(planned, as_, typed):
    response = as_.staff(planned.saskia).post(f"/rondes/{planned.ronde.pk}/tijden/", typed)
    assert response.status_code == 422
    assert not Availability.objects.exists()


def test_a_teacher_gives_her_own_times_and_nobody_elses(planned, as_):
    response = as_.staff(planned.saskia).get(f"/rondes/{planned.ronde.pk}/tijden/?van={planned.bas.medewerker.pk}")
    assert response.status_code == 404
