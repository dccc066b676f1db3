"""Who reads the ten signs of one gesprek: who holds it, and afterwards the family it was with (S1).

Not the leadership, not the intern begeleider: one gesprek is one teacher.
"""

from gesprekken.permissions import (
    gesprekken_to_read,
    of_conductor,
    visible_agreements,
    visible_gesprekken,
    visible_verslagen,
)
from school.actor import CONFIRMED


def visible_evidence(actor):
    """Gesprekken that were held, whose signs are this actor's to read. Loading one through this is authorising.

    Staff: who conducts it. After the second step a guardian who took part and was given the record, and a pupil with
    whom something was agreed; not who only hears afterwards what was said, as what was prepared is not hers.
    """
    held = visible_gesprekken(actor).filter(held_on__isnull=False, cancelled_at__isnull=True)
    if actor.is_staff:
        return held.filter(of_conductor(actor)) if actor.person else held.none()
    if actor.level != CONFIRMED:
        return held.none()
    if actor.is_pupil:
        return held.filter(pk__in=gesprekken_to_read(actor).values("pk"))
    return held.filter(pk__in=visible_verslagen(actor).values("gesprek"))


def visible_record_of(actor):
    """(verslagen, agreements) that may count in what this guardian or pupil is shown: those she may read herself."""
    return visible_verslagen(actor), visible_agreements(actor)
