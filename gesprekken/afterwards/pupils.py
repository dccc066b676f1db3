"""Which school year it is now, and in which group a pupil is in it."""

from school.models import Groep, Lidmaatschap, Schooljaar


def present_year(school, today):
    """The school year of this day; in the weeks between two of them the one that was last. None before the first."""
    begun = Schooljaar.objects.filter(school=school, starts_on__lte=today).order_by("-starts_on").first()
    return begun or Schooljaar.objects.filter(school=school).order_by("starts_on").first()


def lidmaatschap_in(leerling, schooljaar):
    """The pupil in the class of this year, before any other group she is in."""
    rows = Lidmaatschap.objects.filter(leerling=leerling, groep__schooljaar=schooljaar, groep__gone=False)
    rows = sorted(rows.select_related("groep"), key=lambda row: (row.groep.soort != Groep.Soort.STAM, row.pk))
    return rows[0] if rows else None


def level_of(lidmaatschap):
    """The pupil's own year level as a number, else that of the group; None where neither is one."""
    if lidmaatschap is None:
        return None
    own = lidmaatschap.jaargroep
    return int(own) if own.isdigit() else lidmaatschap.groep.level


def level_in(leerling, schooljaar):
    return level_of(lidmaatschap_in(leerling, schooljaar))
