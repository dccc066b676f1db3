"""As if a ronde were open: so that leadership sees a parent's page before anybody is invited. Everything is undone."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Ronde
from gesprekken.parties import create_gesprekken, leerlingen_in_groepen
from planning.around import interpreters


@contextmanager
def rehearsed(ronde, leerlingen, *, now=None):
    """Inside, these pupils have their gesprekken in this ronde; afterwards nothing of it was ever there.

    Whatever is done inside is undone with it, also in a ronde that is open: looking changes nothing.
    """
    now = now or timezone.now()
    with transaction.atomic():
        if Ronde.objects.filter(pk=ronde.pk, state=Ronde.State.DRAFT).update(state=Ronde.State.OPEN, opened_at=now):
            ronde.refresh_from_db()
            wanted = {leerling.pk for leerling in leerlingen}
            pairs = [(leerling, groep) for leerling, groep in leerlingen_in_groepen(ronde) if leerling.pk in wanted]
            planned = create_gesprekken(ronde, pairs)
            interpreters.request_for([gesprek for gesprek, _guardians in planned], now=now)
        yield
        transaction.set_rollback(True)
