"""Looking back with the Kijkwijzer: start, save what is filled in so far, read the result.

These verbs leave no AuditEvent: the trace is read by others, and who looked back (or did not) is nobody's business but
the observer's (K4, docs/decisions/0060-own-scores.md). The row itself keeps when it was saved.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q

from kijkwijzer import scoring
from kijkwijzer.instrument import load_instrument, outline_of
from kijkwijzer.models import Instrument, Remark, Score, Terugblik
from kijkwijzer.permissions import visible_to_look_back

NVT = "nvt"
GROWTH_POINTS = 12  # a year of rondes; more makes the picture a scribble
MAX_REMARK = 2000


class LookBackRefused(Exception):
    """The scores cannot be saved. `reason` is 'not_held', 'unknown_item', 'wrong_value' or 'not_yours'."""

    def __init__(self, reason, where=""):
        self.reason, self.where = reason, where
        super().__init__(f"{reason} {where}".strip())


class StaleTerugblik(Exception):
    """Somebody (or another tab) saved in between. `differences` is a list of (code or factor, stored, typed)."""

    def __init__(self, terugblik, differences):
        self.terugblik, self.differences = terugblik, differences
        super().__init__(f"terugblik {terugblik.pk} is at version {terugblik.version}")


# --- asking ----------------------------------------------------------------------------------------------------------


def is_begun(actor, gesprek, now):
    return visible_to_look_back(actor, now).filter(pk=gesprek.pk).exists()


def own_terugblik(terugblikken, gesprek):
    """The look back of this observer on this gesprek, or None. `terugblikken` are the visible ones."""
    return with_scores(terugblikken.filter(gesprek=gesprek, mode=Terugblik.Mode.SELF)).first()


def with_scores(terugblikken):
    return terugblikken.select_related("instrument", "gesprek__ronde__soort", "observer", "about").prefetch_related(
        "scores__item", "remarks"
    )


def saved(terugblikken):
    """Newest first, with what a list of them needs."""
    return with_scores(terugblikken.filter(saved_at__isnull=False)).order_by("-saved_at", "-pk")


def own_gesprekken(terugblikken):
    """Of these, those on gesprekken of one's own."""
    return terugblikken.filter(mode=Terugblik.Mode.SELF)


def of_gesprekken(terugblikken, actor):
    """Of these readable ones, those this actor gave or that are about her: no films, nothing that is only shared."""
    mine = Q(observer=actor.person) | Q(about=actor.person)
    return terugblikken.filter(mine).exclude(mode=Terugblik.Mode.FILM)


def with_names(terugblikken, gesprekken):
    """(terugblik, the child's first name): only of a gesprek of one's own, and where that is still in sight.

    Who looked along with a colleague reads no name, whatever else she may see at this school.
    """
    terugblikken = list(terugblikken)
    named = [row.gesprek_id for row in terugblikken if row.mode == Terugblik.Mode.SELF]
    names = dict(gesprekken.filter(pk__in=named).values_list("pk", "leerling__person__first_name"))
    return [(row, names.get(row.gesprek_id, "") if row.gesprek_id in named else "") for row in terugblikken]


def to_do(actor, terugblikken, now):
    """Gesprekken that were held and not yet looked back on, newest first."""
    done = terugblikken.filter(saved_at__isnull=False, gesprek__isnull=False, mode=Terugblik.Mode.SELF)
    return (
        visible_to_look_back(actor, now)
        .exclude(pk__in=done.values("gesprek"))
        .select_related("leerling__person", "ronde", "groep")
    )


def current_instrument(instruments):
    """What this school looks back with now: put in use last; None before the first."""
    return instruments.order_by(F("in_use_since").desc(nulls_last=True), "-version", "-pk").first()


def values_of(terugblik):
    """{item code: 1-5 or 'nvt'} of what is filled in."""
    return {s.item.code: NVT if s.not_applicable else s.value for s in terugblik.scores.all()} if terugblik else {}


def remarks_of(terugblik):
    return {remark.factor: remark.text for remark in terugblik.remarks.all()} if terugblik else {}


@dataclass(frozen=True)
class Result:
    """A look back, added up."""

    outline: object
    clusters: tuple
    values: dict
    remarks: dict
    lowest: int | None
    skills: tuple
    difficult: tuple

    @property
    def filled(self):
        return sum(cluster.filled for cluster in self.clusters)

    @property
    def asked(self):
        return sum(cluster.asked for cluster in self.clusters)


def result_of(terugblik):
    outline = outline_of(terugblik.instrument)
    values = values_of(terugblik)
    numbers = {code: value for code, value in values.items() if value != NVT}
    clusters = scoring.score_clusters(outline.structure, numbers)
    return Result(
        outline=outline,
        clusters=clusters,
        values=values,
        remarks=remarks_of(terugblik),
        lowest=scoring.to_practise(clusters),
        skills=tuple((s, values[s.code]) for s in outline.skills if s.code in values),
        difficult=tuple((s, values[s.code]) for s in outline.difficult if terugblik.difficult and s.code in values),
    )


# --- doing -----------------------------------------------------------------------------------------------------------


def start(*, gesprek, by, now):
    """The look back of this member of staff on this gesprek, begun where there was none. Raises LookBackRefused."""
    if not is_begun(by, gesprek, now):
        raise LookBackRefused("not_held")
    with transaction.atomic():
        instrument = load_instrument(by.school)
        newest = current_instrument(Instrument.objects.filter(school=by.school)) or instrument
        terugblik, _ = Terugblik.objects.get_or_create(
            gesprek=gesprek,
            observer=by.person,
            mode=Terugblik.Mode.SELF,
            about=by.person,
            defaults={"school": by.school, "instrument": newest, "created_at": now},
        )
    return terugblik


def save(*, terugblik, by, scores, remarks, difficult=None, seen_version, now):
    """Keep what is filled in so far. Only what is in `scores` {code: 1-5, 'nvt' or None} and `remarks` {factor: text}
    changes; None and '' clear. Returns the fresh Terugblik. Raises LookBackRefused or StaleTerugblik.
    """
    if terugblik.observer_id != getattr(by.person, "pk", None):
        raise LookBackRefused("not_yours")
    outline = outline_of(terugblik.instrument)
    check(outline, scores, remarks)
    with transaction.atomic():
        claimed = Terugblik.objects.filter(pk=terugblik.pk, version=seen_version).update(
            version=F("version") + 1, saved_at=now
        )
        fresh = Terugblik.objects.select_related("instrument").get(pk=terugblik.pk)
        if not claimed:
            found = differences(fresh, scores, remarks, difficult)
            if found:
                raise StaleTerugblik(fresh, found)
            return fresh  # the same thing sent twice
        _store_scores(fresh, scores)
        _store_remarks(fresh, remarks)
        if difficult is not None:
            Terugblik.objects.filter(pk=fresh.pk).update(difficult=difficult)
            fresh.difficult = difficult
    return fresh


def check(outline, scores, remarks):
    """Raise LookBackRefused for anything that is not an item, a factor or a point of the scale."""
    for code, value in scores.items():
        statement = outline.by_code.get(code)
        if statement is None:
            raise LookBackRefused("unknown_item", code[:60])
        on_scale = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= len(outline.labels)
        if not (value is None or on_scale or (value == NVT and statement.is_skill)):
            raise LookBackRefused("wrong_value", statement.text)
    for number, text in remarks.items():
        if outline.factor(number) is None:
            raise LookBackRefused("unknown_item", str(number))
        if len(text) > MAX_REMARK:
            raise LookBackRefused("wrong_value", outline.factor(number).name)


def differences(terugblik, scores, remarks, difficult):
    """Where what is stored is not what was typed: (item code or factor number, stored, typed)."""
    stored, words = values_of(terugblik), remarks_of(terugblik)
    found = [(code, stored.get(code), value) for code, value in scores.items() if stored.get(code) != value]
    found += [(n, words.get(n, ""), text) for n, text in remarks.items() if words.get(n, "").strip() != text.strip()]
    if difficult is not None and terugblik.difficult != difficult:
        found.append(("difficult", terugblik.difficult, difficult))
    return found


def _store_scores(terugblik, scores):
    items = dict(terugblik.instrument.items.values_list("code", "pk"))
    Score.objects.filter(terugblik=terugblik, item__in=[items[code] for code in scores]).delete()
    Score.objects.bulk_create(
        Score(
            school_id=terugblik.school_id,
            terugblik=terugblik,
            item_id=items[code],
            value=None if value == NVT else value,
            not_applicable=value == NVT,
        )
        for code, value in scores.items()
        if value is not None
    )


def _store_remarks(terugblik, remarks):
    Remark.objects.filter(terugblik=terugblik, factor__in=list(remarks)).delete()
    Remark.objects.bulk_create(
        Remark(school_id=terugblik.school_id, terugblik=terugblik, factor=number, text=text.strip())
        for number, text in remarks.items()
        if text.strip()
    )
