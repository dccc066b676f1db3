"""Wish mode from the first tap to the released plan: two parents, leadership, and a swap at the end."""

import re

import pytest
from django.core import mail

from gesprekken.models import Ronde
from planning.models import Booking, PlannedGesprek
from school import jobs, outbox

pytestmark = [pytest.mark.browser, pytest.mark.long]


def link_to(address):
    outbox.deliver_all()
    return next(re.search(r"/u/[^\s]+", m.body).group() for m in reversed(mail.outbox) if m.to == [address])


@pytest.mark.req("P2", "I2")
def test_from_a_tap_to_the_released_plan(browser, journey_cast):
    cast = journey_cast
    cast.with_questions().with_open_ronde(mode=Ronde.Mode.WISHES, booking_closes_days=8)
    mother = browser.phone()
    mother.open(link_to("fatma@ouders.example")).click("Open mijn pagina").picture("wens-mijn")
    mother.click("Geef aan wanneer u kunt", nth=0).picture("wens")
    mother.page.get_by_label("liefst").first.check()
    mother.picture("wens-gekozen").click("Bewaar wanneer ik kan").sees("Wij weten wanneer u kunt").picture("wens-klaar")
    father = browser.phone(java_script_enabled=False)
    father.open(link_to("sander@ouders.example"), check=False).page.get_by_role("button").first.click()
    father.click("Geef aan wanneer u kunt", check=False).click("Ik kan altijd", check=False).sees("U kunt altijd.")

    leader = browser.laptop()
    leader.sign_in(cast.annemiek)
    page = f"/rondes/{cast.ronde.pk}/planning/"
    leader.open(f"/rondes/{cast.ronde.pk}/").click("De planning").picture("planning-begin")
    leader.click("Maak de planning").sees("Je mag deze pagina sluiten").picture("planning-bezig")
    jobs.work_all()
    leader.open(page).sees("6 van de 6 gesprekken hebben een tijd.").picture("planning-klaar")
    leader.click("Bekijk en verander het rooster").picture("rooster")
    leader.click("Tess van 't Hof").picture("verzetten").click("Zet vast op deze tijd").sees("vast")
    drag(leader, "Tess van 't Hof")
    leader.sees("Tess is verzet").picture("rooster-versleept")
    leader.open(page).sees("Er is met de hand iets veranderd").click("Geef de planning vrij").picture("vrijgeven")
    leader.click("Geef vrij en schrijf iedereen")
    jobs.work_all()
    leader.open(page).sees("Ouders weten hun tijd en kunnen ruilen").picture("vrijgegeven")
    assert Booking.objects.active().count() == 6

    father = browser.phone()
    father.open(link_to("sander@ouders.example")).click("Open mijn pagina").picture("vrijgegeven-mijn")
    father.click("Bekijk of wijzig de tijd").click("Andere tijd")
    father.page.locator(".tijden a").last.click()
    father.click("Kies deze tijd").sees("Uw tijd staat vast")
    assert Booking.objects.get(gesprek=cast.gesprek_of(cast.tess), state="active").chosen_by_guardian


def drag(window, name):
    """Pull somebody with the mouse to the last free time of the same teacher."""
    row = PlannedGesprek.objects.get(gesprek__leerling__person__first_name=name.split()[0])
    column = window.page.locator(".rooster > section", has_text=row.slot.medewerker.person.last_name)
    window.page.get_by_role("link", name=name).drag_to(column.locator("li.vrij").last)
    window.page.wait_for_load_state()
    window.check()
