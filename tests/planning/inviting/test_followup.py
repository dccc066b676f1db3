"""Nobody left out: who chose, who wants a call, who has not reacted."""

import pytest

from gesprekken.models import Gesprek, Soort
from planning.inviting import followup
from planning.models import Slot
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


@pytest.mark.req("I4")
def test_the_list_tells_chosen_from_called_from_silent(opened):
    slot = Slot.objects.filter(medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW)
    followup.ask_for_call(
        gesprek=opened.gesprek_of(opened.tess), by=Actor(opened.sander, LINK), note="na vieren", now=NOW
    )
    rows = followup.standings(Gesprek.objects.filter(ronde=opened.ronde, groep=opened.groep5))
    assert {(r.gesprek.leerling.person.first_name, r.state) for r in rows} == {
        ("Elif", "chosen"), ("Tess", "call"), ("Noor", "silent"),
    }  # fmt: skip
    assert followup.counted(rows) == {"chosen": 1, "call": 1, "unsuited": 0, "wished": 0, "silent": 2, "held": 0}


def test_after_the_call_the_wish_is_gone(opened):
    tess = opened.gesprek_of(opened.tess)
    followup.ask_for_call(gesprek=tess, by=Actor(opened.sander, LINK), note="na vieren", now=NOW)
    followup.called_back(gesprek=tess, by=Actor(opened.saskia, ACCOUNT))
    (row,) = followup.standings(Gesprek.objects.filter(pk=tess.pk))
    assert row.state == followup.SILENT


def test_a_wish_to_be_called_is_of_the_one_who_asked(opened):
    elif_ = opened.gesprek_of(opened.elif_)
    followup.ask_for_call(gesprek=elif_, by=Actor(opened.fatma, LINK), now=NOW)
    (row,) = followup.standings(Gesprek.objects.filter(pk=elif_.pk))
    assert [i.person for i in row.call_notes] == [opened.fatma]


@pytest.mark.parametrize("pupils", [1, 3, 30])
def test_a_group_costs_the_same_number_of_queries_whatever_its_size(cast, as_, pupils, django_assert_max_num_queries):
    for n in range(pupils):
        child = cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Extra", [child])
    cast.with_open_ronde()
    client = as_.staff(cast.saskia)
    with django_assert_max_num_queries(23):
        assert client.get(f"/rondes/{cast.ronde.pk}/groep/{cast.groep5.pk}/").status_code == 200


@pytest.mark.parametrize("children", [1, 3, 30])
def test_a_parents_page_costs_the_same_number_of_queries_whatever_the_number_of_children(
    cast, as_, children, django_assert_max_num_queries
):
    pupils = [cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5) for n in range(children)]
    cast.guardian("moeder", "Moeder", "Extra", pupils)
    Soort.objects.create(school=cast.school, code="op-verzoek", name="Tweede gesprek", is_optional=True)
    cast.with_open_ronde()
    client = as_.link(cast.moeder)
    with django_assert_max_num_queries(27):
        page = client.get("/mijn/").content.decode()
    assert page.count("Gesprek over Kind") == children
