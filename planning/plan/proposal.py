"""A ronde in the words of the solver, and back: who must be there, when everybody could, what stands already.

Everybody is named by body, so that who teaches one child and is the parent of another is one person. Times are the
clock on the school's wall. A fixed number of queries, whatever the number of gesprekken.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from gesprekken.models import Deelname, Gesprek
from planning.models import Booking, Occupancy, Part, Slot, Wish
from planning.solver import Conversation, Placed, Problem
from planning.times import presence
from planning.times.slots import BUCKET
from school.models import Medewerker, Relatie

LAST_MINUTE = timedelta(minutes=1)  # a gesprek until six o'clock is not in the evening


@dataclass
class Proposal:
    """What the solver is asked, with the rows behind its words."""

    ronde: object
    problem: Problem
    gesprekken: dict[str, Gesprek]
    presences: dict[int, presence.Presence]
    slots: dict[tuple[str, datetime], Slot]  # (teacher, wall-clock start) -> what is offered
    staff: dict[str, Medewerker]
    bookings: dict[int, Booking]  # gesprek id -> the time that stands
    names: dict[str, str] = field(default_factory=dict)  # of everybody, for a sentence to staff

    def slot_of(self, placed):
        return self.slots.get((placed.staff[0], placed.start))

    def colleague_of(self, gesprek, placed):
        """The second colleague whom the plan took from the pool, or None."""
        return self.staff[placed.staff[-1]] if self.presences[gesprek.pk].pool else None

    def place(self, gesprek, slot, colleague=None):
        """The solver's word for this gesprek at this slot; the first of the pool where nobody was picked."""
        return placed_at(self.presences[gesprek.pk], slot.medewerker, wall_clock(slot.starts_at, self.zone), colleague)

    @property
    def zone(self):
        return self.ronde.school.zone

    def placed(self, rows):
        """{conversation: Placed} of what stands and of these PlannedGesprek rows that have a slot."""
        kept = {c.id: c.pinned for c in self.problem.conversations if c.pinned}
        for row in rows:
            if row.slot_id and str(row.gesprek_id) in self.gesprekken and row.gesprek_id not in self.bookings:
                gesprek = self.gesprekken[str(row.gesprek_id)]
                kept[str(row.gesprek_id)] = self.place(gesprek, row.slot, row.tweede_collega)
        return kept


def body(person_id):
    return str(person_id)


def wall_clock(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)


def placed_at(present, teacher, start, colleague=None):
    first = present.teachers[0] if present.partners else teacher  # of a duo together both are there, whose slot it is
    staff = [first, *present.partners, *present.colleagues]
    if present.pool:
        staff.append(colleague or present.pool[0])
    return Placed(start=start, staff=tuple(body(m.person.body_id) for m in staff))


def to_plan(ronde):
    """The gesprekken of the ronde that are still to be held."""
    return (
        Gesprek.objects.filter(ronde=ronde, cancelled_at=None, held_on=None)
        .select_related("leerling__person", "groep", "medewerker__person", "ronde__school", "ronde__soort")
        .order_by("groep__jaargroep", "groep__name", "leerling__person__first_name", "pk")
    )


def proposal_of(ronde, *, pins=None, now=None):
    """The Proposal of this ronde. What is booked stays; so do the pins: {gesprek id: (slot, colleague)}."""
    return Reading(ronde, pins or {}, now or timezone.now()).proposal()


class Reading:
    """The rows of one ronde, read once, on their way to a Problem."""

    def __init__(self, ronde, pins, now):
        self.ronde, self.pins, self.now, self.zone = ronde, pins, now, ronde.school.zone
        self.rows = list(to_plan(ronde))
        slots = list(Slot.objects.filter(ronde=ronde).select_related("medewerker__person").order_by("starts_at", "pk"))
        self.presences = presence.of_all(ronde, self.rows, slots)
        active = Booking.objects.active().filter(gesprek__ronde=ronde).select_related("medewerker__person")
        self.bookings = {booking.gesprek_id: booking for booking in active}
        self.deelnames = defaultdict(list)
        for deelname in Deelname.objects.filter(gesprek__in=self.rows).select_related("person"):
            self.deelnames[deelname.gesprek_id].append(deelname)
        self.read_occupied(slots)
        self.slots = self.usable(slots)
        self.read_wishes()

    def proposal(self):
        windows = self.windows()
        families = self.families()
        conversations = tuple(
            self.conversation(gesprek, families[gesprek.pk], needs, windows)
            for gesprek, needs in zip(self.rows, self.needs(windows), strict=True)
        )
        return Proposal(
            ronde=self.ronde,
            problem=Problem(
                slot_minutes=self.ronde.duration,
                staff=windows,
                conversations=conversations,
                gap_minutes=self.ronde.buffer,
                walking_minutes=self.ronde.walking,
                busy=self.busy,
            ),
            gesprekken={str(gesprek.pk): gesprek for gesprek in self.rows},
            presences=self.presences,
            slots=self.slots,
            staff=self.staff,
            bookings=self.bookings,
            names=self.names(),
        )

    # --- who and when -------------------------------------------------------------------------------------------------
    def windows(self):
        """{who: [(start, end)]} of everybody who must be there; who gave no windows is there all day."""
        self.staff, found = {}, defaultdict(list)
        all_days = [(datetime.combine(on, time()), datetime.combine(on, time.max)) for on in self.days]
        for present in self.presences.values():
            for m in [*present.teachers, *present.partners, *present.colleagues, *present.pool]:
                self.staff[body(m.person.body_id)] = m
        given = next((present.windows for present in self.presences.values()), {})
        for who, m in self.staff.items():
            spans = given.get(m.pk)
            found[who] = list(all_days) if spans is None else [self.on_wall(span) for span in spans]
        for slot in self.slots.values():
            found[body(slot.medewerker.person.body_id)].append(self.on_wall((slot.starts_at, slot.ends_at)))
        return {who: tuple(sorted(spans)) for who, spans in found.items()}

    def on_wall(self, span):
        return tuple(wall_clock(moment, self.zone) for moment in span)

    def usable(self, slots):
        """The slots still to come whose room, if any, is free and shared with no other slot of the ronde."""
        found, rooms = {}, self.rooms_taken
        booked = {booking.slot_id for booking in self.bookings.values()}
        for slot in slots:
            if slot.starts_at <= self.now:
                continue
            if slot.room_id and slot.pk not in booked:
                spans = {(slot.room_id, at) for at in buckets_of(slot)}
                if spans & rooms:
                    continue
                rooms |= spans
            found[body(slot.medewerker.person.body_id), wall_clock(slot.starts_at, self.zone)] = slot
        return found

    def read_occupied(self, slots):
        """Who is elsewhere, and which rooms are taken: by other rondes, and by what was held in this one."""
        self.days = sorted({slot.starts_at.astimezone(self.zone).date() for slot in slots})
        self.busy, self.rooms_taken, people = {}, set(), defaultdict(list)
        if not slots:
            return
        mine = {gesprek.pk for gesprek in self.rows}
        rows = Occupancy.objects.filter(
            school=self.ronde.school_id,
            bucket__gte=slots[0].starts_at - timedelta(days=1),
            bucket__lt=slots[-1].ends_at + timedelta(days=1),
        ).values_list("person_id", "room_id", "bucket", "booking__gesprek_id")
        for person, room, bucket, gesprek in rows.order_by("bucket"):
            if room:
                self.rooms_taken.add((room, bucket))
            elif gesprek not in mine:
                people[body(person)].append(wall_clock(bucket, self.zone))
        self.busy = {who: stretches(moments) for who, moments in people.items()}

    def needs(self, windows):
        """Per gesprek the teachers who could hold it, then who must be there too, then one of the pool."""
        dealt = defaultdict(list)
        for gesprek in self.rows:
            present = self.presences[gesprek.pk]
            teachers = tuple(body(m.person.body_id) for m in present.teachers)
            if len(teachers) > 1 and self.grids_clash(gesprek, teachers, windows):
                teachers = (self.deal(dealt[teachers], teachers),)
            also = tuple((body(m.person.body_id),) for m in [*present.partners, *present.colleagues])
            pool = (tuple(body(m.person.body_id) for m in present.pool),) if present.pool else ()
            yield (teachers, *also, *pool)

    def grids_clash(self, gesprek, teachers, windows):
        """Whether one of a duo is there at a time that only the other offers, so that a start would not say whose."""
        starts = {start for who, start in self.slots if who in teachers}
        return any(
            (who, start) not in self.slots
            and any(a <= start and start + timedelta(minutes=gesprek.length) <= b for a, b in windows.get(who, ()))
            for who in teachers
            for start in starts
        )

    def deal(self, dealt, teachers):
        """Of a duo whose times do not line up, each a part of the pupils, as large as what she offers."""
        offered = {who: sum(key[0] == who for key in self.slots) for who in teachers}
        chosen = min(teachers, key=lambda who: (dealt.count(who) + 1) / (offered[who] or 0.001))
        dealt.append(chosen)
        return chosen

    def conversation(self, gesprek, family, needs, windows):
        present = self.presences[gesprek.pk]
        alone = {need[0] for need in needs if len(need) == 1}
        starts = sorted({start for who, start in self.slots if who in needs[0]})
        can = self.cans(gesprek, starts)
        return Conversation(
            id=str(gesprek.pk),
            family=family,
            needs=needs,
            starts=tuple(start for start in starts if can[start] != Wish.Can.NO),
            minutes=gesprek.length,
            people=frozenset(body(pk) for pk in present.family | present.others) - alone,
            liked=frozenset(start for start in starts if can[start] == Wish.Can.LIKES),
            pinned=self.pinned(gesprek, present),
        )

    def pinned(self, gesprek, present):
        """Where it stays: the time it has, else the place where somebody pinned it in the plan."""
        booking = self.bookings.get(gesprek.pk)
        if booking:
            taken = next((d for d in self.deelnames[gesprek.pk] if d.as_role == Deelname.As.TWEEDE_COLLEGA), None)
            colleague = next((m for m in present.pool if taken and m.person_id == taken.person_id), None)
            return placed_at(present, booking.medewerker, wall_clock(booking.starts_at, self.zone), colleague)
        slot, colleague = self.pins.get(gesprek.pk, (None, None))
        if slot is None:
            return None
        return placed_at(present, slot.medewerker, wall_clock(slot.starts_at, self.zone), colleague)

    # --- wishes and families ------------------------------------------------------------------------------------------
    def read_wishes(self):
        self.wishes, self.answered, self.parts_of = {}, set(), {}
        for person, on, part, can in Wish.objects.filter(ronde=self.ronde).values_list("person", "on", "part", "can"):
            self.wishes[person, (on, part)] = can
            self.answered.add(person)
        pairs = Relatie.objects.reachable().filter(leerling__in={gesprek.leerling_id for gesprek in self.rows})
        self.reachable = set(pairs.values_list("person", "leerling"))

    def asked(self, gesprek):
        """Of the guardians who take part those whose wishes count: nothing keeps them from the child."""
        return [person for person in self.guardians(gesprek) if (person.pk, gesprek.leerling_id) in self.reachable]

    def guardians(self, gesprek):
        return [d.person for d in self.deelnames[gesprek.pk] if d.as_role == Deelname.As.OUDER]

    def cans(self, gesprek, starts):
        """{start: what those of the guardians who answered say together}.

        One who cannot decides; one who would rather counts. Whoever did not answer can always.
        """
        answered = [person.pk for person in self.asked(gesprek) if person.pk in self.answered]
        if not answered:
            return dict.fromkeys(starts, Wish.Can.YES)
        minutes, together, found = gesprek.length, {}, {}
        for start in starts:
            parts = self.parts(start, minutes)
            if parts not in together:
                said = {self.wishes.get((pk, part), Wish.Can.YES) for pk in answered for part in parts}
                together[parts] = next(can for can in (Wish.Can.NO, Wish.Can.LIKES, Wish.Can.YES) if can in said)
            found[start] = together[parts]
        return found

    def parts(self, start, minutes):
        """The (date, part) in which a gesprek begins and ends; worked out once per start."""
        if (start, minutes) not in self.parts_of:
            ends = start + timedelta(minutes=minutes) - LAST_MINUTE
            found = frozenset((at.date(), Part.at(at).value) for at in (start, ends))
            self.parts_of[start, minutes] = found
        return self.parts_of[start, minutes]

    def families(self):
        """{gesprek id: family}: gesprekken that share a guardian, also through another gesprek, are one family."""
        leader = {}

        def find(x):
            while leader.setdefault(x, x) != x:
                leader[x] = leader[leader[x]]
                x = leader[x]
            return x

        for gesprek in self.rows:
            for person in self.guardians(gesprek):
                leader[find(("person", person.body_id))] = find(("gesprek", gesprek.pk))
        return {gesprek.pk: str(find(("gesprek", gesprek.pk))[1]) for gesprek in self.rows}

    def names(self):
        names = {body(d.person.body_id): d.person.name for rows in self.deelnames.values() for d in rows}
        return names | {who: m.person.name for who, m in self.staff.items()}


def buckets_of(slot):
    at, found = slot.starts_at, []
    while at < slot.ends_at:
        found.append(at)
        at += BUCKET
    return found


def stretches(moments):
    """Sorted five-minute moments as stretches of time."""
    found = []
    for at in moments:
        if found and found[-1][1] == at:
            found[-1][1] = at + BUCKET
        else:
            found.append([at, at + BUCKET])
    return tuple((a, b) for a, b in found)
