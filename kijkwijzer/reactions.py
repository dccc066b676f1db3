"""How this floor reacts to what happens below."""

from django.utils.translation import gettext as _

from kijkwijzer.instrument import load_instrument
from kijkwijzer.looking import observing
from school import registry


@registry.reaction("school_founded")
def lay_instrument_ready(school):
    load_instrument(school)


@registry.reaction("talks_changed")
def tell_observers(gesprekken):
    observing.tell_observers(gesprekken)


@registry.also_there
def observers(gesprekken):
    """Colleagues who said that they come, as a family reads it: they sit in to look at the teacher."""
    found = {}
    for invite in observing.who_come(gesprekken):
        words = _("%(name)s (kijkt mee met de leerkracht)") % {"name": invite.observer.name}
        found.setdefault(invite.gesprek_id, []).append(words)
    return found
