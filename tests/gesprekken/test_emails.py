"""The mail that says there is something to read: a link of one's own, nothing about the child, asked again when sent."""

import re
from datetime import date, timedelta

import pytest

from gesprekken.models import Agreement
from gesprekken.talking import recording
from school.actor import ACCOUNT, Actor
from school.models import AccessLink, Outgoing, Relatie
from tests.cast import NOW


@pytest.fixture
def released(cast):
    cast.with_gesprek()
    cast.with_verslag(about_child="Elif leest graag")
    cast.by = Actor(person=cast.saskia, level=ACCOUNT)
    recording.release(gesprek=cast.gesprek, by=cast.by)
    return cast


def test_each_guardian_gets_a_link_of_her_own_and_no_content(released, deliver):
    messages = deliver()
    links = {message.to[0]: re.search(r"/u/(\S+?)/", message.body).group(1) for message in messages}
    assert set(links) == {"fatma@ouders.example", "ali@ouders.example"}
    assert len(set(links.values())) == 2
    for message in messages:
        assert message.subject == "Het verslag van het gesprek over Elif staat klaar"
        assert "leest graag" not in message.body + str(message.alternatives)
        assert "tien minuten" not in message.body + str(message.alternatives)
        assert "?next=/verslag/" in message.body
    assert links["fatma@ouders.example"] not in Outgoing.objects.get(recipient=released.fatma).sent_text


def test_the_link_leads_to_the_second_step_first(released, deliver, client):
    message = next(m for m in deliver() if "fatma" in m.to[0])
    path = re.search(r"/u/\S+", message.body).group()
    assert client.get(path).status_code == 200
    assert client.post(path)["Location"] == f"/verslag/{released.gesprek.pk}/"
    assert client.get(f"/verslag/{released.gesprek.pk}/")["Location"].startswith("/code-per-mail/")


def test_a_link_never_leads_out_of_the_house(released, deliver, client):
    message = deliver()[0]
    path = re.search(r"/u/[^?\s]+", message.body).group()
    assert client.post(path + "?next=https://elders.example/")["Location"] == "/"


@pytest.mark.parametrize(
    ("evaluate_on", "expires"),
    [(None, NOW + timedelta(days=60)), (date(2026, 12, 1), NOW + timedelta(days=60)), (date(2027, 6, 1), None)],
)
def test_the_link_works_sixty_days_or_until_we_look_back(released, deliver, evaluate_on, expires):
    Agreement.objects.update(evaluate_on=evaluate_on)
    deliver()
    link = AccessLink.objects.filter(person=released.fatma).latest("pk")
    if expires:
        assert link.expires_at == expires
    else:
        assert link.expires_at.date() == evaluate_on


@pytest.mark.req("I3a")
@pytest.mark.parametrize("cut", [{"restriction": True}, {"information": "geen"}, {"gone": True}])
def test_what_changed_before_the_mail_went_counts(released, deliver, cut):
    Relatie.objects.filter(person=released.fatma).update(**cut)
    assert [message.to for message in deliver()] == [["ali@ouders.example"]]
    assert Outgoing.objects.get(recipient=released.fatma).state == "dropped"


def test_a_newer_version_makes_the_older_mail_unneeded(released, deliver):
    recording.correct(gesprek=released.gesprek, by=released.by, reason="fout")
    recording.finalise(gesprek=released.gesprek, by=released.by, seen_version=0, held_on=NOW.date())
    recording.release(gesprek=released.gesprek, by=released.by)
    messages = deliver()
    assert len(messages) == 2
    assert all("verbeterd" in message.body for message in messages)
    assert Outgoing.objects.filter(state="dropped").count() == 2
