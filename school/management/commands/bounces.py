"""Reads returned mail: one message from standard input, or what is new in a mailbox."""

import imaplib
import ssl
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from school import bounces

PATIENCE = 30  # seconds for every answer of the mailbox


class Command(BaseCommand):
    help = "Read returned mail, and remember which addresses are wrong: one message from standard input, or --imap."

    def add_arguments(self, parser):
        parser.add_argument("--imap", action="store_true", help="read what is new in the mailbox of the settings")

    def handle(self, *, imap, **options):
        if imap:
            self.read_mailbox()
        else:  # one byte more than is read: too much is junk, and never fills the memory
            self.tell(1, int(bounces.read_returned(sys.stdin.buffer.read(bounces.MAX_BYTES + 1))))

    def tell(self, read, wrong):
        self.stdout.write(f"{read} read, {wrong} wrong addresses")

    def read_mailbox(self):
        box = settings.BOUNCE_MAILBOX
        if box is None:
            raise CommandError("GESPREKKEN_BOUNCES_HOST is not set. docs/operations.md says what to set.")
        try:
            context = ssl.create_default_context()  # imaplib's own does not look at who answers
            with imaplib.IMAP4_SSL(box["host"], box["port"], ssl_context=context, timeout=PATIENCE) as mailbox:
                mailbox.login(box["user"], box["password"])
                self.look(mailbox, box["folder"])
        except (imaplib.IMAP4.error, OSError) as error:
            raise CommandError(f"The mailbox could not be read: {error}")

    def look(self, mailbox, folder):
        """Every message that nobody read yet. What was read is marked so and stays; nothing is ever deleted."""
        answer, _ = mailbox.select(f'"{folder}"')
        if answer != "OK":
            raise CommandError(f"There is no folder {folder} in this mailbox. GESPREKKEN_BOUNCES_FOLDER names it.")
        numbers = mailbox.search(None, "UNSEEN")[1][0].split()
        wrong = 0
        for number in numbers:
            _, parts = mailbox.fetch(number, f"(BODY.PEEK[]<0.{bounces.MAX_BYTES + 1}>)")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            mailbox.store(number, "+FLAGS", "\\Seen")  # before it is read: one mail never holds up every run
            wrong += bounces.read_returned(raw)
        self.tell(len(numbers), wrong)
