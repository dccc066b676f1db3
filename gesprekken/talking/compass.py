"""The ten factors as a compass beside one gesprek: per factor what of it is here already, as facts and not as a score."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gesprekken.models import Deelname, Verslag
from gesprekken.permissions import visible_gesprekken
from gesprekken.year.factors import FACTORS, Factor

GOOD_NEWS = {"goed-nieuws", "gaat-goed", "sterk", "compliment"}  # codes of questions, of whatever audience
FUTURE = {"interesses", "later", "uitstroom", "leuk", "wensen"}
NOT_YET = {"kan-beter", "zorgen", "aandacht", "werkt-niet"}


@dataclass(frozen=True)
class Direction:
    factor: Factor
    facts: list


def directions(actor, gesprek, *, codes, points, draft, agreements):
    """A Direction per factor. `codes`: of the questions somebody answered; the words themselves are not needed here."""
    taking_part = list(gesprek.deelnames.select_related("person"))
    facts = {
        1: [gesprek.ronde.reception] if gesprek.ronde.reception else [],
        2: _met_before(actor, gesprek),
        3: _names(_("Met %(names)s."), taking_part, Deelname.As.OUDER),
        4: _names(_("%(names)s doet mee."), taking_part, Deelname.As.LEERLING),
        5: _voices(taking_part, points),
        6: [_("Er is iets om thuis over door te praten.")] if draft and draft.at_home else [],
        7: [_("Er is goed nieuws voorbereid.")] if codes & GOOD_NEWS else [],
        8: _future(codes, draft),
        9: [_("Er is iets afgesproken.")] if agreements else [],
        10: _turned(codes, draft),
    }
    return [Direction(factor, facts[factor.number]) for factor in FACTORS]


def _names(sentence, taking_part, role):
    names = [row.person.first_name or row.person.name for row in taking_part if row.as_role == role]
    return [sentence % {"names": ", ".join(names)}] if names else []


def _met_before(actor, gesprek):
    earlier = (
        visible_gesprekken(actor)
        .filter(leerling=gesprek.leerling_id, ronde__schooljaar=gesprek.ronde.schooljaar_id, held_on__isnull=False)
        .exclude(pk=gesprek.pk)
    )
    return [_("Dit schooljaar spraken jullie elkaar al eerder.")] if earlier.exists() else []


def _voices(taking_part, points):
    facts = [_("Er zijn eigen punten ingebracht.")] if points else []
    return facts + [
        _("%(name)s was aan het woord.") % {"name": row.person.first_name or row.person.name}
        for row in taking_part
        if row.spoke
    ]


def _future(codes, draft):
    facts = [_("Er is over later of interesses voorbereid.")] if codes & FUTURE else []
    return facts + ([_("Interesses en ambities staan in het verslag.")] if draft and draft.interests else [])


def _turned(codes, draft: Verslag | None):
    facts = [_("Iemand bracht in wat nog lastig is.")] if codes & NOT_YET else []
    return facts + ([_("In het verslag staat wat er wel kan.")] if draft and draft.perspective else [])
