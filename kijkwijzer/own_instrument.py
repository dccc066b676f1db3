"""An instrument of the school's own: read in, looked at, put in use, exchanged for an earlier one, taken away unused.

Scores stay with the version they were given on: nothing here changes or removes what was scored with.
"""

from datetime import timedelta

from django.db import transaction

from kijkwijzer.instrument import InstrumentRefused, load_instrument, read, shipped
from kijkwijzer.models import Instrument
from school import audit

MAX_BYTES = 256 * 1024  # thirty times the one that is shipped
MOST = 50  # versions a school keeps; a bound on what one can pile up


class ChoiceRefused(Exception):
    """`reason` is 'not_allowed' or 'used'."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(reason)


def in_use(instruments):
    """What new look backs are asked with: put in use last."""
    return instruments.filter(in_use_since__isnull=False).order_by("-in_use_since", "-pk").first()


def is_unused(instrument):
    """Whether it was never in use and nothing was scored with it: then it can be taken away."""
    scored = instrument.terugblikken.exists() or instrument.sittings.exists()
    return instrument.in_use_since is None and not scored


def text_of(raw):
    """The words of an uploaded file. Raises InstrumentRefused."""
    if len(raw) > MAX_BYTES:
        raise InstrumentRefused([f"bestand: het is groter dan {MAX_BYTES // 1024} kB; een Kijkwijzer is veel kleiner"])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InstrumentRefused([f"regel {line}: dit is geen UTF-8; sla het bestand op als UTF-8"])
    return text.replace("\r\n", "\n")


def take_in(*, raw, by, now):
    """Lay an uploaded instrument ready beside the others; it is not in use yet. The same file again is no error.

    Returns the Instrument. Raises InstrumentRefused with the lines, or ChoiceRefused.
    """
    if not by.is_leiding:
        raise ChoiceRefused("not_allowed")
    content = read(text_of(raw))
    code, version = content["code"], content["version"]
    with transaction.atomic():
        load_instrument(by.school)  # so that a school always has the shipped one to go back to
        there = Instrument.objects.filter(school=by.school, code=code, version=version).first()
        if there and there.content == content:
            return there
        if code == shipped()["code"]:
            raise InstrumentRefused(
                [f"code: '{code}' is de Kijkwijzer die wij meeleveren; geef die van jullie een eigen sleutel"]
            )
        if there:
            raise InstrumentRefused(
                [f"version: versie {version} van '{code}' is er al, met andere woorden; geef deze een hoger nummer"]
            )
        if Instrument.objects.filter(school=by.school).count() >= MOST:
            raise InstrumentRefused([f"bestand: er zijn al {MOST} Kijkwijzers; haal eerst een ongebruikte weg"])
        instrument = load_instrument(by.school, content)
        audit.record("instrument_taken_in", instrument, by=by, code=code, version=version)
    return instrument


def put_in_use(*, instrument, by, now):
    """Ask new look backs with this one from now on. What was begun or scored keeps its own version."""
    if not by.is_leiding:
        raise ChoiceRefused("not_allowed")
    with transaction.atomic():
        everything = Instrument.objects.select_for_update().filter(school=by.school)
        current = in_use(everything)
        if current is None or current.pk != instrument.pk:
            since = max(now, current.in_use_since + timedelta(microseconds=1)) if current else now  # the last one wins
            everything.filter(pk=instrument.pk).update(in_use_since=since)
            audit.record("instrument_put_in_use", instrument, by=by, code=instrument.code, version=instrument.version)


def take_away(*, instrument, by):
    """Take away one that was never used. Raises ChoiceRefused for any other."""
    if not by.is_leiding:
        raise ChoiceRefused("not_allowed")
    with transaction.atomic():
        fresh = Instrument.objects.select_for_update().get(pk=instrument.pk)
        if not is_unused(fresh):
            raise ChoiceRefused("used")
        audit.record("instrument_taken_away", fresh, by=by, code=fresh.code, version=fresh.version)
        fresh.delete()
