"""Finds the pupil that a key in a parents' or results file means: in this import's EDEXML, else in the database."""

from school.importers.plan import UNCHANGED, Item
from school.models import Leerling


class PupilFinder:
    def __init__(self, school, plan):
        self.stored = {
            leerling.key: leerling for leerling in Leerling.objects.filter(school=school).select_related("person")
        }
        self.names = {leerling.pk: leerling.person.name for leerling in self.stored.values()}
        self.found = dict(plan.pupils)

    def find(self, key):
        """An Item with the pupil's row as `obj` (None while new), or None."""
        if key not in self.found:
            leerling = None if key.startswith("#") else self.stored.get(key)
            if leerling is None:
                return None
            self.found[key] = Item("pupils", UNCHANGED, leerling.person.name, obj=leerling)
        return self.found[key]

    def with_zeros(self, key):
        """The known key that this one would be if a spreadsheet had taken its leading zeros."""
        if not key.isdigit():
            return None
        return next((known for known in (*self.found, *self.stored) if known != key and known.lstrip("0") == key), None)

    def name_of(self, pk):
        return self.names.get(pk, "")
