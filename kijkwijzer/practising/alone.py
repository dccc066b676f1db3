"""Practising with a film on one's own: the first version, a thought how it could go otherwise, the second, the difference.

The scores are one's own, as of a look back: no AuditEvent (docs/decisions/0060-own-scores.md). A film can be practised
as often as one likes; every time stands on its own.
"""

from dataclasses import dataclass

from django.db import transaction

from kijkwijzer import scoring
from kijkwijzer.instrument import load_instrument
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Instrument, Remark, Terugblik
from kijkwijzer.practising.films import film_of

THOUGHT = 0  # the remark that is about the whole film, not about one of the ten factors
BEFORE, AFTER = Terugblik.Part.BEFORE, Terugblik.Part.AFTER


class PractiseRefused(Exception):
    """`reason` is 'unknown_film', 'not_yours' or 'not_first'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


# --- asking ----------------------------------------------------------------------------------------------------------


def begun(rows):
    """The times a film was practised alone, newest first: the rows of the first version, each with its second."""
    return rows.filter(sitting__isnull=True, part=BEFORE).select_related("again").order_by("-created_at", "-pk")


def second_of(first):
    """The row of the second version beside this one, or None."""
    return looking_back.with_scores(Terugblik.objects.filter(first=first)).first()


def thought_of(row):
    return looking_back.remarks_of(row).get(THOUGHT, "")


def seen(row):
    """The means per factor of one version: {factor: mean}; nothing for a version that was not scored."""
    if row is None:
        return {}
    clusters = looking_back.result_of(row).clusters
    return {f.number: f.mean for cluster in clusters for f in cluster.factors if f.mean is not None}


@dataclass(frozen=True)
class Difference:
    """One factor in both versions; `step` only where both were seen."""

    factor: object
    before: float | None
    after: float | None

    @property
    def step(self):
        if self.before is None or self.after is None:
            return None
        return scoring.rounded(self.after) - scoring.rounded(self.before)


def differences(outline, before, after):
    """[(cluster, [Difference])] for two {factor: mean}."""
    return [
        (cluster, [Difference(f, before.get(f.number), after.get(f.number)) for f in cluster.factors])
        for cluster in outline.clusters
    ]


# --- doing -----------------------------------------------------------------------------------------------------------


def begin(*, film, by, now):
    """A new time with this film; one that was begun and never saved is taken up again. Returns the first version's row."""
    if film_of(film) is None:
        raise PractiseRefused("unknown_film")
    with transaction.atomic():
        laid = load_instrument(by.school)
        empty = {"observer": by.person, "film": film, "sitting": None, "part": BEFORE, "saved_at": None}
        left = Terugblik.objects.filter(**empty).first()
        if left:
            return left
        return Terugblik.objects.create(
            school=by.school,
            observer=by.person,
            mode=Terugblik.Mode.FILM,
            film=film,
            part=BEFORE,
            instrument=looking_back.current_instrument(Instrument.objects.filter(school=by.school)) or laid,
            created_at=now,
        )


def think(*, first, words, by):
    """Keep the thought how it could go otherwise; empty clears it."""
    if first.observer_id != getattr(by.person, "pk", None):
        raise PractiseRefused("not_yours")
    with transaction.atomic():
        Remark.objects.filter(terugblik=first, factor=THOUGHT).delete()
        if words.strip():
            Remark.objects.create(school=by.school, terugblik=first, factor=THOUGHT, text=words.strip())


def go_on(*, first, by, now):
    """The row of the second version, begun where there was none."""
    if first.observer_id != getattr(by.person, "pk", None):
        raise PractiseRefused("not_yours")
    if first.part != BEFORE or first.sitting_id or not first.saved_at:
        raise PractiseRefused("not_first")
    row, _ = Terugblik.objects.get_or_create(
        first=first,
        defaults={
            "school": first.school,
            "observer": by.person,
            "mode": Terugblik.Mode.FILM,
            "film": first.film,
            "part": AFTER,
            "instrument": first.instrument,
            "created_at": now,
        },
    )
    return row
