"""A ronde from checklist to chosen time, as leadership, teacher, parent and pupil go through it."""

import re
from datetime import time

import pytest
from django.core import mail

from planning.models import Booking
from school import outbox
from school.models import AccessLink

pytestmark = pytest.mark.browser


def link_in(message):
    return re.search(r"/u/[^\s]+", message.body).group()


def mail_to(address):
    outbox.deliver_all()
    return [message for message in mail.outbox if message.to == [address]]


@pytest.mark.req("C3", "I1", "I2", "I3", "P1")
def test_from_the_checklist_to_a_time_on_a_phone(browser, journey_cast):
    cast = journey_cast
    ronde = cast.with_ronde(reception="Koffie in de hal", pupils_from=4)

    teacher = browser.laptop()
    teacher.sign_in(cast.saskia)
    teacher.open(f"/rondes/{ronde.pk}/tijden/").sees("Er zijn nog geen tijden")
    teacher.tick("di 24 nov").fill("Van", "15:00").fill("Tot", "16:00")
    teacher.click("Voeg toe").sees("Deze tijden staan erbij").picture("tijden-geven")

    leader = browser.laptop()
    leader.sign_in(cast.annemiek)
    leader.open(f"/rondes/{ronde.pk}/").sees("heeft nog geen tijden gegeven").picture("ronde-checklist")
    leader.open(f"/rondes/{ronde.pk}/tijden/")
    leader.tick("wo 25 nov").tick("do 26 nov").tick("Avond, 19:00 - 21:00")
    leader.click("Voeg toe").sees("leerkrachten hebben deze tijden erbij").sees("genoeg").picture("tijden-iedereen")
    leader.open(f"/rondes/{ronde.pk}/uitnodiging/").picture("uitnodiging").click("Naar de standaard van deze soort")
    leader.page.get_by_label("Tekst").fill("Beste {naam}, {oeps}")
    leader.page.locator("#voorbeeld").get_by_text("{oeps} kennen we niet").wait_for()
    leader.page.reload()
    leader.page.get_by_label("Tekst").press("Control+End")
    leader.page.get_by_label("Tekst").press_sequentially("\nTot gauw, met ")
    leader.click("{kind}", role="button", exact=True, check=False)
    leader.page.get_by_label("Voor wie").select_option(str(cast.fatma.pk))
    leader.page.locator("#voorbeeld").get_by_text("Tot gauw, met Elif en Emre").wait_for()
    leader.click("Bewaar en stuur mij een proef").sees("De proef gaat naar").picture("standaard")
    leader.click("Kort bericht").sees("van 300 letters").picture("kort-bericht")
    leader.open(f"/rondes/{ronde.pk}/uitnodiging/zie-als/{cast.fatma.pk}/").sees("Je kijkt mee").picture("zie-als")
    leader.open(f"/rondes/{ronde.pk}/")
    leader.click("Open de ronde en nodig iedereen uit").sees("Er zijn 6 gesprekken gemaakt")
    leader.sees("0 van 5 verstuurd, 5 wachten").picture("versturen-straks")
    leader.click("Stop met versturen").sees("5 uitnodigingen zijn tegengehouden").picture("versturen-gestopt")
    leader.open(f"/rondes/{ronde.pk}/").sees("versturen is gestopt").picture("ronde-open")
    leader.click("0 van 5 verstuurd").click("Verstuur alsnog").sees("De uitnodigingen worden verstuurd")
    leader.open(f"/rondes/{ronde.pk}/").click("Wat is verstuurd").sees("De standaard van de soort, versie 1").picture(
        "verstuurd"
    )

    (invitation,) = mail_to("fatma@ouders.example")
    assert "Tot gauw, met Elif en Emre" in invitation.body
    mother = browser.phone()
    mother.open(link_in(invitation)).click("Open mijn pagina").sees("Gesprek over Elif").picture("mijn")
    mother.sees("Koffie in de hal").sees("Saskia Mulder")
    mother.click("Kies een tijd voor Elif").sees("dinsdag 24 november").picture("kies-een-tijd")
    mother.click("15:15").sees("Klopt dit?").picture("klopt-dit")
    mother.click("Kies deze tijd").sees("Uw tijd staat vast").sees("Fatma").picture("tijd-staat-vast")

    father = browser.phone()
    father.open(link_in(mail_to("ali@ouders.example")[0])).click("Open mijn pagina").sees("tijd gekozen")
    other = browser.phone()
    other.open(link_in(mail_to("sander@ouders.example")[0])).click("Open mijn pagina")
    other.click("Kies een tijd voor Tess").does_not_see("15:15")

    mother.click("Andere tijd").click("15:30").click("Kies deze tijd").sees("van 15:30 tot 15:45")
    mother.click("Zeg deze tijd af").sees("De tijd is afgezegd").picture("afgezegd")
    mother.click("Toch wel: zet deze tijd terug").sees("van 15:30 tot 15:45")
    mother.click("Al uw gesprekken").click("Kies een tijd voor Emre").sees("Elif heeft dinsdag 24 november").picture(
        "broer"
    )

    other.click("Bel mij").fill("Wanneer kunnen we u", "Na vier uur").click("Bel mij", role="button")
    other.sees("De leerkracht weet dat u gebeld wilt worden")

    teacher.open("/vandaag/").sees("Willen gebeld worden").sees("Na vier uur").picture("vandaag")
    teacher.open(f"/rondes/{ronde.pk}/groep/{cast.groep5.pk}/").picture("groep")
    teacher.click("Plan Tess", role="link").picture("plan-voor")
    teacher.page.get_by_role("radio", name="15:00").first.check()
    teacher.click("Plan deze tijd").sees("Tess: dinsdag 24 november om 15:00 staat vast")
    assert Booking.objects.active().count() == 2
    assert mail_to("sander@ouders.example")[-1].subject == "Uw gesprek over Tess staat vast"


@pytest.mark.both_engines
@pytest.mark.req("P1")
def test_two_parents_look_at_the_same_time_and_the_second_sees_what_is_free(browser, journey_cast):
    cast = journey_cast
    cast.with_ronde()
    cast.with_times(ends=time(15, 45))
    from planning.inviting.opening import open_ronde
    from school.actor import ACCOUNT, Actor

    open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT))
    first, second = browser.phone(), browser.phone()
    for window, address, child in [(first, "fatma@ouders.example", "Elif"), (second, "sander@ouders.example", "Tess")]:
        window.open(link_in(mail_to(address)[0])).click("Open mijn pagina").click(f"Kies een tijd voor {child}")
        window.click("15:00").sees("Klopt dit?")
    first.click("Kies deze tijd").sees("Uw tijd staat vast")
    second.click("Kies deze tijd").sees("Deze tijd is net gekozen").picture("net-gekozen")
    second.does_not_see("15:00").click("15:30").click("Kies deze tijd").sees("Uw tijd staat vast")


@pytest.mark.both_engines
def test_a_pupil_opens_the_page_with_the_code_on_the_card(browser, journey_cast):
    cast = journey_cast
    cast.with_open_ronde()
    from datetime import timedelta

    from school import access
    from tests.cast import NOW

    code = access.mint_code(cast.elif_.person, expires_at=NOW + timedelta(days=9), purpose=AccessLink.Purpose.CARD)
    tablet = browser.phone()
    tablet.open("/code/").fill("Uw code", code.lower()).click("Open mijn pagina")
    tablet.sees("Hoi Elif").sees("dat kiezen je ouders nog").picture("leerling")
