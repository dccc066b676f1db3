"""What follows a change of a time: who takes part now, calendars that are one version newer, and the mail that tells it."""

from django.db.models import F, Max

from gesprekken.models import Deelname
from planning.models import CalendarEntry, Watch
from school import outbox, registry
from school.models import Outgoing
from school.statements import written_once


def take_part(bookings, presences, picked, deelnames):
    """Those who come with the time take part: of a duo whose time it is (or both), and who was picked from the pool.

    `deelnames`: who took part until now. Returns all deelnames as they are now.
    """
    wanted = {}
    for booking in bookings:
        needed = presences[booking.gesprek_id]
        for medewerker in [booking.slot.medewerker, *needed.partners]:
            wanted[(booking.gesprek_id, medewerker.person_id)] = Deelname.As.LEERKRACHT
        if booking.gesprek_id in picked:
            wanted[(booking.gesprek_id, picked[booking.gesprek_id].person_id)] = Deelname.As.TWEEDE_COLLEGA
    roles = {booking.gesprek_id: {Deelname.As.LEERKRACHT} for booking in bookings}
    for pk in picked:
        roles[pk].add(Deelname.As.TWEEDE_COLLEGA)
    staying, leaving = [], []
    for row in deelnames:
        if row.as_role in roles[row.gesprek_id] and (row.gesprek_id, row.person_id) not in wanted:
            leaving.append(row.pk)
        else:
            staying.append(row)
            wanted.pop((row.gesprek_id, row.person_id), None)
    if leaving:
        Deelname.objects.filter(pk__in=leaving).delete()
    coming = [
        Deelname(school_id=bookings[0].school_id, gesprek_id=gesprek_id, person_id=person_id, as_role=role)
        for (gesprek_id, person_id), role in sorted(wanted.items())
    ]
    return staying + Deelname.objects.bulk_create(coming)


def raise_sequences(gesprekken, deelnames=None, *, only_who=False):
    """Every change makes every participant's calendar entry one version newer. `deelnames`: who take part, if known.

    The floors above hear it too, unless it is `only_who` takes part that changed.
    """
    if deelnames is None:
        deelnames = Deelname.objects.filter(gesprek__in=gesprekken)
    ids = sorted(getattr(gesprek, "pk", gesprek) for gesprek in gesprekken)
    have = set(calendar_entries(gesprekken=ids))
    if have:
        CalendarEntry.objects.filter(gesprek__in=gesprekken).update(sequence=F("sequence") + 1)
    CalendarEntry.objects.bulk_create(
        CalendarEntry(
            school_id=row.school_id, gesprek_id=row.gesprek_id, person_id=row.person_id, uid=CalendarEntry.new_uid()
        )
        for row in deelnames
        if row.as_role != Deelname.As.ACHTERAF and (row.gesprek_id, row.person_id) not in have
    )
    if not only_who:
        registry.tell("talks_changed", gesprekken=ids)


@written_once
def calendar_entries(*, gesprekken):
    """(gesprek id, person id) of who has an entry for these gesprekken (their ids)."""
    return CalendarEntry.objects.filter(gesprek__pk__in=gesprekken).values_list("gesprek_id", "person_id")


def tell(message, bookings, deelnames=None, *, now, version=1):
    """One message per guardian and booking. `deelnames`: who take part, if known."""
    by_gesprek = {booking.gesprek_id: booking for booking in bookings}
    if not by_gesprek:
        return
    if deelnames is None:
        deelnames = Deelname.objects.filter(gesprek__in=by_gesprek).select_related("person")
    pairs = [
        (row.person, by_gesprek[row.gesprek_id])
        for row in deelnames
        if row.as_role == Deelname.As.OUDER and row.gesprek_id in by_gesprek
    ]
    outbox.put_many(message, pairs, version=version, now=now)


def tell_again(message, bookings, *, now):
    """The same for what may change more than once about a time: the next version of the message."""
    told = Outgoing.objects.filter(
        message=message, object_type="planning.booking", object_id__in=[booking.pk for booking in bookings]
    )
    tell(message, bookings, now=now, version=(told.aggregate(Max("version"))["version__max"] or 0) + 1)


def tell_watchers(released, *, now):
    """Who asked to hear when one of these times comes free is told, once; no promise, who comes first has it."""
    for booking in released:
        waiting = Watch.objects.filter(
            slot__ronde=booking.gesprek.ronde_id,
            slot__medewerker=booking.medewerker_id,
            slot__starts_at__gte=booking.starts_at,
            slot__starts_at__lt=booking.ends_at,
            told_at__isnull=True,
        ).exclude(gesprek=booking.gesprek_id)
        watches = list(waiting.select_related("person"))
        if watches:
            outbox.put_many("planning.came_free", [(watch.person, watch) for watch in watches], now=now)
            Watch.objects.filter(pk__in=[watch.pk for watch in watches]).update(told_at=now)
