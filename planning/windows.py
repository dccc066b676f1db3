"""Teachers say when they can; their windows become slots. A time somebody chose never disappears by itself."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from planning.models import Availability, Booking, Slot
from planning.slots import Window, lay_out, without
from school import audit
from school.models import Medewerker, VrijeDag


class WindowRefused(Exception):
    """The window cannot be given or taken back. `reason` says which of REASONS it is."""

    REASONS = ("closed", "outside", "backward", "overlap", "too_short", "in_use")

    def __init__(self, reason, **about):
        assert reason in self.REASONS
        self.reason, self.about = reason, about
        super().__init__(reason)


def give_window(*, ronde, medewerker, on, starts, ends, by):
    """Add a window and its slots. Returns the Availability. Raises WindowRefused."""
    if ronde.state == ronde.State.CLOSED:
        raise WindowRefused("closed")
    if not ronde.starts_on <= on <= ronde.ends_on:
        raise WindowRefused("outside")
    if starts >= ends:
        raise WindowRefused("backward")
    if (ends.hour * 60 + ends.minute) - (starts.hour * 60 + starts.minute) < ronde.duration:
        raise WindowRefused("too_short")
    with transaction.atomic():
        Medewerker.objects.select_for_update().get(pk=medewerker.pk)
        same_day = Availability.objects.filter(ronde=ronde, medewerker=medewerker, on=on)
        if same_day.filter(starts__lt=ends, ends__gt=starts).exists():
            raise WindowRefused("overlap")
        window = Availability.objects.create(
            school=ronde.school, ronde=ronde, medewerker=medewerker, on=on, starts=starts, ends=ends
        )
        audit.record("give_window", window, by=by)
        sync_slots(ronde, medewerker)
    return window


def give_windows_to_all(*, ronde, on, starts, ends, by):
    """The same window for every teacher of the ronde's groups. Returns (given, those who had one already)."""
    given, skipped = [], []
    with transaction.atomic():
        for medewerker in teachers_of(ronde):
            try:
                give_window(ronde=ronde, medewerker=medewerker, on=on, starts=starts, ends=ends, by=by)
                given.append(medewerker)
            except WindowRefused as refusal:
                if refusal.reason != "overlap":
                    raise
                skipped.append(medewerker)
    return given, skipped


def take_back_window(*, window, by):
    """Remove a window and its free slots. Raises WindowRefused('in_use') when somebody chose a time in it."""
    with transaction.atomic():
        Medewerker.objects.select_for_update().get(pk=window.medewerker_id)
        slots = slots_in(window)
        booked = Booking.objects.filter(state=Booking.State.ACTIVE, slot__in=slots).count()
        if booked:
            raise WindowRefused("in_use", booked=booked)
        audit.record("take_back_window", window, by=by)
        ronde, medewerker = window.ronde, window.medewerker
        window.delete()
        sync_slots(ronde, medewerker)


def teachers_of(ronde):
    """The teachers of the ronde's groups, each once, by name."""
    return (
        Medewerker.objects.filter(lesgeven__groep__ronde_groepen__ronde=ronde, left_on__isnull=True)
        .select_related("person")
        .distinct()
        .order_by("person__last_name", "person__first_name", "pk")
    )


def slots_in(window):
    zone = window.school.zone
    starts = datetime.combine(window.on, window.starts, tzinfo=zone)
    ends = datetime.combine(window.on, window.ends, tzinfo=zone)
    return Slot.objects.filter(
        ronde=window.ronde, medewerker=window.medewerker, starts_at__gte=starts, ends_at__lte=ends
    )


def sync_slots(ronde, medewerker):
    """Make the slots of this teacher agree with the windows; slots with an active booking stay whatever happens.

    A time is offered in one ronde: where another ronde has a slot of hers, this one gets none. A second colleague's windows say when she can join; without a group of her own in the ronde they become no slots.
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


def free_day_on(ronde, on):
    """The holiday or study day that falls on this date, or None."""
    return VrijeDag.objects.filter(schooljaar=ronde.schooljaar, starts_on__lte=on, ends_on__gte=on).first()


def offered(ronde, medewerker=None):
    """{medewerker_id: (slots, of which chosen)} in this ronde."""
    slots = Slot.objects.filter(ronde=ronde)
    if medewerker:
        slots = slots.filter(medewerker=medewerker)
    chosen = Count("bookings", filter=Q(bookings__state=Booking.State.ACTIVE), distinct=True)
    return {
        pk: (n, taken)
        for pk, n, taken in slots.values_list("medewerker").annotate(n=Count("pk", distinct=True), taken=chosen)
    }
