"""What is agreed with one guardian and not with another: where every guardian may look it is not put by itself."""

from school.models import Relatie


def guardians_by_leerling(leerlingen):
    """{pupil: the guardians who are informed of everything}, whoever of them was at the table."""
    found = {}
    informed = Relatie.objects.invited().filter(leerling__in=list(leerlingen))
    for leerling, person in informed.values_list("leerling", "person"):
        found.setdefault(leerling, set()).add(person)
    return found


def is_apart(agreement, guardians):
    """Whether this is for one of these guardians and not for another."""
    concerned = {person.pk for person in agreement.concerns.all()} & guardians
    return bool(concerned) and concerned != guardians
