"""The ten signs as a page shows them: a mark, a word and a colour for each; and a ronde added up."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from gesprekken.year.factors import FACTORS
from kijkwijzer.evidence import question
from kijkwijzer.evidence.signs import Shown, Sign

# What one fact told: (mark, the sign whose words it borrows).
TOLD = {True: ("✓", Sign.SEEN), False: ("○", Sign.NOT_YET), None: ("–", Sign.NOT_APPLICABLE)}


def sign_words():
    return {
        Sign.SEEN: _("dit zagen we terug"),
        Sign.PARTLY: _("een deel zagen we terug"),
        Sign.NOT_YET: _("nog niet gezien"),
        Sign.NOT_APPLICABLE: _("speelde niet"),
    }


# What a factor is called where the family reads about it: the names of the factors are words of the profession.
HEADINGS = {
    1: _l("Welkom zijn"),
    2: _l("Elkaar leren kennen"),
    3: _l("Ouders zijn erbij"),
    4: _l("De leerling doet mee"),
    5: _l("Praten en luisteren"),
    6: _l("Thuis verder praten"),
    7: _l("Zien wat goed gaat"),
    8: _l("Dromen en later"),
    9: _l("Samen afspraken maken"),
    10: _l("Verder als iets tegenvalt"),
}


@dataclass(frozen=True)
class Row:
    """One factor with its sign in words, and its facts: (mark, words of the sign, words of the fact)."""

    shown: Shown
    words: str
    facts: list

    @property
    def heading(self):
        return HEADINGS[self.shown.factor.number]

    @property
    def is_seen(self):
        return self.shown.sign == Sign.SEEN


def rows_of(signs):
    said = sign_words()

    def fact_row(fact, told):
        mark, sign = TOLD[told]
        return mark, said[sign], fact.words

    return [Row(shown, said[shown.sign], [fact_row(*fact) for fact in shown.facts]) for shown in signs]


def ronde_of(counts):
    """A ronde added up: the picture and the rows of its table; None while there is nothing that may be told."""
    if not any(counts.values()):
        return None
    title = _("In hoeveel gesprekken van deze ronde elke factor terug te zien was")
    return {
        "picture": question.chart_of("factoren", counts, title=title),
        "rows": [(factor, counts[factor.number]) for factor in FACTORS],
    }


def legend(rows):
    """What the marks before a fact mean, as far as they are on the page: (mark, words)."""
    used = {mark for row in rows for mark, _words, _fact in row.facts}
    said = sign_words()
    return [(mark, said[sign]) for mark, sign in TOLD.values() if mark in used]
