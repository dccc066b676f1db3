"""The invitations on their way: they wait, can be stopped and go after all, and nobody gets one twice."""

import threading
from datetime import time, timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from planning.inviting import letters, opening, paper, sending
from planning.models import Invitation
from school import outbox, registry
from school.actor import ACCOUNT, Actor
from school.models import AuditEvent, Bounce, Outgoing, Relatie
from tests.cast import NOW, Cast
from tests.planning.inviting.test_paper import text_of

LATER = NOW + timedelta(minutes=30)
ALL = {f"{name}@ouders.example" for name in ("fatma", "ali", "kim", "joost", "sander")}


def leiding(cast):
    return Actor(cast.annemiek, ACCOUNT)


def opened_for_later(cast, **fields):
    ronde = cast.with_ronde(**fields)
    cast.with_times()
    opening.open_ronde(ronde=ronde, by=leiding(cast), now=NOW, send_at=LATER)
    ronde.refresh_from_db()
    return ronde


@pytest.fixture
def waiting(cast):
    opened_for_later(cast)
    return cast


def addresses(messages):
    return sorted(to for message in messages for to in message.to)


@pytest.mark.req("I1", "I3")
def test_invitations_wait_half_an_hour_can_be_stopped_and_go_after_all_to_everybody_once(
    waiting, deliver, frozen_clock
):
    ronde, by = waiting.ronde, leiding(waiting)
    assert deliver() == []
    assert (sending.progress(ronde).state, sending.progress(ronde).goes_at) == ("later", LATER)
    for _ in range(2):  # two leaders press the same button
        assert sending.stop(ronde=ronde, by=by).stopped == 5
    frozen_clock.move_to(LATER)
    assert deliver() == []
    assert sending.progress(ronde).state == "stopped"
    assert [sending.send_rest(ronde=ronde, by=by) for _ in range(2)] == [5, 0]
    assert addresses(deliver()) == sorted(ALL)
    assert sending.send_rest(ronde=ronde, by=by) == 0
    assert deliver() == []
    assert (sending.progress(ronde).state, sending.progress(ronde).sent) == ("done", 5)
    verbs = AuditEvent.objects.filter(verb__in=["stop_sending", "send_rest", "send_now"]).order_by("pk")
    assert [event.verb for event in verbs] == ["stop_sending", "send_rest"]


@pytest.mark.req("I3")
def test_stopping_halfway_says_what_went_and_the_rest_goes_later(waiting, deliver, as_, mailoutbox):
    page = as_.staff(waiting.annemiek)
    url = f"/rondes/{waiting.ronde.pk}/versturen/"
    assert "gaan om 10:30 weg" in page.get(url).content.decode()
    page.post(url + "stap/", {"stap": "nu"})
    for _ in range(2):
        outbox.deliver_one()
    said = page.post(url + "stap/", {"stap": "stop"}, follow=True).content.decode()
    assert "3 uitnodigingen zijn tegengehouden. 2 waren al weg en zijn niet meer tegen te houden." in said
    assert "versturen is gestopt" in page.get(f"/rondes/{waiting.ronde.pk}/").content.decode()
    assert deliver() == []
    said = page.post(url + "stap/", {"stap": "alsnog"}, follow=True).content.decode()
    assert "3 uitnodigingen gaan nu alsnog weg." in said
    deliver()
    assert addresses(mailoutbox) == sorted(ALL)
    said = page.post(url + "stap/", {"stap": "stop"}, follow=True).content.decode()  # a page that stood open too long
    assert "alle uitnodigingen waren al weg" in said


def test_a_worker_that_has_a_mail_in_hand_sends_it_or_leaves_it_when_somebody_says_stop(waiting, deliver, monkeypatch):
    ronde, by = waiting.ronde, leiding(waiting)
    sending.send_now(ronde=ronde, by=by)
    real = EmailBackend.send_messages

    def stopped_meanwhile(fails):
        def send(backend, messages):
            now = sending.stop(ronde=ronde, by=by)
            assert (now.state, now.leaving) == ("stopped", 1)  # only the one in hand may still go
            if fails:
                raise ConnectionResetError
            return real(backend, messages)

        return send

    monkeypatch.setattr(EmailBackend, "send_messages", stopped_meanwhile(fails=True))
    outbox.deliver_one()
    assert sending.progress(ronde).stopped == 5  # the one in hand too: it is not tried again behind our back
    sending.send_rest(ronde=ronde, by=by)
    monkeypatch.setattr(EmailBackend, "send_messages", stopped_meanwhile(fails=False))
    assert len(deliver()) == 1
    monkeypatch.setattr(EmailBackend, "send_messages", real)
    sending.send_rest(ronde=ronde, by=by)
    assert len(deliver()) == 4
    assert not Outgoing.objects.exclude(state=Outgoing.State.SENT).exists()


@pytest.mark.django_db(transaction=True)
def test_two_leaders_and_a_worker_at_the_same_moment_send_nobody_two_and_lose_nobody(row_locks, mailoutbox):
    cast = Cast.build()
    ronde, by = opened_for_later(cast), leiding(cast)
    sending.send_now(ronde=ronde, by=by)
    unexpected = []

    def attempt(work, **kwargs):
        try:
            work(**kwargs)
        except Exception as error:
            unexpected.append(error)
        finally:
            connection.close()

    verbs = [sending.stop, sending.send_rest] * 3
    work = [threading.Thread(target=attempt, args=(verb,), kwargs={"ronde": ronde, "by": by}) for verb in verbs]
    work.insert(2, threading.Thread(target=attempt, args=(outbox.deliver_all,)))
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert unexpected == []
    sending.send_rest(ronde=ronde, by=by)
    outbox.deliver_all()
    assert addresses(mailoutbox) == sorted(ALL)


@pytest.mark.req("I3")
def test_a_ronde_that_is_closed_when_the_mail_would_go_invites_nobody_until_it_is_open_again(
    waiting, deliver, frozen_clock
):
    ronde, by = waiting.ronde, leiding(waiting)
    Relatie.objects.filter(person=waiting.ali).update(restriction=True)
    opening.close_ronde(ronde=ronde, by=by)
    frozen_clock.move_to(LATER)
    assert deliver() == []
    assert sending.send_rest(ronde=ronde, by=by) == 0
    opening.reopen_ronde(ronde=ronde, by=by)
    ronde.refresh_from_db()
    assert sending.progress(ronde).missing == sending.send_rest(ronde=ronde, by=by) == 4
    assert addresses(deliver()) == sorted(ALL - {"ali@ouders.example"})


@pytest.mark.req("I3")
def test_who_arrives_while_invitations_wait_or_are_held_back_goes_with_the_others_and_hears_once(
    waiting, deliver, frozen_clock
):
    ronde, by = waiting.ronde, leiding(waiting)

    def arrives(name):
        child = waiting.pupil(name, name.title(), "Yılmaz", waiting.groep3)
        Relatie.objects.create(school=waiting.school, person=waiting.fatma, leerling=child)
        registry.tell("imported", school=waiting.school, by=Actor.system(waiting.school), now=NOW)

    arrives("can")
    assert deliver() == []
    sending.stop(ronde=ronde, by=by)
    arrives("deniz")
    frozen_clock.move_to(LATER)
    assert deliver() == []
    sending.send_rest(ronde=ronde, by=by)
    messages = deliver()
    assert addresses(messages) == sorted(ALL)  # Fatma once, about all four
    (to_fatma,) = [m for m in messages if m.to == ["fatma@ouders.example"]]
    assert all(name in to_fatma.body for name in ("Elif", "Emre", "Can", "Deniz"))


@pytest.mark.req("I3", "I3a")
def test_a_mail_per_child_and_never_one_mail_to_two_separated_parents(cast, deliver):
    brother = cast.pupil("boudewijn", "Boudewijn", "Vries", cast.groep8)
    for parent in (cast.kim, cast.joost):
        Relatie.objects.create(school=cast.school, person=parent, leerling=brother, apart=True)
    cast.with_open_ronde(mail_per_child=True)
    messages = deliver()
    assert all(len(message.recipients()) == 1 for message in messages)
    told = [(message.to[0].split("@")[0], message.body) for message in messages]
    for parent, other in (("kim", "Joost"), ("joost", "Kim")):
        mine = [body for to, body in told if to == parent]
        assert sorted("Noor" in body for body in mine) == [False, True]
        assert sorted("Boudewijn" in body for body in mine) == [False, True]
        assert not [body for body in mine if other in body]
    assert sum(to == "fatma" for to, _body in told) == 2
    late = cast.pupil("can", "Can", "Yılmaz", cast.groep3)
    Relatie.objects.create(school=cast.school, person=cast.ali, leerling=late)
    opening.add_arrivals(ronde=cast.ronde, by=leiding(cast), now=NOW)
    (message,) = deliver()
    assert (message.to, "Can" in message.body, "Elif" in message.body) == (["ali@ouders.example"], True, False)


@pytest.mark.req("I3", "I3a")
def test_one_mail_about_all_children_goes_to_each_separated_parent_by_herself(cast, deliver):
    brother = cast.pupil("boudewijn", "Boudewijn", "Vries", cast.groep8)
    for parent in (cast.kim, cast.joost):
        Relatie.objects.create(school=cast.school, person=parent, leerling=brother, apart=True)
    cast.with_open_ronde()
    told = [(m.recipients(), m.body) for m in deliver() if {"kim@ouders.example", "joost@ouders.example"} & set(m.to)]
    assert sorted(to for to, _body in told) == [["joost@ouders.example"], ["kim@ouders.example"]]
    assert all("Noor" in body and "Bo" in body for _to, body in told)


@pytest.mark.req("I3")
def test_letters_per_child_are_printed_with_the_group_of_that_child(cast):
    brother = cast.pupil("bram", "Bram", "Bos", cast.groep5)
    Relatie.objects.create(school=cast.school, person=cast.ria, leerling=brother)
    ronde = cast.with_open_ronde(mail_per_child=True)
    assert paper.letters_to_print(ronde) == 2
    text = text_of(letters.print_at_once(ronde=ronde, groep=cast.groep3, by=leiding(cast)))
    assert ("Daan" in text, "Bram" in text) == (True, False)
    assert paper.letters_to_print(ronde) == 1
    assert paper.waiting_letters(ronde) == {cast.groep3.pk: (1, 1), cast.groep5.pk: (1, 0)}


@pytest.mark.req("I3")
def test_who_gives_an_address_after_opening_is_mailed_after_all_unless_her_letter_was_printed(cast, deliver):
    Bounce.objects.create(school=cast.school, person=cast.sander, address="Sander@ouders.example")
    ronde = cast.with_open_ronde()
    assert addresses(deliver()) == sorted(ALL - {"sander@ouders.example"})
    assert sending.progress(ronde).missing == 0
    letters.print_at_once(ronde=ronde, groep=cast.groep3, by=leiding(cast))  # Ria's
    for person in (cast.sander, cast.ria):
        person.email = f"nieuw-{person.first_name.lower()}@ouders.example"
        person.save()
    assert [sending.send_rest(ronde=ronde, by=leiding(cast)) for _ in range(2)] == [1, 0]
    assert addresses(deliver()) == ["nieuw-sander@ouders.example"]
    assert Invitation.objects.get(person=cast.sander).channel == Invitation.Channel.MAIL


@pytest.mark.req("I1")
def test_opening_asks_when_and_nothing_chosen_is_later(cast, as_, deliver):
    ronde = cast.with_ronde()
    cast.with_times()
    client = as_.staff(cast.annemiek)
    assert "Over 30 minuten" in client.get(f"/rondes/{ronde.pk}/").content.decode()
    assert client.post(f"/rondes/{ronde.pk}/openen/", {"when": "ooit"}).status_code == 422
    answer = client.post(f"/rondes/{ronde.pk}/openen/", follow=True)
    assert "De uitnodigingen gaan om 10:30 weg" in answer.content.decode()
    assert "Stop met versturen" in answer.content.decode()
    assert deliver() == []
    other = cast.with_ronde(groepen=[cast.groep8])
    cast.with_times(ronde=other, starts=time(18), ends=time(19))
    client.post(f"/rondes/{other.pk}/openen/", {"when": "meteen"})
    assert addresses(deliver()) == ["ali@ouders.example", "fatma@ouders.example"]
