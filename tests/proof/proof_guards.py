"""Each guard against double booking alone: with it the race does not happen, with none of them it does.

A row lock guards on PostgreSQL (SQLite has none), IMMEDIATE on SQLite, the unique keys on both.
"""

import pytest

from tests.proof.proof_races import Parent, press_together

CLIENTS = 6


def one_slot(base, seeded):
    """Six families, one time."""
    return [Parent(base, f["token"]).looks_at(f["gesprek"], seeded["slots"][0]) for f in seeded["families"]]


def one_child(base, seeded):
    """A mother and a father, one child, two times."""
    mother = Parent(base, seeded["fatma"]).looks_at(seeded["elif"], seeded["slots"][1])
    return [mother, Parent(base, seeded["ali"]).looks_at(seeded["elif"], seeded["slots"][3])]


def one_minute(base, seeded):
    """One mother, two children, two teachers, the same minute."""
    first = Parent(base, seeded["fatma"]).looks_at(seeded["elif"], seeded["slots"][2])
    return [first, Parent(base, seeded["ali"]).looks_at(seeded["emre"], seeded["slots_of_bas"][2])]


def one_room(base, seeded):
    """Two families who share nobody, two teachers, the same minute in the same room."""
    first, other = (
        seeded["families"][0],
        Parent(base, seeded["ali"]).looks_at(seeded["emre"], seeded["slots_of_bas"][3]),
    )
    return [Parent(base, first["token"]).looks_at(first["gesprek"], seeded["slots"][3]), other]


COUNT_AND_CLEAR = "[Booking.objects.filter(state='active').count(), Booking.objects.all().delete()][0]"
ALL = [one_slot, one_child, one_minute, one_room]
ALONE = {
    "row lock": ("postgresql", [one_slot, one_child]),
    "immediate": ("sqlite", [one_slot, one_child]),
    "one_booking_per_slot": ("both", [one_slot]),
    "one_booking_per_gesprek": ("both", [one_child]),
    "nobody_in_two_places": ("both", [one_slot, one_minute]),
    "room_for_one": ("both", [one_room]),
}


def run(house, guard, races):
    """How many bookings each of these races leaves behind. Every answer leads to a page, whoever won."""
    seeded = house.seed(CLIENTS, 4)
    house.ask("Slot.objects.update(room=Room.objects.create(school=School.objects.get(), name='Lokaal'))")
    house.env["LEFT_STANDING"] = guard
    house.run("-m", "tests.proof.unguarded")
    found = {}
    with house.server("tests.proof.unguarded:application") as base:
        for race in races:
            answers = press_together(race(base, seeded))
            assert set(answers) <= {"chosen", "times"}, (race.__name__, answers)
            found[race.__name__] = house.ask(COUNT_AND_CLEAR)
    print(f"\n{guard or 'no guard'}: {found}")
    return found


@pytest.mark.req("P1", "P2")
@pytest.mark.parametrize("guard", ALONE)
def proof_that_one_guard_alone_is_enough(house, engine, guard):
    engines, races = ALONE[guard]
    if engines not in (engine, "both"):
        pytest.skip(f"{guard} guards on {engines}")
    assert set(run(house, guard, races).values()) == {1}


def proof_that_without_guards_every_race_does_happen(house):
    """The control: the same clients against the same server, and nothing between them."""
    assert min(run(house, "", ALL).values()) > 1
