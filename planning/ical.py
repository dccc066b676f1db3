"""Appointments as iCalendar: same UID for life, a sequence that only rises, one receiver per file (I6)."""

import functools
import zoneinfo
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText
from icalendar.prop import vRecur

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
    school = booking.school
    calendar = new_calendar(method, school.timezone, now)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at.astimezone(school.zone))
    event.add("dtend", booking.ends_at.astimezone(school.zone))
    event.add("summary", summary)
    event.add("location", location)
    event.add("description", description)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["cn"] = vText(school.from_name)
    event.add("organizer", organizer)
    if entry.person.email and method != PUBLISH:
        attendee = vCalAddress(f"mailto:{entry.person.email}")
        attendee.params.update({"cn": vText(entry.person.name), "role": vText("REQ-PARTICIPANT")})
        attendee.params["partstat"] = vText("ACCEPTED")
        event.add("attendee", attendee)
    calendar.add_component(event)
    return calendar.to_ical()


def withdrawn(*, entry, summary, now):
    """The end of an appointment for one person, without a time: she may not know when it is now."""
    school = entry.school
    calendar = new_calendar(CANCEL, school.timezone, now)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("summary", summary)
    event.add("status", "CANCELLED")
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["cn"] = vText(school.from_name)
    event.add("organizer", organizer)
    calendar.add_component(event)
    return calendar.to_ical()


def summary_of(gesprek):
    return _("Gesprek over %(name)s (%(school)s)") % {
        "name": gesprek.leerling.person.first_name,
        "school": gesprek.school.name,
    }
