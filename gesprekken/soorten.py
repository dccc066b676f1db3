"""The kinds of conversation (C2): the sources' kinds for a new school, and what a school makes of them."""

from django.db import transaction
from django.utils.text import slugify

from gesprekken.models import Soort
from gesprekken.standard_words import of_the_sources
from school import audit, registry


@registry.reaction("school_founded")
def lay_soorten_ready(school):
    """Give the school the kinds it has none of yet; what it renamed or left out stays as it is."""
    present = set(Soort.objects.filter(school=school).values_list("code", flat=True))
    Soort.objects.bulk_create(Soort(school=school, **kind) for kind in of_the_sources() if kind["code"] not in present)


def in_order_of_the_year(soorten):
    """From summer to summer; kinds without a proposed period come last."""
    return sorted(soorten, key=lambda s: (not s.proposed_from, s.proposed_from < "08", s.proposed_from, s.name))


def add_soort(*, by, name, **fields):
    """A kind of the school's own. Its code is made of the name and stays, whatever it is called later."""
    with transaction.atomic():
        soort = Soort.objects.create(school=by.school, code=free_code(by.school, name), name=name, **fields)
        audit.record("add_soort", soort, by=by)
    return soort


def free_code(school, name):
    stem = slugify(name)[:34] or "soort"
    taken = set(Soort.objects.filter(school=school, code__startswith=stem).values_list("code", flat=True))
    return next(c for c in [stem, *(f"{stem}-{n}" for n in range(2, 1000))] if c not in taken)


def change_soort(*, soort, by, **fields):
    """Rename or change a kind. Rondes keep what they were given; new ones start from this."""
    with transaction.atomic():
        Soort.objects.filter(pk=soort.pk).update(**fields)
        audit.record("change_soort", soort, by=by, fields=sorted(fields))


def leave_out(*, soort, by, out=True):
    """Leave a kind out of new proposals, or take it up again. Rondes that have it keep it."""
    with transaction.atomic():
        Soort.objects.filter(pk=soort.pk).update(archived=out)
        audit.record("leave_out_soort" if out else "take_up_soort", soort, by=by)
