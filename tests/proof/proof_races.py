"""No double booking, ever: simultaneous clients over HTTP, on both engines, with a control in which the race happens."""

import re
import threading
from collections import Counter

import pytest
import requests

from tests.proof.conftest import QUICK

CROWDS = [(10, 1)] if QUICK else [(2, 1), (10, 1), (50, 1), (50, 3), (200, 3)]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Parent:
    """A parent with an open page and a finger above the button."""

    def __init__(self, base, token):
        self.base, self.session = base, requests.Session()
        page = self.session.get(f"{base}/u/{token}/", timeout=60)
        self.session.post(page.url, {"csrfmiddlewaretoken": TOKEN.search(page.text).group(1)}, timeout=60)

    def looks_at(self, gesprek, slot):
        self.url = f"{self.base}/mijn/{gesprek}/tijden/{slot}/"
        self.token = TOKEN.search(self.session.get(self.url, timeout=60).text).group(1)
        return self

    def press(self):
        self.answer = self.session.post(
            self.url, {"csrfmiddlewaretoken": self.token}, timeout=120, allow_redirects=False
        )

    def arrives(self):
        """The page this parent sees in the end."""
        return self.session.get(self.base + self.answer.headers["Location"], timeout=60)


def press_together(parents):
    barrier = threading.Barrier(len(parents))

    def press(parent):
        barrier.wait()
        parent.press()

    threads = [threading.Thread(target=press, args=(parent,)) for parent in parents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(where_to(parent.answer) for parent in parents)


def where_to(answer):
    """'chosen' for who is led to the confirmation, 'times' for who is led back to what is free; else the status."""
    if answer.status_code != 302:
        return answer.status_code
    return "chosen" if answer.headers["Location"].endswith("/tijd/") else "times"


def stored(house):
    return house.ask("Booking.objects.filter(state='active').count()")


@pytest.mark.req("P1")
@pytest.mark.parametrize(("clients", "slots"), CROWDS)
def proof_that_each_slot_goes_to_one_of_many(house, clients, slots):
    seeded = house.seed(clients, slots)
    with house.server() as base:
        parents = [
            Parent(base, family["token"]).looks_at(family["gesprek"], seeded["slots"][n % slots])
            for n, family in enumerate(seeded["families"])
        ]
        answers = press_together(parents)
        print(f"\n{clients} clients on {slots} slot(s): {dict(answers)}")
        losers = [parent for parent in parents if where_to(parent.answer) == "times"]
        assert all("net gekozen" in parent.arrives().text for parent in losers)
    assert answers == Counter({"chosen": slots, "times": clients - slots})
    assert stored(house) == slots
    told = house.ask(
        "list(Outgoing.objects.filter(message='planning.booked').values_list('object_id', 'recipient_id'))"
    )
    assert len(told) == len({tuple(pair) for pair in told}) == slots


@pytest.mark.req("P1")
def proof_that_one_child_gets_one_time_from_two_parents(house):
    """Mother and father choose two different times at the same moment."""
    seeded = house.seed(0, 4)
    with house.server() as base:
        mother = Parent(base, seeded["fatma"]).looks_at(seeded["elif"], seeded["slots"][0])
        father = Parent(base, seeded["ali"]).looks_at(seeded["elif"], seeded["slots"][2])
        answers = press_together([mother, father])
    assert set(answers) == {"chosen"}  # both end on the page with the one time that holds
    assert stored(house) == 1


@pytest.mark.req("P2")
def proof_that_one_parent_is_not_in_two_rooms(house):
    """Two children, two teachers, one minute: from two telephones."""
    seeded = house.seed(0, 2)
    with house.server() as base:
        one = Parent(base, seeded["fatma"]).looks_at(seeded["elif"], seeded["slots"][0])
        two = Parent(base, seeded["ali"]).looks_at(seeded["emre"], seeded["slots_of_bas"][0])
        answers = press_together([one, two])
    assert answers == Counter({"chosen": 1, "times": 1})
    assert stored(house) == 1


def proof_that_a_double_click_books_once(house):
    seeded = house.seed(1, 1)
    family = seeded["families"][0]
    with house.server() as base:
        parent = Parent(base, family["token"]).looks_at(family["gesprek"], seeded["slots"][0])
        again = Parent(base, family["token"]).looks_at(family["gesprek"], seeded["slots"][0])
        answers = press_together([parent, again])
    assert set(answers) == {"chosen"}
    assert stored(house) == 1


def proof_that_without_guards_the_race_does_happen(house):
    """The control: the same clients against the same server with its guards off store more than one booking."""
    clients = 10
    seeded = house.seed(clients, 1)
    house.run("-c", "import tests.proof.unguarded as u; u.take_guards_away()")
    with house.server("tests.proof.unguarded:application") as base:
        parents = [Parent(base, f["token"]).looks_at(f["gesprek"], seeded["slots"][0]) for f in seeded["families"]]
        answers = press_together(parents)
    print(f"\nwithout guards: {stored(house)} bookings of one slot, answers {dict(answers)}")
    assert stored(house) > 1
