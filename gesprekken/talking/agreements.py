"""Agreements: who does what, when, how and why, and when we look back. Changed only while the verslag is a draft."""

from datetime import timedelta

from django.db import transaction

from gesprekken.models import Agreement, Verslag
from gesprekken.talking import seconding
from school import audit

FIELDS = ["who", "what", "when", "how", "why", "seen_when", "shares", "evaluate_on"]


class VerslagFinal(Exception):
    """The verslag these agreements belong to is final: change them by a correction."""


def lock_draft(verslag):
    """What changes now is not what a second colleague agreed with."""
    draft = Verslag.objects.select_for_update().filter(pk=verslag.pk, state=Verslag.State.DRAFT).first()
    if draft is None:
        raise VerslagFinal
    seconding.forget(draft)


def add(*, verslag, by, concerns, **fields):
    """Add an agreement. The same one twice in a row (a double click) stays one."""
    with transaction.atomic():
        lock_draft(verslag)
        same = verslag.agreements.filter(**fields).first()
        if same and set(same.concerns.values_list("pk", flat=True)) == {person.pk for person in concerns}:
            return same
        agreement = Agreement.objects.create(
            school_id=verslag.school_id, gesprek_id=verslag.gesprek_id, verslag=verslag, author=by.person, **fields
        )
        agreement.concerns.set(concerns)
        audit.record("agreed", agreement, by=by)
    return agreement


def change(*, agreement, by, concerns, **fields):
    with transaction.atomic():
        lock_draft(agreement.verslag)
        new = {name: fields[name] for name in FIELDS if name in fields}
        stored = Agreement.objects.get(pk=agreement.pk)
        if any(getattr(stored, name) != value for name, value in new.items()):
            new["exported_at"] = None  # what the LVS holds is not what it says now
        if new.get("evaluate_on", stored.evaluate_on) != stored.evaluate_on:
            new["reminded_at"] = None  # another day: they are reminded of that one
        if stored.origin_id and {p.pk for p in concerns} - set(stored.origin.concerns.values_list("pk", flat=True)):
            new["origin"] = None  # what was said of it was not said to who reads along from now on
        Agreement.objects.filter(pk=agreement.pk).update(**new)
        agreement.concerns.set(concerns)
        audit.record("agreement_changed", agreement, by=by)


def remove(*, agreement, by):
    with transaction.atomic():
        lock_draft(agreement.verslag)
        audit.record("agreement_removed", agreement, by=by)
        agreement.delete()


def usual_days(today, ends_on):
    """Days on which people often look back: in two, six and twelve weeks, as far as the school year goes."""
    days = [today + timedelta(weeks=weeks) for weeks in (2, 6, 12)]
    return [day for day in days if day <= ends_on]
