#!/usr/bin/env python3
"""Django's command line. Works with no environment set; outside the virtual environment it goes inside by itself."""

import os
import sys
from pathlib import Path


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        inside = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
        if inside.exists() and Path(sys.prefix) != inside.parent.parent:
            os.execv(inside, [str(inside), *sys.argv])
        sys.exit("Django is not installed here. This sets everything up: ./run manage help")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
