"""Who and what a gesprek takes up, and for how long: the one place where "everybody can" is spelled out.

The family (guardians, pupil) needs its walking time afterwards, staff the ronde's buffer. Members of staff who gave windows
in the ronde are there only within them; who gave none (often the second colleague) follows the teacher.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q

from gesprekken.models import Deelname, RondeGroep
from planning.models import Availability, Booking, Occupancy, Slot
from planning.times.slots import Window, buckets, joined, without
from school.models import Lesgeven, Medewerker
from school.statements import written_once

FAMILY = (Deelname.As.OUDER, Deelname.As.LEERLING)
NOT_THERE = (
    Deelname.As.LEERKRACHT,
    Deelname.As.ACHTERAF,
)  # the teacher comes with the slot; who hears it later stays away


@dataclass
class Presence:
    """What one gesprek asks of everybody; people are counted by body, so that nobody is in two places in two hats."""

    school_id: int
    length: timedelta
    buffer: timedelta
    walking: timedelta
    teachers: list[Medewerker]
    partners: list[Medewerker] = field(
        default_factory=list
    )  # of a duo that talks together: who joins the slot's teacher
    colleagues: list[Medewerker] = field(default_factory=list)  # second colleagues and experts by name
    pool: list[Medewerker] = field(default_factory=list)  # one of them is picked when a time is booked
    family: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()  # from outside: an interpreter, an expert without windows
    windows: dict[int, list] = field(default_factory=dict)  # medewerker -> [(start, end)] for who gave windows

    def ends(self, slot):
        return slot.starts_at + self.length

    def staff_at(self, slot):
        """The members of staff who are there, whoever is picked from the pool."""
        duo = [*self.teachers, *self.partners] if self.partners else []
        return [slot.medewerker, *(m for m in duo if m.pk != slot.medewerker_id), *self.colleagues]

    def is_within_windows(self, slot):
        """Whether the whole gesprek fits where this slot begins, for everybody on the staff who gave windows."""
        fits_slot = self.ends(slot) <= slot.ends_at
        must = [m for m in self.staff_at(slot) if not (fits_slot and m.pk == slot.medewerker_id)]
        return all(self.is_there(medewerker, slot) for medewerker in must)

    def is_there(self, medewerker, slot):
        given = self.windows.get(medewerker.pk)
        return given is None or any(first <= slot.starts_at and self.ends(slot) <= last for first, last in given)

    def taken_up(self, slot, picked=None):
        """{body id: until when} of everybody there, gaps included."""
        ends = self.ends(slot)
        staff = [*self.staff_at(slot), *([picked] if picked else [])]
        until = dict.fromkeys([*(m.person.body_id for m in staff), *self.others], ends + self.buffer)
        for body_id in self.family:
            until[body_id] = max(until.get(body_id, ends), ends + self.walking)
        return until

    def pickable(self, slot, occupied):
        """Of the pool, who could join at this slot."""
        until = self.ends(slot) + self.buffer
        wanted = buckets(slot.starts_at, until)
        return [
            m
            for m in self.pool
            if m.pk != slot.medewerker_id
            and self.is_there(m, slot)
            and not any((m.person.body_id, bucket) in occupied for bucket in wanted)
        ]

    def is_possible(self, slot, occupied):
        """Whether everybody can, given the occupied (body id, bucket) and ("room", id, bucket)."""
        if not self.is_within_windows(slot) or (self.pool and not self.pickable(slot, occupied)):
            return False
        until = self.taken_up(slot)
        spans = {end: buckets(slot.starts_at, end) for end in set(until.values())}  # two at most, for everybody
        if any((body_id, bucket) in occupied for body_id, end in until.items() for bucket in spans[end]):
            return False
        rooms = buckets(slot.starts_at, self.ends(slot) + self.buffer) if slot.room_id else []
        return not any(("room", slot.room_id, bucket) in occupied for bucket in rooms)

    def rows(self, booking, slot, picked=None):
        """The occupancies of a booking: of everybody, and of the room."""
        about = {"school_id": self.school_id, "booking": booking}
        rows = [
            Occupancy(person_id=body_id, bucket=bucket, **about)
            for body_id, until in self.taken_up(slot, picked).items()
            for bucket in buckets(slot.starts_at, until)
        ]
        if slot.room_id:
            spans = buckets(slot.starts_at, self.ends(slot) + self.buffer)
            rows += [Occupancy(room_id=slot.room_id, bucket=bucket, **about) for bucket in spans]
        return rows


def length_of(gesprek):
    """How long it takes, as a span."""
    return timedelta(minutes=gesprek.length)


@written_once
def taking_part(*, gesprekken):
    """Who takes part in these gesprekken (their ids), with what each is on the staff."""
    return Deelname.objects.filter(gesprek__pk__in=gesprekken).select_related("person__medewerker")


def of(gesprek, deelnames=None):
    """The Presence of a gesprek, in a fixed number of queries. Wants gesprek.ronde.soort and .school loaded.

    `deelnames` are the gesprek's own, where they were loaded already (taking_part).
    """
    teachers, partners = teachers_of(gesprek)
    if deelnames is None:
        deelnames = taking_part(gesprekken=[gesprek.pk])
    joining = [deelname for deelname in deelnames if deelname.as_role not in NOT_THERE]
    presence = presence_from(gesprek, joining, teachers, partners, pool_of(gesprek))
    if partners or presence.colleagues or presence.pool or gesprek.length > gesprek.ronde.duration:
        presence.windows = given_windows(gesprek.ronde, [*teachers, *partners, *presence.colleagues, *presence.pool])
    return presence


def presence_from(gesprek, joining, teachers, partners, pool):
    """Everything but the windows, from rows that are loaded already."""
    ronde = gesprek.ronde
    staff = [d for d in joining if d.as_role not in FAMILY]
    family = frozenset(d.person.body_id for d in joining if d.as_role in FAMILY)
    pool = [m for m in pool if m.person.body_id not in family]  # a parent is not the school's second pair of eyes
    if pool:
        staff = [d for d in staff if d.as_role != Deelname.As.TWEEDE_COLLEGA]
    colleagues = [d.person.medewerker for d in staff if hasattr(d.person, "medewerker")]
    return Presence(
        school_id=gesprek.school_id,
        length=length_of(gesprek),
        buffer=timedelta(minutes=ronde.buffer),
        walking=timedelta(minutes=ronde.walking),
        teachers=teachers,
        partners=partners,
        colleagues=colleagues,
        pool=pool,
        family=family,
        others=frozenset(d.person.body_id for d in staff if not hasattr(d.person, "medewerker")),
    )


def teachers_of(gesprek):
    """(whose slots fit, who joins them): the gesprek's own teacher, else the group's; of a duo together one offers."""
    if gesprek.medewerker_id:
        return [Medewerker.objects.select_related("person").get(pk=gesprek.medewerker_id)], []
    teachers = teaching(groep=gesprek.groep_id)
    if len(teachers) < 2 or not is_together(gesprek):
        return teachers, []
    offering = set(
        Slot.objects.filter(ronde=gesprek.ronde_id, medewerker__in=teachers).values_list("medewerker", flat=True)
    )
    first = next((teacher for teacher in teachers if teacher.pk in offering), teachers[0])
    return [first], [teacher for teacher in teachers if teacher != first]


@written_once
def teaching(*, groep):
    """The teachers of a group, each once."""
    staff = Medewerker.objects.filter(lesgeven__groep=groep)
    return staff.select_related("person").order_by("pk").distinct()


def is_together(gesprek):
    """Whether the teachers of this group hold its gesprekken together."""
    return RondeGroep.objects.filter(
        ronde=gesprek.ronde_id, groep=gesprek.groep_id, duo=RondeGroep.Duo.TOGETHER
    ).exists()


def pool_of(gesprek):
    """Who can be the second colleague of an advice gesprek whose group has none by name (C4), least busy first."""
    ronde = gesprek.ronde
    if not ronde.soort.is_advice:
        return []
    if RondeGroep.objects.filter(ronde=ronde, groep=gesprek.groep_id, tweede_collega__isnull=False).exists():
        return []
    joined = Q(
        person__deelnames__as_role=Deelname.As.TWEEDE_COLLEGA,
        person__deelnames__gesprek__ronde=ronde,
        person__deelnames__gesprek__bookings__state=Booking.State.ACTIVE,
    )
    return list(
        ronde.colleague_pool.filter(left_on__isnull=True)
        .select_related("person")
        .annotate(joined=Count("person__deelnames", filter=joined))
        .order_by("joined", "pk")
    )


def given_windows(ronde, staff):
    """{medewerker: [(start, end)]} without the pauses, touching windows joined; only of who gave any in this ronde."""
    given, pauses = defaultdict(list), defaultdict(list)
    for row in Availability.objects.filter(ronde=ronde, medewerker__in=staff).order_by("on", "starts"):
        kept = pauses if row.what == Availability.What.PAUSE else given
        kept[row.medewerker_id].append(Window(on=row.on, starts=row.starts, ends=row.ends))
    zone = ronde.school.zone
    return {
        pk: [
            (datetime.combine(w.on, w.starts, tzinfo=zone), datetime.combine(w.on, w.ends, tzinfo=zone))
            for w in without(joined(windows), pauses[pk])
        ]
        for pk, windows in given.items()
    }


def occupied_between(presence, slots):
    """The occupied buckets of everybody and every room that these slots could ask for. One query."""
    bodies = set(presence.family | presence.others) | {m.person.body_id for m in presence.pool}
    bodies |= {m.person.body_id for slot in slots for m in presence.staff_at(slot)}
    rooms = {slot.room_id for slot in slots if slot.room_id}
    last = max(presence.ends(slot) for slot in slots) + max(presence.buffer, presence.walking)
    first = min(slot.starts_at for slot in slots)
    return occupancies(bodies=sorted(bodies), rooms=sorted(rooms), first=first, last=last)


@written_once
def occupancies(*, bodies, rooms, first, last):
    taken = Occupancy.objects.filter(Q(person__pk__in=bodies) | Q(room__pk__in=rooms))
    taken = taken.filter(bucket__gte=first, bucket__lt=last)
    return taken.values_list("person_id", "room_id", "bucket", "booking__gesprek_id")


def as_set(rows, *, leaving_out=()):
    """Rows of occupied_between as the set that Presence asks, without what these gesprekken hold themselves."""
    return {
        (person, bucket) if person else ("room", room, bucket)
        for person, room, bucket, gesprek in rows
        if gesprek not in leaving_out
    }


def free_slots(gesprek, *, now, leaving_out=()):
    """The slots that everybody in this gesprek could still take, earliest first. A fixed number of queries.

    What the gesprek itself holds counts as free, so that it can move to a time that overlaps its own; what those in
    `leaving_out` (ids of gesprekken) hold counts as free too, for who moves several at once.
    """
    presence = of(gesprek)
    teachers = {teacher.pk: teacher for teacher in presence.teachers}
    slots = open_slots(ronde=gesprek.ronde_id, teachers=list(teachers), now=now)
    if not slots:
        return []
    for slot in slots:
        slot.medewerker = teachers[slot.medewerker_id]  # one and the same for all of hers
    occupied = as_set(occupied_between(presence, slots), leaving_out={gesprek.pk, *leaving_out})
    return [slot for slot in slots if presence.is_possible(slot, occupied)]


@written_once
def open_slots(*, ronde, teachers, now):
    """What these teachers (their ids) offer from now on and nobody has."""
    slots = Slot.objects.filter(ronde=ronde, medewerker__pk__in=teachers, starts_at__gt=now)
    return slots.exclude(bookings__state=Booking.State.ACTIVE)


def of_all(ronde, gesprekken, slots):
    """{gesprek id: Presence} of these gesprekken of one ronde, as `of` says it, in a fixed number of queries.

    Wants gesprek.medewerker__person loaded; `slots` are the ronde's.
    """
    rows = list(RondeGroep.objects.filter(ronde=ronde))
    together = {row.groep_id for row in rows if row.duo == RondeGroep.Duo.TOGETHER}
    with_colleague = {row.groep_id for row in rows if row.tweede_collega_id}
    teaching, offering = teaching_of(rows), {slot.medewerker_id for slot in slots}
    pool = pool_by_name(ronde)
    joining = defaultdict(list)
    for deelname in (
        Deelname.objects.filter(gesprek__in=gesprekken)
        .exclude(as_role__in=NOT_THERE)
        .select_related("person__medewerker__person")
        .order_by("pk")
    ):
        joining[deelname.gesprek_id].append(deelname)
    found = {}
    for gesprek in gesprekken:
        teachers, partners = [gesprek.medewerker] if gesprek.medewerker_id else teaching[gesprek.groep_id], []
        if len(teachers) > 1 and gesprek.groep_id in together:
            first = next((teacher for teacher in teachers if teacher.pk in offering), teachers[0])
            teachers, partners = [first], [teacher for teacher in teachers if teacher != first]
        found[gesprek.pk] = presence_from(
            gesprek, joining[gesprek.pk], teachers, partners, [] if gesprek.groep_id in with_colleague else pool
        )
    everybody = {m for p in found.values() for m in [*p.teachers, *p.partners, *p.colleagues, *p.pool]}
    windows = given_windows(ronde, everybody)
    for presence in found.values():
        presence.windows = windows
    return found


def teaching_of(ronde_groepen):
    """{groep id: [Medewerker]} as teachers_of orders them. One query."""
    teaching = defaultdict(list)
    rows = Lesgeven.objects.filter(groep__in=[row.groep_id for row in ronde_groepen])
    for row in rows.select_related("medewerker__person").order_by("medewerker"):
        teaching[row.groep_id].append(row.medewerker)
    return teaching


def pool_by_name(ronde):
    """The ronde's pool of second colleagues, empty where no gesprek needs one. One query at most."""
    if not ronde.soort.is_advice:
        return []
    return list(ronde.colleague_pool.filter(left_on__isnull=True).select_related("person").order_by("pk"))
