"""The overview as a page shows it: bars with their words, and what to do next."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kijkwijzer import charts
from kijkwijzer.insight import reach


def state_words():
    return {
        reach.RECORDED: _("vastgelegd"),
        reach.HELD: _("gehouden, nog niet vastgelegd"),
        reach.CHOSEN: _("tijd gekozen"),
        reach.CALL: _("vraagt om contact"),
        reach.WISHED: _("gaf aan wanneer het kan"),
        reach.NOTHING: _("nog geen reactie"),
    }


def legend(total):
    """What the fills mean; wishes only where the ronde has them."""
    shown = [(state, words) for state, words in state_words().items() if state != reach.WISHED or total.states[state]]
    return [(charts.swatch(state), words) for state, words in shown]


def bars_of(rows):
    """Per group its name, its counts and its bar; the bar says its numbers in words too."""
    words = state_words()
    bars = []
    for row in rows:
        said = ", ".join(f"{count} {words[state]}" for state, count in row.parts if count)
        title = f"{row.groep.name}: {said}" if said else row.groep.name
        bars.append((row, charts.stacked(f"g{row.groep.pk}", row.parts, title=title)))
    return bars


def next_steps(ronde, total, rows):
    """What to do now, in the order in which it is needed: (sentence, [(groep, how many)])."""
    found = [
        (
            ngettext(
                "Bij %(n)s gesprek is er geen ouder uitgenodigd",
                "Bij %(n)s gesprekken is er geen ouder uitgenodigd",
                total.uninvited,
            ),
            "uninvited" if ronde.is_open else None,
        ),
        (
            ngettext("%(n)s ouder vraagt om contact", "%(n)s ouders vragen om contact", total.asked_call),
            "asked_call",
        ),
        (
            ngettext(
                "Voor %(n)s gesprek is nog geen tijd gekozen",
                "Voor %(n)s gesprekken is nog geen tijd gekozen",
                total.no_reaction,
            ),
            "no_reaction" if ronde.is_open else None,
        ),
        (
            ngettext(
                "Van %(n)s gesprek is de tijd voorbij. Is het gehouden?",
                "Van %(n)s gesprekken is de tijd voorbij. Zijn ze gehouden?",
                total.overdue,
            ),
            "overdue",
        ),
        (
            ngettext(
                "%(n)s gesprek is gehouden en nog niet vastgelegd",
                "%(n)s gesprekken zijn gehouden en nog niet vastgelegd",
                total.to_record,
            ),
            "to_record",
        ),
    ]
    return [
        (
            sentence % {"n": getattr(total, what)},
            [(row.groep, getattr(row, what)) for row in rows if getattr(row, what)],
        )
        for sentence, what in found
        if what and getattr(total, what)
    ]
