"""A ronde in the words of the solver: who must be there, when everybody could, what stands."""

from datetime import date, datetime, time

import pytest

from gesprekken.models import Gesprek, Ronde, RondeGroep
from planning import solver
from planning.models import Part, Slot, Wish
from planning.plan import proposal, wishes
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Person, Relatie
from tests.cast import NOW
from tests.remembered import remembered

TUESDAY = date(2026, 11, 24)


@pytest.fixture
@remembered
def wishing(cast):
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    return cast


def asked(cast, **kwargs):
    ronde = Ronde.objects.select_related("school", "soort").get(pk=cast.ronde.pk)
    return proposal.proposal_of(ronde, now=NOW, **kwargs)


def of(found, gesprek):
    return found.problem.by_id[str(gesprek.pk)]


def who(person):
    return str(person.body_id)


def at(hour, minute=0):
    return datetime(2026, 11, 24, hour, minute)


def say(cast, person, part, can):
    said = {(TUESDAY, part): can}
    wishes.give_wishes(ronde=cast.ronde, person=person, wishes=said, by=Actor(person, LINK), now=NOW)


@pytest.mark.req("P2")
def test_who_teaches_the_child_holds_it_and_the_family_is_taken_up(wishing):
    found = of(asked(wishing), wishing.gesprek_of(wishing.elif_))
    assert found.needs == ((who(wishing.saskia),),)
    assert found.people == {who(wishing.fatma), who(wishing.ali), who(wishing.elif_.person)}
    assert found.starts[:2] == (at(15), at(15, 15))
    assert len(found.starts) == 8


def test_brothers_and_sisters_are_one_family_and_separated_parents_are_two(wishing):
    found = asked(wishing)
    elif_, emre = (of(found, wishing.gesprek_of(pupil)) for pupil in (wishing.elif_, wishing.emre))
    assert elif_.family == emre.family
    kim, joost = (of(found, wishing.gesprek_of(wishing.noor, person)) for person in (wishing.kim, wishing.joost))
    assert kim.family != joost.family


@pytest.mark.req("P2")
def test_of_two_who_come_together_only_times_both_can(wishing):
    wishing.with_times(wishing.saskia, starts=time(18), ends=time(19))
    say(wishing, wishing.fatma, Part.AFTERNOON, Wish.Can.NO)
    starts = of(asked(wishing), wishing.gesprek_of(wishing.elif_)).starts
    assert min(starts) == at(18)
    say(wishing, wishing.ali, Part.EVENING, Wish.Can.NO)
    assert of(asked(wishing), wishing.gesprek_of(wishing.elif_)).starts == ()


def test_who_does_not_answer_can_always(wishing):
    say(wishing, wishing.fatma, Part.AFTERNOON, Wish.Can.LIKES)
    found = of(asked(wishing), wishing.gesprek_of(wishing.elif_))
    assert len(found.starts) == 8
    assert found.liked == set(found.starts)
    assert of(asked(wishing), wishing.gesprek_of(wishing.tess)).liked == set()


def test_somebody_with_a_restriction_has_no_say_in_the_time(wishing):
    say(wishing, wishing.ali, Part.AFTERNOON, Wish.Can.NO)
    assert of(asked(wishing), wishing.gesprek_of(wishing.elif_)).starts == ()
    Relatie.objects.filter(person=wishing.ali).update(restriction=True)
    assert len(of(asked(wishing), wishing.gesprek_of(wishing.elif_)).starts) == 8


def test_a_gesprek_that_runs_into_a_part_one_cannot_is_no_choice(wishing):
    wishing.with_times(wishing.saskia, starts=time(17, 50), ends=time(18, 20))
    say(wishing, wishing.sander, Part.EVENING, Wish.Can.NO)
    starts = of(asked(wishing), wishing.gesprek_of(wishing.tess)).starts
    assert at(17, 50) not in starts
    assert at(18, 5) not in starts


@pytest.mark.req("C4")
def test_what_is_booked_stays(wishing):
    gesprek = wishing.gesprek_of(wishing.elif_)
    slot = Slot.objects.filter(medewerker=wishing.saskia.medewerker)[2]
    booking.book(slot=slot, gesprek=gesprek, by=Actor(wishing.saskia, ACCOUNT), now=NOW, agreed=True)
    found = of(asked(wishing), gesprek)
    assert found.pinned == solver.Placed(start=at(15, 30), staff=(who(wishing.saskia),))


def test_who_is_in_another_ronde_is_busy_then(wishing):
    mine = wishing.ronde
    other = wishing.with_ronde(state=Ronde.State.OPEN, groepen=[wishing.groep8], name="Andere ronde")
    gesprek = wishing.with_gesprek(wishing.emre, other)
    (slot, *_rest) = wishing.with_times(wishing.bas, starts=time(18), ends=time(19), ronde=other)
    booking.book(slot=slot, gesprek=gesprek, by=Actor(wishing.annemiek, ACCOUNT), now=NOW, agreed=True)
    wishing.people["ronde"] = mine
    assert asked(wishing).problem.busy[who(wishing.fatma)] == ((at(18), at(18, 15)),)


@pytest.mark.req("P1")
def test_a_teacher_who_is_a_parent_too_is_one_person(wishing):
    Person.objects.filter(pk=wishing.sander.pk).update(linked_to=wishing.bas)
    found = asked(wishing)
    assert who(wishing.bas) in of(found, wishing.gesprek_of(wishing.tess)).people
    assert of(found, wishing.gesprek_of(wishing.emre)).needs == ((who(wishing.bas),),)


def test_a_duo_either_may_hold_it_and_a_duo_together_both(wishing):
    found = of(asked(wishing), wishing.gesprek_of(wishing.daan))
    assert found.needs == ((who(wishing.ilse), who(wishing.maarten)),)
    RondeGroep.objects.filter(groep=wishing.groep3).update(duo=RondeGroep.Duo.TOGETHER)
    found = of(asked(wishing), wishing.gesprek_of(wishing.daan))
    assert found.needs == ((who(wishing.ilse),), (who(wishing.maarten),))


def test_a_duo_whose_times_do_not_line_up_shares_the_pupils(wishing):
    wishing.with_times(wishing.maarten, on=date(2026, 11, 25), starts=time(15, 5), ends=time(17, 5))
    wishing.with_times(wishing.ilse, on=date(2026, 11, 25), starts=time(15), ends=time(17))
    found = asked(wishing)
    conversation = of(found, wishing.gesprek_of(wishing.daan))
    assert len(conversation.needs[0]) == 1
    assert all((conversation.needs[0][0], start) in found.slots for start in conversation.starts)


@pytest.mark.req("C4")
def test_the_second_colleague_comes_from_the_pool_or_by_name(cast):
    cast.with_ronde(mode=Ronde.Mode.WISHES, state=Ronde.State.OPEN, groepen=[cast.groep8])
    cast.ronde.soort.is_advice = True
    cast.ronde.soort.save()
    cast.ronde.colleague_pool.set([cast.pieter.medewerker, cast.saskia.medewerker])
    cast.with_times(cast.bas)
    gesprek = cast.with_gesprek(cast.emre)
    found = asked(cast)
    assert of(found, gesprek).needs == ((who(cast.bas),), (who(cast.pieter), who(cast.saskia)))
    RondeGroep.objects.update(tweede_collega=cast.pieter.medewerker)
    gesprek.deelnames.create(school=cast.school, person=cast.pieter, as_role="tweede_collega")
    assert of(asked(cast), gesprek).needs == ((who(cast.bas),), (who(cast.pieter),))


def test_a_longer_gesprek_takes_its_own_minutes(wishing):
    Gesprek.objects.filter(leerling=wishing.tess).update(minutes=30)
    assert of(asked(wishing), wishing.gesprek_of(wishing.tess)).minutes == 30


def test_what_is_over_is_not_offered(wishing, frozen_clock):
    later = NOW.replace(day=24, hour=15)  # four o'clock in Amsterdam
    ronde = Ronde.objects.select_related("school", "soort").get(pk=wishing.ronde.pk)
    found = proposal.proposal_of(ronde, now=later)
    assert min(of(found, wishing.gesprek_of(wishing.elif_)).starts) == at(16, 15)


@pytest.mark.parametrize("pupils", [1, 3, 30])
def test_it_takes_the_same_number_of_queries_for_any_number_of_gesprekken(cast, pupils, django_assert_max_num_queries):
    for n in range(pupils):
        pupil = cast.pupil(f"p{n}", f"Kind{n}", "Bos", cast.groep5)
        cast.guardian(f"g{n}", f"Ouder{n}", "Bos", [pupil])
    cast.with_open_ronde(mode=Ronde.Mode.WISHES)
    ronde = Ronde.objects.select_related("school", "soort").get(pk=cast.ronde.pk)
    with django_assert_max_num_queries(12):
        found = proposal.proposal_of(ronde, now=NOW)
    assert len(found.problem.conversations) == pupils + 6


@pytest.mark.req("P2")
def test_the_plan_breaks_no_rule_and_every_place_is_a_slot(wishing):
    found = asked(wishing)
    plan = solver.solve(found.problem, time_limit=5)
    assert plan.scores.unplaced == 0
    assert solver.broken_rules(found.problem, plan) == []
    assert all(found.slot_of(placed) for placed in plan.placed.values())


def test_a_time_of_the_other_of_a_duo_together_still_takes_up_both(wishing):
    slot = Slot.objects.filter(medewerker=wishing.maarten.medewerker).first()
    daan = wishing.gesprek_of(wishing.daan)
    booking.book(slot=slot, gesprek=daan, by=Actor(wishing.annemiek, ACCOUNT), now=NOW, agreed=True)
    RondeGroep.objects.filter(groep=wishing.groep3).update(duo=RondeGroep.Duo.TOGETHER)
    assert of(asked(wishing), daan).pinned.staff == (who(wishing.ilse), who(wishing.maarten))
