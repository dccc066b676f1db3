"""Whether content is an instrument, and every reason why not. Pure: a table in, problems with their place out."""

import re
from collections import Counter

TEN = 10  # the ten success factors: all of them, or it is another instrument
SCALE = (1, 5)
MAX_ITEMS = 200  # far above any kijkwijzer; a file with ten thousand is a mistake or an attack
MAX_TEXT = 300
MAX_NAME = 40  # of a factor or a cluster: it stands beside a number
MAX_LINES = 3  # of a factor's name in a picture
MAX_CLUSTERS = 3  # the lines of a growth picture that stay apart without colour
MAX_WORDS = 1000  # for a sentence or two, and for the sources
MAX_VERSION = 9999
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

TOP = {"code", "version", "title", "language", "source", "scale", "clusters", "factors", "skills", "difficult"}
MAY = {"comparable_with"}
OF_FACTOR = {"number", "cluster", "name", "lines", "practise", "indicators"}


class Problem(str):
    """One sentence with its place in words; `path` is the place in the file."""

    __slots__ = ("path",)

    def __new__(cls, sentence, path=()):
        self = super().__new__(cls, sentence)
        self.path = tuple(path)
        return self


class Problems(list):
    def say(self, sentence, *path):
        self.append(Problem(sentence, path))


def _said(value):
    """What somebody wrote, short enough for a sentence; TOML knows whole numbers that Python refuses to write out."""
    try:
        return str(value)[:MAX_NAME]
    except ValueError:
        return "een heel groot getal"


def _is_number(value):
    return type(value) is int and abs(value) <= MAX_VERSION


def _words(value, place, problems, path, longest=MAX_TEXT):
    if not isinstance(value, str) or not value.strip():
        problems.say(f"{place}: hier hoort tekst te staan", *path)
    elif len(value) > longest:
        problems.say(f"{place}: de tekst is langer dan {longest} tekens", *path)
    elif CONTROL.search(value):
        problems.say(f"{place}: hier staat een onzichtbaar teken dat niet mag", *path)


def _code(value, place, problems, path, longest):
    if not isinstance(value, str) or not CODE.fullmatch(value) or len(value) > longest:
        problems.say(
            f"{place}: een sleutel bestaat uit kleine letters, cijfers en streepjes, hoogstens {longest} tekens", *path
        )


def _keys(row, expected, place, problems, path=(), may=frozenset()):
    """Whether the row is a table with exactly these keys; says which are missing and which are unknown."""
    if not isinstance(row, dict):
        problems.say(f"{place}: hier hoort een tabel te staan", *path)
        return False
    for key in sorted(expected - row.keys()):
        problems.say(f"{place}: '{key}' ontbreekt", *path)
    for key in sorted(row.keys() - expected - may):
        problems.say(f"{place}: '{key[:40]}' kennen we niet", *path, key)
    return expected <= row.keys()


def _rows(content, key, place, problems, path=()):
    rows = content.get(key)
    if not isinstance(rows, list):
        problems.say(f"{place}: hier hoort een lijst te staan", *path, key)
        return []
    return rows


def _check_statements(rows, place, codes, problems, path):
    for number, row in enumerate(rows, 1):
        here, spot = f"{place} {number}", (*path, number - 1)
        if _keys(row, {"code", "text"}, here, problems, spot):
            _words(row["text"], f"{here}, text", problems, (*spot, "text"))
            _code(row["code"], f"{here}, code", problems, (*spot, "code"), 60)
            codes.append(
                (_said(row["code"]) if not isinstance(row["code"], str) else row["code"][:60], here, (*spot, "code"))
            )


def _check_scale(scale, problems):
    if not _keys(scale, {"lowest", "highest", "labels"}, "scale", problems, ("scale",)):
        return
    if (scale["lowest"], scale["highest"]) != SCALE or not all(type(scale[k]) is int for k in ("lowest", "highest")):
        problems.say(f"scale: de schaal loopt van {SCALE[0]} tot en met {SCALE[1]}", "scale", "lowest")
    labels = scale["labels"]
    if not isinstance(labels, list) or len(labels) != SCALE[1]:
        problems.say(f"scale, labels: er horen {SCALE[1]} woorden te staan, een per punt", "scale", "labels")
        return
    for number, label in enumerate(labels, 1):
        _words(label, f"scale, labels {number}", problems, ("scale", "labels", number - 1), MAX_NAME)


def _check_clusters(rows, problems):
    known = []
    for number, row in enumerate(rows, 1):
        here, path = f"cluster {number}", ("clusters", number - 1)
        if _keys(row, {"code", "name", "about"}, here, problems, path):
            _code(row["code"], f"{here}, code", problems, (*path, "code"), 30)
            _words(row["name"], f"{here}, name", problems, (*path, "name"), MAX_NAME)
            _words(row["about"], f"{here}, about", problems, (*path, "about"))
            if row["code"] in known:
                problems.say(f"{here}: de sleutel '{_said(row['code'])}' staat er twee keer", *path, "code")
            known.append(row["code"])
    if len(rows) > MAX_CLUSTERS:
        problems.say(f"clusters: het zijn er hoogstens {MAX_CLUSTERS}", "clusters", MAX_CLUSTERS)
    return known


def _check_factor(row, here, path, clusters, codes, problems):
    if row["cluster"] not in clusters:
        problems.say(f"{here}: cluster '{_said(row['cluster'])}' bestaat niet", *path, "cluster")
    _words(row["name"], f"{here}, name", problems, (*path, "name"), MAX_NAME)
    _words(row["practise"], f"{here}, practise", problems, (*path, "practise"), MAX_WORDS)
    lines = _rows(row, "lines", f"{here}, lines", problems, path)
    if not 1 <= len(lines) <= MAX_LINES:
        problems.say(f"{here}, lines: de naam past op hoogstens {MAX_LINES} regels", *path, "lines")
    for number, line in enumerate(lines[:MAX_LINES]):
        _words(line, f"{here}, lines", problems, (*path, "lines", number), longest=20)
    indicators = _rows(row, "indicators", f"{here}, indicators", problems, path)
    if not indicators:
        problems.say(f"{here}: er is geen enkele indicator", *path, "indicators")
    _check_statements(indicators, f"{here}, indicator", codes, problems, (*path, "indicators"))


def _check_factors(rows, clusters, codes, problems):
    numbers, used = [], []
    for position, row in enumerate(rows, 1):
        number = row.get("number") if isinstance(row, dict) else None
        here, path = f"factor {number if _is_number(number) else f'op plaats {position}'}", ("factors", position - 1)
        if not _keys(row, OF_FACTOR, here, problems, path):
            continue
        numbers.append(number)
        used.append(row["cluster"])
        if type(number) is not int or not 1 <= number <= TEN:
            problems.say(f"{here}: de tien factoren hebben een nummer van 1 tot en met 10", *path, "number")
        _check_factor(row, here, path, clusters, codes, problems)
    known = [n for n in numbers if _is_number(n)]
    for missing in sorted(set(range(1, TEN + 1)) - set(known)):
        later = next((place for place, n in enumerate(numbers) if _is_number(n) and n > missing), max(0, len(rows) - 1))
        problems.say(f"factor {missing} ontbreekt", "factors", later)
    for n, times in Counter(known).items():
        if times > 1:
            second = [place for place, other in enumerate(numbers) if other == n][1]
            problems.say(f"factor {n} staat er {times} keer", "factors", second, "number")
    if set(known) == set(range(1, TEN + 1)) and numbers != list(range(1, TEN + 1)) and len(numbers) == TEN:
        problems.say("factoren: ze staan niet op volgorde van 1 tot en met 10", "factors", 0, "number")
    runs = [name for place, name in enumerate(used) if place == 0 or used[place - 1] != name]
    if not problems and runs != clusters:
        problems.say("factoren: ze staan per cluster bij elkaar, in de volgorde van de clusters", "factors")


def _check_comparable(rows, problems):
    for number, row in enumerate(rows if isinstance(rows, list) else [None]):
        name, _, version = row.rpartition(" ") if isinstance(row, str) else ("", "", "")
        if not (CODE.fullmatch(name) and version.isascii() and version.isdecimal()):
            problems.say(
                'comparable_with: schrijf de sleutel en de versie, zoals "gesprekken 1"', "comparable_with", number
            )


def check(content):
    """Every reason why this is not an instrument, each with its place. Empty when it is one."""
    problems = Problems()
    if not _keys(content, TOP, "bestand", problems, may=MAY):
        return problems
    _code(content["code"], "code", problems, ("code",), 40)
    _words(content["title"], "title", problems, ("title",), 120)
    _words(content["language"], "language", problems, ("language",), 10)
    _words(content["source"], "source", problems, ("source",), MAX_WORDS)
    if type(content["version"]) is not int or not 1 <= content["version"] <= MAX_VERSION:
        problems.say(f"version: hier hoort een heel getal vanaf 1 te staan, tot en met {MAX_VERSION}", "version")
    _check_comparable(content.get("comparable_with", []), problems)
    _check_scale(content["scale"], problems)
    codes = []
    clusters = _check_clusters(_rows(content, "clusters", "clusters", problems), problems)
    _check_factors(_rows(content, "factors", "factors", problems), clusters, codes, problems)
    for key, place in (("skills", "skill"), ("difficult", "difficult")):
        _check_statements(_rows(content, key, key, problems), place, codes, problems, (key,))
    if len(codes) > MAX_ITEMS:
        first = codes[MAX_ITEMS][2]
        return [Problem(f"bestand: {len(codes)} onderdelen is te veel; het zijn er hoogstens {MAX_ITEMS}", first)]
    seen = {}
    for code, place, path in codes:
        if code in seen:
            problems.say(f"{place}: de sleutel '{code}' staat ook bij {seen[code]}", *path)
        seen.setdefault(code, place)
    return problems
