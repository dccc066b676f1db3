"""Parents who separate while a ronde is open: each a gesprek and a time, nothing of the other, and back together."""

import re

import pytest
from django.core import mail

from planning.models import Booking
from school import outbox

pytestmark = [pytest.mark.browser, pytest.mark.long]


def mail_to(address):
    outbox.deliver_all()
    return [message for message in mail.outbox if message.to == [address]]


def enter(window, address):
    link = re.search(r"/u/[^\s]+", mail_to(address)[-1].body).group()
    return window.open(link).click("Open mijn pagina")


@pytest.mark.req("I3", "I3a", "P1")
def test_together_apart_and_back_in_an_open_ronde(browser, journey_cast):
    cast = journey_cast
    cast.with_questions().with_open_ronde()
    mother, father, teacher = browser.phone(), browser.phone(), browser.laptop()
    enter(mother, "fatma@ouders.example").click("Kies een tijd voor Elif").click("15:00").click("Kies deze tijd")

    teacher.sign_in(cast.saskia)
    teacher.open(f"/rondes/{cast.ronde.pk}/groep/{cast.groep5.pk}/")
    teacher.click("samen of apart Elif Yılmaz").sees("Zo is het nu").picture("ouders-samen")
    teacher.tick("Elk een eigen gesprek").click("Bewaar", exact=True)
    teacher.sees("krijgen elk een eigen bericht").picture("ouders-apart")

    enter(father, "ali@ouders.example").does_not_see("15:00").does_not_see("Fatma")
    father.click("Kies een tijd voor Elif").does_not_see("15:00").click("16:00").click("Kies deze tijd")
    father.sees("Uw tijd staat vast").does_not_see("Fatma").picture("eigen-tijd")
    enter(mother, "fatma@ouders.example").sees("van 15:00").does_not_see("16:00").does_not_see("Ali")
    mother.picture("mijn-apart")

    teacher.tick("Samen, in één gesprek").click("Bewaar", exact=True).sees("Zeg die tijd eerst af")
    father.open("/mijn/").click("Bekijk of wijzig de tijd").click("Zeg deze tijd af").sees("De tijd is afgezegd")
    teacher.tick("Samen, in één gesprek").click("Bewaar", exact=True).sees("krijgen elk een eigen bericht")
    enter(father, "ali@ouders.example").sees("van 15:00 tot 15:15")

    teacher.tick("Fatma Yılmaz praat mee, Ali Yılmaz hoort het achteraf").click("Bewaar", exact=True)
    enter(father, "ali@ouders.example").does_not_see("15:00").picture("achteraf")
    assert [b.gesprek.leerling_id for b in Booking.objects.active()] == [cast.elif_.pk]
