"""Does every child have its conversations this year? The rondes that are over and were meant for it, beside what was held.

A child that left counts for the rondes that were over before it went. A child that changed class, or whose class was
merged, stands with the last of its classes and takes the gesprekken of all of them along.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Ronde
from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column, Table
from kijkwijzer.insight.bars import Bar, bars

SLUG = "elk-kind"


def question():
    return _("Heeft elk kind dit jaar zijn gesprekken?")


@dataclass
class Child:
    groep: int
    groepen: set = field(default_factory=set)
    left_on: object = None
    meant: set = field(default_factory=set)  # rondes that are over
    had: set = field(default_factory=set)  # rondes, of all kinds

    @property
    def missing(self):
        return self.meant - self.had


def children(schooljaar, groepen, over):
    """{pupil: Child}; `over`: the rondes that are over."""
    found = {}
    for leerling, groep, left_on in counting.pupils_of(schooljaar):
        child = found.setdefault(leerling, Child(groep, left_on=left_on))
        child.groepen.add(groep)
        if groepen[child.groep].gone or not groepen[groep].gone:
            child.groep = groep
    links = counting.links_of(schooljaar)
    for child in found.values():
        for ronde in over:
            if links.get(ronde.pk, set()) & child.groepen and (child.left_on is None or child.left_on > ronde.ends_on):
                child.meant.add(ronde.pk)
    rows = counting.gesprekken_of(schooljaar).filter(counting.held()).values_list("leerling_id", "ronde_id")
    for leerling, ronde in rows:
        if leerling in found:
            found[leerling].had.add(ronde)
    return found


def answer(*, school, schooljaar, now):
    groepen, rondes = counting.groepen_of(schooljaar), counting.rondes_of(schooljaar)
    today = now.astimezone(school.zone).date()
    over = [ronde for ronde in rondes if ronde.ends_on < today and ronde.state != Ronde.State.DRAFT]
    found = children(schooljaar, groepen, over)
    here = {pk: child for pk, child in found.items() if child.left_on is None or child.left_on > today or child.meant}
    if not here:
        return Answer(SLUG, question(), _("In dit schooljaar zitten nog geen leerlingen in een groep."), steps=begin())
    if not any(child.meant or child.had for child in here.values()):
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar is nog geen ronde voorbij, dus nog geen kind mist een gesprek."),
            steps=counting.lay_down_the_year(),
        )
    tallies = tally(here)
    total = sum(tallies.values(), Counter())
    order = [pk for pk in groepen if pk in tallies]
    missing = who(here, groepen, over)
    return Answer(
        SLUG,
        question(),
        said(total),
        columns=(
            Column(_("Groep")),
            Column(_("Kinderen"), number=True),
            Column(_("Alles gehad"), number=True),
            Column(_("Mist er een of meer"), number=True),
            Column(_("Nog geen enkel gesprek"), number=True),
            Column(_("Gesprekken gehad"), number=True),
        ),
        rows=(*(line(groepen[pk].name, tallies[pk]) for pk in order), line(_("Samen"), total)),
        picture=picture(groepen, order, tallies, total),
        steps=steps(total),
        note=_(
            "Geteld zijn de rondes die voorbij zijn en voor alle kinderen van een groep waren. "
            "Gesprekken op verzoek tellen alleen bij ‘Gesprekken gehad’."
        ),
        also=missing if missing.rows else None,
    )


def begin():
    return (counting.step(_("Lees de school in"), "import_start"),)


def tally(here):
    """{group: Counter of children}."""
    found = {}
    for child in here.values():
        counts = found.setdefault(child.groep, Counter())
        counts["children"] += 1
        counts["had"] += len(child.had)
        counts["all"] += not child.missing
        counts["some"] += bool(child.missing and child.had)
        counts["none"] += bool(child.missing and not child.had)
    return found


def line(name, counts):
    missing = counts["some"] + counts["none"]
    return (name, counts["children"], counts["all"], missing, counts["none"], counts["had"])


def said(total):
    missing = total["some"] + total["none"]
    if not missing:
        return _("Alle %(total)s kinderen hadden elk gesprek dat tot nu toe voor hen was gepland.") % {
            "total": total["children"]
        }
    return ngettext(
        "%(all)s van de %(total)s kinderen hadden elk gesprek dat gepland was; %(missing)s kind mist er een of meer.",
        "%(all)s van de %(total)s kinderen hadden elk gesprek dat gepland was; %(missing)s kinderen missen er een of meer.",
        missing,
    ) % {"all": total["all"], "total": total["children"], "missing": missing}


def who(here, groepen, over):
    """The children that miss a gesprek, with the rondes it is about."""
    missing = {pk: child for pk, child in here.items() if child.missing}
    names = counting.names_of(missing)
    order = {pk: number for number, pk in enumerate(groepen)}
    rows = [
        (
            groepen[child.groep].name,
            names[pk],
            ", ".join(ronde.name for ronde in over if ronde.pk in child.missing),
            len(child.had),
        )
        for pk, child in sorted(missing.items(), key=lambda item: (order[item[1].groep], names[item[0]], item[0]))
    ]
    columns = (Column(_("Groep")), Column(_("Leerling")), Column(_("Mist")), Column(_("Gehad"), number=True))
    return Table(_("Deze kinderen missen een gesprek"), columns, tuple(rows))


def picture(groepen, order, tallies, total):
    def drawn(name, counts):
        parts = (counts["all"], counts["some"], 0, counts["none"])
        return Bar(name, parts, counts["children"], counting.of(counts["all"], counts["children"]))

    legend = (_("alles gehad"), _("mist er een"), "", _("nog geen enkel"))
    lines = [drawn(groepen[pk].name, tallies[pk]) for pk in order]
    return bars(
        SLUG, [*lines, drawn(_("Samen"), total)], legend=legend, title=_("Kinderen en hun gesprekken, per groep")
    )


def steps(total):
    """A gesprek that is missed is planned from its ronde."""
    missing = total["some"] + total["none"]
    return (counting.step(_("Plan wat nog mist") if missing else _("Bekijk de gespreksrondes"), "rondes"),)
