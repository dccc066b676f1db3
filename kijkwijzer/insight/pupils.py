"""Where do pupils take part? In bands of year levels that each have five groups and five teachers: never per group."""

from collections import Counter

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Deelname, Ronde, Voorbereiding
from gesprekken.year.entries import spans
from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column
from kijkwijzer.insight.bars import Bar, bars
from school.models import School

SLUG = "leerlingen"
WAYS = ("held", "invited", "prepared", "present", "spoke", "led", "unknown")


def question():
    return _("Waar doen leerlingen mee?")


def per_groep(schooljaar):
    """{group: Counter of WAYS} of the gesprekken that were held, in three queries."""
    held = counting.gesprekken_of(schooljaar).filter(counting.held())
    found = {groep: Counter(held=n) for groep, n in held.values_list("groep_id").annotate(n=Count("pk"))}
    within = counting.of_year(schooljaar, "gesprek__") & counting.held("gesprek__")
    own = Deelname.objects.filter(within, as_role=Deelname.As.LEERLING)
    own = own.values("gesprek__groep").annotate(
        invited=Count("pk"),
        present=Count("pk", filter=Q(attended=True)),
        unknown=Count("pk", filter=Q(attended__isnull=True)),
        spoke=Count("pk", filter=Q(attended=True, spoke=True)),
        led=Count("pk", filter=Q(attended=True, gesprek__ronde__lead=Ronde.Lead.LEERLING)),
    )
    for row in own:
        found[row.pop("gesprek__groep")].update(row)
    prepared = Voorbereiding.objects.filter(within, audience="leerling", saved_at__isnull=False)
    rows = prepared.order_by().values_list("gesprek__groep").annotate(n=Count("gesprek", distinct=True))
    for groep, n in rows:
        found[groep]["prepared"] = n
    return found


def answer(*, school, schooljaar, now):
    found = per_groep(schooljaar)
    if not found:
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar is nog geen gesprek gehouden."),
            steps=(counting.step(_("Naar de gespreksrondes"), "rondes"),),
        )
    groepen, teachers = counting.groepen_of(schooljaar), counting.teachers_of(schooljaar)
    numbered = [(counting.LETTERED if groepen[pk].level is None else groepen[pk].level, pk) for pk in found]
    bands = counting.bands(numbered, teachers)
    note = _("Opgeteld vanaf vijf groepen en vijf leerkrachten, want een groep is een leerkracht.")
    if not bands:
        held = sum(counts["held"] for counts in found.values())
        return Answer(
            SLUG,
            question(),
            ngettext(
                "Er is %(n)s gesprek gehouden, nog te weinig om op te tellen.",
                "Er zijn %(n)s gesprekken gehouden, door nog te weinig leerkrachten om op te tellen.",
                held,
            )
            % {"n": held},
            steps=steps(),
            note=note,
        )
    rows = [(name_of(band, school), sum((found[pk] for _level, pk in band), Counter())) for band in bands]
    total = sum(found.values(), Counter())
    return Answer(
        SLUG,
        question(),
        said(total),
        columns=(
            Column(_("Waar")),
            Column(_("Gehouden"), number=True),
            Column(_("Leerling uitgenodigd"), number=True),
            Column(_("Bereidde zich voor"), number=True),
            Column(_("Was erbij"), number=True),
            Column(_("Kwam aan het woord"), number=True),
            Column(_("Leidde het gesprek"), number=True),
            Column(_("Niet genoteerd of de leerling er was"), number=True),
        ),
        rows=tuple((name, *(counts[way] for way in WAYS)) for name, counts in with_sum(rows, total)),
        picture=picture(rows, total),
        steps=steps(),
        note=note,
    )


def with_sum(rows, total):
    """The rows, and under more than one their sum."""
    return [*rows, (_("Samen"), total)] if len(rows) > 1 else rows


def name_of(band, school):
    """'groep 1-3'; groups without a year level stand at the end."""
    levels = [level for level, _pk in band if level != counting.LETTERED]
    if not levels:
        return _("andere groepen")
    if school.soort == School.Soort.VO:
        levels = [level - 10 if level > 10 else level for level in levels]
        name = _("klas %(levels)s") % {"levels": spans(levels)}
    else:
        name = _("groep %(levels)s") % {"levels": spans(levels)}
    return name if len(levels) == len(band) else _("%(name)s en andere groepen") % {"name": name}


def said(total):
    known = total["invited"] - total["unknown"]
    if not known:
        return ngettext(
            "Bij het ene gesprek dat is gehouden, is niet genoteerd of de leerling erbij was.",
            "Bij %(invited)s van de %(held)s gesprekken was de leerling uitgenodigd; wie er echt bij was, is niet genoteerd.",
            total["held"],
        ) % {"invited": total["invited"], "held": total["held"]}
    return ngettext(
        "Van %(known)s gesprek weten we of de leerling erbij was: %(present)s keer wel, en %(spoke)s keer aan het woord.",
        "Van %(known)s gesprekken weten we of de leerling erbij was: %(present)s keer wel, en %(spoke)s keer aan het woord.",
        known,
    ) % {"known": known, "present": total["present"], "spoke": total["spoke"]}


def picture(rows, total):
    def drawn(name, counts):
        rest = counts["held"] - counts["present"] - counts["unknown"]
        parts = (counts["spoke"], counts["present"] - counts["spoke"], counts["unknown"], rest)
        return Bar(
            name, tuple(max(0, n) for n in parts), counts["held"], counting.of(counts["present"], counts["held"])
        )

    legend = (_("erbij en aan het woord"), _("erbij"), _("niet genoteerd"), _("er niet bij"))
    lines = [drawn(name, counts) for name, counts in with_sum(rows, total)]
    return bars(SLUG, lines, legend=legend, title=_("Hoe leerlingen meedoen"))


def steps():
    return (
        counting.step(_("Kies per ronde of leerlingen erbij zijn, en of zij leiden"), "rondes"),
        counting.step(_("Verander wat leerlingen vooraf wordt gevraagd"), "soorten"),
    )
