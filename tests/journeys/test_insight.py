"""Leadership answers three of the questions in one sitting, takes them along, and goes where something can be done."""

from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from gesprekken.models import Gesprek, Ronde
from planning.models import Booking, Invitation
from tests.cast import NOW

pytestmark = pytest.mark.browser


def save(window, name, path):
    with window.page.expect_download() as waiting:
        window.page.get_by_role("link", name=name).click()
    waiting.value.save_as(path)
    return path


@pytest.mark.req("I2", "I3", "C2")
def test_leadership_answers_three_questions_and_takes_them_to_the_meeting(browser, journey_cast, tmp_path):
    cast = journey_cast
    over = {"starts_on": date(2026, 9, 7), "ends_on": date(2026, 9, 11), "state": Ronde.State.CLOSED}
    start = cast.with_ronde(**over, name="Startgesprekken", groepen=[cast.groep5])
    for child in (cast.elif_, cast.noor):
        Gesprek.objects.filter(pk=cast.with_gesprek(child, start).pk).update(held_on=start.starts_on)
    ronde = cast.with_ronde(state="open")
    emre, tess = cast.with_gesprek(cast.emre, ronde), cast.with_gesprek(cast.tess, ronde)
    Invitation.objects.create(school=cast.school, gesprek=tess, person=cast.sander, channel="mail")
    at = NOW + timedelta(days=14)
    Booking.objects.create(
        school=cast.school, gesprek=emre, medewerker=cast.bas.medewerker, starts_at=at,
        ends_at=at + timedelta(minutes=15), created_at=NOW,
    )  # fmt: skip

    laptop = browser.laptop().sign_in(cast.annemiek)
    laptop.open("/inzicht/").sees("Stand van 10:00 uur").picture("inzicht")
    laptop.click("Wie hebben we nog niet bereikt?")
    laptop.sees("Bij 3 van de 4 gesprekken is er contact; van 1 kind hoorden we de ouders nog niet.").picture("bereik")
    book = load_workbook(save(laptop, "Download als Excel", tmp_path / "bereik.xlsx"))
    assert [cell.value for cell in book["Wie"][2]] == ["Groep 5", "Hof, Tess van 't", 1, 0]

    laptop.click("Inzicht").click("Zijn we op tijd?")
    laptop.sees("Van het ene gesprek met een tijd was 1 een week vooruit bekend.")
    laptop.click("Inzicht").click("Heeft elk kind dit jaar zijn gesprekken?")
    laptop.sees("4 van de 5 kinderen hadden elk gesprek dat gepland was; 1 kind mist er een of meer.")
    words = PdfReader(save(laptop, "Download als PDF", tmp_path / "kind.pdf")).pages[0].extract_text()
    assert "4 van de 5 kinderen" in " ".join(words.split()) and "Hof, Tess" in words
    laptop.click("Plan wat nog mist").sees("Startgesprekken")
    phone = browser.phone().sign_in(cast.pieter)
    phone.open("/inzicht/elk-kind/").sees("1 kind mist er een of meer").picture("elk-kind")
