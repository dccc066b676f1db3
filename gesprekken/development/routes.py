"""Which functioning level belongs to which route of secondary education, as the school itself sets it."""

from django.db import transaction
from django.utils.translation import gettext as _

from gesprekken.development.lines import Pasted, StaleLines, cells_of, mark_of
from gesprekken.models import RouteLevel
from school import audit
from school.levels import STEPS, read_level, read_moment
from school.models import School

HEADER = ("route", "routes", "")  # what may stand above the names; anything else is a route itself
MAX_ROUTES = 12  # more lines nobody tells apart in one picture
LONGEST = 40  # of the name of a route


def read_routes(text):
    """A pasted table: on top `route; M6; E6; ...`, below it a line per route. Rows (route, number, moment, level)."""
    pasted, steps, names = Pasted(), None, {}
    for number, cells in cells_of(text, pasted):
        if steps is None:
            steps = read_header(number, cells, pasted)
            if steps is None:
                return pasted
            continue
        name, *levels = cells
        if not name or len(name) > LONGEST:
            pasted.say(number, _("Begin de regel met de naam van de route, van hoogstens 40 tekens."))
        elif name.lower() in names:
            about = {"name": name, "first": names[name.lower()]}
            pasted.say(number, _("%(name)s staat ook op regel %(first)s.") % about)
        elif len(levels) > len(steps):
            pasted.say(number, _("Deze regel heeft meer waarden dan er momenten boven de tabel staan."))
        else:
            names[name.lower()] = number
            read_route(number, name, zip(steps, levels, strict=False), len(names), pasted)
    if len(names) > MAX_ROUTES:
        pasted.say(None, _("Dit zijn te veel routes: hoogstens %(count)s.") % {"count": MAX_ROUTES})
    return pasted


def read_header(number, cells, pasted):
    """The moments above the table, as numbers of steps."""
    steps = [read_moment(cell) for cell in cells[1:]]
    if cells[0].lower() not in HEADER or not steps or None in steps or len(set(steps)) < len(steps):
        pasted.say(number, _("Zet boven de tabel eerst de momenten, zoals: route; M6; E6; M7; E7; M8; E8."))
        return None
    return steps


def read_route(number, name, levels, place, pasted):
    given = [(step, level.upper()) for step, level in levels if level]
    if not given:
        pasted.say(number, _("Bij %(name)s staat nog geen niveau.") % {"name": name})
    for step, level in given:
        if read_level(level) is None or len(level) > 10:
            about = {"name": name, "moment": STEPS[step], "text": level[:20]}
            pasted.say(
                number,
                _('Bij %(name)s, %(moment)s staat "%(text)s". Dat is geen niveau; kies M3 tot en met E8.') % about,
            )
        else:
            pasted.rows.append((name, place, STEPS[step], level))


def table_of(school, vak):
    """(moments, [(route, [level per moment])]) as it is set."""
    return laid_out(list(RouteLevel.objects.filter(school=school, vak=vak)))


def laid_out(rows):
    moments = [step for step in STEPS if any(row.moment == step for row in rows)]
    names = dict.fromkeys(row.route for row in sorted(rows, key=lambda row: row.number))
    level = {(row.route, row.moment): row.level for row in rows}
    return moments, [(name, [level.get((name, moment), "") for moment in moments]) for name in names]


def as_text(moments, lines):
    """What stands in the field to change: the same table that can be pasted."""
    if not lines:
        return ""
    rows = [["route", *moments], *([name, *levels] for name, levels in lines)]
    return "\n".join("; ".join(cells).rstrip("; ") for cells in rows)


def text_of(school, vak):
    return as_text(*table_of(school, vak))


def seen(school, vak):
    return mark_of(text_of(school, vak))


def set_routes(*, vak, rows, by, seen_mark=None):
    """Replace the levels of all routes of one vak by these (route, number, moment, level). Raises StaleLines when they
    are not (any more) those of `seen_mark`.
    """
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=by.school.pk)
        before = text_of(by.school, vak)
        levels = [
            RouteLevel(school=by.school, vak=vak, route=route, number=number, moment=moment, level=level)
            for route, number, moment, level in rows
        ]
        if as_text(*laid_out(levels)) == before:
            return  # a double click, or both wrote the same
        if seen_mark is not None and seen_mark != mark_of(before):
            raise StaleLines
        RouteLevel.objects.filter(school=by.school, vak=vak).delete()
        RouteLevel.objects.bulk_create(levels)
        audit.record("routes_set", by=by, vak=vak, levels=len(rows))
