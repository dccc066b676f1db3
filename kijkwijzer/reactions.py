"""How this floor reacts to what happens below."""

from kijkwijzer.instrument import load_instrument
from school import registry


@registry.reaction("school_founded")
def lay_instrument_ready(school):
    load_instrument(school)
