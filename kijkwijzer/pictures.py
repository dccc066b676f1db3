"""From results to what a page shows: charts with their words, and the rows of the table below them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kijkwijzer import charts, insight, looking_back
from kijkwijzer.charts import said as shown
from school.templatetags.house import short_day


def table_of(result):
    """Per cluster: its words, its mean, and per factor the words, the mean, a bar and how many items were filled."""
    parts = []
    for cluster, scored in zip(result.outline.clusters, result.clusters, strict=True):
        rows = [
            {
                "factor": factor,
                "score": score,
                "mean": shown(score.mean),
                "bar": charts.bar(score.mean),
                "remark": result.remarks.get(factor.number, ""),
            }
            for factor, score in zip(cluster.factors, scored.factors, strict=True)
        ]
        parts.append({"cluster": cluster, "score": scored, "mean": shown(scored.mean), "rows": rows})
    return parts


def radar_of(result):
    scores = {f.number: f.mean for cluster in result.clusters for f in cluster.factors}
    axes = [(factor.lines, scores[factor.number]) for factor in result.outline.factors]
    words = ", ".join(f"{f.name} {shown(scores[f.number]) or _('leeg')}" for f in result.outline.factors)
    return charts.radar(
        "radar",
        axes,
        title=_("De tien factoren in één beeld"),
        desc=_("Gemiddelde per factor op een schaal van 1 tot en met 5: %(said)s.") % {"said": words},
    )


def list_of(named):
    """Rows of the list: the look back, the child's first name, its result and its cluster means."""
    rows = []
    for terugblik, name in named:
        result = looking_back.result_of(terugblik)
        means = [shown(cluster.mean) for cluster in result.clusters]
        rows.append({"terugblik": terugblik, "name": name, "result": result, "means": means})
    return rows


def growth_of(newest_first):
    """Cluster means over time, or None before there are two look backs. {'picture', 'rows', 'names'}"""
    results = [(row, looking_back.result_of(row)) for row in reversed(list(newest_first))]
    if len(results) < 2:
        return None
    names = [cluster.name for cluster in results[-1][1].outline.clusters]
    codes = [cluster.code for cluster in results[-1][1].outline.clusters]
    means = [{c.code: c.mean for c in result.clusters} for _row, result in results]
    labels = [short_day(row.saved_at) for row, _result in results]
    picture = charts.growth(
        "groei",
        labels,
        [(name, [m.get(code) for m in means]) for name, code in zip(names, codes, strict=True)],
        title=_("Je terugblikken door de tijd"),
        desc=_("Per terugblik het gemiddelde van elk van de drie clusters, op een schaal van 1 tot en met 5."),
    )
    rows = [(row, [shown(m.get(code)) for code in codes]) for (row, _result), m in zip(results, means, strict=True)]
    return {"picture": picture, "rows": rows[::-1], "names": names}


def in_words(outline, differences):
    """The differences of two tabs as rows: what it is about, what was stored, what was typed."""
    rows = []
    for what, stored, typed in differences:
        if what == "difficult":
            label, stored, typed = _("Dit was een lastig gesprek"), _yes_no(stored), _yes_no(typed)
        elif what in outline.by_code:
            label = outline.by_code[what].text
        else:
            label = _("Opmerking bij %(factor)s") % {"factor": outline.factor(what).name.lower()}
        rows.append({"label": label, "stored": stored or _("leeg"), "typed": typed or _("leeg")})
    return rows


def _yes_no(value):
    return _("ja") if value else _("nee")


# --- the overview ----------------------------------------------------------------------------------------------------


def state_words():
    return {
        insight.RECORDED: _("vastgelegd"),
        insight.HELD: _("gehouden, nog niet vastgelegd"),
        insight.CHOSEN: _("tijd gekozen"),
        insight.CALL: _("vraagt om contact"),
        insight.WISHED: _("gaf aan wanneer het kan"),
        insight.NOTHING: _("nog geen reactie"),
    }


def legend(total):
    """What the fills mean; wishes only where the ronde has them."""
    shown = [(state, words) for state, words in state_words().items() if state != insight.WISHED or total.states[state]]
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
