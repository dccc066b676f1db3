"""A mother on the bus: a small old phone, one thumb, little Dutch, the back button; and her daughter with a card."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from planning.models import Booking
from school import access, outbox
from school.models import AccessLink, Person
from tests.cast import NOW

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 560}
LONG = "Annemarijnkeliesbethwilhelminafranciscaconstantijnachristina"


def link_to(address):
    outbox.deliver_all()
    return next(re.search(r"/u/[^\s]+", m.body).group() for m in mail.outbox if m.to == [address])


def small(browser, **context):
    return browser._new(SMALL, **context)


def goes_back(window):
    window.page.go_back()
    window.page.wait_for_load_state()
    return window.check()


@pytest.mark.long
@pytest.mark.req("P1", "P2", "V2")
def test_two_children_one_thumb_and_the_back_button(browser, journey_cast):
    cast = journey_cast
    cast.with_questions().with_open_ronde(pupils_from=4)
    Person.objects.filter(pk=cast.emre.person_id).update(first_name=LONG)
    mother = small(browser, java_script_enabled=True)
    mother.open(link_to("fatma@ouders.example") + ".").click("Open mijn pagina").picture("mijn-klein")
    mother.click("Kies een tijd voor Elif").click("15:15").click("Kies deze tijd").sees("Uw tijd staat vast")
    goes_back(mother).sees("Uw tijd staat vast")
    mother.click(f"Kies nu ook een tijd voor {LONG}").sees("Elif heeft dinsdag 24 november").picture("tweede-kind")
    mother.click("16:00").click("Kies deze tijd").sees("Uw tijd staat vast").does_not_see("Kies nu ook")
    mother.click("Zeg deze tijd af").sees("De tijd is afgezegd").picture("afgezegd-klein")
    mother.click("Kies een andere tijd")
    goes_back(mother).sees("De tijd is afgezegd")
    mother.click("English").sees("has been cancelled").click("Nederlands")
    mother.click("Toch wel: zet deze tijd terug").sees("Uw tijd staat vast")
    assert Booking.objects.active().count() == 2
    mother.click("Bereid het gesprek voor").picture("voorbereiden-klein")
    mother.page.locator("textarea").first.fill("Hij leest graag")
    mother.click("Bewaar", exact=True).sees("Dit leest voor het gesprek").picture("bewaard-klein")
    mother.click("Uw gesprekken").click("Bekijk het hele schooljaar").click("English").click("Nederlands")


@pytest.mark.req("P1")
def test_who_was_too_late_can_go_back_without_meeting_a_form(browser, journey_cast):
    cast = journey_cast
    cast.with_open_ronde()
    first, second = small(browser), small(browser)
    for window, address, child in [(first, "fatma@ouders.example", "Elif"), (second, "sander@ouders.example", "Tess")]:
        window.open(link_to(address)).click("Open mijn pagina").click(f"Kies een tijd voor {child}").click("15:00")
    first.click("Kies deze tijd")
    second.click("Kies deze tijd").sees("Deze tijd is net gekozen").picture("te-laat-klein")
    second.click("15:30")
    goes_back(second).sees("Kies een tijd voor het gesprek over Tess")
    goes_back(second).sees("Deze tijd is net gekozen")


@pytest.mark.req("V5")
def test_a_pupil_finds_her_words_and_is_never_spoken_to_as_a_parent(browser, journey_cast):
    cast = journey_cast
    cast.with_questions().with_open_ronde()
    code = access.mint_code(cast.elif_.person, expires_at=NOW + timedelta(days=9), purpose=AccessLink.Purpose.CARD)
    tablet = small(browser)
    tablet.open("/code/").fill("Uw code", code.lower()).click("Open mijn pagina").sees("Hoi Elif")
    tablet.click("Bekijk het hele schooljaar").click("Terug")
    tablet.click("Bedenk wat je wilt vertellen")
    tablet.page.locator("textarea").first.fill("Ik kan goed rekenen")
    tablet.click("Bewaar", exact=True).sees("Je juf of meester leest het voor het gesprek")
    tablet.click("Lees wat je schreef").sees("Vraag de code aan je juf of meester").picture("leerling-code")
