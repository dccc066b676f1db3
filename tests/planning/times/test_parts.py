"""Two teachers each have a part of their group: by name in turn, changed as long as no time was chosen."""

import pytest

from gesprekken.models import Gesprek, RondeGroep
from gesprekken.parties import deal
from planning.inviting import opening
from planning.times import booking, parts, supply
from school import registry
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def divided(cast):
    """Group 3 of Ilse Smit and Maarten Peters: Daan, Fien, Guus, Hanna, each with a part."""
    for name in ("Fien", "Guus", "Hanna"):
        child = cast.pupil(name.lower(), name, "Extra", cast.groep3)
        cast.guardian(f"ouder_{name.lower()}", "Ouder", name, [child])
    ronde = cast.with_ronde(groepen=[cast.groep3])
    RondeGroep.objects.update(duo=RondeGroep.Duo.PARTS)
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    return cast


def with_whom(cast):
    rows = Gesprek.objects.filter(ronde=cast.ronde).order_by("leerling__person__first_name")
    return [f"{g.leerling.person.first_name} {g.medewerker.person.first_name}" for g in rows]


def divide(cast, chosen):
    chosen = {cast.gesprek_of(leerling).pk: person.medewerker for leerling, person in chosen.items()}
    return parts.divide(ronde=cast.ronde, groep=cast.groep3, chosen=chosen, by=Actor(cast.ilse, ACCOUNT))


def test_names_alternate_and_latecomers_go_to_who_has_fewest():
    assert deal("abcd", [1, 2]) == {"a": 1, "b": 2, "c": 1, "d": 2}
    assert deal("e", [1, 2], have={1: 2, 2: 1}) == {"e": 2}


def test_opening_divides_the_pupils_by_name(divided):
    assert with_whom(divided) == ["Daan Maarten", "Fien Ilse", "Guus Maarten", "Hanna Ilse"]
    assert [row.needed for row in supply.per_teacher(divided.ronde)] == [2, 2]


def test_parents_choose_only_with_the_teacher_of_their_child(divided):
    slots = booking.free_slots(divided.gesprek_of(divided.daan), now=NOW)
    assert {slot.medewerker.person.first_name for slot in slots} == {"Maarten"}


def test_a_pupil_who_arrives_later_evens_the_parts(divided):
    late = divided.pupil("sem", "Sem", "Kok", divided.groep3)
    registry.tell("imported", school=divided.school, by=Actor.system(divided.school), now=NOW)
    later = divided.pupil("tim", "Tim", "Kok", divided.groep3)
    registry.tell("imported", school=divided.school, by=Actor.system(divided.school), now=NOW)
    assert {divided.gesprek_of(p).medewerker.person.first_name for p in (late, later)} == {"Ilse", "Maarten"}


def test_the_teachers_change_the_division_while_no_time_is_chosen(divided):
    assert divide(divided, {divided.daan: divided.ilse, divided.fien: divided.ilse}) == 1
    assert with_whom(divided)[0] == "Daan Ilse"


def test_who_has_a_time_stays_and_then_nothing_changes_at_all(divided):
    daan = divided.gesprek_of(divided.daan)
    booking.book(slot=booking.free_slots(daan, now=NOW)[0], gesprek=daan, by=Actor(divided.ria, LINK), now=NOW)
    before = with_whom(divided)
    with pytest.raises(parts.PartsRefused) as refusal:
        divide(divided, {divided.daan: divided.ilse, divided.guus: divided.ilse})
    assert refusal.value.names == ["Daan"]
    assert with_whom(divided) == before


def test_a_group_that_is_not_divided_has_no_parts(divided):
    RondeGroep.objects.update(duo=RondeGroep.Duo.EITHER)
    with pytest.raises(parts.PartsRefused):
        divide(divided, {divided.daan: divided.ilse})


def test_the_page_divides_and_says_who_could_not_move(divided, as_):
    daan, guus = divided.gesprek_of(divided.daan), divided.gesprek_of(divided.guus)
    address = f"/rondes/{divided.ronde.pk}/groep/{divided.groep3.pk}/verdelen/"
    teacher = as_.staff(divided.ilse)
    to_ilse = divided.ilse.medewerker.pk
    told = teacher.post(address, {f"met_{guus.pk}": to_ilse}, follow=True).content.decode()
    assert "1 gesprek is van leerkracht gewisseld" in told
    booking.book(slot=booking.free_slots(daan, now=NOW)[0], gesprek=daan, by=Actor(divided.ria, LINK), now=NOW)
    refused = teacher.post(address, {f"met_{daan.pk}": to_ilse})
    assert refused.status_code == 409 and "Voor Daan is net een tijd gekozen" in refused.content.decode()
    assert teacher.post(address, {f"met_{guus.pk}": divided.bas.medewerker.pk}, follow=True).status_code == 200
    assert divided.gesprek_of(divided.guus).medewerker == divided.ilse.medewerker
    assert as_.staff(divided.saskia).get(address).status_code == 404


def test_before_opening_the_page_shows_how_it_will_begin(cast, as_):
    ronde = cast.with_ronde(groepen=[cast.groep3])
    address = f"/rondes/{ronde.pk}/groep/{cast.groep3.pk}/verdelen/"
    assert as_.staff(cast.ilse).get(address).status_code == 404
    RondeGroep.objects.update(duo=RondeGroep.Duo.PARTS)
    page = as_.staff(cast.ilse).get(address).content.decode()
    assert "om en om" in page and "Maarten Peters" in page


def test_of_two_teachers_the_page_of_the_group_says_whose_time_it_is(divided, as_):
    gesprek = divided.gesprek_of(divided.daan)
    slot = gesprek.ronde.slots.filter(medewerker=gesprek.medewerker).first()
    booking.book(slot=slot, gesprek=gesprek, by=Actor(divided.annemiek, ACCOUNT), now=NOW, agreed=True)
    page = as_.staff(divided.annemiek).get(f"/rondes/{divided.ronde.pk}/groep/{divided.groep3.pk}/").content.decode()
    assert f"{gesprek.medewerker.person.name}</span></span>" in page
