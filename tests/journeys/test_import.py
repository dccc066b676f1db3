"""A school reads itself in: files, preview, decisions, progress, result, and a colleague who is also a parent."""

import pytest

from school import jobs
from school.models import Leerling
from tests.school.importers.files import edexml, groep, guardian, guardians, leerkracht, leerling, result, results

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def exports(tmp_path):
    """What the administration of De Wilgenhof hands over; Daan is not in it any more."""
    pupils = [
        leerling("L-elif", "Elif", "Yılmaz", prefix="", groep="G05"),
        leerling("L-emre", "Emre", "Yılmaz", prefix="", groep="G08", jaargroep="8"),
        leerling("L-noor", "Noor", "Vries", groep="G05"),
        leerling("L-tess", "Tess", "Hof", prefix="van 't", groep="G05"),
        leerling("L90", "Zoë-Wilhelmina Maximiliana Alexandra", "Haverkamp tot Groot Enghuizen", groep="G05", born=""),
    ]
    pupils += [leerling(f"L1{n:02}", f"Kind{n}", "Nieuw", groep="G03", jaargroep="3") for n in range(40)]
    groepen = [groep(f"G0{n}", f"Groep {n}", str(n)) for n in (3, 5, 8)]
    staff = [
        leerkracht(
            "LK05", "Saskia", "Mulder", email="saskia@wilgenhof.example", inside='<groepen><groep key="G05"/></groepen>'
        ),
        leerkracht("LK13", "Annemiek", "Postma", email="annemiek@wilgenhof.example", inside="<rol>DIR</rol>"),
    ]
    rows = [
        guardian("L-elif", "P1", "Yılmaz", "Fatma", voorvoegsel="", gezin="F1", taal="tr", tolk="ja", emailadres="fatma@ouders.example"),
        guardian("L-emre", "P1", "Yılmaz", "Fatma", voorvoegsel="", gezin="F1", taal="tr", tolk="ja", emailadres="fatma@ouders.example"),
        guardian("L-tess", "P2", "Kuiper", "Rob", voorvoegsel="", gezin="F2", contact="ja"),
        guardian("L90", "P3", "Mulder", "Saskia", voorvoegsel="", gezin="F3", emailadres="saskia@wilgenhof.example"),
        guardian("L90", "P4", "Haverkamp", "Loïs", voorvoegsel="tot", gezin="F3"),
        guardian("L-noor", "", "Jansen", "Jan", voorvoegsel="", gezin=""),
        guardian("L-emre", "", "Jansen", "Jan", voorvoegsel="", gezin=""),
    ]  # fmt: skip
    files = {
        "EDEX.XML": edexml(pupils, groepen=groepen, staff=staff),
        "ouders.csv": guardians(*rows).decode("utf-8-sig").replace("ı", "i").encode("cp1252"),
        "lvs.csv": results(*[result("L-elif", toets=f"M{n}", day=f"2026-02-0{n}") for n in (3, 4, 5)]),
        "stuk.xml": b"<EDEX><school>",
        "excel.csv": guardians(*[guardian("L-daan", f"P{n}", telefoon="3,16E+10") for n in range(40)]),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in files}


def choose(window, label, path):
    window.page.get_by_label(label).set_input_files(path)


def test_leadership_reads_the_school_in(browser, journey_cast, exports):
    cast = journey_cast
    window = browser.laptop()
    window.sign_in(cast.annemiek)
    window.open("/inlezen/").picture("import-start-leeg")
    choose(window, "EDEXML", exports["stuk.xml"])
    window.click("Bekijk wat er zou veranderen").sees("beschadigd").picture("import-geweigerd")

    choose(window, "Ouders", exports["excel.csv"])
    window.click("Bekijk wat er zou veranderen").sees("Zo kunnen we dit niet inlezen").sees("en nog 32")
    window.picture("import-fouten").open("/inlezen/")

    choose(window, "EDEXML", exports["EDEX.XML"])
    choose(window, "Ouders", exports["ouders.csv"])
    choose(window, "Toetsresultaten", exports["lvs.csv"])
    window.click("Bekijk wat er zou veranderen")
    window.sees("Er is nog niets opgeslagen").sees("Zo lazen we het").sees("cp1252").sees("Mag contact weer?")
    window.picture("import-voorbeeld")
    where = window.page.url
    phone = browser.phone()
    phone.sign_in(cast.annemiek)
    phone.open(where).picture("import-voorbeeld")
    phone.open("/inlezen/").picture("import-start")

    window.tick("Daan Bos")
    window.tick("Eén persoon")
    window.click("Sla dit op").sees("Je mag deze pagina sluiten").picture("import-bezig")
    phone.open(window.page.url).picture("import-bezig")
    busy = window.page.url
    for other in (window, phone):
        other.page.goto("about:blank")  # "you can close this page": nobody looks while the work is done
    jobs.work_all()
    window.open(busy).sees("Het bestand en wat we eruit lazen zijn gewist").picture("import-klaar")
    assert Leerling.objects.get(key="L-daan").left_on and Leerling.objects.filter(key="L90").exists()

    window.click("Bekijk ze").sees("Saskia Mulder").picture("import-koppelen")
    window.click("Ja, Saskia Mulder is dezelfde").sees("Gekoppeld.").picture("import-gekoppeld")


def test_columns_with_other_names_are_told_on_a_phone(browser, journey_cast, tmp_path):
    path = tmp_path / "ouders.csv"
    path.write_bytes(guardians("L-daan;Jansen;Jan;0612345678", header="kind;naam A;naam B;toestel"))
    phone = browser.phone()
    phone.sign_in(journey_cast.annemiek)
    phone.open("/inlezen/")
    choose(phone, "Ouders", str(path))
    phone.click("Bekijk wat er zou veranderen").sees("Welke kolom is wat?").picture("import-kolommen")
    for label, header in [("Sleutel van de leerling", "kind"), ("Achternaam", "naam A"), ("Roepnaam", "naam B")]:
        phone.page.get_by_label(label).select_option(value=header)
    phone.click("Verder naar het overzicht").sees("Jansen")
