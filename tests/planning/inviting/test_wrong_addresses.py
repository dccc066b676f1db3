"""Who could not be reached is a task for the teacher, and is asked again as soon as the address is right."""

import pytest

from gesprekken.models import Gesprek
from planning.inviting import followup, wrong_addresses
from planning.models import Invitation, Slot
from planning.times import booking
from school import bounces, contact, people
from school.actor import ACCOUNT, LINK, Actor
from school.models import Relatie
from tests.cast import NOW

pytestmark = pytest.mark.req("I3", "I4")


@pytest.fixture
def opened(cast, deliver):
    cast.with_open_ronde()
    deliver()
    return cast


def acting(cast):
    return Actor(cast.annemiek, ACCOUNT)


def to_new_address(cast, guardian, deliver):
    people.change_person(person=guardian, values={"email": "nieuw@ouders.example"}, by=acting(cast))
    return [m.subject for m in deliver() if m.to == ["nieuw@ouders.example"]]


def test_the_teacher_sees_whom_mail_does_not_reach(opened, as_, django_assert_max_num_queries):
    for guardian in (opened.fatma, opened.rob):  # Rob may have no contact: nothing about him
        bounces.record(guardian, guardian.email)
    with django_assert_max_num_queries(2):
        found = wrong_addresses.guardians_not_reached(Gesprek.objects.filter(ronde=opened.ronde))
    assert found == {opened.gesprek_of(child).pk: [opened.fatma] for child in (opened.elif_, opened.emre)}
    page = as_.staff(opened.saskia).get(f"/rondes/{opened.ronde.pk}/groep/{opened.groep5.pk}/").text
    assert page.count("mail komt terug") == 1


def test_an_address_that_was_mended_brings_the_invitation_again(opened, deliver):
    bounces.record(opened.fatma, opened.fatma.email)
    report = contact.report(email="nieuw@ouders.example", by=Actor(opened.fatma, LINK))
    contact.accept(report=report, by=Actor(opened.saskia, ACCOUNT))
    about = {message.to[0]: message.subject for message in deliver()}
    assert "Elif en Emre" in about.pop("nieuw@ouders.example")
    assert list(about) == [opened.fatma.email]  # the old address hears that it was changed


def test_a_teacher_writes_down_the_address_she_heard_on_the_telephone(opened, as_, deliver):
    bounces.record(opened.fatma, opened.fatma.email)
    url = f"/gesprek/{opened.gesprek_of(opened.elif_).pk}/contact/adres/"
    teacher = as_.staff(opened.saskia)
    assert f'action="{url}"' in teacher.get("/opvolgen/").text
    form = {"wie": opened.fatma.pk, "email": "fatma bij ouders"}
    assert "‘fatma bij ouders’ is geen e-mailadres." in teacher.post(url, form, follow=True).text
    assert deliver() == []
    assert "gaat nu naar nieuw@" in teacher.post(url, form | {"email": " Nieuw@ouders.example"}, follow=True).text
    about = {message.to[0]: message.subject for message in deliver()}
    assert "Elif en Emre" in about.pop("nieuw@ouders.example")
    assert list(about) == [opened.fatma.email]  # as with what a guardian reports: the old address hears of it
    assert f'action="{url}"' not in teacher.get("/opvolgen/").text
    for other in (opened.fatma, opened.ali, opened.rob):  # mail arrives, or she may have no contact
        assert "Er is niets veranderd" in teacher.post(url, form | {"wie": other.pk}, follow=True).text
    assert as_.staff(opened.pieter).post(url, form).status_code == 403  # who reads along
    assert as_.staff(opened.bas).post(url, form).status_code in (403, 404)


def test_who_had_a_letter_coming_gets_mail_from_now_on(opened, deliver):
    assert to_new_address(opened, opened.ria, deliver)
    assert Invitation.objects.get(person=opened.ria).channel == Invitation.Channel.MAIL


def test_who_reacted_or_may_not_be_told_gets_no_second_invitation(opened, deliver):
    slots = Slot.objects.filter(ronde=opened.ronde, medewerker=opened.saskia.medewerker).order_by("starts_at")
    booking.book(slot=slots[0], gesprek=opened.gesprek_of(opened.tess), by=acting(opened), agreed=True, now=NOW)
    followup.ask_for_call(gesprek=opened.gesprek_of(opened.noor, opened.kim), by=Actor(opened.kim, LINK), now=NOW)
    Relatie.objects.filter(person=opened.ali).update(restriction=True)
    deliver()
    for guardian in (opened.sander, opened.kim, opened.ali):
        assert to_new_address(opened, guardian, deliver) == []
