"""Is there enough time: per teacher how many tijdsloten a ronde needs, with its margin, and how many she offers."""

from collections import defaultdict
from dataclasses import dataclass
from math import ceil

from django.db.models import Count

from gesprekken.models import RondeGroep
from gesprekken.parties import leerlingen_of, split
from planning.models import Slot
from planning.times.windows import teachers_of
from school.models import Medewerker, Relatie

ENOUGH, TIGHT, SHORT = "enough", "tight", "short"


@dataclass(frozen=True)
class Supply:
    """One teacher in one ronde. `needed` for the gesprekken themselves, `wanted` with the margin of the ronde."""

    medewerker: Medewerker
    needed: int
    wanted: int
    offered: int

    @property
    def short(self):
        """How many tijdsloten are still to be given to reach the margin."""
        return max(0, self.wanted - self.offered)

    @property
    def state(self):
        """SHORT: not everybody can be placed. TIGHT: everybody, with less to choose than was decided. ENOUGH."""
        if self.offered < self.needed:
            return SHORT
        return TIGHT if self.short else ENOUGH


def per_teacher(ronde):
    """[Supply] of the ronde's teachers, by name. A fixed number of queries, whatever the number of teachers."""
    teachers = list(teachers_of(ronde))
    offered = offered_slots(ronde)
    needed = defaultdict(int)
    counts = slots_needed(ronde)
    for row in ronde.ronde_groepen.prefetch_related("groep__lesgeven"):
        theirs = [t.pk for t in teachers if t.pk in {les.medewerker_id for les in row.groep.lesgeven.all()}]
        own = counts[row.groep_id]
        for pk in theirs:
            needed[pk] += own.pop(pk, 0)
        for pk, share in _shares(sum(own.values()), row.duo, theirs, offered).items():
            needed[pk] += share
    return [
        Supply(
            medewerker=teacher,
            needed=needed[teacher.pk],
            wanted=with_margin(ronde, needed[teacher.pk]),
            offered=offered.get(teacher.pk, 0),
        )
        for teacher in teachers
    ]


def with_margin(ronde, needed):
    return ceil(needed * (100 + ronde.margin) / 100)


def offered_slots(ronde):
    """{medewerker_id: slots in this ronde, chosen or free}."""
    return dict(Slot.objects.filter(ronde=ronde).values_list("medewerker").annotate(n=Count("pk")))


def _shares(total, duo, teachers, offered):
    """Who of a duo does how many. Together: both all. Else by what each offers, or evenly while nothing is offered."""
    if duo == RondeGroep.Duo.TOGETHER:
        return dict.fromkeys(teachers, total)
    weights = {pk: offered.get(pk, 0) for pk in teachers}
    if duo == RondeGroep.Duo.PARTS or not any(weights.values()):
        weights = dict.fromkeys(teachers, 1)
    shares, left, weight_left = {}, total, sum(weights.values())
    for pk in teachers:
        shares[pk] = ceil(left * weights[pk] / weight_left) if weight_left else 0
        left, weight_left = left - shares[pk], weight_left - weights[pk]
    return shares


def slots_needed(ronde):
    """{groep_id: {medewerker_id or None: tijdsloten}}; None where either of a duo can do it.

    Before opening the gesprekken are foreseen, two where parents talk apart; a longer gesprek takes several slots.
    """
    counts = defaultdict(lambda: defaultdict(int))
    if ronde.is_draft:
        for groep_pk, n in gesprekken_needed(ronde).items():
            counts[groep_pk][None] = n
        return counts
    rows = ronde.gesprekken.filter(cancelled_at__isnull=True).values_list("groep_id", "medewerker_id", "minutes")
    for groep_pk, medewerker_pk, minutes in rows:
        counts[groep_pk][medewerker_pk] += ceil((minutes or ronde.duration) / ronde.duration)
    return counts


def gesprekken_needed(ronde):
    """{groep_id: number of gesprekken}, counting two where parents talk apart."""
    pairs = leerlingen_of(ronde)
    relaties = defaultdict(list)
    for relatie in Relatie.objects.invited().filter(leerling__in=[leerling for leerling, _groep in pairs]):
        relaties[relatie.leerling_id].append(relatie)
    counts = defaultdict(int)
    for leerling, groep in pairs:
        counts[groep.pk] += len(split(relaties[leerling.pk]))
    return counts
