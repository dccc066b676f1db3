"""Addresses that come back: refused while sending, or returned by post. From then on nothing is sent there.

A bounce is about an address, not about a person: it counts as long as the address is hers. Returned mail is somebody
else's words. It is only searched for a Message-ID of our own, which nobody can make but us; nothing in it is followed.
"""

import re
import smtplib
from email import message_from_bytes

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from flufl.bounce import all_failures

from school import audit
from school.actor import Actor
from school.models import Bounce, Medewerker, Outgoing

CAME_BACK = "address bounced"  # in Outgoing.why: there, and of every message that was kept back because of it
MAX_BYTES = 256 * 1024  # our own mail is small, and what comes back is little more than that
MAX_LINE = 2000  # twice what mail may have; some detectors take very long over one line of a hundred thousand letters
DIGITS = 32  # of the proof in a Message-ID: 128 bits
OURS = re.compile(rf"<g(\d{{1,18}})\.([0-9a-f]{{{DIGITS}}})@")
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
    if len(raw) > MAX_BYTES or any(len(line) > MAX_LINE for line in raw.splitlines()):
        return False
    try:
        mail = message_from_bytes(raw)
        found = _our_message(mail)
        status = _permanent(mail) if found else None
    except Exception:  # flufl.bounce and email meet whatever somebody thought of sending
        return False
    if found is None or status is None:
        return False
    row, address = found
    with transaction.atomic():
        record(row.recipient, address, status=status, now=now)
        Outgoing.objects.filter(pk=row.pk, state=Outgoing.State.SENT).update(state=Outgoing.State.FAILED, why=CAME_BACK)
    return True


def _our_message(mail):
    """(row, address) of the message of ours that this is about, as long as that is still the address; else None."""
    for number, proof in _message_ids(mail):
        row = Outgoing.objects.select_related("recipient__school", "recipient__user").filter(pk=number).first()
        for address in _addresses_of(row.recipient) if row else ():
            if constant_time_compare(proof, _proof(row.pk, address)):
                return row, address
    return None


def _addresses_of(person):
    return [address for address in (person.email, person.user.email if person.user_id else "") if address]


def _message_ids(mail):
    """Everything that looks like a Message-ID of ours: in headers, and in what was sent back as a part or as text."""
    found = []
    for part in mail.walk():
        found += [str(part.get(name, "")) for name in ("Message-ID", "In-Reply-To", "References")]
        if not part.is_multipart():
            found.append((part.get_payload(decode=True) or b"").decode("ascii", "replace"))
    return dict.fromkeys((int(number), proof) for number, proof in OURS.findall("\n".join(found)))


def _permanent(mail):
    """The status of a failure for good ("" where it gives none), or None: a delay, or not about the address."""
    _delayed, failed = all_failures(mail)
    if not failed:
        return None
    statuses = [block.get("Status", "") for part in mail.walk() for block in _blocks(part)]
    status = next((found[1] for found in map(STATUS.search, statuses) if found), "")
    return None if status.startswith(NOT_THE_ADDRESS) else status


def _blocks(part):
    """The blocks of a delivery status, of which the first is about the message and the others about recipients."""
    is_status = part.get_content_type() == "message/delivery-status" and part.is_multipart()
    return part.get_payload() if is_status else []
