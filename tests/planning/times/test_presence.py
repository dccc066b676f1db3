"""Who and what a gesprek takes up: duo's, second colleagues from a pool, rooms, longer gesprekken, walking time."""

from datetime import date, time, timedelta

import pytest

from gesprekken.models import Deelname, Gesprek, Ronde, RondeGroep, Soort
from planning.inviting import opening
from planning.models import Availability, Booking, Occupancy, Room, Slot
from planning.times import booking, windows
from school.actor import ACCOUNT, LINK, Actor
from school.models import Person
from tests.cast import NOW
from tests.remembered import remembered

ON = date(2026, 11, 24)


def opened(cast, *teachers, **fields):
    """A ronde open for these teachers' windows of 15:00-17:00."""
    ronde = cast.with_ronde(**fields)
    cast.with_times(*teachers)
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    return ronde


def starts_of(slots, cast):
    return [slot.starts_at.astimezone(cast.school.zone).strftime("%H:%M") for slot in slots]


def refused(reason, verb, **about):
    with pytest.raises(booking.BookingRefused) as refusal:
        verb(now=NOW, **about)
    assert refusal.value.reason == reason


def slot_at(person, clock, cast, on=ON):
    hour, minute = map(int, clock.split(":"))
    return next(
        slot
        for slot in Slot.objects.filter(medewerker=person.medewerker)
        if slot.starts_at.astimezone(cast.school.zone).timetz().replace(tzinfo=None) == time(hour, minute)
        and slot.starts_at.astimezone(cast.school.zone).date() == on
    )


# --- a longer gesprek ------------------------------------------------------------------------------------------------


def test_a_longer_gesprek_is_offered_only_where_all_of_it_fits(cast):
    opened(cast, groepen=[cast.groep5, cast.groep8])
    gesprek = cast.gesprek_of(cast.elif_)
    Gesprek.objects.filter(pk=gesprek.pk).update(minutes=30)
    gesprek.refresh_from_db()
    tess = cast.gesprek_of(cast.tess)
    booking.book(slot=slot_at(cast.saskia, "15:30", cast), gesprek=tess, by=Actor(cast.sander, LINK), now=NOW)
    offered = starts_of(booking.free_slots(gesprek, now=NOW), cast)
    assert "15:00" in offered and "15:45" in offered
    assert "15:15" not in offered, "a quarter later somebody else begins"
    assert "16:45" not in offered, "the window ends before it is over"
    refused(
        "too_long", booking.book, slot=slot_at(cast.saskia, "16:45", cast), gesprek=gesprek, by=Actor(cast.fatma, LINK)
    )
    refused("busy", booking.book, slot=slot_at(cast.saskia, "15:15", cast), gesprek=gesprek, by=Actor(cast.fatma, LINK))
    made = booking.book(slot=slot_at(cast.saskia, "15:45", cast), gesprek=gesprek, by=Actor(cast.fatma, LINK), now=NOW)
    assert made.ends_at - made.starts_at == timedelta(minutes=30)


def test_a_longer_gesprek_does_not_run_through_a_pause(cast):
    ronde = cast.with_ronde(groepen=[cast.groep5])
    cast.with_times()
    Availability.objects.create(
        school=cast.school,
        ronde=ronde,
        medewerker=cast.saskia.medewerker,
        on=ON,
        starts=time(15, 30),
        ends=time(15, 45),
        what=Availability.What.PAUSE,
    )
    windows.sync_slots(ronde, cast.saskia.medewerker)
    assert "15:30" not in starts_of(Slot.objects.filter(ronde=ronde), cast)
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    gesprek = cast.gesprek_of(cast.elif_)
    Gesprek.objects.filter(pk=gesprek.pk).update(minutes=25)
    gesprek.refresh_from_db()
    offered = starts_of(booking.free_slots(gesprek, now=NOW), cast)
    assert "15:15" not in offered
    assert "15:00" in offered


# --- brothers, sisters and walking -----------------------------------------------------------------------------------


def test_a_family_gets_the_time_to_walk_when_the_ronde_says_so(cast):
    opened(cast, groepen=[cast.groep5, cast.groep8], walking=5)
    by = Actor(cast.fatma, LINK)
    booking.book(slot=slot_at(cast.saskia, "15:00", cast), gesprek=cast.gesprek_of(cast.elif_), by=by, now=NOW)
    emre = cast.gesprek_of(cast.emre)
    offered = starts_of(booking.free_slots(emre, now=NOW), cast)
    assert "15:15" not in offered
    assert "15:30" in offered
    refused("busy", booking.book, slot=slot_at(cast.bas, "15:15", cast), gesprek=emre, by=by)


def test_walking_time_takes_nothing_from_the_teacher(cast):
    opened(cast, groepen=[cast.groep5, cast.groep8], walking=10)
    booking.book(
        slot=slot_at(cast.saskia, "15:00", cast),
        gesprek=cast.gesprek_of(cast.elif_),
        by=Actor(cast.fatma, LINK),
        now=NOW,
    )
    assert "15:15" in starts_of(booking.free_slots(cast.gesprek_of(cast.tess), now=NOW), cast)


# --- duo's -----------------------------------------------------------------------------------------------------------


def together(cast, ronde):
    RondeGroep.objects.filter(ronde=ronde, groep=cast.groep3).update(duo=RondeGroep.Duo.TOGETHER)


def test_a_duo_that_talks_together_is_both_taken_up(cast):
    ronde = cast.with_ronde(groepen=[cast.groep3])
    together(cast, ronde)
    cast.with_times(cast.ilse)
    cast.with_times(cast.maarten, starts=time(16))
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    gesprek = cast.gesprek_of(cast.daan)
    offered = booking.free_slots(gesprek, now=NOW)
    assert starts_of(offered, cast) == ["16:00", "16:15", "16:30", "16:45"], "only when both are there, each time once"
    made = booking.book(slot=offered[0], gesprek=gesprek, by=Actor(cast.ria, LINK), now=NOW)
    teachers = Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.LEERKRACHT).values_list("person", flat=True)
    assert set(teachers) == {cast.ilse.pk, cast.maarten.pk}
    assert set(made.occupancies.values_list("person", flat=True)) >= {cast.ilse.pk, cast.maarten.pk}


def test_a_gesprek_of_one_of_a_duo_is_offered_her_times_only(cast):
    opened(cast, groepen=[cast.groep3])
    gesprek = cast.gesprek_of(cast.daan)
    Gesprek.objects.filter(pk=gesprek.pk).update(medewerker=cast.maarten.medewerker)
    gesprek.refresh_from_db()
    assert {s.medewerker for s in booking.free_slots(gesprek, now=NOW)} == {cast.maarten.medewerker}
    hers = Slot.objects.filter(medewerker=cast.ilse.medewerker).first()
    refused("wrong_slot", booking.book, slot=hers, gesprek=gesprek, by=Actor(cast.ria, LINK))


# --- a second colleague ----------------------------------------------------------------------------------------------


@pytest.fixture
@remembered
def advice(cast):
    """An open advice ronde of group 8 with a pool of two; written by hand, the checklist is not the subject here."""
    soort = Soort.objects.create(school=cast.school, code="advies", name="Adviesgesprek", is_advice=True)
    ronde = cast.with_ronde(state=Ronde.State.OPEN, code="advies", groepen=[cast.groep8])
    ronde.colleague_pool.set([cast.pieter.medewerker, cast.ilse.medewerker])
    cast.with_times(cast.bas)
    cast.pupil("lotte", "Lotte", "Kramer", cast.groep8)
    cast.guardian("jan", "Jan", "Kramer", [cast.lotte])
    cast.with_gesprek(cast.emre, ronde)
    cast.with_gesprek(cast.lotte, ronde)
    assert soort == ronde.soort
    return cast


@pytest.mark.req("C4")
def test_every_advice_gesprek_takes_somebody_from_the_pool(advice):
    gesprek = advice.gesprek_of(advice.emre)
    made = booking.book(
        slot=slot_at(advice.bas, "15:00", advice), gesprek=gesprek, by=Actor(advice.fatma, LINK), now=NOW
    )
    colleague = Deelname.objects.get(gesprek=gesprek, as_role=Deelname.As.TWEEDE_COLLEGA).person
    assert colleague in {advice.pieter, advice.ilse}
    assert made.occupancies.filter(person=colleague).exists()
    moved = booking.move(
        slot=slot_at(advice.bas, "16:00", advice), gesprek=gesprek, by=Actor(advice.fatma, LINK), now=NOW
    )
    assert Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.TWEEDE_COLLEGA).count() == 1
    assert Occupancy.objects.filter(booking=moved).count() == 3 * 5  # two guardians, pupil, teacher, colleague


@pytest.mark.req("C4")
def test_a_pool_whose_people_are_elsewhere_makes_a_time_unfit(advice):
    advice.ronde.colleague_pool.set([advice.pieter.medewerker])
    windows.give_window(
        ronde=advice.ronde,
        medewerker=advice.pieter.medewerker,
        on=ON,
        starts=time(16),
        ends=time(17),
        by=Actor.system(advice.school),
    )
    assert not Slot.objects.filter(medewerker=advice.pieter.medewerker).exists(), "he has no group of his own here"
    emre, lotte = advice.gesprek_of(advice.emre), advice.gesprek_of(advice.lotte)
    assert starts_of(booking.free_slots(emre, now=NOW), advice)[0] == "16:00"
    refused("busy", booking.book, slot=slot_at(advice.bas, "15:00", advice), gesprek=emre, by=Actor(advice.fatma, LINK))
    booking.book(slot=slot_at(advice.bas, "16:00", advice), gesprek=emre, by=Actor(advice.fatma, LINK), now=NOW)
    assert "16:00" not in starts_of(booking.free_slots(lotte, now=NOW), advice)


@pytest.mark.req("C4")
def test_nobody_from_the_pool_is_the_second_colleague_of_her_own_child(advice):
    """The mother of Emre works here too: with him the other one joins, and without another there is no time."""
    Person.objects.filter(pk=advice.fatma.pk).update(linked_to=advice.pieter)
    emre, slot = advice.gesprek_of(advice.emre), slot_at(advice.bas, "15:00", advice)
    booking.book(slot=slot, gesprek=emre, by=Actor(advice.ali, LINK), now=NOW)
    assert Deelname.objects.get(gesprek=emre, as_role=Deelname.As.TWEEDE_COLLEGA).person == advice.ilse
    advice.ronde.colleague_pool.set([advice.pieter.medewerker])
    booking.cancel(gesprek=emre, by=Actor(advice.ali, LINK), now=NOW)
    Deelname.objects.filter(as_role=Deelname.As.TWEEDE_COLLEGA).delete()
    refused("no_colleague", booking.book, slot=slot, gesprek=emre, by=Actor(advice.ali, LINK))


@pytest.mark.req("C4")
def test_an_advice_gesprek_without_a_second_colleague_gets_no_time(advice):
    advice.ronde.colleague_pool.clear()
    refused(
        "no_colleague",
        booking.book,
        slot=slot_at(advice.bas, "15:00", advice),
        gesprek=advice.gesprek_of(advice.emre),
        by=Actor(advice.fatma, LINK),
    )


# --- rooms -----------------------------------------------------------------------------------------------------------


def test_two_teachers_who_share_a_room_take_turns(cast):
    ronde = cast.with_ronde(groepen=[cast.groep5, cast.groep8], has_rooms=True)
    room = Room.objects.create(school=cast.school, name="Lokaal 4")
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    Availability.objects.filter(ronde=ronde).update(room=room)  # past the verb, which gives a room to one at a time
    windows.sync_ronde(ronde)
    tess, emre = cast.gesprek_of(cast.tess), cast.gesprek_of(cast.emre)
    made = booking.book(slot=slot_at(cast.saskia, "15:00", cast), gesprek=tess, by=Actor(cast.sander, LINK), now=NOW)
    assert made.room == room
    assert starts_of(booking.free_slots(emre, now=NOW), cast)[0] == "15:15"
    refused("busy", booking.book, slot=slot_at(cast.bas, "15:00", cast), gesprek=emre, by=Actor(cast.fatma, LINK))


# --- when choosing begins --------------------------------------------------------------------------------------------


def test_choosing_begins_when_the_ronde_says_and_earlier_for_several_children(cast):
    opens = NOW + timedelta(hours=5)
    opened(cast, groepen=[cast.groep5, cast.groep8], choosing_opens_at=opens, early_hours=6)
    tess, elif_ = cast.gesprek_of(cast.tess), cast.gesprek_of(cast.elif_)
    first = slot_at(cast.saskia, "15:00", cast)
    refused("not_yet", booking.book, slot=first, gesprek=tess, by=Actor(cast.sander, LINK))
    assert booking.choosing_opens_for(elif_, Actor(cast.fatma, LINK)) == opens - timedelta(hours=6)
    assert booking.book(slot=first, gesprek=elif_, by=Actor(cast.fatma, LINK), now=NOW)
    second = slot_at(cast.saskia, "15:15", cast)
    assert booking.book(slot=second, gesprek=tess, by=Actor(cast.sander, LINK), now=opens)


def test_in_wish_mode_nobody_picks_a_time_before_the_plan(cast):
    ronde = opened(cast, groepen=[cast.groep5], mode=Ronde.Mode.WISHES)
    tess = cast.gesprek_of(cast.tess)
    slot = slot_at(cast.saskia, "15:00", cast)
    refused("wishing", booking.book, slot=slot, gesprek=tess, by=Actor(cast.sander, LINK))
    Ronde.objects.filter(pk=ronde.pk).update(plan_released_at=NOW)
    assert booking.book(slot=slot, gesprek=tess, by=Actor(cast.sander, LINK), now=NOW)


# --- all in one go ---------------------------------------------------------------------------------------------------


@pytest.mark.req("P2")
def test_brothers_and_sisters_are_planned_in_one_go(cast):
    opened(cast, groepen=[cast.groep5, cast.groep8])
    choices = [
        (slot_at(cast.bas, "15:15", cast), cast.gesprek_of(cast.emre)),
        (slot_at(cast.saskia, "15:00", cast), cast.gesprek_of(cast.elif_)),
    ]
    made = booking.book_all(choices=choices, by=Actor(cast.fatma, LINK), now=NOW)
    assert [b.gesprek.leerling for b in made] == [cast.emre, cast.elif_]


@pytest.mark.req("P2")
def test_one_taken_time_means_none_of_them(cast):
    opened(cast, groepen=[cast.groep5, cast.groep8])
    taken = slot_at(cast.saskia, "15:00", cast)
    booking.book(slot=taken, gesprek=cast.gesprek_of(cast.tess), by=Actor(cast.sander, LINK), now=NOW)
    choices = [
        (slot_at(cast.bas, "15:15", cast), cast.gesprek_of(cast.emre)),
        (taken, cast.gesprek_of(cast.elif_)),
    ]
    refused("taken", booking.book_all, choices=choices, by=Actor(cast.fatma, LINK))
    choices[1] = (slot_at(cast.saskia, "15:15", cast), cast.gesprek_of(cast.elif_))
    refused("busy", booking.book_all, choices=choices, by=Actor(cast.fatma, LINK))
    refused("taken", booking.book_all, choices=[choices[0], choices[0]], by=Actor(cast.fatma, LINK))
    assert Booking.objects.active().count() == 1


def test_two_children_can_swap_their_times_in_one_go(cast):
    opened(cast, groepen=[cast.groep5])
    cast.pupil("sam", "Sam", "Hof", cast.groep5)
    cast.guardian("eva", "Eva", "Hof", [cast.sam])
    opening.add_arrivals(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    tess, sam = cast.gesprek_of(cast.tess), cast.gesprek_of(cast.sam)
    first, second = slot_at(cast.saskia, "15:00", cast), slot_at(cast.saskia, "15:15", cast)
    by = Actor(cast.annemiek, ACCOUNT)
    booking.book_all(choices=[(first, tess), (second, sam)], by=by, now=NOW, agreed=True)
    booking.book_all(choices=[(second, tess), (first, sam)], by=by, now=NOW, agreed=True, replacing=True)
    assert {b.gesprek: b.slot for b in Booking.objects.active()} == {tess: second, sam: first}
