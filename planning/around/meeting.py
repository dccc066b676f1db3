"""In what form and where one gesprek is: its own, where it differs from the ronde."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Gesprek
from gesprekken.rondes import RondeRefused
from planning import week
from planning.models import Booking
from planning.times import following
from school import audit, outbox
from school.models import Relatie


class MeetingRefused(Exception):
    """The gesprek stays as it is. `reason` is one of REASONS."""

    REASONS = (
        "closed",  # held or cancelled
        "week",  # inside the week and not agreed with the parent: a reason is needed
    )

    def __init__(self, reason):
        assert reason in self.REASONS
        self.reason = reason
        super().__init__(reason)


def lock(gesprek):
    """The gesprek, locked and as it is now, with its ronde and pupil. Raises MeetingRefused when it is over."""
    gesprek = (
        Gesprek.objects.select_for_update(of=("self",))
        .select_related("ronde__school", "leerling__person", "school")
        .get(pk=gesprek.pk)
    )
    if gesprek.is_held or gesprek.cancelled_at:
        raise MeetingRefused("closed")
    return gesprek


def time_ahead(gesprek, now):
    """The booking of this gesprek that is still to come, or None."""
    ahead = Booking.objects.active().filter(gesprek=gesprek, ends_at__gt=now)
    return ahead.select_related("medewerker__person", "gesprek__leerling").first()


def keep_the_week(gesprek, present, *, what, by, now, agreed, reason):
    """A time inside the week changes only in agreement with the parent, or with a reason that leaves a trace (I2)."""
    if present is None:
        return
    try:
        week.keep(gesprek, present.starts_at, what=what, by=by, now=now, agreed=agreed, reason=reason)
    except week.ReasonNeeded:
        raise MeetingRefused("week") from None


def guardians_in(gesprek):
    """Who takes part and may be told, rung and asked: a restriction holds at once, also for what staff do by hand."""
    return _reachable(gesprek, Deelname.As.OUDER)


def hearing_afterwards(gesprek):
    """Who hears afterwards what was said, as far as she still may."""
    return _reachable(gesprek, Deelname.As.ACHTERAF)


def _reachable(gesprek, role):
    reachable = Relatie.objects.reachable().filter(leerling=gesprek.leerling_id).values("person")
    rows = Deelname.objects.filter(gesprek=gesprek, as_role=role, person__in=reachable)
    return [row.person for row in rows.select_related("person__user").order_by("pk")]


def set_form(*, gesprek, form, place, by, now=None, agreed=False, reason=""):
    """Give the gesprek a form of its own (a Ronde.Form, or empty: as the ronde) and a place, link or number.

    Who has a time is told and the calendars follow (I6). Returns the guardians that are told. Raises MeetingRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        gesprek = lock(gesprek)
        was = (gesprek.actual_form, gesprek.actual_place)
        if (gesprek.form, gesprek.place) == (form, place):
            return []
        gesprek.form, gesprek.place = form, place
        Gesprek.objects.filter(pk=gesprek.pk).update(form=form, place=place)
        audit.record("set_form", gesprek, by=by, form=form)
        present = time_ahead(gesprek, now)
        if present is None or (gesprek.actual_form, gesprek.actual_place) == was:
            return []
        keep_the_week(gesprek, present, what=week.What.PLACE, by=by, now=now, agreed=agreed, reason=reason)
        following.raise_sequences([gesprek])
        told = guardians_in(gesprek)
        for person in told:
            outbox.put_again("planning.place_changed", person, present)
    return told


# --- of a whole ronde ---------------------------------------------------------------------------------------------------


def tell_new_place(*, ronde, by, now, reason=""):
    """The ronde is somewhere else, or in another form: calendars follow, parents hear it. Returns how many gesprekken.

    What was told less than a week ahead needs a reason (I2); without one the change itself is refused.
    """
    with transaction.atomic():
        bookings = list(
            Booking.objects.active()
            .filter(gesprek__ronde=ronde, gesprek__cancelled_at=None, gesprek__held_on=None, starts_at__gt=now)
            .filter(gesprek__form="", gesprek__place="")  # the others are where they were
            .order_by("starts_at")
        )
        if not bookings:
            return 0
        _reason_for_new_place(ronde, bookings[0], by=by, now=now, reason=reason)
        following.raise_sequences([booking.gesprek_id for booking in bookings])
        following.tell_again("planning.place_changed", bookings, now=now)
        audit.record("tell_new_place", ronde, by=by, gesprekken=len(bookings), exception=bool(reason))
    return len(bookings)


def _reason_for_new_place(ronde, first, *, by, now, reason):
    zone = ronde.school.zone
    on = first.starts_at.astimezone(zone).date()
    if not week.is_near(on, now=now, zone=zone):
        return
    if not reason.strip():
        raise RondeRefused(
            _(
                "Binnen een week zijn er al gesprekken, en ouders rekenen op de plaats die ze kennen. "
                "Schrijf op waarom het toch verandert; er is nog niets gewijzigd."
            ),
            "reason",
        )
    week.note([(ronde.pk, None, on)], reason, what=week.What.PLACE, by=by, now=now)
