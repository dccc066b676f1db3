"""The advice conversations of a year with who was there: what C4 asks a school to be able to show."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Gesprek
from gesprekken.permissions import may_see_advice_talks
from school.models import Rol
from school.templatetags.house import full_day


@dataclass
class Row:
    gesprek: Gesprek
    family: list = field(default_factory=list)
    teachers: list = field(default_factory=list)
    second: list = field(default_factory=list)
    deciding: list = field(default_factory=list)  # the intern begeleider and leadership
    others: list = field(default_factory=list)
    unknown: list = field(default_factory=list)  # nobody noted whether they were there

    @property
    def is_complete(self):
        return bool(self.second)


def held(actor, schooljaar):
    """A Row for every advice conversation that was held in this year, the newest first."""
    if not may_see_advice_talks(actor):
        return []
    gesprekken = Gesprek.objects.filter(
        school=actor.school, ronde__schooljaar=schooljaar, ronde__soort__is_advice=True, held_on__isnull=False
    )
    gesprekken = gesprekken.select_related("leerling__person", "groep", "ronde").order_by("-held_on", "pk")
    gesprekken = gesprekken.prefetch_related("deelnames__person", "adviezen__decided_by", "adviezen__colleague__person")
    roles = Rol.objects.filter(school=actor.school, soort__in=[Rol.Soort.IB, Rol.Soort.LEIDING])
    leading = dict(roles.values_list("person_id", "soort"))
    return [_row(gesprek, leading) for gesprek in gesprekken]


def _row(gesprek, leading):
    row = Row(gesprek)
    for deelname in sorted(gesprek.deelnames.all(), key=lambda deelname: deelname.pk):
        if deelname.attended is False or deelname.as_role == Deelname.As.ACHTERAF:
            continue
        place = row.unknown if deelname.attended is None else _place(row, deelname, leading)
        place.append(deelname.person)
    for advies in gesprek.adviezen.all():
        row.deciding += [p for p in advies.decided_by.all() if p.pk in leading and p not in row.deciding]
    return row


def _place(row, deelname, leading):
    if deelname.as_role in (Deelname.As.OUDER, Deelname.As.LEERLING):
        return row.family
    if deelname.as_role == Deelname.As.TWEEDE_COLLEGA:
        return row.second
    if deelname.person_id in leading:
        return row.deciding
    return row.teachers if deelname.as_role == Deelname.As.LEERKRACHT else row.others


def as_table(rows):
    """(headers, rows) of words."""
    headers = [
        _("Datum"), _("Leerling"), _("Groep"), _("Ronde"), _("Ouders en leerling"), _("Leerkracht"),
        _("Tweede collega"), _("Intern begeleider en schoolleiding"), _("Anderen"), _("Niet genoteerd of zij erbij waren"),
    ]  # fmt: skip
    return headers, [
        [
            full_day(row.gesprek.held_on),
            row.gesprek.leerling.person.name,
            row.gesprek.groep.name,
            row.gesprek.ronde.name,
            *(names(people) for people in (row.family, row.teachers)),
            names(row.second) or _("ontbreekt"),
            *(names(people) for people in (row.deciding, row.others, row.unknown)),
        ]
        for row in rows
    ]


def names(people):
    return ", ".join(person.name for person in people)
