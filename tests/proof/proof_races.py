"""No double booking, ever: simultaneous clients over HTTP, on both engines, with a control in which the race happens."""

import json
import re
import threading
from collections import Counter

import pytest
import requests

from tests.proof.conftest import QUICK

CROWDS = [(10, 3)] if QUICK else [(clients, slots) for clients in (2, 10, 50, 200) for slots in (1, 3)]
ROUNDS = 10 if QUICK else 50
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


def one_confirmation_each(house):
    """For every stored booking and every guardian of it exactly one message, and none for anything else."""
    told = house.ask(
        "list(Outgoing.objects.filter(message='planning.booked').values_list('object_id', 'recipient_id'))"
    )
    due = house.ask(
        "list(Booking.objects.filter(state='active', gesprek__deelnames__as_role='ouder')"
        ".values_list('pk', 'gesprek__deelnames__person_id'))"
    )
    return sorted(told) == sorted(due)


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
    winners = min(clients, slots)
    assert answers == Counter({"chosen": winners, "times": clients - winners})
    assert stored(house) == winners
    assert one_confirmation_each(house)


@pytest.mark.req("P1")
def proof_that_one_child_gets_one_time_from_two_parents(house):
    """Mother and father choose two different times at the same moment."""
    seeded = house.seed(0, 4)
    with house.server() as base:
        mother = Parent(base, seeded["fatma"]).looks_at(seeded["elif"], seeded["slots"][0])
        father = Parent(base, seeded["ali"]).looks_at(seeded["elif"], seeded["slots"][2])
        answers = press_together([mother, father])
    assert answers == Counter({"chosen": 2})  # both end on the page with the one time that holds
    assert stored(house) == 1
    assert one_confirmation_each(house)


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
    assert one_confirmation_each(house)


@pytest.mark.req("P1")
def proof_that_planning_all_in_one_go_crosswise_is_all_or_nothing(house):
    """Two, and then six families want the same two times, every other one in opposite order."""
    seeded = house.seed(12, 2)
    gesprekken = [family["gesprek"] for family in seeded["families"]]
    pairs = [f"{first},{second}" for first, second in zip(gesprekken[::2], gesprekken[1::2], strict=True)]
    slots = ",".join(str(slot) for slot in seeded["slots"])
    for families in (2, 6):
        rounds = json.loads(house.run("-m", "tests.proof.crosswise", str(ROUNDS), slots, *pairs[:families]))
        expected = {"met": sorted(["all"] + ["taken"] * (families - 1)), "stored": 2}
        assert [found for found in rounds if found != expected] == []
        assert len(rounds) == ROUNDS


def proof_that_a_double_click_books_once(house):
    seeded = house.seed(1, 1)
    family = seeded["families"][0]
    with house.server() as base:
        parent = Parent(base, family["token"]).looks_at(family["gesprek"], seeded["slots"][0])
        again = Parent(base, family["token"]).looks_at(family["gesprek"], seeded["slots"][0])
        answers = press_together([parent, again])
    assert answers == Counter({"chosen": 2})
    assert stored(house) == 1
    assert one_confirmation_each(house)
