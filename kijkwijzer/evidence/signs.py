"""From facts to ten small signs, one per factor. Pure. A sign says what was seen, never how good it was.

A sign is seen when every fact under it that applies is there, partly seen when some are, and does not apply when none of
its facts does. docs/evidence.md has the same table in words; a test holds the two together.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from gesprekken.year.factors import FACTORS, Factor
from kijkwijzer.evidence.facts import Facts


class Sign(StrEnum):
    """How far a factor was seen in one gesprek."""

    SEEN = "seen"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"


STAFF, OUDER, LEERLING = "staff", "ouder", "leerling"
FAMILY = frozenset({OUDER, LEERLING})
GUARDIANS = frozenset({OUDER})
NOBODY = frozenset()


@dataclass(frozen=True)
class Fact:
    """One fact under a factor. `holds` tells True, False, or None where it does not apply.

    `family`: who outside the school is shown it, about a gesprek of their own (docs/decisions/0097).
    """

    code: str
    factor: int
    words: str
    sources: tuple[str, ...]
    holds: Callable[[Facts], bool | None]
    family: frozenset = NOBODY


def only_where(applies, holds):
    return holds if applies else None


def with_pupil(holds):
    """A fact about the pupil: it does not apply where the school invites no pupils of this level."""
    return lambda f: only_where(f.pupil_expected or f.pupil_invited, holds(f))


def every_share(f):
    wanted = {"school", "ouder"} | ({"leerling"} if f.pupil_invited else set())
    return wanted <= f.shares


FACTS = [
    Fact(
        "time_of_parent",
        1,
        _("Een ouder koos de tijd zelf, of gaf vooraf aan wanneer het kan."),
        ("Booking.chosen_by_guardian", "Wish.can"),
        lambda f: only_where(f.booked, f.by_guardian or f.wished),
        GUARDIANS,
    ),
    Fact(
        "reception",
        1,
        _("Er was afgesproken hoe ouders worden ontvangen."),
        ("Ronde.reception", "Gesprek.form"),
        lambda f: only_where(f.at_school, f.has_reception),
        FAMILY,
    ),
    Fact(
        "interpreter",
        1,
        _("Er was een tolk geregeld."),
        ("InterpreterRequest.state", "Deelname.as_role"),
        lambda f: only_where(f.interpreter_asked, f.interpreter_found),
        GUARDIANS,
    ),
    Fact(
        "met_before",
        2,
        _("Er was dit schooljaar al een gesprek, of dit was de kennismaking."),
        ("Gesprek.held_on", "Soort.code"),
        lambda f: f.met_before or f.is_start,
        GUARDIANS,
    ),
    Fact(
        "told_about_child",
        2,
        _("Een ouder vertelde vooraf iets over het kind."),
        ("Answer.visibility", "Question.code"),
        lambda f: only_where(f.asks_about_child, f.told_about_child),
        GUARDIANS,
    ),
    Fact(
        "parents_invited",
        3,
        _("Elke ouder kreeg een eigen uitnodiging."),
        ("Invitation.person", "Deelname.person"),
        lambda f: f.guardians > 0 and not f.uninvited,
    ),
    Fact(
        "parent_there",
        3,
        _("Er was een ouder bij."),
        ("Deelname.attended",),
        lambda f: f.guardian_there,
        FAMILY,
    ),
    Fact(
        "parents_informed",
        3,
        _("Elke ouder kreeg het verslag, ook wie er niet bij was."),
        ("Verslag.released_to", "Relatie.information"),
        lambda f: f.released and not f.uninformed,
    ),
    Fact(
        "pupil_invited",
        4,
        _("De leerling was uitgenodigd."),
        ("Deelname.as_role", "Ronde.pupils_from"),
        with_pupil(lambda f: f.pupil_invited),
        FAMILY,
    ),
    Fact(
        "pupil_prepared",
        4,
        _("De leerling bereidde zelf iets voor."),
        ("Answer.visibility", "Bespreekpunt.visibility", "Slide.kind"),
        with_pupil(lambda f: f.pupil_prepared),
        FAMILY,
    ),
    Fact(
        "pupil_there",
        4,
        _("De leerling was erbij."),
        ("Deelname.attended",),
        with_pupil(lambda f: f.pupil_there),
        FAMILY,
    ),
    Fact(
        "pupil_spoke",
        4,
        _("De leerling was zelf aan het woord."),
        ("Deelname.spoke",),
        with_pupil(lambda f: f.pupil_spoke),
        FAMILY,
    ),
    Fact(
        "parents_brought",
        5,
        _("Een ouder bracht vooraf iets in."),
        ("Bespreekpunt.visibility", "Answer.visibility"),
        lambda f: f.guardian_prepared,
        GUARDIANS,
    ),
    Fact(
        "points_used",
        5,
        _("Alle punten van ouders zijn besproken."),
        ("Bespreekpunt.discussed",),
        lambda f: only_where(f.points, not f.points_open),
        GUARDIANS,
    ),
    Fact(
        "parent_spoke",
        5,
        _("Een ouder was zelf aan het woord."),
        ("Deelname.spoke",),
        lambda f: f.guardian_spoke,
        GUARDIANS,
    ),
    Fact(
        "at_home",
        6,
        _("In het verslag staat iets om thuis over door te praten."),
        ("Verslag.at_home",),
        lambda f: f.at_home,
        GUARDIANS,
    ),
    Fact(
        "help_prepared",
        6,
        _("De leerkracht bereidde voor hoe ouders thuis kunnen helpen."),
        ("Answer.visibility", "Question.code"),
        lambda f: only_where(f.asks_help, f.help_prepared),
        GUARDIANS,
    ),
    Fact(
        "good_news",
        7,
        _("De leerkracht schreef vooraf goed nieuws op."),
        ("Answer.visibility", "Question.code"),
        lambda f: only_where(f.asks_good_news, f.good_news),
        FAMILY,
    ),
    Fact(
        "strengths",
        7,
        _("Iemand bereidde voor wat goed gaat."),
        ("Answer.visibility", "Question.code"),
        lambda f: only_where(f.asks_strengths, f.strengths),
        FAMILY,
    ),
    Fact(
        "interests",
        8,
        _("In het verslag staan interesses en ambities."),
        ("Verslag.interests",),
        lambda f: f.interests,
        GUARDIANS,
    ),
    Fact(
        "future",
        8,
        _("Een ouder of de leerling bereidde iets voor over interesses of later."),
        ("Answer.visibility", "Question.code"),
        lambda f: only_where(f.asks_future, f.future),
        FAMILY,
    ),
    Fact(
        "agreed",
        9,
        _("Er is iets afgesproken."),
        ("Agreement.verslag",),
        lambda f: f.agreements > 0,
        FAMILY,
    ),
    Fact(
        "shares",
        9,
        _("Bij de afspraken heeft ieder een aandeel: school, ouders en leerling."),
        ("Agreement.shares",),
        lambda f: only_where(f.agreements, every_share(f)),
        FAMILY,
    ),
    Fact(
        "look_back",
        9,
        _("Er staat een dag bij om terug te kijken."),
        ("Agreement.evaluate_on",),
        lambda f: only_where(f.agreements, f.has_date),
        FAMILY,
    ),
    Fact(
        "answered",
        10,
        _("Bij wat tegenviel staat ook wat er wel kan."),
        ("Verslag.disappointment", "Verslag.perspective"),
        lambda f: only_where(f.disappointment, f.perspective),
        GUARDIANS,
    ),
    Fact(
        "way_on",
        10,
        _("Na wat tegenviel is iets afgesproken om verder te gaan."),
        ("Verslag.disappointment", "Agreement.verslag"),
        lambda f: only_where(f.disappointment, f.agreements > 0),
        GUARDIANS,
    ),
]

FACTS_UNDER = {factor.number: [fact for fact in FACTS if fact.factor == factor.number] for factor in FACTORS}

# One thing to do next time, where a factor was not wholly seen. For who held the gesprek; nobody follows it up.
NEXT_TIME = {
    1: _("Laat ouders zelf een tijd kiezen en spreek af wie hen opvangt."),
    2: _("Vraag ouders vooraf wat zij over hun kind willen vertellen."),
    3: _("Nodig elke ouder uit en deel het verslag ook met wie er niet bij was."),
    4: _("Help de leerling om iets voor te bereiden, en begin met een vraag aan de leerling."),
    5: _("Begin met wat ouders inbrachten en vraag wat zij zien."),
    6: _("Geef ouder en kind een vraag mee om thuis over door te praten."),
    7: _("Zet vooraf goed nieuws klaar, met een voorbeeld van deze week."),
    8: _("Vraag wat het kind boeit en waar het van droomt, en schrijf dat op."),
    9: _("Spreek af wat school, ouders en leerling elk doen, en wanneer jullie terugkijken."),
    10: _("Noem samen wat tegenvalt, en schrijf erbij wat er wel kan."),
}


@dataclass(frozen=True)
class Shown:
    """One factor of one gesprek: its sign, and each fact with what it told."""

    factor: Factor
    sign: Sign
    facts: tuple[tuple[Fact, bool | None], ...]

    @property
    def next_time(self):
        """What to do next time, in one sentence; nothing where all was seen."""
        return NEXT_TIME[self.factor.number] if self.sign in (Sign.PARTLY, Sign.NOT_YET) else ""


def sign_of(told):
    """The Sign of what the facts of one factor tell."""
    told = [one for one in told if one is not None]
    if not told:
        return Sign.NOT_APPLICABLE
    if all(told):
        return Sign.SEEN
    return Sign.PARTLY if any(told) else Sign.NOT_YET


def signs_of(facts, *, reader=STAFF):
    """Ten Shown, in order. For the family only the facts that are hers and that applied, and only factors that have one."""
    found = []
    for factor in FACTORS:
        told = [(fact, _tell(fact, facts)) for fact in FACTS_UNDER[factor.number]]
        if reader != STAFF:
            told = [(fact, one) for fact, one in told if reader in fact.family and one is not None]
        if told:
            found.append(Shown(factor, sign_of(one for _fact, one in told), tuple(told)))
    return found


def _tell(fact, facts):
    told = fact.holds(facts)
    return None if told is None else bool(told)


@functools.lru_cache(maxsize=2048)
def ten(facts):
    """{number of the factor: Sign}. Remembered: of many gesprekken the same is known."""
    return {number: sign_of([_tell(fact, facts) for fact in under]) for number, under in FACTS_UNDER.items()}
