"""Together, apart, or afterwards: the choice for a family, also while a ronde is open and times have been chosen."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from gesprekken import parties
from gesprekken.models import Gesprek, Ronde
from planning import week
from planning.around import interpreters
from planning.around.joining import sits_along, stands_up
from planning.models import Booking, CalendarEntry, InterpreterRequest, Invitation, Watch
from school import audit, outbox, people
from school.models import Outgoing, Person

MESSAGE = "planning.talks_changed"


class FamilyRefused(Exception):
    """The family's gesprekken cannot be divided so now. `reason` is one of REASONS; `gesprek` is where it stops."""

    REASONS = (*parties.SplitRefused.REASONS, "busy", "week")

    def __init__(self, reason, gesprek, person=None):
        assert reason in self.REASONS
        self.reason, self.gesprek, self.person = reason, gesprek, person
        super().__init__(reason)


@dataclass
class Rearranged:
    """For the page: the children it was done for, who hears by mail, whom no mail reaches, which rondes stayed."""

    children: list
    by_mail: list[Person] = field(default_factory=list)
    to_tell: list[Person] = field(default_factory=list)
    stayed: list[Ronde] = field(default_factory=list)


def rearrange(*, leerling, ways, by, now=None, reason=""):
    """Keep how these guardians take part ({person pk: Relatie.Talks}) and divide the open rondes' gesprekken anew.

    All of it or nothing. Each guardian hears once per ronde, in a mail of her own that names no other guardian. Who
    comes to sit at a time inside the week needs a `reason` (I2). Raises FamilyRefused and people.NobodyTalks.
    """
    now = now or timezone.now()
    with transaction.atomic():
        children = people.talk(leerling=leerling, ways=ways, by=by, now=now)
        done = Rearranged(children)
        told = {}
        open_rondes = Ronde.objects.select_related("school").filter(
            state=Ronde.State.OPEN, gesprekken__leerling__in=children
        )
        _lock(open_rondes, children)
        for ronde in open_rondes.distinct().order_by("pk"):
            about = set()
            for child in children:
                about |= _divide(ronde, child, by=by, now=now, reason=reason, done=done)
            _tell(ronde, about, now=now)
            told |= {person.pk: person for person in Person.objects.filter(pk__in=about).select_related("user")}
        by_mail = outbox.reached(told.values())
        for person in told.values():
            (done.by_mail if person.pk in by_mail else done.to_tell).append(person)
    return done


def _lock(rondes, children):
    """All of the family's gesprekken by number, as times are booked, before any of their times is read."""
    gesprekken = Gesprek.objects.select_for_update().filter(ronde__in=rondes.values("pk"), leerling__in=children)
    list(gesprekken.order_by("pk").values_list("pk"))


def _divide(ronde, child, *, by, now, reason, done):
    """Returns the ids of the guardians whom it concerns."""
    bookings = {
        booking.gesprek_id: booking
        for booking in Booking.objects.active()
        .select_related("medewerker__person")
        .filter(gesprek__ronde=ronde, gesprek__leerling=child, gesprek__cancelled_at__isnull=True)
    }
    chosen = {pk: booking.by_id for pk, booking in bookings.items()}
    try:
        divided = parties.divide(ronde=ronde, leerling=child, chosen=chosen, now=now)
    except parties.SplitRefused as refused:
        raise FamilyRefused(refused.reason, refused.gesprek) from None
    if divided is None:
        if Gesprek.objects.filter(ronde=ronde, leerling=child, held_on__isnull=False).exists():
            done.stayed.append(ronde)
        return set()
    for gesprek in divided.live:
        if gesprek.pk in bookings:
            _times_follow(divided, gesprek, bookings[gesprek.pk], by=by, now=now, reason=reason)
    _interpreters_follow(divided, now)
    _invitations_follow(divided, now)
    _calendars_follow(divided)
    audit.record("divide_gesprekken", child, by=by, ronde=ronde.pk, made=len(divided.made), cancelled=len(divided.gone))
    return divided.everybody


# --- what a time takes up --------------------------------------------------------------------------------------------


def _times_follow(divided, gesprek, booking, *, by, now, reason):
    """Who came sits at the time that stands; who went is free then."""
    joined, left = divided.joined(gesprek), divided.left(gesprek)
    if joined:
        try:
            week.keep(gesprek, booking.starts_at, what=week.What.JOINS, by=by, now=now, reason=reason)
        except week.ReasonNeeded:
            raise FamilyRefused("week", gesprek) from None
    stands_up(booking, left)
    for person in Person.objects.filter(pk__in=joined).order_by("pk"):
        if not sits_along(booking, person, like=gesprek.leerling.person_id):
            raise FamilyRefused("busy", gesprek, person)


def _interpreters_follow(divided, now):
    """Who needs an interpreter keeps one, for her own gesprek; what was arranged for one that goes is asked anew."""
    first = divided.live[0]
    if not InterpreterRequest.objects.filter(gesprek=first).exists():
        asked = InterpreterRequest.objects.filter(gesprek__in=divided.gone).order_by("pk").first()
        if asked:
            InterpreterRequest.objects.filter(pk=asked.pk).update(
                gesprek=first, state=InterpreterRequest.State.REQUESTED, interpreter=None, changed_at=now
            )
    interpreters.request_for(divided.live, now=now)


# --- invitations, calendars, mail ------------------------------------------------------------------------------------


def _invitations_follow(divided, now):
    """What was asked of a guardian goes with her; who comes to talk is asked now."""
    everywhere = divided.live + divided.gone
    for gesprek in divided.live:
        for person in Person.objects.filter(pk__in=divided.after[gesprek.pk]).select_related("user").order_by("pk"):
            if Invitation.objects.filter(gesprek=gesprek, person=person).exists():
                continue
            Watch.objects.filter(gesprek__in=everywhere, person=person).update(gesprek=gesprek)
            if Invitation.objects.filter(gesprek__in=everywhere, person=person).update(
                gesprek=gesprek, printed_at=None
            ):
                continue
            by_mail = outbox.reaches(person)
            Invitation.objects.create(
                school_id=gesprek.school_id,
                gesprek=gesprek,
                person=person,
                channel=Invitation.Channel.MAIL if by_mail else Invitation.Channel.LETTER,
                created_at=now,
            )
    Invitation.objects.filter(
        gesprek__in=everywhere, person__in=divided.later, call_me_at__isnull=True, none_suits_at__isnull=True
    ).delete()


def _calendars_follow(divided):
    """The entry of who went becomes newer, so that her calendar drops it; who came gets one."""
    for gesprek in divided.live + divided.gone:
        joined, left = divided.joined(gesprek), divided.left(gesprek)
        CalendarEntry.objects.filter(gesprek=gesprek, person__in=joined | left).update(sequence=F("sequence") + 1)
        have = set(CalendarEntry.objects.filter(gesprek=gesprek).values_list("person_id", flat=True))
        if have:  # there is, or was, a time
            CalendarEntry.objects.bulk_create(
                CalendarEntry(school_id=gesprek.school_id, gesprek=gesprek, person_id=pk, uid=CalendarEntry.new_uid())
                for pk in sorted(joined - have)
            )


def _tell(ronde, guardians, *, now):
    told = Outgoing.objects.filter(message=MESSAGE, object_type="gesprekken.ronde", object_id=ronde.pk)
    version = (told.aggregate(last=Max("version"))["last"] or 0) + 1
    pairs = [(person, ronde) for person in Person.objects.filter(pk__in=guardians).order_by("pk")]
    outbox.put_many(MESSAGE, pairs, version=version, now=now)
