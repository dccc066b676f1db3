"""Too short? The gesprek that follows this one: with the same family, in a ronde that is held on request."""

from django.db import transaction
from django.utils import timezone

from gesprekken import aanvragen
from gesprekken.models import Gesprek, Ronde
from gesprekken.permissions import choosable_leerlingen
from school import audit


def rondes_for(gesprek, rondes, *, now):
    """Of these, the open rondes on request that this child's group is in and that are not over, first day first."""
    today = now.astimezone(gesprek.school.zone).date()
    return list(
        rondes.filter(
            whom=Ronde.Whom.ASKED,
            state=Ronde.State.OPEN,
            ends_on__gte=today,
            groepen__leerlingen=gesprek.leerling_id,
        )
        .exclude(pk=gesprek.ronde_id)
        .exclude(gesprekken__leerling=gesprek.leerling_id)
        .select_related("soort")
        .order_by("starts_on", "pk")
        .distinct()
    )


def follow_up(*, gesprek, ronde, by, now=None, reason=""):
    """Make the next gesprek in this ronde and invite the family, who choose a time as ever. Returns it.

    Raises aanvragen.AanvraagRefused: `no_ronde` where this child cannot have one there, `week` for want of a reason (I2).
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = Ronde.objects.select_for_update().get(pk=ronde.pk)
        if not rondes_for(gesprek, Ronde.objects.filter(pk=locked.pk), now=now):
            raise aanvragen.AanvraagRefused("no_ronde")
        leerling = gesprek.leerling
        if not choosable_leerlingen(by, locked).filter(pk=leerling.pk).exists():  # of another teacher by now
            raise aanvragen.AanvraagRefused("no_ronde")
        aanvragen.choose(ronde=locked, leerlingen=[leerling], among=[leerling], by=by, now=now, reason=reason)
        made = Gesprek.objects.filter(ronde=locked, leerling=gesprek.leerling_id, cancelled_at=None).order_by("pk")
        following = made.filter(party=gesprek.party).first() or made.first()
        if following is None:
            raise aanvragen.AanvraagRefused("no_ronde")
        Gesprek.objects.filter(pk=following.pk).update(follows=gesprek)
        following.follows = gesprek
        audit.record("follow_up", following, by=by, follows=gesprek.pk)
    return following
