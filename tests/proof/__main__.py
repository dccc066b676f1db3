"""What takes long: races over real HTTP on both engines, killing the worker, whole schools planned.

Then the tests that are marked `long`. --quick: each proof once and small, two at a time but for what measures how long
something takes, and the long tests on SQLite.

Usage: python -m tests.proof [--quick] [words for pytest; then only proofs]
"""

import os
import subprocess
import sys

PYTEST = [sys.executable, "-m", "pytest", "--no-migrations"]  # tests/test_migrations.py shows that it is the same
TWO = ["-n", "2", "--dist", "loadfile"]


def main():
    quick = "--quick" in sys.argv[1:]
    others = [word for word in sys.argv[1:] if word != "--quick"]
    environment = {**os.environ, "PROOF_QUICK": "1" if quick else ""}
    proofs = [*PYTEST, "-o", "python_files=proof_*.py", "-o", "python_functions=proof_*", "tests/proof", "-v"]
    if others or not quick:
        turns = [["-s", *others]]
    else:
        turns = [[*TWO, "-rP", "--show-capture=stdout", "-m", "not alone"], ["-s", "-m", "alone"]]
    failed = any(subprocess.run([*proofs, *words], env=environment).returncode for words in turns)
    if failed or others:
        return int(failed)
    failed = subprocess.run([*PYTEST, *TWO, "-m", "long"]).returncode
    if failed or quick:
        return failed
    on_postgres = [sys.executable, "-m", "tests.postgres", "--forgetful"]
    return subprocess.run([*on_postgres, *PYTEST, *TWO, "-m", "long and not browser and not once"]).returncode


if __name__ == "__main__":
    sys.exit(main())
