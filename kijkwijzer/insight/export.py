"""The overview as a workbook: counts per group, and the pupils with how far each is. No word of what was said."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kijkwijzer.insight import pictures, reach
from school.spreadsheet import workbook


def counts(row):
    return [
        row.gesprekken,
        row.invited,
        row.planned,
        row.no_reaction,
        row.asked_call,
        row.held,
        row.recorded,
        row.released,
    ]


def per_groep(total, rows):
    headers = [
        _("Groep"), _("Gesprekken"), _("Uitgenodigd"), _("Tijd gekozen"), _("Nog geen reactie"),
        _("Vraagt om contact"), _("Gehouden"), _("Vastgelegd"), _("Gedeeld"),
    ]  # fmt: skip
    return headers, [*[[row.groep.name, *counts(row)] for row in rows], [_("Samen"), *counts(total)]]


def per_leerling(gesprekken, apart):
    headers = [_("Groep"), _("Leerling"), _("Apart gesprek met"), _("Stand"), _("Datum"), _("Tijd"), _("Gehouden op")]
    words = pictures.state_words()
    rows = []
    for gesprek in gesprekken:
        at = timezone.localtime(gesprek.planned_at) if gesprek.planned_at else None
        rows.append(
            [
                gesprek.groep.name,
                gesprek.leerling.person.sort_name,
                apart.get(gesprek.pk, ""),
                words[reach.state_of(gesprek)],
                at.date() if at else None,
                at.time().replace(tzinfo=None) if at else None,
                gesprek.held_on,
            ]
        )
    return headers, rows


def overview_of(ronde, now):
    """The bytes of the XLSX of one ronde."""
    gesprekken = list(reach.followed(ronde))
    total, rows = reach.reach(ronde, gesprekken, now)
    return workbook(
        [
            (_("Per groep"), *per_groep(total, rows)),
            (_("Per leerling"), *per_leerling(gesprekken, reach.guardians_apart(ronde))),
        ]
    )
