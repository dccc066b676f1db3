"""A teacher with a phone in one hand works the follow-up list until nobody is left."""

from datetime import timedelta

import pytest

from planning.inviting import followup
from planning.models import Booking, ContactAttempt, Slot
from planning.times import booking
from school.actor import LINK, Actor
from school.models import Bounce, Person
from tests.cast import NOW

pytestmark = pytest.mark.browser


def four_days_later(cast, clock):
    """Of group 5 one family chose, one asked for a call, of one the mail came back, one let nothing be heard."""
    cast.with_open_ronde(groepen=[cast.groep5], booking_closes_days=1)
    Person.objects.filter(pk__in=[cast.sander.pk, cast.joost.pk, cast.fatma.pk]).update(phone="06 1234 5678")
    slot = Slot.objects.first()
    booking.book(slot=slot, gesprek=cast.gesprek_of(cast.noor, cast.kim), by=Actor(cast.kim, LINK), now=NOW)
    Bounce.objects.create(school=cast.school, person=cast.joost, address=cast.joost.email, at=NOW)
    followup.ask_for_call(gesprek=cast.gesprek_of(cast.elif_), by=Actor(cast.fatma, LINK), note="Na vieren", now=NOW)
    clock.shift(timedelta(days=4))
    return cast


def note(teacher, child, button):
    """Two taps: open, and how it went."""
    row = teacher.page.locator("li.op-rij", has_text=child)
    row.get_by_text("Noteer contact").first.click()
    row.get_by_role("button", name=button).click()
    teacher.page.wait_for_load_state()
    return teacher


def plan(teacher, child, *, check=True):
    teacher.click(f"Plan nu {child}", role="link", check=check)
    teacher.page.get_by_role("radio").first.check()
    return teacher.click("Plan deze tijd", check=check).sees("staat vast")


@pytest.mark.req("I4")
def test_the_teacher_works_the_list_until_nobody_is_left(browser, journey_cast, frozen_clock):
    cast = four_days_later(journey_cast, frozen_clock)
    teacher = browser.phone()
    teacher.sign_in(cast.saskia).open("/vandaag/").sees("Wil gebeld worden").picture("vandaag-opvolgen")
    teacher.click("Bel of plan deze gezinnen").sees("Na vieren").sees("Ons bericht kwam terug").sees("4 dagen")
    teacher.picture("opvolgen")

    teacher.page.locator("li.op-rij", has_text="Tess").get_by_text("Noteer contact").click()
    teacher.check().picture("opvolgen-noteer")
    teacher.page.get_by_role("button", name="Gebeld - geen gehoor").click()
    teacher.sees("vandaag gebeld, geen gehoor").sees("door Saskia")
    note(teacher, "Tess", "Gebeld - gesproken").sees("Jullie spraken elkaar").check().picture("opvolgen-gesproken")
    plan(teacher, "Tess").sees("Tess: dinsdag 24 november")
    assert [attempt.outcome for attempt in ContactAttempt.objects.all()] == ["spoken", "no_answer"]

    note(teacher, "Elif", "Zij bellen terug").sees("zij bellen terug")
    teacher.click("Haal weg", check=False).sees("Weggehaald bij Elif")
    plan(teacher, "Elif", check=False)
    plan(teacher, "Noor").sees("Iedereen heeft gereageerd").picture("opvolgen-klaar")
    assert Booking.objects.active().count() == 4
