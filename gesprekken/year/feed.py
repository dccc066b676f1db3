"""The shared year as an iCalendar feed: rondes, activities, free days and advice moments; never a child or a parent.

UIDs are for life and the sequence only rises with a publication that changes the entry, so that a subscribed calendar
moves an item instead of doubling it.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from gesprekken.standard_words import as_read
from gesprekken.year.entries import ACTIVITEIT, ADVIES, RONDE, VRIJ, for_whom

REFRESH = timedelta(hours=12)  # how often a calendar program asks again; the year changes seldom


def year_calendar(school, shared):
    """The bytes of the feed. `shared`: (plan, entries, groepen) per published school year."""
    calendar = Calendar()
    calendar.add("prodid", "-//gesprekken//jaar//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name_for_subscribers(calendar, _("Gesprekken op %(school)s") % {"school": school.name}, refresh=REFRESH)
    for plan, entries, groepen in shared:
        for entry in entries:
            calendar.add_component(event_of(entry, plan, groepen, school.zone))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def name_for_subscribers(calendar, name, *, refresh):
    """What a calendar program calls the subscription, and how often it is asked to look again."""
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))


def uid_of(key):
    """The UID, for life, of an item that is known by this key in this installation."""
    return f"{key}@{urlsplit(settings.BASE_URL).hostname}"


def event_of(entry, plan, groepen, zone, *, for_staff=False):
    event = Event()
    event.add("uid", uid_of(entry.key))
    event.add("dtstamp", plan.published_at)
    event.add("sequence", entry.sequence)
    event.add("summary", summary_of(entry) if for_staff else as_read(summary_of(entry)))
    event.add("description", description_of(entry, groepen, for_staff))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [CATEGORIES[entry.sort]])
    if entry.place:
        event.add("location", entry.place)
    if entry.from_time and entry.until_time:
        event.add("dtstart", datetime.combine(entry.starts_on, entry.from_time, zone))
        event.add("dtend", datetime.combine(entry.starts_on, entry.until_time, zone))
    else:
        event.add("dtstart", entry.starts_on)
        event.add("dtend", entry.ends_on + timedelta(days=1))  # a calendar's last day does not count
    return event


CATEGORIES = {RONDE: "GESPREKKEN", VRIJ: "VRIJ", ADVIES: "ADVIES", ACTIVITEIT: "ACTIVITEIT"}


def summary_of(entry):
    return _("Vrij: %(name)s") % {"name": entry.name} if entry.sort == VRIJ else entry.label


def description_of(entry, groepen, for_staff):
    lines = []
    if entry.sort != VRIJ:
        lines.append(_("Voor: %(who)s.") % {"who": for_whom(entry, groepen)})
    if entry.sort == RONDE and not for_staff:
        lines.append(_("In deze dagen zijn de gesprekken. U kiest een eigen tijd zodra u een uitnodiging krijgt."))
    if entry.times and not entry.until_time:
        lines.append(_("Begint om %(time)s.") % {"time": entry.times})
    return "\n".join(lines)
