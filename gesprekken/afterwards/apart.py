"""What is agreed with one guardian and not with another: where every guardian may look it is not put by itself."""

from dataclasses import dataclass

from school.models import Relatie


@dataclass(frozen=True)
class Guardians:
    """Of one pupil: everybody who is or was a guardian, and those of them who are informed of everything now."""

    known: frozenset = frozenset()
    informed: frozenset = frozenset()


def guardians_by_leerling(leerlingen):
    """{pupil: Guardians}, whoever of them was at the table."""
    leerlingen = list(leerlingen)
    known, informed = (
        _by_leerling(rows.filter(leerling__in=leerlingen))
        for rows in (Relatie.objects.all(), Relatie.objects.invited())
    )
    return {pk: Guardians(people, informed.get(pk, frozenset())) for pk, people in known.items()}


def _by_leerling(relaties):
    found = {}
    for leerling, person in relaties.values_list("leerling", "person"):
        found.setdefault(leerling, set()).add(person)
    return {pk: frozenset(people) for pk, people in found.items()}


def is_apart(agreement, guardians):
    """Whether this is for one guardian and not for another who may ask for it.

    Also where the one it is for may not be informed any more since: it is not for the other because of that.
    """
    concerned = {person.pk for person in agreement.concerns.all()}
    return bool(concerned & guardians.known) and not guardians.informed <= concerned
