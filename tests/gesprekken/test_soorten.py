"""The kinds of conversation: laid ready, renamed, left out, added to."""

import pytest

from gesprekken.models import Soort
from gesprekken.soorten import lay_soorten_ready, of_the_sources
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent
from school.schools import found_school

pytestmark = pytest.mark.django_db

CODES = {
    "startgesprek", "ontwikkelingsgesprek-1", "ontwikkelingsgesprek-2", "voortgangsgesprek", "vooruitblik-7",
    "voorlopig-advies", "na-doorstroomtoets", "definitief-advies", "informeel", "opp-gesprek",
}  # fmt: skip


@pytest.mark.req("C2")
def test_a_new_school_has_the_kinds_of_the_sources():
    school = found_school(name="De Nieuwe School")
    soorten = {soort.code: soort for soort in Soort.objects.filter(school=school)}
    assert set(soorten) == CODES
    assert soorten["voortgangsgesprek"].duration == 15
    assert soorten["ontwikkelingsgesprek-2"].is_optional and not soorten["ontwikkelingsgesprek-1"].is_optional
    assert {code for code, soort in soorten.items() if soort.is_advice} == {
        "voorlopig-advies", "na-doorstroomtoets", "definitief-advies",
    }  # fmt: skip


@pytest.mark.req("C2")
def test_group_seven_looks_ahead_and_gets_no_advice():
    vooruitblik = next(kind for kind in of_the_sources() if kind["code"] == "vooruitblik-7")
    assert (vooruitblik["level_from"], vooruitblik["level_until"]) == (7, 7)
    assert "advies" not in vooruitblik["name"].lower() and not vooruitblik.get("is_advice")


def test_what_a_school_renamed_is_not_overwritten(cast):
    Soort.objects.create(school=cast.school, code="voortgangsgesprek", name="Driehoeksgesprek")
    lay_soorten_ready(cast.school)
    lay_soorten_ready(cast.school)
    assert Soort.objects.get(school=cast.school, code="voortgangsgesprek").name == "Driehoeksgesprek"
    assert Soort.objects.filter(school=cast.school).count() == len(CODES)


@pytest.mark.req("C2")
def test_leadership_adds_renames_and_leaves_out(cast, as_):
    leader = as_.staff(cast.annemiek)
    typed = {"name": "Rapportgesprek", "duration": "10", "proposed_from": "16-11", "proposed_until": "27/11"}
    assert leader.post("/soorten/nieuw/", typed).status_code == 302
    soort = Soort.objects.get(code="rapportgesprek")
    assert (soort.proposed_from, soort.proposed_until) == ("11-16", "11-27")
    leader.post(f"/soorten/{soort.pk}/", {**typed, "name": "Tienminutengesprek"})
    leader.post(f"/soorten/{soort.pk}/weglaten/", {"out": "1"})
    leader.post(f"/soorten/{soort.pk}/weglaten/", {"out": "1"})
    soort.refresh_from_db()
    assert (soort.code, soort.name, soort.archived) == ("rapportgesprek", "Tienminutengesprek", True)
    leader.post(f"/soorten/{soort.pk}/weglaten/", {"out": "0"})
    soort.refresh_from_db()
    assert not soort.archived
    assert AuditEvent.objects.filter(verb="change_soort", person=cast.annemiek).exists()


def test_two_kinds_of_one_name_get_codes_of_their_own(cast):
    from gesprekken.soorten import add_soort

    by = Actor(cast.annemiek, ACCOUNT)
    assert [add_soort(by=by, name="Koffie!").code for _ in range(3)] == ["koffie", "koffie-2", "koffie-3"]
    assert add_soort(by=by, name="面談").code == "soort"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"proposed_from": "31-02", "proposed_until": "01-03"}, "Schrijf dag en maand"),
        ({"proposed_from": "16 november", "proposed_until": ""}, ""),
        ({"proposed_from": "16-11", "proposed_until": ""}, "Geef de eerste én de laatste dag"),
        ({"level_from": "8", "level_until": "6"}, "ligt voor de eerste groep"),
        ({"duration": "1"}, ""),
        ({"name": ""}, ""),
    ],
)
def test_bad_input_is_told_and_changes_nothing(cast, as_, typed, sentence):
    answer = as_.staff(cast.annemiek).post("/soorten/nieuw/", {"name": "Gesprek", "duration": "15", **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Soort.objects.filter(school=cast.school).exists()
