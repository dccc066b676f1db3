"""Real servers for the proofs: gunicorn on a database file, or on a PostgreSQL of its own."""

import json
import os
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
    """One installation of the product in a folder of its own: database, mailbox, server, worker."""

    def __init__(self, folder, database_url=""):
        self.folder = folder
        self.env = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "GESPREKKEN_MODE")},
            "GESPREKKEN_VAR": str(folder),
            "DJANGO_SETTINGS_MODULE": "tests.proof.settings",
            **({"DATABASE_URL": database_url} if database_url else {}),
        }

    def run(self, *command):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def seed(self, families, slots):
        return json.loads(self.run("-m", "tests.proof.seed", str(families), str(slots)))

    def ask(self, expression):
        """The value of a Python expression inside the product, through JSON."""
        code = (
            "import django, json; django.setup();"
            "from planning.models import *; from school.models import *; from collections import Counter;"
            f"print(json.dumps({expression}))"
        )
        return json.loads(self.run("-c", code))

    @contextmanager
    def server(self, application="config.wsgi", workers=4):
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, "-b", f"127.0.0.1:{port}", "-w", str(workers),
             "--log-level", "error", "--timeout", "120", "--backlog", "2048"],
            cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=(self.folder / "server.log").open("w"),
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


@pytest.fixture(scope="session")
def postgres():
    with own_server() as uri:
        yield uri


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request, tmp_path):
    if request.param == "sqlite":
        yield House(tmp_path)
        return
    uri = request.getfixturevalue("postgres")
    name = f"proof_{abs(hash(request.node.name)) % 10**9}"
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield House(tmp_path, uri.replace("/postgres?", f"/{name}?", 1))
