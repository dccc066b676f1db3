"""The calendar item of an activity for who comes: one UID for life, a sequence that only rises (I6)."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.year import feed
from planning import ical
from planning.activities import guests


class Item:
    """What ical asks of an entry: the identity of this item for this person."""

    def __init__(self, row):
        self.uid = feed.uid_of(f"activiteit-{row.activiteit_id}-{row.person_id}")
        self.sequence, self.person = row.sequence, row.person


def event_of(row, *, stamp):
    """The activity as it stands, for a file or a feed. `row`: her SignUp."""
    activiteit = row.activiteit
    event = ical.newest(Item(row), f"{activiteit.name} ({activiteit.school.name})", stamp)
    if activiteit.starts:
        starts = guests.begins_at(activiteit)
        event.add("dtstart", starts)
        event.add("dtend", guests.ends_at(activiteit) if activiteit.ends else starts + timedelta(hours=1))
    else:
        event.add("dtstart", activiteit.on)
        event.add("dtend", activiteit.on + timedelta(days=1))
    event.add("location", activiteit.place or activiteit.school.address or activiteit.school.name)
    event.add("description", with_how_many(row.number))
    event.add("organizer", ical.organizer_of(activiteit.school))
    event.add("status", "CONFIRMED")
    return event


def with_how_many(number):
    sentence = ngettext("U komt met %(n)s persoon.", "U komt met %(n)s mensen.", number)
    return sentence % {"n": number} if number > 1 else _("U komt alleen.")


def file_of(row, *, method, now):
    """The same as bytes, for one mail."""
    event = event_of(row, stamp=now)
    event["status"] = ical.vText("CANCELLED" if method == ical.CANCEL else "CONFIRMED")
    ical.add_attendee(event, row.person)
    calendar = ical.new_calendar(method, row.activiteit.school.timezone, now)
    calendar.add_component(event)
    return calendar.to_ical()


def attachment(row, *, method, now):
    return ical.attached("activiteit.ics", file_of(row, method=method, now=now), method)
