"""Practising with film as people do it: alone in four steps, and together on phones with one picture of the team."""

import json
import re

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from kijkwijzer.models import Score, Sitting, Terugblik
from kijkwijzer.practising import sittings
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent, School
from tests.cast import NOW

pytestmark = pytest.mark.django_db
GOOD, LOW = {"item-welkom-toon": "4", "item-regie-rol": "5"}, {"item-welkom-toon": "2", "item-regie-rol": "1"}


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def team(cast):
    return [cast.staff(f"lid{n}", f"Lid{n}", "Team") for n in range(8)]


@pytest.fixture
def opened(cast):
    return sittings.open_sitting(film="voortgang-1", occasion="team", by=Actor(cast.saskia, ACCOUNT), now=NOW)


def ready(as_, opened, people, scores=LOW, part="before", **more):
    for person in people:
        answer = as_.staff(person).post(
            reverse("sitting", args=[opened.pk]), {"seen_version": 0, "deel": part, **scores, **more}
        )
        assert answer.status_code == 302


def step(as_, person, opened, which):
    return as_.staff(person).post(reverse("sitting_lead", args=[opened.pk]), {"stap": which}, follow=True)


@pytest.mark.req("K3")
def test_one_practises_alone_first_version_thought_second_version_difference(cast, as_):
    saskia = as_.staff(cast.saskia)
    form = saskia.post(reverse("film_begin", args=["kennismaking-1"]))["Location"]
    page = text(saskia.get(form))
    assert "liever niet zo" in page and len(re.findall(r'name="item-[a-z-]+" value="3"', page)) == 25
    assert text(saskia.get(form + "?vaardigheden=1")).count('value="nvt"') == 13  # on request
    think = saskia.post(form, {"seen_version": 0, **LOW})["Location"]
    assert "Begin bijvoorbeeld bij: Regie leerling" in text(saskia.get(think))
    second = saskia.post(think, {"words": "Eerst het kind laten vertellen."})["Location"]
    assert "Eerst het kind laten vertellen." in text(saskia.get(second))
    difference = saskia.post(second, {"seen_version": 0, "item-welkom-toon": "4", "item-thuis-idee": "3"})["Location"]
    page = text(saskia.get(difference))
    assert "+2,0" in page and "Eerst het kind laten vertellen." in page
    assert re.search(
        r"4\. Regie leerling</th><td class=\"num\">1,0</td><td class=\"num\">-</td><td class=\"num\">-</td>", page
    )
    for other in (cast.annemiek, cast.ilse):
        assert as_.staff(other).get(difference).status_code == 404
    saskia.post(reverse("film_begin", args=["kennismaking-1"]))
    saskia.post(reverse("film_begin", args=["kennismaking-1"]))  # begun and left empty: taken up again
    assert Terugblik.objects.filter(part="before").count() == 2 and not AuditEvent.objects.exists()


def test_in_teacher_training_the_skills_are_asked_at_once_and_a_lesson_is_the_usual_occasion(cast, as_):
    School.objects.update(soort=School.Soort.OPLEIDING)
    student = as_.staff(cast.staff("student", "Sam", "Student"))
    form = student.post(reverse("film_begin", args=["advies-2"]))["Location"]
    assert text(student.get(form)).count('value="nvt"') == 13
    assert '<option value="training" selected>' in text(student.get(reverse("sitting_list")))


@pytest.mark.parametrize("data", [{"item-welkom-toon": "6"}, {"item-bestaat-niet": "3"}, {"item-welkom-toon": "nvt"}])
def test_a_wrong_score_of_a_film_is_refused_with_a_sentence_and_keeps_the_rest(cast, as_, opened, data):
    saskia = as_.staff(cast.saskia)
    alone = saskia.post(reverse("film_begin", args=["advies-1"]))["Location"]
    for url in (alone, reverse("sitting", args=[opened.pk])):
        answer = saskia.post(url, {"seen_version": 0, "item-regie-rol": "5", **data})
        assert answer.status_code == 422 and "alert" in text(answer)
        assert 'name="item-regie-rol" value="5" checked' in text(answer)
    assert not Score.objects.exists()


def test_a_film_that_does_not_exist_cannot_be_begun_or_opened(cast, as_):
    saskia = as_.staff(cast.saskia)
    assert saskia.post(reverse("film_begin", args=["bestaat-niet"])).status_code == 404
    answer = saskia.post(reverse("sitting_list"), {"film": "bestaat-niet", "occasion": "team"})
    assert answer.status_code == 422 and "Kies een film uit de lijst." in text(answer)
    assert not Sitting.objects.exists()


@pytest.mark.req("K3", "K4")
def test_the_picture_appears_from_five_stays_as_it_was_and_the_second_version_stands_beside_it(cast, as_, team, opened):
    picture = reverse("sitting_picture", args=[opened.pk])
    ready(as_, opened, team[:4])
    assert "daarvoor moeten vijf mensen klaar zijn" in text(step(as_, cast.saskia, opened, "beeld-before"))
    assert as_.staff(team[0]).get(picture).status_code == 404
    ready(as_, opened, team[4:5])
    shown = text(step(as_, cast.saskia, opened, "beeld-before"))
    assert "2,0" in shown and "dicht bij elkaar" in shown
    ready(as_, opened, team[5:], GOOD)  # later: not in it
    step(as_, cast.saskia, opened, "beeld-before")
    kept = Sitting.objects.get().pictures["before"]
    assert kept["people"] == 5 and kept["factors"]["1"]["mean"] == "2.0"
    assert Terugblik.objects.filter(in_picture=True).count() == 5
    # who is in it cannot change it any more
    answer = as_.staff(team[0]).post(
        reverse("sitting", args=[opened.pk]), {"seen_version": 1, "deel": "before", **GOOD}, follow=True
    )
    assert "Het beeld van het team is al gemaakt" in text(answer)
    step(as_, cast.saskia, opened, "verder")
    ready(as_, opened, team, GOOD, part="after")
    page = text(step(as_, cast.saskia, opened, "beeld-after"))
    assert "+2,0" in page and "+4,0" in page
    own = text(as_.staff(team[0]).get(reverse("practise_difference", args=[Terugblik.objects.earliest("pk").pk])))
    assert "+2,0" in own and "Terug naar de film met je team" in own
    year = reverse("team_year")
    page = text(as_.staff(cast.annemiek).get(year))
    assert "1. Welkom</th>" not in page  # the clusters first; factors for who chooses one
    assert "1 keer samen naar een film gekeken" in page and "2 beelden getoond" in page
    only = text(as_.staff(cast.annemiek).get(year, {"deel": "after", "factor": "4", "film": "voortgang-1"}))
    assert "5,0" in only and "2,0" not in only
    assert "Bij deze keuze is er geen beeld" in text(as_.staff(cast.annemiek).get(year, {"bij": "study_day"}))


@pytest.mark.req("K4")
def test_who_leads_and_who_leads_the_school_see_a_number_and_never_who(cast, as_, team, opened):
    ready(as_, opened, team[:3], **{"remark-1": "kanarie-77"})
    page = text(as_.staff(cast.saskia).get(reverse("sitting_lead", args=[opened.pk])))
    assert '<span class="getal">3</span>' in page and "Lid" not in page and "kanarie" not in page
    pages = [reverse("sitting_list"), reverse("team_year"), reverse("sitting", args=[opened.pk]), reverse("overview")]
    for url in pages:
        seen = text(as_.staff(cast.annemiek).get(url))
        assert "Lid" not in seen and "kanarie" not in seen
    assert as_.staff(cast.annemiek).get(reverse("sitting_lead", args=[opened.pk])).status_code == 404
    assert not AuditEvent.objects.exists()


@pytest.mark.req("K4")
def test_a_small_team_sees_a_picture_when_all_chose_to_be_open_until_one_takes_it_back(cast, as_, team, opened):
    picture = reverse("sitting_picture", args=[opened.pk])
    ready(as_, opened, team[:2], open="ja")
    ready(as_, opened, team[2:3])
    assert "nog geen beeld" in text(step(as_, cast.saskia, opened, "beeld-before"))
    as_.staff(team[2]).post(reverse("sitting_open", args=[opened.pk]), {"open": "ja"})
    assert "2,0" in text(step(as_, cast.saskia, opened, "beeld-before"))
    as_.staff(team[0]).post(reverse("sitting_open", args=[opened.pk]), {"open": "nee"})
    assert as_.staff(team[1]).get(picture).status_code == 404
    assert "0 beelden getoond" in text(as_.staff(team[1]).get(reverse("team_year")))


@pytest.mark.req("K4")
def test_the_same_film_again_with_one_other_person_gives_no_second_picture(cast, as_, team, opened):
    ready(as_, opened, team[:5])
    step(as_, cast.saskia, opened, "beeld-before")
    again = sittings.open_sitting(film="voortgang-1", occasion="team", by=Actor(cast.saskia, ACCOUNT), now=NOW)
    ready(as_, again, team[1:6])
    assert "bijna dezelfde mensen" in text(step(as_, cast.saskia, again, "beeld-before"))
    assert not Sitting.objects.get(pk=again.pk).pictures
    other = sittings.open_sitting(film="voortgang-2", occasion="team", by=Actor(cast.saskia, ACCOUNT), now=NOW)
    ready(as_, other, team[1:6])
    step(as_, cast.saskia, other, "beeld-before")
    assert json.dumps(Sitting.objects.get(pk=other.pk).pictures).count('"mean"') == 2


@pytest.mark.req("K4")
def test_two_sittings_with_one_film_shown_at_once_wait_for_one_another(cast, as_, team, opened, monkeypatch):
    """Else neither picture knows of the other, and beside each other they tell about one person."""
    ready(as_, opened, team[:5])
    locked = []
    held = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda rows, **how: locked.append(rows.model) or held(rows, **how)
    )
    step(as_, cast.saskia, opened, "beeld-before")
    assert locked == [School, Sitting] and Sitting.objects.get().pictures


@pytest.mark.req("K4")
def test_whose_scores_were_erased_is_still_in_the_earlier_picture(cast, as_, team, opened):
    """Six were shown; the five who are left would tell, beside it, what the sixth gave."""
    ready(as_, opened, team[:6])
    step(as_, cast.saskia, opened, "beeld-before")
    Terugblik.objects.filter(observer=team[5]).delete()
    again = sittings.open_sitting(film="voortgang-1", occasion="team", by=Actor(cast.saskia, ACCOUNT), now=NOW)
    ready(as_, again, team[:5])
    assert "bijna dezelfde mensen" in text(step(as_, cast.saskia, again, "beeld-before"))
    assert not Sitting.objects.get(pk=again.pk).pictures


def test_who_chose_to_be_open_finds_that_ticked_at_the_second_film(cast, as_, team, opened):
    ready(as_, opened, team[:2], open="ja")
    step(as_, cast.saskia, opened, "beeld-before")
    step(as_, cast.saskia, opened, "verder")
    ticked = 'name="open" value="ja" checked'
    url = reverse("sitting", args=[opened.pk])
    assert ticked in text(as_.staff(team[0]).get(url)) and ticked not in text(as_.staff(team[2]).get(url))
    as_.staff(team[0]).post(reverse("sitting_open", args=[opened.pk]), {"open": "nee"})
    assert ticked not in text(as_.staff(team[0]).get(url))


def test_ready_with_nothing_filled_and_scores_after_closing_change_nothing(cast, as_, team, opened):
    url = reverse("sitting", args=[opened.pk])
    answer = as_.staff(team[0]).post(url, {"seen_version": 0, "deel": "before", "remark-1": "Dit blijft staan"})
    assert answer.status_code == 422 and "minstens één zin" in text(answer) and "Dit blijft staan" in text(answer)
    step(as_, cast.saskia, opened, "sluit")
    late = as_.staff(team[0]).post(url, {"seen_version": 0, "deel": "before", **LOW}, follow=True)
    assert "Deze film is intussen afgesloten" in text(late) and not Terugblik.objects.exists()
    assert "Dit kan nu niet" in text(step(as_, cast.saskia, opened, "iets"))


def test_two_phones_of_one_person_see_both_and_nothing_is_overwritten(cast, as_, team, opened):
    ready(as_, opened, team[:1], verder="1")
    answer = as_.staff(team[0]).post(
        reverse("sitting", args=[opened.pk]), {"seen_version": 0, "deel": "before", **GOOD}
    )
    assert answer.status_code == 409 and "ergens anders open" in text(answer)
    assert sittings.finished(opened, "before") == 0
