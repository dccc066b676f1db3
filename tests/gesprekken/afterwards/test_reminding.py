"""Reminders of agreements: once, a week before, to whom it concerns, and asked again when the mail goes."""

from datetime import timedelta

import pytest

from gesprekken.afterwards import outcomes, reminding
from gesprekken.models import Agreement
from gesprekken.talking import recording
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.models import Relatie
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
CANARY = "KANARIE-AFSPRAAK"


@pytest.fixture
def shared(cast):
    """Elif's verslag is shared; what was agreed is looked back on in seven days. The parents, Elif and Saskia."""
    cast.with_gesprek()
    cast.with_verslag()
    Agreement.objects.update(what=CANARY, evaluate_on=TODAY + timedelta(days=7))
    recording.release(gesprek=cast.gesprek, by=Actor(cast.saskia, ACCOUNT))
    return cast


def told(deliver):
    return {message.to[0]: message for message in deliver() if "terugkijken" in message.subject}


@pytest.mark.req("G5")
def test_each_party_with_mail_hears_it_once_and_nothing_of_what_it_is(shared, deliver):
    deliver()
    assert [reminding.remind(now=NOW), reminding.remind(now=NOW + timedelta(days=1))] == [3, 0]
    messages = told(deliver)
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example", shared.saskia.email}
    for message in messages.values():
        said = message.subject + message.body + str(message.alternatives)
        assert not any(word in said for word in (CANARY, "Elif", "Yılmaz"))
    assert "/u/" in messages["fatma@ouders.example"].body


def test_two_agreements_are_one_mail(shared, deliver):
    first = Agreement.objects.get()
    people = list(first.concerns.all())
    first.pk = None
    first.save()
    first.concerns.set(people)
    assert reminding.remind(now=NOW) == 3
    assert len(told(deliver)) == 3


@pytest.mark.parametrize("days", [-1, 8])
def test_not_earlier_and_not_after_the_day(shared, days):
    Agreement.objects.update(evaluate_on=TODAY + timedelta(days=days))
    assert reminding.remind(now=NOW) == 0


def test_not_what_is_done_nor_what_is_not_shared(shared):
    outcomes.say(agreement=Agreement.objects.get(), by=Actor(shared.fatma, CONFIRMED), state="done")
    assert reminding.remind(now=NOW) == 0
    shared.with_gesprek(shared.noor)
    shared.with_verslag(shared.gesprek)
    Agreement.objects.filter(gesprek=shared.gesprek).update(evaluate_on=TODAY)
    assert reminding.remind(now=NOW) == 0


def test_what_changed_before_the_mail_went_counts(shared, deliver):
    deliver()
    reminding.remind(now=NOW)
    Relatie.objects.filter(person=shared.fatma).update(restriction=True)
    assert set(told(deliver)) == {"ali@ouders.example", shared.saskia.email}


def test_done_before_the_mail_went_stops_it(shared, deliver):
    deliver()
    reminding.remind(now=NOW)
    outcomes.say(agreement=Agreement.objects.get(), by=Actor(shared.ali, CONFIRMED), state="done")
    assert told(deliver) == {}


def test_a_correction_does_not_remind_again(shared):
    by = Actor(shared.saskia, ACCOUNT)
    reminding.remind(now=NOW)
    recording.correct(gesprek=shared.gesprek, by=by, reason="naam")
    recording.finalise(gesprek=shared.gesprek, by=by, seen_version=0, held_on=TODAY)
    recording.release(gesprek=shared.gesprek, by=by)
    assert reminding.remind(now=NOW + timedelta(days=1)) == 0
