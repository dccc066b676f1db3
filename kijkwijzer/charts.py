"""Pictures. Pure: numbers and words in, SVG out. Presentation attributes only (the CSP allows no style), shapes and
patterns beside colour, a title and a description; the page puts the same numbers in a table below.
"""

from math import cos, pi, sin

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from kijkwijzer import scoring

INK, SOFT, LINE, DEEP, SUN = "#23313a", "#55626b", "#d9cfbf", "#17565a", "#f3b73e"
TOP = 5  # of the scale
MARKS = ("circle", "square", "triangle")  # one per line, so that lines differ without colour
DASHES = ("none", "7 4", "2 4")
LINE_COLOURS = (DEEP, "#8a5a00", "#6b3fa0")


def _plain(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _svg(template, *values):
    """Escaped, with numbers as SVG reads them: a point, two decimals at most."""
    return format_html(template, *map(_plain, values))


def _each(template, rows):
    return format_html_join("", template, ([_plain(value) for value in row] for row in rows))


def said(mean):
    """A mean as people read it in their language, or None: 4,5 in Dutch."""
    return None if mean is None else formats.number_format(scoring.rounded(mean), 1)


def _frame(key, title, desc, width, height, body):
    return _svg(
        '<svg class="beeld" role="img" aria-labelledby="{0}-t {0}-d" viewBox="0 0 {1} {2}" width="{1}" height="{2}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif"><title id="{0}-t">{3}</title>'
        '<desc id="{0}-d">{4}</desc>{5}</svg>',
        key, width, height, title, desc, body,
    )  # fmt: skip


def _mark(shape, x, y, colour, size=5):
    if shape == "square":
        return _svg(
            '<rect x="{}" y="{}" width="{}" height="{}" fill="#fff" stroke="{}" stroke-width="2.5"/>',
            x - size, y - size, 2 * size, 2 * size, colour,
        )  # fmt: skip
    if shape == "triangle":
        points = f"{x:.1f},{y - size - 1:.1f} {x + size + 1:.1f},{y + size:.1f} {x - size - 1:.1f},{y + size:.1f}"
        return _svg('<polygon points="{}" fill="#fff" stroke="{}" stroke-width="2.5"/>', points, colour)
    return _svg('<circle cx="{}" cy="{}" r="{}" fill="#fff" stroke="{}" stroke-width="2.5"/>', x, y, size, colour)


# --- the radar -------------------------------------------------------------------------------------------------------

RADAR = (400, 360)
MIDDLE, RADIUS = (200, 182), 102


def _spot(index, count, value):
    """Where a value stands on its axis; 1 is a little outside the middle, so that a low score is still seen."""
    angle = -pi / 2 + 2 * pi * index / count
    reach = RADIUS * value / TOP
    return MIDDLE[0] + reach * cos(angle), MIDDLE[1] + reach * sin(angle)


def _points(spots):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)


def _axis(index, count, words, value):
    x, y = _spot(index, count, TOP)
    far_x, far_y = _spot(index, count, TOP * 1.13)
    anchor = "middle" if abs(far_x - MIDDLE[0]) < 12 else "start" if far_x > MIDDLE[0] else "end"
    first = far_y + 4 - (17 * len(words) if far_y < MIDDLE[1] - 80 else 9 * len(words) if far_y < MIDDLE[1] + 80 else 0)
    lines = _each(
        '<tspan x="{}" y="{}">{}</tspan>', [(far_x, first + 17 * number, word) for number, word in enumerate(words)]
    )
    shown = said(value) or "-"
    empty = value is None
    return _svg(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="1" stroke-dasharray="{}"/>'
        '<text text-anchor="{}" font-size="16" fill="{}">{}<tspan x="{}" y="{}" font-weight="700">{}</tspan></text>',
        *MIDDLE, x, y, SOFT if empty else LINE, "3 5" if empty else "none",
        anchor, INK, lines, far_x, first + 17 * len(words), shown,
    )  # fmt: skip


def radar(key, axes, *, title, desc):
    """`axes` is [(lines of the label, mean or None)], clockwise from the top. An empty axis is dashed and has no point."""
    count = len(axes)
    rings = _each(
        '<polygon points="{}" fill="none" stroke="{}" stroke-width="{}"/>',
        [
            (_points(_spot(i, count, ring) for i in range(count)), LINE, 2 if ring == TOP else 1)
            for ring in range(1, TOP + 1)
        ],
    )
    scale = _each(
        '<text x="{}" y="{}" font-size="11" fill="{}" text-anchor="end">{}</text>',
        [(MIDDLE[0] - 4, _spot(0, count, ring)[1] + 4, SOFT, ring) for ring in range(1, TOP + 1)],
    )
    spokes = _each("{}", [(_axis(i, count, words, value),) for i, (words, value) in enumerate(axes)])
    spots = [_spot(i, count, value) for i, (_, value) in enumerate(axes) if value is not None]
    shape = ""
    if len(spots) > 2:
        shape = _svg(
            '<polygon points="{}" fill="{}" fill-opacity="0.18" stroke="{}" stroke-width="3" stroke-linejoin="round"/>',
            _points(spots), DEEP, DEEP,
        )  # fmt: skip
    marks = _each("{}", [(_mark("circle", x, y, DEEP),) for x, y in spots])
    body = _svg("{}{}{}{}{}", rings, spokes, shape, marks, scale)
    return _frame(key, title, desc, *RADAR, body)


# --- a bar in a row of a table: the number stands beside it, so it is hidden from a screen reader ----------------------


def bar(value):
    """How far a mean reaches on the scale of 1 to 5, with a line at each whole point."""
    lines = _each(
        '<line x1="{0}" y1="0" x2="{0}" y2="14" stroke="#fff" stroke-width="1"/>',
        [(x,) for x in (40, 80, 120, 160)],
    )
    filled = _svg('<rect width="{}" height="14" rx="2" fill="{}"/>', 200 * value / TOP, DEEP) if value else ""
    return _svg(
        '<svg class="staaf" aria-hidden="true" focusable="false" viewBox="0 0 200 14" width="200" height="14" '
        'preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg"><rect width="200" height="14" rx="2" fill="#eee5d6"/>{}{}</svg>',
        filled, lines,
    )  # fmt: skip


# --- growth ----------------------------------------------------------------------------------------------------------

GROWTH = (380, 236)
LEFT, RIGHT, ABOVE, BELOW = 26, 12, 40, 34


def _at(index, count, value):
    wide, high = GROWTH[0] - LEFT - RIGHT, GROWTH[1] - ABOVE - BELOW
    x = LEFT + (wide / 2 if count == 1 else 12 + (wide - 24) * index / (count - 1))
    return x, ABOVE + high * (TOP - value) / (TOP - 1)


def _series(number, values, count):
    spots = [_at(i, count, value) for i, value in enumerate(values) if value is not None]
    colour, dash, shape = LINE_COLOURS[number], DASHES[number], MARKS[number]
    line = _svg(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="2.5" stroke-dasharray="{}"/>',
        _points(spots), colour, dash,
    )  # fmt: skip
    return _svg("{}{}", line, _each("{}", [(_mark(shape, x, y, colour, 4),) for x, y in spots]))


def growth(key, labels, series, *, title, desc):
    """`labels` are moments from old to new; `series` is up to three (name, [mean or None]), told apart by mark and dash."""
    grid = _each(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/><text x="{}" y="{}" font-size="13" fill="{}" text-anchor="end">{}</text>',
        [
            (LEFT, y, GROWTH[0] - RIGHT, y, LINE, LEFT - 8, y + 4, SOFT, point)
            for point in range(1, TOP + 1)
            for y in [_at(0, 2, point)[1]]
        ],
    )
    count = len(labels)
    step = max(1, -(-count // 3))  # at most three dates fit under the picture
    shown = [(i, label) for i, label in enumerate(labels) if (count - 1 - i) % step == 0]
    moments = _each(
        '<text x="{}" y="{}" font-size="13" fill="{}" text-anchor="{}">{}</text>',
        [
            (_at(i, count, 1)[0], GROWTH[1] - 10, SOFT, "end" if i == count - 1 and count > 1 else "start" if i == 0 and count > 1 else "middle", label)
            for i, label in shown
        ],
    )  # fmt: skip
    legend, left = [], 8
    for number, (name, _values) in enumerate(series):
        legend.append((_mark(MARKS[number], left, 10, LINE_COLOURS[number], 4), left + 11, INK, name))
        left += 34 + 7.4 * len(name)
    legend = _each('<g>{}<text x="{}" y="15" font-size="13" fill="{}">{}</text></g>', legend)
    lines = _each("{}", [(_series(n, values, count),) for n, (_, values) in enumerate(series)])
    return _frame(key, title, desc, *GROWTH, _svg("{}{}{}{}", grid, moments, legend, lines))


# --- how far the gesprekken of a group are ---------------------------------------------------------------------------

# state: (fill, colour of the number). The patterns are defined once per page by `patterns()`.
FILLS = {
    "recorded": ("#17565a", "#fff"),
    "held": ("url(#p-held)", INK),
    "chosen": ("#f7d68d", INK),
    "call": ("url(#p-call)", INK),
    "wished": ("url(#p-wished)", INK),
    "nothing": ("#fff", INK),
}


def patterns():
    """The fills that differ in shape, for every bar on the page."""
    return mark_safe(
        '<svg class="patronen" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="p-held" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="8" height="8" fill="#d5e8e5"/><rect width="3" height="8" fill="#6fa8a3"/></pattern>'
        '<pattern id="p-call" width="9" height="9" patternUnits="userSpaceOnUse"><rect width="9" height="9" fill="#fbe6e2"/>'
        '<circle cx="4.5" cy="4.5" r="1.8" fill="#a3261b"/></pattern>'
        '<pattern id="p-wished" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#fff"/>'
        '<rect width="8" height="3" fill="#c9dfb9"/></pattern></defs></svg>'
    )


def swatch(state):
    return _svg(
        '<svg class="staal" aria-hidden="true" focusable="false" width="26" height="18">'
        '<rect x="1" y="1" width="24" height="16" rx="3" fill="{}" stroke="{}"/></svg>',
        FILLS[state][0], INK,
    )  # fmt: skip


def stacked(key, parts, *, title):
    """One bar of `parts` [(state, count)], as wide as its place allows; the numbers keep their size."""
    total = sum(count for _, count in parts)
    pieces, left = [], 0.0
    for state, count in parts:
        if not count:
            continue
        wide = 100 * count / total
        fill, ink = FILLS[state]
        pieces.append(
            (left, wide, fill, INK, left + wide / 2, "#fff" if fill.startswith("url") else "none", ink, count)
        )
        left += wide
    body = _each(
        '<rect x="{}%" y="1" width="{}%" height="26" fill="{}" stroke="{}" stroke-width="1"/>'
        '<text x="{}%" y="19" text-anchor="middle" font-size="14" font-weight="700" paint-order="stroke" stroke="{}" '
        'stroke-width="4" fill="{}">{}</text>',
        pieces,
    )
    return _svg(
        '<svg class="stapel" role="img" aria-labelledby="{0}-t" width="100%" height="28" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{0}-t">{1}</title>{2}</svg>',
        key, title, body,
    )  # fmt: skip


# --- how many of how many --------------------------------------------------------------------------------------------

MANY_WIDE, MANY_ROW = 400, 48


def of_many(key, rows, *, title, desc):
    """A bar per row of [(label, (whole part, half part, of how many) or None, what is said at the end)].

    The whole part is filled, the half part hatched, and None is a dashed, empty bar.
    """
    wide, half = MANY_WIDE - 8, f"{key}-deels"
    hatch = _svg(
        '<defs><pattern id="{}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="8" height="8" fill="#d5e8e5"/><rect width="3" height="8" fill="#6fa8a3"/></pattern></defs>',
        half,
    )
    drawn = []
    for number, (label, counts, words) in enumerate(rows):
        top, (full, partly, total) = 8 + number * MANY_ROW, counts or (0, 0, 0)
        first, second = (wide * full / total, wide * partly / total) if total else (0, 0)
        ink, back, dash = (INK, "#f5efe4", "none") if counts else (SOFT, "#fff", "3 4")
        drawn.append(
            (
                top + 14, INK, label, MANY_WIDE - 4, top + 14, ink, words, top + 21, wide, back,
                top + 21, first, DEEP, 4 + first, top + 21, second, half, top + 21, wide, SOFT, dash,
            )
        )  # fmt: skip
    body = _each(
        '<text x="4" y="{}" font-size="17" fill="{}">{}</text>'
        '<text x="{}" y="{}" font-size="17" fill="{}" text-anchor="end" font-weight="700">{}</text>'
        '<rect x="4" y="{}" width="{}" height="15" fill="{}"/><rect x="4" y="{}" width="{}" height="15" fill="{}"/>'
        '<rect x="{}" y="{}" width="{}" height="15" fill="url(#{})"/>'
        '<rect x="4" y="{}" width="{}" height="15" fill="none" stroke="{}" stroke-dasharray="{}"/>',
        drawn,
    )
    return _frame(key, title, desc, MANY_WIDE, 10 + MANY_ROW * len(rows), _svg("{}{}", hatch, body))
