"""What leadership sees before deciding: the plan of a batch in words, and the answers that come back."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from school.importers import batches
from school.importers.plan import CHANGED, GONE, NEW
from school.importers.remarks import KINDS, Remark

MOST = 300  # of each list; more is a number, not something to read
KIND_LABELS = {
    "groups": gettext_lazy("Groepen"),
    "pupils": gettext_lazy("Leerlingen"),
    "staff": gettext_lazy("Medewerkers"),
    "guardians": gettext_lazy("Ouders"),
    "guardianships": gettext_lazy("Ouder en kind"),
    "results": gettext_lazy("Resultaten"),
}
SAMPLE_LABELS = {
    "edexml": gettext_lazy("EDEXML"),
    "guardians": gettext_lazy("Ouders"),
    "results": gettext_lazy("Resultaten"),
}
# What may be decided about rows that are gone: the name of the answer, and the words of the question.
ASKED = {
    "pupils": ("pupils", gettext_lazy("Van school? Dan krijgen hun ouders geen nieuwe uitnodigingen.")),
    "staff": ("staff", gettext_lazy("Niet meer op school?")),
    "groups": ("groups", gettext_lazy("Bestaat deze groep niet meer?")),
    "guardianships": ("relations", gettext_lazy("Hoort deze ouder niet meer bij dit kind?")),
}


LINES = 8  # named where the same is wrong on many lines


@dataclass
class Gathered:
    """One message, and all the lines of one file that it is about."""

    file: str
    message: str
    lines: list

    @property
    def first(self):
        return ", ".join(map(str, self.lines[:LINES]))

    @property
    def others(self):
        return max(0, len(self.lines) - LINES)


def gathered(remarks):
    found = {}
    for remark in remarks:
        entry = found.setdefault((remark.file, remark.message), Gathered(remark.file, remark.message, []))
        if remark.line:
            entry.lines.append(remark.line)
    return list(found.values())


class Preview:
    def __init__(self, batch):
        self.batch = batch
        self.plan = batches.plan_of(batch, decided=False)
        self.fingerprint = self.plan.fingerprint()
        self.errors = gathered(self.plan.remarks.errors)
        self.warnings = gathered(self.plan.remarks.warnings)
        self.counts = self.plan.counts()

    @classmethod
    def of_report(cls, batch):
        """After applying: only the numbers and the warnings are left."""
        preview = cls.__new__(cls)
        preview.batch, preview.errors = batch, []
        preview.counts = {kind: batch.report.get(kind, {}) for kind in KINDS}
        preview.warnings = gathered(Remark(**remark) for remark in batch.report.get("warnings", []))
        return preview

    def table(self):
        """One row per kind that the files are about."""
        return [(KIND_LABELS[kind], counts) for kind, counts in self.counts.items() if any(counts.values())]

    @property
    def has_work(self):
        """Whether there is anything to apply or to decide."""
        return self.plan.has_changes or bool(self.asked()) or bool(self.plan.lifts)

    def fresh(self):
        return self.lists(NEW)

    def changed(self):
        return self.lists(CHANGED)

    def lists(self, state):
        """(kind, all of it, the first so many) per kind that has any."""
        found = [(KIND_LABELS[kind], self.plan.of(kind, state)) for kind in KINDS]
        return [(label, len(items), items[:MOST]) for label, items in found if items]

    def asked(self):
        """Per kind the rows that are gone and about which somebody may decide."""
        found = [(name, KIND_LABELS[kind], words, self.plan.of(kind, GONE)) for kind, (name, words) in ASKED.items()]
        return [entry for entry in found if entry[3]]

    def untold_gone(self):
        """Results that are missing from the file: they stay, and that is all."""
        return len(self.plan.of("results", GONE))

    def samples(self):
        return [
            {"label": SAMPLE_LABELS[what], "name": self.batch.names.get(what, ""), **sample}
            for what, sample in self.batch.report.get("samples", {}).items()
            if sample["rows"]
        ]

    def functions(self):
        """Whether the file names people who lead or supervise: rights are given by people, not by a file."""
        staff = [item for item in self.plan.items["staff"] if item.is_written]
        return [
            f"{i.label} ({i.more})" for i in staff if any(w in i.more.lower() for w in ("direct", "intern", "leid"))
        ]

    def answers(self, post):
        """What was decided, limited to what was asked."""
        answers = {}
        for name, _label, _words, items in self.asked():
            pks = {item.obj.pk for item in items}
            everybody = f"{name}_all" in post
            answers[name] = sorted(pks if everybody else pks & numbers(post.getlist(name)))
        lifts = {label.pk for label, _line in self.plan.lifts}
        answers["lift"] = sorted(lifts & numbers(post.getlist("lift")))
        questions = {question.key for question in self.plan.questions}
        answers["same"] = sorted(key for key in questions if post.get(f"same_{key}") == "one")
        return answers


def numbers(values):
    return {int(value) for value in values if value.isdecimal() and len(value) < 19}
