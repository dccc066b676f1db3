"""Mail about a time holds at the moment it goes, and carries a calendar file that every calendar understands."""

from datetime import timedelta

import icalendar
import pytest

from gesprekken.models import Ronde
from planning.emails import choosing_closes_on
from planning.inviting import wording
from planning.models import Slot
from planning.times import booking
from school.actor import ACCOUNT, LINK, Actor
from school.models import Outgoing, Person, Relatie, User
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def opened(cast, deliver):
    cast.with_open_ronde()
    deliver()
    return cast


def book_elif(cast, number=0):
    slot = list(Slot.objects.filter(ronde=cast.ronde, medewerker=cast.saskia.medewerker))[number]
    return booking.book(slot=slot, gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), now=NOW)


def event_in(message):
    (attachment,) = message.attachments
    calendar = icalendar.Calendar.from_ical(attachment.content)
    (event,) = calendar.walk("VEVENT")
    return attachment.mimetype, calendar, event


@pytest.mark.req("I6")
def test_a_confirmation_carries_one_event_for_its_reader_alone(opened, deliver):
    book_elif(opened)
    messages = {m.to[0]: m for m in deliver()}
    assert set(messages) == {"fatma@ouders.example", "ali@ouders.example"}
    mimetype, calendar, event = event_in(messages["fatma@ouders.example"])
    assert "method=REQUEST" in mimetype
    assert calendar["METHOD"] == "REQUEST"
    assert event["ATTENDEE"] == "mailto:fatma@ouders.example"
    assert event["DTSTART"].dt.isoformat() == "2026-11-24T15:00:00+01:00"
    assert calendar.walk("VTIMEZONE")[0]["TZID"] == event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
    assert "UID" not in calendar
    header = next(part for part in messages["fatma@ouders.example"].message().walk() if part.get_filename())
    assert header["Content-Type"].count("charset") == 1  # some programs read no file that says it twice


@pytest.mark.req("I6")
def test_who_gets_mail_at_the_address_of_her_login_is_the_one_in_the_file(opened, deliver):
    Person.objects.filter(pk=opened.fatma.pk).update(email="", user=User.objects.create(email="f@thuis.example"))
    book_elif(opened)
    booking.cancel(gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.ali, LINK), now=NOW)
    book_elif(opened)
    (message,) = [m for m in deliver() if m.to == ["f@thuis.example"]]
    assert event_in(message)[2]["ATTENDEE"] == "mailto:f@thuis.example"


@pytest.mark.req("I6")
def test_the_calendar_item_keeps_its_uid_and_its_sequence_only_rises(opened, deliver):
    book_elif(opened)
    seen = [event_in(m) for m in deliver() if m.to == ["ali@ouders.example"]]
    gesprek = opened.gesprek_of(opened.elif_)
    slot = list(Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker))[3]
    booking.move(slot=slot, gesprek=gesprek, by=Actor(opened.fatma, LINK), now=NOW)
    seen += [event_in(m) for m in deliver() if m.to == ["ali@ouders.example"]]
    booking.cancel(gesprek=gesprek, by=Actor(opened.fatma, LINK), now=NOW)
    seen += [event_in(m) for m in deliver() if m.to == ["ali@ouders.example"]]
    assert [calendar["METHOD"] for _, calendar, _ in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for *_, event in seen] == [0, 1, 2]
    assert len({event["UID"] for *_, event in seen}) == 1
    assert seen[-1][2]["STATUS"] == "CANCELLED"


def test_a_change_of_mind_within_a_minute_gives_one_message_about_what_holds(opened, deliver):
    """Booked, cancelled and booked again before the worker looked: nobody is told of a time that was never theirs."""
    book_elif(opened)
    booking.cancel(gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW)
    book_elif(opened, 4)
    messages = [m for m in deliver() if m.to == ["fatma@ouders.example"]]
    assert [m.subject for m in messages] == ["Uw gesprek over Elif staat vast"]
    assert "16:00" in messages[0].body


def test_a_restriction_stops_mail_that_was_already_waiting(opened, deliver):
    book_elif(opened)
    Relatie.objects.filter(person=opened.ali).update(restriction=True)
    assert [m.to for m in deliver()] == [["fatma@ouders.example"]]
    assert Outgoing.objects.filter(recipient=opened.ali, message="planning.booked", state="dropped").count() == 1


@pytest.mark.req("I3a")
def test_separated_parents_never_read_of_each_other(opened, deliver):
    slot = Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker).first()
    noor = opened.gesprek_of(opened.noor, opened.kim)
    booking.book(slot=slot, gesprek=noor, by=Actor(opened.kim, LINK), now=NOW)
    (message,) = deliver()
    assert message.to == ["kim@ouders.example"]
    everything = message.body + message.alternatives[0].content + message.attachments[0].content
    assert "Joost" not in everything


def test_mail_about_a_time_never_speaks_of_the_child_beyond_the_first_name(opened, deliver):
    book_elif(opened)
    for message in deliver():
        assert "Yılmaz" not in message.body.replace("Fatma Yılmaz", "").replace("Ali Yılmaz", "")


def test_answers_go_to_the_teacher_when_the_school_wants_that(opened, deliver):
    book_elif(opened)
    assert {tuple(m.reply_to) for m in deliver()} == {("saskia@wilgenhof.example",)}
    opened.school.reply_to_teacher = False
    opened.school.reply_to = "info@wilgenhof.example"
    opened.school.save()
    booking.cancel(gesprek=opened.gesprek_of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW)
    assert {tuple(m.reply_to) for m in deliver()} == {("info@wilgenhof.example",)}


# --- what a mail says one can do, one can do ---------------------------------------------------------------------------

CHOOSE_AGAIN = "Kies dan zelf een andere tijd"


@pytest.mark.req("P1")
@pytest.mark.parametrize(
    "changed",
    [
        {"booking_closes_days": 30},
        {"choosing_opens_at": NOW + timedelta(days=1)},
        {"mode": Ronde.Mode.WISHES},
    ],
    ids=["choosing has closed", "choosing has not begun", "wishes are being asked"],
)
def test_who_cannot_choose_now_is_not_told_to_choose_another_time(opened, deliver, changed):
    Ronde.objects.filter(pk=opened.ronde.pk).update(**changed)
    slot, by = Slot.objects.filter(medewerker=opened.saskia.medewerker).first(), Actor(opened.saskia, ACCOUNT)
    booking.book(slot=slot, gesprek=opened.gesprek_of(opened.elif_), by=by, now=NOW, agreed=True)
    for mail in deliver():
        for body in (mail.body, mail.alternatives[0][0]):
            assert CHOOSE_AGAIN not in body
            assert "wijzig" not in body
            assert "Bel mij" in body
    booking.cancel(gesprek=opened.gesprek_of(opened.elif_), by=by, now=NOW)
    for mail in deliver():
        assert "Kies een andere tijd" not in mail.body + mail.alternatives[0][0]
        assert "hoe u een andere tijd krijgt" in mail.body


@pytest.mark.req("P1")
def test_who_can_choose_reads_that_she_can(opened, deliver):
    book_elif(opened)
    assert all(CHOOSE_AGAIN in mail.body and CHOOSE_AGAIN in mail.alternatives[0][0] for mail in deliver())


@pytest.mark.req("I1")
def test_who_is_invited_after_choosing_closed_is_not_asked_to_choose(cast, deliver):
    ronde = cast.with_open_ronde(booking_closes_days=30)
    mail = next(m for m in deliver() if m.to == ["sander@ouders.example"])
    assert "Kies zelf een tijd" not in mail.body
    assert "Bel mij" in mail.body
    assert "Kies een tijd" not in mail.alternatives[0][0]
    planned = wording.what_if_not(choosing_closes_on(ronde), ronde)
    assert "Bel ons" in planned
    assert "Kies" not in planned
