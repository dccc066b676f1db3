"""A replacement teacher takes over what a colleague still has to do: windows, free slots, times, unplanned gesprekken.

Everything keeps its day and its time; the parents of who has a time are told once. Either all of it goes over or nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek, Ronde, RondeGroep
from planning import week
from planning.models import Availability, Booking, Occupancy, Slot
from planning.times import following, presence
from planning.times.slots import BUCKET, Window, without
from planning.times.windows import sync_slots
from school import audit
from school.models import AuditEvent, Lesgeven, Medewerker, Person

SUBSTITUTE = "vervanging"  # the task of a Lesgeven that is there because somebody takes over
AT_THE_TABLE = (Deelname.As.LEERKRACHT, Deelname.As.TWEEDE_COLLEGA)


@dataclass(frozen=True)
class Clash:
    """Why one gesprek cannot go over: the replacement is elsewhere then, or has another part in it."""

    gesprek: Gesprek
    starts_at: datetime | None
    elsewhere: bool


TRIES = 5  # of an opening evening, when times are chosen while a colleague takes over; each look takes milliseconds


class _Grown(Exception):
    """While we waited somebody chose a time with the absent teacher, for a gesprek that is not locked."""


class SubstituteRefused(Exception):
    """Nothing went over. `reason` is one of REASONS; `clashes` tells which gesprekken stand in the way."""

    REASONS = (
        "same",  # somebody cannot replace herself
        "gone",  # the replacement does not work here any more
        "nothing",  # there is nothing to take over
        "week",  # a gesprek is within the week: a reason is needed
        "clash",  # the replacement is elsewhere at some of the times
    )

    def __init__(self, reason, clashes=()):
        assert reason in self.REASONS
        self.reason, self.clashes = reason, list(clashes)
        super().__init__(reason)


@dataclass
class Foreseen:
    """What would go over. `bookings` by time; `gesprekken` also those without a time."""

    absent: Medewerker
    replacement: Medewerker
    now: datetime
    bookings: list = field(default_factory=list)
    gesprekken: list = field(default_factory=list)
    windows: list = field(default_factory=list)
    clashes: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.gesprekken or self.windows)

    @property
    def unplanned(self):
        """How many gesprekken have no time yet."""
        return len(self.gesprekken) - len(self.bookings)

    @property
    def given(self):
        """How many windows, pauses left out."""
        return sum(row.what == row.What.WINDOW for row in self.windows)

    @property
    def rondes(self):
        return sorted({row.ronde_id for row in [*self.gesprekken, *self.windows]})

    @property
    def within_week(self):
        """The bookings parents would hear of less than a week ahead (I2)."""
        zone = self.absent.school.zone
        return [b for b in self.bookings if week.is_near(self.day_of(b), now=self.now, zone=zone)]

    def day_of(self, booking):
        return booking.starts_at.astimezone(self.absent.school.zone).date()


# --- what it comes to ------------------------------------------------------------------------------------------------


def foresee(*, absent, replacement, rondes=None, now=None):
    """What taking over would move, in these rondes or in all, and what stands in the way. A fixed number of queries."""
    now = now or timezone.now()
    where = {"ronde__in": rondes} if rondes is not None else {"ronde__school": absent.school_id}
    ahead = Gesprek.objects.filter(**where, cancelled_at__isnull=True, held_on__isnull=True)
    ahead = ahead.exclude(ronde__state=Ronde.State.CLOSED).exclude(
        bookings__in=Booking.objects.active().filter(starts_at__lte=now)
    )
    windows = Availability.objects.filter(
        **where, medewerker=absent, on__gte=now.astimezone(absent.school.zone).date()
    ).exclude(ronde__state=Ronde.State.CLOSED)
    return _with_clashes(absent, replacement, now, ahead.filter(_of(absent)), windows)


def _of(absent):
    """A filter: gesprekken this member of staff holds, joins, or would hold once a time is chosen."""
    booked = Booking.objects.active()
    seats = Deelname.objects.filter(person=absent.person_id)
    joins = seats.filter(as_role=Deelname.As.TWEEDE_COLLEGA).values("gesprek")
    holds = seats.filter(as_role=Deelname.As.LEERKRACHT, gesprek__in=booked.values("gesprek")).values("gesprek")
    waiting = Q(medewerker__isnull=True, groep__in=_alone_in(absent)) & ~Q(pk__in=booked.values("gesprek"))
    planned = Q(pk__in=booked.filter(medewerker=absent).values("gesprek"))
    return Q(medewerker=absent) | Q(pk__in=joins) | Q(pk__in=holds) | planned | waiting


def _alone_in(absent):
    """Ids of the groups whose only teacher this is."""
    shared = Lesgeven.objects.filter(medewerker__left_on__isnull=True).exclude(medewerker=absent)
    return Lesgeven.objects.filter(medewerker=absent).exclude(groep__in=shared.values("groep")).values("groep")


def _with_clashes(absent, replacement, now, gesprekken, windows):
    found = Foreseen(absent=absent, replacement=replacement, now=now)
    found.gesprekken = list(
        gesprekken.select_related("ronde__school", "ronde__soort", "groep", "leerling__person")
        .distinct()
        .order_by("pk")
    )
    found.bookings = list(
        Booking.objects.active()
        .filter(gesprek__in=found.gesprekken)
        .select_related("gesprek__leerling__person", "gesprek__ronde")
        .order_by("starts_at", "pk")
    )
    found.windows = [row for row in windows.select_related("ronde__school", "medewerker") if _ahead(row, now)]
    found.clashes = _clashes(found)
    return found


def _ahead(row, now):
    return datetime.combine(row.on, row.ends, tzinfo=row.ronde.school.zone) > now


def _clashes(found):
    """Where the replacement is elsewhere, has another part in the same gesprek, or is family of the pupil."""
    starts = {booking.gesprek_id: booking.starts_at for booking in found.bookings}
    by_pk = {gesprek.pk: gesprek for gesprek in found.gesprekken}
    hats = _hats(found.replacement)
    there = Deelname.objects.filter(gesprek__in=by_pk, person__in=hats).exclude(as_role=Deelname.As.ACHTERAF)
    # also who takes no part as a parent: one without contact would read what is said of the child as its teacher
    family = Gesprek.objects.filter(pk__in=by_pk, leerling__relaties__person__in=hats)
    both = set(there.values_list("gesprek", flat=True)) | set(family.values_list("pk", flat=True))
    busy = Occupancy.objects.filter(person=found.replacement.person.body_id).exclude(booking__gesprek__in=by_pk)
    taken = set(busy.filter(bucket__gte=found.now - timedelta(hours=3)).values_list("bucket", flat=True))
    asked = Occupancy.objects.filter(booking__in=found.bookings, person=found.absent.person.body_id)
    elsewhere = {pk for pk, bucket in asked.values_list("booking__gesprek", "bucket") if bucket in taken}
    return [
        Clash(gesprek=by_pk[pk], starts_at=starts.get(pk), elsewhere=pk in elsewhere)
        for pk in sorted(both | elsewhere, key=lambda pk: (starts.get(pk) or found.now, pk))
    ]


def _hats(medewerker):
    """Every person this human being is: also the parent of a pupil."""
    body = medewerker.person.body_id
    return Person.objects.filter(Q(pk=body) | Q(linked_to=body)).values("pk")


# --- taking over, and back -------------------------------------------------------------------------------------------


def take_over(*, absent, replacement, by, rondes=None, now=None, reason=""):
    """Hand everything over, in one transaction. Returns the Foreseen it did. Raises SubstituteRefused."""
    now = now or timezone.now()
    if absent.pk == replacement.pk:
        raise SubstituteRefused("same")
    if replacement.left_on or not replacement.is_active:
        raise SubstituteRefused("gone")

    def find():
        return foresee(absent=absent, replacement=replacement, rondes=rondes, now=now)

    return _hand_over(find, absent, replacement, by=by, now=now, reason=reason, verb="take_over")


def give_back(*, event, by, now=None, reason=""):
    """Undo a take_over (its AuditEvent): what is still to come goes back. Raises SubstituteRefused."""
    now = now or timezone.now()
    found = foresee_back(event=event, now=now)
    return _hand_over(
        lambda: foresee_back(event=event, now=now),
        found.absent,
        found.replacement,
        by=by,
        now=now,
        reason=reason,
        verb="give_back",
        event=event.pk,
    )


def foresee_back(*, event, now=None):
    """What giving back would move: of what went over then, what is still with the replacement and still to come."""
    now = now or timezone.now()
    staff = Medewerker.objects.select_related("person", "school").in_bulk([event.object_id, event.detail["to"]])
    stand_in, own = staff[event.detail["to"]], staff[event.object_id]
    gesprekken = Gesprek.objects.filter(
        pk__in=event.detail["gesprekken"], cancelled_at__isnull=True, held_on__isnull=True
    ).exclude(bookings__in=Booking.objects.active().filter(starts_at__lte=now))
    windows = Availability.objects.filter(pk__in=event.detail["windows"], medewerker=stand_in)
    return _with_clashes(stand_in, own, now, gesprekken.filter(_of(stand_in)), windows)


def _hand_over(find, absent, replacement, **rest):
    """Look, lock, look again; when a gesprek came that is not locked, all over again, as locks are taken in one order."""
    for _again in range(TRIES):
        try:
            return _hand_over_once(find, absent, replacement, **rest)
        except _Grown:
            continue
    raise SubstituteRefused("clash", find().clashes)


def _hand_over_once(find, absent, replacement, *, by, now, reason, verb, **detail):
    try:
        with transaction.atomic():
            pks = [absent.pk, replacement.pk]
            _lock_staff(pks)
            locked = find()
            _lock(locked, pks)
            found = find()  # with what somebody chose while we waited
            if not {g.pk for g in found.gesprekken} <= {g.pk for g in locked.gesprekken}:
                raise _Grown
            _refuse(found, reason)
            _record_week(found, reason, by=by)
            back = verb == "give_back"
            _change_gesprekken(found, back=back)
            _teach(found, back=back)
            moved = _move_windows(found)
            _move_bookings(found)
            audit.record(
                verb, absent, by=by, to=replacement.pk, gesprekken=[g.pk for g in found.gesprekken], windows=moved,
                bookings=len(found.bookings), **detail,
            )  # fmt: skip
    except IntegrityError:  # somebody chose a time between looking and moving
        raise SubstituteRefused("clash", find().clashes) from None
    return found


def _lock_staff(pks):
    """Without standing in the way of who books with them and is waited for below: a booking refers to its teacher."""
    list(Medewerker.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))


def _lock(found, medewerkers):
    """Gesprekken, then slots, each by number: the order in which times are booked."""
    gesprekken = Gesprek.objects.select_for_update().filter(pk__in=[g.pk for g in found.gesprekken])
    list(gesprekken.order_by("pk").values_list("pk"))
    slots = Slot.objects.select_for_update().filter(medewerker__in=medewerkers, ronde__in=found.rondes)
    list(slots.order_by("pk").values_list("pk"))


def _refuse(found, reason):
    if found.is_empty:
        raise SubstituteRefused("nothing")
    if found.clashes:
        raise SubstituteRefused("clash", found.clashes)
    if found.within_week and not reason.strip():
        raise SubstituteRefused("week")


def _record_week(found, reason, *, by):
    about = [(b.gesprek.ronde_id, b.gesprek_id, found.day_of(b)) for b in found.within_week]
    week.note(about, reason, what=week.What.TEACHER, by=by, now=found.now)


def _change_gesprekken(found, *, back):
    """Who holds them from now on, and who takes part."""
    alone = set() if back else set(_alone_in(found.absent).values_list("groep", flat=True))
    divided = set(
        RondeGroep.objects.filter(ronde__in=found.rondes, duo=RondeGroep.Duo.PARTS).values_list("ronde", "groep")
    )
    joins = Deelname.objects.filter(person=found.absent.person_id, as_role=Deelname.As.TWEEDE_COLLEGA)
    joined = set(joins.filter(gesprek__in=found.gesprekken).values_list("gesprek", flat=True))
    changed = []
    for gesprek in found.gesprekken:
        own = gesprek.medewerker_id == found.absent.pk or gesprek.groep_id in alone
        if own and gesprek.pk not in joined:
            with_nobody = back and (gesprek.ronde_id, gesprek.groep_id) not in divided
            gesprek.medewerker = None if with_nobody else found.replacement
            changed.append(gesprek)
    Gesprek.objects.bulk_update(changed, ["medewerker"])
    Deelname.objects.filter(
        gesprek__in=found.gesprekken, person=found.absent.person_id, as_role__in=AT_THE_TABLE
    ).update(person=found.replacement.person_id)
    RondeGroep.objects.filter(ronde__in=found.rondes, tweede_collega=found.absent).update(
        tweede_collega=found.replacement
    )


def _teach(found, *, back):
    """The replacement sees the groups as their teacher; where two talk together, she sits in the absent one's chair."""
    rows = Lesgeven.objects.filter(medewerker=found.absent, groep__ronde_groepen__ronde__in=found.rondes)
    if back:
        rows = rows.filter(taak=SUBSTITUTE)
    together = RondeGroep.objects.filter(ronde__in=found.rondes, duo=RondeGroep.Duo.TOGETHER).values("groep")
    leaving = rows if back else rows.filter(groep__in=together)
    leaving = list(leaving.values_list("pk", flat=True))
    for row in rows.distinct():
        Lesgeven.objects.get_or_create(
            groep_id=row.groep_id,
            medewerker=found.replacement,
            defaults={"school_id": row.school_id, "taak": "" if back else SUBSTITUTE},
        )
    Lesgeven.objects.filter(pk__in=leaving).delete()


def _move_windows(found):
    """The windows that are still to come; of one that has begun, its end. Returns the ids of what moved."""
    moved = []
    for row in found.windows:
        zone = row.ronde.school.zone
        local = found.now.astimezone(zone)
        if row.on == local.date() and row.starts < local.time():
            split = (local.replace(second=0, microsecond=0) + BUCKET).replace(tzinfo=None)
            at = (split - timedelta(minutes=split.minute % 5)).time()
            if at >= row.ends:
                continue
            Availability.objects.filter(pk=row.pk).update(ends=at)
            row = Availability(
                school_id=row.school_id, ronde=row.ronde, medewerker=row.medewerker, on=row.on, starts=at,
                ends=row.ends, room_id=row.room_id, what=row.what,
            )  # fmt: skip
        moved += _give_window(found, row)
    return moved


def _give_window(found, row):
    """The parts of this window in which the replacement gave no time herself."""
    own = Availability.objects.filter(ronde=row.ronde, medewerker=found.replacement, on=row.on, what=row.what)
    pieces = without([Window(row.on, row.starts, row.ends)], [Window(o.on, o.starts, o.ends) for o in own])
    ids = []
    for piece in pieces:
        values = {"medewerker": found.replacement, "starts": piece.starts, "ends": piece.ends}
        if row.pk and not ids:
            Availability.objects.filter(pk=row.pk).update(**values)
            ids.append(row.pk)
        else:
            copy = Availability.objects.create(
                school_id=row.school_id, ronde=row.ronde, on=row.on, room_id=row.room_id, what=row.what, **values
            )
            ids.append(copy.pk)
    if row.pk and not pieces:
        Availability.objects.filter(pk=row.pk).delete()
    return ids


def _move_bookings(found):
    """Chosen slots and times become the replacement's; everybody's minutes, calendars and the mail follow."""
    held = [b for b in found.bookings if b.medewerker_id == found.absent.pk]
    slots = Slot.objects.filter(pk__in=[b.slot_id for b in held if b.slot_id])
    theirs = Slot.objects.filter(medewerker=found.replacement).exclude(bookings__state=Booking.State.ACTIVE)
    for slot in slots:
        theirs.filter(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at).delete()
    slots.update(medewerker=found.replacement)
    Booking.objects.filter(pk__in=[b.pk for b in held]).update(medewerker=found.replacement)
    bookings = list(
        Booking.objects.filter(pk__in=[b.pk for b in found.bookings]).select_related("gesprek").order_by("pk")
    )
    _change_minutes(found)
    for ronde in Ronde.objects.filter(pk__in=found.rondes):
        sync_slots(ronde, found.absent)
        sync_slots(ronde, found.replacement)
    if bookings:
        following.raise_sequences([b.gesprek for b in bookings])
        following.tell_again("planning.other_teacher", bookings, now=found.now)


def _change_minutes(found):
    """What the absent one took up, the replacement does; everybody else stays as they are, whoever teaches by now.

    A teacher who is also a parent in the gesprek still comes as that.
    """
    family = Deelname.objects.filter(person__in=_hats(found.absent), as_role__in=presence.FAMILY).values("gesprek")
    rows = Occupancy.objects.filter(booking__in=found.bookings, person=found.absent.person.body_id)
    as_parent = rows.filter(booking__gesprek__in=family).select_related("booking__gesprek__ronde")
    body = found.replacement.person.body_id
    Occupancy.objects.bulk_create(
        Occupancy(school_id=row.school_id, booking=row.booking, person_id=body, bucket=row.bucket)
        for row in as_parent.order_by("bucket")
        if row.bucket < row.booking.ends_at + timedelta(minutes=row.booking.gesprek.ronde.buffer)
    )
    rows.exclude(booking__gesprek__in=family).update(person=body)


def recent(school, *, now=None):
    """[(AuditEvent, absent, replacement)] of who took over from whom and was not given back, newest first."""
    events = AuditEvent.objects.filter(school=school, verb__in=["take_over", "give_back"]).order_by("-pk")[:50]
    undone = {event.detail.get("event") for event in events if event.verb == "give_back"}
    taken = [event for event in events if event.verb == "take_over" and event.pk not in undone]
    staff = Medewerker.objects.select_related("person").in_bulk(
        {event.object_id for event in taken} | {event.detail["to"] for event in taken}
    )
    return [
        (e, staff[e.object_id], staff[e.detail["to"]]) for e in taken if {e.object_id, e.detail["to"]} <= set(staff)
    ]
