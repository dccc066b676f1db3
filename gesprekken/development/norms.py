"""The school's own norm bands: between which scores a band lies, for one vak at one moment."""

from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from gesprekken.development.growth import plain
from gesprekken.development.lines import Pasted, StaleLines, cells_of, mark_of
from gesprekken.models import NormBand
from school import audit
from school.importers.columns import to_score
from school.levels import STEPS, read_moment
from school.models import School

HEADER = ("moment", "toets", "toetsmoment")
LONGEST = 20  # of the name of a band


def read_norms(text):
    """Pasted lines `moment; band; from; until` as rows (moment, band, low, high)."""
    pasted, places = Pasted(), {}
    for number, cells in cells_of(text, pasted):
        if cells[0].lower() in HEADER:
            continue
        row = read_line(number, cells + [""] * (4 - len(cells)), pasted)
        if row is None:
            continue
        if row[:2] in places:
            pasted.say(number, _("%(moment)s %(band)s staat ook op regel %(first)s.") % {"moment": row[0], "band": row[1], "first": places[row[:2]]})  # fmt: skip
            continue
        places[row[:2]] = number
        pasted.rows.append(row)
    check_overlap(pasted, places)
    return pasted


def read_line(number, cells, pasted):
    moment, band, low, high, *rest = cells
    step = read_moment(moment)
    if any(rest):
        return pasted.say(number, _("Hier staan meer dan vier waarden. Schrijf: moment; band; van; tot."))
    if step is None:
        return pasted.say(number, _('"%(text)s" is geen toetsmoment. Kies M3 tot en met E8.') % {"text": moment[:20]})
    if not band or len(band) > LONGEST:
        return pasted.say(number, _("Geef de band een naam van hoogstens 20 tekens, zoals I of A."))
    try:
        low, high = (to_score(text) if text else None for text in (low, high))
    except ValueError:
        return pasted.say(number, _("Schrijf van en tot als getal met hoogstens twee cijfers achter de komma."))
    if low is None and high is None:
        return pasted.say(number, _("Vul bij van of bij tot een getal in."))
    if None not in (low, high) and low >= high:
        return pasted.say(number, _("Van moet lager zijn dan tot."))
    return STEPS[step], band, low, high


def check_overlap(pasted, places):
    """Two bands of one moment may touch, not overlap: else a score would lie in both."""
    by_moment = {}
    for row in pasted.rows:
        by_moment.setdefault(row[0], []).append(row)
    for moment, rows in by_moment.items():
        rows.sort(key=lambda row: -1e9 if row[2] is None else float(row[2]))
        for below, above in pairwise(rows):
            if above[2] is None or below[3] is None or below[3] > above[2]:
                about = {"moment": moment, "one": below[1], "other": above[1]}
                pasted.say(places[above[:2]], _("Bij %(moment)s lopen %(one)s en %(other)s door elkaar.") % about)


def bands_of(school, vak):
    """As they are set: in the order of the moments, the highest band first."""
    return in_order(NormBand.objects.filter(school=school, vak=vak))


def in_order(rows):
    return sorted(rows, key=lambda row: (STEPS.index(row.moment), 1e9 if row.low is None else -float(row.low)))


def as_text(bands):
    """What stands in the field to change: the same lines that can be pasted."""
    rows = [
        "; ".join([band.moment, band.band, *("" if end is None else plain(end) for end in (band.low, band.high))])
        for band in bands
    ]
    return "\n".join(row.rstrip("; ") for row in rows)


def text_of(school, vak):
    return as_text(bands_of(school, vak))


def seen(school, vak):
    return mark_of(text_of(school, vak))


def set_norms(*, vak, rows, by, seen_mark=None):
    """Replace the bands of one vak by these (moment, band, low, high). Raises StaleLines when they are not (any more)
    those of `seen_mark`.
    """
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=by.school.pk)
        before = text_of(by.school, vak)
        bands = [
            NormBand(school=by.school, vak=vak, moment=moment, band=band, low=low, high=high)
            for moment, band, low, high in rows
        ]
        if as_text(in_order(bands)) == before:
            return  # a double click, or both wrote the same
        if seen_mark is not None and seen_mark != mark_of(before):
            raise StaleLines
        NormBand.objects.filter(school=by.school, vak=vak).delete()
        NormBand.objects.bulk_create(bands)
        audit.record("norms_set", by=by, vak=vak, bands=len(rows))
