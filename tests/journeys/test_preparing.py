"""Three sides prepare: a guardian taps and adds a point, a pupil with her card makes a presentation, the teacher sees both."""

from datetime import timedelta

import pytest

from gesprekken.models import Bespreekpunt, Ronde, Slide
from school import access
from school.models import AccessLink
from tests.cast import NOW

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(journey_cast):
    journey_cast.with_questions().with_ronde(state=Ronde.State.OPEN, lead=Ronde.Lead.LEERLING)
    journey_cast.with_gesprek()
    return journey_cast


def opens_a_link(window, person, purpose=AccessLink.Purpose.PERSONAL):
    token = access.mint_link(person, expires_at=NOW + timedelta(days=60), purpose=purpose)
    return window.open(f"/u/{token}/", check=False).click("Open mijn pagina")


@pytest.mark.req("V2", "V5")
def test_a_guardian_taps_and_adds_a_point_and_a_pupil_presents_and_the_teacher_sees_both(stage, browser):
    pk = stage.gesprek.pk
    phone = opens_a_link(browser.phone(), stage.fatma).open(f"/voorbereiden/{pk}/")
    phone.picture("prep-01-ouder").fill("Waar wilt u het over hebben?", "Of zij een jaar over moet doen")
    phone.click("Zet erbij").sees("U schreef 1 punt op").does_not_see("een jaar over")
    phone.page.locator(".plaatje").filter(has_text="Muziek").first.click()
    phone.fill("Wie komt er met u mee?", "Mijn zus Aysel").fill("Wilt u de tolk vooraf", "Wat is een referentieniveau?")
    phone.click("Klaar", exact=True).sees("Dank u wel").sees("Saskia Mulder").picture("prep-02-ouder-klaar")
    phone.open(f"/voorbereiden/{pk}/").picture("prep-03-ouder-later")

    card = opens_a_link(browser.phone(), stage.elif_.person, AccessLink.Purpose.CARD).open(f"/voorbereiden/{pk}/")
    card.picture("prep-04-leerling").click("Maak je presentatie").picture("prep-05-presentatie-leeg")
    card.tick("Dit gaat goed").fill("Titel", "Voorlezen").fill("Wat ik vertel", "Ik lees voor aan mijn broertje.")
    card.click("Zet erbij", exact=True).tick("Hierbij wil ik hulp").fill("Titel", "De tafel van zeven")
    card.click("Zet erbij", exact=True).sees("Voorlezen").picture("prep-06-presentatie")
    card.click("Bekijk je presentatie").sees("1 van 2").picture("prep-07-dia").page.keyboard.press("ArrowRight")
    card.sees("2 van 2").sees("De tafel van zeven")
    card.open(f"/voorbereiden/{pk}/").tick("Ik wil hier vandaag met mijn juf")
    card.click("Klaar", exact=True).sees("krijgt nu een bericht").sees("0800-0432").picture("prep-08-leerling-klaar")

    laptop = browser.laptop().sign_in(stage.saskia)
    laptop.open("/vandaag/").sees("Wil vandaag met je praten").picture("prep-09-vandaag")
    laptop.open(f"/gesprek/{pk}/").sees("Of zij een jaar over moet doen").sees("Muziek").sees("Mijn zus Aysel")
    laptop.sees("Wat is een referentieniveau?").sees("Ik lees voor aan mijn broertje.").picture("prep-10-gesprek")
    laptop.click("Gezien").sees("Genoteerd").click("Presentatie van Elif").sees("Voorlezen").picture("prep-11-dia")
    assert Bespreekpunt.objects.get().language == "tr"
    assert Slide.objects.count() == 2
