"""A gesprek the pupil leads, whole: three parties prepare, she shows it herself, an agreement, sharing, and looking back
on it in the next gesprek. Led by the teacher the same way stands in two halves: test_conversation up to the mother who
reads it, test_afterwards from the agreement to the next gesprek.
"""

import pytest

from gesprekken.models import Outcome, Ronde
from school import access
from school.models import AccessLink
from tests.journeys.test_conversation import opens_a_link

pytestmark = [pytest.mark.browser, pytest.mark.long]
AGREED = "Elke dag vijf sommen van de tafel van zeven"


@pytest.mark.req("V2", "V5", "G1", "G5")
def test_a_pupil_leads_her_gesprek_and_the_next_one_opens_with_what_was_agreed(journey_cast, browser):
    stage = journey_cast.with_questions()
    stage.with_ronde(state=Ronde.State.OPEN, lead=Ronde.Lead.LEERLING, lead_checks=list(Ronde.LeadCheck))
    stage.with_gesprek()
    pk = stage.gesprek.pk

    mother = opens_a_link(browser.phone(), stage.fatma).open(f"/voorbereiden/{pk}/")
    mother.fill("Wat wilt u graag verder zien groeien?", "Over rekenen").click("Klaar", exact=True).sees("Dank u wel")
    card = opens_a_link(browser.phone(), stage.elif_.person, AccessLink.Purpose.CARD).open(f"/voorbereiden/{pk}/")
    card.click("Maak je presentatie").tick("Hierbij wil ik hulp").fill("Titel", "De tafel van zeven")
    card.click("Zet erbij", exact=True).sees("De tafel van zeven")
    tablet = browser.tablet().sign_in(stage.saskia)
    tablet.open(f"/gesprek/{pk}/").click("Bereid voor").fill("Welk goed nieuws", "Elif hielp een klasgenoot")
    tablet.page.get_by_text("Bewaard om").wait_for()

    tablet.open(f"/gesprek/{pk}/voeren/").sees("Over rekenen").picture("80-leerling-leidt")
    tablet.open(f"/gesprek/{pk}/presentatie/").sees("De tafel van zeven").picture("81-aan-tafel")
    tablet.open(f"/gesprek/{pk}/voeren/").unfold("Voeg een afspraak toe").fill("Wie?", "Elif")
    tablet.fill("Doet wat?", AGREED).click("Zet deze afspraak erbij", check=False).sees("De afspraak staat erbij")
    tablet.click("Lees na en rond af").click("Maak definitief").click("Deel nu").sees("Gedeeld met 2 ouders")

    card.open("/code-per-mail/?verstuurd=1")
    card.fill("De code van zes cijfers", access.hand_over_code(stage.elif_.person)).click("Ga verder")
    card.open("/leerling/").sees(AGREED).picture("82-leerling-leest")

    later = stage.with_gesprek(stage.elif_, stage.with_ronde(state="open", name="Maart", code="tweede"))
    tablet.open(f"/gesprek/{later.pk}/voeren/").sees("Wat nog openstaat").sees(AGREED)
    tablet.fill("Hoe ging het?", "De tafel gaat vanzelf").click("Gelukt", exact=True, check=False)
    tablet.sees("De tafel gaat vanzelf").picture("83-teruggekeken")
    assert Outcome.objects.values_list("state", "gesprek").get() == ("done", later.pk)
