"""What takes long: races over real HTTP on both engines, killing the worker, whole schools planned.

--quick: each once and small.

Usage: python -m tests.proof [--quick]
"""

import os
import subprocess
import sys


def main():
    quick = "--quick" in sys.argv[1:]
    others = [word for word in sys.argv[1:] if word != "--quick"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "python_files=proof_*.py",
        "-o",
        "python_functions=proof_*",
        "tests/proof",
        "-v",
        "-s",
        *others,
    ]
    return subprocess.run(command, env={**os.environ, "PROOF_QUICK": "1" if quick else ""}).returncode


if __name__ == "__main__":
    sys.exit(main())
