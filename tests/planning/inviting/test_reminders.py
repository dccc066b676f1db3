"""Asking again: once per guardian, by day, on a school day, and never after a reaction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from gesprekken.models import Ronde
from planning.inviting import followup, opening, reminders
from planning.models import ContactAttempt, Invitation, Slot, Wish
from planning.times import booking, none_suits
from school.actor import ACCOUNT, LINK, Actor
from school.models import Bounce, Outgoing, Person, Relatie
from tests.cast import NOW

pytestmark = pytest.mark.req("I4")
NIGHT = datetime(2026, 11, 10, 2, 15, tzinfo=UTC)  # when `daily` runs, on the day of the invitation


@pytest.fixture
def opened(cast, deliver):
    """Opened on Tuesday the 10th; choosing closes after Monday the 23rd."""
    cast.with_open_ronde(booking_closes_days=0, reminder_days=[2, 7])
    deliver()
    return cast


def waiting_mail():
    rows = Outgoing.objects.filter(message="planning.reminder", state=Outgoing.State.WAITING)
    return sorted(row.recipient.first_name for row in rows.select_related("recipient"))


def remind(days):
    return reminders.remind(now=NIGHT + timedelta(days=days))


def test_every_guardian_without_a_reaction_gets_one_mail_by_day(opened, deliver, frozen_clock):
    assert remind(1) == 0
    assert remind(2) == 5
    assert waiting_mail() == ["Ali", "Fatma", "Joost", "Kim", "Sander"]  # Ria has no address, Rob may not be told
    assert {row.due_at for row in Outgoing.objects.filter(message="planning.reminder")} == {
        datetime(2026, 11, 12, 8, 0, tzinfo=UTC)  # nine o'clock in Amsterdam
    }
    assert remind(2) == 0  # a second run on the same day
    frozen_clock.move_to(datetime(2026, 11, 12, 8, 1, tzinfo=UTC))
    assert reminders.remind() == 0
    mail = {message.to[0]: message for message in deliver()}
    mine = mail["ali@ouders.example"]
    assert mine.subject == "Het gesprek over Elif en Emre: welke tijd past u?"
    assert "U heeft nog geen tijd gekozen voor het gesprek over Elif en Emre." in mine.body
    assert "Kiezen kan tot en met maandag 23 november." in mine.body
    assert "Wij bellen u graag" in mine.body
    assert "/u/" in mine.body
    assert set(Invitation.objects.filter(channel="mail").values_list("reminders", flat=True)) == {1}
    assert remind(6) == 0
    assert remind(7) == 5
    assert remind(9) == 0  # twice is what this ronde asks
    assert set(Invitation.objects.filter(channel="letter").values_list("reminders", flat=True)) == {0}


def test_no_mail_after_a_reaction_also_where_it_came_in_between(opened, deliver, frozen_clock):
    """Booked, asked for a call, none suits, spoken with: each before the run or between run and mail."""
    of = opened.gesprek_of
    slot = Slot.objects.filter(medewerker=opened.saskia.medewerker).first()
    booking.book(slot=slot, gesprek=of(opened.elif_), by=Actor(opened.fatma, LINK), now=NOW)
    followup.ask_for_call(gesprek=of(opened.tess), by=Actor(opened.sander, LINK), now=NOW)
    ContactAttempt.objects.create(
        school=opened.school, gesprek=of(opened.noor, opened.kim), person=opened.kim, how="phone", outcome="spoken"
    )
    assert remind(2) == 3
    assert waiting_mail() == ["Ali", "Fatma", "Joost"]
    none_suits.say_none_suits(gesprek=of(opened.noor, opened.joost), by=Actor(opened.joost, LINK), can=set(), now=NOW)
    Relatie.objects.filter(person=opened.ali).update(restriction=True)
    frozen_clock.move_to(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
    reminding = [message for message in deliver() if "welke tijd past u" in message.subject]
    (mail,) = reminding
    assert mail.to == ["fatma@ouders.example"]
    assert "Emre" in mail.body
    assert "Elif" not in mail.body


def test_never_where_mail_came_back_nor_before_or_after_choosing(opened):
    Bounce.objects.create(school=opened.school, person=opened.kim, address=opened.kim.email)
    Ronde.objects.filter(pk=opened.ronde.pk).update(choosing_opens_at=NOW + timedelta(days=3))
    assert remind(3) == 0  # Friday, hours before it opens; two days are counted from then
    assert remind(5) == 0  # Sunday
    assert remind(6) == 4
    assert "Kim" not in waiting_mail()
    Invitation.objects.update(reminders=0, reminded_at=None)
    assert remind(13) == 4  # Monday the 23rd, the last day
    assert remind(14) == 0
    Ronde.objects.filter(pk=opened.ronde.pk).update(state=Ronde.State.CLOSED)
    assert remind(10) == 0


@pytest.mark.parametrize(
    "now, then",
    [
        ("2026-11-12T03:15", "2026-11-12T09:00"),
        ("2026-11-12T14:30", "2026-11-12T14:30"),
        ("2026-11-12T20:00", "2026-11-13T09:00"),
        ("2026-11-13T23:00", "2026-11-16T09:00"),  # Friday night: Monday
        ("2026-10-16T21:00", "2026-10-26T09:00"),  # the evening before the holiday; the clock went back meanwhile
    ],
)
def test_the_moment_is_by_day_and_on_a_school_day(now, then, cast):
    zone = cast.school.zone
    free = [(date(2026, 10, 17), date(2026, 10, 25))]
    moment = datetime.fromisoformat(now).replace(tzinfo=zone)
    assert reminders.next_moment(moment, zone=zone, free=free) == datetime.fromisoformat(then).replace(tzinfo=zone)


def test_a_holiday_waits_for_the_next_school_day(opened):
    opened.with_free_day(date(2026, 11, 12), date(2026, 11, 13), name="Studiedagen")
    assert [remind(days) for days in (2, 3, 4, 5, 6)] == [0, 0, 0, 0, 5]


def test_two_rondes_are_one_mail_and_she_is_not_asked_again_the_next_day(opened, deliver, frozen_clock):
    other = opened.with_ronde(
        state=Ronde.State.DRAFT, code="startgesprek", name="Startgesprekken", groepen=[opened.groep8],
        starts_on=date(2026, 12, 7), ends_on=date(2026, 12, 11), reminder_days=[3],
    )  # fmt: skip
    opened.with_times(on=date(2026, 12, 8))
    opening.open_ronde(ronde=other, by=Actor(opened.annemiek, ACCOUNT), now=NOW)
    deliver()
    assert remind(2) == 5
    assert remind(3) == 0  # the second ronde came along the day before
    assert Outgoing.objects.filter(message="planning.reminder", recipient=opened.ali).count() == 1
    frozen_clock.move_to(datetime(2026, 11, 13, 9, 0, tzinfo=UTC))
    mail = next(message for message in deliver() if message.to == ["ali@ouders.example"])
    assert "voor het gesprek over Elif en Emre. Kiezen kan tot en met maandag 23 november" in mail.body
    assert "voor het gesprek over Emre. Kiezen kan tot en met maandag 30 november" in mail.body


def test_who_said_when_she_can_is_not_asked_again(opened, deliver, frozen_clock):
    Ronde.objects.filter(pk=opened.ronde.pk).update(mode=Ronde.Mode.WISHES)
    Wish.objects.create(
        school=opened.school, ronde=opened.ronde, person=opened.fatma, on=opened.ronde.starts_on, part="15-18", can="no"
    )
    Person.objects.filter(pk=opened.sander.pk).update(language="en")
    assert remind(2) == 3
    assert waiting_mail() == ["Joost", "Kim", "Sander"]
    frozen_clock.move_to(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
    mails = {message.to[0]: message for message in deliver()}
    assert "Wij weten nog niet wanneer u kunt voor het gesprek over Noor" in mails["kim@ouders.example"].body
    assert "We do not know yet when you can" in mails["sander@ouders.example"].body


def test_the_daily_command_puts_them(opened, frozen_clock, capsys):
    frozen_clock.move_to(NIGHT + timedelta(days=2))
    call_command("daily")
    assert "reminders: 5" in capsys.readouterr().out
