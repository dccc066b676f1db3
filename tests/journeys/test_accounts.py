"""A leader invites a teacher; she chooses a password, adds the second step, and is shown out again. And the settings."""

import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail

from school import outbox
from school.models import Medewerker, Person

pytestmark = pytest.mark.browser

NEW_PASSWORD = "zeven groene fietsen"


def newest_link():
    outbox.deliver_all()
    [link] = [word for word in mail.outbox[-1].body.split() if word.startswith("http")]
    return "/" + link.split("/", 3)[3]


@pytest.mark.long
def test_a_teacher_comes_in_by_mail_and_is_shown_out_by_the_leader(browser, journey_cast, settings, frozen_clock):
    cast = journey_cast
    roos = Person.objects.create(
        school=cast.school, first_name="Roos", last_name="Kuipers", email="roos@wilgenhof.example"
    )
    Medewerker.objects.create(school=cast.school, person=roos, key="LK20")

    leader = browser.laptop().sign_in(cast.annemiek)
    leader.open("/mensen/").sees("1 collega kan nog niet inloggen").picture("accounts-mensen")
    leader.click("Nodig iedereen uit").sees("1 collega krijgt een uitnodiging.")

    teacher = browser.phone()
    teacher.open(newest_link()).sees("Een zin die alleen jij kent").picture("accounts-wachtwoord")
    teacher.fill("Nieuw wachtwoord", "kort").page.get_by_label("Nieuw wachtwoord (bevestigen)").fill("kort")
    teacher.click("Bewaar mijn wachtwoord").picture("accounts-wachtwoord-fout")
    teacher.fill("Nieuw wachtwoord", NEW_PASSWORD)
    teacher.page.get_by_label("Nieuw wachtwoord (bevestigen)").fill(NEW_PASSWORD)
    teacher.click("Bewaar mijn wachtwoord").sees("Je wachtwoord is klaar").picture("accounts-wachtwoord-klaar")
    teacher.click("Naar inloggen").picture("accounts-inloggen")
    teacher.page.locator("input[name=login]").fill("roos@wilgenhof.example")
    teacher.page.locator("input[name=password]").fill(NEW_PASSWORD)
    teacher.click("Inloggen", role="button", exact=True).open("/mijn-account/").picture("accounts-mijn-account")

    teacher.click("Zet de tweede stap aan").picture("accounts-controle").sees("Even controleren of jij het bent")
    teacher.fill("Wachtwoord", NEW_PASSWORD).click("Ga verder").picture("accounts-tweede-stap")
    secret = teacher.page.locator(".geheim").inner_text()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    teacher.page.get_by_label("De code uit de app").fill(code)
    teacher.click("Zet de tweede stap aan", role="button").sees("De tweede stap staat aan")
    teacher.picture("accounts-herstelcodes").open("/account/2fa/").picture("accounts-tweede-stap-aan")
    teacher.open("/vandaag/")

    leader.open("/mensen/").click("Kuipers, Roos").picture("accounts-collega")
    leader.click("Zet uit", exact=True).sees("Roos Kuipers kan niet meer inloggen.").picture("accounts-uitgezet")
    teacher.page.reload()
    teacher.sees("Voor wie op school werkt.").does_not_see("Vandaag")
    teacher.page.locator("input[name=login]").fill("roos@wilgenhof.example")
    teacher.page.locator("input[name=password]").fill(NEW_PASSWORD)
    teacher.click("Inloggen", role="button", exact=True).sees("Dit account staat uit").picture("accounts-uit")


def test_leadership_finds_a_guardian_and_closes_contact(browser, journey_cast):
    leader = browser.laptop().sign_in(journey_cast.annemiek)
    leader.open("/mensen/ouders/").fill("Naam van de ouder of het kind", "vries").click("Zoek").picture(
        "accounts-ouders"
    )
    leader.click("Vries, Joost de").sees("toegestaan").picture("accounts-ouder")
    leader.click("Sluit contact af").sees("Joost de Vries krijgt niets meer te zien over Noor.")
    leader.fill("E-mailadres", "geen adres").click("Bewaar de gegevens").picture("accounts-ouder-fout")


@pytest.mark.long
def test_leadership_gives_the_school_its_face(browser, journey_cast, tmp_path):
    from PIL import Image

    Image.new("RGB", (500, 160), "#7a1f5c").save(tmp_path / "logo.png")
    for window in (browser.laptop(), browser.phone()):
        leader = window.sign_in(journey_cast.annemiek).open("/instellingen/")
        leader.page.get_by_label("Nieuw logo").set_input_files(tmp_path / "logo.png")
        leader.fill("Adres", "Wilgenlaan 3, Rotterdam").click("Bewaar de instellingen")
        leader.sees("De instellingen zijn bewaard.").picture("accounts-instellingen")
        leader.open("/mensen/").picture("accounts-mensen").open("/mensen/nieuw/").picture("accounts-nieuw")
        leader.open(f"/mensen/{journey_cast.saskia.pk}/").picture("accounts-collega")
        leader.open(f"/mensen/{journey_cast.fatma.pk}/").picture("accounts-ouder")
        leader.open("/mensen/ouders/").picture("accounts-ouders").open("/mijn-account/").picture(
            "accounts-mijn-account"
        )
        leader.open("/nergens/").picture("accounts-404")
        leader.open("/account/logout/").picture("accounts-uitloggen")
        leader.click("Log uit", role="button").sees("Welkom")


def test_every_page_at_the_door_is_finished(browser, journey_cast):
    window = browser.phone()
    for path, name in [
        ("/account/login/", "inloggen"), ("/account/password/reset/", "vergeten"),
        ("/account/password/reset/done/", "kijk-in-je-mail"), ("/account/signup/", "geen-aanmelding"),
        ("/account/inactive/", "uit"), ("/account/password/reset/key/1-x-y/", "link-weg"),
        ("/account/3rdparty/login/error/", "ander-account"), ("/account/3rdparty/login/cancelled/", "toch-niet"),
    ]:  # fmt: skip
        window.open(path).picture(f"accounts-deur-{name}")
