"""A time becomes somebody's: once, with its mail, and nobody in two places."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gesprekken.models import Deelname
from planning.models import Booking, CalendarEntry, Occupancy, Slot, WeekException
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Outgoing, Person
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    Outgoing.objects.all().delete()
    return cast


def as_parent(person):
    return Actor(person, LINK)


def as_staff(person):
    return Actor(person, ACCOUNT)


def slots_of(cast, teacher):
    return list(Slot.objects.filter(ronde=cast.ronde, medewerker=teacher.medewerker))


def refused(reason, verb, **about):
    with pytest.raises(booking.BookingRefused) as refusal:
        verb(now=NOW, **about)
    assert refusal.value.reason == reason


@pytest.mark.req("P1", "I6")
def test_a_parent_picks_a_time_and_everybody_who_joins_is_taken_up(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    slot = slots_of(opened, opened.saskia)[0]
    made = booking.book(slot=slot, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    assert (made.starts_at, made.chosen_by_guardian) == (slot.starts_at, True)
    taken_up = set(Occupancy.objects.filter(booking=made).values_list("person_id", flat=True))
    assert taken_up == {opened.fatma.pk, opened.ali.pk, opened.elif_.person_id, opened.saskia.pk}
    assert Occupancy.objects.filter(booking=made).count() == 4 * 3
    told = set(Outgoing.objects.filter(message="planning.booked").values_list("recipient_id", flat=True))
    assert told == {opened.fatma.pk, opened.ali.pk}
    assert AuditEvent.objects.filter(verb="book").count() == 1
    assert gesprek.deelnames.filter(as_role=Deelname.As.LEERKRACHT).get().person == opened.saskia


def test_who_comes_second_is_told_so_and_nothing_is_stored(opened):
    slot = slots_of(opened, opened.saskia)[0]
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=as_parent(opened.fatma), now=NOW)
    noor = opened.gesprek_of(opened.noor, opened.kim)
    refused("taken", booking.book, slot=slot, gesprek=noor, by=as_parent(opened.kim))
    assert Booking.objects.count() == 1
    assert Outgoing.objects.filter(recipient=opened.kim).count() == 0


def test_the_other_parent_finds_a_time_chosen_already(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    first, second, *_ = slots_of(opened, opened.saskia)
    booking.book(slot=first, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    refused("have_one", booking.book, slot=second, gesprek=gesprek, by=as_parent(opened.ali))


@pytest.mark.req("P2")
def test_a_mother_of_two_is_not_in_two_rooms_at_once(opened):
    """Elif in group 5 and Emre in group 8, at the same time with two teachers."""
    first = slots_of(opened, opened.saskia)[0]
    same_time = next(s for s in slots_of(opened, opened.bas) if s.starts_at == first.starts_at)
    booking.book(slot=first, gesprek=opened.gesprek_of(opened.elif_), by=as_parent(opened.fatma), now=NOW)
    emre = opened.gesprek_of(opened.emre)
    assert same_time not in booking.free_slots(emre, now=NOW)
    refused("busy", booking.book, slot=same_time, gesprek=emre, by=as_parent(opened.fatma))
    right_after = next(s for s in slots_of(opened, opened.bas) if s.starts_at == first.ends_at)
    assert booking.book(slot=right_after, gesprek=emre, by=as_parent(opened.fatma), now=NOW)


def test_a_time_is_offered_only_when_its_buffer_fits_too(cast):
    """With ten minutes between conversations, right before the sister's talk is no time for the brother."""
    cast.with_open_ronde(buffer=10)
    elif_first, emre_slots = slots_of(cast, cast.saskia)[1], slots_of(cast, cast.bas)
    booking.book(slot=elif_first, gesprek=cast.gesprek_of(cast.elif_), by=as_parent(cast.fatma), now=NOW)
    emre = cast.gesprek_of(cast.emre)
    for slot in emre_slots:
        if slot in booking.free_slots(emre, now=NOW):
            made = booking.book(slot=slot, gesprek=emre, by=as_parent(cast.fatma), now=NOW)
            booking.cancel(gesprek=made.gesprek, by=as_parent(cast.fatma), now=NOW)
        else:
            refused("busy", booking.book, slot=slot, gesprek=emre, by=as_parent(cast.fatma))


@pytest.mark.req("P2")
def test_a_teacher_who_is_a_parent_is_one_human_being(opened):
    Person.objects.filter(pk=opened.sander.pk).update(linked_to=opened.bas)
    bas_busy = slots_of(opened, opened.bas)[0]
    booking.book(slot=bas_busy, gesprek=opened.gesprek_of(opened.emre), by=as_parent(opened.fatma), now=NOW)
    own_child = next(s for s in slots_of(opened, opened.saskia) if s.starts_at == bas_busy.starts_at)
    refused("busy", booking.book, slot=own_child, gesprek=opened.gesprek_of(opened.tess), by=as_parent(opened.sander))


def test_moving_frees_the_old_time_and_keeps_the_calendar_item(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    first, second, *_ = slots_of(opened, opened.saskia)
    booking.book(slot=first, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    uid = CalendarEntry.objects.get(gesprek=gesprek, person=opened.fatma).uid
    booking.move(slot=second, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    entry = CalendarEntry.objects.get(gesprek=gesprek, person=opened.fatma)
    assert (entry.uid, entry.sequence) == (uid, 1)
    assert first in booking.free_slots(opened.gesprek_of(opened.tess), now=NOW)
    assert Booking.objects.active().get().slot == second


def test_moving_to_a_taken_time_keeps_the_old_one(opened):
    first, second, *_ = slots_of(opened, opened.saskia)
    elif_ = opened.gesprek_of(opened.elif_)
    booking.book(slot=first, gesprek=elif_, by=as_parent(opened.fatma), now=NOW)
    booking.book(slot=second, gesprek=opened.gesprek_of(opened.tess), by=as_parent(opened.sander), now=NOW)
    refused("taken", booking.move, slot=second, gesprek=elif_, by=as_parent(opened.fatma))
    assert Booking.objects.active().get(gesprek=elif_).slot == first
    assert Occupancy.objects.filter(booking__gesprek=elif_).count() == 12


def test_a_step_of_five_minutes_within_ones_own_time_is_possible(opened):
    """Moving from 15:00 to a slot that overlaps with it is not a clash with oneself."""
    gesprek = opened.gesprek_of(opened.elif_)
    first = slots_of(opened, opened.saskia)[0]
    booking.book(slot=first, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    near = Slot.objects.create(
        school=opened.school,
        ronde=opened.ronde,
        medewerker=opened.saskia.medewerker,
        starts_at=first.starts_at + timedelta(minutes=5),
        ends_at=first.ends_at + timedelta(minutes=5),
    )
    assert near in booking.free_slots(gesprek, now=NOW)
    assert booking.move(slot=near, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)


def test_cancelling_frees_everybody_and_can_be_undone(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    slot = slots_of(opened, opened.saskia)[0]
    booking.book(slot=slot, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    gone = booking.cancel(gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    assert Occupancy.objects.count() == 0
    again = booking.undo_cancel(booking=gone, by=as_parent(opened.fatma), now=NOW)
    assert (again.slot, Booking.objects.active().count()) == (slot, 1)


def test_undo_comes_too_late_when_somebody_else_took_the_time(opened):
    slot = slots_of(opened, opened.saskia)[0]
    gesprek = opened.gesprek_of(opened.elif_)
    booking.book(slot=slot, gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    gone = booking.cancel(gesprek=gesprek, by=as_parent(opened.fatma), now=NOW)
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.tess), by=as_parent(opened.sander), now=NOW)
    refused("taken", booking.undo_cancel, booking=gone, by=as_parent(opened.fatma))


def test_cancelling_twice_says_there_was_nothing_left(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    refused("none", booking.cancel, gesprek=gesprek, by=as_parent(opened.fatma))


@pytest.mark.req("I2")
def test_parents_choose_until_seven_days_before_and_the_school_still_plans(opened, frozen_clock):
    gesprek = opened.gesprek_of(opened.elif_)
    slot = slots_of(opened, opened.saskia)[0]
    late = booking.choosing_closes_at(opened.ronde)
    assert late.isoformat() == "2026-11-17T00:00:00+01:00"
    with pytest.raises(booking.BookingRefused) as refusal:
        booking.book(slot=slot, gesprek=gesprek, by=as_parent(opened.fatma), now=late)
    assert refusal.value.reason == "too_late"
    assert booking.book(slot=slot, gesprek=gesprek, by=as_staff(opened.saskia), now=late, agreed=True)


@pytest.mark.req("I2")
def test_inside_the_week_an_unagreed_time_needs_a_reason_and_leaves_a_trace(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    first, second, *_ = slots_of(opened, opened.saskia)
    in_the_week = first.starts_at - timedelta(days=3)
    with pytest.raises(booking.BookingRefused) as refusal:
        booking.book(slot=first, gesprek=gesprek, by=as_staff(opened.saskia), now=in_the_week)
    assert refusal.value.reason == "week"
    booking.book(slot=first, gesprek=gesprek, by=as_staff(opened.saskia), now=in_the_week, reason="Moeder werkt")
    assert WeekException.objects.get().reason == "Moeder werkt"
    booking.move(slot=second, gesprek=gesprek, by=as_staff(opened.saskia), now=in_the_week, agreed=True)
    assert WeekException.objects.count() == 1


def test_a_time_of_another_group_or_ronde_does_not_fit(opened):
    slot = slots_of(opened, opened.bas)[0]
    refused("wrong_slot", booking.book, slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=as_parent(opened.fatma))


def test_a_closed_ronde_gives_no_more_times(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    opened.ronde.state = "closed"
    opened.ronde.save()
    slot = slots_of(opened, opened.saskia)[0]
    refused("closed", booking.book, slot=slot, gesprek=gesprek, by=as_parent(opened.fatma))


def test_a_slot_that_vanished_while_the_page_stood_open_reads_as_taken(opened):
    gesprek = opened.gesprek_of(opened.elif_)
    slot = slots_of(opened, opened.saskia)[0]
    Slot.objects.filter(pk=slot.pk).delete()
    refused("taken", booking.book, slot=slot, gesprek=gesprek, by=as_parent(opened.fatma))


@pytest.mark.req("C4")
def test_the_second_colleague_of_an_advice_conversation_is_taken_up_too(cast):
    ronde = cast.with_ronde(groepen=[cast.groep8, cast.groep5])
    ronde.ronde_groepen.update(tweede_collega=cast.pieter.medewerker)
    cast.with_times()
    from planning.inviting.opening import open_ronde

    open_ronde(ronde=ronde, by=as_staff(cast.annemiek), now=NOW)
    first = slots_of(cast, cast.bas)[0]
    booking.book(slot=first, gesprek=cast.gesprek_of(cast.emre), by=as_parent(cast.fatma), now=NOW)
    same_time = next(s for s in slots_of(cast, cast.saskia) if s.starts_at == first.starts_at)
    refused("busy", booking.book, slot=same_time, gesprek=cast.gesprek_of(cast.tess), by=as_parent(cast.sander))


# --- the database has the last word, also when a verb would forget ----------------------------------------------------


def raw(cast, gesprek, slot):
    return Booking(
        school=cast.school,
        gesprek=gesprek,
        slot=slot,
        medewerker=slot.medewerker,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )


def test_the_database_forbids_two_active_bookings_of_one_slot(opened):
    slot = slots_of(opened, opened.saskia)[0]
    raw(opened, opened.gesprek_of(opened.elif_), slot).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(opened, opened.gesprek_of(opened.tess), slot).save()


def test_the_database_forbids_two_active_times_for_one_gesprek(opened):
    first, second, *_ = slots_of(opened, opened.saskia)
    raw(opened, opened.gesprek_of(opened.elif_), first).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(opened, opened.gesprek_of(opened.elif_), second).save()


def test_the_database_forbids_anybody_in_two_places(opened):
    slot = slots_of(opened, opened.saskia)[0]
    one = raw(opened, opened.gesprek_of(opened.elif_), slot)
    one.save()
    about = {"school": opened.school, "booking": one, "person": opened.fatma, "bucket": slot.starts_at}
    Occupancy.objects.create(**about)
    with pytest.raises(IntegrityError), transaction.atomic():
        Occupancy.objects.create(**about)


@pytest.mark.parametrize("families", [1, 3, 30])
def test_the_list_of_free_times_costs_the_same_however_many_families_chose(opened, families, django_assert_num_queries):
    gesprek = opened.gesprek_of(opened.elif_)
    teacher = opened.saskia.medewerker
    starts = slots_of(opened, opened.saskia)[-1].ends_at + timedelta(days=1)
    for n in range(families):
        pupil = opened.pupil(f"extra{n}", f"Kind{n}", "Extra", opened.groep5)
        slot = Slot.objects.create(
            school=opened.school,
            ronde=opened.ronde,
            medewerker=teacher,
            starts_at=starts + timedelta(minutes=15 * n),
            ends_at=starts + timedelta(minutes=15 * n + 15),
        )
        other = opened.with_gesprek(pupil, guardians=[])
        booking.book(slot=slot, gesprek=other, by=as_staff(opened.saskia), now=NOW, agreed=True)
    with django_assert_num_queries(6):
        assert len(booking.free_slots(gesprek, now=NOW)) == 8
