"""How quick booking is, beside a bare page on the same server: rounds of hello, page and claim, medians of three."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from config.bench import clients, site

ROUNDS, CROWD = 3, 200
MUST = {"page": 0.06, "claim": 0.05}  # of hello, on SQLite
AIM = {"page": 0.12, "claim": 0.09}
SLOWEST = 1.5  # seconds any of two hundred at once may wait
CLAIMS_PER_SECOND = 250  # more than a machine does today; so many families are made per second of measuring


def measure(*, seconds, postgres="", crowd=CROWD, say=lambda text: None):
    """{engine: figures} for SQLite, and for PostgreSQL when the address of a server is given. Writes only in a
    temporary folder and a database of its own. Raises BenchFailed."""
    families = crowd + int(CLAIMS_PER_SECOND * seconds * ROUNDS)
    with ExitStack() as stack:
        sites = {}
        for engine, url in engines(stack, postgres).items():
            say(f"{engine}: {families} gezinnen klaarzetten")
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            made = site.Site(folder, filled_by=("config.bench.school", families), database_url=url)
            sites[engine] = Visitors(stack.enter_context(made.serving()), crowd)
        for number in range(ROUNDS):
            say(f"ronde {number + 1} van {ROUNDS}")
            for visitors in sites.values():
                visitors.round(seconds)
        for engine, visitors in sites.items():
            say(f"{engine}: {crowd} tegelijk")
            visitors.crowd()
        return {engine: visitors.figures() for engine, visitors in sites.items()}


def engines(stack, postgres):
    urls = {"sqlite": ""}
    if postgres:
        urls["postgresql"] = stack.enter_context(site.own_database(postgres))
    return urls


class Visitors:
    """Everybody who comes to one site, and what they met."""

    def __init__(self, at, crowd):
        self.port = at.port
        claims = at.seeded["claim"]
        self.last, self.claims = claims[:crowd], iter([claim(family) for family in claims[crowd:]])
        self.looks = [look(family) for family in at.seeded["look"]]
        self.rates = {"hello": [], "page": [], "claim": []}
        self.wrong, self.crowds = [], {}
        clients.steadily(self.port, clients.forever([HELLO, *self.looks]), seconds=1)  # everything loaded once

    def round(self, seconds):
        for name, raws in (
            ("hello", clients.forever([HELLO])),
            ("page", clients.forever(self.looks)),
            ("claim", self.claims),
        ):
            answers, rate = clients.steadily(self.port, raws, seconds=seconds)
            self.wrong += [f"{name}: {answer.status}" for answer in answers if not RIGHT[name](answer)]
            self.rates[name].append(rate)

    def crowd(self):
        """First everybody opens the page at once, then everybody presses at once, each on a time of their own."""
        for name, raws in (("page", map(look, self.last)), ("claim", map(claim, self.last))):
            answers = clients.all_at_once(self.port, raws)
            self.wrong += [f"{name} at once: {answer.status}" for answer in answers if not RIGHT[name](answer)]
            self.crowds[name] = max(answer.seconds for answer in answers)

    def figures(self):
        """Per second, as a share of hello, and the slowest answer of the crowd in seconds."""
        rates = {name: round(median(found), 1) for name, found in self.rates.items()}
        return {
            "per_second": rates,
            "ratio": {name: round(rates[name] / rates["hello"], 3) for name in MUST},
            "slowest_at_once": {name: round(seconds, 2) for name, seconds in self.crowds.items()},
            "wrong_answers": self.wrong,
        }


HELLO = clients.request("GET", "/bench/hello")
RIGHT = {
    "hello": lambda answer: answer.status == 200,
    "page": lambda answer: answer.status == 200,
    "claim": lambda answer: answer.status == 302 and answer.location.endswith("/tijd/"),
}


def look(family):
    return clients.request("GET", f"/mijn/{family['gesprek']}/tijden/", session=family["session"])


def claim(family):
    return clients.request("POST", f"/mijn/{family['gesprek']}/tijden/{family['slot']}/", session=family["session"])


def shortcomings(figures):
    """What is not as promised, as sentences; empty when all is well. The ratios are promised on SQLite."""
    found = [
        f"{name} / hello is {figures['sqlite']['ratio'][name]}, and must be {least}"
        for name, least in MUST.items()
        if figures["sqlite"]["ratio"][name] < least
    ]
    for engine, of in figures.items():
        found += [f"{engine}: wrong answer, {wrong}" for wrong in sorted(set(of["wrong_answers"]))]
        found += [
            f"{engine}: with all at once somebody waited {waited} s for a {name}, and may {SLOWEST}"
            for name, waited in of["slowest_at_once"].items()
            if waited > SLOWEST
        ]
    return found
