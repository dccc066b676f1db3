"""Teachers say when they can; their windows become slots. A time somebody chose never disappears by itself."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from planning.models import Availability, Booking, Room, Slot
from planning.times.slots import Window, joined, lay_out, without
from school import audit
from school.models import Medewerker, VrijeDag

WINDOW, PAUSE = Availability.What.WINDOW, Availability.What.PAUSE


class WindowRefused(Exception):
    """The window cannot be given or taken back. `reason` says which of REASONS it is; `about` what the sentence needs."""

    REASONS = (
        "closed",  # the ronde is closed
        "outside",  # not in the ronde's period
        "backward",  # it ends before it begins
        "too_short",  # shorter than one gesprek
        "overlap",  # there is a window at this time already
        "elsewhere",  # this teacher talks in another ronde then (`ronde`)
        "room_taken",  # somebody else is in the room then (`who`)
        "not_at_work",  # a day on which this teacher does not work
        "in_use",  # somebody chose a time in it (`booked`: how many)
        "no_window",  # a pause outside every window
    )

    def __init__(self, reason, **about):
        assert reason in self.REASONS
        self.reason, self.about = reason, about
        super().__init__(reason)


@dataclass(frozen=True)
class Given:
    """What `give_days` did: the new windows, and (medewerker, date, reason) of what it left out."""

    windows: list
    left_out: list

    @property
    def medewerkers(self):
        return {window.medewerker for window in self.windows}


def give_window(*, ronde, medewerker, on, starts, ends, by, room=None):
    """Add one window and its slots. Returns the Availability. Raises WindowRefused."""
    given = give_days(ronde=ronde, medewerkers=[medewerker], days=[on], spans=[(starts, ends)], by=by, room=room)
    return given.windows[0]


def give_days(*, ronde, medewerkers, days, spans, by, pause=None, room=None, only_at_work=False):
    """The same (starts, ends) spans on each of these days for each of these people, with one pause in them.

    What stands there already is left out and reported; so are, with `only_at_work`, days somebody does not work.
    Raises WindowRefused for what can never be, and when nothing at all could be given. A fixed number of queries per
    person, whatever the number of days.
    """
    wanted = [Window(on, *span) for on in sorted(set(days)) for span in sorted(set(spans))]
    for window in wanted:
        _refuse_impossible(ronde, window)
    if pause and not any(_holds(window, pause) for window in wanted):
        raise WindowRefused("no_window")
    with transaction.atomic():
        _lock(medewerkers, room)
        known = _known(ronde, medewerkers, days)
        new, left_out = [], []
        for medewerker in medewerkers:
            for window in wanted:
                clash = _clash(ronde, window, known[medewerker.pk])
                if only_at_work and not medewerker.works_on(window.on):
                    clash = WindowRefused("not_at_work")
                if clash:
                    left_out.append((medewerker, window.on, clash))
                    continue
                _refuse_taken_room(room, medewerker, window)
                row = Availability(
                    school_id=ronde.school_id, ronde=ronde, medewerker=medewerker, on=window.on, starts=window.starts,
                    ends=window.ends, room=room,
                )  # fmt: skip
                known[medewerker.pk].append(row)
                new.append(row)
        if not new:
            raise left_out[0][2]
        _store(ronde, new, pause, by=by)
    return Given(new, [(medewerker, on, refusal.reason) for medewerker, on, refusal in left_out])


def give_pause(*, ronde, medewerker, on, starts, ends, by):
    """A pause inside a window: the free slots around it go. Returns it. Raises WindowRefused, also over a chosen time."""
    pause = Window(on, starts, ends)
    _refuse_impossible(ronde, pause, minutes=5)
    with transaction.atomic():
        _lock([medewerker])
        same_day = Availability.objects.filter(ronde=ronde, medewerker=medewerker, on=on)
        if not same_day.filter(what=WINDOW, starts__lte=starts, ends__gte=ends).exists():
            raise WindowRefused("no_window")
        if same_day.filter(what=PAUSE, starts__lt=ends, ends__gt=starts).exists():
            raise WindowRefused("overlap")
        booked = _booked_in(ronde, medewerker, pause).count()
        if booked:
            raise WindowRefused("in_use", booked=booked)
        row = Availability.objects.create(
            school_id=ronde.school_id, ronde=ronde, medewerker=medewerker, on=on, starts=starts, ends=ends, what=PAUSE
        )
        audit.record("give_pause", row, by=by)
        sync_slots(ronde, medewerker)
    return row


def take_back_window(*, window, by):
    """Remove a window with its free slots and pauses, or a pause. Raises WindowRefused('in_use') over a chosen time."""
    ronde, medewerker = window.ronde, window.medewerker
    span = Window(window.on, window.starts, window.ends)
    with transaction.atomic():
        _lock([medewerker])
        if window.what == WINDOW:
            booked = _booked_in(ronde, medewerker, span).count()
            if booked:
                raise WindowRefused("in_use", booked=booked)
            Availability.objects.filter(
                ronde=ronde, medewerker=medewerker, on=span.on, what=PAUSE, starts__gte=span.starts, ends__lte=span.ends
            ).delete()
        audit.record("take_back_window" if window.what == WINDOW else "take_back_pause", window, by=by)
        window.delete()
        sync_slots(ronde, medewerker)


# --- what cannot be --------------------------------------------------------------------------------------------------


def _refuse_impossible(ronde, window, minutes=None):
    if ronde.state == ronde.State.CLOSED:
        raise WindowRefused("closed")
    if not ronde.starts_on <= window.on <= ronde.ends_on:
        raise WindowRefused("outside")
    if window.starts >= window.ends:
        raise WindowRefused("backward")
    lasts = datetime.combine(window.on, window.ends) - datetime.combine(window.on, window.starts)
    if lasts < timedelta(minutes=minutes or ronde.duration):
        raise WindowRefused("too_short")


def _holds(window, span):
    return window.starts <= span[0] and span[1] <= window.ends


def _lock(medewerkers, room=None):
    """One order for everybody: people by number, their slots, then the room.

    Who is booking with one of them holds the slot and refers to the other two: she goes first, and is seen here.
    """
    pks = [medewerker.pk for medewerker in medewerkers]
    list(Medewerker.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))
    list(Slot.objects.select_for_update().filter(medewerker__in=pks).order_by("pk").values_list("pk"))
    if room is not None:
        Room.objects.select_for_update(no_key=True).get(pk=room.pk)


def _known(ronde, medewerkers, days):
    """{medewerker_id: windows on these days}: of this ronde, and of others in which slots would lie on each other.

    Somebody who only joins as a second colleague has no slots; being available for two rondes is no clash.
    """
    teaching = defaultdict(set)
    pairs = Medewerker.objects.filter(pk__in=[m.pk for m in medewerkers]).values_list(
        "pk", "lesgeven__groep__ronde_groepen__ronde"
    )
    for pk, ronde_pk in pairs:
        teaching[pk].add(ronde_pk)
    rows = Availability.objects.filter(medewerker__in=medewerkers, on__in=days, what=WINDOW).select_related("ronde")
    known = defaultdict(list)
    for row in rows:
        if row.ronde_id == ronde.pk or {row.ronde_id, ronde.pk} <= teaching[row.medewerker_id]:
            known[row.medewerker_id].append(row)
    return known


def _clash(ronde, window, rows):
    for row in rows:
        if row.on == window.on and row.starts < window.ends and window.starts < row.ends:
            here = row.ronde_id == ronde.pk
            return WindowRefused("overlap") if here else WindowRefused("elsewhere", ronde=row.ronde.name)
    return None


def _refuse_taken_room(room, medewerker, window):
    if room is None:
        return
    other = (
        Availability.objects.filter(room=room, on=window.on, starts__lt=window.ends, ends__gt=window.starts)
        .exclude(medewerker=medewerker)
        .select_related("medewerker__person")
        .first()
    )
    if other:
        raise WindowRefused("room_taken", who=other.medewerker.person.name, room=room.name)


def _booked_in(ronde, medewerker, span):
    zone = ronde.school.zone
    return Booking.objects.active().filter(
        gesprek__ronde=ronde,
        medewerker=medewerker,
        starts_at__lt=datetime.combine(span.on, span.ends, tzinfo=zone),
        ends_at__gt=datetime.combine(span.on, span.starts, tzinfo=zone),
    )


def _store(ronde, new, pause, *, by):
    Availability.objects.bulk_create(new)
    if pause:
        Availability.objects.bulk_create(
            Availability(
                school_id=ronde.school_id, ronde=ronde, medewerker=row.medewerker, on=row.on, starts=pause[0],
                ends=pause[1], what=PAUSE,
            )
            for row in new
            if _holds(row, pause)
        )  # fmt: skip
    people = {row.medewerker for row in new}
    audit.record("give_windows", ronde, by=by, windows=len(new), medewerkers=len(people))
    for medewerker in people:
        sync_slots(ronde, medewerker)


# --- who, and what became of it --------------------------------------------------------------------------------------


def teachers_of(ronde):
    """The teachers of the ronde's groups, each once, by name."""
    return (
        Medewerker.objects.filter(lesgeven__groep__ronde_groepen__ronde=ronde, left_on__isnull=True)
        .select_related("person")
        .distinct()
        .order_by("person__last_name", "person__first_name", "pk")
    )


def colleagues_of(ronde):
    """Who joins this ronde as a second colleague: named for a group, or one of the pool. Each once, by name."""
    return (
        Medewerker.objects.filter(
            Q(pk__in=ronde.ronde_groepen.values("tweede_collega")) | Q(pool_rondes=ronde), left_on__isnull=True
        )
        .select_related("person")
        .distinct()
        .order_by("person__last_name", "person__first_name", "pk")
    )


def asked_for_times(ronde):
    """Ids of who gives times in this ronde: its teachers, and who joins as a second colleague."""
    teaching = Q(lesgeven__groep__ronde_groepen__ronde=ronde)
    joining = Q(pk__in=ronde.ronde_groepen.values("tweede_collega")) | Q(pool_rondes=ronde)
    return Medewerker.objects.filter(teaching | joining, left_on__isnull=True).values("pk")


def hours_of(ronde, medewerkers=None):
    """{medewerker_id: [Window]}: the windows given in this ronde, with the pauses cut out."""
    given, pauses = defaultdict(list), defaultdict(list)
    rows = Availability.objects.filter(ronde=ronde)
    if medewerkers is not None:
        rows = rows.filter(medewerker__in=medewerkers)
    for row in rows:
        (given if row.what == WINDOW else pauses)[row.medewerker_id].append(Window(row.on, row.starts, row.ends))
    return {pk: without(joined(rows), pauses[pk]) for pk, rows in given.items()}


def sync_slots(ronde, medewerker):
    """Make the slots of this teacher agree with the windows; slots with an active booking stay whatever happens.

    A time is offered in one ronde: where another ronde has a slot of hers, this one gets none. A second colleague's
    windows say when she can join; without a group of her own in the ronde they become no slots.
    """
    present = Slot.objects.filter(ronde=ronde, medewerker=medewerker)
    booked = Q(bookings__state=Booking.State.ACTIVE)
    kept = [*present.filter(booked), *Slot.objects.filter(medewerker=medewerker).exclude(ronde=ronde)]
    laid = wanted_slots(ronde, medewerker) if holds_gesprekken(ronde, medewerker) else []
    wanted = {
        (starts, ends, room_id)
        for starts, ends, room_id in laid
        if not any(slot.starts_at < ends and starts < slot.ends_at for slot in kept)
    }
    free = {(s.starts_at, s.ends_at, s.room_id): s.pk for s in present.exclude(booked)}
    present.filter(pk__in=[pk for key, pk in free.items() if key not in wanted]).delete()
    Slot.objects.bulk_create(
        Slot(school=ronde.school, ronde=ronde, medewerker=medewerker, starts_at=starts, ends_at=ends, room_id=room_id)
        for starts, ends, room_id in sorted(wanted - free.keys(), key=lambda slot: slot[0])
    )


def wanted_slots(ronde, medewerker):
    """[(start, end, room id)] that this teacher's windows come to, around her pauses."""
    rows = list(Availability.objects.filter(ronde=ronde, medewerker=medewerker))
    spans = {row: Window(on=row.on, starts=row.starts, ends=row.ends) for row in rows}
    pauses = [span for row, span in spans.items() if row.what == Availability.What.PAUSE]
    given = {row: span for row, span in spans.items() if row.what == Availability.What.WINDOW}
    zone = ronde.school.zone
    laid = lay_out(without(given.values(), pauses), minutes=ronde.duration, buffer=ronde.buffer, zone=zone)
    if not ronde.has_rooms:
        return [(starts, ends, None) for starts, ends in laid]
    return [(starts, ends, room_at(given, starts.astimezone(zone))) for starts, ends in laid]


def room_at(given, starts):
    """The room of the window in which this local moment lies."""
    return next(
        (
            row.room_id
            for row, span in given.items()
            if span.on == starts.date() and span.starts <= starts.time() < span.ends
        ),
        None,
    )


def holds_gesprekken(ronde, medewerker):
    """Whether this member of staff has a group in the ronde, or gesprekken of her own in it."""
    has_groep = medewerker.lesgeven.filter(groep__ronde_groepen__ronde=ronde).exists()
    return has_groep or medewerker.eigen_gesprekken.filter(ronde=ronde).exists()


def sync_ronde(ronde):
    """After a change of duration or buffer: every teacher's slots anew."""
    for medewerker in Medewerker.objects.filter(availabilities__ronde=ronde).distinct():
        free = Slot.objects.filter(ronde=ronde, medewerker=medewerker).exclude(bookings__state=Booking.State.ACTIVE)
        free.delete()
        sync_slots(ronde, medewerker)


def school_days(ronde):
    """The ronde's days on which there is school, as far as known: no weekend, holiday or study day."""
    free = list(
        VrijeDag.objects.filter(
            schooljaar=ronde.schooljaar_id, starts_on__lte=ronde.ends_on, ends_on__gte=ronde.starts_on
        ).values_list("starts_on", "ends_on")
    )
    days = (ronde.starts_on + timedelta(days=n) for n in range((ronde.ends_on - ronde.starts_on).days + 1))
    return [on for on in days if on.weekday() < 5 and not any(first <= on <= last for first, last in free)]


def free_day_on(ronde, on):
    """The holiday or study day that falls on this date, or None."""
    return VrijeDag.objects.filter(schooljaar=ronde.schooljaar, starts_on__lte=on, ends_on__gte=on).first()
