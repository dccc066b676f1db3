"""Booking is quick: the bench of the product itself, on both engines, held against what is promised."""

import json

import pytest

from config.bench import booking
from tests.proof.conftest import QUICK, House

SECONDS, CROWD = (0.5, 50) if QUICK else (3, 200)


@pytest.mark.req("P1")
def proof_that_booking_is_as_quick_as_promised(postgresql, tmp_path):
    house = House(tmp_path)
    command = ["bench", "booking", "--json", "--seconds", str(SECONDS), "--crowd", str(CROWD)]
    answer = json.loads(house.run("manage.py", *command, "--postgres", postgresql.uri))
    for engine, figures in answer["figures"].items():
        print(
            f"\n{engine}: {figures['per_second']} a second, {figures['ratio']} of hello; {figures['slowest_at_once']}"
        )
    assert answer["shortcomings"] == []
    assert set(answer["figures"]) == {"sqlite", "postgresql"}
    assert answer["figures"]["sqlite"]["ratio"]["page"] >= booking.MUST["page"]
    assert answer["figures"]["sqlite"]["ratio"]["claim"] >= booking.MUST["claim"]
