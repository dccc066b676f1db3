"""From when until when a guardian chooses a time for herself. Staff plan for a family at any moment of an open ronde."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Count

from gesprekken.models import Deelname, Gesprek, Ronde
from planning.models import Booking


def choosing_closes_at(ronde):
    """The moment until which parents choose and change for themselves: midnight, so many days before the first day.

    Once a plan is released they may swap until closer to it: the plan came after they could say anything.
    """
    days = ronde.booking_closes_days
    if ronde.plan_released_at:
        days = min(days, settings.SWAP_CLOSES_DAYS)
    day = ronde.starts_on - timedelta(days=days)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ronde.school.zone)


def choosing_opens_for(gesprek, actor):
    """From when this guardian may choose, as a moment; None when that was so from the opening of the ronde."""
    return opens_for(actor.person, gesprek.ronde)


def opens_for(person, ronde, *, has_several=None):
    """The same for somebody in a ronde.

    Who has gesprekken about several children in the ronde may begin `early_hours` before the others. `has_several`:
    whether she has, where that is known.
    """
    opens = ronde.choosing_opens_at
    if opens is None or not ronde.early_hours:
        return opens
    if has_several is None:
        has_several = person.pk in with_several([person], ronde)
    return opens - timedelta(hours=ronde.early_hours) if has_several else opens


def chooses_now(person, ronde, *, now):
    """Whether this guardian can choose, or choose again, for herself in this ronde at this moment."""
    if not ronde.is_open or ronde.is_wishing or now >= choosing_closes_at(ronde):
        return False
    opens = ronde.choosing_opens_at
    return opens is None or now >= opens or now >= opens_for(person, ronde)


def still_to_open(gesprekken, actor, *, now):
    """{ronde id: from when this guardian may choose}, of the rondes in which choosing has not begun for her."""
    moments = {}
    for gesprek in gesprekken:
        ronde = gesprek.ronde
        if ronde.pk not in moments and ronde.choosing_opens_at and now < ronde.choosing_opens_at:
            moments[ronde.pk] = choosing_opens_for(gesprek, actor)
    return {pk: opens for pk, opens in moments.items() if now < opens}


def with_several(people, ronde):
    """Of these people, the ids of who has gesprekken about more than one child in the ronde. One query."""
    theirs = Deelname.objects.filter(person__in=people, as_role=Deelname.As.OUDER, gesprek__ronde=ronde)
    counted = theirs.filter(gesprek__cancelled_at=None).values("person")
    counted = counted.annotate(children=Count("gesprek__leerling", distinct=True))
    return set(counted.filter(children__gt=1).values_list("person", flat=True))


def still_to_choose(gesprekken, *, now):
    """Of these gesprekken (a QuerySet) those for which a parent can still choose a time and has not, in reading order."""
    waiting = (
        gesprekken.filter(cancelled_at__isnull=True, held_on__isnull=True, ronde__state=Ronde.State.OPEN)
        .exclude(pk__in=Booking.objects.active().values("gesprek"))
        .select_related("ronde__school", "leerling__person")
        .order_by("ronde__starts_on", "leerling__person__first_name", "pk")
    )
    return [gesprek for gesprek in waiting if now < choosing_closes_at(gesprek.ronde)]


def of_one_family(gesprek):
    """The gesprekken in the ronde that share a guardian with this one: brothers and sisters, and the gesprek itself."""
    guardians = Deelname.objects.filter(gesprek=gesprek, as_role=Deelname.As.OUDER).values("person")
    return Gesprek.objects.filter(
        pk__in=Deelname.objects.filter(person__in=guardians, as_role=Deelname.As.OUDER).values("gesprek"),
        ronde=gesprek.ronde_id,
        cancelled_at=None,
    )
