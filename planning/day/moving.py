"""What becomes of a teacher's day when it moves to another date: who can come along, who cannot and why, who hears it."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from gesprekken.models import Deelname
from planning import week
from planning.day.sheets import bounds
from planning.emails import LINK_DAYS_AFTER
from planning.models import Booking, Occupancy
from planning.times import presence
from planning.times.slots import is_real
from school.models import Person, Relatie, VrijeDag
from school.outbox import reached

CATCH_UP_DAYS = LINK_DAYS_AFTER - 1  # after its ronde a lost day can be made up as long as parents' links work
COLLEAGUES = [Deelname.As.TWEEDE_COLLEGA, Deelname.As.EXPERT, Deelname.As.LEERKRACHT]


@dataclass
class Line:
    """One gesprek of the day. `why` is empty when it can go along to `starts_at`, else one of WHY."""

    WHY = ("past", "night", "outside", "free_day", "teacher", "colleague", "room", "family")

    booking: Booking
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    why: str = ""
    told: list[Person] = field(default_factory=list)  # guardians who get a mail
    by_hand: list[Person] = field(default_factory=list)  # whom no mail reaches: to be phoned
    colleagues: list[Person] = field(default_factory=list)

    @property
    def moves(self):
        return self.starts_at is not None and not self.why


@dataclass
class Plan:
    """The whole day. `mark` changes as soon as anything in it does: what somebody saw is what gets done."""

    lines: list[Line]

    @property
    def moving(self):
        return [line for line in self.lines if line.moves]

    @property
    def staying(self):
        return [line for line in self.lines if not line.moves]

    @property
    def mark(self):
        words = " ".join(f"{line.booking.pk}:{line.starts_at}:{line.why}" for line in self.lines)
        return hashlib.sha256(words.encode()).hexdigest()[:16]


def bookings_ahead(medewerker, on, *, now):
    """This teacher's gesprekken on this date that are still to begin, in order of time."""
    first, last = bounds(on, medewerker.school.zone)
    return list(
        Booking.objects.active()
        .filter(medewerker=medewerker, starts_at__gte=first, starts_at__lt=last, starts_at__gt=now)
        .filter(gesprek__held_on__isnull=True, gesprek__cancelled_at__isnull=True)
        .select_related(
            "gesprek__leerling__person", "gesprek__groep", "gesprek__ronde__school", "medewerker__person", "room"
        )
        .order_by("starts_at", "pk")
    )


def as_colleague(medewerker, on, *, now):
    """Gesprekken of others that she joins that day: they do not move by themselves, somebody has to step in."""
    first, last = bounds(on, medewerker.school.zone)
    joins = Deelname.objects.filter(person=medewerker.person_id, as_role__in=COLLEAGUES).values("gesprek")
    return list(
        Booking.objects.active()
        .filter(gesprek__in=joins, starts_at__gte=first, starts_at__lt=last, starts_at__gt=now)
        .exclude(medewerker=medewerker)
        .select_related("gesprek__leerling__person", "gesprek__groep", "medewerker__person")
        .order_by("starts_at", "pk")
    )


def plan_day(bookings, *, to=None, shift_minutes=0, now):
    """The Plan for these bookings: all called off, or moved to the date `to` where that is possible.

    Wall-clock times stay, plus `shift_minutes`. A fixed number of queries.
    """
    lines = [Line(booking=booking) for booking in bookings]
    if not lines:
        return Plan(lines)
    _who_hears(lines)
    if to is not None:
        for line in lines:
            _shift(line, to, shift_minutes, now)
        _keep_to_the_calendar(lines, to)
        _colleagues_are_there(lines)
        _nobody_in_two_places(lines)
    return Plan(lines)


def needs_reason(dates, *, now, zone):
    """Whether a change that touches these dates is inside the week for which a reason is asked (I2)."""
    return any(week.is_near(on, now=now, zone=zone) for on in dates)


def why_in_words(line):
    """For the teacher: why this gesprek cannot go along."""
    return {
        "past": _("die tijd is al voorbij"),
        "night": _("die tijd bestaat dan niet, of valt op een andere dag"),
        "outside": _("die dag ligt te ver buiten de periode van de ronde"),
        "free_day": _("die dag is vrij of vakantie"),
        "teacher": _("de leerkracht heeft dan al een gesprek"),
        "colleague": _("een collega die erbij hoort is er dan niet, of is bezet"),
        "room": _("het lokaal is dan bezet"),
        "family": _("het gezin heeft dan een ander gesprek"),
    }.get(line.why, "")


# --- the parts -------------------------------------------------------------------------------------------------------


def _who_hears(lines):
    """Guardians who may be told now, split by whether mail reaches them; and the colleagues who join."""
    of_gesprek = {line.booking.gesprek_id: line for line in lines}
    reachable = defaultdict(set)
    pupils = [line.booking.gesprek.leerling_id for line in lines]
    for leerling, person in Relatie.objects.reachable().filter(leerling__in=pupils).values_list("leerling", "person"):
        reachable[leerling].add(person)
    rows = Deelname.objects.filter(gesprek__in=of_gesprek).select_related("person__user", "person__medewerker")
    deelnames = list(rows.order_by("pk"))
    by_mail = reached([deelname.person for deelname in deelnames])
    for deelname in deelnames:
        line = of_gesprek[deelname.gesprek_id]
        if deelname.as_role == Deelname.As.OUDER:
            if deelname.person_id in reachable[line.booking.gesprek.leerling_id]:
                (line.told if deelname.person_id in by_mail else line.by_hand).append(deelname.person)
        elif deelname.as_role == Deelname.As.TOLK:
            line.by_hand.append(deelname.person)
        elif deelname.as_role in COLLEAGUES and deelname.person_id != line.booking.medewerker.person_id:
            line.colleagues.append(deelname.person)
            if deelname.person_id not in by_mail:  # an expert from outside would stand before a closed door
                line.by_hand.append(deelname.person)


def _shift(line, to, shift_minutes, now):
    zone = line.booking.gesprek.ronde.school.zone
    local = line.booking.starts_at.astimezone(zone)
    wanted = datetime.combine(to, local.time()) + timedelta(minutes=shift_minutes)
    line.starts_at = wanted.replace(tzinfo=zone)
    line.ends_at = line.starts_at + (line.booking.ends_at - line.booking.starts_at)
    if wanted.date() != to or not is_real(line.starts_at, zone) or line.ends_at.astimezone(zone).date() != to:
        line.why = "night"
    elif line.starts_at <= now:
        line.why = "past"


def _keep_to_the_calendar(lines, to):
    years = {line.booking.gesprek.ronde.schooljaar_id for line in lines}
    free = set(
        VrijeDag.objects.filter(schooljaar__in=years, starts_on__lte=to, ends_on__gte=to).values_list(
            "schooljaar", flat=True
        )
    )
    for line in lines:
        ronde = line.booking.gesprek.ronde
        if line.why:
            continue
        if not within_reach(ronde, to):
            line.why = "outside"
        elif ronde.schooljaar_id in free:
            line.why = "free_day"


def within_reach(ronde, on):
    """Whether a day of this ronde may be made up on this date: in its period, or shortly after it."""
    return ronde.starts_on <= on <= ronde.ends_on + timedelta(days=CATCH_UP_DAYS)


def _colleagues_are_there(lines):
    """A colleague who gave windows in the ronde is there only within them; who gave none follows the teacher."""
    staff = {m.pk: m for line in lines for m in _medewerkers(line)}
    for ronde in {line.booking.gesprek.ronde_id: line.booking.gesprek.ronde for line in lines}.values():
        given = presence.given_windows(ronde, list(staff.values())) if staff else {}
        for line in lines:
            if line.why or line.booking.gesprek.ronde_id != ronde.pk:
                continue
            spans = [given[m.pk] for m in _medewerkers(line) if m.pk in given]
            if not all(any(a <= line.starts_at and line.ends_at <= b for a, b in theirs) for theirs in spans):
                line.why = "colleague"


def _medewerkers(line):
    return [person.medewerker for person in line.colleagues if hasattr(person, "medewerker")]


def _nobody_in_two_places(lines):
    """What each gesprek takes up now, it takes up then: the same people and room, for the same minutes."""
    bookings = [line.booking.pk for line in lines]
    rows = defaultdict(list)
    for booking, person, room, bucket in Occupancy.objects.filter(booking__in=bookings).values_list(
        "booking", "person", "room", "bucket"
    ):
        rows[booking].append((person, room, bucket))
    wanted = {
        line.booking.pk: {
            (person, room, bucket + (line.starts_at - line.booking.starts_at))
            for person, room, bucket in rows[line.booking.pk]
        }
        for line in lines
    }
    taken = _taken(set().union(*wanted.values()), besides=bookings)
    for line in lines:
        clashes = wanted[line.booking.pk] & taken
        if clashes and not line.why:
            line.why = _whose(line, clashes)


def _taken(wanted, *, besides):
    if not wanted:
        return set()
    people, rooms = {person for person, _r, _b in wanted}, {room for _p, room, _b in wanted}
    moments = [bucket for _p, _r, bucket in wanted]
    return set(
        Occupancy.objects.filter(Q(person__in=people - {None}) | Q(room__in=rooms - {None}))
        .filter(bucket__gte=min(moments), bucket__lte=max(moments))
        .exclude(booking__in=besides)
        .values_list("person", "room", "bucket")
    )


def _whose(line, clashes):
    """Of all that is in the way, what says most to the teacher."""
    people = {person for person, _room, _bucket in clashes}
    if line.booking.medewerker.person.body_id in people:
        return "teacher"
    if people & {colleague.body_id for colleague in line.colleagues}:
        return "colleague"
    return "room" if people == {None} else "family"
