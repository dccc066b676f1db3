"""The ten factors as data, and the seven parent activities of the source."""

import pytest

from gesprekken.models import Jaarplan
from gesprekken.year import factors
from gesprekken.year.cycle import propose_year
from gesprekken.year.entries import entries_now, find_plan
from school.actor import ACCOUNT, Actor


@pytest.mark.req("C6", "S2")
def test_ten_factors_in_three_clusters_in_the_order_of_the_kijkwijzer():
    names = [str(f.name) for f in factors.FACTORS]
    assert names == [
        "welkom", "kennismaken", "alle ouders", "regie leerling", "wederkerigheid", "gesprek thuis",
        "positieve aandacht", "schoolloopbaan", "ontwikkelpunten", "perspectief",
    ]  # fmt: skip
    assert [f.number for f in factors.FACTORS] == list(range(1, 11))
    assert [f.cluster for f in factors.FACTORS] == ["CONTACT"] * 3 + ["SAMENWERKING"] * 4 + ["TOEKOMSTPERSPECTIEF"] * 3
    assert all(f.school and f.teacher for f in factors.FACTORS)


@pytest.mark.req("C6")
def test_the_seven_activities_in_the_order_of_the_source():
    assert [str(a.name) for a in factors.PARENT_ACTIVITIES] == [
        "informatiekaart", "kennismakingsgesprek", "voortgangsgesprek", "adviesgesprek",
        "interactieve informatieavond", "inloopactiviteit", "interactief huiswerk",
    ]  # fmt: skip
    covered = {number for activity in factors.PARENT_ACTIVITIES for number in activity.serves}
    assert covered == set(range(1, 11))


@pytest.mark.django_db
@pytest.mark.req("C6")
def test_conversations_count_as_activities_and_what_is_missing_is_named(cast):
    plan = find_plan(cast.year)
    assert len(factors.missing_activities(entries_now(plan))) == 7
    propose_year(schooljaar=cast.year, by=Actor(cast.annemiek, ACCOUNT))
    cast.with_activity(soort="inloop", name="Kom kijken")
    missing = [activity.code for activity in factors.missing_activities(entries_now(plan))]
    assert missing == ["informatiekaart", "informatieavond", "huiswerk"]


@pytest.mark.django_db
@pytest.mark.req("C6")
def test_a_school_couples_activities_and_factors_for_itself_and_can_take_ours_back(cast, as_):
    leader = as_.staff(cast.annemiek)
    leader.post("/jaar/succesfactoren/", {"inloop": ["10"], "huiswerk": []})
    mine = Jaarplan.objects.get(schooljaar=cast.year).factor_map
    inloop = next(a for a in factors.PARENT_ACTIVITIES if a.code == "inloop")
    assert factors.serves(inloop, mine) == [10]
    assert "10 perspectief" in " ".join(leader.get("/jaar/activiteiten/").content.decode().split()).replace(
        "</span>", ""
    )
    leader.post("/jaar/succesfactoren/", {"ours": "1"})
    assert factors.serves(inloop, Jaarplan.objects.get(schooljaar=cast.year).factor_map) == list(inloop.serves)
    assert leader.post("/jaar/succesfactoren/", {"inloop": ["11"]}).status_code == 422
