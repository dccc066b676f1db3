"""Mail that did not go: what failed lately, why in plain words, and trying it again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l

from school import audit, outbox, registry
from school.models import Outgoing

SHOWN_DAYS = 30  # what failed longer ago is no longer news to a parent

AWAY = _l("De mailserver was niet bereikbaar, ook niet na een uur.")
REFUSED = _l("De mailserver nam dit bericht niet aan. Vraag je beheerder of de mail goed is ingesteld.")
WRONG = _l("De mailserver weigerde dit adres. Kijk of het klopt.")
MAYBE = _l(
    "Het versturen werd onderbroken. Misschien is dit bericht toch aangekomen; "
    "stuur je het opnieuw, dan komt het misschien twee keer."
)
REASONS = {
    "ConnectionRefusedError": AWAY,
    "ConnectionResetError": AWAY,
    "TimeoutError": AWAY,
    "gaierror": AWAY,
    "OSError": AWAY,
    "SMTPServerDisconnected": AWAY,
    "SMTPConnectError": AWAY,
    outbox.REFUSED: WRONG,
    "SMTPRecipientsRefused": WRONG,
    outbox.NO_ANSWER: MAYBE,
    "SMTPAuthenticationError": _l(
        "De mailserver liet ons niet binnen. Vraag je beheerder om het wachtwoord na te kijken."
    ),
    "SMTPSenderRefused": REFUSED,
    "SMTPDataError": REFUSED,
    "SMTPResponseException": REFUSED,
    "worker stopped while sending": MAYBE,
}
UNKNOWN = _l("Er ging iets mis bij het maken of versturen. Vraag je beheerder om in het logboek te kijken.")
# What a message is called that failed before it had a subject, by the beginning of its name.
NAMES = {
    "planning.invitation": _l("Uitnodiging"),
    "planning.": _l("Bericht over een tijd"),
    "gesprekken.": _l("Bericht over een gesprek of het schooljaar"),
    "school.": _l("Bericht over inloggen"),
}


def lately(failed, *, now=None):
    """Of these failed messages those of the last SHOWN_DAYS, newest first."""
    since = (now or timezone.now()) - timedelta(days=SHOWN_DAYS)
    return failed.filter(claimed_at__gte=since).order_by("-claimed_at", "-pk")


def reason(row):
    """Why it failed, and what to do about it, in one or two sentences."""
    return REASONS.get(row.why, UNKNOWN)


def subject(row):
    """What the message was about, as its reader would have seen it; in general where that is not for leadership to read,
    or where it was never written.
    """
    if row.message in registry.named:
        return registry.named[row.message]
    return row.subject or next((name for start, name in NAMES.items() if row.message.startswith(start)), row.message)


def try_again(rows, *, by, now=None):
    """Let the worker send these failed messages once more. Returns how many; a second click finds none.

    The row itself waits again instead of getting a next version: of some messages the version says which edition of
    the news it is about (docs/decisions/0005-outbox.md).
    """
    with transaction.atomic():
        mine = Outgoing.objects.filter(
            pk__in=list(rows.values_list("pk", flat=True)), school=by.school, state=Outgoing.State.FAILED
        )
        count = outbox.send_after_all(mine, now=now or timezone.now())
        if count:
            audit.record("send_mail_again", by=by, mails=count)
    return count
