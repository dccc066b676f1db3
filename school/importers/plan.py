"""The difference between what was read and what is known: per kind what is new, changed, gone or unchanged.

Making a plan changes nothing. `answers` holds what leadership decided in the preview; without it whatever needs a
decision stays as it is and is reported.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from school.importers.remarks import KINDS, Remarks

NEW, CHANGED, GONE, UNCHANGED = "new", "changed", "gone", "unchanged"


def folded(*names):
    """A name for comparing: one spelling of accents, no capitals, single spaces."""
    return unicodedata.normalize("NFC", " ".join(" ".join(names).split())).casefold()


def full_name(first, prefix, last):
    return " ".join(filter(None, [first, prefix, last]))


@dataclass
class Item:
    """One thing of the import. `obj` is the row it is about (None when new), `values` what its fields become."""

    kind: str
    state: str
    label: str
    line: int | None = None
    obj: object = None
    values: dict = field(default_factory=dict)
    changes: list = field(default_factory=list)  # (what, old, new), in words
    links: dict = field(default_factory=dict)  # memberships, lessons, the person and pupil of a relation
    more: str = ""

    @property
    def is_written(self):
        return self.state in (NEW, CHANGED)


@dataclass
class Question:
    """Guardians of different children with one name, and nothing that tells whether they are one person."""

    key: str
    name: str
    line: int
    children: list
    hint: str = ""
    is_same: bool = False


@dataclass
class Plan:
    remarks: Remarks
    year: int | None = None  # the calendar year in which the school year of the EDEXML starts
    schooljaar: object = None
    brin: str = ""
    items: dict = field(default_factory=lambda: {kind: [] for kind in KINDS})
    pupils: dict = field(default_factory=dict)  # key in the files -> Item of the pupil
    former: set = field(default_factory=set)
    questions: list = field(default_factory=list)
    lifts: list = field(default_factory=list)  # relations whose restriction the file no longer has
    restrictions: int = 0
    names: dict = field(default_factory=dict)  # what -> the name of its file

    def add(self, item):
        self.items[item.kind].append(item)
        return item

    def compare(self, kind, label, obj, current, wanted, *, line=None, words=None, **links):
        """Add an Item for `obj` (None: new): `current` and `wanted` are dicts of field to value."""
        changes = [
            ((words or {}).get(name, name), shown(current.get(name)), shown(value))
            for name, value in wanted.items()
            if obj is not None and current.get(name) != value
        ]
        state = NEW if obj is None else CHANGED if changes else UNCHANGED
        return self.add(Item(kind, state, label, line, obj, wanted, changes, links))

    def of(self, kind, state):
        return [item for item in self.items[kind] if item.state == state]

    def counts(self):
        counted = {kind: Counter(item.state for item in self.items[kind]) for kind in KINDS}
        return {kind: {state: counted[kind][state] for state in (NEW, CHANGED, GONE, UNCHANGED)} for kind in KINDS}

    @property
    def has_changes(self):
        return any(item.is_written for kind in KINDS for item in self.items[kind])

    def fingerprint(self):
        """Changes when the preview would: what was looked at is what is applied."""
        seen = [
            [kind, item.state, item.label, item.obj.pk if item.obj else 0, [list(map(str, c)) for c in item.changes]]
            for kind in KINDS
            for item in self.items[kind]
            if item.state != UNCHANGED
        ]
        return hashlib.sha256(json.dumps([seen, len(self.remarks.errors)]).encode()).hexdigest()[:24]

    def report(self):
        """Counts, errors and warnings, also those about what would have been asked in the preview."""
        remarks = Remarks(list(self.remarks.errors), list(self.remarks.warnings), self.names.get("guardians", ""))
        if remarks.errors:
            return {**self.counts(), **remarks.as_lists()}
        for question in self.questions:
            if not question.is_same:
                remarks.warn(
                    _(
                        "%(name)s staat bij meer kinderen, zonder ouder_key of gezin. We houden ze als verschillende mensen."
                    )
                    % {"name": question.name},
                    question.line,
                )
        for relatie, line in self.lifts:
            remarks.warn(
                _("Bij %(who)s staat contact nu op ja. De beperking blijft staan tot iemand haar zelf opheft.")
                % {"who": relatie},
                line,
            )
        for kind in KINDS:
            gone = [item for item in self.of(kind, GONE) if not item.values]
            if gone:
                remarks.about(self.names.get(FILE_OF[kind], "")).warn(
                    GONE_WORDS[kind](len(gone)) % {"count": len(gone), "names": names_of(gone)}
                )
        return {**self.counts(), **remarks.as_lists()}


FILE_OF = {
    "groups": "edexml", "pupils": "edexml", "staff": "edexml", "guardians": "guardians", "guardianships": "guardians",
    "results": "results",
}  # fmt: skip
GONE_WORDS = {
    "groups": lambda n: ngettext(
        "%(count)s groep staat niet meer in het bestand en blijft zoals zij is: %(names)s.",
        "%(count)s groepen staan niet meer in het bestand en blijven zoals ze zijn: %(names)s.", n),
    "pupils": lambda n: ngettext(
        "%(count)s leerling staat niet meer in het bestand en blijft zoals zij is: %(names)s.",
        "%(count)s leerlingen staan niet meer in het bestand en blijven zoals ze zijn: %(names)s.", n),
    "staff": lambda n: ngettext(
        "%(count)s medewerker staat niet meer in het bestand en blijft zoals zij is: %(names)s.",
        "%(count)s medewerkers staan niet meer in het bestand en blijven zoals ze zijn: %(names)s.", n),
    "guardians": lambda n: ngettext(
        "%(count)s ouder staat niet meer in het bestand en blijft zoals zij is: %(names)s.",
        "%(count)s ouders staan niet meer in het bestand en blijven zoals ze zijn: %(names)s.", n),
    "guardianships": lambda n: ngettext(
        "%(count)s band tussen ouder en kind staat niet meer in het bestand en blijft zoals zij is: %(names)s.",
        "%(count)s banden tussen ouder en kind staan niet meer in het bestand en blijven zoals ze zijn: %(names)s.", n),
    "results": lambda n: ngettext(
        "%(count)s resultaat staat niet meer in het bestand en blijft bewaard: %(names)s.",
        "%(count)s resultaten staan niet meer in het bestand en blijven bewaard: %(names)s.", n),
}  # fmt: skip


def names_of(items, most=8):
    names = [item.label for item in items[:most]]
    return ", ".join(names) + (" ..." if len(items) > most else "")


def shown(value):
    """A value as a person reads it in 'from ... to ...'."""
    if value is True:
        return _("ja")
    if value is False:
        return _("nee")
    if value in (None, "", (), {}):
        return _("leeg")
    if hasattr(value, "strftime"):
        return f"{value.day}-{value.month}-{value.year}"
    if isinstance(value, dict):
        return ", ".join(sorted(f"{key} ({more})" if more else key for key, more in value.items()))
    return str(value)
