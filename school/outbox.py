"""Mail is a row first, in the same transaction as what it tells; the worker writes and sends it.

A message goes at most once per version and recipient. A worker that dies between handing a message to the mail
server and noting so leaves the row in `sending`; after CLAIM_MINUTES it is given up as failed rather than sent twice
(docs/decisions/0005-outbox.md). The same holds for a mail server that took a whole message and never answered.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Case, F, Max, Value, When
from django.utils import timezone, translation

from school import bounces, discretion, registry
from school.languages import language_of, languages_of_people
from school.models import Outgoing
from school.smtp import NoAnswer

logger = logging.getLogger("gesprekken.outbox")

CLAIM_MINUTES = 10  # longer than any mail server's patience, short enough that a leader sees it the same day
STOP_ASKED = "stop asked"  # on a row a worker has in hand: it goes now, or not at all
AT_ONCE = 50  # messages of one kind that are written together
FRESH_SECONDS = 10  # what was written longer ago than this is written anew before it goes
MAX_ATTEMPTS = 6  # with doubling pauses from one minute: about an hour

# Why a row was not sent, where somebody can do something about it (Outgoing.why).
REFUSED = "address refused"
NO_ANSWER = "mail server gave no answer"


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes
    content_type: str  # with parameters, such as "text/calendar; method=REQUEST"


@dataclass(frozen=True)
class Mail:
    """What a mail function returns: three parts, and what goes with it."""

    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    reply_to: str = ""
    to: str = ""  # another address than the recipient's own: where a login's mail goes
    headers: dict = field(default_factory=dict)


def put(message, recipient, obj, *, version=1, due_at=None):
    """Add one row, or nothing when this version was put before. Returns the row."""
    row, _ = Outgoing.objects.get_or_create(
        message=message,
        recipient=recipient,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        version=version,
        defaults={"school_id": recipient.school_id, "due_at": due_at or timezone.now()},
    )
    return row


def put_again(message, recipient, obj, *, due_at=None):
    """A row with the next version: for what may be asked for more than once. Two at the same moment are one."""
    last = Outgoing.objects.filter(
        message=message, recipient=recipient, object_type=obj._meta.label_lower, object_id=obj.pk
    ).aggregate(last=Max("version"))["last"]
    return put(message, recipient, obj, version=(last or 0) + 1, due_at=due_at)


def put_many(message, pairs, *, version=1, now=None, due_at=None):
    """The same for (recipient, object) pairs in one statement; sent at once, or not before `due_at`."""
    now = now or timezone.now()
    return Outgoing.objects.bulk_create(
        [
            Outgoing(
                school_id=recipient.school_id,
                message=message,
                recipient=recipient,
                object_type=obj._meta.label_lower,
                object_id=obj.pk,
                version=version,
                created_at=now,
                due_at=due_at or now,
            )
            for recipient, obj in pairs
        ],
        ignore_conflicts=True,
    )


def address_of(person):
    return person.email or (person.user.email if person.user_id else "")


def reaches(person):
    """Whether mail to this person goes anywhere: she has an address, and nothing came back from it."""
    return bool(address_of(person)) and not bounces.keeps_mail_from(person)


def reached(people):
    """Of these people, the ids of those whom mail reaches. At most one question for all."""
    with_address = [person for person in people if address_of(person)]
    kept_back = bounces.keeps_mail_from_these(with_address) if with_address else set()
    return {person.pk for person in with_address} - kept_back


def stop(rows):
    """Hold back what waits of these rows. What a worker has in hand goes now, or is not tried again.

    Returns how many were touched. One statement: a row a worker takes at this moment is either held or in its hand.
    """
    in_hand = When(state=Outgoing.State.SENDING, then=Value(Outgoing.State.SENDING))
    return rows.filter(state__in=[Outgoing.State.WAITING, Outgoing.State.SENDING]).update(
        why=Case(When(state=Outgoing.State.SENDING, then=Value(STOP_ASKED)), default=F("why")),
        state=Case(in_hand, default=Value(Outgoing.State.STOPPED)),
    )


def send_after_all(rows, *, now):
    """What was stopped, failed or not needed any more waits again. Returns how many; a second click finds none."""
    ended = [Outgoing.State.STOPPED, Outgoing.State.FAILED, Outgoing.State.DROPPED]
    return rows.filter(state__in=ended).update(state=Outgoing.State.WAITING, due_at=now, attempts=0, why="")


def due(now):
    """What waits and may go, in the order in which it goes."""
    waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING, due_at__lte=now)
    return waiting.select_related("school", "recipient__school", "recipient__user").order_by("due_at", "pk")


def claim(now):
    """Take one waiting row for this worker, or None. A conditional update decides between two workers."""
    while row := due(now).first():
        if take(row, now):
            return row
    return None


def take(row, now):
    """Whether this row, as it was read, is now in the hands of this worker alone."""
    as_read = Outgoing.objects.filter(pk=row.pk, state=Outgoing.State.WAITING, attempts=row.attempts)
    return bool(as_read.update(state=Outgoing.State.SENDING, claimed_at=now))


def give_up_undecidable(now):
    """Rows a dead worker left in `sending`: nobody knows whether they went, so they are not sent again."""
    return Outgoing.objects.filter(
        state=Outgoing.State.SENDING, claimed_at__lt=now - timedelta(minutes=CLAIM_MINUTES)
    ).update(state=Outgoing.State.FAILED, why="worker stopped while sending")


def write(row):
    """The Mail of this row in the recipient's language, or None when it no longer holds."""
    with translation.override(language_of(row.recipient)), timezone.override(row.school.zone):
        return registry.mails[row.message](row)


def write_together(rows):
    """{row id: (Mail or None, its mark)} of rows of one message, in a fixed number of questions."""
    prepare, _mark = registry.together[rows[0].message]
    with transaction.atomic():
        write_one, languages = prepare(rows), languages_of_people(row.recipient for row in rows)
        drafts = {}
        for row in rows:
            with translation.override(languages[row.recipient_id]), timezone.override(row.school.zone):
                drafts[row.pk] = write_one(row)
    return drafts


def sender(school):
    """The school's name before the address; whatever stands in that name, it stays a name on one line."""
    name = "".join(c for c in " ".join(school.from_name.split()) if c.isprintable() and c not in '"\\')
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'


def message(row, mail):
    """The message as it is handed to the mail server."""
    school = row.school
    to = mail.to or address_of(row.recipient)
    email = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=mail.text,
        from_email=sender(school),
        to=[to],
        reply_to=[mail.reply_to or school.reply_to] if mail.reply_to or school.reply_to else None,
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": bounces.message_id(row, to),  # the same at every attempt: who has it twice, shows it once
            **mail.headers,
        },
    )
    if mail.html:
        email.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        email.attach(attachment.name, attachment.content, attachment.content_type)
    return email


def finish(row, state, now, **fields):
    Outgoing.objects.filter(pk=row.pk).update(state=state, **fields)
    logger.info("outbox %s %s %s", row.pk, row.message, state)


def not_sent(row, mail, error, now):
    """Tried again later, unless the address is wrong, nobody can know whether it went, or somebody said stop."""
    attempts = row.attempts + 1
    about = {
        "attempts": attempts,
        "due_at": now + timedelta(minutes=2**row.attempts),
        "why": type(error).__name__,
        "subject": discretion.masked(mail.subject)[:200],
    }
    unstopped = Outgoing.objects.filter(pk=row.pk).exclude(why=STOP_ASKED)
    if status := bounces.refusal_of(error):
        with transaction.atomic():
            bounces.record(row.recipient, mail.to or address_of(row.recipient), status=status, now=now)
            finish(row, Outgoing.State.FAILED, now, **{**about, "why": REFUSED})
    elif isinstance(error, NoAnswer):
        finish(row, Outgoing.State.FAILED, now, **{**about, "why": NO_ANSWER})
    elif attempts >= MAX_ATTEMPTS:
        finish(row, Outgoing.State.FAILED, now, **about)
    elif unstopped.update(state=Outgoing.State.WAITING, **about):
        logger.info("outbox %s %s waits to be tried again", row.pk, row.message)
    else:
        finish(row, Outgoing.State.STOPPED, now, **about)


def deliver_one(now=None):
    """Send one due message. Returns False when nothing was waiting. Never raises for a single bad message."""
    now = now or timezone.now()
    row = claim(now)
    if row is None:
        return False
    if not kept_back(row, now):
        write_and_send(row, now)
    return True


def kept_back(row, now):
    if bounces.keeps_mail_from(row.recipient):
        finish(row, Outgoing.State.DROPPED, now, why=bounces.CAME_BACK)
        return True
    return False


def write_and_send(row, now):
    """Of a row in hand: written, and sent where it still holds."""
    try:
        with transaction.atomic():
            mail = write(row) if address_of(row.recipient) else None
    except Exception as error:
        logger.exception("outbox %s could not be written", row.pk)
        finish(row, Outgoing.State.FAILED, now, why=type(error).__name__)
        return
    if mail is None:
        finish(row, Outgoing.State.DROPPED, now, why="no longer holds, or no address")
    else:
        hand_over(row, mail, now)


def hand_over(row, mail, now):
    """To the mail server, and noted as sent."""
    try:
        message(row, mail).send()
    except Exception as error:
        not_sent(row, mail, error, now)
        return
    finish(
        row,
        Outgoing.State.SENT,
        now,
        sent_at=now,
        subject=discretion.masked(mail.subject)[:200],
        sent_text=discretion.masked(mail.text),
        why="",
    )


def deliver_some(now=None, should_stop=lambda: False):
    """Send one due message, or of a kind that is written together those right behind it too. Returns how many.

    They are taken one at a time, each when it goes: a worker that is killed leaves one in hand, never a batch.
    """
    now = now or timezone.now()
    first = list(due(now)[:1])
    if not first or first[0].message not in registry.together:
        return int(deliver_one(now))
    rows = alike(list(due(now)[:AT_ONCE]), first[0].message)
    until = time.monotonic() + FRESH_SECONDS
    try:
        drafts = write_together(rows)
    except Exception:  # whichever row it is, alone it fails alone
        logger.exception("%s outbox rows could not be written together", len(rows))
        return int(deliver_one(now))
    count = 0
    for row in rows:
        if should_stop() or time.monotonic() > until:
            break
        if take(row, now):
            count += 1
            if not kept_back(row, now):
                send_draft(row, *drafts[row.pk], now)
    return count or int(deliver_one(now))


def alike(rows, message):
    """Those at the beginning that are the same message."""
    return list(takewhile(lambda row: row.message == message, rows))


def send_draft(row, mail, mark, now):
    """Of a row in hand, what was written for it a moment ago; anew where something it depends on is otherwise by now."""
    if mail is None or registry.together[row.message][1](row) != mark:
        fresh = Outgoing.objects.select_related("school", "recipient__school", "recipient__user").get(pk=row.pk)
        write_and_send(fresh, now)
    else:
        hand_over(row, mail, now)


def deliver_all(now=None, limit=10_000):
    """Everything that is due; for tests, the demo and `manage.py worker --once`. Returns how many rows it handled."""
    give_up_undecidable(now or timezone.now())
    count = 0
    while count < limit and (handled := deliver_some(now)):
        count += handled
    return count
