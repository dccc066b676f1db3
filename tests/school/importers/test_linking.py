"""Colleagues who are also parents are proposed, linked by a click, and never merged."""

import pytest

from school.actor import ACCOUNT, Actor
from school.importers import linking
from school.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(cast):
    return Actor(person=cast.annemiek, level=ACCOUNT)


@pytest.fixture
def as_mother(cast):
    """Saskia teaches group 5 and is Daan's mother."""
    return cast.guardian("saskia_thuis", "Saskia", "MULDER", [cast.daan], email=cast.saskia.email)


def test_the_same_name_and_address_is_proposed(cast, as_mother):
    pairs = linking.proposals(cast.school)
    assert [(p.medewerker, p.guardian, p.same) for p in pairs] == [(cast.saskia, as_mother, ("email",))]


def test_the_same_phone_written_otherwise_is_proposed_too(cast):
    Person.objects.filter(pk=cast.saskia.pk).update(phone="+31 6 12345678")
    parent = cast.guardian("thuis", "Saskia", "Mulder", [cast.daan], email="anders@x.nl")
    Person.objects.filter(pk=parent.pk).update(phone="06-12345678")
    assert [p.same for p in linking.proposals(cast.school)] == [("phone",)]


def test_the_same_name_alone_or_the_same_address_alone_is_not(cast):
    cast.guardian("naam", "Saskia", "Mulder", [cast.daan], email="anders@x.nl")
    cast.guardian("adres", "Piet", "Anders", [cast.daan], email=cast.saskia.email)
    assert linking.proposals(cast.school) == []


def test_linked_people_have_one_body_and_two_hats(cast, as_mother, leader):
    linking.link_people(medewerker=cast.saskia.pk, guardian=as_mother.pk, by=leader)
    linking.link_people(medewerker=cast.saskia.pk, guardian=as_mother.pk, by=leader)  # a double click
    as_mother.refresh_from_db()
    assert as_mother.body_id == cast.saskia.pk and Person.objects.filter(last_name__iexact="mulder").count() == 2
    assert linking.proposals(cast.school) == [] and list(linking.linked(cast.school)) == [as_mother]
    linking.unlink_people(guardian=as_mother.pk, by=leader)
    assert len(linking.proposals(cast.school)) == 1


def test_strangers_and_other_schools_are_not_linked(cast, next_door, as_mother, leader):
    for medewerker, guardian in [
        (next_door.jeroen.pk, as_mother.pk),
        (cast.saskia.pk, next_door.anna.pk),
        (as_mother.pk, as_mother.pk),
        (cast.saskia.pk, cast.elif_.person_id),
    ]:
        with pytest.raises(linking.CannotLink):
            linking.link_people(medewerker=medewerker, guardian=guardian, by=leader)
    with pytest.raises(linking.CannotLink):
        linking.unlink_people(guardian=next_door.anna.pk, by=leader)
