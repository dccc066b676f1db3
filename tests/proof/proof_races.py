"""No double booking, ever: simultaneous clients over HTTP, on both engines, with a control in which the race happens."""

import re
import threading
from collections import Counter
from urllib.parse import urlsplit

import pytest
import requests

from tests.proof.conftest import QUICK

CROWDS = [(10, 3)] if QUICK else [(clients, slots) for clients in (2, 10, 50, 200) for slots in (1, 3)]
ROUNDS, ROUNDS_AT_ONCE = 10 if QUICK else 50, 10
ALL_AT_ONCE = {"/mijn/": "planned", "/mijn/samen/": "proposals"}
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
    """'chosen' for who is led to the confirmation, 'times' for who is led back to what is free; else the status.

    Of who plans two at once: 'planned' or 'proposals'.
    """
    if answer.status_code != 302:
        return answer.status_code
    path = urlsplit(answer.headers["Location"]).path
    if path in ALL_AT_ONCE:
        return ALL_AT_ONCE[path]
    return "chosen" if path.endswith("/tijd/") else "times"


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


@pytest.mark.quick_on("sqlite")
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


@pytest.mark.quick_on("postgresql")
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


class Household(Parent):
    """A parent of two children, with the page of both times open."""

    def looks_at_both(self, wanted):
        """`wanted`: {slot: gesprek}."""
        self.fields = {f"g{gesprek}": slot for slot, gesprek in wanted.items()}
        self.url = f"{self.base}/mijn/samen/kiezen/"
        page = self.session.get(self.url, params=self.fields, timeout=60, allow_redirects=False)
        self.fields["csrfmiddlewaretoken"] = TOKEN.search(page.text).group(1)
        return self

    def press(self):
        self.answer = self.session.post(self.url, self.fields, timeout=120, allow_redirects=False)


def make_households(house, seeded):
    """[(token, its two gesprekken)]: of every two seeded families one, as the parent of both children."""
    pairs = list(zip(seeded["families"][::2], seeded["families"][1::2], strict=True))
    house.ask(
        "[(second.deelnames.filter(as_role='ouder').update(person=parent),"
        " second.leerling.relaties.update(person=parent))"
        f" for pks in {[(first['gesprek'], second['gesprek']) for first, second in pairs]}"
        " for second in Gesprek.objects.filter(pk=pks[1])"
        " for parent in Person.objects.filter(deelnames__gesprek=pks[0], deelnames__as_role='ouder')]"
    )
    return [(first["token"], [first["gesprek"], second["gesprek"]]) for first, second in pairs]


@pytest.mark.req("P1")
def proof_that_planning_all_in_one_go_crosswise_is_all_or_nothing(house):
    """Two families want the same two times, one in opposite order of the other; each round other families and times."""
    seeded = house.seed(4 * ROUNDS_AT_ONCE, 2 * ROUNDS_AT_ONCE)
    families, won = make_households(house, seeded), Counter()
    with house.server() as base:
        for _again in range(ROUNDS // ROUNDS_AT_ONCE):
            stored_now = []
            for n in range(ROUNDS_AT_ONCE):
                times = seeded["slots"][n::ROUNDS_AT_ONCE]
                winner, wanted = crosswise(base, families[2 * n : 2 * n + 2], times)
                stored_now += map(list, wanted.items())
                won[winner] += 1
            found = "Booking.objects.filter(state='active').values_list('slot', 'gesprek')"
            assert sorted(house.ask(f"list(map(list, {found}))")) == sorted(stored_now)
            assert one_confirmation_each(house)
            house.ask("[Booking.objects.all().delete(), Outgoing.objects.all().delete()]")
    print(f"\n{ROUNDS} rounds, won by: {dict(won)}")


def crosswise(base, families, times):
    """One round. Returns which of the two has both times, and {slot: gesprek} of them."""
    wanted = [dict(zip(times[::way], families[n][1], strict=True)) for n, way in enumerate((1, -1))]
    parents = [Household(base, token).looks_at_both(w) for (token, _pair), w in zip(families, wanted, strict=True)]
    assert press_together(parents) == Counter({"planned": 1, "proposals": 1})
    (winner,) = [n for n, parent in enumerate(parents) if where_to(parent.answer) == "planned"]
    page = parents[1 - winner].arrives()
    assert page.status_code == 200 and "net gekozen" in page.text
    return winner, wanted[winner]


@pytest.mark.quick_on("sqlite")
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
