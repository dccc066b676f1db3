"""Appointments as iCalendar: same UID for life, a sequence that only rises, one receiver per file (I6)."""

import functools
import zoneinfo
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText
from icalendar.prop import vRecur

from school.outbox import Attachment, address_of

PRODID = "-//gesprekken//NL"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
# Zones that change their clocks by the European rule, an hour ahead of UTC in winter.
CENTRAL_EUROPEAN = {"Europe/Amsterdam", "Europe/Brussels", "Europe/Paris", "Europe/Berlin", "Europe/Luxembourg"}


@functools.lru_cache(maxsize=16)
def timezone_component(name, this_year):
    """The VTIMEZONE of a zone, made once: making it per event costs six times the event itself."""
    if name in CENTRAL_EUROPEAN:
        return european_timezone(name)
    return Timezone.from_tzinfo(
        zoneinfo.ZoneInfo(name), first_date=date(this_year - 1, 1, 1), last_date=date(this_year + 3, 1, 1)
    )


def european_timezone(name):
    zone = Timezone()
    zone.add("tzid", name)
    for kind, label, starts, month, before, after in [
        (TimezoneStandard, "CET", datetime(1970, 10, 25, 3), 10, 2, 1),
        (TimezoneDaylight, "CEST", datetime(1970, 3, 29, 2), 3, 1, 2),
    ]:
        change = kind()
        change.add("dtstart", starts)
        change.add("rrule", vRecur({"freq": "yearly", "bymonth": month, "byday": "-1SU"}))
        change.add("tzoffsetfrom", timedelta(hours=before))
        change.add("tzoffsetto", timedelta(hours=after))
        change.add("tzname", label)
        zone.add_component(change)
    return zone


def new_calendar(method, zone_name, now):
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(timezone_component(zone_name, now.year))
    return calendar


def appointment(*, entry, booking, summary, location, description, method, now):
    """One appointment for one person, as bytes. Holds logistics only: no word about the child's development."""
    event = event_of(
        entry=entry, booking=booking, summary=summary, location=location, description=description, stamp=now
    )
    event["status"] = vText("CANCELLED" if method == CANCEL else "CONFIRMED")
    if method != PUBLISH:
        add_attendee(event, entry.person)
    calendar = new_calendar(method, booking.school.timezone, now)
    calendar.add_component(event)
    return calendar.to_ical()


def event_of(*, entry, booking, summary, location, description, stamp):
    """The appointment as it stands, for a file or a feed. `stamp`: as of when."""
    zone = booking.school.zone
    event = newest(entry, summary, stamp)
    event.add("dtstart", booking.starts_at.astimezone(zone))
    event.add("dtend", booking.ends_at.astimezone(zone))
    event.add("location", location)
    event.add("description", description)
    event.add("status", "CONFIRMED")
    event.add("organizer", organizer_of(booking.school))
    return event


def withdrawn(*, entry, summary, now):
    """The end of an appointment for one person, without a time: she may not know when it is now."""
    event = newest(entry, summary, now)
    event.add("status", "CANCELLED")
    event.add("organizer", organizer_of(entry.school))
    add_attendee(event, entry.person)
    calendar = new_calendar(CANCEL, entry.school.timezone, now)
    calendar.add_component(event)
    return calendar.to_ical()


def newest(entry, summary, stamp):
    """An event that calendars take for the newest word about this entry."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", stamp)
    event.add("summary", summary)
    return event


def organizer_of(school):
    """Who alone may change or withdraw the appointment, in the eyes of a calendar: the same address for life."""
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["cn"] = vText(school.from_name)
    return organizer


def add_attendee(event, person):
    """The receiver, at the address the mail goes to: calendar programs look for themselves in it."""
    attendee = vCalAddress(f"mailto:{address_of(person)}")
    attendee.params.update({"cn": vText(person.name), "role": vText("REQ-PARTICIPANT")})
    attendee.params["partstat"] = vText("ACCEPTED")
    event.add("attendee", attendee)


def attached(name, content, method):
    """The file as mail carries it, with its method outside too. Django itself says that it is UTF-8."""
    return Attachment(name, content, f"text/calendar; method={method}")


def summary_of(gesprek):
    return _("Gesprek over %(name)s (%(school)s)") % {
        "name": gesprek.leerling.person.first_name,
        "school": gesprek.school.name,
    }


def summary_for_staff(gesprek):
    """For a colleague, who knows her groups: no surname in a calendar that others may host."""
    about = {"name": gesprek.leerling.person.first_name, "groep": gesprek.groep.name}
    return _("Gesprek over %(name)s, %(groep)s") % about
