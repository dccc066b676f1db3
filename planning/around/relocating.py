"""The rows of bookings that change date: let go of, put down again at another time, remembered for "never mind".

Every function takes any number of bookings and needs a fixed number of statements. They run inside the transaction of
the verb that calls them.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from planning.models import Availability, Booking, InterpreterRequest, Occupancy, Slot
from school.models import AuditEvent

UNDONE = "undo_day_change"  # as the trace calls it; the change it undid is its object


def let_go(bookings, now):
    """Cancel these, and return what they took up: {booking_id: [(person_id, room_id, bucket)]}."""
    keys = [b.pk for b in bookings]
    taken = defaultdict(list)
    rows = Occupancy.objects.filter(booking__in=keys)
    for booking_id, *what in rows.values_list("booking", "person", "room", "bucket").order_by("person", "bucket"):
        taken[booking_id].append(tuple(what))
    rows.delete()
    Booking.objects.filter(pk__in=keys).update(state=Booking.State.CANCELLED, cancelled_at=now, slot=None)
    return taken


def ask_interpreters_again(bookings, now):
    """Who was confirmed was so for the time that is let go of. Returns the ids of their requests."""
    confirmed = InterpreterRequest.objects.filter(
        gesprek__in=[b.gesprek_id for b in bookings], state=InterpreterRequest.State.CONFIRMED
    )
    keys = list(confirmed.order_by("pk").values_list("pk", flat=True))
    InterpreterRequest.objects.filter(pk__in=keys).update(state=InterpreterRequest.State.ORDERED, changed_at=now)
    return keys


def confirm_interpreters(keys, now):
    """The day is back where it was, and so is what was confirmed for it; unless somebody asked anew meanwhile."""
    ordered = InterpreterRequest.objects.filter(pk__in=keys, state=InterpreterRequest.State.ORDERED)
    ordered.update(state=InterpreterRequest.State.CONFIRMED, changed_at=now)


def put_down(medewerker, lines, taken, *, by, now):
    """New bookings and slots for these lines, taking up what the old ones took up. Returns [(old, new)]."""
    if not lines:
        return []
    return restore(
        medewerker,
        [(line.booking, line.starts_at, line.ends_at) for line in lines],
        {
            line.booking.pk: [
                (person, room, bucket + (line.starts_at - line.booking.starts_at))
                for person, room, bucket in taken[line.booking.pk]
            ]
            for line in lines
        },
        by=by,
        now=now,
    )


def restore(medewerker, wanted, taken, *, by, now):
    """[(old booking, its new booking)]: slots, bookings and five-minute rows in one statement each."""
    _make_room(medewerker, [(starts, ends) for _old, starts, ends in wanted])
    common = {"school_id": medewerker.school_id, "medewerker": medewerker}
    slots = Slot.objects.bulk_create(
        Slot(ronde_id=old.gesprek.ronde_id, room_id=old.room_id, starts_at=starts, ends_at=ends, **common)
        for old, starts, ends in wanted
    )
    new = Booking.objects.bulk_create(
        Booking(
            gesprek_id=old.gesprek_id,
            slot=slot,
            room_id=old.room_id,
            starts_at=starts,
            ends_at=ends,
            by=by.person,
            chosen_by_guardian=old.chosen_by_guardian,
            created_at=now,
            **common,
        )
        for slot, (old, starts, ends) in zip(slots, wanted, strict=True)
    )
    pairs = [(old, booked) for (old, _starts, _ends), booked in zip(wanted, new, strict=True)]
    rows = [(*what, booked.pk) for old, booked in pairs for what in taken[old.pk]]
    Occupancy.objects.bulk_create(
        Occupancy(school_id=medewerker.school_id, person_id=person, room_id=room, bucket=bucket, booking_id=pk)
        for person, room, bucket, pk in sorted(rows, key=lambda row: (row[0] or 0, row[1] or 0, row[2]))
    )
    return pairs


def _make_room(medewerker, spans):
    """Take away the free slots of this teacher that overlap these spans."""
    free = Slot.objects.filter(medewerker=medewerker).exclude(bookings__state=Booking.State.ACTIVE)
    near = free.filter(starts_at__lt=max(e for _s, e in spans), ends_at__gt=min(s for s, _e in spans))
    overlapping = [
        pk
        for pk, starts_at, ends_at in near.values_list("pk", "starts_at", "ends_at")
        if any(starts_at < ends and starts < ends_at for starts, ends in spans)
    ]
    Slot.objects.filter(pk__in=overlapping).delete()


def copy_window(like, **fields):
    names = ("school_id", "ronde", "medewerker_id", "what", "room_id", "on", "starts", "ends")
    return Availability.objects.create(**({name: getattr(like, name) for name in names} | fields))


def later(on, at, minutes):
    """A wall-clock time so many minutes later, kept within the day."""
    moment = datetime.combine(on, at) + timedelta(minutes=minutes)
    if moment.date() == on:
        return moment.time()
    return datetime.min.time() if moment.date() < on else datetime.max.time().replace(second=0, microsecond=0)


# --- what is remembered, as plain data -------------------------------------------------------------------------------


def packed(bookings, taken):
    """{booking_id: [[person, room, minutes after its beginning, ...]]}: who and what each took up."""
    packed = {}
    for b in bookings:
        offsets = defaultdict(list)
        for person, room, bucket in taken[b.pk]:
            offsets[person, room].append(int((bucket - b.starts_at) / timedelta(minutes=1)))
        packed[b.pk] = [[person, room, *minutes] for (person, room), minutes in offsets.items()]
    return packed


def unpacked(bookings, packed):
    return {
        b.pk: [
            (person, room, b.starts_at + timedelta(minutes=offset))
            for person, room, *offsets in packed[str(b.pk)]
            for offset in offsets
        ]
        for b in bookings
    }


def window_as_words(window):
    return [
        window.ronde_id,
        window.on.isoformat(),
        f"{window.starts:%H:%M}",
        f"{window.ends:%H:%M}",
        window.what,
        window.room_id,
    ]


def window_from_words(medewerker, words):
    ronde, on, starts, ends, what, room = words
    window, _created = Availability.objects.get_or_create(
        ronde_id=ronde,
        medewerker=medewerker,
        on=on,
        starts=starts,
        what=what,
        defaults={"school_id": medewerker.school_id, "ends": ends, "room_id": room},
    )
    return Availability.objects.select_related("ronde__school").get(pk=window.pk)


def is_undone(event):
    return AuditEvent.objects.filter(verb=UNDONE, object_type="school.auditevent", object_id=event.pk).exists()
