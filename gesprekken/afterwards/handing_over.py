"""The hand-over in June: what the next teacher has to know about a pupil, written, given in one action, and read."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.afterwards.apart import Guardians, guardians_by_leerling, is_apart
from gesprekken.afterwards.timeline import said_at_home, still_open
from gesprekken.models import Overdracht
from gesprekken.permissions import visible_agreements, visible_verslagen
from gesprekken.talking.drafts import StaleDraft, guard_length, is_stale
from school import audit
from school.models import Lesgeven, Lidmaatschap

FIELDS = ("text", "works_at_home")
SEASON = timedelta(days=61)  # before the year ends: from June on it is time; before that nobody is late


class HandedOver(Exception):
    """The next teacher has it; what stands there stands."""


@dataclass(frozen=True)
class Suggestion:
    """Words that are there already, to take over with one tap."""

    code: str
    field: str  # where they go
    words: str
    said: str  # where they come from


def save(*, leerling, schooljaar, by, seen_version, text, works_at_home, tab="", now=None):
    """Keep the draft. Raises StaleDraft when somebody else saved since, TextTooLong, and HandedOver."""
    guard_length(text, works_at_home)
    with transaction.atomic():
        row = _locked(leerling, schooljaar)
        if (text, works_at_home) == (row.text, row.works_at_home):
            return row
        if is_stale(row, seen_version, tab):
            raise StaleDraft(version=row.version, stored={name: getattr(row, name) for name in FIELDS})
        _write(row, by, tab, now or timezone.now(), text=text, works_at_home=works_at_home)
    return row


def take(*, leerling, schooljaar, suggestion, by, now=None):
    """Put a suggestion under what stands there; the same one twice is there once."""
    with transaction.atomic():
        row = _locked(leerling, schooljaar)
        stands = getattr(row, suggestion.field)
        if suggestion.words in stands:
            return row
        added = f"{stands}\n{suggestion.words}" if stands else suggestion.words
        guard_length(added)
        _write(row, by, "", now or timezone.now(), **{suggestion.field: added})
    return row


def _locked(leerling, schooljaar):
    Overdracht.objects.get_or_create(
        leerling=leerling, schooljaar=schooljaar, defaults={"school_id": leerling.school_id}
    )
    row = Overdracht.objects.select_for_update().get(leerling=leerling, schooljaar=schooljaar)
    if row.handed_over_at:
        raise HandedOver
    return row


def _write(row, by, tab, now, **texts):
    values = {**texts, "version": row.version + 1, "saved_at": now, "saved_from": tab, "by": by.person}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def hand_over(*, groep, by, now=None):
    """Everything that was written about the pupils of this group, in one action. Returns how many; again: none."""
    with transaction.atomic():
        rows = Overdracht.objects.filter(
            schooljaar=groep.schooljaar_id,
            leerling__lidmaatschappen__groep=groep,
            leerling__left_on__isnull=True,
            handed_over_at__isnull=True,
        ).exclude(text="", works_at_home="")
        count = Overdracht.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
            handed_over_at=now or timezone.now()
        )
        if count:
            audit.record("handed_over", groep, by=by, pupils=count)
    return count


def take_back(*, overdracht, by):
    """Write on, as long as nobody read it. Returns whether it was taken back."""
    with transaction.atomic():
        back = Overdracht.objects.filter(pk=overdracht.pk, read_at__isnull=True, handed_over_at__isnull=False).update(
            handed_over_at=None
        )
        if back:
            audit.record("taken_back", overdracht, by=by)
    return bool(back)


def mark_read(*, overdracht, by, now=None):
    """The next teacher read it; the first of a duo counts."""
    with transaction.atomic():
        unread = Overdracht.objects.filter(pk=overdracht.pk, handed_over_at__isnull=False, read_at__isnull=True)
        if unread.update(read_at=now or timezone.now(), read_by=by.person):
            audit.record("hand_over_read", overdracht, by=by)


def suggestions(actor, leerling):
    """What can be taken over: open agreements, and what was said about home; as far as this actor may read it.

    Every guardian may ask for what is handed over: what is agreed with one and not with another is left out.
    """
    agreements = still_open(visible_agreements(actor).filter(gesprek__leerling=leerling))
    guardians = guardians_by_leerling([leerling.pk]).get(leerling.pk, Guardians())
    found = [
        Suggestion(f"a{row.pk}", "text", _("Loopt nog: %(who)s: %(what)s") % {"who": row.who, "what": row.what},
                   row.gesprek.ronde.name)
        for row in agreements.select_related("gesprek__ronde").prefetch_related("concerns")
        if not is_apart(row, guardians)
    ]  # fmt: skip
    verslagen = said_at_home(visible_verslagen(actor).filter(gesprek__leerling=leerling))
    return found + [Suggestion(f"v{v.pk}", "works_at_home", v.at_home, v.gesprek.ronde.name) for v in verslagen]


@dataclass
class InGroep:
    """One group: who is handed over, who is not."""

    groep: object
    rows: list  # (leerling, Overdracht or None)

    @property
    def waiting(self):
        return [leerling for leerling, row in self.rows if row is None or row.handed_over_at is None]

    @property
    def written(self):
        """How many pupils are ready to be handed over."""
        return sum(row is not None and not row.handed_over_at and bool(row.text or row.works_at_home)
                   for _leerling, row in self.rows)  # fmt: skip


def by_groep(groepen, schooljaar):
    """[InGroep] of these groups, each with its pupils by name."""
    rows = {row.leerling_id: row for row in Overdracht.objects.filter(schooljaar=schooljaar)}
    members = (
        Lidmaatschap.objects.filter(groep__in=groepen, leerling__left_on__isnull=True)
        .select_related("groep", "leerling__person")
        .order_by("groep__jaargroep", "groep__name", "leerling__person__first_name", "pk")
    )
    found = {}
    for row in members:
        theirs = found.setdefault(row.groep_id, InGroep(row.groep, []))
        theirs.rows.append((row.leerling, rows.get(row.leerling_id)))
    return list(found.values())


def is_time(schooljaar, today):
    """Whether the hand-over is near, so that what is not written yet asks for attention."""
    return today >= schooljaar.ends_on - SEASON


def next_teachers(leerling, schooljaar):
    """Who teaches the pupil in the year after this one, as far as it is known."""
    return Lesgeven.objects.filter(
        groep__lidmaatschappen__leerling=leerling, groep__schooljaar__starts_on__gt=schooljaar.starts_on
    ).select_related("medewerker__person")
