"""How quick the leadership's questions are, beside the emptiest page of a signed-in colleague: one client, pages in turns.

In a database of twenty schools, ten thousand pupils and three years. The p95 of each page is held against the p95 of that
empty page in the same run. Apart from that stands the first look: of the pages that keep what they counted, when
nothing is kept yet, and of the overview of a ronde, which is asked for as much. Nothing is promised of those.
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from config.bench import clients, site

SCHOOLS, PUPILS, TIMES = 20, 500, 60
FIRST_LOOKS = 10  # of each page
QUICK = {"schools": 3, "pupils": 150, "times": 20, "first_looks": 3}
MOST = 4.0  # times the emptiest page
EMPTIEST = "/lokalen/"  # a list of rooms, of which there are none
WARM = 4  # looks at each page that do not count: both workers load what they need


def pages(years):
    """{name: address}: the index and every question, of the present year."""
    from kijkwijzer.insight.questions import QUESTIONS

    year = f"?schooljaar={years[-1]}"
    return {"leeg": EMPTIEST, "index": f"/inzicht/{year}"} | {
        question.slug: f"/inzicht/{question.slug}/{year}" for question in QUESTIONS
    }


def first_pages(years):
    """{name: address} of the pages of which a first look is another thing than a second."""
    found = pages(years)
    return {name: found[name] for name in ("index", "factoren")} | {"overzicht": "/overzicht/"}


def measure(
    *, schools=SCHOOLS, pupils=PUPILS, times=TIMES, first_looks=FIRST_LOOKS, postgres="", say=lambda text: None
):
    """{engine: figures} for SQLite, and for PostgreSQL when the address of a server is given. Raises BenchFailed."""
    found = {}
    with ExitStack() as stack:
        urls = {"sqlite": ""}
        if postgres:
            urls["postgresql"] = stack.enter_context(site.own_database(postgres))
        for engine, url in urls.items():
            say(f"{engine}: {schools} scholen met {pupils} leerlingen en drie jaren klaarzetten")
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            made = site.Site(folder, filled_by=("config.bench.three_years", schools, pupils), database_url=url)
            say(f"{engine}: {times} keer elke pagina")
            with made.serving():
                found[engine] = looked_at(made.port, made.seeded, times, first_looks)
    return found


def looked_at(port, seeded, times, first_looks):
    """Every page so many times, in turns, so that what else the machine does slows all of them alike."""
    seconds, wrong = turns(port, seeded, pages(seeded["years"]), times)
    first, wrong_first = turns(port, seeded, first_pages(seeded["years"]), first_looks, forgetting=True)
    wrong |= wrong_first
    slow = {name: p95(took) for name, took in seconds.items()}
    return {
        "database": {key: seeded[key] for key in ("schools", "pupils", "gesprekken")},
        "median_ms": {name: round(1000 * median(took), 1) for name, took in seconds.items()},
        "p95_ms": {name: round(1000 * took, 1) for name, took in slow.items()},
        "ratio": {name: round(took / slow["leeg"], 2) for name, took in slow.items() if name != "leeg"},
        "first_ms": {name: [round(1000 * f(took), 1) for f in (median, max)] for name, took in first.items()},
        "wrong_answers": sorted(wrong),
    }


def turns(port, seeded, addresses, times, *, forgetting=False):
    """({name: [seconds]}, {what went wrong}) of these pages, asked in turns. `forgetting`: each look is a first one."""
    asked = {name: clients.request("GET", path, session=seeded["session"]) for name, path in addresses.items()}
    seconds, wrong = {name: [] for name in asked}, set()
    for number in range(WARM + times):
        for name, raw in asked.items():
            if forgetting:
                clients.ask(port, clients.request("GET", "/bench/forget"))
            answer = clients.ask(port, raw)
            if answer.status != 200:
                wrong.add(f"{name}: {answer.status}")
            if number >= WARM:
                seconds[name].append(answer.seconds)
    return seconds, wrong


def p95(seconds):
    """The time within which 95 of 100 answers came. Pure."""
    ordered = sorted(seconds)
    return ordered[-(-95 * len(ordered) // 100) - 1]


def shortcomings(figures):
    """What is not as promised, as sentences; empty when all is well."""
    found = []
    for engine, of in figures.items():
        found += [
            f"{engine}: {name} is {ratio} times the emptiest page, and must stay under {MOST}"
            for name, ratio in of["ratio"].items()
            if ratio >= MOST
        ]
        found += [f"{engine}: wrong answer, {wrong}" for wrong in of["wrong_answers"]]
    return found


def lines(figures):
    """The same for a person to read."""
    told = []
    for engine, of in figures.items():
        size = of["database"]
        told.append(
            f"{engine}: {size['schools']} schools, {size['pupils']} pupils, {size['gesprekken']} gesprekken; "
            f"the emptiest page takes {of['p95_ms']['leeg']} ms (p95), "
            f"median {of['median_ms']['leeg']} ms"
        )
        told += [
            f"    {name:14}{of['p95_ms'][name]:>8} ms{ratio:>7} times (promised under {MOST}); median {of['median_ms'][name]} ms"
            for name, ratio in of["ratio"].items()
        ]
        told += [
            f"    {name:14}first look, nothing kept: median {usual} ms, slowest {most} ms"
            for name, (usual, most) in of["first_ms"].items()
        ]
    return told
