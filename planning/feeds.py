"""One's own gesprekken in one's own calendar program, by a secret address (I6).

A feed is built anew for every request and asks every time what its owner may see now. An appointment has the UID and the
sequence that its mails have. Nothing in it depends on the clock but what is long over, so that an unchanged feed is
byte for byte the same.
"""

from collections import defaultdict
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Event

from gesprekken.permissions import own_groepen
from gesprekken.standard_words import as_read
from gesprekken.year import entries, feed
from planning import ical
from planning.activities import guests, items
from planning.emails import location_of
from planning.inviting.wording import and_list
from planning.models import Booking
from planning.permissions import entries_in_feed
from school import access, audit
from school.actor import ACCOUNT, LINK, Actor
from school.languages import language_of
from school.models import AccessLink, Relatie

PURPOSE = AccessLink.Purpose.FEED
REFRESH = timedelta(hours=1)  # an evening of gesprekken can change on the day itself


# --- the address -----------------------------------------------------------------------------------------------------


def renew(*, by, now=None):
    """A secret address for one's own feed, returned once. The earlier one of this person stops working."""
    now = now or timezone.now()
    with transaction.atomic():
        _revoke(by.person, now)
        token = access.mint_link(by.person, expires_at=now + timedelta(days=settings.FEED_DAYS), purpose=PURPOSE)
        audit.record("renew_feed", by.person, by=by)
    return token


def revoke(*, by, now=None):
    """The address stops working at once. Returns whether there was one."""
    with transaction.atomic():
        gone = _revoke(by.person, now or timezone.now())
        if gone:
            audit.record("revoke_feed", by.person, by=by)
    return bool(gone)


def _revoke(person, now):
    return AccessLink.objects.filter(person=person, purpose=PURPOSE, revoked_at__isnull=True).update(revoked_at=now)


def address_in_use(person, *, now=None):
    """The AccessLink of this person's feed, or None. The address itself is known to nobody but her."""
    links = AccessLink.objects.filter(person=person, purpose=PURPOSE, revoked_at__isnull=True)
    return links.filter(expires_at__gt=now or timezone.now()).first()


# --- what a calendar program gets ------------------------------------------------------------------------------------


def served(token, *, now=None):
    """The bytes of the feed at this address, or None where there never was one.

    An address that worked once gives an empty calendar: a program that finds nothing at all keeps showing what it had.
    """
    now = now or timezone.now()
    link = access.find_link(token, now=now, purposes=(PURPOSE,))
    if link is None:
        return _closed(now) if access.has_worked(token, purposes=(PURPOSE,)) else None
    actor = _owner(link.person, now)
    if actor is None:
        return _closed(now)
    with translation.override(language_of(link.person)), timezone.override(actor.school.zone):
        return calendar_of(actor, now=now)


def _owner(person, now):
    """This person under the one hat she has; None for who works here no longer."""
    medewerker = getattr(person, "medewerker", None)
    if medewerker is None:
        return Actor(person, LINK)
    today = now.astimezone(person.school.zone).date()
    return Actor(person, ACCOUNT) if medewerker.is_here_on(today) else None


def _closed(now):
    calendar = ical.new_calendar(ical.PUBLISH, settings.TIME_ZONE, now)
    feed.name_for_subscribers(calendar, _("Dit agenda-adres werkt niet meer"), refresh=REFRESH)
    return calendar.to_ical()


def calendar_of(actor, *, now):
    """Everything that stands in this person's feed, as bytes."""
    calendar = ical.new_calendar(ical.PUBLISH, actor.school.timezone, now)
    name = _("Gesprekken op %(school)s") % {"school": actor.school.name}
    feed.name_for_subscribers(calendar, name, refresh=REFRESH)
    since = now - entries.LINGERS
    for event in [*own_appointments(actor, since), *days_of_the_year(actor, now), *teachers_days(actor, since)]:
        calendar.add_component(event)
    return calendar.to_ical()


def own_appointments(actor, since):
    """The gesprekken this person sits at, from `since` on."""
    rows = entries_in_feed(actor).select_related("gesprek__ronde", "gesprek__leerling__person", "gesprek__groep")
    mine = {entry.gesprek_id: entry for entry in rows}
    bookings = Booking.objects.active().filter(gesprek__in=mine, ends_at__gte=since).order_by("starts_at", "pk")
    for booking in bookings:
        entry = mine[booking.gesprek_id]
        gesprek = entry.gesprek
        booking.school = gesprek.school = gesprek.ronde.school = actor.school
        yield ical.event_of(
            entry=entry,
            booking=booking,
            summary=ical.summary_for_staff(gesprek) if actor.is_staff else ical.summary_of(gesprek),
            location=location_of(gesprek),
            description=gesprek.ronde.name if actor.is_staff else as_read(gesprek.ronde.name),
            stamp=booking.created_at,
        )


def days_of_the_year(actor, now):
    """Rondes, activities and advice dates as they were shared; for families also the free days.

    An activity she comes to stands there once, as an appointment of hers.
    """
    if not actor.is_staff and not Relatie.objects.reachable().filter(person=actor.person).exists():
        return
    comes = set()
    if not actor.is_staff:
        for row in guests.signed_up(actor).filter(activiteit__called_off_at=None):
            comes.add(f"activiteit-{row.activiteit_id}")
            if guests.ends_at(row.activiteit) >= now - entries.LINGERS:
                yield items.event_of(row, stamp=row.created_at)
    own = actor.groep_ids if actor.is_staff else set(own_groepen(actor.person).values_list("pk", flat=True))
    today = now.astimezone(actor.school.zone).date()
    for _year, plan, groepen in entries.shared_plans(actor.school, today):
        mine = [] if actor.is_leiding else [groep for groep in groepen if groep.pk in own]
        shown = entries.entries_published(plan)
        for entry in entries.concerning(shown, mine) if mine else shown:  # without a group of one's own: the whole year
            if not (actor.is_staff and entry.sort == entries.VRIJ) and entry.key not in comes:
                yield feed.event_of(entry, plan, mine or groepen, actor.school.zone, for_staff=actor.is_staff)


# --- leadership: who has gesprekken when -----------------------------------------------------------------------------


def teachers_days(actor, since):
    """For leadership one block per teacher and day, with how many gesprekken: an evening has forty of them."""
    if not actor.is_leiding:
        return
    days = defaultdict(list)
    about = Booking.objects.filter(school=actor.school, ends_at__gte=since).exclude(medewerker__person=actor.person)
    zone = actor.school.zone
    for booking in about.select_related("medewerker__person", "gesprek__ronde", "gesprek__groep").order_by("starts_at"):
        days[booking.medewerker, booking.starts_at.astimezone(zone).date()].append(booking)
    for (medewerker, on), bookings in days.items():
        active = [booking for booking in bookings if booking.state == Booking.State.ACTIVE]
        if active:
            yield _block(medewerker, on, active, len(bookings), zone)


def _block(medewerker, on, active, ever, zone):
    """`ever`: how many times were given that day, those that were cancelled too."""
    event = Event()
    event.add("uid", feed.uid_of(f"dag-{medewerker.pk}-{on:%Y%m%d}"))
    event.add("sequence", 2 * ever - len(active))  # rises with every time that is given and every one let go of
    event.add("dtstamp", max(booking.created_at for booking in active))
    event.add("dtstart", active[0].starts_at.astimezone(zone))
    event.add("dtend", max(booking.ends_at for booking in active).astimezone(zone))
    count = ngettext("%(count)s gesprek", "%(count)s gesprekken", len(active)) % {"count": len(active)}
    event.add("summary", f"{medewerker.person.name}: {count}")
    groepen = and_list(dict.fromkeys(booking.gesprek.groep.name for booking in active))
    rondes = and_list(dict.fromkeys(booking.gesprek.ronde.name for booking in active))
    event.add("description", f"{rondes}\n{groepen}")
    event.add("transp", "TRANSPARENT")
    return event
