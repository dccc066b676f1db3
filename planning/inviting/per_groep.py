"""The families that need something, by groep: for who follows a whole school (I4)."""

from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from planning.inviting import waiting
from school.models import Groep, Lesgeven

OPEN_FAMILIES = 8  # from above, the groepen that stand open together hold no more than this


@dataclass
class Part:
    """One groep, who teaches it, and its families in order of urgency."""

    groep: Groep
    rows: list[waiting.Waiting]
    is_open: bool = False

    @property
    def teachers(self):
        return [row.medewerker.person.name for row in self.groep.lesgeven.all()]

    @property
    def counts(self):
        return waiting.counted(self.rows)

    @property
    def sections(self):
        return waiting.in_sections(self.rows)


def in_order(groepen, own=()):
    """Her own groepen first, then in the order of the school."""
    return sorted(groepen, key=lambda groep: (groep.pk not in own, groep.jaargroep, groep.name, groep.pk))


def parts(rows, *, own=()):
    """[Part] of rows in order of urgency. One query, whatever their number."""
    held = {}
    for row in rows:
        held.setdefault(row.gesprek.groep_id, []).append(row)
    groepen = [same[0].gesprek.groep for same in held.values()]
    lesgeven = Lesgeven.objects.select_related("medewerker__person").order_by("medewerker__person__first_name", "pk")
    prefetch_related_objects(groepen, Prefetch("lesgeven", lesgeven))
    return [Part(groep, held[groep.pk]) for groep in in_order(groepen, own)]


def counted(rows):
    """[(groep, how many families)] in the order of the school."""
    numbers, groepen = {}, {}
    for row in rows:
        groepen[row.gesprek.groep_id] = row.gesprek.groep
        numbers[row.gesprek.groep_id] = numbers.get(row.gesprek.groep_id, 0) + 1
    return [(groep, numbers[groep.pk]) for groep in in_order(groepen.values())]


def in_pages(found, families):
    """Whole groepen together, until a page holds this many families: [[Part]]."""
    pages, here = [], 0
    for part in found:
        if not pages or here >= families:
            pages.append([])
            here = 0
        pages[-1].append(part)
        here += len(part.rows)
    return pages


def unfold(found, chosen):
    """The first stay open as long as they are short together; so does the one somebody was at."""
    shown = 0
    for part in found:
        shown += len(part.rows)
        part.is_open = shown <= OPEN_FAMILIES or part.groep.pk == chosen
