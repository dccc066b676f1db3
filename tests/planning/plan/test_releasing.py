"""A plan becomes everybody's time: family by family, told once, with what could not be listed."""

from datetime import timedelta

import pytest

from gesprekken.models import Ronde
from planning.inviting import letters, paper
from planning.models import Booking, Invitation, Part, Plan, Slot, WeekException, Wish
from planning.plan import plans, releasing, wishes
from planning.times import booking
from school import jobs
from school.actor import ACCOUNT, LINK, Actor
from school.models import Job
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def planned(cast):
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    cast.people["plan"] = plans.make_plan(ronde=cast.ronde, by=leader(cast), now=NOW)
    jobs.work_all()
    cast.plan.refresh_from_db()
    return cast


def leader(cast):
    return Actor(cast.annemiek, ACCOUNT)


def release(cast, now=None, **kwargs):
    releasing.release(plan=cast.plan, by=leader(cast), seen=cast.plan.version, now=now or NOW, **kwargs)
    jobs.work_all()
    cast.plan.refresh_from_db()
    cast.ronde.refresh_from_db()


@pytest.mark.req("P2", "I2")
def test_everybody_gets_the_planned_time_and_hears_it_once(planned, deliver):
    deliver()
    release(planned)
    planned_at = dict(planned.plan.planned.values_list("gesprek", "slot"))
    assert dict(Booking.objects.active().values_list("gesprek", "slot")) == planned_at
    assert planned.plan.figures["released"] == {"booked": 6, "refused": []}
    assert planned.ronde.plan_released_at and not planned.ronde.is_wishing
    sent = deliver()
    subjects = [(m.to[0], m.subject) for m in sent]
    assert len(subjects) == len(set(subjects)) == 7  # Fatma and Ali two children each, Kim, Joost and Sander one


def test_afterwards_a_parent_swaps_to_what_is_free(planned):
    release(planned)
    tess = planned.gesprek_of(planned.tess)
    slot = booking.free_slots(tess, now=NOW)[-1]
    booking.move(slot=slot, gesprek=tess, by=Actor(planned.sander, LINK), now=NOW + timedelta(days=9))
    assert Booking.objects.active().get(gesprek=tess).slot == slot


def test_until_the_release_parents_cannot_book(planned):
    tess = planned.gesprek_of(planned.tess)
    slot = Slot.objects.filter(medewerker=planned.saskia.medewerker).first()
    with pytest.raises(booking.BookingRefused) as refused:
        booking.book(slot=slot, gesprek=tess, by=Actor(planned.sander, LINK), now=NOW)
    assert refused.value.reason == "wishing"


@pytest.mark.req("P1")
def test_a_slot_taken_meanwhile_leaves_its_family_out_and_the_rest_goes_on(planned):
    daan = planned.gesprek_of(planned.daan)
    slot = planned.plan.planned.get(gesprek=planned.gesprek_of(planned.emre)).slot
    Booking.objects.create(
        school=planned.school, gesprek=daan, slot=slot, medewerker=slot.medewerker,
        starts_at=slot.starts_at, ends_at=slot.ends_at,
    )  # fmt: skip
    release(planned)
    elif_, emre = planned.gesprek_of(planned.elif_), planned.gesprek_of(planned.emre)
    refused = planned.plan.figures["released"]["refused"]
    assert sorted(refused) == sorted([[elif_.pk, "taken"], [emre.pk, "taken"]])
    assert not Booking.objects.active().filter(gesprek__in=[elif_, emre]).exists()
    assert Booking.objects.active().count() == 4


def test_who_chose_meanwhile_keeps_her_own_time(cast):
    cast.with_open_ronde()
    cast.people["plan"] = plans.make_plan(ronde=cast.ronde, by=leader(cast), now=NOW)
    jobs.work_all()
    cast.plan.refresh_from_db()
    tess = cast.gesprek_of(cast.tess)
    planned_slots = cast.plan.planned.values("slot")
    last = Slot.objects.filter(medewerker=cast.saskia.medewerker).exclude(pk__in=planned_slots).last()
    booking.book(slot=last, gesprek=tess, by=Actor(cast.sander, LINK), now=NOW)
    release(cast)
    assert Booking.objects.active().get(gesprek=tess).slot == last
    assert cast.plan.figures["released"]["refused"] == []


@pytest.mark.req("I2")
def test_within_the_week_who_gave_wishes_agreed_and_for_others_a_reason_is_needed(planned, frozen_clock):
    said = {(Slot.objects.first().starts_at.date(), Part.AFTERNOON): Wish.Can.YES}
    for person in (planned.fatma, planned.kim):
        wishes.give_wishes(ronde=planned.ronde, person=person, wishes=said, by=Actor(person, LINK), now=NOW)
    later = NOW + timedelta(days=10)
    frozen_clock.move_to(later)
    with pytest.raises(releasing.ReasonNeeded) as needed:
        release(planned, now=later)
    assert needed.value.count == 3  # Joost, Tess and Daan said nothing
    release(planned, now=later, reason="De planning kostte meer tijd.")
    assert Booking.objects.active().count() == 6
    assert WeekException.objects.count() == 3


def test_the_check_page_knows_who_is_told_how(planned, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        found = releasing.forecast(planned.plan, now=NOW)
    assert (found.count, found.by_mail, found.by_letter, found.nobody, found.left) == (6, 5, 1, 0, 0)
    assert sorted(map(len, found.families)) == [1, 1, 1, 1, 2]


def test_who_has_no_mail_gets_a_letter_to_print_again(planned):
    Invitation.objects.update(printed_at=NOW)
    release(planned)
    assert list(Invitation.objects.filter(printed_at=None).values_list("person", flat=True)) == [planned.ria.pk]


def test_a_release_is_of_the_plan_one_looked_at(planned):
    Plan.objects.update(version=5)
    with pytest.raises(plans.PlanRefused) as refused:
        release(planned)
    assert refused.value.reason == "changed"
    assert not Booking.objects.exists()


def test_releasing_twice_tells_nobody_twice(planned):
    release(planned)
    with pytest.raises(plans.PlanRefused) as refused:
        release(planned)
    assert refused.value.reason == "not_ready"


@pytest.mark.req("P1")
def test_a_release_killed_halfway_goes_on_with_the_rest(planned, monkeypatch, deliver):
    deliver()
    real, calls = booking.book_all, []

    def breaks(**kwargs):
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError
        return real(**kwargs)

    monkeypatch.setattr(booking, "book_all", breaks)
    release(planned)
    assert (planned.plan.state, planned.plan.released_at) == (Plan.State.RELEASED, None)
    assert Job.objects.last().state == Job.State.FAILED
    release(planned)
    assert planned.plan.released_at
    assert Booking.objects.count() == 6
    assert len(deliver()) == 7


@pytest.mark.req("I2")
def test_the_letter_after_the_release_says_the_time(planned, monkeypatch):
    release(planned)
    pages = {}
    monkeypatch.setattr(letters, "render_pdf", lambda template, context: pages.update(context) or b"")
    letters.print_at_once(ronde=planned.ronde, groep=planned.groep3, by=leader(planned))
    (page,) = pages["pages"]
    booked = Booking.objects.active().get(gesprek__leerling=planned.daan)
    assert page["subject"] == "Uw tijd voor het gesprek over Daan"
    assert (
        f"Daan: dinsdag 24 november van {booked.starts_at.astimezone(planned.school.zone):%H:%M} tot"
        in page["parts"][0]
    )
    assert paper.letters_to_print(planned.ronde) == 0
