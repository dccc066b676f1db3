"""After a gesprek: what was agreed opens the next one, and an advice conversation is closed by two."""

import pytest

from gesprekken.models import Deelname, Outcome, Verslag
from gesprekken.talking import recording
from school import access
from school.actor import ACCOUNT, Actor
from tests.cast import TODAY
from tests.journeys.test_conversation import opens_a_link

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.mark.req("G1", "G5")
def test_what_was_agreed_opens_the_next_gesprek_and_is_looked_back_on_there(journey_cast, browser):
    stage = journey_cast.with_questions()
    stage.with_gesprek()
    by = Actor(stage.saskia, ACCOUNT)
    tablet = browser.tablet().sign_in(stage.saskia)
    tablet.open(f"/gesprek/{stage.gesprek.pk}/voeren/")
    for step in ["1. Het doel", "2. Vragen en wensen", "3. Begrijpen we", "5. Misschien een doel", "9. Hoe was dit"]:
        tablet.sees(step)  # the fourth is for who leaves: from group 6
    tablet.does_not_see("4.")
    tablet.unfold("Voeg een afspraak toe").click("Zet deze afspraak erbij", check=False).sees("Vul in wie dit doet")
    assert tablet.page.url.endswith("#afspreken")
    tablet.fill("Wie?", "Fatma").fill("Doet wat?", "Elke avond tien minuten lezen")
    tablet.click("Zet deze afspraak erbij", check=False).sees("De afspraak staat erbij")
    draft = recording.draft_of(stage.gesprek)
    recording.finalise(gesprek=stage.gesprek, by=by, seen_version=draft.version, held_on=TODAY)
    recording.release(gesprek=stage.gesprek, by=by)

    mother = (
        opens_a_link(browser.phone(), stage.fatma)
        .does_not_see("tien minuten lezen")
        .open("/code-per-mail/?verstuurd=1")
    )
    mother.fill("De code van zes cijfers", access.hand_over_code(stage.fatma)).click("Ga verder")
    mother.open(f"/verslag/{stage.gesprek.pk}/").sees("Elke avond tien minuten lezen")
    mother.unfold("Hoe gaat het? Zeg het hier").fill("In een paar woorden", "Het boek was te moeilijk")
    mother.click("Nog niet gelukt").sees("De leerkracht ziet wat u zei").picture("70-ouder-zegt")

    later = stage.with_gesprek(stage.elif_, stage.with_ronde(state="open", name="Maart", code="tweede"))
    tablet.open(f"/gesprek/{later.pk}/voeren/").sees("Wat nog openstaat").sees("Het boek was te moeilijk")
    tablet.picture("71-volgend-gesprek").fill("Hoe ging het?", "Nu samen, met een ander boek")
    tablet.click("We doen het anders", check=False).sees("Nu samen, met een ander boek")
    assert list(Outcome.objects.order_by("pk").values_list("state", "gesprek")) == [
        ("not_done", None),
        ("changed", later.pk),
    ]


@pytest.mark.req("C4")
def test_an_advice_conversation_is_closed_once_the_second_colleague_agrees(journey_cast, browser):
    stage = journey_cast
    ronde = stage.with_ronde(state="open", code="definitief-advies")
    ronde.soort.is_advice = True
    ronde.soort.save()
    gesprek = stage.with_gesprek(stage.emre, ronde)
    gesprek.deelnames.create(school=stage.school, person=stage.saskia, as_role=Deelname.As.TWEEDE_COLLEGA)
    teacher = browser.laptop().sign_in(stage.bas)
    teacher.open(f"/gesprek/{gesprek.pk}/voeren/").fill("Verslag over Emre", "We denken aan havo.")
    teacher.page.locator("#stand-v").get_by_text("Bewaard om").wait_for()
    teacher.click("Lees na en rond af").picture("72-met-zijn-tweeen")
    teacher.click("Maak definitief", check=False).sees("De tweede collega is het nog niet eens")

    second = browser.phone().sign_in(stage.saskia)
    second.open(f"/gesprek/{gesprek.pk}/verslag/").sees("We denken aan havo.").picture("73-tweede-leest")
    second.click("Ik ben het ermee eens").sees("Nu kan het verslag worden afgerond")
    teacher.click("Maak definitief").sees("definitief, nog niet gedeeld")
    assert Verslag.objects.get().seconded_by == stage.saskia
