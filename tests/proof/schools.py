"""Schools of the same kind as the instances, from a seed; and uneven ones, with everything the product can ask."""

import random
from datetime import datetime, timedelta

from planning.solver import Conversation, Placed, Problem

PARTS = [(datetime(2026, 11, day, *a), datetime(2026, 11, day, *b)) for day in (24, 26) for a, b in (((15, 0), (17, 30)), ((18, 30), (21, 0)))]  # fmt: skip


def instance(pupils, seed, *, tight=False):
    """A school in the neutral form."""
    chance = random.Random(f"{pupils} {seed} {tight}")
    teams = [[f"T{n:02}a", f"T{n:02}b"][: 1 + (chance.random() < 0.12)] for n in range(1 + pupils // 25)]
    pool = [f"P{n:02}" for n in range(1 + pupils // 200)]
    windows = {person: teacher_windows(chance, tight) for team in teams for person in team}
    windows |= {person: teacher_windows(chance, False) for person in pool}
    rows, seats = [], [team for team in teams for _ in range(26)]
    chance.shuffle(seats)
    for family, children in families(chance, pupils):
        can = chance.sample(range(4), chance.choice([1, 2, 2, 2, 3, 3]))
        for _ in range(children):
            team = seats.pop()
            rows.append({
                "id": f"C{len(rows):04}",
                "family": family,
                "needs": [team, pool] if chance.random() < 0.13 else [team],
                "starts": wishes(chance, windows, team, chance.sample(can, max(1, len(can) - chance.randrange(2)))),
            })  # fmt: skip
    return {
        "slot_minutes": 15,
        "staff": [{"id": id, "windows": [[iso(a), iso(b)] for a, b in parts]} for id, parts in windows.items()],
        "conversations": rows,
    }


def teacher_windows(chance, tight):
    parts = [part for part in PARTS if chance.random() < (0.75 if tight else 0.9)] or [PARTS[3]]
    return [(a, b - timedelta(minutes=15 * chance.choice([0, 0, 1, 2, 5]))) for a, b in parts]


def families(chance, pupils):
    number = 0
    while pupils > 0:
        children = min(pupils, chance.choices([1, 2, 3], [80, 17, 3])[0])
        yield f"F{number:04}", children
        number, pupils = number + 1, pupils - children


def wishes(chance, windows, team, can):
    found = set()
    for part in (PARTS[n] for n in can):
        at = part[0]
        while at < part[1]:
            fits = any(a <= at and at + timedelta(minutes=15) <= b for person in team for a, b in windows[person])
            if fits and chance.random() < 0.8:
                found.add(iso(at))
            at += timedelta(minutes=15)
    return sorted(found)


def iso(moment):
    return moment.isoformat(timespec="minutes")


def uneven(pupils, seed):
    """Everything at once: two grids, gaps and walking, interpreters, rooms, parents who teach, wishes, pinned ones."""
    chance = random.Random(f"uneven {pupils} {seed}")
    teams = [(f"T{n:02}a", f"T{n:02}b")[: 1 + (n % 6 == 0)] for n in range(max(2, pupils // 22))]
    staff = {person: tuple(teacher_windows(chance, False)) for team in teams for person in team}
    experts = tuple(team[0] for team in teams[:3]) + ("E00", "E01")
    staff |= {person: tuple(PARTS) for person in (*experts[-2:], "room1", "room2", "room3")}
    rows = []
    for family, children in families(chance, pupils):
        can = chance.sample(range(4), chance.choice([1, 2, 2, 3]))
        parent = chance.choice(teams)[0] if chance.random() < 0.02 else f"parent of {family}"
        for _ in range(children):
            rows.append(uneven_conversation(chance, len(rows), family, teams, experts, can, parent))
    return Problem(15, staff, tuple(rows), gap_minutes=5, walking_minutes=5)


def uneven_conversation(chance, number, family, teams, experts, can, parent):
    team = chance.choice([team for team in teams if parent not in team])
    first = 10 if teams.index(team) % 3 == 1 else 0
    starts = [
        a + timedelta(minutes=first + 20 * n)
        for a, b in (PARTS[p] for p in can)
        for n in range(7)
        if chance.random() < 0.9
    ]
    needs = [team]
    if number % 9 == 0:
        needs.append(tuple(person for person in experts if person not in team))
    if number % 10 == 1:
        needs.append(("room1", "room2", "room3"))
    return Conversation(
        f"C{number:04}",
        family,
        tuple(needs),
        tuple(starts),
        minutes=35 if number % 25 == 3 else 15,
        people=frozenset({parent}),
        liked=frozenset(starts[:3]),
        pinned=Placed(starts[0], tuple(need[-1] for need in needs)) if number % 60 == 5 and starts else None,
    )
