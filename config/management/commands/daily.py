"""What happens once a day: parents are asked again, old links, codes and sessions are cleared away. Run it from cron."""

from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from gesprekken.afterwards import asking, reminding
from gesprekken.development import portfolio
from kijkwijzer.evidence import adding_up
from planning.inviting import printing, reminders
from school.importers.batches import forget_stale
from school.models import AccessLink, ContactReport, SecondStep, TrustedDevice

REPORTS_KEPT = timedelta(days=30)  # a reported address is somebody's; after a decision it is only needed to look back


class Command(BaseCommand):
    help = "Daily upkeep: puts reminders to parents in the outbox, for daytime; removes expired links, codes, letters, trusted devices and sessions, and files of what was deleted; counts what leadership looks at."

    def handle(self, **options):
        now = timezone.now()
        self.stdout.write(f"reminders: {reminders.remind(now=now)}")
        self.stdout.write(f"agreements looked back on soon: {reminding.remind(now=now)}")
        self.stdout.write(f"asked how it was: {asking.ask_how_it_was(now=now)}")
        for model in (AccessLink, SecondStep, TrustedDevice):
            count, _ = model.objects.filter(expires_at__lt=now).delete()
            self.stdout.write(f"{model.__name__}: {count} expired")
        decided, _ = ContactReport.objects.filter(decided_at__lt=now - REPORTS_KEPT).delete()
        self.stdout.write(f"ContactReport: {decided} decided long ago")
        self.stdout.write(f"imports nobody decided about: {forget_stale(now=now)}")
        self.stdout.write(f"letters nobody prints any more: {printing.forget_old(now=now)}")
        self.stdout.write(f"files of reports and work that were deleted: {portfolio.remove_strays(now=now)}")
        call_command("clearsessions")
        self.stdout.write(f"counted for the day that begins: {adding_up.lay_ready(now=now)} school years")
