"""Logs say what happened, never to whom: canaries in every place where a token, an address or a name could slip in."""

import logging

import pytest

from school.discretion import DiscreetFormatter, discreet, masked

TOKEN = "Zx8-canary_token-Zx8canary1234"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /u/{TOKEN}/ 200",
        f"Not Found: /u/{TOKEN}/",
        f"/account/password/reset/key/1a-{TOKEN}/",
        f"/account/password/reset/key/1a-{TOKEN}",
        f"/account/oidc/google/login/callback/?code={TOKEN}&state={TOKEN}",
        f"/mensen/ouders/?q={TOKEN}",
        f"/agenda/{TOKEN}.ics",
        f"/jaar/agenda/{TOKEN}.ics",
        f"mail to {TOKEN}@ouders.example bounced",
    ],
)
def test_no_canary_passes(line):
    assert "canary" in line
    assert "canary" not in discreet(line)


def test_what_happened_stays_readable():
    assert discreet("outbox 12 school.second_step sent") == "outbox 12 school.second_step sent"
    assert discreet("Not Found: /rondes/12/") == "Not Found: /rondes/12/"


def test_a_kept_message_has_no_link_and_no_code():
    kept = masked(f"Uw code is 123456. https://x.nl/u/{TOKEN}/")
    assert "123456" not in kept
    assert "canary" not in kept


def logged(error):
    record = logging.LogRecord("django.request", logging.ERROR, "f", 1, "Internal Server Error: %s", ("/x/",), None)
    try:
        raise error
    except Exception:
        import sys

        record.exc_info = sys.exc_info()
    return DiscreetFormatter("{levelname} {message}", style="{").format(record)


def test_an_error_tells_where_and_what_kind_but_not_the_row_it_tripped_over():
    try:
        try:
            raise ValueError("Key (last_name)=(canary Yilmaz) already exists")
        except ValueError as cause:
            raise RuntimeError("canary") from cause
    except RuntimeError as error:
        text = logged(error)
    assert "canary" not in text
    assert "ValueError" in text
    assert "RuntimeError" in text
    assert "test_discretion.py" in text


def test_the_settings_use_it_for_every_line(settings):
    assert settings.LOGGING["formatters"]["plain"]["()"] == "school.discretion.DiscreetFormatter"
    handlers = settings.LOGGING["handlers"].values()
    assert all(handler["formatter"] == "plain" for handler in handlers)
