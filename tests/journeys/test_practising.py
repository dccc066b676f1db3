"""A team of eight scores a film: the leader on the big screen, everybody else on a phone."""

import pytest
from django.urls import reverse

from kijkwijzer.models import Sitting, Terugblik
from tests.conftest import As
from tests.journeys.test_kijkwijzer import give

pytestmark = [pytest.mark.browser, pytest.mark.long]

FIRST = {"item-welkom-toon": "2", "item-regie-rol": "1", "item-weder-ruimte": "3", "item-positief-kind": "2"}
SECOND = {"item-welkom-toon": "4", "item-regie-rol": "5", "item-weder-ruimte": "4", "item-positief-kind": "4"}


def by_hand(people, sitting, part, scores):
    for number, person in enumerate(people):  # nobody's page may look for news: the test's database has one writer
        seen = {code: str(min(5, int(value) + number % 2)) for code, value in scores.items()}
        url = reverse("sitting", args=[sitting.pk])
        assert As.staff(person).post(url, {"seen_version": 0, "deel": part, **seen}).status_code == 302


@pytest.mark.req("K3", "K4")
def test_a_team_of_eight_scores_a_film_on_phones_and_sees_one_picture_of_all(browser, journey_cast):
    team = [journey_cast.staff(f"lid{n}", f"Lid{n}", "Team") for n in range(8)]
    leader = browser.laptop().sign_in(journey_cast.annemiek)
    leader.open("/kijkwijzer/").click("Samen met je team").picture("samen-leeg")
    leader.select("Waarbij?", "studiedag").click("Open deze film").sees("Doe mee op je telefoon").picture(
        "samen-leiden"
    )
    sitting, leading = Sitting.objects.get(), leader.page.url
    leader.open("/gezond/", check=False)

    phones = [browser.phone().sign_in(person) for person in team[:2]]
    for phone in phones:
        phone.open(reverse("sitting", args=[sitting.pk])).sees("Film 1: liever niet zo").picture("samen-score")
        give(phone, "welkom-toon", 3)
        give(phone, "regie-rol", 1)
        phone.click("Ik ben klaar").sees("Je bent klaar").picture("samen-wachten")
        phone.open("/gezond/", check=False)
    by_hand(team[2:4], sitting, "before", FIRST)
    leader.open(leading).click("Toon het beeld van film 1").sees("daarvoor moeten vijf mensen klaar zijn")
    leader.open("/gezond/", check=False)
    by_hand(team[4:], sitting, "before", FIRST)
    leader.open(leading).sees("8").click("Toon het beeld van film 1").sees("Praat erover").picture("samen-beeld")
    phones[0].open(reverse("sitting_picture", args=[sitting.pk])).sees("Zo lees je dit").picture("samen-beeld")

    leader.click("Terug naar het leiden").click("Ga door naar film 2").open("/gezond/", check=False)
    phones[0].open(reverse("sitting", args=[sitting.pk])).sees("Film 2: zo kan het ook")
    give(phones[0], "welkom-toon", 5)
    give(phones[0], "regie-rol", 4)
    phones[0].click("Ik ben klaar").click("Mijn eigen scores").sees("Wat zag je anders?").picture("verschil")
    by_hand(team[2:], sitting, "after", SECOND)
    leader.open(leading).click("Toon het beeld van film 2").sees("Zo kan het ook").picture("samen-voor-en-na")
    phones[1].open(reverse("sitting_picture", args=[sitting.pk])).picture("samen-voor-en-na")
    leader.click("De beelden van het team door het jaar").sees("2 beelden getoond").picture("samen-jaar")
    phones[1].open(reverse("team_year")).picture("samen-jaar")
    assert Terugblik.objects.filter(in_picture=True).count() == 8 + 7
    leader.open(reverse("instruments")).picture("instrumenten").click("Kijkwijzer gesprekken", exact=True).picture(
        "instrument"
    )
    phones[1].open("/kijkwijzer/oefenen/").picture("films")
