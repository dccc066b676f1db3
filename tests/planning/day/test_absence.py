"""A teacher is not there: the day moves or is called off in one step, everybody hears it once, and nothing is lost."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from icalendar import Calendar

from gesprekken.models import Deelname
from planning.around import interpreters, joining
from planning.day import absence, moving
from planning.inviting import opening
from planning.models import (
    Availability,
    Booking,
    CalendarEntry,
    InterpreterRequest,
    Invitation,
    Occupancy,
    Slot,
    WeekException,
)
from planning.times import booking, windows
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Outgoing, Person, Relatie
from tests.cast import NOW, Cast
from tests.remembered import remembered

DAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
LATER = timedelta(minutes=absence.HELD_BACK_MINUTES + 1)


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


@pytest.fixture
@remembered
def planned(opened, deliver):
    """Elif 15:00 and Tess 15:15 with Saskia; all that was to be told has been told."""
    book(opened, opened.elif_, 0)
    book(opened, opened.tess, 1)
    deliver()
    return opened


def book(cast, leerling, index, guardian=None):
    slot = Slot.objects.filter(medewerker=cast.saskia.medewerker, starts_at__date=DAY)[index]
    gesprek = cast.gesprek_of(leerling, guardian)
    return booking.book(slot=slot, gesprek=gesprek, by=Actor(cast.annemiek, ACCOUNT), now=NOW, agreed=True)


def saskia(cast):
    return {"medewerker": cast.saskia.medewerker, "on": DAY, "by": Actor(cast.saskia, ACCOUNT), "now": NOW}


def times(cast, leerling):
    found = Booking.objects.active().filter(gesprek=cast.gesprek_of(leerling))
    return [f"{b.starts_at.astimezone(cast.school.zone):%d %H:%M}" for b in found]


def told(deliver, frozen_clock):
    frozen_clock.shift(LATER)
    return {(m.to[0], m.subject) for m in deliver()}


# --- calling off -----------------------------------------------------------------------------------------------------


@pytest.mark.req("P1", "I6")
def test_a_day_that_is_called_off_leaves_nothing_to_book_and_tells_everybody_once(planned, deliver, frozen_clock):
    absence.call_off_day(**saskia(planned), reason="")
    assert times(planned, planned.elif_) == times(planned, planned.tess) == []
    assert not Slot.objects.filter(medewerker=planned.saskia.medewerker).exists()
    assert not Availability.objects.filter(medewerker=planned.saskia.medewerker, on=DAY).exists()
    assert not Occupancy.objects.filter(person=planned.saskia).exists()
    assert told(deliver, frozen_clock) == {
        ("fatma@ouders.example", "Uw gesprek over Elif gaat niet door"),
        ("ali@ouders.example", "Uw gesprek over Elif gaat niet door"),
        ("sander@ouders.example", "Uw gesprek over Tess gaat niet door"),
    }
    assert deliver() == []


def test_the_mail_says_that_she_is_not_there_and_never_why(planned, deliver, frozen_clock):
    absence.call_off_day(**saskia(planned), reason="ziek, griep")
    frozen_clock.shift(LATER)
    message = next(m for m in deliver() if m.to == ["sander@ouders.example"])
    assert "Saskia Mulder is er op dinsdag 24 november niet" in message.body
    assert "Kies een andere tijd" in message.body
    assert "ziek" not in message.body.lower() + message.alternatives[0][0].lower()
    event = next(iter(Calendar.from_ical(message.attachments[0][1]).walk("VEVENT")))
    assert (event["STATUS"], int(event["SEQUENCE"])) == ("CANCELLED", 1)


def test_who_can_no_longer_choose_is_called_and_reads_that(planned, deliver, frozen_clock):
    frozen_clock.move_to(datetime(2026, 11, 23, 8, tzinfo=NOW.tzinfo))
    absence.call_off_day(**saskia(planned) | {"now": None}, reason="ziek")
    assert Invitation.objects.filter(call_me_at__isnull=False).count() == 3
    frozen_clock.shift(LATER)
    messages = deliver()
    assert all("wij bellen u" in message.body for message in messages)
    assert not any("Kies een andere tijd" in message.body for message in messages)


@pytest.mark.req("I2")
def test_within_the_week_a_reason_is_needed_and_kept(planned):
    within = saskia(planned) | {"now": NOW + timedelta(days=12)}
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.call_off_day(**within, reason="  ")
    assert refused.value.reason == "week"
    assert times(planned, planned.elif_) == ["24 15:00"]
    absence.call_off_day(**within, reason="Ziek")
    assert [e.reason for e in WeekException.objects.all()] == ["Ziek"]


def test_a_day_without_anything_is_refused(planned):
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.call_off_day(**saskia(planned) | {"on": THURSDAY}, reason="Ziek")
    assert refused.value.reason == "nothing"


def test_what_has_already_begun_stays(planned):
    after_first = datetime(2026, 11, 24, 15, 5, tzinfo=planned.school.zone)
    absence.call_off_day(**saskia(planned) | {"now": after_first}, reason="Ziek geworden")
    assert times(planned, planned.elif_) == ["24 15:00"]
    assert times(planned, planned.tess) == []


def test_times_of_others_stay(planned):
    absence.call_off_day(**saskia(planned), reason="")
    assert Slot.objects.filter(medewerker=planned.bas.medewerker).count() == 8
    assert Availability.objects.filter(medewerker=planned.bas.medewerker).count() == 1


# --- moving ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("P1", "I6")
def test_the_whole_day_moves_and_nobody_chooses_again(planned, deliver, frozen_clock):
    before = dict(CalendarEntry.objects.values_list("uid", "sequence"))
    absence.move_day(**saskia(planned), to=THURSDAY, reason="")
    assert times(planned, planned.elif_) == ["26 15:00"]
    assert times(planned, planned.tess) == ["26 15:15"]
    slots = Slot.objects.filter(medewerker=planned.saskia.medewerker)
    assert {s.starts_at.date() for s in slots} == {THURSDAY}
    assert slots.count() == 8
    assert {o.bucket.date() for o in Occupancy.objects.all()} == {THURSDAY}
    assert dict(CalendarEntry.objects.values_list("uid", "sequence")) == {uid: n + 1 for uid, n in before.items()}
    frozen_clock.shift(LATER)
    messages = deliver()
    assert sorted(m.to[0] for m in messages) == [f"{name}@ouders.example" for name in ("ali", "fatma", "sander")]
    text = next(m.body for m in messages if m.to == ["ali@ouders.example"])
    assert "Saskia Mulder is er op dinsdag 24 november niet. Uw gesprek over Elif is daarom verplaatst." in text
    assert "donderdag 26 november 2026\nvan 15:00 tot 15:15 uur" in text


def test_a_moved_gesprek_takes_up_the_same_people_as_before(planned):
    before = set(Occupancy.objects.values_list("person", "bucket"))
    absence.move_day(**saskia(planned), to=THURSDAY, reason="")
    assert set(Occupancy.objects.values_list("person", "bucket")) == {(p, b + timedelta(days=2)) for p, b in before}


def test_the_day_may_also_move_to_later_the_same_day(planned):
    absence.move_day(**saskia(planned), to=DAY, shift_minutes=15, reason="")
    assert times(planned, planned.elif_) == ["24 15:15"]
    assert times(planned, planned.tess) == ["24 15:30"]


@pytest.mark.req("P2")
def test_who_is_somewhere_else_then_is_named_and_called_off(planned, deliver, frozen_clock):
    """Elif's brother has a gesprek at that very moment; Tess goes along."""
    windows.give_window(
        ronde=planned.ronde,
        medewerker=planned.bas.medewerker,
        on=THURSDAY,
        starts=time(15),
        ends=time(16),
        by=Actor(planned.annemiek, ACCOUNT),
    )
    slot = Slot.objects.filter(medewerker=planned.bas.medewerker, starts_at__date=THURSDAY).first()
    booking.book(slot=slot, gesprek=planned.gesprek_of(planned.emre), by=Actor(planned.fatma, LINK), now=NOW)
    plan = plan_to(planned, THURSDAY)
    assert [(line.moves, line.why) for line in plan.lines] == [(False, "family"), (True, "")]
    absence.move_day(**saskia(planned), to=THURSDAY, reason="")
    assert times(planned, planned.elif_) == []
    assert times(planned, planned.tess) == ["26 15:15"]
    assert {(to, "verplaatst" in subject) for to, subject in told(deliver, frozen_clock) if "vast" not in subject} == {
        ("fatma@ouders.example", False),
        ("ali@ouders.example", False),
        ("sander@ouders.example", True),
    }


def plan_to(cast, to, **about):
    bookings = moving.bookings_ahead(cast.saskia.medewerker, DAY, now=NOW)
    return moving.plan_day(bookings, to=to, now=NOW, **about)


def test_a_colleague_who_is_busy_then_keeps_the_gesprek_from_moving(planned):
    gesprek = planned.gesprek_of(planned.elif_)
    Deelname.objects.create(
        school=planned.school, gesprek=gesprek, person=planned.pieter, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    first = Booking.objects.active().get(gesprek=gesprek)
    other = Booking.objects.active().get(gesprek=planned.gesprek_of(planned.tess))
    for booked, days in [(first, 0), (other, 2)]:
        at = first.starts_at + timedelta(days=days)
        if days:
            Booking.objects.filter(pk=other.pk).update(medewerker=planned.bas.medewerker)
        Occupancy.objects.create(school=planned.school, booking=booked, person=planned.pieter, bucket=at)
    (line,) = plan_to(planned, THURSDAY).lines
    assert line.why == "colleague"
    assert [person.name for person in line.colleagues] == ["Pieter de Jong"]


def test_a_colleague_who_gave_windows_is_there_only_within_them(planned):
    gesprek = planned.gesprek_of(planned.elif_)
    Deelname.objects.create(
        school=planned.school, gesprek=gesprek, person=planned.bas, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    assert [line.why for line in plan_to(planned, THURSDAY).lines] == ["colleague", ""]
    planned.with_times(planned.bas, on=THURSDAY)
    assert [line.why for line in plan_to(planned, THURSDAY).lines] == ["", ""]


@pytest.mark.parametrize(
    ("to", "why"),
    [(date(2026, 11, 20), "outside"), (date(2026, 12, 25), "outside"), (date(2026, 11, 25), "free_day")],
)
def test_a_date_that_cannot_be_says_why_and_changes_nothing(planned, to, why):
    planned.with_free_day(date(2026, 11, 25), date(2026, 11, 25), name="Studiedag")
    assert {line.why for line in plan_to(planned, to).lines} == {why}
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.move_day(**saskia(planned), to=to, reason="Ziek")
    assert refused.value.reason == "nobody_moves"
    assert times(planned, planned.elif_) == ["24 15:00"]


def test_a_lost_day_may_be_made_up_shortly_after_the_ronde(planned):
    """An open ronde keeps its period; a teacher who is ill on its last day still speaks everybody."""
    absence.move_day(**saskia(planned), to=date(2026, 12, 8), reason="")
    assert times(planned, planned.elif_) == ["08 15:00"]


def test_a_shift_past_midnight_is_no_time(planned):
    assert {line.why for line in plan_to(planned, THURSDAY, shift_minutes=600).lines} == {"night"}


def test_across_the_clock_change_an_afternoon_stays_an_afternoon(cast):
    """From Thursday 22 October (summer time) to Tuesday 27 October (winter time)."""
    day, after = date(2026, 10, 22), date(2026, 10, 27)
    cast.with_ronde(state="open", starts_on=day, ends_on=after)
    gesprek = cast.with_gesprek(cast.tess)
    (slot, *_) = cast.with_times(cast.saskia, on=day)
    now = datetime(2026, 10, 12, 9, tzinfo=NOW.tzinfo)
    by = Actor(cast.saskia, ACCOUNT)
    booking.book(slot=slot, gesprek=gesprek, by=by, now=now, agreed=True)
    absence.move_day(medewerker=cast.saskia.medewerker, on=day, to=after, by=by, reason="", now=now)
    moved = Booking.objects.active().get()
    assert moved.starts_at.astimezone(cast.school.zone).strftime("%d %H:%M") == "27 15:00"
    assert (moved.starts_at - slot.starts_at) % timedelta(days=1) == timedelta(hours=1)
    assert min(Occupancy.objects.values_list("bucket", flat=True)) == moved.starts_at


def test_on_a_day_she_already_works_free_times_make_room_and_chosen_ones_stay(planned):
    planned.with_times(planned.saskia, on=THURSDAY)
    slot = Slot.objects.filter(medewerker=planned.saskia.medewerker, starts_at__date=THURSDAY).first()
    mothers = planned.gesprek_of(planned.noor, planned.kim)
    booking.book(slot=slot, gesprek=mothers, by=Actor(planned.kim, LINK), now=NOW)
    plan = plan_to(planned, THURSDAY)
    assert [line.why for line in plan.lines] == ["teacher", ""]
    absence.move_day(**saskia(planned), to=THURSDAY, reason="")
    assert Booking.objects.active().get(gesprek=mothers).slot == slot
    slots = list(Slot.objects.filter(medewerker=planned.saskia.medewerker).order_by("starts_at"))
    assert len(slots) == 8
    assert all(one.ends_at <= other.starts_at for one, other in zip(slots, slots[1:], strict=False))


def test_a_page_that_is_no_longer_true_changes_nothing(planned):
    mark = plan_to(planned, THURSDAY).mark
    book(planned, planned.noor, 3, planned.kim)
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.move_day(**saskia(planned), to=THURSDAY, reason="", seen=mark)
    assert refused.value.reason == "changed"
    absence.move_day(**saskia(planned), to=THURSDAY, reason="", seen=plan_to(planned, THURSDAY).mark)


def test_who_has_no_address_stands_on_the_list_to_be_called(opened):
    slot = Slot.objects.filter(medewerker=opened.ilse.medewerker).first()
    gesprek = opened.gesprek_of(opened.daan)
    booking.book(slot=slot, gesprek=gesprek, by=Actor(opened.ria, LINK), now=NOW)
    by = Actor(opened.annemiek, ACCOUNT)
    absence.move_day(medewerker=opened.ilse.medewerker, on=DAY, to=THURSDAY, by=by, reason="", now=NOW)
    assert Invitation.objects.get(gesprek=gesprek).call_me_at > Booking.objects.active().get().created_at


def test_a_restricted_guardian_hears_nothing_and_keeps_nobody_from_hearing(planned, deliver, frozen_clock):
    Relatie.objects.filter(person=planned.ali).update(restriction=True)
    absence.call_off_day(**saskia(planned), reason="")
    assert {to for to, _s in told(deliver, frozen_clock)} == {"fatma@ouders.example", "sander@ouders.example"}


def test_who_is_restricted_afterwards_leaves_the_list_to_be_called(planned, as_):
    Person.objects.filter(pk=planned.ali.pk).update(email="", phone="06 99 88 77 66")
    event = absence.call_off_day(**saskia(planned), reason="")
    page = f"/dag/veranderd/{event.pk}/"
    assert "06 99 88 77 66" in as_.staff(planned.annemiek).get(page).content.decode()
    Relatie.objects.filter(person=planned.ali).update(restriction=True)
    assert "06 99 88 77 66" not in as_.staff(planned.annemiek).get(page).content.decode()


def test_an_expert_from_outside_has_to_be_told_by_hand(planned):
    gesprek = planned.gesprek_of(planned.elif_)
    joining.invite_expert(
        gesprek=gesprek, name="Jo de Wit", what="logopedist", by=Actor(planned.saskia, ACCOUNT), now=NOW
    )
    bookings = moving.bookings_ahead(planned.saskia.medewerker, DAY, now=NOW)
    by_hand = {line.booking.gesprek_id: line.by_hand for line in moving.plan_day(bookings, now=NOW).lines}
    assert [person.name for person in by_hand[gesprek.pk]] == ["Jo de Wit"]


def test_a_colleague_who_joins_and_the_teacher_herself_hear_it_without_names(planned, deliver, frozen_clock):
    gesprek = planned.gesprek_of(planned.elif_)
    Deelname.objects.create(
        school=planned.school, gesprek=gesprek, person=planned.pieter, as_role=Deelname.As.TWEEDE_COLLEGA
    )
    absence.call_off_day(**saskia(planned) | {"by": Actor(planned.annemiek, ACCOUNT)}, reason="Ziek")
    frozen_clock.shift(LATER)
    to_staff = [m for m in deliver() if m.to[0].endswith("@wilgenhof.example")]
    assert sorted(m.to[0] for m in to_staff) == ["pieter@wilgenhof.example", "saskia@wilgenhof.example"]
    assert not any("Elif" in m.body or "ziek" in m.body.lower() for m in to_staff)


# --- never mind ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [None, THURSDAY])
def test_never_mind_at_once_puts_everything_back_and_alarms_nobody(planned, deliver, frozen_clock, to):
    before = standing(planned)
    event = change(planned, to)
    absence.undo_change(event=event, by=Actor(planned.saskia, ACCOUNT), now=NOW + timedelta(minutes=1))
    assert standing(planned) == before
    frozen_clock.shift(LATER)
    assert deliver() == []
    assert not Outgoing.objects.filter(state=Outgoing.State.FAILED).exists()


@pytest.mark.parametrize("to", [None, THURSDAY])
def test_who_was_told_already_hears_that_it_stays(planned, deliver, frozen_clock, to):
    event = change(planned, to)
    frozen_clock.shift(LATER)
    assert len(deliver()) == 3
    absence.undo_change(event=event, by=Actor(planned.saskia, ACCOUNT))
    messages = deliver()
    assert sorted(m.to[0] for m in messages) == [f"{name}@ouders.example" for name in ("ali", "fatma", "sander")]
    assert all("gaat toch door" in m.subject for m in messages)


@pytest.mark.parametrize("first_to", [None, THURSDAY])
def test_who_was_told_of_an_earlier_loss_hears_nothing_of_the_next_one_that_is_taken_back_at_once(
    planned, deliver, frozen_clock, first_to
):
    by, event = Actor(planned.saskia, ACCOUNT), change(planned, first_to)
    frozen_clock.shift(LATER)
    deliver()
    if first_to is None:
        absence.undo_change(event=event, by=by)
        assert len(deliver()) == 3
    frozen_clock.shift(60)
    again = absence.call_off_day(medewerker=planned.saskia.medewerker, on=first_to or DAY, by=by, reason="")
    frozen_clock.shift(60)
    absence.undo_change(event=again, by=by)
    frozen_clock.shift(LATER)
    assert deliver() == []


def test_a_colleague_who_was_told_hears_it_too(planned, deliver, frozen_clock):
    event = absence.call_off_day(**saskia(planned) | {"by": Actor(planned.annemiek, ACCOUNT)}, reason="")
    frozen_clock.shift(LATER)
    deliver()
    absence.undo_change(event=event, by=Actor(planned.annemiek, ACCOUNT))
    (message,) = [m for m in deliver() if m.to == ["saskia@wilgenhof.example"]]
    assert "gaan toch door" in message.subject
    assert "op dinsdag 24 november gaan toch door" in message.body


def change(cast, to):
    if to:
        return absence.move_day(**saskia(cast), to=to, reason="")
    return absence.call_off_day(**saskia(cast), reason="")


def standing(cast):
    return (
        sorted(Slot.objects.values_list("medewerker", "starts_at")),
        sorted(Availability.objects.values_list("medewerker", "on", "starts", "ends")),
        sorted(Occupancy.objects.values_list("person", "bucket")),
        sorted(Booking.objects.active().values_list("gesprek", "starts_at", "ends_at")),
        Invitation.objects.filter(call_me_at__isnull=False).count(),
    )


@pytest.mark.req("I5")
@pytest.mark.parametrize("to", [None, THURSDAY])
def test_an_interpreter_was_confirmed_for_the_day_that_is_lost_and_for_no_other(planned, to):
    asked = interpreters.ask(
        gesprek=planned.gesprek_of(planned.elif_), language="tr", by=Actor(planned.annemiek, ACCOUNT), now=NOW
    )
    InterpreterRequest.objects.filter(pk=asked.pk).update(state="confirmed")
    event = change(planned, to)
    asked.refresh_from_db()
    assert asked.state == "ordered"
    (row,) = interpreters.standing(InterpreterRequest.objects.filter(pk=asked.pk), now=NOW)["Turks"]
    assert row.is_doubtful
    absence.undo_change(event=event, by=Actor(planned.annemiek, ACCOUNT), now=NOW)
    asked.refresh_from_db()
    assert asked.state == "confirmed"


def test_never_mind_is_refused_when_somebody_chose_meanwhile(planned):
    event = absence.move_day(**saskia(planned), to=THURSDAY, reason="")
    booking.cancel(gesprek=planned.gesprek_of(planned.tess), by=Actor(planned.sander, LINK), now=NOW)
    before = standing(planned)
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.undo_change(event=event, by=Actor(planned.saskia, ACCOUNT), now=NOW)
    assert refused.value.reason == "undo_changed"
    assert standing(planned) == before


@pytest.mark.req("P1")
def test_never_mind_is_refused_when_somebody_else_takes_part_meanwhile(planned):
    """Her minutes were never counted: put back as it was, she could be asked elsewhere at the same time."""
    event = change(planned, None)
    about = {"gesprek": planned.gesprek_of(planned.elif_), "by": Actor(planned.annemiek, ACCOUNT), "now": NOW}
    joining.add_expert(person=planned.pieter, **about)
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.undo_change(event=event, by=Actor(planned.saskia, ACCOUNT), now=NOW)
    assert refused.value.reason == "undo_changed"
    joining.remove_expert(person=planned.pieter, **about)
    absence.undo_change(event=event, by=Actor(planned.saskia, ACCOUNT), now=NOW)


def test_never_mind_is_for_a_quarter_of_an_hour_and_once(planned):
    event = absence.call_off_day(**saskia(planned), reason="")
    by = Actor(planned.saskia, ACCOUNT)
    with pytest.raises(absence.AbsenceRefused) as refused:
        absence.undo_change(event=event, by=by, now=NOW + timedelta(minutes=16))
    assert refused.value.reason == "undo_late"
    absence.undo_change(event=event, by=by, now=NOW)
    with pytest.raises(absence.AbsenceRefused):
        absence.undo_change(event=event, by=by, now=NOW)
    assert AuditEvent.objects.filter(verb="undo_day_change").count() == 1


def test_off_and_on_and_off_again_is_told_once(planned, deliver, frozen_clock):
    by = Actor(planned.saskia, ACCOUNT)
    for minute in range(2):
        event = absence.call_off_day(**saskia(planned) | {"now": NOW + timedelta(seconds=minute)}, reason="")
        if minute == 0:
            absence.undo_change(event=event, by=by, now=NOW + timedelta(milliseconds=1))
    frozen_clock.shift(LATER)
    assert len(deliver()) == 3


# --- many ------------------------------------------------------------------------------------------------------------


def many(cast, n, *, planned=True):
    """So many gesprekken with Saskia on one day, each with a mother of its own."""
    for number in range(n):
        child = cast.pupil(f"kind{number}", f"Kind{number}", "Klein", cast.groep5)
        cast.guardian(f"moeder{number}", "Moe", f"Der{number}", [child])
    cast.with_ronde()
    cast.with_times(cast.ilse, cast.bas)
    cast.with_times(cast.saskia, on=DAY, starts=time(9), ends=time(17))
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    for number in range(n if planned else 0):
        book(cast, getattr(cast, f"kind{number}"), number)


@pytest.mark.parametrize("n", [1, 3, 30])
def test_thirty_gesprekken_move_in_as_many_statements_as_one(cast, django_assert_max_num_queries, n):
    many(cast, n)
    with django_assert_max_num_queries(60):
        absence.move_day(**saskia(cast), to=THURSDAY, reason="")
    assert Booking.objects.active().filter(starts_at__date=THURSDAY).count() == n


# --- at the same moment ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("to", [None, THURSDAY])
def test_who_books_while_the_day_is_taken_away_is_told_or_comes_along(db, row_locks, to):
    """Eight families pick a time of the teacher while her day moves: nobody is left in it, nobody meets an error."""
    cast = Cast.build()
    many(cast, 8, planned=False)
    slots = list(Slot.objects.filter(medewerker=cast.saskia.medewerker))
    gesprekken = [cast.gesprek_of(getattr(cast, f"kind{n}")) for n in range(8)]
    unexpected = []

    def attempt(verb, allowed, **about):
        try:
            verb(**about)
        except allowed:
            pass
        except Exception as error:  # anything else would have been an error page
            unexpected.append(error)
        finally:
            connection.close()

    by = Actor(cast.annemiek, ACCOUNT)
    about = saskia(cast) | {"reason": ""} | ({"to": to} if to else {})
    work = [
        threading.Thread(
            target=attempt,
            args=(booking.book, booking.BookingRefused),
            kwargs={"slot": slot, "gesprek": gesprek, "by": by, "now": NOW, "agreed": True},
        )
        for slot, gesprek in zip(slots, gesprekken, strict=False)
    ]
    away = threading.Thread(
        target=attempt, args=(absence.move_day if to else absence.call_off_day, absence.AbsenceRefused), kwargs=about
    )
    work.insert(4, away)
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert unexpected == []
    if AuditEvent.objects.filter(verb__in=["move_day", "call_off_day"]).exists():
        assert not Booking.objects.active().filter(starts_at__date=DAY).exists()
        assert not Occupancy.objects.filter(bucket__date=DAY).exists()
