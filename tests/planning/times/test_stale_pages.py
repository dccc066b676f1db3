"""Pages that stood open too long: whatever changed meanwhile, a friendly page comes, nothing breaks and nothing is lost."""

import pytest

from gesprekken.models import Gesprek, Ronde
from planning.models import Booking, Slot
from planning.times import booking
from school.actor import LINK, Actor
from tests.cast import NOW
from tests.remembered import remembered

CHANGES = {
    "the ronde closed": lambda cast: Ronde.objects.update(state="closed"),
    "choosing closed": lambda cast: Ronde.objects.update(starts_on=NOW.date()),
    "the plan comes first": lambda cast: Ronde.objects.update(mode="wishes"),
    "choosing begins later": lambda cast: Ronde.objects.update(choosing_opens_at=NOW.replace(year=2027)),
    "the gesprek was held": lambda cast: Gesprek.objects.update(held_on=NOW.date()),
    "the gesprek was cancelled": lambda cast: Gesprek.objects.update(cancelled_at=NOW),
    "the times were taken back": lambda cast: Slot.objects.all().delete(),
    "the time was let go": lambda cast: booking.release(list(Gesprek.objects.all()), now=NOW),
}


@pytest.fixture
@remembered
def chosen(cast):
    """Fatma has a time for Elif, and pages standing open on her phone."""
    cast.with_open_ronde()
    cast.people["first"], cast.people["second"], *_ = Slot.objects.filter(medewerker=cast.saskia.medewerker)
    gesprek = cast.gesprek_of(cast.elif_)
    cast.people["booked"] = booking.book(slot=cast.first, gesprek=gesprek, by=Actor(cast.fatma, LINK), now=NOW)
    return cast


def buttons(cast):
    """{what she presses: (address, data)}"""
    pk, emre = cast.booked.gesprek_id, cast.gesprek_of(cast.emre).pk
    later = Slot.objects.filter(medewerker=cast.bas.medewerker).last().pk
    return {
        "another time": (f"/mijn/{pk}/tijden/{cast.second.pk}/", {"replace": cast.booked.pk}),
        "cancel": (f"/mijn/{pk}/afzeggen/", {}),
        "undo": (f"/mijn/{pk}/toch-wel/{cast.booked.pk}/", {}),
        "call me": (f"/mijn/{pk}/bel-mij/", {"note": "na zes uur"}),
        "none suits": (f"/mijn/{pk}/geen-tijd-past/", {"note": "na zes uur"}),
        "take back": (f"/mijn/{pk}/geen-tijd-past/", {"terug": "ja"}),
        "follow": (f"/mijn/{pk}/gekozen-tijden/", {"volg": cast.second.pk}),
        "all in one go": ("/mijn/samen/kiezen/", {f"g{pk}": cast.second.pk, f"g{emre}": later, "was": cast.booked.pk}),
    }


@pytest.mark.req("P1")
@pytest.mark.parametrize(
    "button", ["another time", "cancel", "undo", "call me", "none suits", "take back", "follow", "all in one go"]
)
@pytest.mark.parametrize("change", list(CHANGES))
def test_a_button_on_an_old_page_ends_on_a_page_for_people(chosen, as_, change, button):
    client = as_.link(chosen.fatma)
    address, data = buttons(chosen)[button]
    CHANGES[change](chosen)
    for _double_tap in range(2):
        response = client.post(address, data, follow=True)
        assert response.status_code == 200
        assert "<h1>" in response.content.decode()
        assert client.get(address, follow=True).status_code in (200, 409)
    assert Booking.objects.active().filter(gesprek=chosen.booked.gesprek_id).count() <= 1


@pytest.mark.once  # only looks; what is pressed above writes
@pytest.mark.parametrize("address", ["tijden", "tijd", "afzeggen", "bel-mij", "geen-tijd-past", "gekozen-tijden"])
@pytest.mark.parametrize("change", list(CHANGES))
def test_every_page_can_be_reloaded_whatever_changed(chosen, as_, change, address):
    client = as_.link(chosen.fatma)
    CHANGES[change](chosen)
    assert client.get(f"/mijn/{chosen.booked.gesprek_id}/{address}/", follow=True).status_code == 200
    for other in ("/mijn/", "/mijn/samen/", "/mijn/samen/kiezen/"):
        assert client.get(other, follow=True).status_code == 200


@pytest.mark.req("P1")
def test_an_old_page_does_not_replace_the_time_the_other_parent_moved_to(chosen, as_):
    mother, gesprek = as_.link(chosen.fatma), chosen.booked.gesprek
    third = Slot.objects.filter(medewerker=chosen.saskia.medewerker)[2]
    moved = booking.move(slot=third, gesprek=gesprek, by=Actor(chosen.ali, LINK), now=NOW)
    page = mother.post(f"/mijn/{gesprek.pk}/tijden/{chosen.second.pk}/", {"replace": chosen.booked.pk}, follow=True)
    assert "Er stond al een tijd" in page.content.decode()
    assert Booking.objects.active().get() == moved


def test_an_old_page_of_a_teacher_does_not_replace_what_a_parent_chose(chosen, as_):
    teacher, gesprek = as_.staff(chosen.saskia), chosen.gesprek_of(chosen.tess)
    data = {"slot": chosen.second.pk, "agreed": "ja", "was": ""}
    third = Slot.objects.filter(medewerker=chosen.saskia.medewerker)[2]
    booking.book(slot=third, gesprek=gesprek, by=Actor(chosen.sander, LINK), now=NOW)
    response = teacher.post(f"/gesprek/{gesprek.pk}/plannen/", data)
    assert response.status_code == 409
    assert "Intussen is er een andere tijd gekozen" in response.content.decode()
    assert Booking.objects.active().get(gesprek=gesprek).slot == third
