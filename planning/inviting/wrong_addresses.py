"""Guardians whom mail does not reach (I4): whose address came back, and asking again once it was mended."""

from django.db import transaction

from gesprekken.models import Deelname, Gesprek, Ronde
from planning.inviting import sending
from planning.models import Booking, Invitation, Wish
from school import audit
from school.models import Bounce, Person, Relatie


def guardians_not_reached(gesprekken):
    """{gesprek id: [Person]}: the guardians of these gesprekken whose address came back. A fixed number of questions.

    Only guardians who may be told about the gesprek: nobody rings somebody who may have no contact.
    """
    rows = Deelname.objects.filter(gesprek__in=gesprekken, as_role=Deelname.As.OUDER, gesprek__cancelled_at=None)
    wrong = rows.filter(person__in=Bounce.objects.standing().values("person")).select_related("person")
    may_be_told = set(
        Relatie.objects.reachable().values_list("person", "leerling").filter(person__in=wrong.values("person"))
    )
    found = {}
    for row in wrong.select_related("gesprek").order_by("gesprek", "pk"):
        if (row.person_id, row.gesprek.leerling_id) in may_be_told:
            found.setdefault(row.gesprek_id, []).append(row.person)
    return found


def invite_again(*, person, by, now):
    """Send the invitation again for every open ronde in which this guardian did not react yet. Returns the rondes."""
    with transaction.atomic():
        waiting = Ronde.objects.filter(state=Ronde.State.OPEN, gesprekken__in=_without_reaction(person))
        rondes = list(waiting.distinct().order_by("pk"))
        for ronde in rondes:
            # Who gets mail needs no letter any more; one that was printed is in a bag already.
            hers = Invitation.objects.filter(person=person, gesprek__ronde=ronde)
            hers.filter(printed_at=None).update(channel=Invitation.Channel.MAIL)
            sending.put_invitations(ronde, hers.select_related("person", "gesprek"), now=now)
            audit.record("invite_again", ronde, by=by, person=person.pk)
    return rondes


def _without_reaction(person: Person):
    """Her gesprekken without a time, a wish, or a word that she wants to be phoned or that no time suits."""
    reacted = Invitation.objects.filter(person=person).exclude(call_me_at=None, none_suits_at=None)
    reachable = Relatie.objects.reachable().filter(person=person).values("leerling")
    return (
        Gesprek.objects.filter(
            pk__in=Deelname.objects.filter(person=person, as_role=Deelname.As.OUDER).values("gesprek"),
            leerling__in=reachable,
            cancelled_at=None,
            held_on=None,
        )
        .exclude(
            pk__in=Booking.objects.active().values("gesprek"),
        )
        .exclude(
            pk__in=reacted.values("gesprek"),
        )
        .exclude(
            ronde__in=Wish.objects.filter(person=person).values("ronde"),
        )
    )
