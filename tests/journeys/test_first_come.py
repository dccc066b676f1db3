"""A mother of two on the first evening: too early, then both children in one go, and a change of mind."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from planning.inviting import opening
from planning.models import Booking, Wish
from school import outbox
from school.actor import ACCOUNT, Actor
from tests.cast import NOW

pytestmark = pytest.mark.browser


def link_to(address):
    outbox.deliver_all()
    return next(re.search(r"/u/[^\s]+", m.body).group() for m in mail.outbox if m.to == [address])


def opens_at_noon(cast):
    """Choosing begins at twelve; for families with several children an hour earlier."""
    ronde = cast.with_ronde(choosing_opens_at=NOW + timedelta(hours=2), early_hours=1)
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    return cast


@pytest.mark.req("P1", "P2")
def test_brothers_and_sisters_in_one_go(browser, journey_cast, frozen_clock):
    cast = opens_at_noon(journey_cast)
    mother = browser.phone()
    mother.open(link_to("ali@ouders.example")).click("Open mijn pagina")
    mother.sees("dinsdag 10 november om 11:00 uur").does_not_see("Kies een tijd voor").picture("te-vroeg")
    mother.open(f"/mijn/{cast.gesprek_of(cast.elif_).pk}/tijden/").sees("1 uur eerder").does_not_see("15:00")

    frozen_clock.move_to(NOW + timedelta(hours=1))
    mother.open("/mijn/").picture("mijn-samen").click("Plan alles in één keer").picture("samen")
    mother.click("Kies deze tijden").sees("Klopt dit?").picture("samen-klopt")
    mother.click("Kies deze 2 tijden").sees("Dit staat vast: Elif dinsdag 24 november om 15:00").picture("samen-klaar")
    assert Booking.objects.active().count() == 2

    mother.click("Bekijk of wijzig de tijd").click("Andere tijd").sees("Emre heeft dinsdag 24 november")
    mother.picture("tijden-naast")
    mother.click("16:00").click("Kies deze tijd").sees("van 16:00 tot 16:15 uur").picture("verzet")
    mother.click("Toch de oude tijd").sees("van 15:00 tot 15:15 uur")
    assert Booking.objects.active().count() == 2


@pytest.mark.req("P1", "I3a")
def test_none_suits_and_a_taken_time_to_wait_for(browser, journey_cast):
    cast = journey_cast
    cast.with_open_ronde()
    father = browser.phone()
    father.open(link_to("sander@ouders.example")).click("Open mijn pagina").click("Kies een tijd voor Tess")
    father.click("15:00").click("Kies deze tijd")
    other = browser.phone()
    other.open(link_to("fatma@ouders.example")).click("Open mijn pagina").click("Kies een tijd voor Elif")
    other.click("Ook gekozen tijden tonen").picture("gekozen-tijden")
    other.click("Laat het me weten").sees("u krijgt bericht").picture("volgt")
    other.open(f"/mijn/{cast.gesprek_of(cast.elif_).pk}/tijden/").click("Geen van deze tijden past").picture(
        "geen-tijd"
    )
    other.page.locator("td label").nth(6).click()
    other.fill("Wilt u er iets bij zeggen?", "Na half zes")
    other.click("Laat het de leerkracht weten").sees("de leerkracht zoekt een tijd").picture("wordt-gezocht")
    assert Wish.objects.filter(can=Wish.Can.YES).count() == 1
    teacher = browser.laptop()
    teacher.sign_in(cast.saskia).open("/vandaag/").sees("Na half zes").picture("vandaag-zoekt")
    teacher.click("Elif Yılmaz").sees("Fatma Yılmaz kan:").picture("plannen-met-wensen")
    father.click("Zeg deze tijd af")
    outbox.deliver_all()
    assert any("vrijgekomen" in m.subject and m.to == ["fatma@ouders.example"] for m in mail.outbox)
