"""What one sees when something is not there, not allowed, or went wrong: the same page for a parent and a teacher."""

import pytest
from django.test import Client


@pytest.mark.parametrize("who", ["stranger", "guardian", "teacher"])
def test_a_page_that_is_not_there_says_so_and_leads_home(who, cast, as_):
    client = {"stranger": as_(), "guardian": as_.link(cast.fatma), "teacher": as_.staff(cast.saskia)}[who]
    response = client.get("/nergens/")
    assert response.status_code == 404
    assert "Deze pagina is er niet" in response.text
    assert 'href="/"' in response.text


def test_a_page_for_somebody_else_is_a_different_answer_and_says_who_can_help(cast, as_):
    response = as_.staff(cast.saskia).get("/mensen/")
    assert response.status_code == 403
    assert "De schoolleiding kan helpen" in response.text


def test_a_stale_form_changes_nothing(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.annemiek.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post(f"/mensen/{cast.saskia.pk}/uitzetten/")
    assert response.status_code == 403
    assert "Deze pagina stond te lang open" in response.text
    cast.saskia.medewerker.refresh_from_db()
    assert cast.saskia.medewerker.is_active


@pytest.mark.parametrize("who", ["guardian", "teacher"])
def test_when_we_break_something_the_page_does_not_blame_and_shows_nothing(who, cast, as_, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("canary")

    client = {"guardian": as_.link(cast.fatma), "teacher": as_.staff(cast.saskia)}[who]
    client.raise_request_exception = False
    monkeypatch.setattr("school.languages.languages_of", breaks)
    response = client.get("/mijn/" if who == "guardian" else "/vandaag/")
    assert response.status_code == 500
    assert "Er ging iets mis bij ons" in response.text
    assert "canary" not in response.text
