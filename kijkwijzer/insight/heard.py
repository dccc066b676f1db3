"""Do parents feel heard? The three taps after a gesprek, for the whole school and without a name.

Counted as decision 0090 says and in no other way: per ronde, once answering is over, of groups that have five answers
themselves, from five groups and five teachers on. What is added up here is the sum of what stands there.
"""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.afterwards import feedback
from gesprekken.models import Feedback
from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column
from kijkwijzer.insight.bars import Bar, bars

SLUG = "gehoord"
HEARD = "heard"


def question():
    return _("Voelen ouders zich gehoord?")


def sides():
    return {
        feedback.OUDER.value: _("ouders"),
        feedback.LEERLING.value: _("leerlingen"),
        "together": _("ouders en leerlingen samen"),
    }


def per_ronde(schooljaar, today):
    """[(ronde, {question: [Part]})] of the rondes with answers of which answering is over, by day."""
    rows = Feedback.objects.filter(schooljaar=schooljaar, about=Feedback.About.GESPREK)
    by_ronde = {}
    for ronde, groep, role, answers in rows.values_list("ronde_id", "groep_id", "as_role", "answers"):
        by_ronde.setdefault(ronde, {}).setdefault(groep, []).append((role, answers))
    teachers = counting.teachers_of(schooljaar) if by_ronde else {}
    found = []
    for ronde in counting.rondes_of(schooljaar):
        if ronde.pk in by_ronde and today > feedback.last_day(ronde):
            answers = feedback.of_school(by_ronde[ronde.pk], teachers)
            found.append((ronde, feedback.counts(answers, questions=feedback.QUESTIONS, values=feedback.VALUES)))
    return found


def answer(*, school, schooljaar, now):
    found = per_ronde(schooljaar, now.astimezone(school.zone).date())
    rows = [
        (ronde.name, feedback.QUESTIONS[asked], part)
        for ronde, parts in found
        for asked in feedback.QUESTIONS
        for part in parts[asked]
    ]
    note = _(
        "Zonder naam, en pas veertien dagen na de laatste dag van een ronde. Alleen groepen met vijf of meer antwoorden "
        "tellen mee, van vijf groepen en vijf leerkrachten samen of meer. Zo is niemand eruit te halen."
    )
    if not rows:
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar zijn er nog niet genoeg antwoorden om te laten zien."),
            steps=steps(),
            note=note,
        )
    words = sides()
    return Answer(
        SLUG,
        question(),
        said(found),
        columns=(
            Column(_("Ronde")),
            Column(_("Vraag")),
            Column(_("Wie")),
            Column(_("Ja"), number=True),
            Column(_("Een beetje"), number=True),
            Column(_("Nee"), number=True),
            Column(_("Antwoorden"), number=True),
        ),
        rows=tuple(
            (ronde, str(asked), words[part.who], *(part.numbers[value] for value in feedback.VALUES), part.total)
            for ronde, asked, part in rows
        ),
        picture=picture(found),
        steps=steps(),
        note=note,
    )


def heard(parts):
    """The answers to "I felt heard" of the parents; of parents and pupils together where they stand so."""
    return next((part for part in parts[HEARD] if part.who != feedback.LEERLING.value), None)


def said(found):
    total = Counter()
    together = False
    for _ronde, parts in found:
        if part := heard(parts):
            total.update(part.numbers)
            together |= part.who == "together"
    if not total:
        return _("Over gehoord worden zijn er in dit schooljaar nog niet genoeg antwoorden om te laten zien.")
    sentence = (
        ngettext(
            "%(yes)s van de %(total)s ouder of leerling zei ja op ‘ik voelde mij gehoord’.",
            "%(yes)s van de %(total)s ouders en leerlingen zeiden ja op ‘ik voelde mij gehoord’.",
            total.total(),
        )
        if together
        else ngettext(
            "%(yes)s van de %(total)s ouder zei ja op ‘ik voelde mij gehoord’.",
            "%(yes)s van de %(total)s ouders zeiden ja op ‘ik voelde mij gehoord’.",
            total.total(),
        )
    )
    return sentence % {"yes": total[feedback.VALUES[0]], "total": total.total()}


def picture(found):
    words, lines = sides(), []
    for ronde, parts in found:
        for part in parts[HEARD]:
            counts = tuple(part.numbers[value] for value in feedback.VALUES)
            label = f"{ronde.name}, {words[part.who]}"
            lines.append(Bar(label, counts, part.total, counting.of(counts[0], part.total)))
    legend = (_("ja"), _("een beetje"), _("nee"))
    return bars(SLUG, lines, legend=legend, title=_("Ik voelde mij gehoord, per ronde"))


def steps():
    return (
        counting.step(_("Lees wat ouders vonden, en kies wanneer de jaarvraag openstaat"), "feedback_results"),
        counting.step(_("Oefen met luisteren: blik terug op een gesprek"), "terugblikken"),
    )
