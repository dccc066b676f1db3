"""When choosing begins: the same for everybody, a little earlier for families with several children, and said in words."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gesprekken.models import Ronde
from planning.inviting import invitations, opening
from planning.models import Booking, InvitationText, Slot
from planning.times import booking
from planning.times.choosing import choosing_opens_for
from school.actor import ACCOUNT, LINK, Actor
from tests.cast import NOW
from tests.remembered import remembered

MINUTE = timedelta(minutes=1)


@pytest.fixture
@remembered
def opened(cast):
    """Choosing begins on Thursday 12 November at 19:00; for families with several children a day earlier."""
    cast.with_ronde()
    cast.ronde.choosing_opens_at = datetime(2026, 11, 12, 19, 0, tzinfo=cast.school.zone)
    cast.ronde.early_hours = 24
    cast.ronde.save()
    cast.with_times()
    opening.open_ronde(ronde=cast.ronde, by=Actor(cast.annemiek, ACCOUNT), now=NOW)
    return cast


def text(response):
    return response.content.decode()


def first_slot(cast, teacher):
    return Slot.objects.filter(medewerker=teacher.medewerker).first()


def at(clock, moment):
    clock.move_to(moment)
    return moment


@pytest.mark.req("P1")
def test_who_has_several_children_begins_earlier(opened):
    elif_, tess = opened.gesprek_of(opened.elif_), opened.gesprek_of(opened.tess)
    opens = opened.ronde.choosing_opens_at
    assert choosing_opens_for(elif_, Actor(opened.fatma, LINK)) == opens - timedelta(hours=24)
    assert choosing_opens_for(tess, Actor(opened.sander, LINK)) == opens


@pytest.mark.req("P1")
def test_the_server_refuses_until_the_very_minute(opened):
    opens = opened.ronde.choosing_opens_at
    about = {"slot": first_slot(opened, opened.saskia), "gesprek": opened.gesprek_of(opened.tess)}
    with pytest.raises(booking.BookingRefused) as refused:
        booking.book(by=Actor(opened.sander, LINK), now=opens - MINUTE, **about)
    assert refused.value.reason == "not_yet"
    assert booking.book(by=Actor(opened.sander, LINK), now=opens, **about)


def test_the_school_plans_for_a_family_also_before(opened):
    about = {"slot": first_slot(opened, opened.saskia), "gesprek": opened.gesprek_of(opened.tess)}
    assert booking.book(by=Actor(opened.saskia, ACCOUNT), now=NOW, agreed=True, **about)


@pytest.mark.req("P1")
def test_before_that_the_pages_say_when_and_show_no_times(opened, as_, frozen_clock):
    gesprek = opened.gesprek_of(opened.elif_)
    mother = as_.link(opened.fatma)
    page = text(mother.get("/mijn/"))
    assert page.count("<strong>woensdag 11 november om 19:00 uur</strong>") == 2
    assert "Kies een tijd voor Elif" not in page
    page = text(mother.get(f"/mijn/{gesprek.pk}/tijden/"))
    assert "woensdag 11 november om 19:00 uur" in page
    assert "24 uur eerder dan anderen" in page
    assert "15:00" not in page
    page = text(as_.link(opened.sander).get(f"/mijn/{opened.gesprek_of(opened.tess).pk}/tijden/"))
    assert "donderdag 12 november om 19:00 uur" in page
    assert "eerder dan anderen" not in page
    at(frozen_clock, opened.ronde.choosing_opens_at - timedelta(hours=24))
    assert "15:00" in text(as_.link(opened.fatma).get(f"/mijn/{gesprek.pk}/tijden/"))


def test_a_button_from_elsewhere_pressed_too_early_is_answered_kindly(opened, as_):
    gesprek, slot = opened.gesprek_of(opened.tess), first_slot(opened, opened.saskia)
    client, url = as_.link(opened.sander), f"/mijn/{gesprek.pk}/tijden/{slot.pk}/"
    assert client.get(url).status_code == 409
    page = text(client.post(url, follow=True))
    assert "Kiezen kan nog niet" in page
    assert "donderdag 12 november" in page
    assert not Booking.objects.exists()


def test_a_time_the_school_planned_already_is_shown_with_when_it_can_be_changed(opened, as_):
    gesprek = opened.gesprek_of(opened.tess)
    slot = first_slot(opened, opened.saskia)
    booking.book(slot=slot, gesprek=gesprek, by=Actor(opened.saskia, ACCOUNT), now=NOW, agreed=True)
    page = text(as_.link(opened.sander).get(f"/mijn/{gesprek.pk}/tijd/"))
    assert "Vanaf donderdag 12 november om 19:00 uur kunt u zelf een andere tijd kiezen" in page


@pytest.mark.parametrize("children", [1, 3, 30])
def test_my_page_costs_the_same_before_the_opening_whatever_the_number_of_children(
    cast, as_, children, django_assert_max_num_queries
):
    pupils = [cast.pupil(f"extra{n}", f"Kind{n}", "Extra", cast.groep5) for n in range(children)]
    cast.guardian("moeder", "Moeder", "Extra", pupils)
    cast.with_ronde(state=Ronde.State.OPEN, choosing_opens_at=NOW + timedelta(days=2), early_hours=24)
    for pupil in pupils:
        cast.with_gesprek(pupil)
    client = as_.link(cast.moeder)
    with django_assert_max_num_queries(25):
        assert "vanaf" in text(client.get("/mijn/"))


# --- the invitation --------------------------------------------------------------------------------------------------


@pytest.mark.req("I1")
def test_the_invitation_says_the_moment_of_this_family(opened, deliver):
    mails = {mail.to[0]: mail for mail in deliver()}
    assert "vanaf woensdag 11 november om 19:00 uur" in mails["ali@ouders.example"].body
    assert "vanaf donderdag 12 november om 19:00 uur" in mails["sander@ouders.example"].body
    assert "Naar uw pagina" in mails["sander@ouders.example"].alternatives[0].content


@pytest.mark.req("I1")
def test_a_text_of_the_school_that_forgets_it_says_it_too(opened, deliver):
    body = "{duur} {vorm} {doel} {punten} {wie}\n\n{link}"
    InvitationText.objects.create(school=opened.school, ronde=opened.ronde, subject="Kom", body=body)
    mails = {mail.to[0]: mail for mail in deliver()}
    assert "vanaf donderdag 12 november om 19:00 uur" in mails["sander@ouders.example"].body


def test_a_letter_says_it_as_the_mail_does(opened):
    gesprekken = [opened.gesprek_of(opened.daan)]
    written = invitations.write_for(opened.ronde, opened.ria, gesprekken, closes_on=opened.ronde.starts_on, now=NOW)
    assert "vanaf donderdag 12 november om 19:00 uur" in written.body


def test_who_is_invited_after_the_opening_reads_nothing_of_it(opened, deliver, frozen_clock):
    at(frozen_clock, opened.ronde.choosing_opens_at + MINUTE)
    mails = {mail.to[0]: mail for mail in deliver()}
    assert "Kiezen kan vanaf" not in mails["sander@ouders.example"].body
    assert "\n\n\n" not in mails["sander@ouders.example"].body
    assert "Kies een tijd" in mails["sander@ouders.example"].alternatives[0].content
    assert timezone.now() > opened.ronde.choosing_opens_at
