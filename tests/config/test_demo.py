"""The demo is believable on every day of the year, and its pages exist in the demo alone."""

import re
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.db.models import Count

from config import demo_school, mailbox
from gesprekken.models import Gesprek, Ronde
from planning.models import Booking, Wish
from school import outbox
from school.models import Groep, Medewerker, Person, Relatie
from tests.test_architecture import rows_of_two_schools

DAYS = ["2026-11-23", "2026-08-05", "2027-07-01", "2027-01-01", "2028-02-29", "2026-10-25"]


pytestmark = pytest.mark.once  # the demo always stands on SQLite


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_whatever_the_day_one_ronde_is_done_two_are_open_and_one_is_to_come(day, frozen_clock, monkeypatch):
    monkeypatch.setattr(demo_school, "PUPILS_PER_GROEP", 3)
    frozen_clock.move_to(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC))
    school = demo_school.build()
    states = list(Ronde.objects.order_by("starts_on").values_list("state", flat=True))
    assert states == ["closed", "open", "open", "draft"]
    year = school and Ronde.objects.first().schooljaar
    today = datetime.fromisoformat(day).date()
    assert year.starts_on < today < year.ends_on
    assert all(year.starts_on <= r.starts_on and r.ends_on <= year.ends_on for r in Ronde.objects.all())
    assert all(r.starts_on.weekday() == 0 for r in Ronde.objects.all())
    assert Booking.objects.active().filter(gesprek__ronde__state="open").exists()
    assert Wish.objects.filter(ronde__state="open", ronde__mode="wishes").exists()
    assert list(rows_of_two_schools()) == []


@pytest.mark.django_db
def test_the_demo_school_has_everybody_the_domain_talks_about():
    demo_school.build()
    assert Groep.objects.count() == 8
    assert Groep.objects.annotate(n=Count("lesgeven")).filter(n=2).exists(), "duo teachers"
    assert Gesprek.objects.values("ronde", "leerling").annotate(n=Count("pk")).filter(n=2).exists(), "parents apart"
    assert Person.objects.annotate(n=Count("relaties")).filter(n__gte=2).exists(), "brothers and sisters"
    assert Relatie.objects.filter(restriction=True).exists()
    assert Person.objects.filter(relaties__isnull=False, email="").exists(), "guardians without an address"
    assert len(set(Person.objects.filter(relaties__isnull=False).values_list("language", flat=True))) >= 4
    assert Medewerker.objects.filter(person__rollen__soort="leiding").count() == 1


@pytest.fixture
def demo_mode(settings):
    settings.DEMO = True
    settings.EMAIL_BACKEND = "config.mailbox.DemoMailbox"


@pytest.mark.django_db
def test_one_click_signs_in_and_a_mail_leads_to_the_page_of_a_parent(cast, as_, demo_mode):
    cast.with_open_ronde()
    outbox.deliver_all()
    visitor = as_()
    assert "Annemiek Postma" in visitor.get("/").content.decode()
    assert visitor.post(f"/demo/als/{cast.saskia.pk}/", follow=True).redirect_chain[-1][0] == "/vandaag/"
    inbox = visitor.get("/demo/post/?q=fatma").content.decode()
    (name,) = re.findall(r"/demo/post/([\d-]+)/", inbox)
    page = visitor.get(f"/demo/post/{name}/").content.decode()
    (address,) = re.findall(r'href="http://127.0.0.1:8000(/u/[^"]+)"', page)
    assert "Dag Fatma" in visitor.get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../secret-key", "1-1", "..%2f..%2fsecret", "x"])
def test_the_inbox_shows_nothing_but_its_own_messages(as_, demo_mode, name):
    assert as_().get(f"/demo/post/{name}/").status_code == 404


def test_every_message_has_a_file_of_its_own(settings):
    box = mailbox.DemoMailbox()
    box.send_messages([EmailMessage(subject=f"bericht {n}", to=["a@b.example"]) for n in range(30)])
    assert [m["subject"] for _, m in mailbox.newest_first()] == [f"bericht {n}" for n in reversed(range(30))]
