"""Letting one colleague read one look back, and taking that back. Sharing is an act (K4).

Like looking back itself these verbs leave no AuditEvent (docs/decisions/0060-own-scores.md).
"""

from django.db import transaction

from kijkwijzer.models import Sharing, Terugblik
from kijkwijzer.permissions import colleagues_of, may_share
from school import outbox

MESSAGE = "kijkwijzer.terugblik_shared"


class SharingRefused(Exception):
    """Nothing is shared. `reason` is one of REASONS."""

    REASONS = (
        "not_yours",  # it is about somebody else: who reads it along shares nothing on
        "not_ready",  # nothing was saved yet, or the observer did not say it is ready
        "colleague",  # no colleague of this school, or oneself
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def share(*, terugblik, person, by, now):
    """Let `person` read this look back until it is withdrawn; she gets a mail without scores. Sharing twice is once.

    Returns the Sharing. Raises SharingRefused.
    """
    if not may_share(by, terugblik):
        raise SharingRefused("not_yours")
    ready = terugblik.finished_at if terugblik.mode == Terugblik.Mode.COLLEAGUE else terugblik.saved_at
    if ready is None:
        raise SharingRefused("not_ready")
    if not colleagues_of(by).filter(pk=person.pk).exists():
        raise SharingRefused("colleague")
    with transaction.atomic():
        sharing, created = Sharing.objects.get_or_create(
            terugblik=terugblik, person=person, withdrawn_at=None, defaults={"school": by.school, "shared_at": now}
        )
        if created and person.pk != terugblik.observer_id:
            outbox.put(MESSAGE, person, sharing)
    return sharing


def withdraw(*, sharing, by, now):
    """From now on that colleague reads it no more. Withdrawing twice is no error. Raises SharingRefused."""
    if not may_share(by, sharing.terugblik):
        raise SharingRefused("not_yours")
    Sharing.objects.filter(pk=sharing.pk, withdrawn_at__isnull=True).update(withdrawn_at=now)


def readers_of(terugblik):
    """With whom it is shared now, in the order in which that happened."""
    rows = terugblik.sharings.filter(withdrawn_at__isnull=True)
    return list(rows.select_related("person").order_by("shared_at", "pk"))


def shared_with(actor, sharings):
    """What others let this actor read now, the latest first. `sharings` are the visible ones."""
    rows = sharings.filter(person=actor.person).exclude(terugblik__observer=actor.person)
    return list(rows.select_related("terugblik__about", "terugblik__observer").order_by("-shared_at", "-pk"))


def owner_of(terugblik):
    """Whose it is to share: whom it is about, or who scored a film."""
    return terugblik.about or terugblik.observer
