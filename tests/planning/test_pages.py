"""The pages of a parent: light, friendly when something was in the way, and closed to everybody else."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from planning.models import Booking, Slot
from planning.times import booking
from school.actor import LINK, Actor
from school.models import Person, Relatie
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def opened(cast):
    cast.with_open_ronde()
    return cast


def slots_of(cast, teacher):
    return list(Slot.objects.filter(ronde=cast.ronde, medewerker=teacher.medewerker))


def test_the_page_of_times_is_light_enough_for_a_bus(opened, as_):
    """The page, its stylesheet and icon together: at most 30 kB and 4 requests, without a script."""
    page = as_.link(opened.fatma).get(f"/mijn/{opened.gesprek_of(opened.elif_).pk}/tijden/").content
    assets = set(re.findall(rb'(?:href|src)="/static/([^"]+)"', page))
    weight = sum(len(gzip.compress(p)) for p in [page, *(open(finders.find(a.decode()), "rb").read() for a in assets)])  # noqa: SIM115, PTH123
    assert len(assets) + 1 <= 4
    assert weight <= 14_000
    assert b"<script" not in page


def test_a_stale_page_of_a_closed_ronde_says_so_and_keeps_everything(opened, as_):
    client = as_.link(opened.fatma)
    gesprek, slot = opened.gesprek_of(opened.elif_), slots_of(opened, opened.saskia)[0]
    opened.ronde.__class__.objects.update(state="closed")
    response = client.post(f"/mijn/{gesprek.pk}/tijden/{slot.pk}/", follow=True)
    assert "kan geen tijd meer gekozen worden" in response.content.decode()


def test_a_stale_page_never_replaces_a_time_that_the_other_parent_chose(opened, as_):
    """Mother's page shows no time yet; father chose meanwhile; her button must not throw his choice away."""
    gesprek = opened.gesprek_of(opened.elif_)
    first, second, *_ = slots_of(opened, opened.saskia)
    mother = as_.link(opened.fatma)
    mother.get(f"/mijn/{gesprek.pk}/tijden/{second.pk}/")
    booking.book(slot=first, gesprek=gesprek, by=Actor(opened.ali, LINK), now=NOW)
    page = mother.post(f"/mijn/{gesprek.pk}/tijden/{second.pk}/", follow=True).content.decode()
    assert "Er stond al een tijd" in page
    assert Booking.objects.active().get().slot == first


def test_a_vanished_slot_shows_what_is_still_free(opened, as_):
    gesprek = opened.gesprek_of(opened.elif_)
    slot = slots_of(opened, opened.saskia)[0]
    Slot.objects.filter(pk=slot.pk).delete()
    response = as_.link(opened.fatma).post(f"/mijn/{gesprek.pk}/tijden/{slot.pk}/", follow=True)
    assert "net gekozen" in response.content.decode()
    assert "15:15" in response.content.decode()


@pytest.mark.req("I3a")
def test_each_separated_parent_sees_one_time_her_own(opened, as_):
    slot, other, *_ = slots_of(opened, opened.saskia)
    mothers, fathers = opened.gesprek_of(opened.noor, opened.kim), opened.gesprek_of(opened.noor, opened.joost)
    booking.book(slot=slot, gesprek=mothers, by=Actor(opened.kim, LINK), now=NOW)
    father = as_.link(opened.joost)
    page = father.get("/mijn/").content.decode()
    assert "15:00" not in page
    assert "Kim" not in page
    assert father.get(f"/mijn/{mothers.pk}/tijd/").status_code == 404
    times = father.get(f"/mijn/{fathers.pk}/tijden/").content.decode()
    assert "15:15" in times
    assert other.starts_at != slot.starts_at


def test_a_restriction_closes_an_open_page_at_once(opened, as_):
    client = as_.link(opened.ali)
    gesprek = opened.gesprek_of(opened.elif_)
    assert client.get(f"/mijn/{gesprek.pk}/tijden/").status_code == 200
    Relatie.objects.filter(person=opened.ali, leerling=opened.elif_).update(restriction=True)
    assert client.get(f"/mijn/{gesprek.pk}/tijden/").status_code == 404
    page = client.get("/mijn/").content.decode()
    assert "Elif" not in page
    assert "Emre" in page


@pytest.mark.parametrize("has_address", [True, False])
def test_staff_are_never_led_to_ring_write_or_tell_who_may_have_no_contact(opened, as_, has_address):
    """The restriction comes while the ronde is open, after he asked to be phoned and said that no time suits."""
    gesprek = opened.gesprek_of(opened.elif_)
    ali = as_.link(opened.ali)
    ali.post(f"/mijn/{gesprek.pk}/geen-tijd-past/", {"note": "Alleen na zes uur"})
    ali.post(f"/mijn/{gesprek.pk}/bel-mij/", {"note": "Bel mijn werk"})
    Person.objects.filter(pk=opened.ali.pk).update(phone="06 99 88 77 66", **({} if has_address else {"email": ""}))
    Relatie.objects.filter(person=opened.ali, leerling=opened.elif_).update(restriction=True)
    teacher = as_.staff(opened.saskia)
    group = f"/rondes/{opened.ronde.pk}/groep/{opened.groep5.pk}/"
    for url in [f"/gesprek/{gesprek.pk}/plannen/", f"/gesprek/{gesprek.pk}/opzet/", group, "/vandaag/"]:
        page = teacher.get(url).content.decode()
        assert "Ali" not in page
        assert "06 99 88 77 66" not in page
        assert "Alleen na zes uur" not in page
        assert "Bel mijn werk" not in page
    slot = slots_of(opened, opened.saskia)[0]
    told = teacher.post(f"/gesprek/{gesprek.pk}/plannen/", {"slot": slot.pk, "agreed": "ja"}, follow=True)
    assert "Bericht gaat naar Fatma Yılmaz." in told.content.decode()


def test_the_calendar_file_is_there_for_who_has_no_mail(opened, as_):
    gesprek = opened.gesprek_of(opened.daan)
    booking.book(slot=slots_of(opened, opened.ilse)[0], gesprek=gesprek, by=Actor(opened.ria, LINK), now=NOW)
    response = as_.link(opened.ria).get(f"/mijn/{gesprek.pk}/agenda.ics")
    assert response.headers["Content-Type"].startswith("text/calendar")
    assert b"METHOD:PUBLISH" in response.content


@pytest.mark.req("P1")
def test_a_teacher_plans_on_the_phone_with_the_same_mail(opened, as_, deliver):
    deliver()
    gesprek, slot = opened.gesprek_of(opened.tess), slots_of(opened, opened.saskia)[2]
    client = as_.staff(opened.saskia)
    client.post(f"/gesprek/{gesprek.pk}/plannen/", {"slot": slot.pk, "agreed": "ja"})
    (message,) = deliver()
    assert message.to == ["sander@ouders.example"]
    response = client.post(f"/gesprek/{gesprek.pk}/plannen/", {"agreed": "ja"})
    assert response.status_code == 422
    assert "Kies eerst een tijd" in response.content.decode()


@pytest.mark.parametrize("slot", ["", "0", "999999", "x", "-1", "1e9", "9" * 30])
def test_a_slot_that_is_nonsense_is_refused_kindly(opened, as_, slot):
    gesprek = opened.gesprek_of(opened.tess)
    response = as_.staff(opened.saskia).post(f"/gesprek/{gesprek.pk}/plannen/", {"slot": slot, "agreed": "ja"})
    assert response.status_code == 422


@pytest.mark.req("P2")
def test_of_a_duo_each_time_says_with_whom_it_is(opened, as_):
    """Ilse and Maarten share group 3: "15:00" twice would leave a parent guessing."""
    path = f"/{opened.gesprek_of(opened.daan).pk}/"
    for page in (
        as_.link(opened.ria).get(f"/mijn{path}tijden/").content.decode(),
        as_.staff(opened.ilse).get(f"/gesprek{path}plannen/").content.decode(),
    ):
        assert re.search(r"(bij |<small>)Ilse Smit", page)
        assert re.search(r"(bij |<small>)Maarten Peters", page)
    alone = as_.link(opened.fatma).get(f"/mijn/{opened.gesprek_of(opened.elif_).pk}/tijden/").content.decode()
    assert "bij Saskia Mulder" not in alone
