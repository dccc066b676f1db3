"""A guardian says that her address is another one now; nothing goes there before somebody of the school believed it."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from school import bounces, contact, people
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent, ContactReport, Person, TrustedDevice, User
from tests.cast import NOW

pytestmark = pytest.mark.req("I3", "I4")
NEW = "fatma.nieuw@ouders.example"


def reported(cast, **given):
    return contact.report(by=Actor(cast.fatma, LINK), now=NOW, **(given or {"email": NEW}))


def test_a_mother_reports_on_her_phone_and_the_teacher_confirms_with_one_tap(cast, as_, deliver):
    mother, teacher = as_.link(cast.fatma), as_.staff(cast.saskia)
    page = mother.get("/mijn/gegevens/").text
    assert "f***@ouders.example" in page
    assert "fatma@" not in page
    done = mother.post("/mijn/gegevens/", {"email": NEW, "phone": ""}, follow=True).text
    assert f"Doorgegeven: {NEW}" in done
    assert NEW not in mother.get("/mijn/gegevens/").text  # said once, to who typed it
    assert deliver() == []  # before it was believed nothing goes anywhere

    report = ContactReport.objects.open().get()
    assert NEW in teacher.get("/vandaag/").text
    assert NEW not in as_.staff(cast.ilse).get("/vandaag/").text  # not the teacher of her children
    assert NEW in as_.staff(cast.annemiek).get(f"/mensen/{cast.fatma.pk}/").text
    TrustedDevice.objects.create(school=cast.school, person=cast.fatma, token_hash="x", expires_at=NOW)
    page = teacher.post(f"/gegevens/{report.pk}/", {"klopt": "ja", "terug": "vandaag"}, follow=True)
    assert page.redirect_chain[-1][0] == "/vandaag/"
    assert Person.objects.get(pk=cast.fatma.pk).email == NEW
    assert not TrustedDevice.objects.exists()  # what was proven with the old address counts no more
    assert AuditEvent.objects.get(verb="person_changed").person == cast.saskia
    assert NEW not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_the_old_address_hears_that_it_changed_and_not_into_what(cast, deliver):
    contact.accept(report=reported(cast), by=Actor(cast.saskia, ACCOUNT))
    (message,) = deliver()
    assert message.to == ["fatma@ouders.example"]
    html = message.alternatives[0][0]
    assert "010 555 01 23" in message.body and "010 555 01 23" in html
    assert "nieuw@" not in message.body + html + message.subject


def test_an_address_that_came_back_hears_it_too_and_the_bounce_counts_no_more(cast, deliver):
    bounces.record(cast.fatma, cast.fatma.email)
    contact.accept(report=reported(cast), by=Actor(cast.saskia, ACCOUNT))
    assert [m.to for m in deliver()] == [["fatma@ouders.example"]]
    assert not bounces.has_bounced(Person.objects.get(pk=cast.fatma.pk))


def test_the_address_hears_that_the_telephone_number_changed_and_no_link_is_made_of_a_name(cast, deliver):
    Person.objects.filter(pk=cast.fatma.pk).update(first_name="Kijk.op.nl")
    contact.accept(report=reported(cast, phone="06 87654321"), by=Actor(cast.saskia, ACCOUNT))
    (message,) = deliver()
    assert message.to == ["fatma@ouders.example"]
    assert "uw telefoonnummer bij ons veranderd" in message.body and "Uw telefoonnummer" in message.subject
    assert "e-mailadres" not in message.body and "87654321" not in message.body
    assert "Beste Kijk. op. nl" in message.body


def test_after_five_reports_a_day_one_calls_and_what_was_typed_stays(cast, as_):
    for number in range(5):
        reported(cast, phone=f"06 8765432{number}")
    assert ContactReport.objects.get().phone == "06 87654324"  # what it took the place of is gone
    page = as_.link(cast.fatma).post("/mijn/gegevens/", {"email": NEW, "phone": ""})
    assert page.status_code == 422
    assert "Bel de school." in page.text and NEW in page.text
    with pytest.raises(contact.TooManyReports):
        reported(cast)
    AuditEvent.objects.update(at=NOW - timedelta(days=1, minutes=1))
    assert reported(cast) == ContactReport.objects.get()


def test_reporting_again_takes_the_place_of_what_was_reported(cast, as_):
    first = reported(cast)
    second = reported(cast, email="", phone="06 87654321")
    assert list(ContactReport.objects.open()) == [second]
    page = as_.staff(cast.saskia).post(f"/gegevens/{first.pk}/", {"klopt": "ja"}, follow=True)
    assert page.status_code == 404  # nobody confirms what she did not see
    contact.accept(report=second, by=Actor(cast.saskia, ACCOUNT))
    fatma = Person.objects.get(pk=cast.fatma.pk)
    assert (fatma.email, fatma.phone) == ("fatma@ouders.example", "06 87654321")


def test_what_is_declined_changes_nothing_and_of_two_colleagues_one_decides(cast, as_):
    report = reported(cast)
    as_.staff(cast.annemiek).post(f"/gegevens/{report.pk}/", {"klopt": "nee"})
    with pytest.raises(contact.ReportGone):
        contact.accept(report=report, by=Actor(cast.saskia, ACCOUNT))
    assert Person.objects.get(pk=cast.fatma.pk).email == "fatma@ouders.example"


def test_a_guardian_who_signs_in_cannot_take_somebody_elses_address(cast):
    Person.objects.filter(pk=cast.fatma.pk).update(user=User.objects.create_user(cast.fatma.email))
    report = reported(cast, email=cast.bas.user.email)
    with pytest.raises(people.AddressTaken):
        contact.accept(report=report, by=Actor(cast.saskia, ACCOUNT))
    assert ContactReport.objects.open().get() == report  # and is still there to be declined


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Vul een e-mailadres of een telefoonnummer in."),
        ({"phone": "bel maar"}, "Dit is geen telefoonnummer."),
        ({"email": "fatma", "phone": "06 12345678"}, "geldig e-mailadres"),
    ],
)
def test_what_cannot_be_right_is_said_and_stays_as_it_was_typed(cast, as_, given, sentence):
    page = as_.link(cast.fatma).post("/mijn/gegevens/", given)
    assert page.status_code == 422
    assert sentence in page.text
    assert all(value in page.text for value in given.values())
    assert not ContactReport.objects.exists()


def test_leadership_sees_that_mail_comes_back_and_uses_the_address_again_when_it_is_right(cast, as_):
    bounces.record(cast.fatma, cast.fatma.email)
    leader = as_.staff(cast.annemiek)
    assert "mail komt terug" in leader.get(f"/mensen/{cast.fatma.pk}/").text
    assert "mail komt terug" in leader.get("/mensen/ouders/").text
    for _twice in range(2):
        page = leader.post(f"/mensen/{cast.fatma.pk}/adres-klopt/", follow=True).text
    assert "mail komt terug" not in page
    assert not bounces.has_bounced(cast.fatma)


def test_what_was_reported_is_forgotten_a_month_after_the_decision(cast):
    contact.decline(report=reported(cast), by=Actor(cast.saskia, ACCOUNT), now=NOW - timedelta(days=31))
    waiting = reported(cast)
    call_command("daily", stdout=io.StringIO())
    assert list(ContactReport.objects.all()) == [waiting]
