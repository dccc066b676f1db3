"""A film scored together: open, score, be ready, show, go on, close.

Like looking back itself these verbs leave no AuditEvent: who scored, or did not, is nobody's business (K4,
docs/decisions/0060-own-scores.md). What a picture may hold stands in `together`, and why in decision 0095.
"""

from datetime import timedelta

from django.db import transaction

from kijkwijzer.instrument import load_instrument
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Instrument, Sitting, Terugblik
from kijkwijzer.practising import together
from kijkwijzer.practising.films import film_of
from school.models import School

BEFORE, AFTER = Terugblik.Part.BEFORE, Terugblik.Part.AFTER
LATELY = timedelta(hours=12)  # an open sitting of yesterday is not "now"
MANY = 10  # in a list


class SittingRefused(Exception):
    """It cannot be done now. `reason` is 'unknown_film', 'not_yours', 'closed', 'nothing_filled', 'in_picture',
    'too_few' or 'too_alike'.
    """

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


# --- asking ----------------------------------------------------------------------------------------------------------


def usual_occasion(school):
    return Sitting.Occasion.TRAINING if school.soort == School.Soort.OPLEIDING else Sitting.Occasion.TEAM


def part_of(sitting):
    """The version of the film that is scored now."""
    return AFTER if sitting.after_at else BEFORE


def now_and_led(rows, person, now):
    """(the sittings one can join now, those this person led, newest first)"""
    going_on = rows.filter(closed_at__isnull=True, opened_at__gte=now - LATELY)
    return list(going_on[:MANY]), list(rows.filter(leader=person)[:MANY])


def own_scores(sitting, person, part=None):
    """This person's scores of the version that is scored now (or of `part`), or None."""
    rows = Terugblik.objects.filter(sitting=sitting, observer=person, part=part or part_of(sitting))
    return looking_back.with_scores(rows).first()


def finished(sitting, part):
    """How many are ready. A number: who they are, and who is not, no page and no verb tells."""
    return _ready(sitting, part).count()


def is_still_open(sitting, part):
    """Whether everybody in the picture is still there and open."""
    kept = sitting.pictures.get(part)
    if not kept:
        return False
    return sitting.terugblikken.filter(part=part, in_picture=True, in_the_open=True).count() >= kept["people"]


def shown(sitting, part):
    """{factor: Shown} of what the page may show of this version; None where there is nothing (any more)."""
    return together.shown(sitting.pictures.get(part), is_still_open(sitting, part))


def _ready(sitting, part):
    return sitting.terugblikken.filter(part=part, finished_at__isnull=False)


def _means(terugblik):
    """{factor: mean} of what was filled in."""
    clusters = looking_back.result_of(terugblik).clusters
    return {f.number: f.mean for cluster in clusters for f in cluster.factors if f.mean is not None}


def _finishers(rows):
    rows = looking_back.with_scores(rows)
    return [together.Finisher(row.observer_id, row.in_the_open, _means(row)) for row in rows]


def _earlier(sitting, part):
    """Of every earlier picture of the same version of the same film: {factor that was shown: whose scores are in it}."""
    found = []
    others = Sitting.objects.filter(school=sitting.school_id, film=sitting.film).exclude(pk=sitting.pk)
    for other in others:
        kept = other.pictures.get(part)
        if kept:
            people = _finishers(other.terugblikken.filter(part=part, in_picture=True))
            found.append(
                {
                    int(number): together.with_who_is_gone({p.person for p in people if int(number) in p.means}, row)
                    for number, row in kept["factors"].items()
                }
            )
    return found


# --- leading ---------------------------------------------------------------------------------------------------------


def open_sitting(*, film, occasion, by, now):
    """Begin to look at a film together, with the instrument of now. Returns the Sitting. Raises SittingRefused."""
    if film_of(film) is None:
        raise SittingRefused("unknown_film")
    with transaction.atomic():
        laid = load_instrument(by.school)
        newest = looking_back.current_instrument(Instrument.objects.filter(school=by.school)) or laid
        return Sitting.objects.create(
            school=by.school, film=film, occasion=occasion, leader=by.person, instrument=newest, opened_at=now
        )


def _led(sitting, by):
    """The row, held until the transaction ends: finishing and showing wait for one another."""
    fresh = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if fresh.leader_id != getattr(by.person, "pk", None):
        raise SittingRefused("not_yours")
    return fresh


def show(*, sitting, part, by, now):
    """Make the picture of everybody who is ready with this version, and keep it: later finishers are not in it.
    Shown already: nothing changes. Raises SittingRefused.
    """
    with transaction.atomic():
        # Two sittings with this film wait for one another: the later picture has to know of the earlier.
        School.objects.select_for_update(no_key=True).get(pk=sitting.school_id)
        fresh = _led(sitting, by)
        if fresh.pictures.get(part):
            return fresh
        ready = _ready(fresh, part)
        finishers = _finishers(ready)
        reason = together.reason_against(finishers)
        if reason:
            raise SittingRefused(reason)
        picture = together.fix(finishers, _earlier(fresh, part))
        if not picture["factors"]:
            raise SittingRefused("too_alike")
        ready.update(in_picture=True)
        fresh.pictures = {**fresh.pictures, part: picture}
        setattr(fresh, f"{part}_shown_at", now)
        fresh.save(update_fields=["pictures", f"{part}_shown_at"])
    return fresh


def go_on(*, sitting, by, now):
    """To the second version of the film; whoever was still busy with the first keeps what she saved."""
    with transaction.atomic():
        fresh = _led(sitting, by)
        if fresh.closed_at:
            raise SittingRefused("closed")
        if not fresh.after_at:
            fresh.after_at = now
            fresh.save(update_fields=["after_at"])
    return fresh


def close(*, sitting, by, now):
    """Nobody scores any more; a picture can still be shown. Closing twice is no error."""
    with transaction.atomic():
        fresh = _led(sitting, by)
        if not fresh.closed_at:
            fresh.closed_at = now
            fresh.save(update_fields=["closed_at"])
    return fresh


# --- taking part -----------------------------------------------------------------------------------------------------


def score(*, sitting, part, by, scores, remarks, difficult=None, seen_version, ready, in_the_open, now):
    """Keep what is filled in, of the version that is scored now; with `ready` also say that it is done, which stays so.

    Raises SittingRefused, LookBackRefused or StaleTerugblik; then nothing has changed.
    """
    with transaction.atomic():
        fresh = Sitting.objects.select_for_update().get(pk=sitting.pk)
        if fresh.closed_at or part != part_of(fresh):
            raise SittingRefused("closed")
        earlier = Terugblik.objects.filter(sitting=fresh, observer=by.person)
        row, _ = Terugblik.objects.get_or_create(
            sitting=fresh,
            observer=by.person,
            part=part,
            defaults={
                "school": fresh.school,
                "mode": Terugblik.Mode.FILM,
                "film": fresh.film,
                "instrument": fresh.instrument,
                "first": earlier.filter(part=BEFORE).first() if part == AFTER else None,
                "created_at": now,
            },
        )
        if row.in_picture:
            raise SittingRefused("in_picture")
        row = looking_back.save(
            terugblik=row,
            by=by,
            scores=scores,
            remarks=remarks,
            difficult=difficult,
            seen_version=seen_version,
            now=now,
        )
        if ready and not any(f.filled for f in _factors(row)):
            raise SittingRefused("nothing_filled")
        if ready and not row.finished_at:
            row.finished_at = now
            row.save(update_fields=["finished_at"])
        earlier.update(in_the_open=in_the_open)
    return row


def _factors(row):
    fresh = looking_back.with_scores(Terugblik.objects.filter(pk=row.pk)).get()
    return [factor for cluster in looking_back.result_of(fresh).clusters for factor in cluster.factors]


def choose_openness(*, sitting, by, in_the_open):
    """Mind, or do not mind, a picture of fewer than five. It holds at once, also for a picture that was shown."""
    with transaction.atomic():
        fresh = Sitting.objects.select_for_update().get(pk=sitting.pk)
        if in_the_open and fresh.closed_at:
            raise SittingRefused("closed")
        Terugblik.objects.filter(sitting=fresh, observer=by.person).update(in_the_open=in_the_open)
