"""The leadership's first question: whom did we reach in this ronde, and what is there still to do.

Per group only reach and follow-up, in the order of the groups, and never a mean or a rank: a group is a teacher.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from gesprekken.models import Deelname, Gesprek, RondeGroep, Verslag
from planning.models import Booking, Invitation, Wish

RECORDED, HELD, CHOSEN, CALL, WISHED, NOTHING = "recorded", "held", "chosen", "call", "wished", "nothing"
STATES = (RECORDED, HELD, CHOSEN, CALL, WISHED, NOTHING)  # from done to open; every gesprek is in exactly one


def state_of(gesprek):
    """How far one gesprek is, as one of STATES."""
    if gesprek.is_recorded:
        return RECORDED
    if gesprek.held_on:
        return HELD
    if gesprek.planned_at:
        return CHOSEN
    if gesprek.asked_call:
        return CALL
    return WISHED if gesprek.has_wished else NOTHING


# Who asked to be phoned, or said that no time suits: a reaction, and the teacher's turn.
ASKED = Q(call_me_at__isnull=False) | Q(none_suits_at__isnull=False)


def wished():
    """As Exists on a Gesprek: a guardian who takes part said when it can. Asked from the few guardians to their wishes;
    the other way round a database walks through every wish of the ronde for every gesprek.
    """
    given = Wish.objects.filter(ronde=OuterRef("gesprek__ronde"), person=OuterRef("person"))
    return Exists(Deelname.objects.filter(Exists(given), gesprek=OuterRef("pk"), as_role=Deelname.As.OUDER))


def _is_there(rows):
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), False)


def followed(ronde):
    """The gesprekken of a ronde with how far each is, in one query. No word of what was said comes along.

    Each thing is asked per row by its index: an Exists PostgreSQL may answer for all rows at once, and then it reads
    what every school has.
    """
    this = {"gesprek": OuterRef("pk")}
    return (
        Gesprek.objects.filter(ronde=ronde, cancelled_at__isnull=True)
        .annotate(
            planned_at=Subquery(Booking.objects.filter(**this, state=Booking.State.ACTIVE).values("starts_at")[:1]),
            is_invited=_is_there(Invitation.objects.filter(**this)),
            asked_call=_is_there(Invitation.objects.filter(ASKED, **this)),
            has_wished=wished(),
            is_recorded=_is_there(Verslag.objects.filter(**this, state=Verslag.State.FINAL)),
            is_released=_is_there(Verslag.objects.filter(**this, released_at__isnull=False)),
        )
        .select_related("leerling__person", "groep")
        .order_by(
            "groep__jaargroep", "groep__name", "leerling__person__last_name", "leerling__person__first_name", "pk"
        )
    )


def counted(ronde):
    """The same, only to be counted: without names, and in no order."""
    return followed(ronde).select_related(None).order_by().only("groep", "held_on")


@dataclass
class Reach:
    """Counts of gesprekken of one group, or of a whole ronde."""

    groep: object = None
    gesprekken: int = 0
    invited: int = 0
    planned: int = 0
    asked_call: int = 0
    held: int = 0
    recorded: int = 0
    released: int = 0
    overdue: int = 0
    states: Counter = field(default_factory=Counter)

    def add(self, gesprek, now):
        state = state_of(gesprek)
        self.gesprekken += 1
        self.invited += gesprek.is_invited
        self.planned += state in (RECORDED, HELD, CHOSEN)  # as the ronde's own page counts: held without a time too
        self.asked_call += state == CALL
        self.held += state in (HELD, RECORDED)
        self.recorded += gesprek.is_recorded
        self.released += gesprek.is_released
        self.overdue += state == CHOSEN and gesprek.planned_at < now
        self.states[state] += 1

    @property
    def uninvited(self):
        return self.gesprekken - self.invited

    @property
    def no_reaction(self):
        return self.states[NOTHING]

    @property
    def to_record(self):
        return self.states[HELD]

    @property
    def parts(self):
        return [(state, self.states[state]) for state in STATES]


def reach(ronde, gesprekken, now):
    """(total, [Reach per group]) of a ronde, its groups in order, also those without a single gesprek."""
    links = RondeGroep.objects.filter(ronde=ronde).select_related("groep")
    rows = {link.groep_id: Reach(groep=link.groep) for link in links}
    total = Reach()
    for gesprek in gesprekken:
        if gesprek.groep_id not in rows:
            rows[gesprek.groep_id] = Reach(groep=gesprek.groep)
        rows[gesprek.groep_id].add(gesprek, now)
        total.add(gesprek, now)
    return total, sorted(rows.values(), key=lambda row: (row.groep.jaargroep.zfill(3), row.groep.name))


def guardians_apart(ronde):
    """{gesprek.pk: guardian's name} for the gesprekken of parents who talk apart."""
    rows = Invitation.objects.filter(gesprek__ronde=ronde).exclude(gesprek__party=Gesprek.TOGETHER)
    return {row.gesprek_id: row.person.name for row in rows.select_related("person")}


def chosen_ronde(rondes, today):
    """The ronde to begin with: the one that is open now, else the one that comes, else the last that was."""
    rondes = list(rondes)
    if not rondes:
        return None
    open_now = [ronde for ronde in rondes if ronde.is_open]
    going = [ronde for ronde in open_now if ronde.ends_on >= today]
    if going:
        return min(going, key=lambda ronde: (ronde.starts_on, ronde.pk))
    return max(open_now or rondes, key=lambda ronde: (ronde.starts_on, ronde.pk))
