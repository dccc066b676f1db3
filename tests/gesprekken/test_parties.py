"""Who sits together: dividing a pupil's guardians over gesprekken, and dividing them anew without losing a word."""

from types import SimpleNamespace

import pytest

from gesprekken.models import Deelname, Gesprek
from gesprekken.parties import hearing_afterwards, keepers, split
from school.models import Relatie


def relatie(pk, *, apart=False, afterwards=False):
    return SimpleNamespace(pk=pk, person_id=pk, apart=apart, afterwards=afterwards)


def people(parties):
    return {party: [r.person_id for r in members] for party, members in parties.items()}


@pytest.mark.req("I3")
def test_who_hears_afterwards_is_in_no_party():
    mother, father = relatie(1), relatie(2, afterwards=True)
    assert people(split([mother, father])) == {"samen": [1]}
    assert hearing_afterwards([mother, father]) == [father]


@pytest.mark.req("I3")
def test_the_only_one_left_talks_whatever_was_chosen_before():
    father = relatie(2, afterwards=True)
    assert people(split([father])) == {"samen": [2]}
    assert hearing_afterwards([father]) == []


def test_of_three_one_talks_apart_and_the_others_together():
    assert people(split([relatie(1), relatie(2, apart=True), relatie(3)])) == {"samen": [1, 3], "2": [2]}


@pytest.mark.parametrize(
    ("seated", "parties", "chosen", "kept"),
    [
        ({7: {1, 2}}, {"1": {1}, "2": {2}}, {}, {"1": 7}),  # nobody chose yet: the first goes on with it
        ({7: {1, 2}}, {"1": {1}, "2": {2}}, {7: 2}, {"2": 7}),  # who chose the time keeps it
        ({7: {1}, 8: {2}}, {"samen": {1, 2}}, {8: 2}, {"samen": 8}),  # the gesprek with a time goes on
        ({7: {1}, 8: {2}}, {"samen": {1, 2}}, {}, {"samen": 7}),
        ({7: set()}, {"samen": {1}}, {}, {"samen": 7}),  # nobody could be invited before
    ],
)
def test_which_gesprek_goes_on_for_whom(seated, parties, chosen, kept):
    assert keepers(seated, parties, chosen) == kept


@pytest.mark.django_db
@pytest.mark.req("I3a")
def test_opening_seats_who_hears_afterwards_without_asking_her_for_a_time(cast, deliver):
    Relatie.objects.filter(person=cast.joost).update(apart=False, afterwards=True)
    Relatie.objects.filter(person=cast.kim).update(apart=False)
    cast.with_open_ronde()
    gesprek = Gesprek.objects.get(ronde=cast.ronde, leerling=cast.noor)
    roles = dict(gesprek.deelnames.filter(person__in=[cast.kim, cast.joost]).values_list("person", "as_role"))
    assert roles == {cast.kim.pk: Deelname.As.OUDER, cast.joost.pk: Deelname.As.ACHTERAF}
    assert "joost@ouders.example" not in {m.to[0] for m in deliver()}
