"""Sends what is in the outbox and does the jobs, until it is told to stop. Killed at any moment, it resumes."""

import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections, connection

from school import jobs, outbox

PAUSE = 1.0  # seconds between looks at an empty table; a parent waits for a code by mail


class Command(BaseCommand):
    help = "Send mail from the outbox and do background jobs. Mail never waits behind a job: each has its own loop."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due and stop")

    def handle(self, *, once, **options):
        if once:
            self.stdout.write(f"{jobs.work_all()} jobs, {outbox.deliver_all()} messages")
            return
        self.stopping = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stopping.set())
        loops = [
            threading.Thread(target=self.loop, args=(jobs.work_one,), daemon=True),
            threading.Thread(
                target=self.loop, args=(lambda: outbox.deliver_some(should_stop=self.stopping.is_set),), daemon=True
            ),
        ]
        for loop in loops:
            loop.start()
        last_look = 0.0
        while not self.stopping.is_set():
            if time.monotonic() - last_look > 60:
                self.patiently(lambda: outbox.give_up_undecidable(outbox.timezone.now()))
                last_look = time.monotonic()
            self.stopping.wait(PAUSE)
        for loop in loops:
            loop.join(timeout=30)

    def loop(self, work_one):
        while not self.stopping.is_set():
            close_old_connections()
            if not self.patiently(work_one):
                self.stopping.wait(PAUSE)
        connection.close()

    def patiently(self, work):
        """A database that is away for a moment (a restart, a lock) is no reason to stop."""
        try:
            return work()
        except OperationalError:
            self.stderr.write("the database does not answer; trying again in five seconds")
            self.stopping.wait(5)
            return False
