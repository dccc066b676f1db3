"""A teacher is not there: one step calls off her whole day or moves it to another date, and everybody hears it once.

A gesprek that moves keeps who and what it takes up: its five-minute rows are put down again at the new time, so that
the database itself still forbids two places at once. Rows are locked in one order (the teacher, her gesprekken, her
slots) and without standing in the way of who books with somebody else.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Gesprek
from planning import week
from planning.around import relocating
from planning.day import moving
from planning.day.sheets import bounds
from planning.models import Availability, Booking, Invitation, Slot
from planning.times import booking, following, windows
from school import audit, outbox
from school.models import AuditEvent, Medewerker, Outgoing, Person, Relatie

ATTEMPTS = 3  # somebody books while the day is taken away: look again, a few times
UNDO_MINUTES = 15  # how long "never mind" is offered
HELD_BACK_MINUTES = 3  # mail waits so long, so that who says "never mind" at once has alarmed nobody
CALLED_OFF, MOVED = "call_off_day", "move_day"  # as the trace calls them


class AbsenceRefused(Exception):
    """Nothing was changed. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "nothing",  # neither gesprekken nor windows on that day
        "nobody_moves",  # there are gesprekken, and none can go to that date
        "changed",  # the day is not what the page showed: somebody chose or cancelled meanwhile
        "week",  # within the week: a reason is needed
        "undo_late",  # too late for "never mind"
        "undo_changed",  # a time was chosen or changed since, or who takes part
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def call_off_day(*, medewerker, on, by, reason, now=None, seen=None):
    """Cancel what this teacher still has on this date, and take away its windows and free times.

    Returns the AuditEvent, which undo_change takes. `seen` is the mark of the Plan that was on the screen. Raises
    AbsenceRefused.
    """
    return _again(medewerker, on, None, 0, by=by, reason=reason, now=now or timezone.now(), seen=seen)


def move_day(*, medewerker, on, to, by, reason, shift_minutes=0, now=None, seen=None):
    """Move the day to the date `to`, at the same wall-clock times plus `shift_minutes`.

    A gesprek goes along whole or not at all; what cannot is called off. Returns the AuditEvent. Raises AbsenceRefused,
    also when nothing could go along.
    """
    return _again(medewerker, on, to, shift_minutes, by=by, reason=reason, now=now or timezone.now(), seen=seen)


def _again(medewerker, on, to, shift_minutes, *, by, reason, now, seen):
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _change(medewerker, on, to, shift_minutes, by=by, reason=reason, now=now, seen=seen)
        except (IntegrityError, _Quicker):
            continue
        except OperationalError as error:
            if "deadlock" not in str(error).lower():
                raise
    raise AbsenceRefused("changed")


class _Quicker(Exception):
    """Somebody booked between reading the day and locking it."""


def _change(medewerker, on, to, shift_minutes, *, by, reason, now, seen):
    bookings = _locked(medewerker, on, now)
    plan = moving.plan_day(bookings, to=to, shift_minutes=shift_minutes, now=now)
    given = list(Availability.objects.filter(medewerker=medewerker, on=on).select_related("ronde__school"))
    if not bookings and not given:
        raise AbsenceRefused("nothing")
    if seen is not None and seen != plan.mark:
        raise AbsenceRefused("changed")
    if to is not None and bookings and not plan.moving:
        raise AbsenceRefused("nobody_moves")
    _keep_the_week(bookings, on, to, by=by, reason=reason, now=now)
    taken = relocating.let_go(bookings, now)
    interpreters = relocating.ask_interpreters_again(bookings, now)
    _clear(medewerker, on, given, now)
    made = _give_again(given, to, shift_minutes) if to else []
    moved = relocating.put_down(medewerker, plan.moving, taken, by=by, now=now)
    _sync(medewerker, [*given, *made])
    following.raise_sequences([line.booking.gesprek_id for line in plan.lines])
    event = audit.record(
        MOVED if to else CALLED_OFF,
        medewerker,
        by=by,
        on=on.isoformat(),
        to=to.isoformat() if to else "",
        moved=[[old.pk, new.pk] for old, new in moved],
        called_off=[line.booking.pk for line in plan.staying],
        taken={str(pk): rows for pk, rows in relocating.packed(bookings, taken).items()},
        windows=[relocating.window_as_words(window) for window in given],
        made=[window.pk for window in made],
        interpreters=interpreters,
    )
    _tell(event, plan, moved, medewerker, by=by, now=now)
    return event


# --- the parts -------------------------------------------------------------------------------------------------------


def _locked(medewerker, on, now):
    """The day's bookings, with everything that could change them locked."""
    Medewerker.objects.select_for_update(no_key=True).get(pk=medewerker.pk)
    before = moving.bookings_ahead(medewerker, on, now=now)
    gesprekken = Gesprek.objects.select_for_update().filter(pk__in=[b.gesprek_id for b in before])
    list(gesprekken.order_by("pk").values_list("pk"))
    list(_slots_on(medewerker, on).select_for_update().order_by("pk").values_list("pk"))
    bookings = moving.bookings_ahead(medewerker, on, now=now)
    if [b.pk for b in bookings] != [b.pk for b in before]:
        raise _Quicker
    return bookings


def _slots_on(medewerker, on):
    first, last = bounds(on, medewerker.school.zone)
    return Slot.objects.filter(medewerker=medewerker, starts_at__gte=first, starts_at__lt=last)


def _keep_the_week(bookings, on, to, *, by, reason, now):
    dates = [on, to] if to else [on]
    if not bookings or not moving.needs_reason(dates, now=now, zone=bookings[0].gesprek.ronde.school.zone):
        return
    if not reason.strip():
        raise AbsenceRefused("week")
    about = [(ronde, None, min(dates)) for ronde in sorted({b.gesprek.ronde_id for b in bookings})]
    week.note(about, reason, what=week.What.DAY, by=by, now=now)


def _clear(medewerker, on, given, now):
    """Nobody can book into this day any more; what was before now, and is taken, stays."""
    Availability.objects.filter(pk__in=[window.pk for window in given]).delete()
    _slots_on(medewerker, on).exclude(bookings__state=Booking.State.ACTIVE).delete()


def _give_again(given, to, shift_minutes):
    """The same windows on the new date, where that ronde can reach it and nothing of hers is there yet."""
    made = []
    for window in given:
        starts, ends = (relocating.later(to, at, shift_minutes) for at in (window.starts, window.ends))
        there = Availability.objects.filter(
            ronde=window.ronde,
            medewerker=window.medewerker_id,
            on=to,
            what=window.what,
            starts__lt=ends,
            ends__gt=starts,
        )
        if starts < ends and moving.within_reach(window.ronde, to) and not there.exists():
            made.append(relocating.copy_window(window, on=to, starts=starts, ends=ends))
    return made


def _sync(medewerker, given):
    for ronde in {window.ronde_id: window.ronde for window in given}.values():
        windows.sync_slots(ronde, medewerker)


def _tell(event, plan, moved, medewerker, *, by, now):
    """One message per guardian and gesprek, one per colleague; who has to be phoned stands on the list for that."""
    due_at = now + timedelta(minutes=HELD_BACK_MINUTES)
    new = {old.pk: booked for old, booked in moved}
    for message, lines in [("planning.day_moved", plan.moving), ("planning.day_cancelled", plan.staying)]:
        pairs = [(person, new.get(line.booking.pk, line.booking)) for line in lines for person in line.told]
        outbox.put_many(message, pairs, now=now, due_at=due_at)
    colleagues = {person.pk: person for line in plan.lines for person in line.colleagues} | _herself(medewerker, by)
    outbox.put_many("planning.day_changed", [(person, event) for person in colleagues.values()], now=now, due_at=due_at)
    _ask_to_call(plan, now)


def _herself(medewerker, by):
    """The teacher too, where somebody else did it for her."""
    return {} if by.person == medewerker.person else {medewerker.person_id: medewerker.person}


def _ask_to_call(plan, now):
    """Who cannot choose for herself any more, or cannot be written to, stands among those who are to be called."""
    for note, lines, people in [
        (_("Vertel de nieuwe tijd: er komt geen mail aan."), plan.moving, lambda line: line.by_hand),
        (_("Het gesprek verviel. Zoek samen een nieuwe tijd."), plan.staying, lambda line: _to_phone(line, now)),
    ]:
        keys = [(line.booking.gesprek_id, person.pk) for line in lines for person in people(line)]
        invitations = Invitation.objects.filter(gesprek__in=[g for g, _p in keys], person__in=[p for _g, p in keys])
        wanted = [pk for pk, g, p in invitations.values_list("pk", "gesprek", "person") if (g, p) in set(keys)]
        Invitation.objects.filter(pk__in=wanted, call_me_note="").update(call_me_note=note)
        Invitation.objects.filter(pk__in=wanted).update(call_me_at=_just_after(now))


def _to_phone(line, now):
    return line.by_hand if may_choose_again(line.booking.gesprek.ronde, now) else [*line.told, *line.by_hand]


def may_choose_again(ronde, now):
    """Whether parents can still choose a time for themselves in this ronde."""
    return ronde.is_open and not ronde.is_wishing and now < booking.choosing_closes_at(ronde)


def _just_after(now):
    """A wish to be phoned counts when it is younger than the booking."""
    return now + timedelta(microseconds=1)


@dataclass
class Changed:
    """What a change of a day did, to read back: (old, new) bookings that moved, and those that were called off."""

    on: date
    to: date | None
    moved: list
    called_off: list
    told: list[str]
    to_call: list[Person]
    is_undone: bool


def what_changed(event):
    """Read a change back from its trace. A fixed number of queries."""
    about = event.detail
    keys = {pk for pair in about["moved"] for pk in pair} | set(about["called_off"])
    found = Booking.objects.select_related("gesprek__leerling__person", "gesprek__groep").in_bulk(keys)
    told = Outgoing.objects.filter(
        message__in=["planning.day_moved", "planning.day_cancelled"], object_type="planning.booking", object_id__in=keys
    ).select_related("recipient")
    reachable = Relatie.objects.reachable().filter(person=OuterRef("person"), leerling=OuterRef("gesprek__leerling"))
    waiting = Invitation.objects.filter(
        Exists(reachable),
        gesprek__in=[b.gesprek_id for b in found.values()],
        call_me_at__gte=event.at - timedelta(minutes=1),
    ).select_related("person")
    return Changed(
        on=date.fromisoformat(about["on"]),
        to=date.fromisoformat(about["to"]) if about["to"] else None,
        moved=[(found[old], found[new]) for old, new in about["moved"] if old in found and new in found],
        called_off=[found[pk] for pk in about["called_off"] if pk in found],
        told=sorted({row.recipient.name for row in told}),
        to_call=sorted({i.person for i in waiting}, key=lambda person: (person.name, person.pk)),
        is_undone=relocating.is_undone(event),
    )


def changes_on(events, on):
    """[(AuditEvent, Medewerker, to or None)] of these events (a QuerySet) that took a day away here or brought one."""
    found = list(events.filter(Q(detail__on=on.isoformat()) | Q(detail__to=on.isoformat())).order_by("pk"))
    undone = AuditEvent.objects.filter(verb=relocating.UNDONE, object_id__in=[event.pk for event in found])
    gone = set(undone.values_list("object_id", flat=True))
    staff = Medewerker.objects.select_related("person").in_bulk([event.object_id for event in found])
    return [
        (event, staff[event.object_id], date.fromisoformat(to) if (to := event.detail["to"]) else None)
        for event in found
        if event.pk not in gone and event.object_id in staff
    ]


# --- never mind ------------------------------------------------------------------------------------------------------


def may_still_undo(event, now):
    return now < event.at + timedelta(minutes=UNDO_MINUTES) and not relocating.is_undone(event)


def undo_change(*, event, by, now=None):
    """Put the whole day back where it was, or nothing of it. Who was not told yet hears nothing. Raises AbsenceRefused."""
    now = now or timezone.now()
    try:
        with transaction.atomic():
            _undo(event, by=by, now=now)
    except IntegrityError:
        raise AbsenceRefused("undo_changed") from None
    except OperationalError as error:
        if "deadlock" not in str(error).lower():
            raise
        raise AbsenceRefused("undo_changed") from None


def _undo(event, *, by, now):
    medewerker = (
        Medewerker.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school", "person")
        .get(pk=event.object_id)
    )
    if not may_still_undo(event, now):
        raise AbsenceRefused("undo_late")
    about = event.detail
    old = Booking.objects.filter(pk__in=_changed(about)).order_by("pk")
    old = list(old.select_related("gesprek__ronde__school", "medewerker__person"))
    _check_untouched(old, about)
    new = list(Booking.objects.filter(pk__in=[pk for _old, pk in about["moved"]]))
    slots = [b.slot_id for b in new]
    relocating.let_go(new, now)
    Slot.objects.filter(pk__in=slots).delete()
    made = list(Availability.objects.filter(pk__in=about["made"]).select_related("ronde__school"))
    Availability.objects.filter(pk__in=[window.pk for window in made]).delete()
    back = [relocating.window_from_words(medewerker, words) for words in about["windows"]]
    pairs = []
    if old:
        spans = [(b, b.starts_at, b.ends_at) for b in old]
        pairs = relocating.restore(medewerker, spans, relocating.unpacked(old, about["taken"]), by=by, now=now)
    _sync(medewerker, [*made, *back])
    relocating.confirm_interpreters(about.get("interpreters", []), now)
    following.raise_sequences([b.gesprek_id for b in old])
    Invitation.objects.filter(
        gesprek__in=[b.gesprek_id for b in old], call_me_at=_just_after(_moment_of(old, event))
    ).update(call_me_at=None)
    audit.record(relocating.UNDONE, event, by=by, bookings=len(old))
    _tell_it_is_back(event, pairs, now)


def _changed(about):
    return [pk for pk, _new in about["moved"]] + about["called_off"]


def _moment_of(old, event):
    return old[0].cancelled_at if old else event.at


def _check_untouched(old, about):
    """Since then nobody chose, moved or cancelled one of these gesprekken, and the same people take part."""
    keys = sorted(b.gesprek_id for b in old)
    gesprekken = list(Gesprek.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    now_active = Booking.objects.active().filter(gesprek__in=keys).values_list("pk", flat=True)
    if set(now_active) != {new for _old, new in about["moved"]} or any(g.cancelled_at or g.is_held for g in gesprekken):
        raise AbsenceRefused("undo_changed")
    if not _same_people(old, about):
        raise AbsenceRefused("undo_changed")


def _same_people(old, about):
    """Whether who took up these times then would sit there now; who came since has no minutes to put back."""
    table = {b.gesprek_id: {b.medewerker.person.body_id} for b in old}
    there = Deelname.objects.filter(gesprek__in=table).exclude(as_role=Deelname.As.ACHTERAF)
    for row in there.select_related("person"):
        table[row.gesprek_id].add(row.person.body_id)
    then = {b.gesprek_id: {person for person, *_rest in about["taken"][str(b.pk)] if person} for b in old}
    return table == then


def _tell_it_is_back(event, pairs, now):
    colleagues = Outgoing.objects.filter(
        message="planning.day_changed", object_type="school.auditevent", object_id=event.pk
    ).select_related("recipient")
    outbox.put_many("planning.day_restored", [(row.recipient, event) for row in colleagues], now=now)
    guardians = Deelname.objects.filter(gesprek__in=[new.gesprek_id for _old, new in pairs], as_role=Deelname.As.OUDER)
    by_gesprek = {new.gesprek_id: new for _old, new in pairs}
    people = Person.objects.in_bulk(guardians.values_list("person", flat=True))
    outbox.put_many(
        "planning.day_back",
        [(people[p], by_gesprek[g]) for g, p in guardians.values_list("gesprek", "person").order_by("pk")],
        now=now,
    )
