"""One installation of the product for as long as a measurement lasts: production settings, gunicorn with two workers."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.bench.clients import HOST, ask, request

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
PATIENCE = 60  # seconds for a server to start on a busy machine


class BenchFailed(Exception):
    """The server or the database could not be set up; the message says why."""


def environment(folder, database_url):
    """Production, with nothing of the surroundings: mail goes nowhere, as no worker runs."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GESPREKKEN_") and k != "DATABASE_URL"}
    return {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "config.bench.settings",
        "GESPREKKEN_MODE": "production",
        "GESPREKKEN_SECRET_KEY": "only for measuring, in a temporary folder, on this machine",
        "GESPREKKEN_BASE_URL": f"https://{HOST}",
        "GESPREKKEN_SMTP_HOST": "mail.invalid",
        "GESPREKKEN_FROM_EMAIL": "bench@mail.invalid",
        "GESPREKKEN_VAR": str(folder),
        "DATABASE_URL": database_url or f"sqlite:///{folder}/bench.sqlite3",
    }


class Site:
    """`seeded` is what its filling prints (`filled_by`: a module and its words); `port` is where it listens while
    `serving()`.
    """

    def __init__(self, folder, *, filled_by, database_url=""):
        self.folder, self.env = folder, environment(folder, database_url)
        self.seeded = json.loads(self.run("-m", *map(str, filled_by)))
        self.run("manage.py", "collectstatic", "--noinput", "-v", "0")

    def run(self, *command):
        done = subprocess.run([sys.executable, *command], cwd=ROOT, env=self.env, capture_output=True, text=True)
        if done.returncode:
            raise BenchFailed(done.stderr[-2000:])
        return done.stdout

    @contextmanager
    def serving(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{self.port}", "-w", str(WORKERS)]
        command += [
            "--max-requests",
            "0",
            "--log-level",
            "error",
        ]  # a worker that is renewed halfway is another measurement
        with (self.folder / "server.log").open("w") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=log)
        try:
            self.wait()
            yield self
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)

    def wait(self):
        ends = time.monotonic() + PATIENCE
        while ask(self.port, request("GET", "/bench/hello")).status != 200:
            if time.monotonic() > ends:
                raise BenchFailed((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.1)


@contextmanager
def own_database(url):
    """A database of its own on the PostgreSQL server of `url`, dropped afterwards. Gives its address."""
    name = f"bench_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise BenchFailed(str(error)) from None
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
