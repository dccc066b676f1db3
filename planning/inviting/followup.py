"""Nobody left out (I4): where each gesprek of a ronde stands, and who is waiting for a call."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from gesprekken.models import Deelname, Gesprek, Ronde
from planning.models import Booking, Invitation, Wish
from planning.permissions import may_be_reached
from school import audit
from school.models import Lesgeven, Person
from school.outbox import address_of

CHOSEN, CALL, UNSUITED, WISHED, SILENT, HELD = "chosen", "call", "unsuited", "wished", "silent", "held"


@dataclass
class Standing:
    """One gesprek and where it stands.

    CHOSEN, CALL (asked to be phoned), UNSUITED (no time suits), WISHED (said when it can be), SILENT (no reaction), HELD.
    """

    gesprek: Gesprek
    booking: Booking | None
    invitations: list = field(default_factory=list)
    guardians: list[Person] = field(default_factory=list)
    wished: list[int] = field(default_factory=list)  # ids of the guardians who said when they can

    @property
    def state(self):
        if self.gesprek.is_held:
            return HELD
        if self.booking:
            return CHOSEN
        if any(i.call_me_at for i in self.invitations):
            return CALL
        if self.unsuited_notes:
            return UNSUITED
        return WISHED if self.wished else SILENT

    def is_ahead(self, now):
        """Still to come: not held, and either a time that has not passed or a ronde in which one can be found."""
        if self.gesprek.is_held:
            return False
        return self.booking.ends_at > now if self.booking else self.gesprek.ronde.is_open

    def asked_by(self, person):
        """Whether this guardian asked to be phoned; what the other parent asked is not hers to see."""
        return any(i.person_id == person.pk for i in self.call_notes)

    @property
    def call_notes(self):
        """The wishes to be phoned that stand: also of who has a time and cannot change it herself any more."""
        return [i for i in self.invitations if self._stands(i.call_me_at)]

    @property
    def unsuited_notes(self):
        """The invitations of which no time suits; a time that was booked since answers it."""
        return [i for i in self.invitations if self._stands(i.none_suits_at)]

    def _stands(self, asked_at):
        return bool(asked_at) and (self.booking is None or asked_at > self.booking.created_at)

    @property
    def is_to_be_called(self):
        return bool(self.call_notes) and not self.gesprek.is_held

    @property
    def is_unsuited(self):
        return bool(self.unsuited_notes) and not self.gesprek.is_held

    def suits_none_of(self, person):
        """Whether this guardian said that no time suits; what the other parent said is not hers to see."""
        return any(i.person_id == person.pk for i in self.unsuited_notes)


def with_everybody(gesprekken):
    """The same gesprekken with the teachers of their groups and everybody who takes part."""
    return gesprekken.prefetch_related(
        Prefetch("groep__lesgeven", Lesgeven.objects.select_related("medewerker__person")),
        Prefetch("deelnames", Deelname.objects.select_related("person")),
    )


def standings(gesprekken):
    """Where these gesprekken (a QuerySet) stand, by name of the pupil; guardians as far as nothing keeps them from it.

    A fixed number of queries.
    """
    rows = (
        gesprekken.filter(cancelled_at__isnull=True)
        .select_related("ronde__school", "groep", "leerling__person", "interpreter_request")
        .prefetch_related(
            Prefetch(
                "bookings",
                Booking.objects.filter(state=Booking.State.ACTIVE).select_related("medewerker__person"),
                to_attr="active_bookings",
            ),
            Prefetch(
                "invitations",
                Invitation.objects.filter(may_be_reached()).select_related("person"),
                to_attr="all_invitations",
            ),
            Prefetch(
                "deelnames",
                Deelname.objects.filter(may_be_reached(), as_role=Deelname.As.OUDER).select_related("person"),
                to_attr="guardians",
            ),
        )
        .order_by(
            "groep__jaargroep", "groep__name", "leerling__person__first_name", "leerling__person__last_name", "pk"
        )
    )
    rows = list(rows)
    wished = _who_wished({gesprek.ronde_id for gesprek in rows if gesprek.ronde.mode == Ronde.Mode.WISHES})
    return [
        Standing(
            gesprek=gesprek,
            booking=gesprek.active_bookings[0] if gesprek.active_bookings else None,
            invitations=gesprek.all_invitations,
            guardians=[deelname.person for deelname in gesprek.guardians],
            wished=[d.person_id for d in gesprek.guardians if (gesprek.ronde_id, d.person_id) in wished],
        )
        for gesprek in rows
    ]


def _who_wished(ronde_ids):
    """{(ronde_id, person_id)} who said when they can. No query where no ronde asks for wishes."""
    if not ronde_ids:
        return set()
    return set(Wish.objects.filter(ronde__in=ronde_ids).values_list("ronde", "person").distinct())


def asked_after_closing():
    """As a Q: gesprekken with a time in a closed ronde about which somebody wants to be phoned; she cannot swap herself."""
    wants = Invitation.objects.filter(call_me_at__isnull=False).values("gesprek")
    has_a_time = Booking.objects.active().values("gesprek")
    return Q(ronde__state=Ronde.State.CLOSED, held_on=None, pk__in=wants) & Q(pk__in=has_a_time)


def ahead(gesprekken):
    """Of these gesprekken (a QuerySet) those about which something may be asked of the school now."""
    return gesprekken.filter(Q(ronde__state=Ronde.State.OPEN) | asked_after_closing())


def counted(rows):
    """{state: how many} over standings, every state present."""
    counts = dict.fromkeys([CHOSEN, CALL, UNSUITED, WISHED, SILENT, HELD], 0)
    for row in rows:
        counts[row.state] += 1
    return counts


def ask_for_call(*, gesprek, by, note="", now=None):
    """A guardian asks to be phoned, with when it suits. Asking again replaces the note."""
    now = now or timezone.now()
    asked = {"call_me_at": now, "call_me_note": note.strip()[:300]}
    with transaction.atomic():
        Invitation.objects.update_or_create(
            gesprek=gesprek,
            person=by.person,
            defaults=asked,
            create_defaults={
                "school_id": gesprek.school_id,
                "channel": Invitation.Channel.MAIL if address_of(by.person) else Invitation.Channel.LETTER,
                "created_at": now,
                **asked,
            },
        )
        audit.record("ask_for_call", gesprek, by=by)


def take_back_call(*, gesprek, by):
    """A guardian need not be phoned any more. Doing it twice is no error."""
    with transaction.atomic():
        mine = Invitation.objects.filter(gesprek=gesprek, person=by.person, call_me_at__isnull=False)
        if mine.update(call_me_at=None, call_me_note=""):
            audit.record("take_back_call", gesprek, by=by)


def called_back(*, gesprek, by, people=None):
    """The wish to be called, or for another time, is fulfilled: staff spoke with the parents, or with these `people`."""
    with transaction.atomic():
        asked = Invitation.objects.filter(gesprek=gesprek)
        if people is not None:
            asked = asked.filter(person__in=people)
        asked.update(call_me_at=None, none_suits_at=None)
        audit.record("called_back", gesprek, by=by)
