"""The way to the advice in the browser: together, a higher result that raises it, and parents who read it once shared."""

from datetime import date, timedelta

import pytest

from gesprekken.models import Advies, Jaarplan
from school import access
from school.models import AccessLink
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.req("C4")]


@pytest.fixture
def stage(journey_cast):
    Jaarplan.objects.filter(schooljaar=journey_cast.year).update(
        preliminary_from=date(2026, 11, 2),
        preliminary_until=date(2026, 11, 30),
        result_by=date(2026, 12, 15),
        final_by=date(2026, 12, 24),
    )
    return journey_cast


def opens_the_card(window, leerling):
    token = access.mint_link(leerling.person, expires_at=NOW + timedelta(days=60), purpose=AccessLink.Purpose.CARD)
    window.open(f"/u/{token}/", check=False)
    return window.click("Open mijn pagina")


def test_a_higher_result_raises_the_advice_and_the_pupil_finds_it_once_it_is_shared(stage, browser):
    laptop = browser.laptop().sign_in(stage.bas)
    laptop.open("/advies/").sees("voorlopig advies vaststellen").picture("60-adviezen")
    laptop.click("Emre Yılmaz").picture("61-leeg")
    laptop.select("Advies", "havo").click("Leg vast").sees("Kies de tweede collega").picture("62-fout")
    laptop.select("Tweede collega", "Pieter de Jong").click("Leg vast").sees("Ouders en leerling lezen het pas")
    pupil = opens_the_card(browser.phone(), stage.emre).does_not_see("Lees jouw advies")
    laptop.click("Deel met ouders en leerling").sees("Gedeeld.").picture("63-gedeeld")
    pupil.open("/").sees("Lees jouw advies").does_not_see("havo")

    laptop.fill("Uitslag van de doorstroomtoets", "vwo").click("Bewaar de uitslag").sees("hoger dan het advies")
    laptop.does_not_see("Leg vast").picture("64-heroverwegen")
    laptop.page.get_by_label("het advies blijft, met een reden").check()
    laptop.click("Bewaar de heroverweging").sees("De wet vraagt die reden").picture("65-reden-nodig")
    laptop.page.get_by_label("het advies gaat omhoog").check()
    laptop.click("Bewaar de heroverweging").sees("Leg nu het definitieve advies vast")
    final = laptop.page.locator("form[action$='definitief/']")
    final.get_by_label("Advies", exact=True).select_option(label="havo/vwo")
    final.get_by_label("Tweede collega").select_option(label="Pieter de Jong")
    laptop.click("Leg vast").sees("nog niet gedeeld").click("Deel met ouders en leerling").picture("66-klaar")
    assert set(Advies.objects.values_list("stage", "level")) == {("preliminary", "havo"), ("final", "havo/vwo")}
    browser.phone().sign_in(stage.bas).open("/advies/").open(f"/advies/{stage.emre.pk}/").picture("67-telefoon")
