"""The demo's mailbox: a folder with a file per message, instead of a mail server."""

import email
import email.policy
import time
from datetime import UTC
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

_numbers = count()


class DemoMailbox(BaseEmailBackend):
    def send_messages(self, messages):
        folder = Path(settings.DEMO_MAIL)
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            (folder / f"{time.time_ns()}-{next(_numbers)}.eml").write_bytes(message.message().as_bytes())
        return len(messages)


def read(path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def newest_first():
    """Every message as (name, EmailMessage); the names are times, so they sort."""
    paths = sorted(Path(settings.DEMO_MAIL).glob("*.eml"), key=lambda p: [int(n) for n in p.stem.split("-")])
    for path in reversed(paths):
        yield path.stem, read(path)


def find(name):
    """The message of that name, or None; a name never leads out of the folder."""
    path = Path(settings.DEMO_MAIL) / f"{name}.eml"
    return read(path) if path.parent == Path(settings.DEMO_MAIL) and path.is_file() else None


def sent_at(mail):
    """When the message was made; mail without a zone of its own (-0000) is in UTC."""
    when = mail["date"].datetime if mail["date"] else None
    return when.replace(tzinfo=UTC) if when and when.tzinfo is None else when
