"""The instrument as data: read from a file, checked strictly, laid ready for a school. What was used never changes."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.db import transaction

from gesprekken.year.factors import BY_NUMBER
from kijkwijzer.models import Instrument, Item

SHIPPED = Path(__file__).parent / "data" / "kijkwijzer-gesprekken-1.toml"
TEN = 10  # the ten success factors: all of them, or it is another instrument
SCALE = (1, 5)
MAX_ITEMS = 200  # far above any kijkwijzer; a file with ten thousand is a mistake or an attack
MAX_TEXT = 300
MAX_LINES = 3  # of a factor's name in a picture
MAX_WORDS = 1000  # for a sentence or two, and for the sources


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


# --- checking --------------------------------------------------------------------------------------------------------

TOP = {"code", "version", "title", "language", "source", "scale", "clusters", "factors", "skills", "difficult"}
OF_FACTOR = {"number", "cluster", "name", "lines", "practise", "indicators"}


def _words(value, place, problems, longest=MAX_TEXT):
    if not isinstance(value, str) or not value.strip():
        problems.append(f"{place}: hier hoort tekst te staan")
    elif len(value) > longest:
        problems.append(f"{place}: de tekst is langer dan {longest} tekens")


def _keys(row, expected, place, problems):
    """Whether the row is a table with exactly these keys; says which are missing and which are unknown."""
    if not isinstance(row, dict):
        problems.append(f"{place}: hier hoort een tabel te staan")
        return False
    problems.extend(f"{place}: '{key}' ontbreekt" for key in sorted(expected - row.keys()))
    problems.extend(f"{place}: '{key}' kennen we niet" for key in sorted(row.keys() - expected))
    return expected <= row.keys()


def _rows(content, key, place, problems):
    rows = content.get(key)
    if not isinstance(rows, list):
        problems.append(f"{place}: hier hoort een lijst te staan")
        return []
    return rows


def _check_statements(rows, place, codes, problems):
    for number, row in enumerate(rows, 1):
        here = f"{place} {number}"
        if _keys(row, {"code", "text"}, here, problems):
            _words(row["text"], f"{here}, text", problems)
            _words(row["code"], f"{here}, code", problems, longest=60)
            codes.append((str(row["code"]), here))


def _check_scale(scale, problems):
    if not _keys(scale, {"lowest", "highest", "labels"}, "scale", problems):
        return
    if (scale["lowest"], scale["highest"]) != SCALE or isinstance(scale["lowest"], bool):
        problems.append(f"scale: de schaal loopt van {SCALE[0]} tot en met {SCALE[1]}")
    labels = scale["labels"]
    if not isinstance(labels, list) or len(labels) != SCALE[1]:
        problems.append(f"scale, labels: er horen {SCALE[1]} woorden te staan, een per punt")
        return
    for number, label in enumerate(labels, 1):
        _words(label, f"scale, labels {number}", problems)


def _check_clusters(rows, problems):
    known = []
    for number, row in enumerate(rows, 1):
        here = f"cluster {number}"
        if _keys(row, {"code", "name", "about"}, here, problems):
            for key in ("code", "name", "about"):
                _words(row[key], f"{here}, {key}", problems)
            if row["code"] in known:
                problems.append(f"{here}: de sleutel '{row['code']}' staat er twee keer")
            known.append(row["code"])
    return known


def _check_factors(rows, clusters, codes, problems):
    numbers = []
    for position, row in enumerate(rows, 1):
        number = row.get("number") if isinstance(row, dict) else None
        here = f"factor {number if number is not None else f'op plaats {position}'}"
        if not _keys(row, OF_FACTOR, here, problems):
            continue
        numbers.append(number)
        if row["cluster"] not in clusters:
            problems.append(f"{here}: cluster '{row['cluster']}' bestaat niet")
        for key in ("name", "practise"):
            _words(row[key], f"{here}, {key}", problems)
        lines = _rows(row, "lines", f"{here}, lines", problems)
        if not 1 <= len(lines) <= MAX_LINES:
            problems.append(f"{here}, lines: de naam past op hoogstens {MAX_LINES} regels")
        for line in lines[:MAX_LINES]:
            _words(line, f"{here}, lines", problems, longest=20)
        indicators = _rows(row, "indicators", f"{here}, indicators", problems)
        if not indicators:
            problems.append(f"{here}: er is geen enkele indicator")
        _check_statements(indicators, f"{here}, indicator", codes, problems)
    for missing in sorted(set(range(1, TEN + 1)) - {n for n in numbers if isinstance(n, int)}):
        problems.append(f"factor {missing} ontbreekt")
    if len(set(map(str, numbers))) == TEN and numbers != list(range(1, TEN + 1)):
        problems.append("factoren: ze staan niet op volgorde van 1 tot en met 10")
    problems.extend(f"factor {n} staat er {times} keer" for n, times in Counter(map(str, numbers)).items() if times > 1)
    problems.extend(f"factor {n}: er zijn tien factoren" for n in numbers if n not in range(1, TEN + 1))


def check(content):
    """Every reason why this is not an instrument, each with its place. Empty when it is one."""
    problems = []
    if not _keys(content, TOP, "bestand", problems):
        return problems
    for key in ("code", "title", "language"):
        _words(content[key], key, problems, longest=40 if key == "code" else 120)
    _words(content["source"], "source", problems, longest=MAX_WORDS)
    if not isinstance(content["version"], int) or isinstance(content["version"], bool) or content["version"] < 1:
        problems.append("version: hier hoort een heel getal vanaf 1 te staan")
    _check_scale(content["scale"], problems)
    codes = []
    clusters = _check_clusters(_rows(content, "clusters", "clusters", problems), problems)
    _check_factors(_rows(content, "factors", "factors", problems), clusters, codes, problems)
    _check_statements(_rows(content, "skills", "skills", problems), "skill", codes, problems)
    _check_statements(_rows(content, "difficult", "difficult", problems), "difficult", codes, problems)
    if len(codes) > MAX_ITEMS:
        return [f"bestand: {len(codes)} onderdelen is te veel; het zijn er hoogstens {MAX_ITEMS}"]
    seen = {}
    for code, place in codes:
        if code in seen:
            problems.append(f"{place}: de sleutel '{code}' staat ook bij {seen[code]}")
        seen.setdefault(code, place)
    return problems


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
    """The content of an instrument file, checked. Raises InstrumentRefused with the place."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InstrumentRefused([f"bestand: dit kunnen we niet lezen ({error})"])
    outline(content)
    return content


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


def comparable(one, other):
    """Whether scores given with these two stored instruments may stand in one picture: a version says so itself."""
    if one.code != other.code:
        return False
    named = other.content.get("comparable_with", ())
    return other.version in (one.version, *one.content.get("comparable_with", ())) or one.version in named


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
