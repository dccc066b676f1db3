"""Whatever happens on an evening of choosing, in whatever order, some things always hold (tests/proof/evening.py)."""

import pytest

from tests.proof.conftest import QUICK

EXAMPLES, STEPS = (12, 20) if QUICK else (150, 40)


@pytest.mark.req("P1", "P2", "I6")
def proof_that_some_things_always_hold(house, engine):
    if QUICK and engine != "sqlite":
        pytest.skip("on both engines in the whole proof")
    house.on.empty(house)
    house.run("-m", "tests.proof.evening", str(EXAMPLES), str(STEPS), timeout=1500)
