"""The year in the browser: leadership proposes, changes and shares it; a teacher and a parent see it."""

from datetime import date
from io import BytesIO

import pytest
from django.core import mail
from icalendar import Calendar
from pypdf import PdfReader

from gesprekken.models import Jaarplan, Ronde
from school import access, outbox
from school.schools import found_school
from tests.cast import NOW


def follow(window, path):
    """What the browser gets for an address, with its own cookies."""
    return window.context.request.get(window.base + path if path.startswith("/") else path)


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.req("C1", "C2", "C3", "C6")
def test_leadership_lays_out_the_year_and_everybody_sees_it(browser, journey_cast):
    cast = journey_cast
    leader = browser.laptop().sign_in(cast.annemiek).open("/jaar/")
    leader.sees("Begin met een voorstel").picture("jaar-leeg")
    leader.click("Leg het voorstel neer").sees("Concept, nog niet gedeeld").sees("Kijk hier nog naar")
    leader.picture("jaar-voorstel")
    assert Ronde.objects.filter(soort__code="startgesprek").get().name == "Startgesprek"

    leader.click("Vakanties en vrije dagen").select("Soort", "vakantie").fill("Naam", "Herfstvakantie")
    leader.fill("Eerste dag", "2026-10-17").fill("Laatste dag", "2026-10-25").click("Zet in het jaar")
    leader.sees("Herfstvakantie").picture("vrije-dagen")

    leader.open("/jaar/").click("Andere ouderactiviteiten").sees("ontbreekt").picture("activiteiten")
    leader.select("Soort", "inloopactiviteit").fill("Naam", "Kom kijken in de groep").fill("Datum", "2026-10-20")
    leader.click("Zet in het jaar", role="button").sees("valt helemaal op vrije dagen")
    leader.sees("Kom kijken in de groep").click("Pas de koppeling aan").picture("factoren")

    leader.open("/jaar/").click("Startgesprek", exact=True).fill("Naam", "Kennismaken met iedereen")
    leader.picture("ronde")
    leader.page.get_by_label("leerling leidt").check()
    leader.page.get_by_label("leerlingen zijn erbij").uncheck()
    leader.click("Bewaar de ronde").sees("Als de leerling het gesprek leidt").picture("ronde-fout")
    assert leader.page.get_by_label("Naam").input_value() == "Kennismaken met iedereen"
    leader.page.get_by_label("leerlingen zijn erbij").check()
    leader.click("Bewaar de ronde")
    leader.open("/jaar/").sees("Kennismaken met iedereen")

    teacher = browser.phone().sign_in(cast.saskia).open("/jaar/").sees("nog niet gedeeld").picture("jaar-ongedeeld")
    teacher.does_not_see("Kennismaken met iedereen")

    leader.click("Deel dit jaar").sees("Wat er gebeurt").picture("jaar-delen")
    leader.click("Deel dit jaar", role="button").sees("Het jaar is gedeeld")
    outbox.deliver_all()
    assert cast.saskia.email in [to for message in mail.outbox for to in message.to]

    teacher.open("/jaar/").sees("Kennismaken met iedereen").picture("jaar-leerkracht")
    teacher.does_not_see("Inrichten")
    pdf = follow(teacher, f"/jaar/pdf/?jaar={cast.year.pk}")
    text = PdfReader(BytesIO(pdf.body())).pages[0].extract_text()
    assert pdf.ok and "Kennismaken met iedereen" in text + PdfReader(BytesIO(pdf.body())).pages[-1].extract_text()

    leader.open("/jaar/").click("Maak een agenda-adres").picture("agenda-adres")
    address = leader.page.locator("#adres").inner_text()
    answer = follow(browser.phone(), address[address.index("/jaar/") :])
    assert answer.ok
    assert "Kennismaken met iedereen" in [str(e["summary"]) for e in Calendar.from_ical(answer.body()).walk("VEVENT")]

    parent = browser.phone()
    token = access.mint_link(cast.fatma, expires_at=NOW.replace(month=12))
    parent.open(f"/u/{token}/").click("Open mijn pagina").open("/jaar/gedeeld/").sees("Kennismaken met iedereen")
    parent.does_not_see("Saskia").picture("jaar-gedeeld")
    assert parent.page.locator("script").count() == 0

    leader.open("/jaar/").click("Voortgangsgesprek", exact=True).fill("Laatste dag", "2026-12-04")
    leader.click("Bewaar de ronde").open("/jaar/").sees("Gewijzigd sinds publicatie").picture("jaar-gewijzigd")
    parent.open("/jaar/gedeeld/").does_not_see("4 december")
    leader.click("Deel de wijzigingen").click("Deel de wijzigingen", role="button")
    parent.open("/jaar/gedeeld/").sees("4 december 2026").sees("gewijzigd").picture("jaar-gedeeld-gewijzigd")
    assert Jaarplan.objects.get(schooljaar=cast.year).published_version == 2


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.req("C2", "C4")
def test_leadership_makes_the_kinds_her_own_and_gives_advice_talks_a_second_colleague(browser, journey_cast):
    cast = journey_cast
    leader = browser.laptop().sign_in(cast.annemiek).open("/jaar/").click("Leg het voorstel neer")
    leader.open("/soorten/").picture("soorten").click("Voortgangsgesprek", exact=True).fill("Naam", "Driehoeksgesprek")
    leader.picture("soort").click("Bewaar", role="button").sees("Driehoeksgesprek")
    leader.click("Voeg een eigen soort toe").fill("Naam", "Tienminutengesprek").click("Bewaar", role="button")
    leader.sees("Tienminutengesprek").click("Laat weg Tienminutengesprek").sees("Weggelaten")

    leader.open("/jaar/").click("Voorlopig adviesgesprek", exact=True).sees("altijd een tweede collega")
    leader.select("Tweede collega van Groep 8", "Pieter de Jong").picture("ronde-advies").click("Bewaar de ronde")
    ronde = Ronde.objects.get(soort__code="voorlopig-advies")
    assert ronde.ronde_groepen.get().tweede_collega.person == cast.pieter

    leader.open("/jaar/").click("Adviesdata van groep 8").picture("adviesdata").fill("definitief", "2027-03-23")
    leader.click("Bewaar de data").sees("loopt door na de uiterste dag")
    leader.open("/rondes/nieuw/").picture("ronde-kiezen")


@pytest.mark.long
@pytest.mark.browser
def test_a_full_year_with_forty_groups_and_long_names_still_reads(browser, journey_cast):
    cast = journey_cast
    for number in range(40):
        cast.groep(
            f"extra{number}",
            f"X{number}",
            f"Groep {number % 8 + 1} {'van de zonnebloemen en de appelbomen ' * 2}"[:60],
            str(number % 8 + 1),
        )
    leader = browser.laptop().sign_in(cast.annemiek).open("/jaar/").click("Leg het voorstel neer")
    cast.with_free_day()
    cast.with_activity(name="Interactieve informatieavond over lezen, rekenen en samen spelen")
    leader.open("/jaar/").picture("jaar-vol")
    small = browser.phone().sign_in(cast.annemiek).open("/jaar/").picture("jaar-vol")
    small.open(f"/rondes/{Ronde.objects.get(soort__code='voorlopig-advies').pk}/instellingen/").picture("ronde-vol")
    small.open("/jaar/activiteiten/").picture("activiteiten")
    small.open("/jaar/vrije-dagen/").open("/soorten/").picture("soorten")


@pytest.mark.browser
def test_a_new_school_begins_with_its_first_year(browser, transactional_db):
    from tests.cast import Cast

    cast = Cast(school=found_school(name="De Nieuwe School"))
    leader = browser.laptop().sign_in(cast.staff("olga", "Olga", "Bakker", rol="leiding")).open("/jaar/")
    leader.click("Begin schooljaar 2026-2027").click("Leg het voorstel neer").sees("alle groepen")
    assert Ronde.objects.get(soort__code="startgesprek").starts_on == date(2026, 9, 7)
