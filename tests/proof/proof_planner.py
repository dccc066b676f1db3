"""The planner on whole schools: every rule kept, every goal proven, in time and in memory, in a process of its own.

Each plan is checked by tests/proof/plan_checker.py, which knows the instance and nothing of the planner.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planning.solver import broken_rules, solve
from tests.proof import plan_checker, schools
from tests.proof.conftest import QUICK, ROOT

pytestmark = pytest.mark.alone

INSTANCES = ROOT.parent / "shared" / "data" / "instances"
FOUND = {path.stem: path for path in sorted(INSTANCES.glob("school-*.json"))}
NAMES = ["school-60-1", "school-250-1"] if QUICK else list(FOUND) or ["school-60-1"]
SECONDS, MEGABYTES = 30, 1500  # at most, for 1,500 pupils
OTHERS = [(60, 7, False), (120, 8, True)] if QUICK else [(n, seed, t) for n in (120, 250, 500) for seed in (7, 8) for t in (False, True)]  # fmt: skip


def planned(path, folder, limit=SECONDS - 2):
    """(answer, seconds, seconds of processor, megabytes) of the command in a process of its own."""
    command = [sys.executable, "manage.py", "solve_plan", str(path), "--json", "--time-limit", str(limit)]
    out = folder / "answer.json"
    began = time.monotonic()
    with out.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, stdout=file)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    cpu = usage.ru_utime + usage.ru_stime
    return json.loads(out.read_text()), time.monotonic() - began, cpu, usage.ru_maxrss / 1024


def checked(instance, answer):
    """The answer's own words against what the checker finds; gives the scores and bounds."""
    placed, scores, bounds = answer["placed"], answer["scores"], answer["bounds"]
    assert list(plan_checker.broken(instance, placed)) == []
    missing = {c["id"] for c in instance["conversations"]} - set(placed)
    assert scores["unplaced"] == len(missing) and set(answer["unplaced"]) == missing
    assert all(reason["why"] for reason in answer["unplaced"].values())
    assert scores["waiting_minutes"] == plan_checker.waiting(instance, placed)
    assert scores["idle_slots"] == plan_checker.idle(instance, placed)
    assert bounds["unplaced"] >= plan_checker.least_unplaced(instance)
    return scores, bounds


def greedy_idle(path):
    """The median over 20 random orders."""
    from statistics import median

    from planning.solver import greedy, read_instance

    problem = read_instance(path.read_text())
    return median(greedy(problem, seed=seed).scores.idle_slots for seed in range(5 if QUICK else 20))


@pytest.mark.parametrize("name", NAMES)
def proof_of_a_school(name, tmp_path):
    if name not in FOUND:
        pytest.skip(f"{name}.json is not in {INSTANCES}")
    instance = json.loads(FOUND[name].read_text())
    answer, seconds, cpu, megabytes = planned(FOUND[name], tmp_path)
    scores, bounds = checked(instance, answer)
    print(f"\n{name}: {scores} bounds {bounds} {seconds:.1f} s wall, {cpu:.1f} s of processor, {megabytes:.0f} MB")
    assert scores["unplaced"] == bounds["unplaced"], "goal 1 is not proven"
    assert scores["waiting_minutes"] <= 1.02 * bounds["waiting_minutes"], "goal 2 is further than 2 % from its bound"
    if len(instance["conversations"]) <= 500:
        assert scores["idle_slots"] == bounds["idle_slots"], "goal 3 is not proven"
    else:
        assert scores["idle_slots"] <= 0.2 * greedy_idle(FOUND[name])
    if not name.endswith("-tight"):
        assert scores["unplaced"] == plan_checker.least_unplaced(instance)
    assert seconds <= SECONDS + 2 and megabytes <= MEGABYTES


@pytest.mark.parametrize(("pupils", "seed", "is_tight"), OTHERS)
def proof_of_others_of_their_sort(pupils, seed, is_tight, tmp_path):
    instance = schools.instance(pupils, seed, tight=is_tight)
    path = tmp_path / "school.json"
    path.write_text(json.dumps(instance))
    answer, seconds, cpu, megabytes = planned(path, tmp_path)
    scores, bounds = checked(instance, answer)
    print(
        f"\n{pupils} seed {seed} tight {is_tight}: {scores} bounds {bounds} {seconds:.1f} s, {cpu:.1f} s of processor"
    )
    assert scores["unplaced"] == bounds["unplaced"]
    assert scores["waiting_minutes"] <= 1.02 * bounds["waiting_minutes"]
    assert scores["idle_slots"] == bounds["idle_slots"] or not answer["is_complete"]
    assert seconds <= SECONDS + 2 and megabytes <= MEGABYTES


@pytest.mark.parametrize(("pupils", "seed"), [(60, 1)] if QUICK else [(60, 1), (60, 2), (150, 3), (300, 4)])
def proof_that_everything_at_once_keeps_the_rules(pupils, seed):
    """Gaps, walking, grids of their own, interpreters, rooms, parents who teach, pinned ones, liked times."""
    problem = schools.uneven(pupils, seed)
    plan = solve(problem, time_limit=SECONDS)
    print(f"\nuneven {pupils} seed {seed}: {plan.scores} bounds {plan.bounds} {plan.seconds:.1f} s")
    assert broken_rules(problem, plan) == []
    assert plan.scores.unplaced - plan.bounds.unplaced <= 0.02 * pupils
    assert set(plan.unplaced) == set(problem.by_id) - set(plan.placed)
    assert plan.seconds <= SECONDS + 5


def proof_that_a_stopped_search_answers_soon():
    """Asked to stop after two seconds, in the middle of the largest search there is."""
    path = FOUND.get("school-1500-1")
    text = path.read_text() if path else json.dumps(schools.instance(500 if QUICK else 1500, 1))
    from planning.solver import read_instance

    problem, began = read_instance(text), time.monotonic()
    plan = solve(problem, should_stop=lambda: time.monotonic() - began > 2)
    print(f"\nstopped: {plan.scores} after {plan.seconds:.1f} s")
    assert not plan.is_complete and plan.placed and broken_rules(problem, plan) == []
    assert plan.seconds < 12


def instances() -> list[Path]:
    return list(FOUND.values())
