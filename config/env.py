"""Reading the environment: a missing or strange value stops the start with advice, never with a traceback."""

import os
import secrets
from pathlib import Path


def stop(advice):
    """Refuse to start; `advice` is one or two sentences for the person who runs this."""
    raise SystemExit(f"gesprekken cannot start: {advice}")


def text(name, default=None, *, advice=""):
    """The value of `name`; without a default it must be set, and `advice` says how."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        stop(f"{name} is not set. {advice}")
    return value


def one_of(name, choices, default):
    value = text(name, default)
    if value not in choices:
        stop(f"{name} is '{value}', but it must be one of: {', '.join(choices)}.")
    return value


def number(name, default):
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        stop(f"{name} is '{value}', but it must be a whole number, such as {default}.")
    return int(value)


def words(name, default=""):
    return [word.strip() for word in text(name, default).split(",") if word.strip()] if text(name, default) else []


def local_secret(path: Path):
    """A key for a machine of one's own: made once, kept in `path`, readable by this user only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()
