"""The site as production runs it: gunicorn behind a proxy, pages with their locks on, a log that keeps quiet.

Making its database takes longer than all that is asked of it, so `./run proof` walks these.
"""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.config.test_production import ROOT, environment, manage

pytestmark = [pytest.mark.once, pytest.mark.long]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Site:
    """gunicorn as the documentation starts it, behind a proxy that says it was https."""

    def __init__(self, var):
        self.env = environment(var)
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            done = manage(self.env, *command)
            assert done.returncode == 0, done.stderr
        self.port = free_port()
        self.log = (var / "log").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1"],
            cwd=ROOT, env=self.env, stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        for _ in range(100):
            try:
                self.get("/gezond")
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.read_log())

    def get(self, path, data=None, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data)
        given = {"Host": "gesprekken.school.example", "X-Forwarded-Proto": "https", **headers}
        for name, value in given.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def renew_until(self, path, status):
        """New workers; asks until they answer so. The ones before hold on to the file they opened, for a minute."""
        self.process.send_signal(signal.SIGHUP)
        for _ in range(200):
            answer = self.get(path)
            if answer[0] == status:
                return answer
            time.sleep(0.1)
        raise AssertionError(answer)

    def read_log(self):
        return Path(self.log.name).read_text()

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Site(tmp_path_factory.mktemp("site"))
    yield running
    running.close()


def test_pages_come_with_their_locks_on(site):
    status, headers, body = site.get("/account/login/")
    assert status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert all("Secure" in cookie for cookie in headers.get_all("Set-Cookie"))
    style = re.search(r'href="(/static/css/huis\.[0-9a-f]+\.css)"', body).group(1)  # hashed names, served by ourselves
    assert site.get(style)[0] == 200


def test_a_page_that_is_not_there(site):
    status, _, body = site.get("/nergens/")
    assert status == 404
    assert "Deze pagina is er niet" in body


def test_a_stale_form_says_that_nothing_is_lost(site):
    status, _, body = site.get("/code/", data=b"code=KM7P-4QXH-29TB")
    assert status == 403
    assert "Deze pagina stond te lang open" in body


def test_another_host_name_is_refused_in_dutch(site):
    status, _, body = site.get("/", Host="evil.example")
    assert status == 400
    assert "evil" not in body


def test_the_log_holds_no_token_no_address_no_search_word(site):
    for path in (
        "/u/canary1-secret-token/",
        "/account/password/reset/key/1-canary2/",
        "/?q=canary3",
        "/x/canary4@x.nl",
    ):
        site.get(path, User_Agent="canary5", Referer="https://x.example/canary6")
    time.sleep(0.3)
    log = site.read_log()
    assert "GET /u/***" in log  # the line is there
    assert "canary" not in log
    assert "127.0.0.1 " not in log.replace("http://127.0.0.1", "")


def test_when_something_breaks_the_page_is_dutch_and_the_log_discreet(site):
    """The worst case: the database is gone under a running site."""
    database = Path(site.env["DATABASE_URL"].removeprefix("sqlite:///"))
    hidden = database.with_suffix(".hidden")
    database.rename(hidden)
    for extra in ("-wal", "-shm"):
        Path(f"{database}{extra}").unlink(missing_ok=True)
    database.write_bytes(b"this is no database, canary7")
    try:
        _, _, body = site.renew_until("/u/canary8-secret-token/", 500)
        assert "Er ging iets mis bij ons" in body
        assert "Traceback" not in body
        status, _, body = site.get("/gezond")
        assert (status, body) == (503, "niet gezond: de database antwoordt niet\n")
    finally:
        database.unlink()
        hidden.rename(database)
    time.sleep(0.3)
    log = site.read_log()
    assert "DatabaseError" in log
    assert "canary" not in log
    assert site.get("/gezond")[0] == 200
