"""Who may see and score what. A teacher's scores are the teacher's own (K4): leadership does not see them."""

from kijkwijzer.permissions.evidence import visible_evidence, visible_record_of
from kijkwijzer.permissions.leading import may_see_overview, visible_rondes_to_follow
from kijkwijzer.permissions.looking import (
    colleagues_of,
    may_look_back,
    may_share,
    readable_terugblikken,
    still_here,
    visible_instruments,
    visible_invites,
    visible_ontwikkelpunten,
    visible_sharings,
    visible_terugblikken,
    visible_to_look_back,
    visible_to_observe,
)
from kijkwijzer.permissions.practising import (
    may_choose_instrument,
    visible_led_sittings,
    visible_own_instruments,
    visible_practice,
    visible_sittings,
)

__all__ = [
    "colleagues_of",
    "may_choose_instrument",
    "may_look_back",
    "may_see_overview",
    "may_share",
    "readable_terugblikken",
    "still_here",
    "visible_evidence",
    "visible_instruments",
    "visible_invites",
    "visible_led_sittings",
    "visible_ontwikkelpunten",
    "visible_own_instruments",
    "visible_practice",
    "visible_record_of",
    "visible_rondes_to_follow",
    "visible_sharings",
    "visible_sittings",
    "visible_terugblikken",
    "visible_to_look_back",
    "visible_to_observe",
]
