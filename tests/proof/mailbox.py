"""A mail server that takes its time, so that a worker can be killed in the middle."""

import time
import uuid

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class SlowMailbox(BaseEmailBackend):
    def send_messages(self, messages):
        settings.MAILBOX.mkdir(parents=True, exist_ok=True)
        for message in messages:
            time.sleep(0.03)
            (settings.MAILBOX / f"{uuid.uuid4()}.eml").write_text(f"{message.to[0]}\n{message.subject}\n")
        return len(messages)
