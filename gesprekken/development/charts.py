"""The charts of a gesprek, drawn for whoever asks: staff see all vakken, guardians and pupil what is shown to them."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from gesprekken.development import growth, stairs
from gesprekken.development.columns import in_order
from gesprekken.development.levels import level_in_words
from gesprekken.permissions import (
    visible_norm_bands,
    visible_results,
    visible_results_in,
    visible_route_levels,
    visible_shown_charts,
)
from school.levels import read_level, read_moment


@dataclass(frozen=True)
class Line:
    """A test in the table below the pictures; everything as it was given."""

    moment: str
    taken_on: object
    score: str
    niveau: str
    level: str
    words: str  # the level said out loud; empty where it is not one we know
    is_unknown: bool
    bands: str


@dataclass(frozen=True)
class Chart:
    """One vak of one pupil: the staircase, the growth line, the table below them, the goal."""

    vak: str
    name: str
    key: str  # unique on a page that shows several
    stairs: object
    growth: object
    lines: list
    goal: str = ""
    shown: object = None  # the ShownChart, where it is shown

    @property
    def has_unknown(self):
        return any(line.is_unknown for line in self.lines)


def vak_name(vak):
    """The name of a vak in the reader's language, where it is one every school has."""
    known = {
        "technisch lezen": _("technisch lezen"),
        "begrijpend lezen": _("begrijpend lezen"),
        "spelling": _("spelling"),
        "rekenen": _("rekenen"),
        "rekenen-wiskunde": _("rekenen-wiskunde"),
        "woordenschat": _("woordenschat"),
    }
    return known.get(vak.lower(), vak)


def charts_for(actor, gesprek):
    """The Charts that are shown at this gesprek and that this actor may see, in the order of the vakken."""
    shown = {row.vak: row for row in visible_shown_charts(actor).filter(gesprek=gesprek)}
    return draw_charts(actor, gesprek, shown, set(shown)) if shown else []


def chart_of(actor, gesprek, vak):
    """The Chart of one vak that is shown at this gesprek to this actor, or None."""
    return next((chart for chart in charts_for(actor, gesprek) if chart.vak == vak), None)


def all_charts(actor, gesprek):
    """Of every vak in which the pupil has results this actor may see, to choose from; those shown carry their choice."""
    return draw_charts(actor, gesprek, {row.vak: row for row in visible_shown_charts(actor).filter(gesprek=gesprek)})


def charts_of_groep(actor, gesprekken):
    """[(gesprek, Charts that are shown)] of a QuerySet, asking no more for twenty-five gesprekken than for one."""
    shown, results = {}, {}
    for row in visible_shown_charts(actor).filter(gesprek__in=gesprekken):
        shown.setdefault(row.gesprek_id, {})[row.vak] = row
    for result in visible_results_in(actor, gesprekken):
        results.setdefault(result.leerling_id, []).append(result)
    bands, routes = bands_of_school(actor), routes_of_school(actor)
    found = []
    for one in gesprekken:
        mine = shown.get(one.pk, {})
        found.append((one, drawn(one, results.get(one.leerling_id, []), mine, bands, routes, set(mine))))
    return found


def draw_charts(actor, gesprek, shown, only=None):
    results = visible_results(actor, gesprek)
    if only is not None:
        results = results.filter(vak__in=only)
    found = list(results)
    vakken = {result.vak for result in found}
    bands = bands_of_school(actor, Q(vak__in=vakken))
    routes = routes_of_school(actor, Q(vak__in=vakken)) if any(row.routes for row in shown.values()) else {}
    return drawn(gesprek, found, shown, bands, routes, only)


def drawn(gesprek, results, shown, bands, routes, only=None):
    """A Chart for every vak of these results (or of those in `only`)."""
    by_vak = {}
    for result in results:
        if only is None or result.vak in only:
            by_vak.setdefault(result.vak, []).append(result)
    name = gesprek.leerling.person.first_name
    return [
        draw_chart(gesprek, vak, in_order(by_vak[vak]), name, number, shown.get(vak), bands.get(vak, {}), routes.get(vak, {}))
        for number, vak in enumerate(sorted(by_vak), 1)
    ]  # fmt: skip


def draw_chart(gesprek, vak, results, name, number, shown, bands, routes):
    key, called = f"{gesprek.pk}-{number}", vak_name(vak)
    chosen = {route: levels for route, levels in routes.items() if shown and route in shown.routes}
    return Chart(
        vak=vak,
        name=called,
        key=key,
        stairs=stairs.draw(results, vak=called, name=name, key=f"trap-{key}", route_levels=chosen),
        growth=growth.draw(results, vak=called, name=name, key=f"groei-{key}", bands=bands),
        lines=[line_of(result, bands) for result in results],
        goal=shown.goal if shown else "",
        shown=shown,
    )


def line_of(result, bands):
    level = read_level(result.functioneringsniveau) if result.functioneringsniveau else None
    mine = bands.get(read_moment(result.toets), [])
    return Line(
        moment=stairs.moment_name(result),
        taken_on=result.taken_on,
        score="" if result.score is None else growth.plain(result.score),
        niveau=result.niveau,
        level=result.functioneringsniveau,
        words=level_in_words(level),
        is_unknown=bool(result.functioneringsniveau) and level is None,
        bands="; ".join(f"{name} {growth.band_in_words(low, high)}" for name, low, high in mine),
    )


def bands_of_school(actor, which=None):
    """{vak: {step: [(name, low, high)]}} with the highest band first."""
    found = {}
    for band in visible_norm_bands(actor).filter(which or Q()):
        step = read_moment(band.moment)
        if step is not None:
            found.setdefault(band.vak, {}).setdefault(step, []).append((band.band, band.low, band.high))
    for moments in found.values():
        for bands in moments.values():
            bands.sort(key=lambda band: -1e9 if band[1] is None else float(band[1]), reverse=True)
    return found


def routes_of_school(actor, which=None):
    """{vak: {route: {step: level as written}}} in the order in which the school names its routes; from the year level
    on in which the school speaks of them.
    """
    found = {}
    first = 2 * (actor.school.outflow_from - 3)
    for row in visible_route_levels(actor).filter(which or Q()).order_by("number", "route"):
        step = read_moment(row.moment)
        if step is not None and step >= first:
            found.setdefault(row.vak, {}).setdefault(row.route, {})[step] = row.level
    return found
