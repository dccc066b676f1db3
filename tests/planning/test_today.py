"""A teacher's first screen: today first, then the coming four weeks, and who needs her."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gesprekken.models import Gesprek, Ronde
from planning.models import Slot
from planning.times import booking
from school.actor import ACCOUNT, Actor
from tests.cast import TODAY
from tests.remembered import remembered


@pytest.fixture
def saskia(cast, as_):
    return as_.staff(cast.saskia)


def plan(cast, leerling, on, ronde=None):
    cast.with_times(cast.saskia, on=on)
    slot = Slot.objects.filter(starts_at__date=on, medewerker=cast.saskia.medewerker).first()
    gesprek = cast.gesprek_of(leerling)
    booking.book(slot=slot, gesprek=gesprek, by=Actor(cast.saskia, ACCOUNT), agreed=True, now=timezone.now())
    return gesprek


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde(starts_on=TODAY, ends_on=TODAY + timedelta(days=40), booking_closes_days=0)
    return cast


def page_of(client):
    return client.get("/vandaag/").content.decode()


def test_today_comes_first_and_days_follow_each_other(opened, saskia):
    plan(opened, opened.elif_, date(2026, 12, 7))
    plan(opened, opened.tess, TODAY)
    page = page_of(saskia)
    assert "Vandaag heb je geen gesprekken" not in page
    assert page.index("Tess van &#x27;t Hof") < page.index("maandag 7 december") < page.index("Elif Y")


def test_what_is_within_four_weeks_stands_there_and_later_not_yet(opened, saskia, frozen_clock):
    plan(opened, opened.elif_, date(2026, 12, 7))  # four weeks less a day
    plan(opened, opened.tess, date(2026, 12, 8))
    page = page_of(saskia)
    assert "Vandaag heb je geen gesprekken" in page
    assert "maandag 7 december" in page
    assert "dinsdag 8 december" not in page


def test_without_a_gesprek_the_page_says_how_far_it_looked_and_what_comes(opened, saskia):
    page = page_of(saskia)
    assert "De komende 4 weken staan er geen gesprekken" in page
    assert "Zodra ouders een tijd kiezen" in page


def test_a_gesprek_that_was_held_is_not_started_again(opened, saskia):
    gesprek = plan(opened, opened.tess, TODAY)
    assert f"/gesprek/{gesprek.pk}/voeren/" in page_of(saskia)
    Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
    page = page_of(saskia)
    assert "gehouden" in page
    assert f"/gesprek/{gesprek.pk}/voeren/" not in page


def test_a_draft_whose_days_are_over_asks_for_no_times(cast, saskia):
    ronde = cast.with_ronde(starts_on=date(2026, 9, 7), ends_on=date(2026, 9, 18))
    assert f"/rondes/{ronde.pk}/tijden/" not in page_of(saskia)
    Ronde.objects.filter(pk=ronde.pk).update(ends_on=TODAY)
    assert f"/rondes/{ronde.pk}/tijden/" in page_of(saskia)
