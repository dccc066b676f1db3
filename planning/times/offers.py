"""A time the school proposes: it becomes the time of a gesprek when a parent says yes. Nothing is kept free for it.

An offer is open until it is answered, taken back, followed by a new one, or made pointless by a time that was booked or
let go of since. Inside the week this is how a time is agreed on without a telephone (I2).
"""

from django.db import transaction
from django.utils import timezone

from gesprekken.models import Gesprek
from planning.emails import told_by_mail
from planning.inviting import followup
from planning.models import Booking, TimeOffer
from planning.times import booking, presence
from school import audit, outbox

MESSAGE = "planning.time_offer"


class OfferRefused(Exception):
    """Nothing was proposed or agreed. `reason` is one of REASONS; the page has a sentence for each."""

    REASONS = (
        "closed",  # the ronde is not open, or the gesprek is over
        "past",  # the time has been
        "taken",  # somebody else has it by now, or not everybody can be there any more
        "answered",  # one of the parents answered, or the school took it back or changed the time
        "no_colleague",  # an advice gesprek without a second colleague
        "nobody",  # no parent of this gesprek can be written to
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


# --- which offers there are ------------------------------------------------------------------------------------------


def by_gesprek(offers):
    """{gesprek id: the offer that waits for an answer, with `is_taken`}, one query; leaves out what has been."""
    rows = offers.open().with_taken().filter(slot__starts_at__gt=timezone.now())
    return {offer.gesprek_id: offer for offer in rows.select_related("slot__medewerker__person")}


def newest(offers):
    """The last of these offers, with its time and who answered, `is_open` and `is_taken`; or None."""
    offer = offers.with_taken().select_related("slot__medewerker__person", "answered_by").first()
    if offer:
        offer.is_open = TimeOffer.objects.open().filter(pk=offer.pk).exists()
    return offer


def why_not(offer, gesprek, *, now):
    """Why this offer cannot be taken, as a reason of OfferRefused, or an empty string."""
    try:
        booking.check_open(gesprek)
    except booking.BookingRefused:
        return "closed"
    if not offer.is_open:
        return "answered"
    if offer.slot.starts_at <= now:
        return "past"
    if booking.is_without_colleague(gesprek, presence.of(gesprek)):
        return "no_colleague"
    return "" if offer.slot in presence.free_slots(gesprek, now=now) else "taken"


# --- the verbs -------------------------------------------------------------------------------------------------------


def propose(*, gesprek, slot, by, now=None):
    """Propose this time to the guardians by mail; an earlier proposal goes. Returns the TimeOffer. Raises OfferRefused.

    For who gets the mail it answers her wish to be phoned; whom no mail reaches still wants to be called.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = _lock(gesprek)
        offer = TimeOffer(gesprek=gesprek, slot=slot, school_id=gesprek.school_id, by=by.person, created_at=now)
        offer.is_open = True
        if reason := why_not(offer, gesprek, now=now):
            raise OfferRefused(reason)
        told = told_by_mail(gesprek)
        if not told:
            raise OfferRefused("nobody")
        gesprek.time_offers.filter(answered_at=None).update(answered_at=now, answered_by=by.person)
        offer.save()
        audit.record("propose_time", gesprek, by=by, slot=slot.pk)
        outbox.put_many(MESSAGE, [(person, offer) for person in told], now=now)
        followup.called_back(gesprek=gesprek, by=by, people=told)
    return offer


def accept(*, offer, by, now=None):
    """A guardian says yes: the gesprek has this time, in the place of another. Returns the Booking.

    Saying yes twice, or both parents, is no error. Raises OfferRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek, offer = _lock_both(offer)
        held = Booking.objects.active().filter(gesprek=gesprek).first()
        if offer.accepted and held and held.slot_id == offer.slot_id:
            return held
        if not offer.is_open:
            raise OfferRefused("answered")
        try:
            booked = booking.take_offered(slot=offer.slot, gesprek=gesprek, by=by, now=now)
        except booking.BookingRefused as refused:
            known = refused.reason in ("closed", "past", "no_colleague")
            raise OfferRefused(refused.reason if known else "taken") from None
        _answer(offer, accepted=True, by=by, now=now)
        audit.record("accept_time", gesprek, by=by, slot=offer.slot_id)
    return booked


def decline(*, offer, by, now=None):
    """A guardian says that this time does not suit. Doing it twice is no error. Raises OfferRefused."""
    now = now or timezone.now()
    with transaction.atomic():
        gesprek, offer = _lock_both(offer)
        if offer.accepted is False:
            return
        if not offer.is_open:
            raise OfferRefused("answered")
        _answer(offer, accepted=False, by=by, now=now)
        audit.record("decline_time", gesprek, by=by, slot=offer.slot_id)


def withdraw(*, offer, by, now=None):
    """The school takes its proposal back. Once it is answered there is nothing to take back, which is no error."""
    now = now or timezone.now()
    with transaction.atomic():
        gesprek, offer = _lock_both(offer)
        if offer.answered_at is None:
            _answer(offer, accepted=None, by=by, now=now)
            audit.record("withdraw_offer", gesprek, by=by, slot=offer.slot_id)


def _lock(gesprek):
    """The gesprek first, as everywhere: who books it, or answers for it, waits here."""
    locked = Gesprek.objects.select_for_update(of=("self",))
    return locked.select_related("ronde__school", "ronde__soort", "school").get(pk=gesprek.pk)


def _lock_both(offer):
    """The gesprek and the offer as they are now. An offer whose time was taken back is gone: answered, in words."""
    gesprek = _lock(offer.gesprek)
    offer = newest(gesprek.time_offers.filter(pk=offer.pk))
    if offer is None:
        raise OfferRefused("answered")
    return gesprek, offer


def _answer(offer, *, accepted, by, now):
    TimeOffer.objects.filter(pk=offer.pk).update(accepted=accepted, answered_by=by.person, answered_at=now)
