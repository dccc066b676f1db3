"""The doors: what a link opens, what a mail scanner cannot do, the second step, two hats."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.core import mail

from school import access
from school.models import AccessLink, Outgoing, SecondStep, TrustedDevice
from tests.cast import NOW


def token_for(person, **kwargs):
    return access.mint_link(person, expires_at=NOW + timedelta(days=30), **kwargs)


def test_a_mail_scanner_that_opens_the_link_changes_nothing(cast, as_):
    client = as_()
    response = client.get(f"/u/{token_for(cast.fatma)}/")
    assert response.status_code == 200
    assert "Fatma" in response.content.decode()
    assert not client.session.keys()
    assert client.get("/mijn/").status_code == 302


def test_the_button_opens_the_personal_page_and_the_address_is_clean_again(cast, as_):
    client = as_()
    response = client.post(f"/u/{token_for(cast.fatma)}/")
    assert response.headers["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain == [("/mijn/", 302)]


def test_a_link_can_be_used_again_the_next_day(cast, as_):
    token = token_for(cast.fatma)
    for _ in range(2):
        assert as_().post(f"/u/{token}/").status_code == 302


@pytest.mark.parametrize("mangle", [lambda t: t[:-1], lambda t: t + "x", lambda t: "nonsense", lambda t: "%00" + t])
def test_a_mangled_link_gets_a_friendly_page(cast, as_, mangle):
    response = as_().get(f"/u/{mangle(token_for(cast.fatma))}/")
    assert response.status_code == 404
    assert "Deze link werkt niet meer" in response.content.decode()


@pytest.mark.parametrize("stuck", [".", ",", ")", "%3E", "%22", "%20"])
def test_what_a_mail_program_stuck_to_the_link_is_forgiven(cast, as_, stuck):
    assert as_().get(f"/u/{token_for(cast.fatma)}{stuck}/").status_code == 200


def test_choosing_a_language_comes_back_to_the_same_page_with_its_question(cast, as_):
    page = as_.link(cast.fatma).get("/code-per-mail/?verstuurd=1&next=/verslag/7/").content.decode()
    assert 'name="next" value="/code-per-mail/?verstuurd=1&amp;next=/verslag/7/"' in page


def test_a_revoked_link_closes_pages_that_are_already_open(cast, as_):
    client = as_.link(cast.fatma)
    assert client.get("/mijn/").status_code == 200
    access.revoke_links(cast.fatma)
    assert client.get("/mijn/").headers["Location"] == "/link-nodig/"


def test_an_expired_link_no_longer_opens(cast, as_, frozen_clock):
    token = token_for(cast.fatma)
    frozen_clock.move_to(NOW + timedelta(days=31))
    assert as_().post(f"/u/{token}/").status_code == 404


def test_tokens_are_stored_as_hashes_only(cast):
    token = token_for(cast.fatma)
    link = AccessLink.objects.get()
    assert token not in str(vars(link))
    assert link.token_hash == access.hashed(token)


def test_a_code_from_paper_forgives_spaces_dashes_and_small_letters(cast, as_):
    code = access.mint_code(cast.ria, expires_at=NOW + timedelta(days=30))
    sloppy = code.replace("-", " ").lower()
    assert as_().post("/code/", {"code": sloppy}).headers["Location"] == "/"


def test_a_wrong_code_keeps_what_was_typed_and_says_what_to_do(cast, as_):
    response = as_().post("/code/", {"code": "AAAA-BBBB-CCCC"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "AAAA-BBBB-CCCC" in page
    assert "Kijk de letters nog eens na" in page


@pytest.mark.req("I3a")
def test_the_second_step_is_a_code_to_the_registered_address(cast, as_, deliver):
    client = as_.link(cast.fatma)
    client.post("/code-per-mail/", {"next": "/mijn/"})
    (message,) = deliver()
    assert message.to == ["fatma@ouders.example"]
    digits = next(word for word in message.body.replace(".", " ").split() if word.isdigit())
    response = client.post("/code-per-mail/", {"code": f"{digits[:3]} {digits[3:]}", "next": "/mijn/"})
    assert response.headers["Location"] == "/mijn/"
    assert client.session["confirmed"] is True
    assert digits not in Outgoing.objects.get().sent_text


def test_a_second_step_forgives_five_guesses_and_then_stops(cast, as_):
    step = access.ask_second_step(cast.fatma)
    code = access.make_code(step)
    client = as_.link(cast.fatma)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert client.post("/code-per-mail/", {"code": wrong}).status_code == 422
    response = client.post("/code-per-mail/", {"code": code})
    assert response.status_code == 422
    assert "te vaak" in response.content.decode()


def test_a_second_tap_on_the_code_page_is_harmless(cast, as_):
    """On a slow network the second tap still carries the session of before; it ends where the first one does."""
    code = access.make_code(access.ask_second_step(cast.fatma))
    first, second = as_.link(cast.fatma), as_()
    second.cookies = SimpleCookie(first.cookies.output(header="", sep=";"))
    for tap in (first, second):
        response = tap.post("/code-per-mail/", {"code": code, "next": "/mijn/"})
        assert response.headers["Location"] == "/mijn/"
        assert tap.session["confirmed"] is True


def test_confirming_gives_the_session_a_new_key_and_the_one_before_stays_a_bare_link(cast, as_):
    code = access.make_code(access.ask_second_step(cast.fatma))
    client, before = as_.link(cast.fatma), as_()
    before.cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    client.post("/code-per-mail/", {"code": code})
    assert client.session.session_key != before.session.session_key
    assert before.session["confirmed"] is False


def test_a_used_code_is_spent_half_a_minute_later(cast, frozen_clock):
    code = access.make_code(access.ask_second_step(cast.fatma))
    access.confirm(cast.fatma, code)
    frozen_clock.move_to(NOW + timedelta(seconds=31))
    with pytest.raises(access.SecondStepRefused):
        access.confirm(cast.fatma, code)


def test_a_code_is_good_for_a_quarter_of_an_hour(cast, frozen_clock):
    code = access.make_code(access.ask_second_step(cast.fatma))
    frozen_clock.move_to(NOW + timedelta(minutes=16))
    with pytest.raises(access.SecondStepRefused):
        access.confirm(cast.fatma, code)


def test_a_code_of_one_person_is_nothing_to_another(cast):
    code = access.make_code(access.ask_second_step(cast.fatma))
    access.ask_second_step(cast.ali)
    with pytest.raises(access.SecondStepRefused):
        access.confirm(cast.ali, code)


def test_nobody_can_make_the_school_send_codes_without_end(cast):
    for _ in range(5):
        access.ask_second_step(cast.fatma)
    with pytest.raises(access.SecondStepRefused):
        access.ask_second_step(cast.fatma)
    assert SecondStep.objects.count() == 5


def test_a_trusted_device_skips_the_second_step_until_it_is_revoked(cast, as_):
    code = access.make_code(access.ask_second_step(cast.fatma))
    client = as_.link(cast.fatma)
    client.post("/code-per-mail/", {"code": code, "remember": "on"})
    assert TrustedDevice.objects.count() == 1
    client.post("/sluiten/")
    client.post(f"/u/{token_for(cast.fatma)}/")
    assert client.session["confirmed"] is True
    access.revoke_links(cast.fatma)
    client.post(f"/u/{token_for(cast.fatma)}/")
    assert client.session["confirmed"] is False


def test_a_trusted_device_of_the_mother_is_not_the_fathers(cast, as_):
    client = as_.link(cast.fatma)
    client.cookies[access.DEVICE_COOKIE] = access.trust_device(cast.fatma)
    client.post(f"/u/{token_for(cast.ali)}/")
    assert client.session["confirmed"] is False


def test_hats_are_switched_and_never_merged(cast, as_):
    """A teacher who opens her own link as a parent is a parent until she goes back to work."""
    client = as_.staff(cast.saskia)
    assert client.get("/vandaag/").status_code == 200
    client.post(f"/u/{token_for(cast.fatma)}/")
    assert client.get("/vandaag/").status_code == 403
    assert client.get("/mijn/").status_code == 200
    client.post("/wissel/")
    assert client.get("/vandaag/").status_code == 200
    assert client.get("/mijn/").status_code == 403


def test_where_to_go_next_is_never_another_site(cast, as_):
    code = access.make_code(access.ask_second_step(cast.fatma))
    response = as_.link(cast.fatma).post("/code-per-mail/", {"code": code, "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"


def test_a_parent_without_an_address_is_told_whom_to_ask(cast, as_):
    page = as_.link(cast.ria).get("/code-per-mail/").content.decode()
    assert "Vraag een code aan de leerkracht" in page
    assert mail.outbox == []
