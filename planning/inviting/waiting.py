"""Which families need something now, and why: the most urgent first (I4)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from planning.inviting import attempts, followup
from planning.inviting.followup import Standing
from planning.models import ContactAttempt
from planning.times.choosing import choosing_closes_at
from school import bounces
from school.models import Person
from school.outbox import address_of

CALL, UNSUITED, BOUNCED, NOBODY, UNPRINTED, SILENT, LETTER, SPOKEN, FRESH = (
    "call", "unsuited", "bounced", "nobody", "unprinted", "silent", "letter", "spoken", "fresh",
)  # fmt: skip
# In order of urgency: who waits for us, who does not know of it, who has not reacted, who is nearly there.
REASONS = {
    CALL: _("Wil gebeld worden"),
    UNSUITED: _("Zoekt een andere tijd"),
    BOUNCED: _("Ons bericht kwam terug"),
    NOBODY: _("Geen ouder die we kunnen bereiken"),
    UNPRINTED: _("Brief nog niet geprint"),
    SILENT: _("Nog geen reactie"),
    LETTER: _("Brief gekregen: bel na"),
    SPOKEN: _("Gesproken, nog geen tijd"),
    FRESH: _("Net uitgenodigd"),
}
SHOWN_ATTEMPTS = 3  # the last ones; what matters is whether somebody tried, and when


@dataclass
class Contact:
    """A guardian as one reaches her: her number, whether mail came back, and what was tried with her."""

    person: Person
    has_bounced: bool = False
    by_letter: bool = False
    is_printed: bool = False  # her letter

    @property
    def can_be_mended(self):
        """No mail reaches her, and she does not sign in with her address."""
        return (self.has_bounced or self.by_letter) and self.person.user_id is None


@dataclass
class Waiting:
    """One gesprek that needs something, and why. `days`: since when they could react."""

    standing: Standing
    why: str
    contacts: list[Contact]
    attempts: list[ContactAttempt] = field(default_factory=list)
    days: int = 0
    reminders: int = 0
    is_too_late: bool = False  # to choose for themselves; planning is the school's now

    @property
    def gesprek(self):
        return self.standing.gesprek

    @property
    def label(self):
        return REASONS[self.why]


def needing(standings, *, now):
    """Of these standings those that need something, the most urgent first: [Waiting]. A fixed number of queries."""
    standings = [row for row in standings if not row.gesprek.is_held]
    bounced = bounces.came_back(person for row in standings for person in row.guardians)
    tried = attempts_of(standings)
    rows = [_waiting(row, bounced, tried[row.gesprek.pk], now) for row in standings]
    order = list(REASONS)
    return sorted(filter(None, rows), key=lambda row: (order.index(row.why), not row.is_too_late, -row.days))


def _waiting(row, bounced, tried, now):
    printed = {invitation.person_id for invitation in row.invitations if invitation.printed_at}
    contacts = [Contact(p, p.pk in bounced, not address_of(p), p.pk in printed) for p in row.guardians]
    since, closes_at = reaction_since(row), choosing_closes_at(row.gesprek.ronde)
    found = Waiting(
        standing=row,
        why="",
        contacts=contacts,
        attempts=_shown(tried, row.guardians),
        days=days_between(since, now, row.gesprek.ronde.school.zone) if since else 0,
        reminders=max((invitation.reminders for invitation in row.invitations), default=0),
        is_too_late=now >= closes_at,
    )
    is_fresh = since and found.days < settings.FOLLOW_UP_AFTER_DAYS and now < closes_at - timedelta(days=1)
    found.why = _why(row, contacts, has_spoken(tried), since and since > now, is_fresh)
    return found if found.why else None


def _why(row, contacts, spoken, is_early, is_fresh):
    if row.is_to_be_called:
        return CALL
    if row.is_unsuited:
        return UNSUITED
    if row.state != followup.SILENT:
        return ""
    if not contacts:
        return NOBODY
    if spoken:
        return SPOKEN
    if any(contact.has_bounced for contact in contacts):
        return BOUNCED
    if is_early:
        return ""
    if all(contact.by_letter for contact in contacts):
        return LETTER if any(contact.is_printed for contact in contacts) else UNPRINTED
    return FRESH if is_fresh else SILENT


def _shown(tried, guardians):
    """The last attempts; who may not be reached any more is not named."""
    known = {None, *(person.pk for person in guardians)}
    return [attempt for attempt in tried if attempt.person_id in known][:SHOWN_ATTEMPTS]


def reaction_since(row):
    """From when this family could react: invited, and choosing or wishing open. None where that is not known."""
    ronde = row.gesprek.ronde
    invited = min((invitation.created_at for invitation in row.invitations), default=ronde.opened_at)
    opens = None if ronde.is_wishing else ronde.choosing_opens_at
    return max(filter(None, [invited, opens]), default=None)


def days_between(since, now, zone):
    """Local days from one moment to the other, not below zero."""
    return max((now.astimezone(zone).date() - since.astimezone(zone).date()).days, 0)


def attempts_of(standings):
    """{gesprek id: [ContactAttempt]}, the last first."""
    found = defaultdict(list)
    ids = [row.gesprek.pk for row in standings]
    for attempt in ContactAttempt.objects.filter(gesprek__in=ids).select_related("person", "by"):
        found[attempt.gesprek_id].append(attempt)
    return found


def has_spoken(tried):
    """Whether somebody of the school spoke with these parents: that is a reaction too."""
    return any(attempt.outcome == ContactAttempt.Outcome.SPOKEN for attempt in tried)


def counted(rows):
    """[(reason, its label, how many)] of those that occur, in order of urgency."""
    numbers = {why: sum(row.why == why for row in rows) for why in REASONS}
    return [(why, REASONS[why], n) for why, n in numbers.items() if n]


def in_sections(rows):
    """[(reason, its label, [Waiting])] of rows in order of urgency."""
    return [(why, REASONS[why], list(same)) for why, same in groupby(rows, key=lambda row: row.why)]


def told(attempt):
    """An attempt in words, without when and by whom."""
    return attempts.WAYS[f"{attempt.how}-{attempt.outcome}"].told
