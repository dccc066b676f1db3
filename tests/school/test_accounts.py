"""Signing in: passwords, limits, second step, Microsoft and Google, and the doors of the libraries."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import get_resolver

from school import people
from school.models import CacheRow, Outgoing, User
from tests.cast import PASSWORD
from tests.school.identity_provider import IdentityProvider
from tests.school.test_people import acting


def sign_in(client, email, password=PASSWORD):
    return client.post("/account/login/", {"login": email, "password": password})


# --- passwords -------------------------------------------------------------------------------------------------------


def test_a_teacher_signs_in_and_lands_on_her_day(cast, client):
    response = sign_in(client, "Saskia@Wilgenhof.example")
    assert response.status_code == 302
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/vandaag/"


def test_signing_in_closes_the_parents_page_that_stood_open_in_this_browser(cast, as_):
    browser = as_.link(cast.fatma, confirmed=True)
    assert browser.get("/mijn/").status_code == 200
    sign_in(browser, "saskia@wilgenhof.example")
    assert browser.get("/", follow=True).redirect_chain[-1][0] == "/vandaag/"
    browser.post("/wissel/")
    assert browser.get("/mijn/").status_code == 403
    assert not {"link", "link_person", "confirmed"} & set(browser.session.keys())


def test_a_wrong_password_is_told_in_our_words_and_the_address_is_kept(cast, client):
    response = sign_in(client, "saskia@wilgenhof.example", "iets anders")
    assert "horen niet bij elkaar" in response.text
    assert "saskia@wilgenhof.example" in response.text
    assert "iets anders" not in response.text


def test_a_forgotten_password_brings_one_mail_and_an_unknown_address_the_same_page(cast, client, deliver):
    known = client.post("/account/password/reset/", {"email": "saskia@wilgenhof.example"}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "niemand@wilgenhof.example"}, follow=True)
    parent = client.post("/account/password/reset/", {"email": "fatma@ouders.example"}, follow=True)
    assert known.text.split("csrf")[0] == unknown.text.split("csrf")[0] == parent.text.split("csrf")[0]
    assert [m.to for m in deliver()] == [["saskia@wilgenhof.example"]]


def test_the_mail_of_a_login_goes_to_its_own_address_whatever_an_import_says(cast, client, deliver):
    cast.saskia.email = "somebody.else@elsewhere.example"
    cast.saskia.save(update_fields=["email"])
    client.post("/account/password/reset/", {"email": "saskia@wilgenhof.example"})
    assert [m.to for m in deliver()] == [["saskia@wilgenhof.example"]]


def test_a_reset_link_works_for_a_week(cast, client, deliver, frozen_clock):
    client.post("/account/password/reset/", {"email": "saskia@wilgenhof.example"})
    [mail] = deliver()
    [link] = [word for word in mail.body.split() if "/reset/key/" in word]
    path = link.removeprefix("http://127.0.0.1:8000")
    frozen_clock.shift(6 * 86400)
    assert "Een zin die alleen jij kent" in client.get(path, follow=True).text
    frozen_clock.shift(2 * 86400)
    assert "Deze link werkt niet meer" in client.get(path, follow=True).text


def test_a_changed_password_is_told_by_mail_and_closes_other_devices(cast, as_, deliver):
    here, there = as_(), as_.staff(cast.saskia)
    sign_in(here, "saskia@wilgenhof.example")
    given = {"oldpassword": PASSWORD, "password1": "vier blauwe boten", "password2": "vier blauwe boten"}
    response = here.post("/account/password/change/", given, follow=True)
    assert "Je nieuwe wachtwoord is bewaard." in response.text
    assert there.get("/vandaag/").status_code == 302
    [mail] = deliver()
    assert "Je wachtwoord is gewijzigd." in mail.body


@pytest.mark.parametrize(
    ("weak", "sentence"),
    [
        ("kort", "Dit wachtwoord is te kort. Neem minstens 12 tekens."),
        ("password1234", "Dit wachtwoord gebruiken veel mensen."),
        ("saskia@wilgenhof.example", "lijkt te veel op je e-mailadres"),
    ],
)
def test_a_weak_password_is_refused_in_our_words(weak, sentence, cast, as_):
    client = as_()
    sign_in(client, "saskia@wilgenhof.example")
    response = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert response.status_code == 200
    assert sentence in response.text


def test_nobody_signs_up_by_herself(client, db):
    assert "Een account krijg je van school" in client.get("/account/signup/").text
    client.post("/account/signup/", {"email": "x@y.example", "password1": PASSWORD})
    assert not User.objects.exists()


# --- limits ----------------------------------------------------------------------------------------------------------


def test_after_five_wrong_guesses_also_the_right_password_waits(cast, client, frozen_clock):
    for _ in range(5):
        sign_in(client, "saskia@wilgenhof.example", "gok")
    response = sign_in(client, "saskia@wilgenhof.example")
    assert "Wacht vijf minuten" in response.text
    frozen_clock.shift(301)
    assert sign_in(client, "saskia@wilgenhof.example").status_code == 302


def test_guessing_at_one_account_leaves_a_colleague_at_the_same_address_alone(cast, client, as_):
    for _ in range(6):
        sign_in(client, "saskia@wilgenhof.example", "gok")
    assert sign_in(as_(), "bas@wilgenhof.example").status_code == 302


def test_thirty_colleagues_sign_in_from_one_school_in_one_minute(cast, as_):
    for n in range(30):
        cast.staff(f"c{n}", f"C{n}", "Collega")
        assert sign_in(as_(), f"c{n}@wilgenhof.example").status_code == 302


def test_the_counts_stand_in_the_database_so_that_every_server_process_sees_them(cast, client):
    sign_in(client, "saskia@wilgenhof.example", "gok")
    assert CacheRow.objects.filter(cache_key__contains="login_failed").exists()
    assert "saskia" not in "".join(CacheRow.objects.values_list("cache_key", flat=True))
    cache.clear()
    assert not CacheRow.objects.exists()


def test_asking_for_mail_again_and_again_stops(cast, client, deliver):
    answers = [client.post("/account/password/reset/", {"email": "saskia@wilgenhof.example"}) for _ in range(6)]
    assert [a.status_code for a in answers] == [302] * 5 + [429]
    assert "Even wachten" in answers[-1].text
    assert len(deliver()) == 5


# --- the second step -------------------------------------------------------------------------------------------------


def code_now(secret):
    """What the app on the telephone shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def with_second_step(client):
    """Turn it on through the pages, after typing the password once more. Returns the secret."""
    assert "reauthenticate" in client.get("/account/2fa/totp/activate/")["Location"]
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    assert "Scan dit plaatje" in page.text
    secret = page.context["form"].secret
    code = code_now(secret)
    response = client.post("/account/2fa/totp/activate/", {"code": code}, follow=True)
    assert "Telefoon kwijt?" in response.text  # the recovery codes are shown
    return secret


def test_with_the_second_step_a_password_alone_is_not_enough(
    cast, as_, deliver, frozen_clock, django_capture_on_commit_callbacks
):
    client = as_()
    sign_in(client, "saskia@wilgenhof.example")
    with django_capture_on_commit_callbacks(execute=True):
        secret = with_second_step(client)
    page = client.get("/mijn-account/").text
    assert "staat aan" in page
    assert "Je hebt nog 10 herstelcodes." in page
    assert {"Er is iets veranderd aan je account"} == {m.subject for m in deliver()}
    other = as_()
    response = sign_in(other, "saskia@wilgenhof.example")
    assert response["Location"].startswith("/account/2fa/authenticate/")
    assert other.get("/vandaag/").status_code == 302
    assert "Deze code klopt niet" in other.post("/account/2fa/authenticate/", {"code": "000000"}).text
    frozen_clock.shift(60)
    code = code_now(secret)
    other.post("/account/2fa/authenticate/", {"code": code})
    assert other.get("/vandaag/").status_code == 200


def test_a_recovery_code_opens_the_door_once(cast, as_):
    client = as_()
    sign_in(client, "saskia@wilgenhof.example")
    with_second_step(client)
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    for expected in (200, 302):
        other = as_()
        sign_in(other, "saskia@wilgenhof.example")
        other.post("/account/2fa/authenticate/", {"code": code})
        assert other.get("/vandaag/").status_code == expected


def test_turning_it_off_is_told_by_mail(cast, as_, deliver):
    client = as_()
    sign_in(client, "saskia@wilgenhof.example")
    with_second_step(client)
    deliver()
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type="totp").exists()
    assert "staat uit" in "".join(m.body for m in deliver())


# --- Microsoft and Google --------------------------------------------------------------------------------------------


@pytest.fixture
def provider(settings, frozen_clock):
    fake = IdentityProvider()

    def app(code, name, **more):
        values = {"server_url": fake.url, **more}
        return {"provider_id": code, "name": name, "client_id": f"client-{code}", "secret": "s", "settings": values}

    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [app("google", "Google"), app("microsoft", "Microsoft", verified_email=["wilgenhof.example"])]
        }
    }
    yield fake
    fake.close()


def is_in(client):
    return client.get("/vandaag/").status_code == 200


def test_without_configuration_there_are_no_buttons(client, db):
    assert "Inloggen met" not in client.get("/account/login/").text


def test_the_buttons_appear_when_configured(provider, client, db):
    page = client.get("/account/login/").text
    assert "Inloggen met Google" in page
    assert "Inloggen met Microsoft" in page


def test_a_verified_address_of_a_colleague_signs_in_and_nothing_of_the_profile_is_kept(provider, cast, client, deliver):
    provider.claims = {"email": "Saskia@wilgenhof.example", "email_verified": True, "picture": "https://x/y.jpg"}
    provider.sign_in(client)
    assert is_in(client)
    assert cast.saskia.user.socialaccount_set.get().extra_data == {}
    assert "ander account" in deliver()[0].body
    client.post("/account/logout/")
    provider.sign_in(client)  # and a second time, now by the link that was made
    assert is_in(client)
    assert cast.saskia.user.socialaccount_set.get().extra_data == {}


@pytest.mark.parametrize(
    ("which", "claims"),
    [
        ("google", {"email": "saskia@wilgenhof.example", "email_verified": False}),
        ("google", {"email": "saskia@wilgenhof.example"}),
        ("google", {"email": "niemand@wilgenhof.example", "email_verified": True}),
        ("google", {}),
        ("google", {"email": "fatma@ouders.example", "email_verified": True}),
        ("microsoft", {"email": "saskia@elsewhere.example"}),
        ("microsoft", {"email": "saskia@wilgenhof.example", "acct": 1}),
        ("microsoft", {"email": "saskia@wilgenhof.example", "xms_edov": False}),
    ],
)
def test_anybody_else_is_told_whom_to_ask_and_no_login_is_made(which, claims, provider, cast, client):
    before = User.objects.count()
    provider.claims = claims
    page = provider.sign_in(client, which)
    assert "Vraag de schoolleiding om een uitnodiging." in page.text
    assert not is_in(client)
    assert User.objects.count() == before
    assert not cast.saskia.user.socialaccount_set.exists()


def test_microsoft_is_believed_about_the_domains_of_the_schools_own_tenant(provider, cast, client):
    provider.claims = {"email": "saskia@wilgenhof.example"}  # it sends no email_verified
    provider.sign_in(client, "microsoft")
    assert is_in(client)


def test_who_is_switched_off_does_not_come_in_by_the_other_door(provider, cast, as_):
    provider.claims = {"email": "saskia@wilgenhof.example", "email_verified": True}
    provider.sign_in(as_())
    people.deactivate(medewerker=cast.saskia.medewerker, by=acting(cast.annemiek))
    client = as_()
    assert "staat uit" in provider.sign_in(client).text
    assert not is_in(client)


def test_a_failing_provider_gives_advice_and_no_error(provider, cast, client):
    page = client.get("/account/oidc/google/login/callback/", {"code": "c", "state": "made up"}, follow=True)
    assert page.status_code == 200
    assert "met je wachtwoord" in page.text


def test_a_second_factor_also_counts_with_another_account(provider, cast, as_):
    client = as_()
    sign_in(client, "saskia@wilgenhof.example")
    with_second_step(client)
    other = as_()
    provider.claims = {"email": "saskia@wilgenhof.example", "email_verified": True}
    page = provider.sign_in(other)
    assert page.redirect_chain[-1][0].startswith("/account/2fa/authenticate/")
    assert not is_in(other)


# --- the doors of the libraries --------------------------------------------------------------------------------------


def paths_of_others(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from paths_of_others(pattern, path)
        elif "(" not in path and "<" not in path and "^" not in path:
            yield "/" + path


def test_no_page_of_a_library_shows_english_or_its_own_look(cast, as_):
    """Every address of allauth, for a stranger and for a teacher: our layout, or a redirect."""
    [accounts] = [p for p in get_resolver().url_patterns if str(p.pattern) == "account/"]
    seen = 0
    for client in (as_(), as_.staff(cast.saskia)):
        for path in paths_of_others(accounts, "account/"):
            response = client.get(path)
            assert response.status_code in (200, 301, 302, 401, 404), path
            if response.status_code == 200 and "html" in response["Content-Type"]:
                seen += 1
                assert "css/huis.css" in response.text, path
                for word in ("Email Addresses", "Sign Up", "Password", "Two-Factor", "Menu:"):
                    assert word not in response.text, (path, word)
    assert seen > 10


@pytest.mark.parametrize("who", ["saskia", "annemiek"])
def test_the_operators_desk_is_closed_to_a_school(who, cast, as_):
    assert as_.staff(cast.people[who]).get("/beheer/", follow=True).status_code == 403


def test_the_operators_desk_sends_a_stranger_to_the_common_door(db, client):
    assert client.get("/beheer/", follow=True).redirect_chain[-1][0].startswith("/account/login/")


def test_the_command_line_of_a_reset_for_an_operator_without_a_school_says_so_in_the_log(db, client, caplog):
    User.objects.create_superuser("beheer@stichting.example", PASSWORD)
    client.post("/account/password/reset/", {"email": "beheer@stichting.example"})
    assert not Outgoing.objects.exists()
    assert "belongs to nobody at a school" in caplog.text
