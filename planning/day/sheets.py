"""One day of the school: who talks with whom, where, and who joins. Logistics only, read once for every list of it.

A door list hangs in a corridor. It has times and first names and leaves out whoever must not be found by it: a child
with a guardian under a restriction or cut off from information, and a child whose parents do not come together (each
would read the other's time).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Gesprek, Ronde
from planning.around.languages import language_name
from planning.inviting.wording import form_in_words
from planning.models import Booking
from school.models import Medewerker, Person, Relatie

COLLEAGUES = [Deelname.As.LEERKRACHT, Deelname.As.TWEEDE_COLLEGA, Deelname.As.EXPERT]


@dataclass
class Talk:
    """One gesprek at its time, with everything a list about that day may need."""

    booking: Booking
    guardians: list[Person] = field(default_factory=list)  # who may come
    pupil_joins: bool = False
    colleagues: list[Deelname] = field(default_factory=list)  # besides the teacher whose time it is
    interpreters: list[Person] = field(default_factory=list)
    is_discreet: bool = False  # never on a list that others read

    @property
    def gesprek(self):
        return self.booking.gesprek

    @property
    def child(self):
        return self.gesprek.leerling.person

    @property
    def place(self):
        """Where to be, in words; a reserved room has the last word. Never the link or the number: see `reach`."""
        if self.booking.room:
            return self.booking.room.name
        if self.is_at_school and self.gesprek.actual_place:
            return self.gesprek.actual_place
        return form_in_words(self.gesprek)

    @property
    def reach(self):
        """[(words, address)]: the numbers to call, its own one first, or the link of the video call."""
        if self.is_by_phone:
            numbers = [self.gesprek.place] if self.gesprek.place else [person.phone for person in self.guardians]
            return [(number, f"tel:{number}") for number in dict.fromkeys(numbers) if number]
        place = self.gesprek.actual_place
        is_link = self.gesprek.actual_form == Ronde.Form.VIDEO and place.startswith("https://")
        return [(place, place)] if is_link else []

    @property
    def whereabouts(self):
        """Where a colleague finds her: never a family's address, nor the link that lets whoever has it into a call."""
        return self.place if self.booking.room or self.is_at_school else str(self.gesprek.actual_form.label)

    @property
    def is_at_school(self):
        return self.gesprek.actual_form == Ronde.Form.SCHOOL

    @property
    def is_by_phone(self):
        return self.gesprek.actual_form == Ronde.Form.PHONE

    @property
    def interpreter(self):
        """The interpreter in words, or an empty string."""
        request = getattr(self.gesprek, "interpreter_request", None)
        people = {p.name for p in self.interpreters}
        if request is None:
            return _("tolk: %(names)s") % {"names": ", ".join(sorted(people))} if people else ""
        if request.interpreter:
            people.add(request.interpreter.name)
        about = {"language": language_name(request.language), "state": request.get_state_display()}
        words = _("tolk %(language)s, %(state)s") % about
        return f"{words}: {', '.join(sorted(people))}" if people else words


def bounds(on, zone):
    """The first moment of this local day, and of the next one."""
    return datetime.combine(on, time(), tzinfo=zone), datetime.combine(on + timedelta(days=1), time(), tzinfo=zone)


def read(bookings, on, zone):
    """[Talk] of these bookings (a QuerySet) on this date, in order of time. A fixed number of queries."""
    first, last = bounds(on, zone)
    rows = list(
        bookings.filter(starts_at__gte=first, starts_at__lt=last, state=Booking.State.ACTIVE)
        .filter(gesprek__cancelled_at__isnull=True)
        .select_related(
            "gesprek__leerling__person",
            "gesprek__groep",
            "gesprek__ronde",
            "gesprek__interpreter_request__interpreter",
            "medewerker__person",
            "room",
        )
        .prefetch_related(
            Prefetch("gesprek__deelnames", Deelname.objects.select_related("person__medewerker").order_by("pk"))
        )
        .order_by("starts_at", "pk")
    )
    reachable, restricted = _relations({b.gesprek.leerling_id for b in rows})
    return [_talk(booking, reachable, restricted) for booking in rows]


def _relations(pupils):
    """({leerling_id: guardians who may come}, the pupils with a guardian who must not learn of it)."""
    reachable, restricted = defaultdict(set), set()
    relations = Relatie.objects.filter(leerling__in=pupils)
    for leerling, person in relations.reachable().values_list("leerling", "person"):
        reachable[leerling].add(person)
    kept_out = relations.filter(Q(restriction=True) | Q(information=Relatie.Information.NONE))
    restricted.update(kept_out.values_list("leerling", flat=True))
    return reachable, restricted


def _talk(booking, reachable, restricted):
    gesprek = booking.gesprek
    talk = Talk(booking=booking, is_discreet=gesprek.leerling_id in restricted or gesprek.party != Gesprek.TOGETHER)
    for deelname in gesprek.deelnames.all():
        if deelname.as_role == Deelname.As.OUDER and deelname.person_id in reachable[gesprek.leerling_id]:
            talk.guardians.append(deelname.person)
        elif deelname.as_role == Deelname.As.LEERLING:
            talk.pupil_joins = True
        elif deelname.as_role == Deelname.As.ACHTERAF:
            talk.is_discreet = True  # she hears what was said, not when the other comes
        elif deelname.as_role == Deelname.As.TOLK:
            talk.interpreters.append(deelname.person)
        elif deelname.as_role in COLLEAGUES and deelname.person_id != booking.medewerker.person_id:
            talk.colleagues.append(deelname)
    return talk


def receptions(talks):
    """How parents are received, each sentence once."""
    at_school = [talk.gesprek.ronde.reception for talk in talks if talk.is_at_school]
    return list(dict.fromkeys(words for words in at_school if words))


def around(bookings, on, zone):
    """(the last date before this one with a gesprek, the first after it); None where there is none."""
    first, last = bounds(on, zone)
    active = bookings.filter(state=Booking.State.ACTIVE)
    before = active.filter(starts_at__lt=first).order_by("-starts_at").values_list("starts_at", flat=True).first()
    after = active.filter(starts_at__gte=last).order_by("starts_at").values_list("starts_at", flat=True).first()
    return tuple(moment.astimezone(zone).date() if moment else None for moment in (before, after))


# --- door lists ------------------------------------------------------------------------------------------------------


@dataclass
class DoorList:
    """What hangs at one door: a heading, what it says below it, and (time, first name) rows."""

    title: str
    below: str
    rows: list[tuple[datetime, str]]


def door_lists(talks, *, per_room=False):
    """The lists of this day by name of the teacher, or of the room. Only what takes place at school."""
    doors = defaultdict(list)
    for talk in talks:
        if talk.is_at_school and (talk.booking.room or not per_room):
            doors[talk.booking.room if per_room else talk.booking.medewerker].append(talk)
    return [
        DoorList(
            title=str(door),
            below=", ".join(
                dict.fromkeys(str(t.gesprek.groep) if not per_room else str(t.booking.medewerker) for t in own)
            ),
            rows=[(t.booking.starts_at, t.child.first_name) for t in own if not t.is_discreet],
        )
        for door, own in sorted(doors.items(), key=lambda pair: _sorted_by(pair[0]))
    ]


def _sorted_by(door):
    return (
        (door.person.last_name, door.person.first_name, door.pk) if isinstance(door, Medewerker) else (door.name, "", 0)
    )


# --- who is where ----------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """One colleague, or one room, on this day: per hour what is going on there."""

    who: str
    key: int  # of the Person, or of the Room
    medewerker: Medewerker | None = None
    hours: dict[int, list] = field(default_factory=lambda: defaultdict(list))

    def cells(self, hours):
        return [(hour, self.hours.get(hour, [])) for hour in hours]


def overview(talks, zone, *, others=(), per_room=False, named=()):
    """(hours, [Row]): everybody who talks or joins that day, and `others` (Medewerkers) who are there without a gesprek.

    Who comes from outside has a row only for the gesprekken (ids) in `named`: whom a family brings is not for everybody.
    """
    rows = {}
    for talk in talks:
        for who in _there(talk, per_room, named):
            row = rows.setdefault(who.pk, Row(who=str(who), key=who.pk))
            row.hours[talk.booking.starts_at.astimezone(zone).hour].append(talk)
            if not per_room:
                row.medewerker = getattr(who, "medewerker", None)
    for medewerker in others:
        row = rows.setdefault(medewerker.person_id, Row(who=str(medewerker), key=medewerker.person_id))
        row.medewerker = medewerker
    found = {hour for row in rows.values() for hour in row.hours}
    hours = list(range(min(found), max(found) + 1)) if found else []
    return hours, sorted(rows.values(), key=lambda row: (row.who, row.key))


def _there(talk, per_room, named):
    if per_room:
        return [talk.booking.room] if talk.booking.room else []
    joining = [deelname.person for deelname in talk.colleagues]
    shown = [person for person in joining if talk.gesprek.pk in named or hasattr(person, "medewerker")]
    return [talk.booking.medewerker.person, *shown]
