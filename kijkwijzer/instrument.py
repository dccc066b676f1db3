"""The instrument as data: read from a file, checked strictly, laid ready for a school. What was used never changes."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.db import transaction

from gesprekken.year.factors import BY_NUMBER
from kijkwijzer.checking import MAX_ITEMS, check
from kijkwijzer.models import Instrument, Item
from kijkwijzer.toml_lines import DEEPEST, TooDeep, lines_of

__all__ = ["MAX_ITEMS", "check"]  # beside what stands below
SHIPPED = Path(__file__).parent / "data" / "kijkwijzer-gesprekken-1.toml"
MAX_SAID = 20  # of what is wrong with a file; the next try says the rest


class InstrumentRefused(Exception):
    """The file is not a usable instrument. `problems` says where and what, one sentence each."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Statement:
    """One thing to look for."""

    code: str
    text: str
    kind: str = Item.Kind.INDICATOR

    @property
    def is_skill(self):
        return self.kind != Item.Kind.INDICATOR


@dataclass(frozen=True)
class Factor:
    number: int
    cluster: str
    name: str
    lines: tuple[str, ...]  # the name as it breaks in a picture
    practise: str
    indicators: tuple[Statement, ...]

    @property
    def school(self):
        """What the school does (S2); the same words as everywhere in the house."""
        return BY_NUMBER[self.number].school

    @property
    def teacher(self):
        """By what one sees it in a teacher (S2)."""
        return BY_NUMBER[self.number].teacher


@dataclass(frozen=True)
class Cluster:
    code: str
    name: str
    about: str
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Outline:
    """A checked instrument: what a form, a score and a picture need to know."""

    code: str
    version: int
    title: str
    language: str
    source: str
    labels: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    skills: tuple[Statement, ...]
    difficult: tuple[Statement, ...]

    @cached_property
    def factors(self):
        return tuple(factor for cluster in self.clusters for factor in cluster.factors)

    @cached_property
    def indicators(self):
        return tuple(statement for factor in self.factors for statement in factor.indicators)

    @cached_property
    def statements(self):
        return self.indicators + self.skills + self.difficult

    @cached_property
    def by_code(self):
        return {statement.code: statement for statement in self.statements}

    @cached_property
    def structure(self):
        """What scoring needs: clusters with their factors with the codes of their items."""
        return tuple(
            (c.code, tuple((f.number, tuple(s.code for s in f.indicators)) for f in c.factors)) for c in self.clusters
        )

    def factor(self, number):
        return next((factor for factor in self.factors if factor.number == number), None)


# --- reading ---------------------------------------------------------------------------------------------------------


def _statements(rows, kind):
    return tuple(Statement(code=row["code"], text=row["text"], kind=kind) for row in rows)


def _factor(row):
    return Factor(
        **{**row, "lines": tuple(row["lines"]), "indicators": _statements(row["indicators"], Item.Kind.INDICATOR)}
    )


def outline(content):
    """The Outline of checked content. Raises InstrumentRefused."""
    problems = check(content)
    if problems:
        raise InstrumentRefused(problems)
    factors = [_factor(row) for row in content["factors"]]
    clusters = tuple(
        Cluster(**row, factors=tuple(f for f in factors if f.cluster == row["code"])) for row in content["clusters"]
    )
    return Outline(
        code=content["code"],
        version=content["version"],
        title=content["title"],
        language=content["language"],
        source=content["source"].strip(),
        labels=tuple(content["scale"]["labels"]),
        clusters=clusters,
        skills=_statements(content["skills"], Item.Kind.SKILL),
        difficult=_statements(content["difficult"], Item.Kind.DIFFICULT),
    )


def read(text):
    """The content of an instrument file, checked. Raises InstrumentRefused, each problem with its line and its place."""
    try:
        lines = lines_of(text)
        content = tomllib.loads(text)
    except TooDeep as deep:
        raise InstrumentRefused([f"regel {deep.line}: hier zit meer dan {DEEPEST} keer iets in elkaar"])
    except (ValueError, RecursionError) as error:  # broken TOML, or a number of thousands of digits
        raise InstrumentRefused([_broken(str(error))])
    problems = check(content)
    if problems:
        last = text.count("\n") + 1
        said = sorted(((_line(problem, lines, last), problem) for problem in problems), key=lambda pair: pair[0])
        raise InstrumentRefused([f"regel {line}: {problem}" for line, problem in said[:MAX_SAID]])
    return content


def _line(problem, lines, last):
    """The line of what is wrong, or of the nearest thing around it."""
    path = problem.path
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, last if problem.path else 1)


def _broken(error):
    where = re.search(r"line (\d+), column (\d+)", error)
    twice = "overwrite" in error or "twice" in error or "mutate" in error
    what = "deze sleutel of tabel staat er al" if twice else "dit is geen goede TOML"
    return f"regel {where[1]}, teken {where[2]}: {what}" if where else f"bestand: {what}"


def comparable(a, b):
    """Whether scores on these two Instruments may stand beside each other: the same version, or one of them says so."""
    if (a.code, a.version) == (b.code, b.version):
        return True
    names = [f"{one.code} {one.version}" for one in (a, b)]
    return any(name in one.content.get("comparable_with", []) for one in (a, b) for name in names)


@cache
def shipped():
    """The content of the instrument that comes with the product."""
    return read(SHIPPED.read_text(encoding="utf-8"))


@cache
def shipped_outline():
    return outline(shipped())


def outline_of(instrument):
    """The Outline of a stored instrument; of the one that is shipped where a school has none yet."""
    return outline(instrument.content) if instrument else shipped_outline()


def load_instrument(school, content=None):
    """Lay an instrument ready for a school. A version that is there already stays as it is. Returns the Instrument."""
    content = content or shipped()
    checked = outline(content)
    with transaction.atomic():
        instrument, created = Instrument.objects.get_or_create(
            school=school,
            code=checked.code,
            version=checked.version,
            defaults={
                "title": checked.title,
                "language": checked.language,
                "source": checked.source,
                "content": content,
            },
        )
        if created:
            if not Instrument.objects.filter(school=school, in_use_since__isnull=False).exists():
                Instrument.objects.filter(pk=instrument.pk).update(in_use_since=instrument.loaded_at)
            Item.objects.bulk_create(_items(checked, instrument))
    return instrument


def _items(checked, instrument):
    place = {s.code: (f.cluster, f.number) for f in checked.factors for s in f.indicators}
    for number, statement in enumerate(checked.statements, 1):
        cluster, factor = place.get(statement.code, ("", None))
        yield Item(
            school_id=instrument.school_id,
            instrument=instrument,
            kind=statement.kind,
            number=number,
            code=statement.code,
            cluster=cluster,
            factor=factor,
            text=statement.text,
        )
