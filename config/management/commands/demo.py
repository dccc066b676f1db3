"""Fills the demo's own database, once a day: tomorrow the school is a day further in its year."""

import shutil

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from config import demo_school
from school import outbox
from school.models import School


class Command(BaseCommand):
    help = "Fill the demo school (demo mode only). --fresh begins again from nothing."

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true")

    def handle(self, *, fresh, **options):
        if not settings.DEMO:
            raise CommandError("This fills a database with invented people; it runs in demo mode only: ./run demo")
        database = settings.DATABASES["default"]["NAME"]
        day = settings.VAR / "demo-day"
        if fresh or not day.exists() or day.read_text() != self.mark():
            connections.close_all()
            for name in (
                database,
                database.with_name(f"{database.name}-wal"),
                database.with_name(f"{database.name}-shm"),
            ):
                name.unlink(missing_ok=True)
            shutil.rmtree(settings.DEMO_MAIL, ignore_errors=True)
        self.say("De database klaarzetten")
        call_command("migrate", verbosity=0)
        if School.objects.exists():
            self.say("De school van vandaag staat er al (./run fresh-demo begint opnieuw)")
            return
        with transaction.atomic():
            school = demo_school.build(say=self.say)
        self.say("de post versturen")
        count = outbox.deliver_all()
        day.write_text(self.mark())
        self.say(f"Klaar: {school.name}, {count} berichten verstuurd")

    def mark(self):
        """The demo is made anew on a new day, at another address and for another version of the tables."""
        migrations = sorted(path.stat().st_mtime_ns for path in settings.BASE_DIR.glob("*/migrations/0*.py"))
        return f"{timezone.localdate()} {settings.BASE_URL} {max(migrations)}"

    def say(self, text):
        self.stdout.write(f"    {text}")
        self.stdout.flush()
