"""Addresses that come back: refused while sending or returned by post, and nothing else counts as that."""

import base64
import io
import re
import smtplib
import time
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from config import env
from school import bounces, outbox, registry
from school.management.commands import bounces as command
from school.models import AuditEvent, Bounce, Outgoing
from school.smtp import NoAnswer

pytestmark = pytest.mark.req("I3", "I4")


@pytest.fixture
def sent(cast, deliver, monkeypatch):
    """One message to Fatma that went: (row, the message as it was sent)."""
    monkeypatch.setitem(registry.mails, "test.greeting", lambda row: outbox.Mail(subject="Dag", text="Dag Fatma"))
    row = outbox.put("test.greeting", cast.fatma, cast.school)
    (message,) = deliver()
    return row, message.message().as_bytes()


def returned(sent_bytes, *, action="failed", status="5.1.1", recipient="fatma@ouders.example"):
    """What a mail server sends back (RFC 3464), with the message that could not be delivered."""
    return (
        b"From: MAILER-DAEMON@mx.example\r\nTo: gesprekken@school.example\r\nSubject: Undelivered Mail\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        b"--B\r\nContent-Type: text/plain\r\n\r\nSorry. See https://example.com/never/followed\r\n"
        b"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        + f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n".encode()
        + b"--B\r\nContent-Type: message/rfc822\r\n\r\n"
        + sent_bytes
        + b"\r\n--B--\r\n"
    )


def refuse(monkeypatch, error):
    def send_messages(*args):
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


def rcpt(code, reply):
    return smtplib.SMTPRecipientsRefused({"fatma@ouders.example": (code, reply)})


# --- while sending ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (rcpt(550, b"5.1.1 <fatma@ouders.example>: user unknown"), "5.1.1"),
        (rcpt(550, b"no such user"), "550"),
        (smtplib.SMTPDataError(550, b"5.1.10 RecipientNotFound"), "5.1.10"),
    ],
)
def test_an_address_that_is_refused_is_remembered_at_once_and_not_tried_again(cast, monkeypatch, error, status):
    monkeypatch.setitem(registry.mails, "test.greeting", lambda row: outbox.Mail(subject="Dag", text="Dag"))
    row = outbox.put("test.greeting", cast.fatma, cast.school)
    refuse(monkeypatch, error)
    outbox.deliver_all()
    row.refresh_from_db()
    assert (row.state, row.why, row.attempts) == (Outgoing.State.FAILED, outbox.REFUSED, 1)
    bounce = Bounce.objects.get()
    assert (bounce.person, bounce.address, bounce.status) == (cast.fatma, "fatma@ouders.example", status)
    assert AuditEvent.objects.filter(verb="address_bounced").count() == 1


@pytest.mark.parametrize(
    "error",
    [
        rcpt(451, b"4.7.1 greylisted"),
        rcpt(421, b"too busy"),
        rcpt(550, b"5.7.1 Client host blocked"),  # about us, not about her
        rcpt(452, b"4.2.2 mailbox full"),
        smtplib.SMTPSenderRefused(550, b"5.1.8 who are you", "gesprekken@school.example"),
        smtplib.SMTPDataError(554, b"5.7.1 looks like spam"),
        smtplib.SMTPServerDisconnected(),
        TimeoutError(),
    ],
)
def test_what_says_nothing_about_the_address_is_tried_again(cast, monkeypatch, error):
    monkeypatch.setitem(registry.mails, "test.greeting", lambda row: outbox.Mail(subject="Dag", text="Dag"))
    row = outbox.put("test.greeting", cast.fatma, cast.school)
    refuse(monkeypatch, error)
    outbox.deliver_all()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Outgoing.State.WAITING, 1)
    assert not Bounce.objects.exists()


def test_a_message_that_was_handed_over_without_an_answer_is_flagged_and_not_sent_again(cast, monkeypatch):
    monkeypatch.setitem(registry.mails, "test.greeting", lambda row: outbox.Mail(subject="Dag", text="Dag"))
    row = outbox.put("test.greeting", cast.fatma, cast.school)
    refuse(monkeypatch, NoAnswer())
    outbox.deliver_all()
    row.refresh_from_db()
    assert (row.state, row.why) == (Outgoing.State.FAILED, outbox.NO_ANSWER)


def test_nothing_goes_to_an_address_that_came_back_until_it_changes(cast, deliver, monkeypatch):
    monkeypatch.setitem(registry.mails, "test.greeting", lambda row: outbox.Mail(subject="Dag", text="Dag"))
    for person in (cast.fatma, cast.saskia):
        bounces.record(person, person.email.upper(), status="5.1.1")
        outbox.put("test.greeting", person, cast.school)
    assert [m.to for m in deliver()] == [[cast.saskia.email]]  # staff ask for their mail themselves
    kept_back = Outgoing.objects.get(recipient=cast.fatma)
    assert (kept_back.state, kept_back.why) == (Outgoing.State.DROPPED, bounces.CAME_BACK)
    cast.fatma.email = "fatma.nieuw@ouders.example"
    cast.fatma.save()
    outbox.put("test.greeting", cast.fatma, cast.school, version=2)
    assert [m.to for m in deliver()] == [["fatma.nieuw@ouders.example"]]
    assert not bounces.has_bounced(cast.fatma)


# --- returned --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_what", [b"message/rfc822", b"text/rfc822-headers"])
def test_returned_mail_finds_the_person_by_our_own_message_id_and_her_address(sent, cast, as_what):
    row, message = sent
    raw = returned(message, recipient="<Fatma@Ouders.example>").replace(b"message/rfc822", as_what)
    assert b"fatma" not in message.split(b"Message-ID: ")[1].split(b"\n")[0]
    assert bounces.read_returned(raw)
    assert bounces.read_returned(raw)  # the same mail again changes nothing
    assert [(b.person, b.address, b.status) for b in Bounce.objects.all()] == [
        (cast.fatma, "fatma@ouders.example", "5.1.1")
    ]
    row.refresh_from_db()
    assert (row.state, row.why) == (Outgoing.State.FAILED, bounces.CAME_BACK)


def forged(raw):
    place = re.search(rb"<g\d+\.", raw).end() + 5
    return raw[:place] + (b"0" if raw[place : place + 1] != b"0" else b"1") + raw[place + 1 :]


def own_id(message):
    return message.split(b"Message-ID: ")[1].split(b"\n")[0].strip()


def with_run_of(sign, kind):
    """A report of which one part is a long run of one sign: some readers of mail take hours over it."""
    lines = base64.encodebytes(sign * 100_000).replace(b"\n", b"\r\n")
    part = b"--B\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines
    return lambda message: returned(b"Subject: x\r\n\r\nx").replace(b"--B--", part + b"\r\n--B--")


def absence_reply(message):
    reply = EmailMessage()
    reply["In-Reply-To"] = own_id(message).decode()
    reply.set_content("Ik ben er niet. Daarna wel.")
    return reply.as_bytes()


JUNK = {
    "a delay": lambda m: returned(m, action="delayed", status="4.4.1"),
    "delivered": lambda m: returned(m, action="delivered", status="2.0.0"),
    "blocked as spam": lambda m: returned(m, status="5.7.1"),
    "a forged number": lambda m: forged(returned(m)),
    "no message of ours": lambda m: returned(b"Subject: x\r\n\r\nx"),
    "about somebody else": lambda m: returned(m, recipient="somebody.else@forwarded.example"),
    "about nobody": lambda m: returned(m, recipient=""),
    "our number in a header": lambda m: b"In-Reply-To: " + own_id(m) + b"\r\n" + returned(b"Subject: x\r\n\r\nx"),
    "our number in what was written": lambda m: returned(b"References: " + own_id(m) + b"\r\n\r\n" + own_id(m)),
    "no report": lambda m: returned(m).replace(b"multipart/report", b"multipart/mixed"),
    "a run of <": with_run_of(b"<", b"text/plain"),
    "a run of < as headers": with_run_of(b"<", b"text/rfc822-headers"),
    "an absence reply": absence_reply,
    "empty": lambda m: b"",
    "noise": lambda m: bytes(range(256)) * 100,
    "huge": lambda m: returned(m) + b"x\r\n" * 100_000,
    "one long line": lambda m: returned(m + b"a@" * 60_000),
    "deep": lambda m: b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(999)),
    "another codec": lambda m: returned(m).replace(b"text/plain", b'text/plain; charset="zlib_codec"'),
    "half headers": lambda m: returned(m).replace(b"Status: ", b"Status: =?utf-8?q?=ff?= \x00").replace(b"failed", b"f\xff"),
}  # fmt: skip


@pytest.mark.parametrize("what", JUNK)
def test_junk_delays_and_forgeries_change_nothing_and_are_no_error(sent, what):
    before = time.process_time()  # of this process alone: how busy the machine is, is not the question
    assert bounces.read_returned(JUNK[what](sent[1])) is (what == "another codec")
    assert time.process_time() - before < 1
    assert Bounce.objects.count() == (what == "another codec")


def test_what_comes_back_from_an_address_that_was_changed_since_is_old_news(sent, cast):
    cast.fatma.email = "fatma.nieuw@ouders.example"
    cast.fatma.save()
    assert not bounces.read_returned(returned(sent[1]))
    assert not Bounce.objects.exists()


def test_a_report_about_mail_of_weeks_ago_is_of_somebody_who_kept_it(sent):
    assert not bounces.read_returned(returned(sent[1]), now=timezone.now() + timedelta(days=8))
    assert not Bounce.objects.exists()


# --- the command -----------------------------------------------------------------------------------------------------


class Mailbox:
    """As much of imaplib as is used. What is in it is marked, never deleted."""

    def __init__(self, raw):
        self.raw, self.seen = raw, []

    def __call__(self, host, port, **how):
        assert how["ssl_context"].check_hostname
        return self

    def __enter__(self):
        return self

    def __exit__(self, *details):
        return False

    def login(self, user, password):
        assert (user, password) == ("retour", "geheim")

    def select(self, folder):
        return ("OK", [b"2"])

    def search(self, charset, what):
        return "OK", [b" ".join(n for n in (b"1", b"2") if n not in self.seen)]

    def fetch(self, number, what):
        return "OK", [(b"1 (BODY[]", self.raw[int(number) - 1]), b")"]

    def store(self, number, how, flag):
        self.seen.append(number)


def test_the_command_reads_one_mail_from_a_pipe(sent, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(returned(sent[1]))))
    call_command("bounces")
    assert "1 wrong" in capsys.readouterr().out
    assert Bounce.objects.count() == 1


def test_the_command_reads_what_is_new_in_a_mailbox(sent, settings, monkeypatch, capsys):
    monkeypatch.setenv("GESPREKKEN_BOUNCES_HOST", "imap.school.example")
    monkeypatch.setenv("GESPREKKEN_BOUNCES_USER", "retour")
    monkeypatch.setenv("GESPREKKEN_BOUNCES_PASSWORD", "geheim")
    settings.BOUNCE_MAILBOX = env.mailbox()
    box = Mailbox([b"junk", returned(sent[1])])
    monkeypatch.setattr(command.imaplib, "IMAP4_SSL", box)
    call_command("bounces", "--imap")
    call_command("bounces", "--imap")
    assert capsys.readouterr().out.splitlines() == ["2 read, 1 wrong addresses", "0 read, 0 wrong addresses"]
    assert Bounce.objects.count() == 1


def test_a_mail_that_stops_the_reading_is_not_tried_by_every_run(sent, settings, monkeypatch):
    settings.BOUNCE_MAILBOX = {"host": "x", "port": 993, "user": "retour", "password": "geheim", "folder": "INBOX"}
    box = Mailbox([b"junk", b"junk"])
    monkeypatch.setattr(command.imaplib, "IMAP4_SSL", box)
    monkeypatch.setattr(bounces, "read_returned", lambda raw: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("bounces", "--imap")
    assert box.seen == [b"1"]


def test_a_mailbox_that_is_not_set_or_set_wrong_is_said_with_advice(settings, monkeypatch):
    with pytest.raises(CommandError, match="GESPREKKEN_BOUNCES_HOST"):
        call_command("bounces", "--imap")
    monkeypatch.setenv("GESPREKKEN_BOUNCES_HOST", "imap.school.example")
    with pytest.raises(SystemExit, match="GESPREKKEN_BOUNCES_USER is not set"):
        env.mailbox()
    monkeypatch.setenv("GESPREKKEN_BOUNCES_PORT", "143")
    with pytest.raises(SystemExit, match="TLS"):
        env.mailbox()
    monkeypatch.setenv("GESPREKKEN_BOUNCES_HOST", "imaps://imap.school.example")
    with pytest.raises(SystemExit, match="a name only"):
        env.mailbox()
