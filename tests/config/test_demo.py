"""The demo is believable on every day of the year, and its pages exist in the demo alone."""

import re
from datetime import UTC, datetime

import pytest
from django.core.mail import EmailMessage
from django.db.models import Count, F
from django.utils import timezone

from config import demo_school, mailbox
from gesprekken.afterwards.pupils import present_year
from gesprekken.models import (
    Advies,
    Answer,
    Confidential,
    Gesprek,
    Outcome,
    Overdracht,
    PortfolioItem,
    Ronde,
    Slide,
)
from kijkwijzer.insight import heard, years
from planning.models import Booking, SignUp, Wish
from school import outbox
from school.models import Groep, Medewerker, Person, Relatie
from tests.test_architecture import rows_of_two_schools

LEADING = {"gehoord": heard.answer, "vergelijken": years.answer}
DAYS = ["2026-11-23", "2026-08-05", "2027-07-01", "2027-01-01", "2028-02-29", "2026-10-25"]


pytestmark = pytest.mark.once  # the demo always stands on SQLite


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_whatever_the_day_one_ronde_is_done_three_are_open_and_one_is_to_come(day, frozen_clock, monkeypatch):
    monkeypatch.setattr(demo_school, "PUPILS_PER_GROEP", 3)
    frozen_clock.move_to(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC))
    school = demo_school.build()
    year = present_year(school, datetime.fromisoformat(day).date())
    states = list(year.rondes.order_by("starts_on").values_list("state", flat=True))
    assert states == ["closed", "open", "open", "open", "draft"]
    today = datetime.fromisoformat(day).date()
    assert year.starts_on < today < year.ends_on
    rondes = Ronde.objects.select_related("schooljaar")
    assert all(r.schooljaar.starts_on <= r.starts_on and r.ends_on <= r.schooljaar.ends_on for r in rondes)
    assert all(r.starts_on.weekday() == 0 for r in Ronde.objects.all())
    assert Booking.objects.active().filter(gesprek__ronde__state="open").exists()
    assert Wish.objects.filter(ronde__state="open", ronde__mode="wishes").exists()
    assert list(rows_of_two_schools()) == []


@pytest.mark.django_db
def test_the_demo_school_has_everybody_and_shows_what_comes_before_and_after_a_gesprek():
    school = demo_school.build()
    has_everybody()
    shows_before_and_after(school)


def has_everybody():
    assert Groep.objects.count() == 8 + 7, "of this year, and of last year"
    assert Groep.objects.annotate(n=Count("lesgeven")).filter(n=2).exists(), "duo teachers"
    assert Gesprek.objects.values("ronde", "leerling").annotate(n=Count("pk")).filter(n=2).exists(), "parents apart"
    assert Person.objects.annotate(n=Count("relaties")).filter(n__gte=2).exists(), "brothers and sisters"
    assert Relatie.objects.filter(restriction=True).exists()
    assert Person.objects.filter(relaties__isnull=False, email="").exists(), "guardians without an address"
    assert len(set(Person.objects.filter(relaties__isnull=False).values_list("language", flat=True))) >= 4
    assert Medewerker.objects.filter(person__rollen__soort="leiding").count() == 1


def shows_before_and_after(school):
    now, today = timezone.now(), timezone.localdate()
    this = present_year(school, today)
    told = {code: question(school=school, schooljaar=this, now=now) for code, question in LEADING.items()}
    assert all(answer.rows for answer in told.values()), "leadership can compare, and reads whether parents feel heard"
    assert len(told["vergelijken"].columns) == 4, "with the year before"
    assert set(Outcome.objects.values_list("state", flat=True)) == set(Outcome.State.values)
    assert Confidential.objects.exclude(text="").exists()
    assert set(Advies.objects.values_list("stage", flat=True)) == set(Advies.Stage.values)
    ahead = Ronde.objects.get(soort__code="vooruitblik-7")
    assert ahead.lead == Ronde.Lead.LEERLING
    assert Slide.objects.filter(presentation__gesprek__ronde=ahead).exclude(chart="").exists()
    assert PortfolioItem.objects.filter(gesprek__ronde=ahead, released_at__isnull=False).exists()
    assert Overdracht.objects.filter(read_at__isnull=False).exclude(schooljaar=this).exists()
    assert Overdracht.objects.filter(schooljaar=this, handed_over_at=None).exists()
    assert SignUp.objects.filter(activiteit__on__gt=today).exists() and SignUp.objects.filter(came=True).exists()
    assert not Answer.objects.exclude(language=F("voorbereiding__person__language")).exists()


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
