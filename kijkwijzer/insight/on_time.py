"""Are we on time? The week rule: who knew a week ahead when the gesprek is, and why the others did not (I2)."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column
from kijkwijzer.insight.bars import Bar, bars
from planning.models import Booking, WeekException

SLUG = "op-tijd"
AHEAD, CHOSEN, REASON, OTHER = "ahead", "chosen", "reason", "other"
WEEK = timedelta(days=settings.WEEK_AHEAD_DAYS)


def question():
    return _("Zijn we op tijd?")


def kind(starts_at, settled_at, chosen, has_reason, zone):
    """How this time came about. By the local dates, as the rule itself counts. Pure."""
    if starts_at.astimezone(zone).date() - settled_at.astimezone(zone).date() >= WEEK:
        return AHEAD
    return CHOSEN if chosen else REASON if has_reason else OTHER


def per_ronde(school, schooljaar):
    """{ronde: Counter of kinds}, of the times that stand."""
    reasons = WeekException.objects.filter(ronde__schooljaar=schooljaar, gesprek__isnull=False)
    reasons = set(reasons.values_list("gesprek_id", flat=True))
    times = Booking.objects.active().filter(counting.of_year(schooljaar, "gesprek__"))
    found = defaultdict(Counter)
    rows = times.order_by().values_list(
        "gesprek__ronde_id", "gesprek_id", "starts_at", "created_at", "chosen_by_guardian"
    )
    for ronde, gesprek, starts_at, created_at, chosen in rows:
        found[ronde][kind(starts_at, created_at, chosen, gesprek in reasons, school.zone)] += 1
    return found


def answer(*, school, schooljaar, now):
    found = per_ronde(school, schooljaar)
    if not found:
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar heeft nog geen gesprek een tijd."),
            steps=(counting.step(_("Naar de gespreksrondes"), "rondes"),),
        )
    exceptions = WeekException.objects.filter(ronde__schooljaar=schooljaar).order_by()
    noted = dict(exceptions.values_list("ronde_id").annotate(n=Count("pk")))
    rondes = [ronde for ronde in counting.rondes_of(schooljaar) if found[ronde.pk]]
    total = sum(found.values(), Counter())
    return Answer(
        SLUG,
        question(),
        said(total),
        columns=(
            Column(_("Ronde")),
            Column(_("Gesprekken met een tijd"), number=True),
            Column(_("Een week vooruit bekend"), number=True),
            Column(_("Later, door de ouder gekozen"), number=True),
            Column(_("Later, met een reden"), number=True),
            Column(_("Later, in overleg"), number=True),
            Column(_("Uitzonderingen met een reden"), number=True),
        ),
        rows=(
            *(line(ronde.name, found[ronde.pk], noted.get(ronde.pk, 0)) for ronde in rondes),
            line(_("Samen"), total, sum(noted.values())),
        ),
        picture=picture(rondes, found, total),
        steps=steps(schooljaar, noted),
        note=_(
            "Korter dan een week mag als ouders de tijd zelf kozen of ermee instemden, of met een reden. "
            "Een uitzondering kan ook over een wijziging gaan, of over een hele dag."
        ),
    )


def line(name, counts, noted):
    return (name, counts.total(), *(counts[what] for what in (AHEAD, CHOSEN, REASON, OTHER)), noted)


def said(total):
    return ngettext(
        "Van het ene gesprek met een tijd was %(ahead)s een week vooruit bekend.",
        "Van de %(total)s gesprekken met een tijd waren er %(ahead)s een week vooruit bekend.",
        total.total(),
    ) % {"ahead": total[AHEAD], "total": total.total()}


def picture(rondes, found, total):
    def drawn(name, counts):
        parts = (counts[AHEAD], counts[CHOSEN], counts[REASON], counts[OTHER])
        return Bar(name, parts, counts.total(), counting.of(counts[AHEAD], counts.total()))

    lines = [drawn(ronde.name, found[ronde.pk]) for ronde in rondes]
    legend = (_("een week vooruit"), _("later, zelf gekozen"), _("later, met reden"), _("later, in overleg"))
    return bars(
        SLUG, [*lines, drawn(_("Samen"), total)], legend=legend, title=_("Wanneer de tijd bekend was, per ronde")
    )


def steps(schooljaar, noted):
    again = counting.step(_("Leg de rondes ruim van tevoren neer"), "year")
    if not noted:
        return (again,)
    return (counting.step(_("Lees waarom het korter was"), "week_exceptions", query=f"?jaar={schooljaar.pk}"), again)
