"""A replacement teacher takes over everything that is still to come; parents hear it once; it can be undone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from gesprekken.models import Deelname, Gesprek, RondeGroep
from gesprekken.permissions import visible_gesprekken
from planning.around import substitute
from planning.inviting import opening
from planning.models import Availability, Booking, CalendarEntry, Occupancy, Slot, WeekException
from planning.times import booking, windows
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, Lesgeven, Medewerker, Outgoing
from tests.cast import NOW
from tests.planning.test_emails import event_in
from tests.remembered import remembered


@pytest.fixture
@remembered
def planned(cast, deliver):
    """Elif at 15:00 and Tess at 15:15 with Saskia; Noor's parents have not chosen. Eva can stand in."""
    cast.with_open_ronde()
    cast.staff("eva", "Eva", "Winter", key="LK99")
    for leerling, guardian, n in [(cast.elif_, cast.fatma, 0), (cast.tess, cast.sander, 1)]:
        slot = Slot.objects.filter(medewerker=cast.saskia.medewerker)[n]
        booking.book(slot=slot, gesprek=cast.gesprek_of(leerling), by=Actor(guardian, LINK), now=NOW)
    deliver()
    return cast


def medewerker(person):
    return Medewerker.objects.select_related("person", "school").get(person=person)


def take_over(cast, absent=None, replacement=None, **about):
    return substitute.take_over(
        absent=medewerker(absent or cast.saskia),
        replacement=medewerker(replacement or cast.eva),
        by=Actor(cast.annemiek, ACCOUNT),
        **({"now": NOW} | about),
    )


def state(cast):
    """Everything a take-over touches, to see that a refusal changed nothing."""
    return [
        list(Availability.objects.order_by("pk").values_list("pk", "medewerker", "starts", "ends")),
        list(Slot.objects.order_by("pk").values_list("pk", "medewerker")),
        list(Booking.objects.order_by("pk").values_list("pk", "medewerker", "state")),
        list(Deelname.objects.order_by("pk").values_list("pk", "person", "as_role")),
        sorted(Occupancy.objects.values_list("booking", "person", "room", "bucket")),
        list(Gesprek.objects.order_by("pk").values_list("pk", "medewerker")),
        list(Lesgeven.objects.order_by("pk").values_list("groep", "medewerker")),
        list(CalendarEntry.objects.order_by("pk").values_list("pk", "sequence")),
        Outgoing.objects.count(),
        WeekException.objects.count(),
    ]


def test_everything_that_is_still_to_come_goes_over(planned):
    before = set(Booking.objects.active().values_list("gesprek", "starts_at", "slot"))
    done = take_over(planned)
    assert (len(done.bookings), done.unplanned) == (2, 2)
    assert set(Booking.objects.active().values_list("gesprek", "starts_at", "slot")) == before
    for model in (Availability, Slot):
        of = model.objects.filter(ronde=planned.ronde)
        assert not of.filter(medewerker__person=planned.saskia).exists()
        assert of.filter(medewerker__person=planned.eva).exists()
    assert Slot.objects.filter(medewerker__person=planned.eva).count() == 8
    assert set(Booking.objects.active().values_list("medewerker__person__first_name", flat=True)) == {"Eva"}
    assert not Occupancy.objects.filter(person=planned.saskia).exists()
    assert Occupancy.objects.filter(person=planned.eva).count() == 6  # two times a quarter
    elif_ = planned.gesprek_of(planned.elif_)
    assert {d.person for d in elif_.deelnames.filter(as_role="leerkracht")} == {planned.eva}
    assert Gesprek.objects.filter(groep=planned.groep5, medewerker__person=planned.eva).count() == 4
    assert elif_ in visible_gesprekken(Actor(planned.eva, ACCOUNT))


def test_who_had_no_time_yet_chooses_with_the_replacement(planned):
    take_over(planned)
    noor = planned.gesprek_of(planned.noor, planned.kim)
    (first, *_) = booking.free_slots(noor, now=NOW)
    assert first.medewerker.person == planned.eva
    assert booking.book(slot=first, gesprek=noor, by=Actor(planned.kim, LINK), now=NOW).medewerker.person == planned.eva


@pytest.mark.req("I6")
def test_parents_with_a_time_are_told_once_and_their_calendar_follows(planned, deliver):
    take_over(planned)
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example", "sander@ouders.example"}
    message = messages["ali@ouders.example"]
    assert message.subject == "Uw gesprek over Elif is met iemand anders"
    assert "Eva Winter" in message.body and "De dag en de tijd blijven" in message.body
    _, calendar, event = event_in(message)
    assert (calendar["METHOD"], event["SEQUENCE"]) == ("REQUEST", 1)
    assert deliver() == []


def test_what_is_over_or_held_stays_with_who_did_it(planned, frozen_clock):
    after_the_first = datetime(2026, 11, 24, 14, 10, tzinfo=UTC)  # ten past three in Amsterdam
    done = take_over(planned, now=after_the_first, reason="Ziek geworden")
    assert [b.gesprek.leerling.person.first_name for b in done.bookings] == ["Tess"]
    first, second = Booking.objects.active().order_by("starts_at")
    assert (first.medewerker.person, second.medewerker.person) == (planned.saskia, planned.eva)
    spans = {(str(w.starts), str(w.ends), w.medewerker.person.first_name) for w in planned.ronde.availabilities.filter(medewerker__person__in=[planned.saskia, planned.eva])}  # fmt: skip
    assert spans == {("15:00:00", "15:15:00", "Saskia"), ("15:15:00", "17:00:00", "Eva")}


@pytest.mark.req("I2")
def test_inside_the_week_a_reason_is_needed_and_kept(planned):
    before = state(planned)
    late = NOW + timedelta(days=9)
    with pytest.raises(substitute.SubstituteRefused) as refusal:
        take_over(planned, now=late)
    assert refusal.value.reason == "week" and state(planned) == before
    take_over(planned, now=late, reason="Saskia is ziek")
    assert list(WeekException.objects.values_list("reason", "by")) == [("Saskia is ziek", planned.annemiek.pk)] * 2


def test_a_replacement_who_is_elsewhere_is_refused_with_the_times_and_nothing_changes(planned):
    tess = planned.gesprek_of(planned.tess)
    time_of_tess = Booking.objects.active().get(gesprek=tess)
    bas_slot = Slot.objects.get(medewerker=planned.bas.medewerker, starts_at=time_of_tess.starts_at)
    booking.book(slot=bas_slot, gesprek=planned.gesprek_of(planned.emre), by=Actor(planned.fatma, LINK), now=NOW)
    before = state(planned)
    with pytest.raises(substitute.SubstituteRefused) as refusal:
        take_over(planned, replacement=planned.bas)
    assert refusal.value.reason == "clash"
    assert [(c.gesprek, c.starts_at) for c in refusal.value.clashes] == [(tess, time_of_tess.starts_at)]
    assert state(planned) == before


def test_the_parent_of_a_pupil_does_not_take_over_that_pupils_gesprek(planned):
    planned.fatma.linked_to = planned.eva
    planned.fatma.save()
    with pytest.raises(substitute.SubstituteRefused) as refusal:
        take_over(planned)
    assert [c.gesprek for c in refusal.value.clashes] == [planned.gesprek_of(planned.elif_)]


def test_a_parent_without_contact_does_not_become_the_teacher_of_the_gesprek_either(planned):
    planned.rob.linked_to = planned.eva
    planned.rob.save()
    with pytest.raises(substitute.SubstituteRefused) as refusal:
        take_over(planned)
    assert [c.gesprek for c in refusal.value.clashes] == [planned.gesprek_of(planned.tess)]


@pytest.mark.parametrize("who", ["saskia", "gone", "nothing"])
def test_what_makes_no_sense_is_refused(planned, who):
    absent, replacement = planned.saskia, planned.eva
    if who == "gone":
        Medewerker.objects.filter(person=planned.eva).update(left_on=date(2026, 11, 1))
    if who == "nothing":
        absent, replacement = planned.eva, planned.saskia
    if who == "saskia":
        replacement = planned.saskia
    with pytest.raises(substitute.SubstituteRefused) as refusal:
        take_over(planned, absent, replacement)
    assert refusal.value.reason == {"saskia": "same"}.get(who, who)


def test_a_colleague_with_a_group_of_her_own_keeps_her_own_times(planned):
    """Bas has the same afternoon himself: his window stays, and no slot is offered twice."""
    done = take_over(planned, replacement=planned.bas)
    assert len(done.bookings) == 2
    slots = list(Slot.objects.filter(medewerker=planned.bas.medewerker).values_list("starts_at", "ends_at"))
    assert len(slots) == 8 and all(a[1] <= b[0] for a, b in zip(slots, slots[1:], strict=False))


def test_a_second_colleague_is_replaced_too(cast):
    ronde = cast.with_ronde(groepen=[cast.groep8])
    ronde.soort.is_advice = True
    ronde.soort.save()
    ronde.ronde_groepen.update(tweede_collega=cast.pieter.medewerker)
    cast.with_times(cast.bas)
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    emre = cast.gesprek_of(cast.emre)
    slot = Slot.objects.filter(medewerker=cast.bas.medewerker).first()
    booking.book(slot=slot, gesprek=emre, by=Actor(cast.fatma, LINK), now=NOW)
    take_over(cast, cast.pieter, cast.ilse)
    assert emre.deelnames.get(as_role="tweede_collega").person == cast.ilse
    assert not Occupancy.objects.filter(person=cast.pieter).exists()
    assert Occupancy.objects.filter(person=cast.ilse).count() == 3
    assert Booking.objects.active().get().medewerker.person == cast.bas
    assert ronde.ronde_groepen.get().tweede_collega.person == cast.ilse
    assert Gesprek.objects.get(pk=emre.pk).medewerker is None


def test_of_a_duo_that_talks_together_the_partner_stays(cast):
    ronde = cast.with_ronde(groepen=[cast.groep3])
    RondeGroep.objects.update(duo=RondeGroep.Duo.TOGETHER)
    cast.with_times()
    cast.staff("eva", "Eva", "Winter")
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    daan = cast.gesprek_of(cast.daan)
    booking.book(slot=booking.free_slots(daan, now=NOW)[0], gesprek=daan, by=Actor(cast.ria, LINK), now=NOW)
    for absent in (cast.ilse, cast.maarten):
        before = set(daan.deelnames.filter(as_role="leerkracht").values_list("person", flat=True))
        take_over(cast, absent, cast.eva)
        now_there = set(daan.deelnames.filter(as_role="leerkracht").values_list("person", flat=True))
        assert now_there == before - {absent.pk} | {cast.eva.pk}
        assert set(Occupancy.objects.values_list("person", flat=True)) >= now_there
        (event, *_rest) = substitute.recent(cast.school)
        substitute.give_back(event=event[0], by=Actor(cast.annemiek, ACCOUNT), now=NOW)
        assert set(daan.deelnames.filter(as_role="leerkracht").values_list("person", flat=True)) == before


@pytest.mark.req("P1")
def test_only_who_takes_part_is_occupied_whoever_teaches_the_group_by_then(cast):
    """Chosen with a stand-in and one of a duo, given back, and then the stand-in falls ill herself."""
    ronde = cast.with_ronde(groepen=[cast.groep3])
    RondeGroep.objects.update(duo=RondeGroep.Duo.TOGETHER)
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    take_over(cast, cast.maarten, cast.pieter)
    event, gesprek = AuditEvent.objects.get(verb="take_over"), cast.gesprek_of(cast.daan)
    booking.book(slot=booking.free_slots(gesprek, now=NOW)[0], gesprek=gesprek, by=Actor(cast.ria, LINK), now=NOW)
    substitute.give_back(event=event, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    take_over(cast, cast.pieter, cast.saskia)
    staff = {d.person.first_name for d in gesprek.deelnames.filter(as_role="leerkracht")}
    assert staff == {"Ilse", "Saskia"}
    occupied = Occupancy.objects.filter(person__medewerker__isnull=False)
    assert set(occupied.values_list("person__first_name", flat=True)) == staff


def test_a_teacher_who_is_also_the_parent_of_the_child_still_comes_as_that(cast):
    cast.sander.linked_to = cast.saskia
    cast.sander.save()
    ronde = cast.with_ronde(groepen=[cast.groep5], walking=10)
    cast.with_times(cast.saskia)
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    gesprek = cast.gesprek_of(cast.tess)
    booking.book(slot=Slot.objects.all()[0], gesprek=gesprek, by=Actor(cast.annemiek, ACCOUNT), now=NOW, agreed=True)
    take_over(cast, cast.saskia, cast.pieter)
    assert Occupancy.objects.filter(person=cast.saskia).count() == 5  # a quarter, and ten minutes to walk
    assert Occupancy.objects.filter(person=cast.pieter).count() == 3


def test_a_gesprek_that_comes_while_it_waits_is_locked_before_it_goes_over(planned, monkeypatch):
    """As when a parent of the colleague with whom she shares the group chooses one of the absent teacher's times."""
    ours, real = planned.gesprek_of(planned.tess), substitute._lock
    locked = []

    def lock(found, medewerkers):
        if not locked:  # at the first look it was not hers yet
            found.gesprekken[:] = [gesprek for gesprek in found.gesprekken if gesprek.pk != ours.pk]
        real(found, medewerkers)
        locked.append({gesprek.pk for gesprek in found.gesprekken})

    monkeypatch.setattr(substitute, "_lock", lock)
    found = take_over(planned)
    assert [ours.pk in pks for pks in locked] == [False, True]
    assert ours.pk in {gesprek.pk for gesprek in found.gesprekken}


def test_only_the_ronde_that_was_asked_goes_over(planned):
    first = planned.ronde
    planned.with_ronde(
        code="startgesprek", name="Startgesprekken", starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 4)
    )
    windows.give_window(
        ronde=planned.ronde, medewerker=planned.saskia.medewerker, on=date(2026, 12, 1), starts=time(15),
        ends=time(16), by=Actor(planned.saskia, ACCOUNT),
    )  # fmt: skip
    take_over(planned, rondes=[first])
    assert planned.ronde.availabilities.get().medewerker.person == planned.saskia
    take_over(planned, rondes=[planned.ronde])
    assert planned.ronde.availabilities.get().medewerker.person == planned.eva


def test_giving_back_undoes_it_and_tells_the_parents_again(planned, deliver):
    before = state(planned)[:7]
    take_over(planned)
    deliver()
    ((event, absent, replacement),) = substitute.recent(planned.school)
    assert (absent.person, replacement.person) == (planned.saskia, planned.eva)
    substitute.give_back(event=event, by=Actor(planned.annemiek, ACCOUNT), now=NOW)
    after = state(planned)
    assert after[0] == before[0] and after[2] == before[2] and after[5:7] == before[5:7]
    assert {tuple(row[1:]) for row in after[4]} == {tuple(row[1:]) for row in before[4]}
    assert {m.to[0] for m in deliver()} == {"fatma@ouders.example", "ali@ouders.example", "sander@ouders.example"}
    assert substitute.recent(planned.school) == []
    assert planned.gesprek_of(planned.elif_) not in visible_gesprekken(Actor(planned.eva, ACCOUNT))


def test_giving_back_leaves_the_stand_ins_own_work_alone(planned):
    """Bas stood in for Saskia, and keeps his own group, windows and times when she is back."""
    own = Slot.objects.filter(medewerker=planned.bas.medewerker).last()
    booking.book(slot=own, gesprek=planned.gesprek_of(planned.emre), by=Actor(planned.fatma, LINK), now=NOW)
    take_over(planned, replacement=planned.bas)
    ((event, *_),) = substitute.recent(planned.school)
    substitute.give_back(event=event, by=Actor(planned.annemiek, ACCOUNT), now=NOW)
    names = {b.gesprek.leerling.person.first_name: b.medewerker.person.first_name for b in Booking.objects.active()}
    assert names == {"Elif": "Saskia", "Tess": "Saskia", "Emre": "Bas"}
    assert set(planned.bas.medewerker.lesgeven.values_list("groep__name", flat=True)) == {"Groep 8"}
    assert set(planned.saskia.medewerker.lesgeven.values_list("groep__name", flat=True)) == {"Groep 5"}


# --- the pages -------------------------------------------------------------------------------------------------------


def test_leadership_sees_what_goes_over_before_it_does(planned, as_):
    leader = as_.staff(planned.annemiek)
    saskia, eva = planned.saskia.medewerker.pk, planned.eva.medewerker.pk
    chosen = leader.post("/vervangen/", {"absent": saskia, "replacement": eva})
    assert chosen["Location"] == f"/vervangen/{saskia}/{eva}/"
    before = state(planned)
    page = leader.get(chosen["Location"]).content.decode()
    assert "Elif Yılmaz" in page and "kan over" in page and state(planned) == before
    done = leader.post(chosen["Location"], follow=True).content.decode()
    assert "Eva Winter heeft nu 4 gesprekken overgenomen" in done and "Zet terug" in done
    refused = leader.post("/vervangen/", {"absent": saskia, "replacement": saskia})
    assert refused.status_code == 422 and "dit is dezelfde collega" in refused.content.decode()


def test_the_page_of_a_second_click_says_that_there_is_nothing_left(planned, as_):
    leader = as_.staff(planned.annemiek)
    address = f"/vervangen/{planned.saskia.medewerker.pk}/{planned.eva.medewerker.pk}/"
    leader.post(address)
    again = leader.post(address)
    assert again.status_code == 409
    assert "Er is niets om over te nemen" in again.content.decode()
