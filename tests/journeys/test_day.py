"""A teacher wakes up ill: her day moves, the parents hear it once, and the day itself has its lists."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core import mail

from planning.models import Booking, Slot
from planning.times import booking
from school import outbox
from school.actor import ACCOUNT, Actor
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.long]

DAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)


def mail_to(address):
    outbox.deliver_all()
    return [message for message in mail.outbox if message.to == [address]]


@pytest.mark.req("P1", "I2", "I6")
def test_an_ill_teacher_moves_her_day_and_everybody_hears_it_once(browser, journey_cast, frozen_clock):
    cast = journey_cast
    cast.with_open_ronde(reception="Koffie in de hal", place="Lokaal 5")
    leader = Actor(cast.annemiek, ACCOUNT)
    for leerling, guardian, index in [(cast.elif_, None, 0), (cast.tess, None, 1), (cast.noor, cast.kim, 2)]:
        slot = Slot.objects.filter(medewerker=cast.saskia.medewerker)[index]
        booking.book(slot=slot, gesprek=cast.gesprek_of(leerling, guardian), by=leader, now=NOW, agreed=True)
    cast.with_times(cast.bas, on=THURSDAY)
    slot = Slot.objects.filter(medewerker=cast.bas.medewerker, starts_at__date=THURSDAY)[0]
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.emre), by=leader, now=NOW, agreed=True)
    before = {address: len(mail_to(address)) for address in ("fatma@ouders.example", "sander@ouders.example")}
    frozen_clock.move_to(datetime(2026, 11, 23, 7, 0, tzinfo=cast.school.zone))

    office = browser.laptop()
    office.sign_in(cast.annemiek)
    office.open(f"/dag/?op={DAY}").sees("Saskia Mulder").picture("wie-is-waar")
    office.click(re.compile("Is er niet ?: Saskia Mulder")).sees(
        "Saskia Mulder is er niet op dinsdag 24 november"
    ).picture("afwezig")
    office.page.get_by_label("Nieuwe dag").fill(THURSDAY.isoformat())
    office.click("Bekijk eerst wat er verandert").sees("2 gesprekken gaan mee")
    office.sees("het gezin heeft dan een ander gesprek").picture("afwezig-voorbeeld")
    office.click("Verplaats naar donderdag 26 november").sees("Schrijf op waarom").picture("afwezig-reden")
    office.page.get_by_label("Ziek").check()
    office.click("Verplaats naar donderdag 26 november").sees("2 gesprekken gingen mee").picture("afwezig-klaar")
    office.click("Toch niet: zet alles terug").sees("Alles staat weer zoals het was")
    assert Booking.objects.active().filter(starts_at__date=DAY).count() == 3
    office.open(f"/dag/{cast.saskia.medewerker.pk}/afwezig/?op={DAY}&wat=verzetten&naar={THURSDAY}")
    office.page.get_by_label("Ziek").check()
    office.click("Verplaats naar donderdag 26 november").sees("Nog te bellen")

    assert len(mail_to("sander@ouders.example")) == before["sander@ouders.example"]
    frozen_clock.shift(timedelta(minutes=4))
    (moved,) = mail_to("sander@ouders.example")[before["sander@ouders.example"] :]
    assert "donderdag 26 november 2026" in moved.body
    (called_off,) = mail_to("fatma@ouders.example")[before["fatma@ouders.example"] :]
    assert "wij bellen u" in called_off.body
    assert "ziek" not in (moved.body + called_off.body).lower()

    father = browser.phone()
    link = re.search(r"/u/[^\s]+", moved.body).group()
    father.open(link).click("Open mijn pagina")
    father.sees("donderdag 26 november").click("Bekijk de tijd").sees("van 15:15 tot 15:30")

    frozen_clock.move_to(datetime(2026, 11, 26, 14, 55, tzinfo=cast.school.zone))
    teacher = browser.phone()
    teacher.sign_in(cast.saskia)
    teacher.sees("Op de dag zelf").picture("vandaag-dag").click("10 min").sees("ongeveer 10 minuten later")
    teacher.click("Mijn dagblad").sees("Sander van 't Hof").picture("dagblad")
    teacher.click("Lijst voor op de deur").picture("deurlijst")
    father.open(link).click("Open mijn pagina").sees("Uw gesprek begint rond 15:25 uur").picture("mijn-uitloop")
    office = browser.laptop()
    office.sign_in(cast.annemiek)
    office.open("/dag/").sees("10 min later").picture("wie-is-waar-uitloop")
    phone = browser.phone()
    phone.sign_in(cast.bas)
    phone.open("/dag/").sees("10 min later").picture("wie-is-waar")
