"""From scores of a film to what a page shows: a picture, and the same numbers as a table."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kijkwijzer.charts import said
from kijkwijzer.models import Sitting, Terugblik
from kijkwijzer.practising import alone, chart, together
from kijkwijzer.practising.films import film_of

SPREAD = {"close": _l("dicht bij elkaar"), "some": _l("verschillend"), "wide": _l("ver uit elkaar")}
BEFORE, AFTER = alone.BEFORE, alone.AFTER


def step_in_words(step):
    """A step between two versions with its sign; None where there is none."""
    if step is None:
        return None
    return ("+" if step > 0 else "-" if step < 0 else "") + number_format(abs(step), 1)


def own_table(outline, before, after):
    """Per cluster the factors of one's own two versions, with the step where both were seen."""
    parts = []
    for cluster, rows in alone.differences(outline, before, after):
        shown = [
            {"factor": d.factor, "before": said(d.before), "after": said(d.after), "step": step_in_words(d.step)}
            for d in rows
        ]
        parts.append({"cluster": cluster, "rows": shown})
    return parts


def own_picture(outline, before, after):
    rows, words = [], []
    for factor in outline.factors:
        pair = before.get(factor.number), after.get(factor.number)
        rows.append((factor.lines, [(mean, "") if mean is not None else None for mean in pair]))
        words.append(f"{factor.name}: {said(pair[0]) or _('leeg')} - {said(pair[1]) or _('leeg')}")
    desc = _("Gemiddelde per factor, eerst van de eerste film en dan van de tweede, van 1 tot en met 5: %(said)s.")
    return chart.beside(
        "verschil",
        rows,
        [(0, _("liever niet zo")), (1, _("zo kan het ook"))],
        title=_("De twee films naast elkaar"),
        desc=desc % {"said": "; ".join(words)},
    )


def team_table(outline, before, after):
    """Per cluster: its means, and per factor mean and spread of the versions that may be shown (None for one that
    may not). Clusters are the means of the factors that stand there.
    """
    both = [before or {}, after or {}]
    clusters = [together.cluster_means(outline.structure, numbers) for numbers in both]
    parts = []
    for cluster in outline.clusters:
        rows = []
        for factor in cluster.factors:
            shown = [numbers.get(factor.number) for numbers in both]
            step = shown[1].mean - shown[0].mean if all(shown) else None
            rows.append({"factor": factor, "cells": [_cell(row) for row in shown], "step": step_in_words(step)})
        means = [said(found[cluster.code]) for found in clusters]
        parts.append({"cluster": cluster, "means": means, "rows": rows})
    return parts


def _cell(row):
    return {"mean": said(row.mean), "spread": SPREAD[row.spread]} if row else None


def team_picture(outline, before, after):
    rows, words = [], []
    both = [(0, _("liever niet zo"), before), (1, _("zo kan het ook"), after)]
    for factor in outline.factors:
        points = []
        for _which, _name, numbers in both:
            row = (numbers or {}).get(factor.number)
            points.append((float(row.mean), row.spread) if row else None)
        rows.append((factor.lines, points))
        words.append(f"{factor.name}: " + " - ".join(said(p[0]) if p else _("leeg") for p in points))
    desc = _("Gemiddelde van het team per factor, eerst van de eerste film en dan van de tweede: %(said)s.")
    return chart.beside(
        "team",
        rows,
        [(which, name) for which, name, numbers in both if numbers is not None],
        title=_("Het team op de tien factoren"),
        desc=desc % {"said": "; ".join(words)},
    )


def year_rows(pictures, outline, factors, clusters):
    """A row per picture: means of the clusters and of the factors that were asked for."""
    rows = []
    for each in pictures:
        means = together.cluster_means(outline.structure, each.numbers)
        found = [(f, each.numbers.get(f.number)) for f in factors]
        cells = [(f.name, said(numbers.mean) if numbers else None) for f, numbers in found]
        about = {"film": film_of(each.film), "part": Terugblik.Part(each.part).label}
        about["occasion"] = Sitting.Occasion(each.occasion).label
        rows.append(
            about | {"picture": each, "clusters": [(c.name, said(means[c.code])) for c in clusters], "cells": cells}
        )
    return rows
