"""Who practises, who leads, who sees what came of it (K3, K4), and who chooses the instrument."""

from kijkwijzer.models import Instrument, Sitting, Terugblik


def visible_practice(actor):
    """One's own scores of films, and nobody else's: not the leader's of the sitting, not the leadership's."""
    rows = Terugblik.objects.filter(school=actor.school, mode=Terugblik.Mode.FILM)
    return rows.filter(observer=actor.person) if actor.is_staff and actor.person else rows.none()


def visible_sittings(actor):
    """Everybody who signs in at this school may take part and may see the pictures that were shown."""
    rows = Sitting.objects.filter(school=actor.school)
    return rows if actor.is_staff and actor.person else rows.none()


def visible_led_sittings(actor):
    """Those one leads oneself: to others the page with the count does not exist."""
    return visible_sittings(actor).filter(leader=actor.person)


def may_choose_instrument(actor):
    return actor.is_leiding


def visible_own_instruments(actor):
    """Every instrument of the school, for who may choose among them."""
    rows = Instrument.objects.filter(school=actor.school)
    return rows if may_choose_instrument(actor) else rows.none()
