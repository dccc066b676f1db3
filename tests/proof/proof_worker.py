"""Nothing lost, nothing twice: whatever the mail server does, and wherever a worker is killed.

What nobody can know is whether a message went, when it was handed over and no yes was noted. That is flagged, as failed
with a reason, and never sent again (docs/decisions/0005-outbox.md).
"""

import time
from contextlib import contextmanager

import pytest

from tests.proof.conftest import QUICK
from tests.proof.mail_server import POINTS, MailServer

FAMILIES = 14 if QUICK else 40
PATIENCE = 4  # of the mail server, longer than ours
STOPPED = "worker stopped while sending"
INVITATIONS = "Outgoing.objects.filter(message='planning.invitation')"
# An hour goes by twice: what waits is due, what a dead worker left is given up, what can be sent is sent.
FINISH = """[
    (
        Outgoing.objects.filter(state='waiting').update(due_at='2020-01-01T00:00Z'),
        Outgoing.objects.filter(state='sending').update(claimed_at='2020-01-01T00:00Z'),
        __import__('school.outbox').outbox.deliver_all(),
    )
    for _hour in range(2)
]"""
ROWS = f"list({INVITATIONS}.values_list('recipient__email', 'state', 'attempts', 'why'))"
BOUNCES = "list(Bounce.objects.values_list('address', 'status'))"


@contextmanager
def mail_server(house):
    with MailServer(PATIENCE) as server:
        house.env["PROOF_SMTP_PORT"] = str(server.port)
        yield server


def finish(house):
    """({address: (state, attempts, why)} of every invitation, [[address, status]] that came back)."""
    _done, rows, bounces = house.ask(f"[{FINISH}, {ROWS}, {BOUNCES}]")
    return {address: (state, attempts, why) for address, state, attempts, why in rows}, bounces


def assert_nothing_lost_or_twice(server, states, flagged):
    taken = server.addresses()
    assert max(taken.values()) == 1, "somebody got a message twice"
    for address, (state, _attempts, why) in states.items():
        assert state == "sent" or why in flagged, (address, state, why)
        assert taken[address] == 1 or state != "sent", f"{address} was noted as sent and got nothing"
    return sum(state != "sent" for state, *_ in states.values())


@pytest.mark.quick_on("sqlite")
@pytest.mark.req("I3")
def proof_that_a_worker_killed_at_ten_points_loses_and_repeats_nothing(house):
    points = POINTS[4:8] if QUICK else POINTS
    house.seed(FAMILIES, 2)
    with mail_server(house) as server:
        for point in points:
            worker = house.worker()
            server.kill_at(point, worker, after=2)
            assert worker.wait(timeout=60) == -9, f"nothing reached {point}"
        states, _bounces = finish(house)
    undecided = assert_nothing_lost_or_twice(server, states, {STOPPED})
    print(f"\n{len(states)} messages, killed at {len(points)} points: {undecided} flagged, {len(server.taken)} taken")
    assert undecided <= len(points)  # at most one a kill


@pytest.mark.quick_on("postgresql")
def proof_that_two_workers_share_the_mail(house):
    house.seed(FAMILIES, 2)
    with mail_server(house) as server:
        workers = [house.worker() for _ in range(2)]
        deadline = time.monotonic() + 60
        while len(server.taken) < FAMILIES and time.monotonic() < deadline:
            time.sleep(0.05)
        for worker in workers:
            worker.terminate()
        assert [worker.wait(timeout=30) for worker in workers] == [0, 0], "a worker that is asked to stop, stops"
        states, _bounces = finish(house)
    assert assert_nothing_lost_or_twice(server, states, set()) == 0


FAULTS = {  # what the mail server does, attempt by attempt: (state, attempts, why) in the end, and whether it was taken
    "450 4.2.1 try later": ("sent", 1, "", True),
    "slow": ("sent", 1, "", True),
    "hangs up": ("sent", 1, "", True),
    "after the content 451 4.3.0 try later": ("sent", 1, "", True),
    "550 5.7.1 we do not like you": ("sent", 1, "", True),  # says nothing about the address
    "550 5.1.1 no such user": ("failed", 1, "address refused", False),
    "dies in content": ("failed", 1, "mail server gave no answer", False),
    "takes it and is silent": ("failed", 1, "mail server gave no answer", True),
}


@pytest.mark.quick_on("sqlite")
@pytest.mark.req("I3")
def proof_that_faults_of_the_mail_server_lose_and_repeat_nothing(house):
    house.seed(FAMILIES, 2)
    of = {f"ouder{n}@ouders.example": fault for n, fault in enumerate(FAULTS)}
    with mail_server(house) as server:
        server.faults = {address: [fault] for address, fault in of.items()}
        states, bounces = finish(house)
    taken = server.addresses()
    assert max(taken.values()) == 1
    for address, fault in of.items():
        assert (*states[address], bool(taken[address])) == FAULTS[fault], fault
    assert bounces == [["ouder5@ouders.example", "5.1.1"]]
