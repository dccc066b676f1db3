"""Bars of "how many of how many". Pure: words and numbers in, SVG out, told apart in grey by fill and by number.

The picture says nothing that the table under it does not say.
"""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join

WIDE, LINE_HEIGHT, BAR, LEGEND = 320, 44, 20, 22
INK, SOFT = "#23313a", "#55626b"
FILLS = ("#17565a", "#f7d68d", "hatch", "#fff")  # dark, light, lines, white: four that differ in grey too
NUMBERS = ("#fff", INK, INK, INK)
LETTERS = 44  # of a name and of what is said beside it, on one line; the table has the whole name
LETTER = 7.3  # wide, at the size of the legend


@dataclass(frozen=True)
class Bar:
    """One line: its counts in the order of the legend, drawn on the scale of `of`, and beside its name how many of how many."""

    label: str
    counts: tuple[int, ...]
    of: int
    said: str = ""


def bars(key, lines, *, legend, title, desc=""):
    """The picture, or None where there is nothing to draw. `legend` names at most four fills; one left empty is not used."""
    most = max((max(line.of, sum(line.counts)) for line in lines), default=0)
    if not most:
        return None
    rows, top = _legend(key, legend)
    body = format_html_join("", "{}", [(row,) for row in rows])
    for line in lines:
        body = format_html("{}{}", body, _line(key, line, top, max(line.of, sum(line.counts)) or most))
        top += LINE_HEIGHT
    return format_html(
        '<svg class="beeld" role="img" aria-labelledby="{0}-t {0}-d" viewBox="0 0 {1} {2}" width="{1}" height="{2}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif"><title id="{0}-t">{3}</title>'
        '<desc id="{0}-d">{4}</desc><defs><pattern id="{0}-p" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="8" height="8" fill="#d5e8e5"/>'
        '<rect width="3" height="8" fill="#6fa8a3"/></pattern></defs>{5}</svg>',
        key, WIDE, top, title, desc or _in_words(lines, legend), body,
    )  # fmt: skip


def _in_words(lines, legend):
    return "; ".join(
        f"{line.label}: " + ", ".join(f"{n} {name}" for name, n in zip(legend, line.counts, strict=True) if name)
        for line in lines
    )


def _fill(key, number):
    return f"url(#{key}-p)" if FILLS[number] == "hatch" else FILLS[number]


def _legend(key, legend):
    """The swatches with their words, and where the first bar begins."""
    rows, left, top = [], 0, 4
    for number, name in enumerate(legend):
        if not name:
            continue
        wide = 38 + LETTER * len(name)
        if left and left + wide > WIDE:
            left, top = 0, top + LEGEND
        rows.append(
            format_html(
                '<rect x="{}" y="{}" width="16" height="13" rx="2" fill="{}" stroke="{}"/>'
                '<text x="{}" y="{}" font-size="13" fill="{}">{}</text>',
                left + 1,
                top,
                _fill(key, number),
                INK,
                left + 23,
                top + 11,
                INK,
                name,
            )  # fmt: skip
        )
        left = round(left + wide, 1)
    return rows, top + LEGEND + 6


def _line(key, line, top, scale):
    most = LETTERS - len(line.said)
    label = line.label if len(line.label) <= most else f"{line.label[: most - 1]}…"
    words = format_html(
        '<text x="0" y="{0}" font-size="13.5" fill="{1}">{2}</text>'
        '<text x="{3}" y="{0}" font-size="13" fill="{4}" text-anchor="end">{5}</text>',
        top + 11, INK, label, WIDE - 1, SOFT, line.said,
    )  # fmt: skip
    pieces, left = [], 0.5
    for number, count in enumerate(line.counts):
        if not count:
            continue
        wide = (WIDE - 1) * count / scale
        pieces.append(_piece(left, top + 16, wide, _fill(key, number), NUMBERS[number], count))
        left += wide
    frame = format_html(
        '<rect x="0.5" y="{}" width="{}" height="{}" fill="none" stroke="{}"/>', top + 16, WIDE - 1, BAR, "#8d8474"
    )
    return format_html("{}{}{}", words, format_html_join("", "{}", [(piece,) for piece in pieces]), frame)


def _piece(left, top, wide, fill, ink, count):
    rect = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>',
        round(left, 1), top, round(wide, 1), BAR, fill, INK,
    )  # fmt: skip
    broad = 9 * len(str(count)) + 4
    if wide < broad:  # too narrow for its number; the words beside the name say it
        return rect
    middle = left + wide / 2
    plain = ""
    if fill.startswith("url"):  # a plain ground under the number, which paper and screen draw alike
        plain = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="#fff"/>',
            round(middle - broad / 2, 1), top + 3, broad, BAR - 6,
        )  # fmt: skip
    return format_html(
        '{}{}<text x="{}" y="{}" font-size="13" font-weight="700" text-anchor="middle" fill="{}">{}</text>',
        rect, plain, round(middle, 1), top + 15, ink, count,
    )  # fmt: skip
