"""How is the year going compared with the last? Both until the same day of the year, and the last year as a whole."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gesprekken.models import Activiteit, Agreement, Gesprek, Ronde, Verslag
from kijkwijzer.insight import counting
from kijkwijzer.insight.answer import Answer, Column
from kijkwijzer.insight.bars import Bar, bars
from planning.models import WeekException
from school.models import Groep, Lidmaatschap, Schooljaar
from school.templatetags.house import full_day

SLUG = "vergelijken"


def question():
    return _("Hoe loopt het jaar vergeleken met vorig jaar?")


def last_year(schooljaar):
    """The school year before this one."""
    years = Schooljaar.objects.filter(school=schooljaar.school_id, starts_on__lt=schooljaar.starts_on)
    return years.order_by("-starts_on").first()


def same_day(day, schooljaar, other):
    """The day of the other year that is as far on the calendar; 29 February becomes the 28th. Pure."""
    back = schooljaar.starts_on.year - other.starts_on.year
    try:
        return day.replace(year=day.year - back)
    except ValueError:
        return date(day.year - back, day.month, day.day - 1)


def counts(until):
    """{school year: {what: (until its day, in the whole year)}} for {school year: day}, in seven queries for all years.

    Reach and follow-up alone: nothing of how a gesprek went.
    """
    found = {year.pk: {} for year in until}

    def count(rows, year, day, **what):
        """Add per year how many of these rows there are; `what` are other counts than of the rows, as Count's arguments."""
        rows = rows.filter(**{f"{year}__in": list(until)}).order_by().values(year)
        done = Q()
        for schooljaar, last in until.items():
            done |= Q(
                **{year: schooljaar.pk, f"{day}__lte": last if day != "created_at" else _end_of(last, schooljaar)}
            )
        both = {}
        for key, (of, only) in what.items():
            distinct = of != "pk"
            both[f"{key}_now"] = Count(of, distinct=distinct, filter=done & only)
            both[f"{key}_all"] = Count(of, distinct=distinct, filter=only)
        for row in rows.annotate(**both):
            found[row[year]].update({key: (row[f"{key}_now"], row[f"{key}_all"]) for key in what})

    gesprekken = Gesprek.objects.filter(counting.opened(), held_on__isnull=False)
    count(gesprekken, "ronde__schooljaar", "held_on", held=("pk", Q()), children=("leerling", Q()))
    within = counting.opened("gesprek__") & counting.held("gesprek__")
    count(
        Verslag.objects.filter(within, state=Verslag.State.FINAL),
        "gesprek__ronde__schooljaar",
        "gesprek__held_on",
        recorded=("gesprek", Q()),
        shared=("gesprek", Q(released_at__isnull=False)),
    )
    one = ("pk", Q())
    count(Ronde.objects.exclude(state=Ronde.State.DRAFT), "schooljaar", "starts_on", rondes=one)
    count(Activiteit.objects.filter(called_off_at=None), "jaarplan__schooljaar", "on", activities=one)
    agreements = Agreement.objects.filter(within, verslag__state=Verslag.State.FINAL)
    agreements = agreements.annotate(first=Coalesce("origin", "pk"))  # a corrected verslag carries copies
    count(agreements, "gesprek__ronde__schooljaar", "gesprek__held_on", agreements=("first", Q()))
    count(WeekException.objects.all(), "ronde__schooljaar", "created_at", exceptions=one)
    pupils = Lidmaatschap.objects.filter(groep__soort=Groep.Soort.STAM)
    count(pupils, "groep__schooljaar", "groep__schooljaar__starts_on", pupils=("leerling", Q()))
    return {pk: {key: known.get(key, (0, 0)) for key in words()} for pk, known in found.items()}


def _end_of(day, schooljaar):
    return datetime.combine(day, time.max, tzinfo=schooljaar.school.zone)


def words():
    """What is compared, in the order in which it happens in a year."""
    return {
        "pupils": _("Kinderen in een groep"),
        "rondes": _("Rondes begonnen"),
        "held": _("Gesprekken gehouden"),
        "children": _("Kinderen met een gesprek"),
        "recorded": _("Gesprekken vastgelegd"),
        "shared": _("Verslagen gedeeld"),
        "agreements": _("Afspraken gemaakt"),
        "activities": _("Andere activiteiten voor ouders"),
        "exceptions": _("Uitzonderingen op de week"),
    }


DRAWN = ("held", "children", "recorded", "shared", "agreements")


def answer(*, school, schooljaar, now):
    today = now.astimezone(school.zone).date()
    until = min(max(today, schooljaar.starts_on - timedelta(days=1)), schooljaar.ends_on)
    before = last_year(schooljaar)
    if before is None:
        return alone(counts({schooljaar: until})[schooljaar.pk])
    day = same_day(until, schooljaar, before)
    both = counts({schooljaar: until, before: day})
    this, last = both[schooljaar.pk], both[before.pk]
    if is_empty(this) and is_empty(last):
        return Answer(
            SLUG,
            question(),
            _("In dit schooljaar en het vorige is er nog niets om te vergelijken."),
            steps=counting.lay_down_the_year(),
        )
    return Answer(
        SLUG,
        question(),
        said(this["held"][0], last["held"][0], day),
        columns=(
            Column(_("Wat")),
            Column(_("%(year)s tot nu toe") % {"year": schooljaar}, number=True),
            Column(_("%(year)s tot dezelfde dag") % {"year": before}, number=True),
            Column(_("%(year)s helemaal") % {"year": before}, number=True),
        ),
        rows=tuple((name, this[key][0], last[key][0], last[key][1]) for key, name in words().items()),
        picture=picture(this, last, schooljaar, before),
        steps=steps(),
        note=_("Tot nu toe is tot en met %(until)s; dezelfde dag is %(day)s.")
        % {"until": full_day(until), "day": full_day(day)},
    )


def is_empty(counted):
    return not any(whole for key, (_now, whole) in counted.items() if key != "pupils")


def alone(this):
    """There is no year before this one."""
    rows = tuple((name, this[key][0]) for key, name in words().items())
    return Answer(
        SLUG,
        question(),
        _("Dit is het eerste schooljaar hier, dus er is nog niets om mee te vergelijken."),
        columns=(Column(_("Wat")), Column(_("Dit jaar tot nu toe"), number=True)),
        rows=() if is_empty(this) else rows,
        steps=steps(),
    )


def said(now, then, day):
    return ngettext(
        "Dit jaar is er tot nu toe %(now)s gesprek gehouden; vorig jaar waren dat er op %(day)s %(then)s.",
        "Dit jaar zijn er tot nu toe %(now)s gesprekken gehouden; vorig jaar waren dat er op %(day)s %(then)s.",
        now,
    ) % {"now": now, "then": then, "day": full_day(day)}


def picture(this, last, schooljaar, before):
    lines = []
    for key in DRAWN:
        name = words()[key]
        most = max(this[key][0], last[key][0], last[key][1], 1)
        lines.append(Bar(f"{name}, {schooljaar}", (this[key][0], 0, 0), most, str(this[key][0])))
        done, whole = last[key]
        lines.append(Bar(f"{name}, {before}", (0, done, whole - done), most, counting.of(done, whole)))
    legend = (_("dit jaar tot nu toe"), _("vorig jaar tot dezelfde dag"), _("de rest van vorig jaar"))
    return bars(SLUG, lines, legend=legend, title=_("Dit jaar en vorig jaar"))


def steps():
    return (
        counting.step(_("Bekijk wat er nog in het jaar staat"), "year"),
        counting.step(_("Bekijk de ronde van nu"), "overview"),
    )
