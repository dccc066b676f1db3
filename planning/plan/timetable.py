"""A plan as a timetable: per day and teacher every slot, whose it is, and what is free. A fixed number of queries."""

from dataclasses import dataclass

from gesprekken.models import Deelname, Gesprek
from planning.models import Booking, PlannedGesprek, Slot


@dataclass(frozen=True)
class Entry:
    """One slot: planned for a gesprek, booked already, or free."""

    slot: Slot
    row: PlannedGesprek | None = None
    booking: Booking | None = None

    @property
    def gesprek(self):
        held = self.row or self.booking
        return held.gesprek if held else None


def apart(ronde):
    """{gesprek id: guardian's name} of the gesprekken of parents who talk apart: the child's name stands there twice."""
    rows = Deelname.objects.filter(gesprek__ronde=ronde, as_role=Deelname.As.OUDER)
    rows = rows.exclude(gesprek__party=Gesprek.TOGETHER)
    return {row.gesprek_id: row.person.name for row in rows.select_related("person")}


def days_of(plan):
    """The local dates on which the ronde has slots, in order."""
    zone = plan.ronde.school.zone
    starts = Slot.objects.filter(ronde=plan.ronde_id).values_list("starts_at", flat=True).order_by("starts_at")
    return list(dict.fromkeys(start.astimezone(zone).date() for start in starts))


def entries(plan, on):
    """[(Medewerker, [Entry])] of one day, by name of the teacher."""
    zone = plan.ronde.school.zone
    slots = [
        slot
        for slot in Slot.objects.filter(ronde=plan.ronde_id).select_related("medewerker__person")
        if slot.starts_at.astimezone(zone).date() == on
    ]
    wanted = {slot.pk for slot in slots}
    rows = plan.planned.filter(slot__isnull=False).select_related("gesprek__leerling__person", "gesprek__groep")
    planned = {row.slot_id: row for row in rows if row.slot_id in wanted}
    booked = Booking.objects.active().filter(slot__ronde=plan.ronde_id)
    booked = booked.select_related("gesprek__leerling__person", "gesprek__groep")
    bookings = {booking.slot_id: booking for booking in booked if booking.slot_id in wanted}
    of_teacher = {}
    for slot in slots:
        booking = bookings.get(slot.pk)
        entry = Entry(slot, None if booking else planned.get(slot.pk), booking)
        of_teacher.setdefault(slot.medewerker, []).append(entry)
    by_name = sorted(of_teacher.items(), key=lambda item: (item[0].person.last_name, item[0].pk))
    return [(medewerker, found) for medewerker, found in by_name]
