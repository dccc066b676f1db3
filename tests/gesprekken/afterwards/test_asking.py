"""The mail of the morning after: once, a link only, and never beside the mail about the verslag."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from gesprekken.afterwards import asking, feedback
from gesprekken.models import Deelname, Gesprek
from gesprekken.talking import recording
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Relatie
from tests.cast import NOW, TODAY

MORNING = datetime(2026, 11, 11, 5, 0, tzinfo=UTC)  # cron, the day after, at six in Amsterdam


@pytest.fixture
def held(cast):
    cast.with_gesprek()
    Gesprek.objects.filter(pk=cast.gesprek.pk).update(held_on=TODAY)
    cast.gesprek.refresh_from_db()
    return cast


def test_the_morning_after_each_guardian_is_asked_once(held, deliver, frozen_clock, client):
    assert asking.ask_how_it_was(now=NOW) == 0  # the day itself
    assert asking.ask_how_it_was(now=MORNING) == 2
    assert asking.ask_how_it_was(now=MORNING + timedelta(days=1)) == 0
    assert {row.due_at.hour for row in Outgoing.objects.filter(message=asking.MESSAGE)} == {8}  # nine in Amsterdam
    frozen_clock.move_to(MORNING + timedelta(hours=4))
    messages = deliver()
    assert {message.to[0] for message in messages} == {"fatma@ouders.example", "ali@ouders.example"}
    path = re.search(r"/u/\S+", messages[0].body).group()
    assert client.post(path)["Location"] == f"/hoe-was-het/{held.gesprek.pk}/"


def test_who_was_not_there_or_may_not_be_written_to_is_not_asked(held):
    Deelname.objects.filter(gesprek=held.gesprek, person=held.ali).update(attended=False)
    Relatie.objects.filter(person=held.fatma).update(restriction=True)
    assert asking.ask_how_it_was(now=MORNING) == 0


def test_who_answered_already_gets_no_mail(held, deliver, frozen_clock):
    feedback.give(gesprek=held.gesprek, by=Actor(held.ali, LINK), answers={"heard": 3})
    asking.ask_how_it_was(now=MORNING)
    frozen_clock.move_to(MORNING + timedelta(hours=4))
    assert [message.to[0] for message in deliver()] == ["fatma@ouders.example"]


def test_who_hears_of_the_verslag_finds_the_question_there_and_gets_no_second_mail(held, deliver, frozen_clock, as_):
    held.with_verslag()
    recording.release(gesprek=held.gesprek, by=Actor(held.saskia, ACCOUNT), now=NOW)
    deliver()
    asking.ask_how_it_was(now=MORNING)
    frozen_clock.move_to(MORNING + timedelta(hours=4))
    assert deliver() == []
    page = as_.link(held.fatma, confirmed=True).get(f"/verslag/{held.gesprek.pk}/").content.decode()
    assert f"/hoe-was-het/{held.gesprek.pk}/" in page
