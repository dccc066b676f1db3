"""A calendar that does with a mailed file what RFC 5546 says, and refuses what the RFC does not allow.

It shares no code with the product: files are read by `vobject`, and local times by the VTIMEZONE that came along.
"""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from io import StringIO

import vobject
from dateutil.tz import tzical


@dataclass
class Item:
    """What the calendar knows of one UID. What was cancelled stays known, so that late mail does not bring it back."""

    organizer: str
    newness: tuple
    is_cancelled: bool
    starts: object = None
    ends: object = None
    where: str = ""


class Broken(AssertionError):
    """A file that a calendar program need not understand."""


def need(what, sentence):
    if not what:
        raise Broken(sentence)


class Receiver:
    """The calendar of one address."""

    def __init__(self, address):
        self.address, self.items = address, {}

    def receive(self, raw):
        """One mail, as bytes."""
        to, files = read(raw)
        need(to == self.address, "a mail for somebody else")
        for file in files:
            self.take(*file)

    def take(self, method, event, text):
        check(method, event, self.address)
        uid, organizer = event.uid.value, event.organizer.value.lower()
        newness = (int(event.sequence.value), event.dtstamp.value)
        known = self.items.get(uid)
        if known and (organizer != known.organizer or newness < known.newness):
            return
        if method == "CANCEL":
            self.items[uid] = Item(organizer, newness, is_cancelled=True)
        else:
            starts, ends = (local(event, name, text) for name in ("dtstart", "dtend"))
            self.items[uid] = Item(organizer, newness, False, starts, ends, event.location.value)

    def shown(self):
        """{uid: (start, end) as on the wall, with the moment} of what this calendar shows."""
        return {uid: (item.starts, item.ends) for uid, item in self.items.items() if not item.is_cancelled}


@lru_cache(maxsize=4096)
def read(raw):
    """(address, [calendar file]) of a mail. Reading is the slow part, and most of the post comes to many lives."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return message["To"].addresses[0].addr_spec, [opened(part) for part in parts]


def opened(part):
    """(method, VEVENT, text) of a calendar part."""
    parameters = [name for name, _value in part["Content-Type"].params.items()]
    raw_header = str(part.get("Content-Type"))
    need(raw_header.lower().count("charset=") == 1, f"charset is said {raw_header.lower().count('charset=')} times")
    need({"method", "charset"} <= set(parameters), "the outside says no method")
    text = part.get_payload(decode=True).decode("utf-8")
    need(all(len(line.encode()) <= 75 for line in text.split("\r\n")), "a line is too long")
    calendar = vobject.readOne(text)
    method = calendar.method.value
    need(part["Content-Type"].params["method"] == method, "the method outside is another one than inside")
    need(len(calendar.vevent_list) == 1, "one appointment in a file")
    need(not hasattr(calendar, "uid"), "a calendar has no uid")
    return method, calendar.vevent, text


def check(method, event, address):
    """What RFC 5546 3.2.2 and 3.2.5 ask of the two."""
    need(method in {"REQUEST", "CANCEL"}, f"{method} is for nobody in particular")
    for name in ("uid", "dtstamp", "sequence", "organizer", "summary", "attendee"):
        need(hasattr(event, name), f"{method} without {name}")
    need(event.dtstamp.value.tzinfo is not None, "dtstamp is a moment in UTC")
    need([row.value.lower() for row in event.attendee_list] == [f"mailto:{address}"], "others, or not this reader")
    if method == "REQUEST":
        need(hasattr(event, "dtstart") and hasattr(event, "dtend"), "an appointment without a time")
        need(event.status.value == "CONFIRMED", "an appointment that is not sure")
    else:
        need(event.status.value == "CANCELLED", "a cancellation that is not one")


def local(event, name, text):
    """(as on the wall, the moment) by the VTIMEZONE of the file itself."""
    line = next(line for line in text.replace("\r\n ", "").split("\r\n") if line.upper().startswith(name.upper() + ";"))
    tzid = line.split("TZID=")[1].split(":")[0]
    wall = getattr(event, name).value.replace(tzinfo=None)
    zones = tzical(
        StringIO(text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE") + len("END:VTIMEZONE\r\n")])
    )
    return wall, wall.replace(tzinfo=zones.get(tzid)).astimezone(UTC)
