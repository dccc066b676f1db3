"""Real servers for the proofs: gunicorn on a database file, or on a PostgreSQL of its own."""

import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests

from tests.postgres import own_server

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = bool(os.environ.get("PROOF_QUICK"))


@pytest.fixture(autouse=True)
def frozen_clock():
    """Here the clock runs: other processes look at it too."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class House:
    """One installation of the product in a folder of its own: database, mailbox, server, worker.

    `on` is the engine it stands on, which fills it: once per size, and after that from a copy, as filling takes longer
    than most races.
    """

    def __init__(self, folder, on=None, database_url=""):
        self.folder, self.on = folder, on
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "GESPREKKEN_MODE")},
            "GESPREKKEN_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.proof.settings",
            **({"DATABASE_URL": database_url} if database_url else {}),
        }

    def run(self, *command, timeout=300):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=timeout
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def seed(self, families, slots):
        return self.on.fill(self, families, slots)

    def ask(self, expression):
        """The value of a Python expression inside the product, through JSON."""
        code = (
            "import django, json; django.setup();"
            "from gesprekken.models import *; from planning.models import *; from school.models import *;"
            "from collections import Counter;"
            f"print(json.dumps({expression}))"
        )
        return json.loads(self.run("-c", code))

    @contextmanager
    def server(self, application="config.wsgi", workers=4, **more):
        port = free_port()
        process = subprocess.Popen(  # the product is read once, and not by each worker
            [sys.executable, "-m", "gunicorn", application, "-b", f"127.0.0.1:{port}", "-w", str(workers), "--preload",
             "--log-level", "error", "--timeout", "120", "--backlog", "2048"],
            cwd=ROOT, env={**self.env, **more}, stdout=subprocess.DEVNULL,
            stderr=(self.folder / "server.log").open("w"),
        )  # fmt: skip
        base = f"http://127.0.0.1:{port}"
        try:
            for _ in range(150):  # half a minute and more: a busy machine starts slowly
                try:
                    requests.get(f"{base}/gezond", timeout=20)
                    break
                except requests.ConnectionError:
                    time.sleep(0.2)
            else:
                pytest.fail((self.folder / "server.log").read_text()[-2000:])
            yield base
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)

    def worker(self):
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=(self.folder / "worker.log").open("a"),
        )  # fmt: skip


class Files:
    """Houses on SQLite. A filled database is a file, and its copy is as good."""

    def __init__(self, folder):
        self.folder, self.filled = folder, {}

    def house(self, folder):
        return House(folder, self)

    def empty(self, house):
        """Tables with nothing in them, made once."""
        kept = self.folder / "empty.sqlite3"
        if not kept.exists():
            house.run("manage.py", "migrate", "--run-syncdb", "-v0")
            shutil.copy(house.folder / "gesprekken.sqlite3", kept)
        shutil.copy(kept, house.folder / "gesprekken.sqlite3")

    def fill(self, house, families, slots):
        kept = self.folder / f"{families}-{slots}.sqlite3"
        if kept.name not in self.filled:
            self.empty(house)
            self.filled[kept.name] = seed(house, families, slots)
            shutil.copy(house.folder / "gesprekken.sqlite3", kept)
        else:
            shutil.copy(kept, house.folder / "gesprekken.sqlite3")
        return self.filled[kept.name]


class Databases:
    """Houses on PostgreSQL, which copies a database by itself."""

    def __init__(self, uri):
        self.uri, self.filled, self.numbers, self.made = uri, {}, itertools.count(), False

    def address(self, name):
        return self.uri.replace("/postgres?", f"/{name}?", 1)

    def execute(self, statement):
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement)

    def house(self, folder):
        name = f"proof_{next(self.numbers)}"
        house = House(folder, self, self.address(name))
        house.name = name
        return house

    def empty(self, house):
        if not self.made:
            self.execute("CREATE DATABASE kept_empty")
            first = House(house.folder, self, self.address("kept_empty"))
            first.run("manage.py", "migrate", "--run-syncdb", "-v0")
            self.made = True
        self.execute(f"CREATE DATABASE {house.name} TEMPLATE kept_empty")

    def fill(self, house, families, slots):
        kept = f"kept_{families}_{slots}"
        if kept not in self.filled:
            self.empty(house)
            self.filled[kept] = seed(house, families, slots)
            self.execute(f"CREATE DATABASE {kept} TEMPLATE {house.name}")
        else:
            self.execute(f"CREATE DATABASE {house.name} TEMPLATE {kept}")
        return self.filled[kept]


def seed(house, families, slots):
    return json.loads(house.run("-m", "tests.proof.seed", str(families), str(slots)))


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory):
    return Files(tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="session")
def postgresql():
    with own_server() as uri:
        yield Databases(uri)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request):
    """Both, one after the other; what is marked `quick_on` an engine stays with that one when things must be quick."""
    chosen = request.node.get_closest_marker("quick_on")
    if QUICK and chosen and request.param not in chosen.args:
        pytest.skip("on both engines in the whole proof")
    return request.param


@pytest.fixture
def house(request, engine, tmp_path):
    return request.getfixturevalue(engine).house(tmp_path)
