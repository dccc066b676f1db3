"""Addresses that come back: refused while sending, or returned by post. From then on nothing is sent there.

A bounce is about an address, not about a person: it counts as long as the address is hers. Returned mail is somebody
else's words. Of it only a delivery report is read (RFC 3464): the headers about each recipient, and the Message-ID of
the message that came back, which nobody can make but us. Nothing in it is followed, and nothing else is searched.
"""

import re
import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.parser import HeaderParser

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from school import audit
from school.actor import Actor
from school.models import Bounce, Medewerker, Outgoing

CAME_BACK = "address bounced"  # in Outgoing.why: there, and of every message that was kept back because of it
MAX_BYTES = 256 * 1024  # our own mail is small, and what comes back is little more than that
MAX_LINE = 2000  # twice what mail may have
MAX_PARTS = 20  # of a report that are looked at; there are three, and a recipient or two
FRESH = timedelta(days=7)  # a server gives up after five days; a later report is of who kept an old mail of ours
DIGITS = 32  # of the proof in a Message-ID: 128 bits
OURS = re.compile(rf"\s*<g(\d{{1,18}})\.([0-9a-f]{{{DIGITS}}})@")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# What a server says about itself, about us or about the content (RFC 3463) says nothing about the address.
NOT_THE_ADDRESS = ("5.3.", "5.5.", "5.6.", "5.7.")
NO_SUCH_ADDRESS = {550, 551, 553, 556}


def message_id(row, address):
    """The Message-ID of this row to this address. It names nobody; who has it can say where it was sent, nothing else."""
    return f"<g{row.pk}.{_proof(row.pk, address)}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"


def _proof(pk, address):
    return salted_hmac("school.bounces", f"{pk}:{address.lower()}", algorithm="sha256").hexdigest()[:DIGITS]


def has_bounced(person):
    """Whether mail to the address this person has now came back. For many: came_back, or Bounce.objects.standing()."""
    return Bounce.objects.standing().filter(person=person).exists()


def came_back(people):
    """Of these people, the ids of those whose address came back. One question for all."""
    wanted = [person.pk for person in people]
    return set(Bounce.objects.standing().filter(person__in=wanted).values_list("person", flat=True))


def keeps_mail_from(person):
    """Whether mail to this person is kept back. Never to staff: they ask for what they need to sign in themselves."""
    return has_bounced(person) and not Medewerker.objects.filter(person=person).exists()


def keeps_mail_from_these(people):
    """Of these people, the ids of those whose mail is kept back. One question for all."""
    wanted = [person.pk for person in people]
    kept_back = Bounce.objects.standing().filter(person__in=wanted, person__medewerker=None)
    return set(kept_back.values_list("person", flat=True))


def record(person, address, *, status="", now=None):
    """Remember that this address of this person came back for good. Twice is once."""
    with transaction.atomic():
        _, is_new = Bounce.objects.get_or_create(
            person=person,
            address=address.lower(),
            defaults={"school_id": person.school_id, "at": now or timezone.now(), "status": status[:20]},
        )
        if is_new:
            audit.record("address_bounced", person, by=Actor.system(person.school), status=status)


def forget(person):
    """The address this person has now is right after all. Returns whether that was news."""
    standing = Bounce.objects.standing().filter(person=person).values_list("pk", flat=True)
    return bool(Bounce.objects.filter(pk__in=list(standing)).delete()[0])


# --- refused while sending -------------------------------------------------------------------------------------------


def refusal_of(error):
    """The status when the mail server says that this address does not exist; empty for anything that may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()), (0, b""))
        status = _status_in(reply) or (str(code) if code in NO_SUCH_ADDRESS else "")
        return status if code >= 500 and not status.startswith(NOT_THE_ADDRESS) else ""
    if isinstance(error, smtplib.SMTPDataError):  # some servers look up the address only when they have it all
        status = _status_in(error.smtp_error)
        return status if status.startswith("5.1.") else ""
    return ""


def _status_in(reply):
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else str(reply)
    found = STATUS.search(text)
    return found[1] if found else ""


# --- returned mail ---------------------------------------------------------------------------------------------------


def read_returned(raw, *, now=None):
    """Read one returned mail, as bytes. Returns True when it says that the address of one of our messages is wrong.

    Junk, forgeries and what says something else change nothing. Never raises for what stands in it.
    """
    now = now or timezone.now()
    try:
        failed, numbers = _report_in(raw)
    except Exception:  # the email package meets whatever somebody thought of sending
        return False
    found = _our_message(numbers, failed, now) if failed and numbers else None
    if found is None:
        return False
    row, address = found
    with transaction.atomic():
        record(row.recipient, address, status=failed[address.lower()], now=now)
        Outgoing.objects.filter(pk=row.pk, state=Outgoing.State.SENT).update(state=Outgoing.State.FAILED, why=CAME_BACK)
    return True


def _report_in(raw):
    """({address that failed for good: status}, {number: proof} of what came back); both empty for any other mail."""
    if not _is_small(raw):
        return {}, {}
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return {}, {}
    failed, numbers = {}, {}
    for part in mail.get_payload()[:MAX_PARTS]:
        failed |= _failures(part)
        if ours := OURS.match(str(_returned(part).get("Message-ID", ""))):
            numbers[int(ours[1])] = ours[2]
    return failed, numbers


def _is_small(raw):
    return len(raw) <= MAX_BYTES and all(len(line) <= MAX_LINE for line in raw.splitlines())


def _failures(part):
    """{address in lower case: status ("" where it gives none)} of who is never reached, in one delivery status."""
    if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
        return {}
    failed = {}
    for block in part.get_payload()[: MAX_PARTS + 1]:  # the first is about the message, the others about recipients
        status = _status_in(block.get("Status", ""))
        is_final = str(block.get("Action", "")).strip().lower().startswith(("fail", "error"))  # some say: error
        if is_final and not status.startswith(("2.", "4.", *NOT_THE_ADDRESS)):
            names = (block.get(name, "") for name in ("Original-Recipient", "Final-Recipient"))
            failed |= {address: status for address in map(_address_in, names) if address}
    return failed


def _address_in(recipient):
    """Of 'rfc822; <somebody@example.org>' the address."""
    return str(recipient).rpartition(";")[2].strip().strip("<>").lower()


def _returned(part):
    """The headers of our own message, where this part is that message or its headers; else nothing."""
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return part.get_payload()[0]
    if part.get_content_type() == "text/rfc822-headers":
        raw = part.get_payload(decode=True) or b""
        return HeaderParser().parsestr(raw.decode("ascii", "replace")) if _is_small(raw) else {}
    return {}


def _our_message(numbers, failed, now):
    """(row, address) of the message of ours that this is about, sent lately to an address that is still hers; else None."""
    rows = Outgoing.objects.select_related("recipient__school", "recipient__user")
    for row in rows.filter(pk__in=numbers, sent_at__gt=now - FRESH, sent_at__lte=now):
        for address in _addresses_of(row.recipient):
            if address.lower() in failed and constant_time_compare(numbers[row.pk], _proof(row.pk, address)):
                return row, address
    return None


def _addresses_of(person):
    return [address for address in (person.email, person.user.email if person.user_id else "") if address]
