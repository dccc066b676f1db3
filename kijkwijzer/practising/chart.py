"""Where one or two versions of a film stand on the scale, factor by factor. Pure: numbers in, SVG out."""

from kijkwijzer import charts
from kijkwijzer.charts import DEEP, INK, LINE, SOFT, TOP

WIDE, RIGHT, HEAD = 340, 14, 52
HALF = {"close": 0.25, "some": 0.75, "wide": 1.25}  # of the band: three widths, for three words
COLOURS = ("#8a5a00", DEEP)
SHAPES = ("square", "circle")
BANDS = ("#f3dfb4", "#bcd9d6")


def _scale(rows):
    """Where a value stands, right of the longest label."""
    longest = max((len(line) for lines, _points in rows for line in lines), default=0)
    left = max(96, min(160, 14 + 8 * longest))
    return lambda value: left + (WIDE - left - RIGHT) * (value - 1) / (TOP - 1)


def _one(at, which, y, mean, spread):
    """The mark of one version, in a band as wide as people were apart."""
    band = ""
    if spread:
        low, high = at(max(1, mean - HALF[spread])), at(min(TOP, mean + HALF[spread]))
        band = charts._svg(
            '<rect x="{}" y="{}" width="{}" height="12" rx="3" fill="{}" stroke="{}" stroke-width="1"/>',
            low, y - 6, high - low, BANDS[which], COLOURS[which],
        )  # fmt: skip
    return charts._svg("{}{}", band, charts._mark(SHAPES[which], at(mean), y, COLOURS[which]))


def _row(at, top, high, lines, points):
    middle = top + high / 2
    first = middle + 5 - 8.5 * (len(lines) - 1)
    words = charts._each(
        '<text x="0" y="{}" font-size="15" fill="{}">{}</text>',
        [(first + 17 * number, INK, line) for number, line in enumerate(lines)],
    )
    spots = [(which, value) for which, value in enumerate(points) if value]
    marks = []
    for place, (which, (mean, spread)) in enumerate(spots):
        marks.append((_one(at, which, middle + (place - (len(spots) - 1) / 2) * 18, mean, spread),))
    if not spots:
        marks.append(
            (charts._svg('<text x="{}" y="{}" font-size="15" fill="{}">-</text>', at(1) - 4, middle + 5, SOFT),)
        )
    rule = charts._svg(
        '<line x1="0" y1="{}" x2="{}" y2="{}" stroke="{}"/>', top + high, WIDE, top + high, LINE
    )  # fmt: skip
    return charts._svg("{}{}{}", rule, words, charts._each("{}", marks))


def beside(key, rows, names, *, title, desc):
    """`rows` is [(lines of the label, [(mean, width of the band or '') or None, per version])]; `names` the versions."""
    at, body, top = _scale(rows), [], HEAD
    for lines, points in rows:
        high = max(44, 17 * len(lines) + 14)
        body.append((_row(at, top, high, lines, points),))
        top += high
    grid = charts._each(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-dasharray="2 3"/>'
        '<text x="{}" y="{}" font-size="14" fill="{}" text-anchor="middle">{}</text>',
        [(at(n), HEAD, at(n), top, LINE, at(n), HEAD - 8, SOFT, n) for n in range(1, TOP + 1)],
    )
    legend, left = [], 8
    for which, name in names:
        legend.append((charts._mark(SHAPES[which], left, 12, COLOURS[which], 5), left + 13, INK, name))
        left += 40 + 7.6 * len(name)
    legend = charts._each('<g>{}<text x="{}" y="17" font-size="15" fill="{}">{}</text></g>', legend)
    return charts._frame(key, title, desc, WIDE, top + 4, charts._svg("{}{}{}", grid, legend, charts._each("{}", body)))
