"""A whole gesprek in the browser: three parties prepare, the teacher talks and records, the parent reads."""

import re
from datetime import timedelta

import pytest

from gesprekken.models import Answer, Bespreekpunt, Verslag, Voorbereiding
from school import access, outbox
from school.models import AccessLink
from tests.cast import NOW, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(journey_cast):
    journey_cast.with_questions().with_gesprek()
    return journey_cast


def opens_a_link(window, person, purpose=AccessLink.Purpose.PERSONAL):
    token = access.mint_link(person, expires_at=NOW + timedelta(days=60), purpose=purpose)
    window.open(f"/u/{token}/", check=False)
    return window.click("Open mijn pagina")


def link_in(message):
    return re.search(r"/u/\S+", message.body).group()


def code_in(message):
    return re.search(r"\b\d{6}\b", message.body).group()


@pytest.mark.req("V2")
def test_guardian_and_pupil_prepare_on_a_phone_and_the_teacher_reads_it_on_one_page(stage, browser):
    phone = opens_a_link(browser.phone(), stage.fatma)
    phone.open(f"/voorbereiden/{stage.gesprek.pk}/").sees("Het gesprek over Elif voorbereiden").picture("01-ouder-leeg")
    phone.fill("Wat wilt u graag verder zien groeien?", "Over rekenen")
    phone.fill("Speelt er thuis iets", "Opa is ziek")
    phone.click("Bewaar", exact=True).sees("Bewaard op dinsdag 10 november om 10:00")
    phone.does_not_see("Opa is ziek").sees("Hier schreef u al iets").picture("02-ouder-bewaard")

    card = opens_a_link(browser.phone(), stage.elif_.person, AccessLink.Purpose.CARD)
    card.open(f"/voorbereiden/{stage.gesprek.pk}/").sees("Jouw gesprek, Elif").picture("03-leerling")
    card.fill("Waar wil je hulp bij?", "Bij de tafels")
    card.click("Bewaar", exact=True).sees("Het is bewaard.").does_not_see("Bij de tafels").picture(
        "04-leerling-bewaard"
    )

    laptop = browser.laptop().sign_in(stage.saskia)
    laptop.open(f"/gesprek/{stage.gesprek.pk}/").sees("Over rekenen").sees("Opa is ziek").sees("Bij de tafels")
    laptop.picture("05-gesprek")
    laptop.click("Bereid voor").fill("Welk goed nieuws", "Elif hielp een klasgenoot met lezen")
    laptop.page.get_by_text("Bewaard om").wait_for()
    laptop.check().picture("06-leerkracht-voorbereiden")
    assert Answer.objects.get(voorbereiding__person=stage.saskia).text == "Elif hielp een klasgenoot met lezen"
    phone = browser.phone().sign_in(stage.saskia)
    phone.open(f"/gesprek/{stage.gesprek.pk}/").picture("05-gesprek")
    phone.open(f"/gesprek/{stage.gesprek.pk}/voeren/").sees("Over rekenen").does_not_see("Opa is ziek")
    phone.picture("07-praten")


def without_a_connection(window, label, more):
    """For a while nothing can be saved; what is typed meanwhile is saved when the connection is back."""
    window.context.set_offline(True)
    window.page.get_by_label(label).press("End")
    window.page.get_by_label(label).press_sequentially(more)
    window.sees("Niet bewaard: er is geen verbinding")
    window.context.set_offline(False)
    window.page.locator("#stand-v").get_by_text("Bewaard om").wait_for()
    window.errors.clear()  # the browser itself says that it could not reach anything


def signed_out_and_in_again(window, person, name, text):
    """The laptop slept and the session ended: what is typed then is there again after signing in, and is saved."""
    window.context.clear_cookies(name="sessionid")
    window.unfold(name)
    window.fill(name, text).sees("Niet bewaard: je bent uitgelogd")
    window.page.get_by_role("link", name="Log opnieuw in").click()
    window.page.locator("input[name=login]").fill(person.user.email)
    window.page.locator("input[name=password]").fill(PASSWORD)
    window.click("Inloggen", role="button", exact=True, check=False)
    window.page.locator("#stand-v").get_by_text("Bewaard om").wait_for()
    assert window.page.get_by_label(name).last.input_value() == text
    assert window.page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('bewaren:'))") == []


@pytest.mark.req("G1", "G5")
@pytest.mark.both_engines
def test_the_teacher_talks_records_and_releases_and_the_parent_reads_it_after_the_second_step(
    stage, browser, mailoutbox
):
    Bespreekpunt.objects.create(
        school=stage.school, gesprek=stage.gesprek, person=stage.fatma, text="Over zwemles", created_at=NOW
    )
    laptop = browser.tablet().sign_in(stage.saskia)
    laptop.open(f"/gesprek/{stage.gesprek.pk}/").click("Begin het gesprek").sees("Hoe was dit gesprek?")
    laptop.click("Start de tijd (15 min)").sees("Nog 15 min")
    laptop.tick("Fatma: Over zwemles")
    laptop.fill("Verslag over Elif", "Elif leest graag voor")
    laptop.page.get_by_text("Bewaard om").first.wait_for()
    laptop.page.get_by_text("Vertrouwelijk: alleen Fatma").click()
    laptop.fill("Wat Fatma Yılmaz in vertrouwen vertelde", "Zorgen om opa")
    without_a_connection(laptop, "Verslag over Elif", " en telt nu tot honderd.")
    signed_out_and_in_again(laptop, stage.saskia, "Om thuis over door te praten", "Tel samen de trap op")
    laptop.unfold("Voeg een afspraak toe")
    laptop.fill("Wie?", "Fatma").fill("Doet wat?", "Elke avond tien minuten lezen")
    laptop.fill("We kijken terug op", "2027-02-01").picture("07-praten")
    laptop.click("Zet deze afspraak erbij", check=False).sees("De afspraak staat erbij").check().picture("07b-praten")
    laptop.page.get_by_label("erbij", exact=True).first.check()
    laptop.page.locator("#stand-a").get_by_text("Bewaard om").wait_for()
    laptop.open(f"/gesprek/{stage.gesprek.pk}/tafel/").sees("Over zwemles").sees(
        "Elke avond tien minuten lezen"
    ).picture("07c-tafel")
    assert not [word for word in ("opa", "honderd", "trap op") if word in laptop.page.content()]
    laptop.open(f"/gesprek/{stage.gesprek.pk}/voeren/").sees("Nog 15 min")
    laptop.click("Lees na en rond af").sees("Zorgen om opa").picture("08-afronden")
    laptop.click("Maak definitief").sees("Alle ouders krijgen het op hetzelfde moment").picture("09-delen")
    laptop.click("Deel nu").sees("Gedeeld met 2 ouders").picture("10-gedeeld")

    outbox.deliver_all()
    assert sorted(message.to[0] for message in mailoutbox) == ["ali@ouders.example", "fatma@ouders.example"]
    to_fatma = next(message for message in mailoutbox if "fatma" in message.to[0])
    phone = browser.phone()
    phone.open(link_in(to_fatma), check=False).click("Open mijn pagina").sees("Een extra stap")
    phone.does_not_see("voor en telt").click("Stuur een code naar")
    outbox.deliver_all()
    phone.fill("De code van zes cijfers", code_in(mailoutbox[-1])).click("Ga verder")
    phone.sees("Elif leest graag voor").sees("Zorgen om opa").sees("Elke avond tien minuten lezen").picture(
        "11-ouder-leest"
    )

    to_ali = next(message for message in mailoutbox if "ali" in message.to[0])
    other = browser.phone()
    other.open(link_in(to_ali), check=False).click("Open mijn pagina").click("Stuur een code naar")
    outbox.deliver_all()
    other.fill("De code van zes cijfers", code_in(mailoutbox[-1])).click("Ga verder")
    other.sees("Elif leest graag voor").does_not_see("Zorgen om opa")


@pytest.mark.req("G5")
def test_one_tap_is_enough_when_nothing_further_was_agreed(stage, browser, mailoutbox):
    phone = browser.phone().sign_in(stage.saskia)
    phone.open(f"/gesprek/{stage.gesprek.pk}/").click("Gehouden, verder niets afgesproken")
    phone.sees("er is verder niets afgesproken").sees("gehouden op di 10 nov").picture("12-een-tik")
    assert Verslag.objects.get(gesprek=stage.gesprek).nothing_further
    outbox.deliver_all()
    assert mailoutbox == []


@pytest.mark.long
def test_two_windows_never_overwrite_each_other(stage, browser):
    one = browser.laptop().sign_in(stage.saskia)
    one.open(f"/gesprek/{stage.gesprek.pk}/voeren/")
    two = browser.laptop().sign_in(stage.saskia)
    two.open(f"/gesprek/{stage.gesprek.pk}/voeren/")
    one.fill("Verslag over Elif", "De tekst uit het eerste venster")
    one.page.get_by_text("Bewaard om").first.wait_for()
    two.fill("Verslag over Elif", "De tekst uit het tweede venster")
    two.sees("Iemand anders schreef ook. Alles is bewaard.").picture("13-twee-vensters")
    assert two.page.get_by_label("Verslag over Elif").input_value() == "De tekst uit het tweede venster"
    one.page.get_by_label("Verslag over Elif").press_sequentially(" en nog iets")
    one.sees("Iemand anders schreef ook. Alles is bewaard.")
    both = {"De tekst uit het eerste venster en nog iets", "De tekst uit het tweede venster"}
    assert set(Verslag.objects.get().about_child.split("\n")) == both

    one.click("Toon alles")
    one.fill("Verslag over Elif", "Alles opnieuw")
    one.page.get_by_text("Bewaard om").first.wait_for()
    two.page.get_by_label("Verslag over Elif").press_sequentially(" of niet")
    two.sees("Niet bewaard: deze tekst is intussen ergens anders veranderd").sees("Alles opnieuw")
    two.click("Bewaar mijn tekst in plaats van deze").page.get_by_text("Bewaard om").first.wait_for()
    assert Verslag.objects.get().about_child == "De tekst uit het tweede venster of niet"


@pytest.mark.long
def test_typing_on_while_a_save_is_under_way_keeps_every_letter(stage, browser):
    laptop = browser.laptop().sign_in(stage.saskia)
    laptop.open(f"/gesprek/{stage.gesprek.pk}/voorbereiden/")
    field = laptop.page.get_by_label("Welk goed nieuws")
    for word in ["Elif ", "leest ", "elke ", "dag."]:
        field.press_sequentially(word, delay=40)
        laptop.page.wait_for_timeout(950)
    laptop.click("Bewaar", exact=True, check=False).page.get_by_text("Bewaard om").wait_for()
    laptop.page.wait_for_timeout(1500)
    laptop.does_not_see("Niet bewaard")
    assert Answer.objects.get().text == "Elif leest elke dag."
    assert Voorbereiding.objects.get().person == stage.saskia
