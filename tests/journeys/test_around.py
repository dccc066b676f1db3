"""Around one gesprek: an expert, a video call, an interpreter; and interpreters in a row for the whole school."""

import re

import pytest
from django.core import mail

from planning.inviting import opening
from school import outbox
from school.actor import ACCOUNT, Actor
from school.models import Relatie
from tests.cast import NOW

pytestmark = [pytest.mark.browser, pytest.mark.long]


def enter(window, address):
    outbox.deliver_all()
    last = [message for message in mail.outbox if message.to == [address]][-1]
    return window.open(re.search(r"/u/[^\s]+", last.body).group()).click("Open mijn pagina")


@pytest.mark.req("C3", "I1", "I5", "P2")
def test_who_how_long_and_how_and_interpreters_in_a_row(browser, journey_cast):
    cast = journey_cast
    Relatie.objects.filter(person=cast.sander).update(interpreter=True)
    cast.sander.language = "tr"
    cast.sander.save()
    ronde = cast.with_ronde(interpreter_minutes=15)
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)

    teacher = browser.laptop()
    teacher.sign_in(cast.saskia)
    teacher.open(f"/gesprek/{cast.gesprek_of(cast.elif_).pk}/").click("Wie, hoe lang en hoe").picture("opzet")
    teacher.page.get_by_text("Vraag iemand erbij").click()
    teacher.fill("Of iemand van buiten: de naam", "Jo de Wit").fill("Wat doet deze persoon?", "logopedist")
    teacher.picture("opzet-expert").click("Vraag erbij en vertel het de ouders")
    teacher.sees("Bericht gaat naar Fatma Yılmaz, Ali Yılmaz.")
    teacher.page.get_by_text("Verander hoe en waar").click()
    teacher.select("Hoe spreken jullie elkaar?", "met beeldbellen").fill("Plaats, link", "bellen.example")
    teacher.click("Bewaar hoe en waar").sees("Die begint met https://").picture("opzet-fout")
    teacher.fill("Plaats, link", "https://bellen.example/elif").click("Bewaar hoe en waar").sees("Bewaard.")

    mother = browser.phone()
    enter(mother, "fatma@ouders.example").sees("Jo de Wit (logopedist)").sees("met beeldbellen")
    mother.does_not_see("bellen.example").picture("mijn-met-expert")
    mother.click("Er is een tolk gevraagd", nth=0).sees("De school regelt het").picture("tolk-vragen")

    leader = browser.laptop()
    leader.sign_in(cast.annemiek)
    leader.unfold("Meer").click("Tolken").sees("tolk gevraagd").picture("tolken")
    leader.click("Plan deze na elkaar").sees("De tolk hoeft niet te wachten").picture("na-elkaar")
    leader.fill("Of een nieuwe tolk: de naam", "Aylin Demir").click("Plan deze tijden en vertel het de ouders")
    leader.sees("3 gesprekken zijn na elkaar gepland").sees("Aylin Demir")
    leader.click("Besteld Elif Yılmaz").click("Bevestigd Elif Yılmaz").sees("tolk bevestigd").picture("tolken-gepland")
    enter(mother, "fatma@ouders.example").sees("een tolk (Turks)")
    leader.page.set_viewport_size({"width": 375, "height": 740})
    leader.open("/tolken/").picture("tolken")
    leader.open(f"/gesprek/{cast.gesprek_of(cast.elif_).pk}/opzet/").picture("opzet")
    leader.open(f"/leerlingen/{cast.elif_.pk}/ouders/").picture("ouders")
