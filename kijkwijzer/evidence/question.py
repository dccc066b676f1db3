"""The leadership's question: which factors does our practice serve, and which activity could (C6)?"""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gesprekken.year import entries, factors
from kijkwijzer import charts
from kijkwijzer.evidence import adding_up
from kijkwijzer.insight.answer import Answer, Column, Step
from school.templatetags.house import clock, full_day


def counted(count):
    """(seen, partly, of how many) as the table has them; empty cells where fewer than five teachers are behind it."""
    return ("", "", "") if count is None else (count.seen, count.partly, count.of)


def beside_bar(count):
    """What is said at the end of a bar."""
    if count is None:
        return _("te weinig leerkrachten")
    if count.partly:
        return _("%(seen)s van %(of)s, deels %(partly)s") % vars(count)
    return _("%(seen)s van %(of)s") % vars(count)


def chart_of(key, counts, *, title):
    """A bar per factor. The table beside it has the same numbers."""
    rows = [(f"{factor.number} {capfirst(factor.name)}", counts[factor.number]) for factor in factors.FACTORS]
    words = _("%(factor)s: gezien in %(seen)s en deels in %(partly)s van %(of)s gesprekken")
    said = [words % {"factor": name, **vars(count)} for name, count in rows if count]
    bars = [(name, count and (count.seen, count.partly, count.of), beside_bar(count)) for name, count in rows]
    return charts.of_many(key, bars, title=title, desc="; ".join(said) + ".")


def rows_of(counts, standing, factor_map):
    """Per factor: where it was seen, what in the year serves it, and which of the seven activities could as well."""
    present = {row["activity"].code for row in factors.seven(standing, factor_map) if row["entries"]}
    serving = dict(factors.served_by(standing, factor_map))
    for factor in factors.FACTORS:
        could = [
            str(activity.name)
            for activity in factors.PARENT_ACTIVITIES
            if activity.code not in present and factor.number in factors.serves(activity, factor_map)
        ]
        names = dict.fromkeys(entry.label for entry in serving[factor])
        yield (
            f"{factor.number}. {capfirst(factor.name)}",
            *counted(counts[factor.number]),
            ", ".join(names) or _("nog niets in het jaar"),
            ", ".join(could) or "-",
        )


def in_one_sentence(counts):
    """What stands out, without weighing: where it was seen in most, and in fewest of the gesprekken."""
    shown = [(count.seen / count.of, factor) for factor in factors.FACTORS if (count := counts[factor.number])]
    if not shown:
        return _("Er zijn nog geen aantallen: die komen vanaf vijf leerkrachten, twee weken na een ronde.")
    most = max(shown, key=lambda one: one[0])
    least = min(shown, key=lambda one: one[0])
    if most[0] == least[0]:
        return _("We zagen de factoren ongeveer even vaak terug.")
    words = {"most": str(most[1].name), "least": str(least[1].name)}
    return _("Het vaakst zagen we %(most)s terug, het minst vaak %(least)s.") % words


def answer(*, school, schooljaar, now):
    """The Answer for one school year of this school. It takes as many queries for ten pupils as for a thousand."""
    plan = entries.find_plan(schooljaar)
    per_ronde, counted_at = adding_up.counted(schooljaar, now=now)
    counts = adding_up.together(per_ronde, per_ronde)
    standing = entries.entries_now(plan)
    few = [factor for factor in factors.FACTORS if counts[factor.number] is None]
    return Answer(
        slug="factoren",
        question=_("Welke factoren dient onze praktijk, en welke activiteit kan dat nog meer?"),
        said=in_one_sentence(counts),
        columns=(
            Column(_("Factor")),
            Column(_("Gezien in"), number=True),
            Column(_("Deels gezien in"), number=True),
            Column(_("Van zoveel gesprekken"), number=True),
            Column(_("Dit in het jaar dient de factor")),
            Column(_("Dit kan ook")),
        ),
        rows=tuple(rows_of(counts, standing, plan.factor_map)),
        picture=chart_of("factoren", counts, title=_("In hoeveel gesprekken elke factor terug te zien was"))
        if len(few) < len(factors.FACTORS)
        else None,
        steps=(
            Step(
                _("Bekijk de activiteiten van het jaar en zet er een bij."),
                f"{reverse('activities')}?jaar={schooljaar.pk}",
            ),
            Step(
                _("Kies zelf welke activiteit welke factor dient."), f"{reverse('year_factors')}?jaar={schooljaar.pk}"
            ),
        ),
        note=note(few, counted_at),
    )


def note(few, counted_at):
    """What is left out and why, what a number is not, and of when the numbers are."""
    said = _(
        "Gezien is wat uit voorbereiding, aanwezigheid en verslag blijkt. Scores van de Kijkwijzer tellen nooit mee. "
        "Een ronde telt mee vanaf twee weken na de laatste dag, en per factor vanaf vijf leerkrachten."
    )
    if few:
        names = ", ".join(str(factor.name) for factor in few)
        said += " " + _("Nog zonder aantal: %(factors)s.") % {"factors": names}
    when = {"day": full_day(counted_at), "time": clock(counted_at)}
    return said + " " + _("Geteld op %(day)s om %(time)s uur; dat gebeurt één keer per dag.") % when
