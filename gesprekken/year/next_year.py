"""The next school year: begun as a copy of the one before it, a year on, and filled once its groups are known."""

from datetime import date, timedelta

from django.db import transaction

from gesprekken.models import Activiteit, Jaarplan, Ronde
from gesprekken.rondes import seat
from gesprekken.year import cycle
from gesprekken.year import entries as reading
from school import audit, registry
from school.models import Groep, Schooljaar, VrijeDag

YEAR_BEGINS_IN = 8  # Dutch school years run from 1 August to 31 July
SAME_WEEKDAY = timedelta(weeks=52)  # a year on, on the same day of the week


def next_start(school, today):
    """When the next school year that is not there yet begins."""
    last = Schooljaar.objects.filter(school=school).order_by("-starts_on").first()
    if last is None:
        return date(today.year if today.month >= YEAR_BEGINS_IN else today.year - 1, YEAR_BEGINS_IN, 1)
    return date(last.starts_on.year + 1, YEAR_BEGINS_IN, 1)


def new_schooljaar(*, by, starts_on, now=None):
    """Begin a school year and copy the structure of the one before it, in draft; the groups come with the import.

    Asked twice for the same year, the second finds it there and copies nothing.
    """
    ends_on = date(starts_on.year + 1, starts_on.month, 1) - timedelta(days=1)
    with transaction.atomic():
        schooljaar, made = Schooljaar.objects.get_or_create(
            school=by.school, starts_on=starts_on, defaults={"ends_on": ends_on}
        )
        if not made:
            return schooljaar
        plan = cycle.jaarplan_of(schooljaar)
        before = Schooljaar.objects.filter(school=by.school, starts_on__lt=starts_on).order_by("-starts_on").first()
        if before is not None:
            copy_year(before, schooljaar, plan, by)
        audit.record("new_schooljaar", schooljaar, by=by, copied=before is not None)
    return schooljaar


def copy_year(before, schooljaar, plan, by):
    old = reading.find_plan(before)
    if old.preliminary_from:
        Jaarplan.objects.filter(pk=plan.pk).update(**cycle.advice_defaults(schooljaar))
    Jaarplan.objects.filter(pk=plan.pk).update(factor_map=old.factor_map)
    for day in VrijeDag.objects.filter(schooljaar=before).exclude(soort=VrijeDag.Soort.FEESTDAG):
        first, last = moved(day.starts_on, day.ends_on, schooljaar)
        VrijeDag.objects.create(
            school=by.school, schooljaar=schooljaar, soort=day.soort, name=day.name, starts_on=first, ends_on=last
        )
    cycle.propose_feast_days(schooljaar)
    for activiteit in Activiteit.objects.filter(jaarplan__schooljaar=before, called_off_at=None):
        on, _last = moved(activiteit.on, activiteit.on, schooljaar)
        fields = {name: getattr(activiteit, name) for name in COPIED_OF_ACTIVITY}
        Activiteit.objects.create(school=by.school, jaarplan=plan, on=on, **fields)
    copy_rondes(before, schooljaar, by)


COPIED_OF_ACTIVITY = ("soort", "name", "starts", "ends", "place", "invitation", "asks_sign_up", "places")
COPIED = (
    "name", "purpose", "points", "duration", "buffer", "form", "place", "reception", "pupils_join", "pupils_from",
    "lead", "booking_closes_days", "mode", "early_hours", "walking", "margin", "has_rooms", "interpreter_minutes", "mail_per_child",
    "whom", "reminder_days",
)  # fmt: skip


def copy_rondes(before, schooljaar, by):
    everybody = {g.pk for g in reading.groepen_of(before) if g.soort == Groep.Soort.STAM}
    levels = reading.levels_by_groep(reading.groepen_of(before))
    for ronde in reading.rondes_of(before):
        mine = {row.groep_id for row in ronde.ronde_groepen.all()}
        wanted = sorted({level for pk in mine for level in levels.get(pk, ())}) if not everybody <= mine else []
        first, last = moved(ronde.starts_on, ronde.ends_on, schooljaar)
        copy = Ronde.objects.create(
            school=by.school,
            schooljaar=schooljaar,
            soort=ronde.soort,
            starts_on=first,
            ends_on=last,
            for_levels=wanted if mine else ronde.for_levels,
            **{name: getattr(ronde, name) for name in COPIED},
        )
        copy.colleague_pool.set(ronde.colleague_pool.filter(left_on__isnull=True))
        fill_ronde(copy, reading.groepen_of(schooljaar))


def moved(first, last, schooljaar):
    """A year on, on the same weekdays, and never past the year's edges."""
    first = min(max(first + SAME_WEEKDAY, schooljaar.starts_on), schooljaar.ends_on)
    return first, max(first, min(last + SAME_WEEKDAY, schooljaar.ends_on))


def fill_ronde(ronde, groepen):
    """Give a ronde that was laid out before its groups existed the groups it was meant for."""
    fit = cycle.fitting(groepen, reading.levels_by_groep(groepen), ronde.for_levels)
    seat(ronde, fit, {})


@registry.reaction("imported")
def fill_waiting_rondes(school, by=None, now=None):
    """After an import: rondes of a year laid out before its groups were known get them now."""
    waiting = Ronde.objects.filter(school=school, state=Ronde.State.DRAFT, ronde_groepen__isnull=True)
    for ronde in waiting.select_related("schooljaar", "school"):
        groepen = reading.groepen_of(ronde.schooljaar)
        if groepen:
            fill_ronde(ronde, groepen)
