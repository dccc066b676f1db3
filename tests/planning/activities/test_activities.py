"""Other parent activities: who is invited, who comes, what families hear, and who was there."""

import contextlib
import threading
from datetime import date, time, timedelta

import icalendar
import pytest
from django.db import IntegrityError, connection, transaction

from gesprekken.year import cycle
from planning import feeds, week
from planning.activities import asking, guests, signing
from planning.models import SignUp, WeekException
from school import outbox
from school.actor import ACCOUNT, LINK, Actor
from school.models import Bounce, Outgoing, Relatie
from tests.cast import NOW, Cast

pytestmark = pytest.mark.req("C6")
EVENING = date(2026, 12, 3)


def leiding(cast):
    return Actor(cast.annemiek, ACCOUNT)


def parent(person):
    return Actor(person, LINK)


def evening(cast, **fields):
    """An evening for group 5 (Elif, Noor, Tess), three weeks ahead."""
    about = {
        "name": "Avond over lezen", "soort": "informatieavond", "starts": time(19, 30), "ends": time(21),
        "place": "de aula", "invitation": "Samen lezen.\nWij zien u graag.", "asks_sign_up": True, "places": 4,
        **fields,
    }  # fmt: skip
    activiteit = cast.with_activity(about.pop("on", EVENING), **about)
    activiteit.groepen.set([cast.groep5])
    return activiteit


@pytest.fixture
def invited(cast, deliver):
    cast.people["avond"] = evening(cast)
    asking.invite(activiteit=cast.avond, by=leiding(cast), now=NOW)
    cast.people["mails"] = {message.to[0]: message for message in deliver()}
    cast.avond.refresh_from_db()
    return cast


def change(cast, **fields):
    about = {"on": cast.avond.on, **fields}
    cycle.change_activiteit(activiteit=cast.avond, by=leiding(cast), groepen=list(cast.avond.groepen.all()), **about)
    cast.avond.refresh_from_db()


def item(message):
    (event,) = icalendar.Calendar.from_ical(message.attachments[0].content).walk("VEVENT")
    return event


# --- inviting --------------------------------------------------------------------------------------------------------


def test_every_guardian_is_told_once_of_all_her_children_and_nobody_who_may_not_be(cast, deliver):
    Bounce.objects.create(school=cast.school, person=cast.kim, address=cast.kim.email, at=NOW)
    activiteit = evening(cast)
    activiteit.groepen.set([cast.groep5, cast.groep8, cast.groep3])
    assert asking.invite(activiteit=activiteit, by=leiding(cast), now=NOW) == 4
    mails = {message.to[0]: message for message in deliver()}
    assert set(mails) == {f"{name}@ouders.example" for name in ("fatma", "ali", "joost", "sander")}
    ali = mails["ali@ouders.example"]
    assert ali.subject == "U bent welkom: Avond over lezen"
    assert "Als ouder van Elif en Emre bent u van harte welkom" in ali.body
    assert "Samen lezen." in ali.body and "van 19:30 tot 21:00 uur" in ali.body and "de aula" in ali.body
    reach = asking.reach_of(activiteit)
    assert [p.first_name for p in reach.came_back] == ["Kim"] and [p.first_name for p in reach.no_address] == ["Ria"]

    Bounce.objects.all().delete()  # her address works again: only she is written to
    assert asking.invite(activiteit=activiteit, by=leiding(cast), now=NOW) == 1
    assert [message.to for message in deliver()] == [["kim@ouders.example"]]
    with pytest.raises(asking.NotInvited) as refused:
        asking.invite(activiteit=activiteit, by=leiding(cast), now=NOW)
    assert refused.value.reason == "nobody"


@pytest.mark.req("I2")
def test_within_the_week_it_needs_a_reason_that_is_kept(cast, as_):
    activiteit = evening(cast, on=date(2026, 11, 13))
    with pytest.raises(week.ReasonNeeded):
        asking.invite(activiteit=activiteit, by=leiding(cast), now=NOW)
    page = f"/activiteit/{activiteit.pk}/"
    leader = as_.staff(cast.annemiek)
    answer = leader.post(page + "uitnodigen/", {"reason": ""})
    assert answer.status_code == 422 and "binnen een week" in answer.content.decode()
    leader.post(page + "uitnodigen/", {"reason": "de spreker kon opeens"})
    assert "de spreker kon opeens" in leader.get("/weekregel/").content.decode()
    assert "de spreker kon opeens (Annemiek Postma)" in leader.get(page).content.decode()
    assert Outgoing.objects.filter(message=asking.INVITATION).count() == 5


@pytest.mark.req("I2")
def test_another_day_within_the_week_needs_a_reason_that_leadership_reads(invited, as_, frozen_clock):
    change(invited, on=date(2026, 12, 4))  # three weeks ahead nobody asks
    frozen_clock.move_to(NOW.replace(day=30))
    leader, page = as_.staff(invited.annemiek), f"/jaar/activiteiten/{invited.avond.pk}/"
    typed = {"soort": "informatieavond", "name": "Avond over lezen", "on": "2026-12-10", "starts": "19:30", "ends": "21:00",
             "place": "de zaal", "invitation": "Samen lezen.", "groepen": invited.groep5.pk}  # fmt: skip
    refused = leader.post(page, typed)
    assert refused.status_code == 422
    assert "al binnen een week" in refused.content.decode() and "de zaal" in refused.content.decode()
    invited.avond.refresh_from_db()
    assert invited.avond.on == date(2026, 12, 4) and not WeekException.objects.exists()
    assert Outgoing.objects.filter(message=asking.CHANGED).count() == 5  # those of the first change

    assert leader.post(page, typed | {"reason": "De aula is lek."}).status_code == 302
    invited.avond.refresh_from_db()
    leader.post(f"{page}weg/")  # the new day is further than a week: calling off needs no reason
    assert [(e.what, e.on, e.ronde) for e in WeekException.objects.all()] == [("changed", date(2026, 12, 4), None)]
    rule = leader.get(f"/weekregel/?jaar={invited.year.pk}").content.decode()
    assert "De aula is lek." in rule and "Een activiteit werd anders" in rule and "4 dagen ervoor" in rule
    assert f"/activiteit/{invited.avond.pk}/" in rule and "en 1 ouderactiviteit" in rule


@pytest.mark.req("I2")
def test_calling_off_within_the_week_needs_one_too_and_words_need_none(invited, as_, frozen_clock, deliver):
    frozen_clock.move_to(NOW.replace(day=30))
    change(invited, invitation="Samen lezen, en thee.")  # families are not told of this
    leader, away = as_.staff(invited.annemiek), f"/jaar/activiteiten/{invited.avond.pk}/weg/"
    assert "al binnen een week" in leader.post(away, follow=True).content.decode()
    invited.avond.refresh_from_db()
    assert invited.avond.called_off_at is None and not deliver()
    leader.post(away, {"reason": "De spreker is ziek."})
    assert WeekException.objects.get().what == "off"
    assert Outgoing.objects.filter(message=asking.CHANGED).count() == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        WeekException.objects.update(ronde=invited.with_open_ronde())


def test_without_words_or_after_it_began_nobody_is_invited(cast):
    for fields, reason in [({"invitation": " "}, "words"), ({"on": date(2026, 11, 9)}, "over")]:
        with pytest.raises(asking.NotInvited) as refused:
            asking.invite(activiteit=evening(cast, **fields), by=leiding(cast), reason="x", now=NOW)
        assert refused.value.reason == reason
    assert not Outgoing.objects.exists()


# --- coming ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("I6")
def test_a_parent_comes_thinks_better_of_it_and_comes_after_all(invited, as_, deliver):
    page, fatma = f"/mijn/activiteit/{invited.avond.pk}/", as_.link(invited.fatma)
    assert "Ook voor u" in fatma.get("/mijn/").content.decode()
    first = fatma.get(page)
    assert "Samen lezen." in first.content.decode() and "Er zijn nog 4 plaatsen." in first.content.decode()
    assert len(first.content) < 14_000
    fatma.post(page, {"aantal": "2"})
    fatma.post(page, {"aantal": "2"})  # the second tap on the same button
    (confirmed,) = deliver()
    assert confirmed.subject == "U komt naar: Avond over lezen" and "U komt met 2 mensen." in confirmed.body
    stands = item(confirmed)
    assert stands["UID"].startswith(f"activiteit-{invited.avond.pk}-{invited.fatma.pk}@")
    assert stands["STATUS"] == "CONFIRMED" and stands["DTSTART"].dt.hour == 19

    fatma.post(page, {"kom": "niet"})
    (gone,) = deliver()
    assert item(gone)["STATUS"] == "CANCELLED" and item(gone)["SEQUENCE"] == stands["SEQUENCE"] + 1
    assert "Ik kom toch wel" in fatma.get(page).content.decode()
    fatma.post(page, {"aantal": "3"})
    (again,) = deliver()
    assert item(again)["UID"] == stands["UID"] and item(again)["SEQUENCE"] == stands["SEQUENCE"] + 2

    sander = as_.link(invited.sander)
    full = sander.post(page, {"aantal": "2"}, follow=True).content.decode()
    assert "Er is nog plaats voor 1 persoon." in full
    sander.post(page, {"aantal": "1"})
    assert "geen plaatsen meer" in as_.link(invited.ali).get(page).content.decode()
    assert as_.link(invited.ali).post(page, {"aantal": "7"}).status_code == 422
    assert sum(row.number for row in guests.coming(invited.avond)) == 4


def test_nobody_else_may_come_and_closed_is_closed(invited, as_, frozen_clock):
    page = f"/mijn/activiteit/{invited.avond.pk}/"
    assert as_.link(invited.rob).get(page).status_code == 404  # a restriction
    assert as_.link(invited.ria).post(page, {"aantal": "1"}).status_code == 404  # her child is in another group
    assert as_.pupil(invited.elif_).get(page).status_code in (403, 404)
    change(invited, sign_up_until=date(2026, 11, 12))
    frozen_clock.move_to(NOW + timedelta(days=3))
    answer = as_.link(invited.fatma).post(page, {"aantal": "1"}, follow=True).content.decode()
    assert "Aanmelden kan niet meer" in answer and not SignUp.objects.exists()
    change(invited, sign_up_until=None, asks_sign_up=False, places=None)
    assert "Aanmelden hoeft niet" in as_.link(invited.fatma).get(page).content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("P1")
def test_of_two_who_ask_for_the_last_place_at_once_only_one_gets_it(row_locks, monkeypatch):
    cast = Cast.build()
    avond = evening(cast, places=1, invited_at=NOW)
    both_counted = threading.Barrier(2)
    real, answers = guests.places_left, []

    def slow(*args, **kwargs):
        """Without the lock both would have counted by now; with it one waits outside."""
        left = real(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_counted.wait(timeout=1)
        return left

    monkeypatch.setattr(guests, "places_left", slow)

    def press(person):
        try:
            signing.sign_up(activiteit=avond, number=1, by=parent(person), now=NOW)
            answers.append("comes")
        except signing.SignUpRefused as refusal:
            answers.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(person,)) for person in (cast.fatma, cast.sander)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["comes", "full"]
    assert SignUp.objects.count() == 1


# --- afterwards ------------------------------------------------------------------------------------------------------


@pytest.mark.req("I6")
def test_another_day_reaches_everybody_who_knew_once_and_calendars_follow(invited, as_, deliver, frozen_clock):
    signing.sign_up(activiteit=invited.avond, number=1, by=parent(invited.fatma), now=NOW)
    (confirmed,) = deliver()
    change(invited, name="Avond over boeken")  # a name is no reason to write to everybody
    change(invited, place="de bibliotheek")
    change(invited, on=date(2026, 12, 4))
    assert deliver() == []
    frozen_clock.move_to(NOW + asking.SETTLES)
    mails = {message.to[0]: message for message in deliver()}
    assert set(mails) == set(invited.mails)
    mine, other = mails["fatma@ouders.example"], mails["ali@ouders.example"]
    assert "vrijdag 4 december" in other.body and "de bibliotheek" in other.body and not other.attachments
    assert item(mine)["SEQUENCE"] > item(confirmed)["SEQUENCE"] and item(mine)["DTSTART"].dt.day == 4

    leader, remove = as_.staff(invited.annemiek), f"/jaar/activiteiten/{invited.avond.pk}/weg/"
    assert "Zeg de activiteit af" in leader.get(f"/activiteit/{invited.avond.pk}/").content.decode()
    assert leader.post(remove).status_code == 302 and leader.post(remove).status_code == 404  # once
    frozen_clock.move_to(NOW + 2 * asking.SETTLES)
    mails = {message.to[0]: message for message in deliver()}
    assert mails["kim@ouders.example"].subject == "Gaat niet door: Avond over boeken"
    assert item(mails["fatma@ouders.example"])["STATUS"] == "CANCELLED"
    assert guests.for_you_too(parent(invited.fatma), now=NOW) == []


@pytest.mark.req("I6")
def test_what_she_comes_to_stands_once_in_her_own_feed(invited):
    cycle.publish(jaarplan=shared(invited), by=leiding(invited))
    by = parent(invited.fatma)
    key = f"activiteit-{invited.avond.pk}"

    def uids(actor):
        events = icalendar.Calendar.from_ical(feeds.calendar_of(actor, now=NOW)).walk("VEVENT")
        return [str(event["UID"]) for event in events if event["UID"].startswith(key)]

    (of_the_year,) = uids(by)
    signing.sign_up(activiteit=invited.avond, number=1, by=by, now=NOW)
    (own,) = uids(by)
    assert own.startswith(f"{key}-{invited.fatma.pk}@") and own != of_the_year
    assert uids(parent(invited.kim)) == [of_the_year]
    Relatie.objects.filter(person=invited.fatma).update(restriction=True)
    assert uids(by) == []


def shared(cast):
    cast.with_ronde()
    return cast.year.jaarplan


def test_a_teacher_ticks_who_was_there_and_sees_how_many_families_were_reached(invited, as_, frozen_clock):
    signing.sign_up(activiteit=invited.avond, number=2, by=parent(invited.fatma), now=NOW)
    page, saskia = f"/activiteit/{invited.avond.pk}/", as_.staff(invited.saskia)
    ticks = f"{page}wie-kwam/{invited.groep5.pk}/"
    list_ = saskia.get(page).content.decode()
    assert "Fatma Yılmaz" in list_ and "Uitnodigen" not in list_
    saskia.post(ticks, {"kwam": [invited.kim.pk]})
    assert not SignUp.objects.filter(came=True).exists()  # nobody came yet
    frozen_clock.move_to(NOW + timedelta(days=24))
    saskia = as_.staff(invited.saskia)
    assert saskia.post(ticks, {"kwam": [invited.rob.pk]}).status_code == 422
    saskia.post(ticks, {"kwam": [invited.kim.pk, invited.fatma.pk]})
    assert guests.who_came(invited.avond, [invited.groep5]) == (2, 3)  # Noor's and Elif's
    saskia.post(ticks, {"kwam": [invited.kim.pk]})
    assert guests.who_came(invited.avond, [invited.groep5]) == (1, 3)
    assert [row.person.first_name for row in guests.coming(invited.avond)] == ["Fatma"]  # who came unannounced, did not
    assert as_.staff(invited.ilse).get(page).status_code == 404
    assert as_.staff(invited.pieter).get(ticks).status_code == 404


def test_the_form_says_what_does_not_fit(cast, as_):
    leader = as_.staff(cast.annemiek)
    about = {"soort": "inloop", "name": "Inloop", "on": "2026-12-01"}
    for extra, sentence in [
        ({"places": "5"}, "Kruis aan dat ouders zich aanmelden"),
        ({"places": "0", "asks_sign_up": "on"}, "ten minste 1 plaats"),
        ({"sign_up_until": "2026-12-02", "asks_sign_up": "on"}, "niet langer dan tot en met de dag zelf"),
    ]:
        answer = leader.post("/jaar/activiteiten/", about | extra)
        assert answer.status_code == 422 and sentence in answer.content.decode()


def test_mail_that_waits_is_not_sent_once_it_is_off(invited, mailoutbox):
    signing.sign_up(activiteit=invited.avond, number=1, by=parent(invited.fatma), now=NOW)
    Outgoing.objects.filter(message=asking.INVITATION).update(state=Outgoing.State.WAITING, due_at=NOW)
    before = len(mailoutbox)
    cycle.remove_activiteit(activiteit=invited.avond, by=leiding(invited))
    outbox.deliver_all()
    assert len(mailoutbox) == before


def test_an_activity_for_three_groups_stands_once_on_the_page_and_opens(invited, as_):
    invited.avond.groepen.add(invited.groep3, invited.groep8)
    ali = as_.link(invited.ali)  # of Elif in group 5 and Emre in group 8
    assert ali.get("/mijn/").content.decode().count(f'href="/mijn/activiteit/{invited.avond.pk}/"') == 1
    page = ali.get(f"/mijn/activiteit/{invited.avond.pk}/")
    assert "Voor u, als ouder van Elif en Emre" in page.content.decode()
