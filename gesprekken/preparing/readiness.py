"""How far a teacher is with preparing her gesprekken: which are ready, and which comes next."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from gesprekken.models import Voorbereiding
from gesprekken.permissions import of_conductor, visible_gesprekken
from gesprekken.preparing.preparation import audience_of, is_open
from gesprekken.talking.drafts import GesprekClosed
from school import audit


@dataclass(frozen=True)
class Progress:
    ready: int
    total: int


def mark_ready(*, gesprek, by, ready=True, now=None):
    """Say to be ready with preparing this gesprek, or not after all. Returns whether that was new."""
    if not is_open(gesprek):
        raise GesprekClosed
    with transaction.atomic():
        row, _created = Voorbereiding.objects.get_or_create(
            gesprek=gesprek,
            person=by.person,
            defaults={"school_id": gesprek.school_id, "audience": audience_of(by, gesprek)},
        )
        changed = Voorbereiding.objects.filter(pk=row.pk, ready_at__isnull=ready)
        if not changed.update(ready_at=(now or timezone.now()) if ready else None):
            return False
        audit.record("prepared_ready" if ready else "prepared_not_ready", row, by=by)
    return True


def to_prepare(actor):
    """The gesprekken this member of staff prepares: hers; of a group that two divide, her own part of it."""
    mine = Q(medewerker__isnull=True) | Q(medewerker__person=actor.person)
    return visible_gesprekken(actor).filter(of_conductor(actor), mine, cancelled_at__isnull=True)


def prepared_by_teachers():
    return Voorbereiding.objects.filter(gesprek=OuterRef("pk"), audience="leerkracht")


def in_a_row(actor, ronde, groep):
    """These gesprekken, by the pupils' names: each knows who is ready with it, and whether somebody began."""
    said = prepared_by_teachers().filter(ready_at__isnull=False).order_by("ready_at")
    rows = to_prepare(actor).filter(ronde=ronde, groep=groep).select_related("leerling__person")
    rows = rows.annotate(
        ready_by=Subquery(said.values("person")[:1]),
        ready_name=Subquery(said.values("person__first_name")[:1]),
        begun=Exists(prepared_by_teachers().filter(saved_at__isnull=False)),
    )
    return list(rows.order_by("leerling__person__last_name", "leerling__person__first_name", "pk"))


def is_ready(gesprek):
    """Of a row of in_a_row: what was held needs no preparing."""
    return gesprek.ready_by is not None or gesprek.is_held


def progress_of(gesprekken):
    return Progress(sum(is_ready(gesprek) for gesprek in gesprekken), len(gesprekken))


def next_to_prepare(gesprekken, after=None):
    """The first that is not ready behind this one, else from the start; None when all are."""
    place = next((number for number, one in enumerate(gesprekken) if one.pk == after), -1)
    return next((one for one in gesprekken[place + 1 :] + gesprekken[: place + 1] if not is_ready(one)), None)


def progress(actor, rondes):
    """{(ronde pk, groep pk): Progress} of one's own groups in these rondes, in one query."""
    is_done = Q(held_on__isnull=False) | Exists(prepared_by_teachers().filter(ready_at__isnull=False))
    rows = to_prepare(actor).filter(ronde__in=rondes, groep__in=actor.groep_ids)
    counted = rows.values("ronde", "groep").order_by()
    counted = counted.annotate(total=Count("pk", distinct=True), ready=Count("pk", filter=is_done, distinct=True))
    return {(row["ronde"], row["groep"]): Progress(row["ready"], row["total"]) for row in counted}
