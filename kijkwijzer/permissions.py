"""Who may see and score what. A teacher's scores are the teacher's own (K4): leadership does not see them."""

from gesprekken.permissions import conducts
from kijkwijzer.models import Instrument, Terugblik


def visible_terugblikken(actor):
    rows = Terugblik.objects.filter(school=actor.school)
    return rows.filter(observer=actor.person) if actor.is_staff and actor.person else rows.none()


def visible_instruments(actor):
    rows = Instrument.objects.filter(school=actor.school)
    return rows if actor.is_staff else rows.none()


def may_look_back(actor, gesprek):
    """Who held the gesprek looks back on it."""
    return conducts(actor, gesprek)


def may_see_overview(actor):
    """Reach and follow-up per ronde and group: leadership and the intern begeleider."""
    return actor.is_leiding or actor.is_ib
