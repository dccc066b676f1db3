"""Mail is a row first: at most once, in the recipient's language, never lost, never with a secret in it."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from school import access, bounces, outbox, registry
from school.models import Outgoing
from tests.cast import NOW


@pytest.fixture
def greeting(monkeypatch):
    """A message for these tests alone."""

    def write(row):
        return outbox.Mail(subject="Dag", text="Open https://x.example/u/geheimtoken123/ snel. Code 123456.")

    monkeypatch.setitem(registry.mails, "test.greeting", write)
    return "test.greeting"


def test_the_same_version_to_the_same_person_goes_once(cast, greeting, deliver):
    for _ in range(3):
        outbox.put(greeting, cast.fatma, cast.school)
    assert len(deliver()) == 1
    outbox.put(greeting, cast.fatma, cast.school, version=2)
    assert len(deliver()) == 1


def test_a_message_without_its_cause_cannot_exist(cast, greeting, deliver):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.put(greeting, cast.fatma, cast.school)
        raise RuntimeError("the booking failed")
    assert deliver() == []


def test_what_was_sent_is_kept_with_links_and_codes_masked(cast, greeting, deliver):
    outbox.put(greeting, cast.fatma, cast.school)
    deliver()
    row = Outgoing.objects.get()
    assert row.state == Outgoing.State.SENT
    assert "geheimtoken123" not in row.sent_text
    assert "123456" not in row.sent_text
    assert "/u/***" in row.sent_text


def test_a_guardian_without_an_address_drops_the_message_and_says_so(cast, greeting, deliver):
    outbox.put(greeting, cast.ria, cast.school)
    assert deliver() == []
    assert Outgoing.objects.get().state == Outgoing.State.DROPPED


def test_a_mail_server_that_is_away_is_tried_again_with_growing_pauses(cast, greeting, deliver, monkeypatch):
    outbox.put(greeting, cast.fatma, cast.school)
    real = EmailBackend.send_messages

    def away(*args):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", away)
    pauses, now = [], NOW
    for _ in range(3):
        outbox.deliver_all(now)
        row = Outgoing.objects.get()
        pauses.append(row.due_at - now)
        now = row.due_at
    assert pauses == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    monkeypatch.setattr(EmailBackend, "send_messages", real)
    assert outbox.deliver_all(now) == 1
    assert Outgoing.objects.get().state == Outgoing.State.SENT


def test_a_mail_server_that_stays_away_ends_as_failed(cast, greeting, monkeypatch):
    outbox.put(greeting, cast.fatma, cast.school)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda *a: 1 / 0)
    now = NOW
    for _ in range(10):
        outbox.deliver_all(now)
        now += timedelta(hours=2)
    row = Outgoing.objects.get()
    assert (row.state, row.attempts) == (Outgoing.State.FAILED, outbox.MAX_ATTEMPTS)


def test_one_message_that_cannot_be_written_does_not_hold_up_the_others(cast, greeting, deliver, monkeypatch):
    monkeypatch.setitem(registry.mails, "test.broken", lambda row: 1 / 0)
    outbox.put("test.broken", cast.ali, cast.school)
    outbox.put(greeting, cast.fatma, cast.school)
    assert len(deliver()) == 1
    assert Outgoing.objects.get(message="test.broken").state == Outgoing.State.FAILED


def test_a_row_that_a_dead_worker_left_is_not_sent_twice(cast, greeting, deliver, frozen_clock):
    row = outbox.put(greeting, cast.fatma, cast.school)
    assert outbox.claim(NOW).pk == row.pk  # ... and here the worker dies
    assert deliver() == []
    outbox.give_up_undecidable(NOW + timedelta(minutes=outbox.CLAIM_MINUTES, seconds=1))
    assert Outgoing.objects.get().state == Outgoing.State.FAILED


def test_two_workers_never_claim_the_same_row(cast, greeting):
    outbox.put(greeting, cast.fatma, cast.school)
    assert outbox.claim(NOW) is not None
    assert outbox.claim(NOW) is None


def test_a_subject_with_line_breaks_cannot_add_headers(cast, deliver, monkeypatch):
    monkeypatch.setitem(registry.mails, "test.evil", lambda row: outbox.Mail(subject="Dag\nBcc: x@y.nl", text="."))
    outbox.put("test.evil", cast.fatma, cast.school)
    (message,) = deliver()
    assert message.subject == "Dag Bcc: x@y.nl"
    assert message.recipients() == ["fatma@ouders.example"]


@pytest.mark.parametrize(
    "name", ["De Wilg\r\nBcc: x@y.nl", 'De "Wilg" <x@y.nl>,', "De Wilg\\", "\u202eDe Wilg, x@y.nl;"]
)
def test_a_name_of_the_school_cannot_change_who_sends_or_receives(name, cast, greeting, deliver):
    cast.school.sender_name = name
    cast.school.save()
    outbox.put("test.greeting", cast.fatma, cast.school)
    (message,) = deliver()
    sent = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert [mailbox.addr_spec for mailbox in sent["From"].addresses] == ["gesprekken@school.example"]
    assert sent["Bcc"] is None
    assert message.recipients() == ["fatma@ouders.example"]


def test_the_second_step_goes_in_the_language_of_the_reader(cast, deliver):
    cast.fatma.language = "en"
    cast.fatma.save()
    access.ask_second_step(cast.fatma)
    (message,) = deliver()
    assert message.to == ["fatma@ouders.example"]


def test_who_is_reached_is_asked_in_one_question_whatever_their_number(cast, django_assert_num_queries):
    for person in (cast.fatma, cast.saskia):
        bounces.record(person, person.email)
    people = [cast.fatma, cast.ali, cast.ria, cast.saskia]
    with django_assert_num_queries(1):
        assert outbox.reached(people) == {cast.ali.pk, cast.saskia.pk}  # staff ask for their mail themselves
    assert [outbox.reaches(person) for person in people] == [False, True, False, True]
    with django_assert_num_queries(0):
        assert outbox.reached([cast.ria]) == set()
