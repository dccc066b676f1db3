"""Invitations are made quickly: the bench of the product itself, held against what is promised."""

import json

import pytest

from config.bench import invitations
from tests.proof.conftest import QUICK, House

pytestmark = pytest.mark.alone

TRIES = 3  # a noisy moment of the machine is no slow product: one quiet run shows what it can
SLACK = 1.5 if QUICK else 1.0  # a small school pays for starting the presses


@pytest.mark.req("P1", "I3")
def proof_that_invitations_are_made_as_quickly_as_promised(tmp_path):
    house = House(tmp_path)
    for _ in range(TRIES):
        figures = json.loads(house.run("manage.py", "bench", "invitations", "--json", *quick(), timeout=1500))[
            "figures"
        ]
        print("", *invitations.lines(figures), sep="\n")
        mail, letters = figures["mail"], figures["letters"]
        assert len(set(mail["queries"].values())) == 1, "a batch asks as many questions, whatever its size"
        assert letters["memory"] <= invitations.MOST_MEMORY
        rate, time = mail["ratio"] * SLACK, letters["ratio"] / SLACK
        if rate >= invitations.LEAST_RATE and time <= invitations.MOST_TIME:
            break
    assert rate >= invitations.LEAST_RATE
    assert time <= invitations.MOST_TIME


def quick():
    return ["--quick"] if QUICK else []
