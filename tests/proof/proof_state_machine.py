"""Whatever happens on an evening of choosing, in whatever order, some things always hold (tests/proof/evening.py)."""

import json

import pytest

from tests.proof.conftest import QUICK

EXAMPLES, STEPS = (10, 16) if QUICK else (150, 40)
VERBS = {
    *("book", "book_all", "move", "cancel", "undo_cancel", "call_off_day", "move_day", "never_mind_at_once"),
    *("undo_change", "take_over", "give_back", "release"),
}


@pytest.mark.quick_on("sqlite")
@pytest.mark.req("P1", "P2", "I6")
def proof_that_some_things_always_hold(house):
    house.on.empty(house)
    counted = json.loads(
        house.run("-m", "tests.proof.evening", str(EXAMPLES), str(STEPS), timeout=2400).splitlines()[-1]
    )
    print(f"\n{counted}")
    if not QUICK:  # a verb that never succeeds, or is never refused, was not shown
        assert set(counted["done"]) >= VERBS and set(counted["refused"]) >= VERBS - {"release"}
