"""A guardian asks to hear when a taken time comes free. Being told is no promise: who comes first has it."""

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Gesprek
from planning.models import Booking, Slot, Watch
from planning.times import presence
from planning.times.choosing import choosing_closes_at
from school import audit

MOST = 5  # times one guardian follows for one gesprek: enough to hope, too few to follow a whole evening


class WatchRefused(Exception):
    """`reason` is one of: "closed" (nothing can be chosen any more), "full" (MOST reached), "free" (it is free now),
    "gone" (not a time of this child's teachers, or over)."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def is_of_use(gesprek, *, now):
    """Whether hearing of a time still helps: a parent can choose one now, or will be able to."""
    ronde = gesprek.ronde
    if not ronde.is_open or ronde.is_wishing or gesprek.cancelled_at or gesprek.is_held:
        return False
    return now < choosing_closes_at(ronde)


def taken_slots(gesprek, *, now):
    """The slots of this child's teachers that somebody else has, earliest first. Whose they are is not told."""
    teachers, _partners = presence.teachers_of(gesprek)
    taken = Booking.objects.active().exclude(gesprek=gesprek).values("slot")
    slots = Slot.objects.filter(ronde=gesprek.ronde_id, medewerker__in=teachers, starts_at__gt=now, pk__in=taken)
    return list(slots.select_related("medewerker__person"))


def watches_of(gesprek, person, *, now):
    """{slot id: Watch} of what this guardian waits for in this gesprek; what she was told of is over."""
    rows = Watch.objects.filter(gesprek=gesprek, person=person, told_at=None, slot__starts_at__gt=now)
    return {row.slot_id: row for row in rows}


def watch(*, slot, gesprek, by, now=None):
    """Follow a taken slot. Asking again, also after having been told once, is one watch. Raises WatchRefused."""
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = Gesprek.objects.select_for_update(of=("self",)).select_related("ronde__school").get(pk=gesprek.pk)
        if not is_of_use(gesprek, now=now):
            raise WatchRefused("closed")
        teachers, _partners = presence.teachers_of(gesprek)
        if slot.ronde_id != gesprek.ronde_id or slot.medewerker not in teachers or slot.starts_at <= now:
            raise WatchRefused("gone")
        if not Booking.objects.active().filter(slot=slot).exclude(gesprek=gesprek).exists():
            raise WatchRefused("free")
        mine = watches_of(gesprek, by.person, now=now)
        if slot.pk in mine:
            return mine[slot.pk]
        if len(mine) >= MOST:
            raise WatchRefused("full")
        Watch.objects.filter(gesprek=gesprek, person=by.person, slot=slot).delete()  # told before: a new one, told anew
        row = Watch.objects.create(
            school_id=gesprek.school_id, gesprek=gesprek, person=by.person, slot=slot, created_at=now
        )
        audit.record("watch", row, by=by, gesprek=gesprek.pk)
    return row


def stop_watching(*, slot, gesprek, by):
    """No longer follow it. Doing it twice is no error."""
    with transaction.atomic():
        count, _rows = Watch.objects.filter(gesprek=gesprek, person=by.person, slot=slot).delete()
        if count:
            audit.record("stop_watching", gesprek, by=by, slot=slot.pk)
