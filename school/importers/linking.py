"""Members of staff who are also parents: proposed by name and address or phone, linked by a click, never merged.

Linked people keep their own hats; only their body is one, so that nobody is asked to be in two places.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from school import audit
from school.importers.plan import folded
from school.models import Person


class CannotLink(Exception):
    """These two are no pair: not a member of staff and a guardian of one school, or linked already."""


@dataclass(frozen=True)
class Pair:
    medewerker: Person
    guardian: Person
    same: tuple  # which of "email" and "phone" agree


def digits(phone):
    return re.sub(r"\D", "", phone)[-9:]


def proposals(school):
    """Pairs of the same name with the same e-mail address or phone, not linked yet."""
    by_name = defaultdict(list)
    for person in guardians_of(school).filter(linked_to=None):
        by_name[folded(person.name)].append(person)
    return [
        Pair(colleague, guardian, same)
        for colleague in staff_of(school)
        for guardian in by_name.get(folded(colleague.name), [])
        if (same := what_agrees(colleague, guardian))
    ]


def what_agrees(one, other):
    emails = bool(one.email) and one.email.lower() == other.email.lower()
    phones = len(digits(one.phone)) == 9 and digits(one.phone) == digits(other.phone)
    return tuple(word for word, agrees in (("email", emails), ("phone", phones)) if agrees)


def linked(school):
    """Guardians who are linked to a member of staff."""
    return guardians_of(school).exclude(linked_to=None).select_related("linked_to").order_by("last_name", "pk")


def staff_of(school):
    return Person.objects.filter(school=school, medewerker__isnull=False, medewerker__left_on=None)


def guardians_of(school):
    return Person.objects.filter(school=school, medewerker__isnull=True, relaties__gone=False).distinct()


def link_people(*, medewerker, guardian, by):
    """One body, two hats. Linking the same pair twice is harmless."""
    with transaction.atomic():
        staff = staff_of(by.school).select_for_update(of=("self",)).filter(pk=medewerker, linked_to=None).first()
        parent = Person.objects.select_for_update().filter(pk=guardian, school=by.school).first()
        if not staff or not parent or not guardians_of(by.school).filter(pk=guardian).exists():
            raise CannotLink
        if parent.linked_to_id == staff.pk:
            return
        if parent.linked_to_id or parent.linked_from.exists():
            raise CannotLink
        Person.objects.filter(pk=parent.pk).update(linked_to=staff)
        audit.record("link_people", parent, by=by, medewerker=staff.pk)


def unlink_people(*, guardian, by):
    with transaction.atomic():
        parent = guardians_of(by.school).filter(pk=guardian).first()
        if parent is None:
            raise CannotLink
        if Person.objects.filter(pk=parent.pk).exclude(linked_to=None).update(linked_to=None):
            audit.record("unlink_people", parent, by=by)
