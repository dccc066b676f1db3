"""How quick invitations are made, beside the least that each could be: rounds of both in turns, medians of three.

Mail: everything the worker does from rows in the outbox to the bytes for the mail server, beside building a bare message
with a calendar file. Letters: a school's letters by the worker and its presses, beside WeasyPrint on one letter at a time.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from config.bench.site import ROOT, BenchFailed, environment

FAMILIES, SCHOOL = 1500, 250
LEAST_RATE, AIM_RATE = 0.4, 0.8  # of mails beside bare messages
MOST_TIME, AIM_TIME = 0.75, 0.5  # per page, beside one letter at a time
MOST_MEMORY = 250  # MB, of each press
PATIENCE = 1200  # seconds, on a machine that has other work


def measure(*, families=FAMILIES, school=SCHOOL, database_url=""):
    """The figures of both. Writes only in a temporary folder and in the database of `database_url`, which is empty.

    Raises BenchFailed.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "config.bench.making", str(families), str(school)],
            cwd=ROOT, env=environment(Path(folder), database_url), capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        if done.returncode:
            raise BenchFailed(done.stderr[-2000:])
        return json.loads(done.stdout.splitlines()[-1])


def shortcomings(figures):
    """What is not as promised, as sentences; empty when all is well."""
    mail, letters = figures["mail"], figures["letters"]
    found = []
    if mail["ratio"] < LEAST_RATE:
        found.append(f"mails / bare messages is {mail['ratio']}, and must be {LEAST_RATE}")
    if len(set(mail["queries"].values())) > 1:
        found.append(f"the number of queries grows with the batch: {mail['queries']}")
    if letters["ratio"] > MOST_TIME:
        found.append(f"time per page / one letter at a time is {letters['ratio']}, and may be {MOST_TIME}")
    if letters["memory"] > MOST_MEMORY:
        found.append(f"a press used {letters['memory']} MB, and may use {MOST_MEMORY}")
    return found


def lines(figures):
    """The same for a person to read."""
    mail, letters = figures["mail"], figures["letters"]
    queries = ", ".join(f"{count} for {size}" for size, count in mail["queries"].items())
    return [
        f"{mail['mails']} mails of {mail['families']} families: {mail['per_second']} a second, "
        f"bare messages with a calendar file {mail['bare_per_second']}",
        f"    ratio {mail['ratio']} (promised {LEAST_RATE}, aim {AIM_RATE})",
        f"    queries per batch: {queries}; taken, looked at again and noted one by one: {mail['sent_per_second']} a second",
        f"{letters['letters']} letters, {letters['pages']} pages: {letters['ms_per_page']} ms a page, "
        f"one letter at a time {letters['naive_ms_per_page']} ms",
        f"    ratio {letters['ratio']} (promised {MOST_TIME}, aim {AIM_TIME}); "
        f"the biggest press used {letters['memory']} MB (promised {MOST_MEMORY})",
        f"    of the processor {letters['processor_ms_per_page']} ms a page, in two processes; one letter at a time "
        f"{letters['naive_processor_ms_per_page']} ms",
    ]
