"""The first steps of a parent and of a member of staff, in a real browser."""

from datetime import timedelta

import pytest

from school import access
from tests.cast import NOW

pytestmark = pytest.mark.browser


def test_a_parent_opens_her_link_on_a_phone_and_closes_it_again(browser, journey_cast):
    token = access.mint_link(journey_cast.fatma, expires_at=NOW + timedelta(days=30))
    phone = browser.phone()
    phone.open(f"/u/{token}/").sees("Dag Fatma").picture("link")
    phone.click("Open mijn pagina").sees("Er is nu geen gesprek gepland").picture("mijn-leeg")
    phone.click("Deze pagina sluiten").sees("Welkom bij de gesprekken")


def test_a_parent_needs_no_javascript(browser, journey_cast):
    code = access.mint_code(journey_cast.ria, expires_at=NOW + timedelta(days=30))
    phone = browser.phone(java_script_enabled=False)
    phone.open("/code/", check=False)
    phone.fill("Uw code", code).click("Open mijn pagina", check=False)
    phone.sees("Dag Ria")


def test_a_teacher_signs_in_with_the_keyboard_alone(browser, journey_cast):
    laptop = browser.laptop()
    laptop.open("/account/login/")
    laptop.page.keyboard.press("Tab")
    assert laptop.page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    laptop.sign_in(journey_cast.saskia)
    laptop.sees("Vandaag").picture("vandaag-leeg")
