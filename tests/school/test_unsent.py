"""Mail that failed: leadership sees to whom and why, never what it said, and tries again."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from school import outbox, registry
from school.models import Outgoing
from tests.cast import NOW


@pytest.fixture
def failing(cast, monkeypatch):
    """A message to Fatma that the mail server refused until we gave up."""
    mail = outbox.Mail(subject="Uw gesprek over Elif", text="geheim https://x.example/u/token/")
    monkeypatch.setitem(registry.mails, "planning.test", lambda row: mail)
    outbox.put("planning.test", cast.fatma, cast.school)

    def refuses(*args):
        raise SMTPRecipientsRefused({})

    with monkeypatch.context() as away:
        away.setattr(EmailBackend, "send_messages", refuses)
        now = NOW
        for _ in range(outbox.MAX_ATTEMPTS):
            outbox.deliver_all(now)
            now += timedelta(minutes=40)
    return Outgoing.objects.get()


@pytest.mark.req("I3")
def test_failed_mail_is_a_list_with_the_reason_and_goes_again_once(cast, failing, as_, deliver, frozen_clock):
    frozen_clock.move_to(NOW + timedelta(hours=5))
    client = as_.staff(cast.annemiek)
    assert 'href="/post/"' in client.get("/rondes/").content.decode()
    page = client.get("/post/").content.decode()
    assert "Uw gesprek over Elif" in page
    assert "Fatma" in page
    assert "De mailserver weigerde dit adres." in page
    assert "geheim" not in page
    for _ in range(2):  # two leaders, one message
        client.post("/post/opnieuw/", {"bericht": failing.pk})
    assert [message.to for message in deliver()] == [["fatma@ouders.example"]]
    assert "Alles is verstuurd" in client.get("/post/").content.decode()
    assert 'href="/post/"' not in client.get("/rondes/").content.decode()
    assert (
        "bericht was al opnieuw verstuurd"
        in client.post("/post/opnieuw/", {"bericht": failing.pk}, follow=True).content.decode()
    )
    assert deliver() == []


def test_what_failed_before_it_was_written_has_a_name_and_a_school_sees_its_own(cast, next_door, as_, frozen_clock):
    row = outbox.put("planning.invitation", cast.ali, cast.school)
    assert outbox.claim(NOW).pk == row.pk
    outbox.give_up_undecidable(NOW + timedelta(minutes=11))
    page = as_.staff(cast.annemiek).get("/post/").content.decode()
    assert "Uitnodiging" in page
    assert "Misschien is dit bericht toch aangekomen" in page
    neighbour = as_.staff(next_door.vera)
    assert "Ali" not in neighbour.get("/post/").content.decode()
    neighbour.post("/post/opnieuw/", {"bericht": row.pk})
    neighbour.post("/post/opnieuw/")
    row.refresh_from_db()
    assert row.state == Outgoing.State.FAILED
    frozen_clock.move_to(NOW + timedelta(days=31))
    assert "Ali" not in as_.staff(cast.annemiek).get("/post/").content.decode()


@pytest.mark.req("K4")
def test_mail_between_colleagues_about_looking_back_is_not_for_leadership_to_read_also_when_it_failed(cast, as_):
    """Who was observed or shares a look back is between the two of them; a parent who heard nothing has to be seen."""
    now = timezone.now()
    for message, person in (
        ("kijkwijzer.observation_given", cast.saskia),
        ("kijkwijzer.terugblik_shared", cast.ilse),
        ("kijkwijzer.asked_to_observe", cast.ilse),
        ("kijkwijzer.observer_answered", cast.saskia),
        ("kijkwijzer.observer_off", cast.ilse),
        ("kijkwijzer.observer_comes", cast.fatma),
    ):
        row = outbox.put(message, person, cast.school)
        failed = {"state": Outgoing.State.FAILED, "claimed_at": now, "subject": "Een collega kijkt mee bij Elif"}
        Outgoing.objects.filter(pk=row.pk).update(**failed)
    client = as_.staff(cast.annemiek)
    page = client.get("/post/").content.decode()
    assert page.count('name="bericht"') == 1
    assert "Bericht over wie er bij een gesprek is" in page and "Fatma" in page
    for word in ("kijkt mee", "Elif", cast.saskia.name, cast.ilse.name):
        assert word not in page
    client.post("/post/opnieuw/")
    assert Outgoing.objects.filter(state=Outgoing.State.FAILED).count() == 5
