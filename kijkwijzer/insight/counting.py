"""What the questions count, and from how many teachers on. A group is a teacher: five of each, or nothing is added up.

Everything here is asked in one query, however large the school; rows come back narrow, so that a year of gesprekken
weighs nothing.
"""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gesprekken.models import Gesprek, Ronde, RondeGroep
from kijkwijzer.insight.answer import Step
from school.models import Groep, Leerling, Lesgeven, Lidmaatschap

LEAST = 5  # teachers, and groups: of fewer nothing is added up that says how a gesprek went (S1)
LETTERED = 99  # where a group without a year level stands among the others


def opened(before=""):
    """As Q, seen from a row before the gesprek (`gesprek__`): it is of a ronde that was opened, and was not called off."""
    open_now = Q(**{f"{before}ronde__state__in": [Ronde.State.OPEN, Ronde.State.CLOSED]})
    return open_now & Q(**{f"{before}cancelled_at__isnull": True})


def of_year(schooljaar, before=""):
    """The same of the rondes of one school year."""
    return opened(before) & Q(**{f"{before}ronde__schooljaar": schooljaar})


def gesprekken_of(schooljaar):
    """The gesprekken of this year's rondes that were opened; not those that were called off."""
    return Gesprek.objects.filter(of_year(schooljaar))


def groepen_of(schooljaar):
    """{pk: Groep} of the year, in the order of the school; also those that are gone, as their gesprekken remain."""
    groepen = Groep.objects.filter(schooljaar=schooljaar)
    return {groep.pk: groep for groep in sorted(groepen, key=in_order)}


def in_order(groep):
    return (groep.soort != Groep.Soort.STAM, LETTERED if groep.level is None else groep.level, groep.name, groep.pk)


def rondes_of(schooljaar):
    """The rondes of the year, by day."""
    return list(Ronde.objects.filter(schooljaar=schooljaar).order_by("starts_on", "pk"))


def pupils_of(schooljaar):
    """[(pupil, group, left on)] of the classes of the year. Who changed class stands there with each of them."""
    rows = Lidmaatschap.objects.filter(groep__schooljaar=schooljaar, groep__soort=Groep.Soort.STAM)
    return rows.order_by("pk").values_list("leerling_id", "groep_id", "leerling__left_on")


def links_of(schooljaar):
    """{ronde: {group}} of the rondes that are meant for every pupil."""
    links = RondeGroep.objects.filter(ronde__schooljaar=schooljaar, ronde__whom=Ronde.Whom.EVERYBODY)
    found = {}
    for ronde, groep in links.values_list("ronde_id", "groep_id"):
        found.setdefault(ronde, set()).add(groep)
    return found


def names_of(leerlingen):
    """{pupil: name as a list sorts it}."""
    rows = Leerling.objects.filter(pk__in=leerlingen).select_related("person")
    return {row.pk: row.person.sort_name for row in rows}


def teachers_of(schooljaar):
    """{group: its teachers}."""
    found = {}
    for groep, medewerker in Lesgeven.objects.filter(groep__schooljaar=schooljaar).values_list("groep", "medewerker"):
        found.setdefault(groep, set()).add(medewerker)
    return found


def is_enough(groepen, teachers):
    """Whether what these groups did may be added up: five groups, and five teachers. Pure."""
    return len(groepen) >= LEAST and len(set().union(*(teachers.get(groep, set()) for groep in groepen))) >= LEAST


def bands(groepen, teachers):
    """The groups in bands of neighbouring year levels, each of five groups and five teachers; [] where all are fewer.

    `groepen`: [(level, group)]. One partition and no other, so that no two numbers can be subtracted to find fewer.
    Pure.
    """
    found, band = [], []
    by_level = {}
    for level, groep in groepen:
        by_level.setdefault(level, []).append(groep)
    for level in sorted(by_level):
        band += [(level, groep) for groep in by_level[level]]
        if is_enough([groep for _level, groep in band], teachers):
            found.append(band)
            band = []
    if band and found:
        found[-1] = found[-1] + band
    return found


def held(before=""):
    return Q(**{f"{before}held_on__isnull": False})


def step(sentence, name, *args, query=""):
    return Step(sentence, reverse(name, args=args) + query)


def lay_down_the_year():
    """What to do where a school year has no gesprekken."""
    return (step(_("Leg het gesprekkenjaar neer"), "year"),)


def of(part, whole):
    """12 van 30."""
    return _("%(part)s van %(whole)s") % {"part": part, "whole": whole}
