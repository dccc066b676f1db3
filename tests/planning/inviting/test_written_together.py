"""Invitations are written many at once and go one by one: each is what it should be at the moment it goes."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gesprekken.models import Gesprek
from planning.emails import still_invited
from school import access, outbox
from school.models import AccessLink, Outgoing, Person, Relatie
from tests.cast import NOW
from tests.remembered import remembered

State = Outgoing.State


@pytest.fixture
@remembered
def opened(cast):
    """Five guardians with an address; nothing was sent yet."""
    cast.with_open_ronde()
    Outgoing.objects.update(due_at=NOW)
    return cast


def of(person):
    return Outgoing.objects.get(recipient=person)


def before_the_last_goes(monkeypatch, happens):
    """`happens` when the first mail went, and the others lie written."""
    hand_over, gone = outbox.hand_over, []

    def handing(row, mail, now):
        hand_over(row, mail, now)
        if not gone:
            happens()
        gone.append(row.recipient)

    monkeypatch.setattr(outbox, "hand_over", handing)
    return gone


def last(cast):
    return Outgoing.objects.order_by("due_at", "pk").last().recipient


def test_many_are_written_in_as_many_questions_as_few(opened):
    rows = list(outbox.due(NOW))
    assert len(rows) == 5
    counts = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            drafts = outbox.write_together(some)
        assert all(mail for mail, _mark in drafts.values())
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_everybody_gets_a_link_of_her_own_in_her_own_language(opened, deliver):
    Person.objects.filter(pk=opened.sander.pk).update(language="en")
    mails = {mail.to[0]: mail for mail in deliver()}
    assert len(mails) == 5
    for name, mail in mails.items():
        (token,) = {word.split("/u/")[1].strip("/") for word in mail.body.split() if "/u/" in word}
        assert access.find_link(token).person.email == name
    assert AccessLink.objects.count() == 5
    assert "Dear Sander" in mails["sander@ouders.example"].body
    assert "Beste Kim" in mails["kim@ouders.example"].body


@pytest.mark.parametrize("happens", ["restricted", "cancelled", "came back"])
def test_what_happens_after_the_writing_and_before_the_going_counts(opened, monkeypatch, deliver, happens):
    whom = last(opened)

    def happened():
        if happens == "restricted":
            Relatie.objects.filter(person=whom).update(restriction=True)
        elif happens == "cancelled":
            Gesprek.objects.filter(deelnames__person=whom).update(cancelled_at=NOW)
        else:
            outbox.bounces.record(whom, whom.email, now=NOW)

    before_the_last_goes(monkeypatch, happened)
    assert whom.email not in {mail.to[0] for mail in deliver()}
    assert of(whom).state == State.DROPPED


def test_it_goes_to_the_address_of_this_moment(opened, monkeypatch, deliver):
    whom = last(opened)
    before_the_last_goes(monkeypatch, lambda: Person.objects.filter(pk=whom.pk).update(email="nieuw@ouders.example"))
    assert deliver()[-1].to == ["nieuw@ouders.example"]


def test_stopped_between_two_it_stays_stopped(opened, monkeypatch, deliver):
    gone = before_the_last_goes(monkeypatch, lambda: outbox.stop(Outgoing.objects.all()))
    deliver()
    assert len(gone) == 1
    assert Outgoing.objects.filter(state=State.STOPPED).count() == 4


def test_a_worker_that_is_killed_has_one_in_hand(opened, monkeypatch):
    def killed():
        raise KeyboardInterrupt

    before_the_last_goes(monkeypatch, killed)
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_some(NOW)
    assert sorted(Outgoing.objects.values_list("state", flat=True)) == ["sent", *["waiting"] * 4]


def test_asked_to_stop_it_stops_between_two(opened, monkeypatch):
    gone = before_the_last_goes(monkeypatch, lambda: None)
    assert outbox.deliver_some(NOW, should_stop=lambda: len(gone) == 2) == 2
    assert Outgoing.objects.filter(state=State.WAITING).count() == 3


def test_what_another_worker_has_is_left_to_it(opened, monkeypatch, mailoutbox):
    whom = last(opened)
    before_the_last_goes(
        monkeypatch, lambda: Outgoing.objects.filter(recipient=whom).update(state=State.SENDING, claimed_at=NOW)
    )
    outbox.deliver_some(NOW)
    assert len(mailoutbox) == 4
    assert of(whom).state == State.SENDING


def test_what_was_written_long_ago_is_written_anew(opened, monkeypatch, mailoutbox):
    moments = iter([0, 1, outbox.FRESH_SECONDS + 1])
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    assert outbox.deliver_some(NOW) == 1
    assert Outgoing.objects.filter(state=State.WAITING).count() == 4


def test_one_that_cannot_be_written_fails_alone(opened, monkeypatch, mailoutbox):
    from planning import emails

    ask, broken = emails.ask_to_choose, last(opened)

    def asking(row, *about, **more):
        return 1 / 0 if row.recipient == broken else ask(row, *about, **more)

    monkeypatch.setattr(emails, "ask_to_choose", asking)
    outbox.deliver_all()
    assert len(mailoutbox) == 4
    assert of(broken).state == State.FAILED


def test_the_mark_says_what_the_writing_saw(opened):
    rows = list(outbox.due(NOW))
    drafts = outbox.write_together(rows)
    assert [drafts[row.pk][1] for row in rows] == [still_invited(row) for row in rows]
    Relatie.objects.filter(person__in=[row.recipient for row in rows]).update(restriction=True)
    assert {still_invited(row) for row in rows} == {None}
