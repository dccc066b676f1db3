"""Measures the planner on the instances and rewrites the table in docs/planner.md.

Usage: python -m tests.proof.planner_table [RUNS]        3 runs of each by default; the median is written
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import django

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "planner.md"
LIMIT = 120  # seconds: the search ends by itself long before, unless others use the machine too
BEGIN, END = "<!-- table: python -m tests.proof.planner_table -->", "<!-- end of table -->"
HEAD = (
    "| instance | conversations | first come: without a slot / waiting / idle | the plan: without a slot | waiting "
    "| idle | seconds | of processor | MB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


def proven(score, bound):
    return f"**{score}**" if score == bound else f"{score} (bound {bound})"


def row(path, runs):
    """One line of the table."""
    from planning.solver import greedy, read_instance
    from tests.proof.proof_planner import planned

    problem = read_instance(path.read_text())
    plans = [greedy(problem, seed=seed).scores for seed in range(20)]
    first = " / ".join(
        f"{median(getattr(p, n) for p in plans):g}" for n in ("unplaced", "waiting_minutes", "idle_slots")
    )
    with tempfile.TemporaryDirectory() as folder:
        measured = [planned(path, Path(folder), LIMIT) for _ in range(runs)]
    answer = sorted((a for a, *_ in measured), key=lambda a: a["scores"]["idle_slots"])[len(measured) // 2]
    scores, bounds = answer["scores"], answer["bounds"]
    cells = [proven(scores[n], bounds[n]) for n in ("unplaced", "waiting_minutes", "idle_slots")]
    seconds, cpu, megabytes = (median(m[n] for m in measured) for n in (1, 2, 3))
    numbers = [f"{seconds:.1f}", f"{cpu:.1f}", f"{megabytes:.0f}"]
    return "| " + " | ".join([path.stem, str(len(problem.conversations)), first, *cells, *numbers]) + " |"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from tests.proof.proof_planner import instances

    paths = sorted(instances(), key=lambda path: (len(json.loads(path.read_text())["conversations"]), path.stem))
    if not paths:
        sys.exit("The instances are not beside this folder (../shared/data/instances); the table stays as it is.")
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    lines = [row(path, runs) for path in paths]
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + BEGIN + "\n" + "\n".join([HEAD, *lines]) + "\n" + END + rest.split(END)[1])
    print("\n".join(lines))


if __name__ == "__main__":
    main()
