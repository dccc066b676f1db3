"""The one thing a member of staff works on: chosen after a look back, asked first in the next one, ended when it is done.

Like looking back itself these verbs leave no AuditEvent (docs/decisions/0060-own-scores.md).
"""

from django.db import transaction

from kijkwijzer.models import Ontwikkelpunt
from school.models import Person


def current(ontwikkelpunten):
    """The open one among `ontwikkelpunten` (the visible ones of one person), or None."""
    return ontwikkelpunten.filter(ended_at__isnull=True).first()


def earlier(ontwikkelpunten):
    """Those that were ended, the latest first."""
    return list(ontwikkelpunten.filter(ended_at__isnull=False).order_by("-ended_at", "-pk"))


def choose(*, by, factor, words="", terugblik=None, now):
    """Work on `factor` from now on; what was worked on before is ended. The same factor again keeps its beginning and
    takes the new words. Returns the Ontwikkelpunt.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=by.person.pk)  # two tabs, one after the other
        own = Ontwikkelpunt.objects.filter(person=person, ended_at__isnull=True)
        if own.filter(factor=factor).update(words=words):
            return own.get()
        own.update(ended_at=now)
        return Ontwikkelpunt.objects.create(
            school=by.school, person=person, factor=factor, words=words, terugblik=terugblik, chosen_at=now
        )


def end(*, by, now):
    """Work on nothing in particular any more. Ending twice is no error."""
    Ontwikkelpunt.objects.filter(person=by.person, ended_at__isnull=True).update(ended_at=now)
