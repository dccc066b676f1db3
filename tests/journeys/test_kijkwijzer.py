"""A teacher looks back on her gesprek and prints the picture; leadership opens the overview and downloads it."""

from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from gesprekken.models import Gesprek, Verslag
from planning.models import Booking, Invitation
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.browser


def plan(gesprek, at):
    medewerker = gesprek.groep.lesgeven.first().medewerker
    return Booking.objects.create(
        school=gesprek.school, gesprek=gesprek, medewerker=medewerker, starts_at=at, ends_at=at + timedelta(minutes=15)
    )


def give(window, code, value):
    window.page.locator(f'input[name="item-{code}"][value="{value}"]').check()


@pytest.mark.long
@pytest.mark.req("K1", "K2", "K5", "S2")
def test_a_teacher_looks_back_half_way_on_her_phone_and_finishes_on_a_laptop(browser, journey_cast, tmp_path):
    gesprek = journey_cast.with_gesprek()
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    phone = browser.phone().sign_in(journey_cast.saskia)
    phone.open("/kijkwijzer/").sees("Elif Yılmaz").picture("kijkwijzer-leeg")
    phone.click("Blik terug").sees("Waar wil je naar kijken?").picture("terugblik-kiezen")
    phone.click("Alle tien factoren").sees("zeer oneens").picture("terugblik-formulier")
    for code, value in [("welkom-ontvangst", 5), ("welkom-toon", 4), ("kennis-kind", 4)]:
        give(phone, code, value)
    phone.click("Bewaar tussendoor").sees("Bewaard.")
    assert phone.page.locator('input[name="item-welkom-toon"][value="4"]').is_checked()
    assert not phone.page.get_by_text("Extra bij lastige gesprekken").is_visible()

    laptop = browser.laptop().sign_in(journey_cast.saskia)
    laptop.open(f"/gesprek/{gesprek.pk}/terugblik/")  # what was begun goes on as it was: the whole form
    for code, value in [
        ("alle-netwerk", 3), ("regie-rol", 2), ("regie-woord", 1), ("weder-inbreng", 4), ("thuis-idee", 2),
        ("positief-kind", 5), ("loopbaan-interesse", 3), ("ontwikkel-samen", 4), ("stilte", 2), ("taal", "nvt"),
    ]:  # fmt: skip
        give(laptop, code, value)
    laptop.page.get_by_text("Opmerking bij regie leerling").first.click()
    laptop.page.get_by_label("Opmerking bij regie leerling").fill("Elif liet ik pas na tien minuten praten.")
    laptop.page.get_by_label("Dit was een lastig gesprek").check()
    laptop.sees("Extra bij lastige gesprekken")
    give(laptop, "lastig-grens", 4)
    laptop.check().picture("terugblik-vol")
    laptop.click("Bewaar en bekijk mijn beeld").sees("Alleen jij ziet deze scores")
    laptop.sees("Wat oefen ik hierna?").sees("4,5").picture("terugblik-beeld")
    phone.open(laptop.page.url).picture("terugblik-beeld")

    pdf = laptop.page.request.get(laptop.page.url + "pdf/").body()
    (tmp_path / "terugblik.pdf").write_bytes(pdf)
    words = PdfReader(tmp_path / "terugblik.pdf").pages[0].extract_text()
    assert "Samenwerking" in words and "14 van de 25" not in words and "11 van de 25" in words
    laptop.page.get_by_label("Dit wil ik de volgende keer oefenen").select_option("5")
    laptop.click("Dit ga ik oefenen").sees("Gekozen: Wederkerigheid")
    laptop.open("/kijkwijzer/").sees("Je oefent nu: Wederkerigheid").picture("kijkwijzer-vol")


@pytest.mark.long
@pytest.mark.req("K3", "K4", "K5")
def test_a_colleague_looks_along_and_the_teacher_compares_chooses_and_looks_back_on_that_alone(
    browser, journey_cast, frozen_clock
):
    cast = journey_cast
    gesprek = cast.with_gesprek()
    plan(gesprek, datetime(2026, 11, 24, 14, 0, tzinfo=NOW.tzinfo))
    saskia = browser.laptop().sign_in(cast.saskia)
    saskia.open(f"/gesprek/{gesprek.pk}/").click("Laat een collega meekijken")
    saskia.page.get_by_label("Wie vraag je?").select_option(label="Ilse Smit")
    saskia.page.get_by_label("Waar mag je collega op letten?").fill("Let op de stiltes.")
    saskia.click("Verstuur de vraag").sees("nog geen antwoord").picture("meekijken-gevraagd")

    ilse = browser.phone().sign_in(cast.ilse)
    ilse.open("/kijkwijzer/").sees("Aan jou gevraagd").click("Bekijk en antwoord").sees("Let op de stiltes.")
    assert "Elif" not in ilse.page.content()
    ilse.picture("meekijken-vraag").click("Ja, ik kijk mee").sees("Je kijkt mee")
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    ilse.open("/kijkwijzer/").click("Vul in wat je zag").sees("Wat zag je bij Saskia Mulder?")
    give(ilse, "regie-rol", 5)
    give(ilse, "welkom-toon", 4)
    ilse.check().click("Klaar: Saskia mag het lezen").sees("Meegekeken bij Saskia Mulder")
    assert "Elif" not in ilse.page.content()

    saskia.open("/kijkwijzer/").click("Blik terug").click("Alle tien factoren")
    give(saskia, "regie-rol", 2)
    give(saskia, "welkom-toon", 4)
    saskia.click("Bewaar en bekijk mijn beeld").click("Leg jouw blik en die van je collega naast elkaar")
    saskia.sees("jij 2,0, je collega 5,0").picture("naast-elkaar")
    saskia.click("Mijn terugblik").page.get_by_label("In je eigen woorden").fill("Eerst Elif, dan ik.")
    saskia.click("Dit ga ik oefenen").sees("Gekozen: Regie leerling")

    other = cast.with_gesprek(cast.noor)
    Gesprek.objects.filter(pk=other.pk).update(held_on=TODAY)
    saskia.open(f"/gesprek/{other.pk}/").click("Kijk terug met de Kijkwijzer").sees("Opmerking bij regie leerling")
    assert saskia.page.locator("input[name^=item-][value='3']").count() == 2  # that factor alone
    give(saskia, "regie-rol", 4)
    saskia.click("Bewaar en bekijk mijn beeld")
    saskia.open("/kijkwijzer/groei/?factor=4").sees("Ilse Smit keek mee").picture("groei")
    saskia.open("/kijkwijzer/").click("Dit lukt nu").sees("Wat ik eerder oefende").sees("Eerst Elif, dan ik.")


@pytest.mark.req("K1")
def test_the_scale_works_with_the_keyboard_alone(browser, journey_cast):
    gesprek = journey_cast.with_gesprek()
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    laptop = browser.laptop().sign_in(journey_cast.saskia)
    laptop.open(f"/gesprek/{gesprek.pk}/terugblik/?factor=3").sees("Alle ouders")
    laptop.page.locator('input[name="item-alle-netwerk"][value=""]').focus()
    laptop.page.keyboard.press("ArrowLeft")  # from "leeg" to 5
    laptop.page.keyboard.press("ArrowLeft")  # to 4
    laptop.page.keyboard.press("Tab")  # the fold of the remark, open for one factor
    laptop.page.keyboard.press("Tab")
    laptop.page.keyboard.type("Oma mocht mee.")
    laptop.page.keyboard.press("Tab")
    with laptop.page.expect_navigation():
        laptop.page.keyboard.press("Enter")
    laptop.check().sees("1 van 1").sees("Oma mocht mee.")


def test_leadership_sees_whom_the_school_reaches_and_takes_it_along(browser, journey_cast, tmp_path):
    cast = journey_cast
    ronde_of = [cast.with_gesprek(child) for child in (cast.elif_, cast.noor, cast.tess, cast.daan, cast.emre)]
    elif_, noor, tess, daan, emre = ronde_of
    for gesprek in ronde_of:
        for deelname in gesprek.deelnames.filter(as_role="ouder"):
            Invitation.objects.create(school=cast.school, gesprek=gesprek, person=deelname.person, channel="mail")
    plan(emre, datetime(2026, 11, 24, 14, 0, tzinfo=NOW.tzinfo))
    Invitation.objects.filter(gesprek=daan).update(call_me_at=NOW)
    Gesprek.objects.filter(pk__in=[elif_.pk, noor.pk]).update(held_on=TODAY)
    Verslag.objects.create(school=cast.school, gesprek=elif_, state="final", finalised_at=NOW, released_at=NOW)
    laptop = browser.laptop().sign_in(cast.annemiek)
    laptop.open("/overzicht/").sees("Voor 1 gesprek is nog geen tijd gekozen").picture("overzicht")
    browser.phone().sign_in(cast.pieter).open("/overzicht/").sees("Wat nu?").picture("overzicht")
    with laptop.page.expect_download() as waiting:
        laptop.page.get_by_role("link", name="Download als Excel").click()
    waiting.value.save_as(tmp_path / "overzicht.xlsx")
    book = load_workbook(tmp_path / "overzicht.xlsx")
    assert [cell.value for cell in book["Per groep"][3]] == ["Groep 5", 3, 3, 2, 1, 0, 2, 1, 1]
    assert book["Per leerling"].max_row == 6
