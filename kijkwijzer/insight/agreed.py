"""What became of agreements? Of the whole school and from five teachers on, by whose part is in it: never per group."""

from collections import Counter

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Agreement, Outcome
from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column
from kijkwijzer.insight.bars import Bar, bars

SLUG = "afspraken"
DONE, CHANGED, NOT_DONE = Outcome.State.DONE, Outcome.State.CHANGED, Outcome.State.NOT_DONE
LATE, WAITING = "late", "waiting"
KINDS = (DONE, CHANGED, NOT_DONE, LATE, WAITING)


def question():
    return _("Wat werd er van de afspraken?")


def told(schooljaar, today):
    """[(group, shares, state or None, whether its day is over, how many)] of the agreements that count now."""
    first = Coalesce(OuterRef("origin"), OuterRef("pk"))
    newest = Outcome.objects.filter(agreement=first).order_by("-at", "-pk").values("state")[:1]
    agreements = Agreement.objects.newest().filter(counting.of_year(schooljaar, "gesprek__"))
    rows = agreements.order_by().annotate(said=Subquery(newest), groep=F("gesprek__groep"))
    rows = rows.values("groep", "shares", "said")
    return rows.annotate(n=Count("pk"), late=Count("pk", filter=Q(evaluate_on__lt=today)))


def answer(*, school, schooljaar, now):
    rows = list(told(schooljaar, now.astimezone(school.zone).date()))
    if not rows:
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar staan er nog geen afspraken in een vastgelegd verslag."),
            steps=(counting.step(_("Naar de gespreksrondes"), "rondes"),),
        )
    total_made = sum(row["n"] for row in rows)
    if not counting.is_enough({row["groep"] for row in rows}, counting.teachers_of(schooljaar)):
        return Answer(
            SLUG,
            question(),
            ngettext(
                "Er is %(n)s afspraak gemaakt, nog te weinig om op te tellen.",
                "Er zijn %(n)s afspraken gemaakt, door nog te weinig leerkrachten om op te tellen.",
                total_made,
            )
            % {"n": total_made},
            steps=steps(),
            note=_("Wat ervan werd tellen we pas op vanaf vijf groepen en vijf leerkrachten."),
        )
    counts = by_share(rows)
    total = counts.pop("all")
    names = share_names()
    drawn = [(names[share], counts[share]) for share in names if counts.get(share)]
    return Answer(
        SLUG,
        question(),
        said(total),
        columns=(
            Column(_("Wie er een deel in heeft")),
            Column(_("Afspraken"), number=True),
            Column(_("Gelukt"), number=True),
            Column(_("We doen het anders"), number=True),
            Column(_("Nog niet gelukt"), number=True),
            Column(_("Dag voorbij, nog niets gehoord"), number=True),
            Column(_("Loopt nog"), number=True),
        ),
        rows=(*(line(name, of) for name, of in drawn), line(_("Alle afspraken"), total)),
        picture=picture([*drawn, (_("Alle afspraken"), total)]),
        steps=steps(),
        note=_(
            "Een afspraak kan van meer mensen zijn; dan staat zij in meer regels. Onderaan telt elke afspraak één keer."
        ),
    )


def by_share(rows):
    """{share: Counter of kinds}, with "all" for each agreement once and "" for those that name nobody. Pure."""
    found = {"all": Counter()}
    for row in rows:
        if row["said"]:
            counts = Counter({row["said"]: row["n"]})
        else:
            counts = Counter({LATE: row["late"], WAITING: row["n"] - row["late"]})
        found["all"] += counts
        for share in set(row["shares"]) or {""}:
            found[share] = found.get(share, Counter()) + counts
    return found


def share_names():
    return {
        Agreement.Share.SCHOOL.value: _("school"),
        Agreement.Share.OUDER.value: _("ouders"),
        Agreement.Share.LEERLING.value: _("leerling"),
        "": _("niet genoemd"),
    }


def line(name, counts):
    return (name, counts.total(), *(counts[kind] for kind in KINDS))


def said(total):
    looked = total[DONE] + total[CHANGED] + total[NOT_DONE]
    if not looked:
        return ngettext(
            "Er is %(n)s afspraak gemaakt. Wat ervan werd, is nog niet gezegd.",
            "Er zijn %(n)s afspraken gemaakt. Wat ervan werd, is nog niet gezegd.",
            total.total(),
        ) % {"n": total.total()}
    return ngettext(
        "Van de %(n)s afspraak is er %(done)s gelukt; van %(silent)s is de dag voorbij zonder dat iemand iets zei.",
        "Van de %(n)s afspraken zijn er %(done)s gelukt; van %(silent)s is de dag voorbij zonder dat iemand iets zei.",
        total.total(),
    ) % {"n": total.total(), "done": total[DONE], "silent": total[LATE]}


def picture(drawn):
    lines = [
        Bar(
            name,
            (counts[DONE], counts[CHANGED] + counts[NOT_DONE], counts[LATE], counts[WAITING]),
            counts.total(),
            counting.of(counts[DONE], counts.total()),
        )
        for name, counts in drawn
    ]
    legend = (_("gelukt"), _("anders of nog niet"), _("dag voorbij, niets gehoord"), _("loopt nog"))
    return bars(SLUG, lines, legend=legend, title=_("Wat er van de afspraken werd"))


def steps():
    return (
        counting.step(_("Kijk bij het volgende gesprek eerst wat er van de afspraken werd"), "rondes"),
        counting.step(_("Bekijk wat deze maand speelt"), "ib_month"),
    )
