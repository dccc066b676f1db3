"""What is impossible in a ronde is said before it opens: one sentence each, with what to do and where."""

from datetime import date, datetime, time

import pytest

from gesprekken.models import Ronde, RondeGroep
from planning.inviting import checklist
from planning.models import Availability
from planning.times import rooms, supply
from school.actor import ACCOUNT, Actor
from tests.cast import NOW
from tests.remembered import remembered

TUESDAY = date(2026, 11, 24)


def said(ronde, weight):
    return [finding.text for finding in checklist.check(ronde, now=NOW) if finding.weight == weight]


def has(ronde, weight, words):
    (finding,) = [f for f in checklist.check(ronde, now=NOW) if words in f.text]
    assert finding.weight == weight and finding.page
    return finding


@pytest.fixture
@remembered
def advice(cast):
    ronde = cast.with_ronde(groepen=[cast.groep8])
    ronde.soort.is_advice = True
    ronde.soort.save()
    cast.with_times(cast.bas)
    return ronde


def test_a_ronde_with_enough_of_everything_has_nothing_that_forbids_opening(cast):
    ronde = cast.with_ronde()
    cast.with_times()
    assert said(ronde, checklist.STOP) == []


# --- enough time -----------------------------------------------------------------------------------------------------


def test_fewer_slots_than_gesprekken_names_the_teacher_and_leads_to_her_times(cast):
    ronde = cast.with_ronde(groepen=[cast.groep5])
    cast.with_times(cast.saskia, ends=time(15, 30))
    finding = has(ronde, checklist.WARN, "2 tijden voor 4 gesprekken: niet iedereen kan een tijd krijgen")
    assert (finding.page, finding.van) == ("windows", cast.saskia.medewerker.pk)


@pytest.mark.parametrize(("margin", "short"), [(0, 0), (25, 1), (100, 4)])
def test_the_margin_of_the_ronde_says_how_much_there_is_to_choose(cast, margin, short):
    ronde = cast.with_ronde(groepen=[cast.groep5], margin=margin)
    cast.with_times(cast.saskia, ends=time(16))
    (row,) = supply.per_teacher(ronde)
    assert (row.needed, row.offered, row.short) == (4, 4, short)
    assert any("er valt weinig te kiezen" in text for text in said(ronde, checklist.WARN)) == bool(short)


def test_a_duo_shares_what_is_needed_by_what_each_offers(cast):
    for n in range(7):
        cast.pupil(f"kind{n}", f"Kind{n}", "Extra", cast.groep3)
    ronde = cast.with_ronde(groepen=[cast.groep3], margin=0)
    cast.with_times(cast.ilse, ends=time(16, 30))
    cast.with_times(cast.maarten, ends=time(15, 30))
    rows = {row.medewerker.person.first_name: row for row in supply.per_teacher(ronde)}
    assert {name: row.needed for name, row in rows.items()} == {"Ilse": 6, "Maarten": 2}
    assert {row.state for row in rows.values()} == {supply.ENOUGH}


def test_a_duo_that_talks_together_needs_time_in_common(cast):
    ronde = cast.with_ronde(groepen=[cast.groep3])
    RondeGroep.objects.update(duo=RondeGroep.Duo.TOGETHER)
    cast.with_times(cast.ilse)
    cast.with_times(cast.maarten, on=date(2026, 11, 25))
    has(ronde, checklist.STOP, "praten samen, maar hebben geen tijd gemeen")
    cast.with_times(cast.maarten, starts=time(16), ends=time(17))
    assert said(ronde, checklist.STOP) == []


def test_a_longer_gesprek_takes_more_tijdsloten(cast):
    ronde = cast.with_open_ronde(groepen=[cast.groep8])
    ronde.gesprekken.update(minutes=40)
    (row,) = supply.per_teacher(ronde)
    assert (row.needed, row.offered) == (3, 8)


# --- the second colleague --------------------------------------------------------------------------------------------


@pytest.mark.req("C4")
def test_a_named_colleague_who_is_never_there_when_the_teacher_is(cast, advice):
    advice.ronde_groepen.update(tweede_collega=cast.pieter.medewerker)
    assert said(advice, checklist.STOP) == []
    cast.with_times(cast.pieter, on=date(2026, 11, 25))
    finding = has(advice, checklist.STOP, "Pieter de Jong kan op geen van de tijden van Groep 8")
    assert finding.van == cast.pieter.medewerker.pk
    cast.with_times(cast.pieter, starts=time(16), ends=time(17))
    assert said(advice, checklist.STOP) == []


@pytest.mark.req("C4")
def test_an_empty_pool_and_a_pool_that_never_can(cast, advice):
    has(advice, checklist.STOP, "altijd een tweede collega")
    advice.colleague_pool.add(cast.bas.medewerker)  # the teacher herself is no second colleague
    has(advice, checklist.STOP, "altijd een tweede collega")
    advice.colleague_pool.add(cast.pieter.medewerker)
    assert said(advice, checklist.STOP) == []  # who gave no times follows the teacher
    cast.with_times(cast.pieter, on=date(2026, 11, 25))
    has(advice, checklist.STOP, "Geen van de tweede collega's kan op een tijd van Groep 8")
    cast.with_times(cast.pieter)
    assert said(advice, checklist.STOP) == []


# --- the windows themselves ------------------------------------------------------------------------------------------


def store(cast, **about):
    """A window past the verb: what an older setting or another day left behind."""
    about = {"on": TUESDAY, "starts": time(9), "ends": time(10)} | about
    return Availability.objects.create(school=cast.school, ronde=cast.ronde, medewerker=cast.saskia.medewerker, **about)


def test_a_window_too_short_for_the_new_duration_is_said(cast):
    ronde = cast.with_ronde(duration=30)
    cast.with_times()
    store(cast, ends=time(9, 20))
    has(ronde, checklist.WARN, "Saskia Mulder, dinsdag 24 november van 09:00 tot 09:20: dit blok is korter")


def test_a_window_in_the_night_the_clock_changes_is_said(cast):
    ronde = cast.with_ronde(starts_on=date(2027, 3, 22), ends_on=date(2027, 3, 31))
    cast.with_times(on=date(2027, 3, 23))
    store(cast, on=date(2027, 3, 28), starts=time(1), ends=time(4))
    has(ronde, checklist.WARN, "in dit blok verspringt de klok")


def test_a_window_outside_the_period_is_said(cast):
    ronde = cast.with_ronde()
    cast.with_times()
    store(cast, on=date(2026, 12, 24))
    has(ronde, checklist.STOP, "buiten de periode")


def test_a_room_given_twice_is_said_once_with_both_names(cast):
    ronde = cast.with_ronde(has_rooms=True)
    cast.with_times()
    room = rooms.add_room(name="Lokaal 3", by=Actor(cast.annemiek, ACCOUNT))
    Availability.objects.filter(medewerker__person__in=[cast.saskia, cast.bas]).update(room=room)
    has(ronde, checklist.STOP, "Lokaal 3 is dinsdag 24 november van Bas van den Berg en ook van Saskia Mulder")
    has(ronde, checklist.WARN, "Bij 2 blokken is nog geen lokaal gekozen")
    Availability.objects.filter(medewerker__person=cast.bas).update(room=None)
    assert said(ronde, checklist.STOP) == []


# --- time to choose --------------------------------------------------------------------------------------------------


def test_choosing_that_opens_after_it_closes_is_said(cast):
    ronde = cast.with_ronde(choosing_opens_at=datetime(2026, 11, 20, 19, tzinfo=NOW.tzinfo))
    cast.with_times()
    has(ronde, checklist.STOP, "Kiezen begint pas nadat het gesloten is")


def test_wishes_need_time_between_opening_and_the_first_day(cast):
    ronde = cast.with_ronde(mode=Ronde.Mode.WISHES, booking_closes_days=14)
    cast.with_times()
    has(ronde, checklist.STOP, "geen tijd om wensen te geven")
    ronde.booking_closes_days = 8
    assert not any("wensen te geven en" in text for text in said(ronde, checklist.STOP))


def test_the_checklist_asks_no_more_of_the_database_for_thirty_teachers(cast, django_assert_max_num_queries):
    ronde = cast.with_ronde(has_rooms=True)
    cast.with_times()
    with django_assert_max_num_queries(40):
        checklist.check(ronde, now=NOW)
    for n in range(26):
        groep = cast.groep(f"extra{n}", f"X{n}", f"Extra {n}", "5")
        RondeGroep.objects.create(school=cast.school, ronde=ronde, groep=groep)
        cast.staff(f"juf{n}", f"Juf{n}", "Extra", groepen=[groep])
        cast.with_times(cast.people[f"juf{n}"])
    with django_assert_max_num_queries(40):
        checklist.check(ronde, now=NOW)


def test_many_groups_without_times_are_one_line(cast):
    ronde = cast.with_ronde()
    for n in range(4):
        groep = cast.groep(f"extra{n}", f"X{n}", f"Extra {n}", "5")
        RondeGroep.objects.create(school=cast.school, ronde=ronde, groep=groep)
        cast.staff(f"juf{n}", f"Juf{n}", "Extra", groepen=[groep])
        cast.guardian(f"m{n}", "Moe", f"Der{n}", [cast.pupil(f"p{n}", f"P{n}", "Klein", groep)])
    (line,) = [f.text for f in checklist.check(ronde, now=NOW) if "nog geen tijden" in f.text]
    assert "Extra 0, Extra 1, Extra 2, Extra 3" in line


# --- the pages -------------------------------------------------------------------------------------------------------


def test_the_hub_shows_per_teacher_what_is_needed_and_leads_to_the_right_times(cast, as_):
    ronde = cast.with_ronde()
    cast.with_times(cast.saskia, ends=time(15, 30))
    page = as_.staff(cast.annemiek).get(f"/rondes/{ronde.pk}/").content.decode()
    assert "te weinig, 3 erbij" in page
    assert f"/rondes/{ronde.pk}/tijden/?van={cast.saskia.medewerker.pk}" in page
    assert "te weinig, 3 erbij" not in as_.staff(cast.saskia).get(f"/rondes/{ronde.pk}/").content.decode()


@pytest.mark.req("C3")
def test_pupils_lead_only_when_team_pupils_and_parents_are_ready(cast):
    ronde = cast.with_ronde(lead="leerling", lead_checks=["team", "parents"])
    has(ronde, checklist.STOP, "Zorg eerst voor dit: De leerlingen worden door hun leerkracht begeleid.")
    ronde.lead_checks = ["team", "pupils", "parents"]
    assert not any("leidt het gesprek" in text for text in said(ronde, checklist.STOP))
