"""What stands in a school year: rondes, activities, free days and the advice moments of group 8 as one list of entries.

An entry is plain data, so that a publication can be kept and compared. Every date is a date on the wall, without a
time zone: no clock change can move it. Names of people never stand in an entry.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import gettext_noop

from gesprekken.models import Activiteit, Jaarplan, Ronde, RondeGroep
from school.models import Groep, Lidmaatschap, VrijeDag
from school.templatetags.house import day, full_day, in_words

RONDE, ACTIVITEIT, VRIJ, ADVIES = "ronde", "activiteit", "vrij", "advies"
FINAL_LEVEL = 8  # the year level of the advice
MANY = 4  # more groups than this are not named one by one
LINGERS = timedelta(days=60)  # how long a year that is over stays in subscribed calendars


@dataclass(frozen=True)
class Entry:
    key: str  # for life: the calendar item's identity
    sort: str  # RONDE, ACTIVITEIT, VRIJ or ADVIES
    code: str
    name: str
    starts_on: date
    ends_on: date
    from_time: time | None = None
    until_time: time | None = None
    place: str = ""
    groepen: tuple[int, ...] = ()  # empty: for everybody
    levels: tuple[int, ...] = ()  # where the groups are not known yet
    is_advice: bool = False
    is_optional: bool = False
    sequence: int = 0  # rises whenever a publication changes this entry
    pk: int | None = field(default=None, compare=False)

    @property
    def label(self):
        return _(self.name) if self.sort == ADVIES else self.name

    @property
    def is_one_day(self):
        return self.starts_on == self.ends_on

    @property
    def when(self):
        return period(self.starts_on, self.ends_on)

    @property
    def days(self):
        """The same without the year, where the page says which year it is."""
        return period(self.starts_on, self.ends_on, with_year=False)

    @property
    def times(self):
        return " - ".join(t.strftime("%H:%M") for t in (self.from_time, self.until_time) if t)

    def to_json(self):
        row = asdict(self)
        for name in ("starts_on", "ends_on", "from_time", "until_time"):
            row[name] = row[name].isoformat() if row[name] else None
        return row

    @classmethod
    def from_json(cls, row):
        values = {**row, "groepen": tuple(row["groepen"]), "levels": tuple(row["levels"])}
        for name, kind in (("starts_on", date), ("ends_on", date), ("from_time", time), ("until_time", time)):
            values[name] = kind.fromisoformat(row[name]) if row[name] else None
        return cls(**values)


def period(starts_on, ends_on, *, with_year=True):
    """7 tot en met 18 september 2026; months and years are said once where that is enough."""
    if starts_on == ends_on:
        return full_day(starts_on) if with_year else day(starts_on)
    same_year = starts_on.year == ends_on.year or not with_year
    same_month = same_year and starts_on.month == ends_on.month
    first = "d" if same_month else "d MMMM" if same_year else "d MMMM y"
    return _("%(first)s tot en met %(last)s") % {
        "first": in_words(starts_on, first),
        "last": in_words(ends_on, "d MMMM y" if with_year else "d MMMM"),
    }


# --- from the tables -------------------------------------------------------------------------------------------------


def find_plan(schooljaar):
    """The year's plan, or an unsaved empty one: looking changes nothing."""
    plan = Jaarplan.objects.filter(schooljaar=schooljaar).select_related("schooljaar").first()
    return plan or Jaarplan(school_id=schooljaar.school_id, schooljaar=schooljaar)


def shared_plans(school, today):
    """(year, plan, groups) of every shared year that is not long over, in order."""
    plans = Jaarplan.objects.filter(
        school=school, published_version__gt=0, schooljaar__ends_on__gte=today - LINGERS
    ).select_related("schooljaar")
    return [(p.schooljaar, p, groepen_of(p.schooljaar)) for p in plans.order_by("schooljaar__starts_on")]


def rondes_of(schooljaar):
    return Ronde.objects.filter(schooljaar=schooljaar).select_related("soort").prefetch_related("ronde_groepen__groep")


def groepen_of(schooljaar):
    """The groups that still exist in the administration, in the order of the school."""
    return sorted(
        Groep.objects.filter(schooljaar=schooljaar, gone=False),
        key=lambda g: (g.soort != Groep.Soort.STAM, g.level if g.level is not None else 99, g.name),
    )


def levels_by_groep(groepen):
    """{group's pk: its year levels}; a combined group has those of its pupils."""
    levels = {groep.pk: {groep.level} if groep.level is not None else set() for groep in groepen}
    unknown = [pk for pk, known in levels.items() if not known]
    rows = Lidmaatschap.objects.filter(groep__in=unknown).exclude(jaargroep="").values_list("groep_id", "jaargroep")
    for pk, jaargroep in rows.distinct():
        if jaargroep.isdigit():
            levels[pk].add(int(jaargroep))
    return levels


def advice_entries(plan):
    # Kept in Dutch and translated when shown, so that a publication does not change with the reader's language.
    moments = [
        ("voorlopig", gettext_noop("Voorlopig advies groep 8"), plan.preliminary_from, plan.preliminary_until),
        ("uitslag", gettext_noop("Uitslag doorstroomtoets uiterlijk"), plan.result_by, plan.result_by),
        ("definitief", gettext_noop("Definitief advies uiterlijk"), plan.final_by, plan.final_by),
    ]
    return [
        Entry(f"advies-{code}-{plan.pk}", ADVIES, code, name, first, last, is_advice=True, levels=(FINAL_LEVEL,))
        for code, name, first, last in moments
        if first and last
    ]


def ronde_entry(ronde):
    return Entry(
        key=f"ronde-{ronde.pk}",
        sort=RONDE,
        code=ronde.soort.code,
        name=ronde.name,
        starts_on=ronde.starts_on,
        ends_on=ronde.ends_on,
        groepen=tuple(sorted(row.groep_id for row in ronde.ronde_groepen.all())),
        levels=tuple(ronde.for_levels) if not ronde.ronde_groepen.all() else (),
        is_advice=ronde.soort.is_advice,
        is_optional=ronde.soort.is_optional,
        pk=ronde.pk,
    )


def activity_entry(activiteit):
    return Entry(
        key=f"activiteit-{activiteit.pk}",
        sort=ACTIVITEIT,
        code=activiteit.soort,
        name=activiteit.name,
        starts_on=activiteit.on,
        ends_on=activiteit.on,
        from_time=activiteit.starts,
        until_time=activiteit.ends,
        place=activiteit.place,
        groepen=tuple(sorted(groep.pk for groep in activiteit.groepen.all())),
        pk=activiteit.pk,
    )


def free_entry(day):
    return Entry(f"vrij-{day.pk}", VRIJ, day.soort, day.name, day.starts_on, day.ends_on, pk=day.pk)


def entries_now(plan):
    """What stands in the year at this moment, published or not, in the order of the calendar."""
    activities = Activiteit.objects.filter(jaarplan__schooljaar=plan.schooljaar, called_off_at=None)
    activities = activities.prefetch_related("groepen")
    entries = [
        *(ronde_entry(ronde) for ronde in rondes_of(plan.schooljaar)),
        *(activity_entry(activiteit) for activiteit in activities),
        *(free_entry(day) for day in VrijeDag.objects.filter(schooljaar=plan.schooljaar)),
        *advice_entries(plan),
    ]
    return sorted(entries, key=in_order)


def in_order(entry):
    return (entry.starts_on, entry.from_time or time.min, entry.ends_on, entry.key)


def entries_published(plan, version=None):
    """What was shared last (or in the given version); empty when nothing was."""
    if plan.pk is None:
        return []
    rows = plan.versies.filter(version=version or plan.published_version).values_list("entries", flat=True).first()
    return [Entry.from_json(row) for row in rows or []]


# --- what changed ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One difference between two moments, and a sentence about it."""

    entry: Entry
    before: Entry | None
    sentence: str

    @property
    def sides(self):
        return [e for e in (self.entry, self.before) if e is not None]

    @property
    def groepen(self):
        """Whom it touches: the groups of both moments; empty is everybody."""
        sides = self.sides
        return set() if any(not e.groepen for e in sides) else {pk for e in sides for pk in e.groepen}


def unnumbered(entry):
    return replace(entry, sequence=0)


def differences(old, new):
    """The changes from one list of entries to another, as sentences in the order of the calendar."""
    before, after = {e.key: e for e in old}, {e.key: e for e in new}
    changes = [
        *(Change(e, None, _("Nieuw: %(name)s, %(when)s.") % words(e)) for key, e in after.items() if key not in before),
        *(
            Change(e, e, _("Vervallen: %(name)s, %(when)s.") % words(e))
            for key, e in before.items()
            if key not in after
        ),
        *(
            Change(e, before[key], what_changed(before[key], e))
            for key, e in after.items()
            if key in before and unnumbered(before[key]) != unnumbered(e)
        ),
    ]
    return sorted(changes, key=lambda change: in_order(change.entry))


def words(entry):
    return {"name": entry.label, "when": entry.when}


def what_changed(before, after):
    parts = []
    if before.name != after.name:
        parts.append(_("heet nu ‘%(name)s’") % {"name": after.name})
    if (before.starts_on, before.ends_on) != (after.starts_on, after.ends_on):
        parts.append(_("is nu %(new)s (was %(old)s)") % {"new": after.when, "old": before.when})
    if before.times != after.times:
        parts.append(_("is nu van %(new)s") % {"new": after.times} if after.times else _("heeft geen tijd meer"))
    if before.place != after.place:
        parts.append(_("plaats: %(new)s") % {"new": after.place} if after.place else _("heeft geen plaats meer"))
    if (before.groepen, before.levels) != (after.groepen, after.levels):
        parts.append(_("is voor andere groepen"))
    if not parts:
        parts.append(_("is een ander soort moment"))
    return f"{before.label}: {', '.join(parts)}."


def concerning(entries, groepen):
    """What concerns somebody of these groups: theirs, what is for everybody, and advice dates of their level."""
    pks = {groep.pk for groep in groepen}
    levels = {level for known in levels_by_groep(groepen).values() for level in known}
    return [e for e in entries if (set(e.groepen) & pks if e.groepen else not e.levels or set(e.levels) & levels)]


def told_to_families(changes, today):
    """Of these changes those a family has to hear of: of what was shared before and is not over.

    An activity to which families were invited has a message of its own.
    """
    invited = set(Activiteit.objects.filter(invited_at__isnull=False).values_list("pk", flat=True))
    return [
        change
        for change in changes
        if change.before is not None
        and any(side.ends_on >= today for side in change.sides)
        and not (change.entry.sort == ACTIVITEIT and change.entry.pk in invited)
    ]


# --- for whom, in words ----------------------------------------------------------------------------------------------


def for_whom(entry, groepen):
    """‘alle groepen’, or their names; where there are many, their year levels. `groepen` are those of the year."""
    if entry.levels and not entry.groepen:
        return _("groep %(levels)s") % {"levels": spans(entry.levels)}
    stam = [groep for groep in groepen if groep.soort == Groep.Soort.STAM]
    if not entry.groepen or {groep.pk for groep in stam} <= set(entry.groepen):
        return _("alle groepen")
    return named([groep for groep in groepen if groep.pk in entry.groepen], stam)


def named(mine, stam):
    """The names of a few groups; of many their levels when those are complete, else how many."""
    if len(mine) <= MANY:
        return ", ".join(groep.name for groep in mine)
    levels = {groep.level for groep in mine} - {None}
    count = _("%(count)s groepen") % {"count": len(mine)}
    if {g.pk for g in stam if g.level in levels} == {g.pk for g in mine}:
        return _("groep %(levels)s (%(count)s)") % {"levels": spans(levels), "count": count}
    return count


def spans(levels):
    """1-3, 5 for [1, 2, 3, 5]."""
    parts, run = [], []
    for level in sorted(set(levels)):
        if run and level != run[-1] + 1:
            parts.append(run)
            run = []
        run.append(level)
    parts.append(run) if run else None
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in parts)


# --- what needs a look -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    key: str  # the entry it is about, or a code of its own
    sentence: str


def is_weekend(day):
    return day.weekday() >= 5


def school_days(entry, free):
    """The days of this entry on which the school is open."""
    length = (entry.ends_on - entry.starts_on).days + 1
    days = (entry.starts_on + timedelta(days=n) for n in range(length))
    return [d for d in days if not is_weekend(d) and not any(f.starts_on <= d <= f.ends_on for f in free)]


def day_warnings(entry, free):
    """Holidays, study days and weekends on which this ronde or activity falls."""
    about = {"name": entry.name}
    touched = [f for f in free if f.starts_on <= entry.ends_on and f.ends_on >= entry.starts_on]
    for off in touched:
        named = {**about, "day": off.name, "when": off.when}
        if not school_days(entry, free):
            yield Notice(entry.key, _("‘%(name)s’ valt helemaal op vrije dagen: %(day)s, %(when)s.") % named)
            break
        yield Notice(entry.key, _("In ‘%(name)s’ valt een vrije dag: %(day)s, %(when)s.") % named)
    if entry.is_one_day and is_weekend(entry.starts_on):
        yield Notice(entry.key, _("‘%(name)s’ valt in het weekend.") % about)
    elif not entry.is_one_day and is_weekend(entry.starts_on):
        yield Notice(entry.key, _("‘%(name)s’ begint in het weekend.") % about)
    elif not entry.is_one_day and is_weekend(entry.ends_on):
        yield Notice(entry.key, _("‘%(name)s’ eindigt in het weekend.") % about)


ADVICE_LIMITS = {
    "voorlopig-advies": (
        "preliminary_from",
        "preliminary_until",
        _l("‘%(name)s’ valt buiten de tijd voor het voorlopige advies: %(when)s."),
    ),
    "na-doorstroomtoets": (None, "final_by", _l("‘%(name)s’ loopt door na de uiterste dag van het advies: %(when)s.")),
    "definitief-advies": (None, "final_by", _l("‘%(name)s’ loopt door na de uiterste dag van het advies: %(when)s.")),
}


def advice_warnings(plan, entry):
    """An advice ronde that leaves the window of the law, as this year's settings have it (C4)."""
    if entry.code not in ADVICE_LIMITS:
        return
    first, last, sentence = ADVICE_LIMITS[entry.code]
    first, last = getattr(plan, first) if first else None, getattr(plan, last)
    if (first and entry.starts_on < first) or (last and entry.ends_on > last):
        when = period(first, last) if first and last else full_day(last or first)
        yield Notice(entry.key, sentence % {"name": entry.name, "when": when})


def missing_rondes(entries, groepen, levels):
    """What the sources ask for every pupil and is not there: a start, a development talk, the way to the advice."""
    wanted = [
        (("startgesprek",), None, _("nog geen startgesprek")),
        (("ontwikkelingsgesprek-1", "voortgangsgesprek"), None, _("nog geen ontwikkelings- of voortgangsgesprek")),
        (("vooruitblik-7",), 7, _("nog geen vooruitblik")),
        (("voorlopig-advies",), FINAL_LEVEL, _("nog geen voorlopig adviesgesprek")),
        (("na-doorstroomtoets",), FINAL_LEVEL, _("nog geen tijd voor gesprekken na de doorstroomtoets")),
        (("definitief-advies",), FINAL_LEVEL, _("nog geen definitief adviesgesprek")),
    ]
    stam = [g for g in groepen if g.soort == Groep.Soort.STAM]
    for codes, level, what in wanted:
        covered = {pk for e in entries if e.sort == RONDE and e.code in codes for pk in e.groepen}
        without = [g for g in stam if g.pk not in covered and (level is None or level in levels.get(g.pk, ()))]
        if without:
            who = _("Alle groepen") if len(without) == len(stam) > 1 else named(without, stam)
            yield Notice(f"mist-{codes[0]}", _("%(who)s: %(what)s.") % {"who": who, "what": what})


def without_second_colleague(schooljaar):
    """Groups in an advice ronde that have no second colleague yet (C4)."""
    return RondeGroep.objects.filter(
        ronde__schooljaar=schooljaar, ronde__soort__is_advice=True, tweede_collega__isnull=True
    ).select_related("ronde", "groep")


def colleague_warnings(schooljaar):
    by_ronde = {}
    for row in without_second_colleague(schooljaar):
        by_ronde.setdefault((row.ronde_id, row.ronde.name), []).append(row.groep)
    for (pk, name), mine in by_ronde.items():
        sentence = _("‘%(name)s’: kies nog een tweede collega voor %(who)s.")
        yield Notice(f"ronde-{pk}", sentence % {"name": name, "who": named(mine, [])})


def warnings_of(plan, entries, groepen):
    """Everything in the year that needs a look, as sentences that name the entry they are about."""
    free = [e for e in entries if e.sort == VRIJ]
    found = []
    for entry in entries:
        if entry.sort in (RONDE, ACTIVITEIT):
            found += [*day_warnings(entry, free), *advice_warnings(plan, entry)]
        if entry.sort == RONDE and not entry.groepen and groepen:
            found.append(Notice(entry.key, _("‘%(name)s’ is nog voor geen enkele groep.") % {"name": entry.name}))
    found += colleague_warnings(plan.schooljaar)
    if any(e.sort == RONDE for e in entries):
        found += missing_rondes(entries, groepen, levels_by_groep(groepen))
    return found
