"""What every test has: the cast, a frozen clock, clients that sign in as somebody, and a browser when it asks for one."""

import gc
import os
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from school import access, outbox
from school.models import AccessLink
from tests import remembered
from tests.cast import NOW, Cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's driver runs a loop in the test's own thread


def pytest_collection_modifyitems(items):
    """What asks for no database says the same on every engine; what is long starts processes that have one."""
    for item in items:
        asks = {"db", "transactional_db"} & set(item.fixturenames) or item.get_closest_marker("django_db")
        if not asks and not item.get_closest_marker("long"):
            item.add_marker("once")


def pytest_collection_finish():
    """What is loaded by now stays: without this the search for rubbish walks through all of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def frozen_clock():
    """It is Tuesday 10 November 2026, ten o'clock in Amsterdam; `clock.move_to(...)` makes it later."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def quick_hasher(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LETTERS_ROOT = tmp_path / "brieven"
    settings.DEMO_MAIL = tmp_path / "demo-mail"


@pytest.fixture(autouse=True)
def beginning():
    remembered.begin()


@pytest.fixture
@remembered.remembered
def cast(db):
    return Cast.build()


@pytest.fixture
@remembered.remembered
def next_door(db):
    return Cast.next_door()


class As(Client):
    """A test client that is somebody."""

    @classmethod
    def staff(cls, person):
        client = cls()
        client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    @classmethod
    def link(cls, person, *, confirmed=False, purpose=AccessLink.Purpose.PERSONAL):
        """Somebody who opened the personal link in a mail; `confirmed` also passed the second step."""
        client = cls()
        token = access.mint_link(person, expires_at=NOW + timedelta(days=60), purpose=purpose)
        client.post(f"/u/{token}/")
        if confirmed:
            session = client.session
            session["confirmed"] = True
            session.save()
        return client

    @classmethod
    def pupil(cls, leerling):
        return cls.link(leerling.person, purpose=AccessLink.Purpose.CARD)


@pytest.fixture
def as_():
    return As


@pytest.fixture
def deliver(mailoutbox):
    """Let the worker send everything; returns the messages sent by this call."""

    def run():
        before = len(mailoutbox)
        outbox.deliver_all()
        return mailoutbox[before:]

    return run


# --- the browser -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium():
    import shutil

    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "The journeys need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser(request, chromium, live_server, transactional_db):
    """Opens windows for people: `browser.phone()`, `browser.laptop()`. Every page visited is checked by axe at the end
    of each step, and no page may log an error to its console."""
    from tests.browser import Windows

    windows = Windows(chromium, live_server.url)
    yield windows
    windows.close()


@pytest.fixture
def journey_cast(browser, transactional_db):
    """The cast, visible to the live server's threads."""
    return Cast.build()


@pytest.fixture
def row_locks():
    """For tests with several writers at once: only PostgreSQL lets them in together, and has row locks to stand the test."""
    if connection.vendor != "postgresql":
        pytest.skip(
            "SQLite lets one writer in at a time: there is nothing to race, and `./run proof` races it over HTTP"
        )
