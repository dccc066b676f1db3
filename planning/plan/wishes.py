"""Wish mode: a guardian says once per ronde, for all her children together, on which parts of which days she can."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek
from planning.models import Part, Slot, Wish
from planning.times.choosing import choosing_closes_at
from school import audit


class WishRefused(Exception):
    """The wishes cannot be taken. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "closed",  # the ronde is not open, or it is not one in which wishes are asked
        "too_late",  # asking has closed; the school can still write wishes down
        "released",  # the plan is there already
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def gesprekken_of(ronde, person):
    """The gesprekken of this guardian in the ronde that are still to be planned or held."""
    mine = Deelname.objects.filter(person=person, as_role=Deelname.As.OUDER).values("gesprek")
    return Gesprek.objects.filter(ronde=ronde, pk__in=mine, cancelled_at=None, held_on=None)


def parts_asked(ronde, gesprekken):
    """[(date, [Part])]: the days and parts in which the teachers of these gesprekken have tijdsloten. One query."""
    any_of_group = Q(medewerker__lesgeven__groep__in={g.groep_id for g in gesprekken if not g.medewerker_id})
    named = Q(medewerker__in={g.medewerker_id for g in gesprekken if g.medewerker_id})
    starts = Slot.objects.filter(any_of_group | named, ronde=ronde).values_list("starts_at", flat=True).distinct()
    days = {}
    for moment in sorted(starts):
        local = moment.astimezone(ronde.school.zone)
        parts = days.setdefault(local.date(), [])
        if (part := Part.at(local)) not in parts:
            parts.append(part)
    return sorted(days.items())


def wishes_of(ronde, person):
    """{(date, Part): Wish.Can} as this guardian gave them; empty when she did not answer."""
    rows = Wish.objects.filter(ronde=ronde, person=person).values_list("on", "part", "can")
    return {(on, Part(part)): Wish.Can(can) for on, part, can in rows}


def check_now(ronde, *, by, now):
    """Raises WishRefused when wishes for this ronde cannot be taken from this actor now."""
    if not ronde.is_open or ronde.mode != ronde.Mode.WISHES:
        raise WishRefused("closed")
    if not ronde.is_wishing:
        raise WishRefused("released")
    if not by.is_staff and now >= choosing_closes_at(ronde):
        raise WishRefused("too_late")


def give_wishes(*, ronde, person, wishes, by, now=None):
    """Keep what this guardian can: {(date, Part): Wish.Can}. What she said before is replaced. Raises WishRefused."""
    now = now or timezone.now()
    with transaction.atomic():
        ronde = type(ronde).objects.select_for_update(of=("self",)).select_related("school").get(pk=ronde.pk)
        check_now(ronde, by=by, now=now)
        Wish.objects.filter(ronde=ronde, person=person).delete()
        Wish.objects.bulk_create(
            Wish(school_id=ronde.school_id, ronde=ronde, person=person, on=on, part=part, can=can)
            for (on, part), can in sorted(wishes.items())
        )
        audit.record("give_wishes", ronde, by=by, person=person.pk, parts=len(wishes))
