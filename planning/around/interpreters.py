"""An interpreter is a resource: asked for, ordered, confirmed; in one place at a time; never a child (I5)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek, Ronde
from planning.around import joining, meeting
from planning.around.chain import AT_MOST, Option, in_a_row
from planning.around.languages import language_name
from planning.models import Booking, InterpreterRequest, Occupancy
from planning.times import booking
from planning.times.presence import free_slots
from planning.times.slots import buckets
from school import audit
from school.models import Relatie

State = InterpreterRequest.State
NEXT = {State.REQUESTED: State.ORDERED, State.ORDERED: State.CONFIRMED}


class InterpreterRefused(Exception):
    """Nothing changed. `reason` is one of REASONS."""

    REASONS = (
        "child",  # a pupil never interprets
        "family",  # nor a parent of this child
        "busy",  # the interpreter is elsewhere at that time
        "stale",  # somebody else took this step, or nothing is asked any more
        "too_many",  # more gesprekken than can be laid in one row
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


# --- asking ----------------------------------------------------------------------------------------------------------


def request_for(gesprekken, *, now):
    """Ask an interpreter for those gesprekken in which a guardian needs one, in a fixed number of statements."""
    pks = [gesprek.pk for gesprek in gesprekken]
    needs = Relatie.objects.reachable().filter(
        interpreter=True, person=OuterRef("person"), leerling=OuterRef("gesprek__leerling")
    )
    rows = (
        Deelname.objects.filter(Exists(needs), gesprek__in=pks, as_role=Deelname.As.OUDER)
        .exclude(gesprek__interpreter_request__isnull=False)
        .select_related("person", "gesprek__ronde")
        .order_by("pk")
    )
    wanted = {}
    for row in rows:
        language = "" if row.person.language == "nl" else row.person.language
        if not wanted.get(row.gesprek_id, (None, ""))[1]:
            wanted[row.gesprek_id] = (row.gesprek, language)
    InterpreterRequest.objects.bulk_create(
        InterpreterRequest(school_id=gesprek.school_id, gesprek=gesprek, language=language, changed_at=now)
        for gesprek, language in wanted.values()
    )
    _make_longer([gesprek for gesprek, _language in wanted.values()])


def _make_longer(gesprekken):
    """Interpreting takes time: the ronde's extra minutes, where no length was chosen and no time stands yet."""
    plain = Gesprek.objects.filter(pk__in=[gesprek.pk for gesprek in gesprekken], minutes__isnull=True)
    plain = plain.exclude(pk__in=Booking.objects.active().values("gesprek"))
    for ronde in {gesprek.ronde for gesprek in gesprekken if gesprek.ronde.interpreter_minutes}:
        plain.filter(ronde=ronde).update(minutes=ronde.duration + ronde.interpreter_minutes)


def ask(*, gesprek, language, by, note="", now=None):
    """A guardian on her page, or staff for her, asks an interpreter. Asking again changes the language and the note."""
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = meeting.lock(gesprek)
        request, made = InterpreterRequest.objects.get_or_create(
            gesprek=gesprek,
            defaults={"school_id": gesprek.school_id, "language": language, "note": note, "changed_at": now},
        )
        if made:
            _make_longer([gesprek])
        elif (request.language, request.note) != (language, note):
            again = State.REQUESTED if request.language != language else request.state  # another person has to come
            InterpreterRequest.objects.filter(pk=request.pk).update(
                language=language, note=note, state=again, changed_at=now
            )
        audit.record("ask_interpreter", gesprek, by=by, language=language)
    return request


def withdraw(*, request, by, now=None):
    """No interpreter is needed any more; who would come is free. What was ordered is for the school to cancel."""
    with transaction.atomic():
        gesprek = meeting.lock(request.gesprek)
        _send_away(gesprek, now or timezone.now())
        InterpreterRequest.objects.filter(pk=request.pk).delete()
        audit.record("withdraw_interpreter", gesprek, by=by)


# --- ordering --------------------------------------------------------------------------------------------------------


def step(*, request, by, seen, now=None):
    """From asked to ordered, from ordered to confirmed; `seen` is the state on the page. Raises InterpreterRefused.

    Confirmed is told to the guardians when there is a time; else the confirmation of the time says it.
    """
    now = now or timezone.now()
    if seen not in NEXT:
        raise InterpreterRefused("stale")
    with transaction.atomic():
        gesprek = meeting.lock(request.gesprek)
        rows = InterpreterRequest.objects.filter(pk=request.pk, state=seen)
        if not rows.update(state=NEXT[seen], changed_at=now):
            raise InterpreterRefused("stale")
        audit.record("interpreter_step", gesprek, by=by, state=NEXT[seen])
        if NEXT[seen] == State.CONFIRMED and meeting.time_ahead(gesprek, now):
            joining.tell(gesprek)


def step_back(*, request, by, now=None):
    """Ask anew: the interpreter cannot come after all, or the time changed."""
    with transaction.atomic():
        InterpreterRequest.objects.filter(pk=request.pk).update(state=State.REQUESTED, changed_at=now or timezone.now())
        audit.record("interpreter_step", request.gesprek, by=by, state=State.REQUESTED)


def assign(*, request, interpreter, by, name="", now=None):
    """Who comes: a Person, else somebody new of this `name`, else nobody yet.

    At a time that stands she has to be free. Raises InterpreterRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if interpreter is None and name.strip():
            interpreter = joining.outsider(school=by.school, name=name, by=by)
        gesprek = meeting.lock(request.gesprek)
        _refuse_family(gesprek, interpreter)
        _send_away(gesprek, now, keep=interpreter)
        InterpreterRequest.objects.filter(pk=request.pk).update(interpreter=interpreter)
        if interpreter:
            Deelname.objects.get_or_create(
                gesprek=gesprek,
                person=interpreter,
                defaults={"school_id": gesprek.school_id, "as_role": Deelname.As.TOLK},
            )
            present = meeting.time_ahead(gesprek, now)
            if present and not joining.sits_along(present, interpreter, like=present.medewerker.person.body_id):
                raise InterpreterRefused("busy")
        audit.record("assign_interpreter", gesprek, by=by, person=interpreter.pk if interpreter else None)


def _refuse_family(gesprek, interpreter):
    if interpreter is None:
        return
    if hasattr(interpreter, "leerling"):
        raise InterpreterRefused("child")
    if joining.is_family(gesprek, interpreter):
        raise InterpreterRefused("family")


def _send_away(gesprek, now, keep=None):
    rows = gesprek.deelnames.filter(as_role=Deelname.As.TOLK).select_related("person")
    for row in rows.exclude(person=keep) if keep else rows:
        row.delete()
        joining.unseat(gesprek, row.person, now)


# --- where they stand ------------------------------------------------------------------------------------------------


def standing(requests, *, now):
    """{language name: [request]} of what is still to come, by time, without a time last; each with `.booking`.

    `is_doubtful`: the time changed since, so who was ordered or confirmed has to hear it. A fixed number of queries.
    """
    moved = Booking.objects.filter(gesprek=OuterRef("gesprek"), cancelled_at__gte=OuterRef("changed_at"))
    rows = (
        requests.filter(gesprek__held_on=None, gesprek__cancelled_at=None)
        .annotate(moved=Exists(moved))
        .select_related(
            "interpreter", "gesprek__ronde__school", "gesprek__groep", "gesprek__leerling__person", "school"
        )
    )
    bookings = {
        row.gesprek_id: row
        for row in Booking.objects.active()
        .filter(gesprek__in=rows.values("gesprek"))
        .select_related("medewerker__person")
    }
    by_language = {}
    last = timezone.now() + timedelta(days=36500)
    for row in rows:
        row.booking = bookings.get(row.gesprek_id)
        row.is_doubtful = row.moved and row.state == State.ORDERED
        row.next_state = NEXT.get(row.state)
        if row.booking.ends_at < now if row.booking else row.gesprek.ronde.state == Ronde.State.CLOSED:
            continue
        by_language.setdefault(str(language_name(row.language)), []).append(row)
    return {
        name: sorted(found, key=lambda row: (row.booking.starts_at if row.booking else last, row.pk))
        for name, found in sorted(by_language.items())
    }


# --- several in a row ------------------------------------------------------------------------------------------------


def lay_in_a_row(gesprekken, *, interpreter=None, now):
    """The row with the least waiting for these gesprekken without a time, as [(Slot, Gesprek)], by time.

    Those that do not fit on the same day are left out. Raises InterpreterRefused when there are too many.
    """
    if len(gesprekken) > AT_MOST:
        raise InterpreterRefused("too_many")
    slots, options = {}, []
    taken = set()
    if interpreter:
        taken = set(Occupancy.objects.filter(person=interpreter.body_id).values_list("bucket", flat=True))
    for gesprek in gesprekken:
        for slot in free_slots(gesprek, now=now):
            until = slot.starts_at + timedelta(minutes=gesprek.length + gesprek.ronde.buffer)
            if not taken.isdisjoint(buckets(slot.starts_at, until)):
                continue
            on = slot.starts_at.astimezone(gesprek.school.zone).date()
            slots[slot.pk] = slot
            options.append(Option(gesprek.pk, slot.pk, on, slot.starts_at, until))
    by_pk = {gesprek.pk: gesprek for gesprek in gesprekken}
    return [(slots[option.slot], by_pk[option.gesprek]) for option in in_a_row(options)]


def plan_in_a_row(*, choices, by, interpreter=None, name="", now=None, agreed=False, reason=""):
    """Give all of these gesprekken their time and their interpreter, or none of them. Returns the Bookings.

    Without `interpreter` somebody of this `name` is made known; without either it is still open who comes.

    Raises booking.BookingRefused, InterpreterRefused and meeting.MeetingRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if interpreter is None and name.strip():
            interpreter = joining.outsider(school=by.school, name=name, by=by)
        for _slot, gesprek in sorted(choices, key=lambda pair: pair[1].pk):  # locked in the order of all verbs
            request = InterpreterRequest.objects.filter(gesprek=gesprek).first()
            if request is None:
                raise InterpreterRefused("stale")
            if interpreter:
                assign(request=request, interpreter=interpreter, by=by, now=now)
        return booking.book_all(choices=choices, by=by, now=now, agreed=agreed, reason=reason)
