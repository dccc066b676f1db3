"""From a look back to what a page shows: charts with their words, and the rows of the table below them."""

from django.utils.translation import gettext as _

from kijkwijzer import charts, scoring
from kijkwijzer.charts import said as shown
from kijkwijzer.looking import looking_back
from kijkwijzer.models import Terugblik
from school.templatetags.house import short_day

SHAPE = 3  # factors that make a picture; below it a table of what was scored says it all


def table_of(result):
    """Per cluster: its words, its mean, and per factor the words, the mean, a bar and how many items were filled."""
    few, parts = scored_in(result) < SHAPE, []
    for cluster, scored in zip(result.outline.clusters, result.clusters, strict=True):
        rows = [
            {
                "factor": factor,
                "score": score,
                "mean": shown(score.mean),
                "spread": spread_of(score),
                "bar": charts.bar(score.mean),
                "remark": result.remarks.get(factor.number, ""),
            }
            for factor, score in zip(cluster.factors, scored.factors, strict=True)
            if not few or score.filled or result.remarks.get(factor.number)
        ]
        about = {"mean": shown(scored.mean), "spread": spread_of(scored)}
        if rows:
            parts.append({"cluster": cluster, "score": scored, "rows": rows, **about})
    return parts


def spread_of(score):
    """How far the scores lie apart, in words: the lowest and the highest that were given. One score has no spread."""
    if score.filled < 2:
        return ""
    if score.lowest == score.highest:
        return _("steeds %(score)s") % {"score": score.lowest}
    return _("%(lowest)s tot %(highest)s") % {"lowest": score.lowest, "highest": score.highest}


def scored_in(result):
    """In how many factors something was scored."""
    return sum(factor.mean is not None for cluster in result.clusters for factor in cluster.factors)


def radar_of(result):
    """The ten factors in one picture, or nothing: fewer than three points have no shape."""
    if scored_in(result) < SHAPE:
        return ""
    scores = {f.number: f.mean for cluster in result.clusters for f in cluster.factors}
    axes = [(factor.lines, scores[factor.number]) for factor in result.outline.factors]
    words = ", ".join(f"{f.name} {shown(scores[f.number]) or _('leeg')}" for f in result.outline.factors)
    return charts.radar(
        "radar",
        axes,
        title=_("De tien factoren in één beeld"),
        desc=_("Gemiddelde per factor op een schaal van 1 tot en met 5: %(said)s.") % {"said": words},
    )


def list_of(named, actor):
    """Rows of the list: the look back, whose look it was, the child's first name, its result and its cluster means."""
    rows = []
    for terugblik, name in named:
        result = looking_back.result_of(terugblik)
        clusters = zip(result.outline.clusters, result.clusters, strict=True)
        means = [(cluster, shown(scored.mean)) for cluster, scored in clusters]
        who = whose_look(terugblik, actor)
        rows.append({"terugblik": terugblik, "who": who, "name": name, "result": result, "means": means})
    return rows


def whose_look(terugblik, actor):
    """In words to this actor: her own look, a colleague's at her, hers at a colleague."""
    if terugblik.mode != Terugblik.Mode.COLLEAGUE:
        return _("Zelf teruggekeken")
    if terugblik.about_id == actor.person.pk:
        return _("%(name)s keek mee") % {"name": terugblik.observer.name}
    return _("Meegekeken bij %(name)s") % {"name": terugblik.about.name}


def growth_of(line):
    """Cluster means over time, or None before there are two look backs of one's own. {'picture', 'rows', 'names'}"""
    moments = [moment for moment in line.own if moment.result.filled]
    if len(moments) < 2:
        return None
    clusters = moments[-1].result.outline.clusters
    picture = charts.growth(
        "groei",
        [short_day(moment.terugblik.saved_at) for moment in moments],
        [(cluster.name, [moment.of_cluster(cluster.code) for moment in moments]) for cluster in clusters],
        title=_("Je terugblikken door de tijd"),
        desc=_("Per terugblik het gemiddelde van elk van de drie clusters, op een schaal van 1 tot en met 5."),
    )
    rows = [(moment, [(each, shown(moment.of_cluster(each.code))) for each in clusters]) for moment in moments]
    return {"picture": picture, "rows": rows[::-1], "names": [cluster.name for cluster in clusters]}


def growth_of_factor(line, factor):
    """One factor over time, one's own look beside that of colleagues; None before two look backs filled it in."""
    scored = [(moment, moment.of_factor(factor.number)) for moment in line.moments]
    scored = [(moment, score) for moment, score in scored if score and score.mean is not None]
    if len(scored) < 2:
        return None
    own = [score.mean if moment.is_own else None for moment, score in scored]
    seen = [None if moment.is_own else score.mean for moment, score in scored]
    series = [(_("Zelf"), own), (_("Een collega"), seen)]
    picture = charts.growth(
        "groei",
        [short_day(moment.terugblik.saved_at) for moment, _score in scored],
        [(name, means) for name, means in series if any(mean is not None for mean in means)],
        title=_("%(factor)s door de tijd") % {"factor": factor.name},
        desc=_("Per terugblik het gemiddelde van deze factor, op een schaal van 1 tot en met 5."),
    )
    rows = [(moment, shown(score.mean), spread_of(score)) for moment, score in scored]
    return {"picture": picture, "rows": rows[::-1]}


def changes_of(changes):
    """Rows for a table: per factor the first and the latest mean, and how many look backs filled it in."""
    return [(change.factor, shown(change.first), shown(change.latest), change.times) for change in changes]


def beside(own, seen):
    """An own look and a colleague's at the same gesprek: per factor both means with their bars, and where they differ.

    {'parts', 'apart', 'sentences'}: apart is at most three factors, the furthest apart first; it says so without judging.
    """
    theirs = {f.number: f for cluster in seen.clusters for f in cluster.factors}
    parts = []
    for cluster, scored in zip(own.outline.clusters, own.clusters, strict=True):
        rows = [
            {
                "factor": factor,
                "own": shown(score.mean),
                "own_bar": charts.bar(score.mean),
                "seen": shown(theirs[factor.number].mean),
                "seen_bar": charts.bar(theirs[factor.number].mean),
            }
            for factor, score in zip(cluster.factors, scored.factors, strict=True)
            if factor.number in theirs and (score.filled or theirs[factor.number].filled)
        ]
        if rows:
            parts.append({"cluster": cluster, "rows": rows})
    far = scoring.furthest_apart(own.clusters, seen.clusters)
    apart = [(own.outline.factor(number), shown(mine), shown(other)) for number, mine, other in far[:3]]
    return {"parts": parts, "apart": apart, "sentences": _sentences_apart(own, seen)}


def _sentences_apart(own, seen):
    """Each indicator that both filled in differently, with both scores, the furthest apart first."""
    pairs = [
        (statement.text, own.values[statement.code], seen.values[statement.code])
        for statement in own.outline.indicators
        if statement.code in own.values and statement.code in seen.values
    ]
    return sorted((row for row in pairs if row[1] != row[2]), key=lambda row: -abs(row[1] - row[2]))


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
