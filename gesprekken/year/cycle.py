"""The verbs of the school year (C1, C4, C6): lay it out, fill it, share it on purpose.

What others see is the last publication, never the draft.
"""

from datetime import date, datetime, time, timedelta

from dateutil.easter import easter
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gesprekken.models import Activiteit, Jaarplan, JaarplanVersie, Ronde, Soort
from gesprekken.rondes import INTERPRETER_MINUTES, RondeRefused, add_ronde, refuse_outside_year, usual_whom
from gesprekken.soorten import lay_soorten_ready
from gesprekken.year import entries as reading
from school import access, audit, outbox, registry
from school.models import (
    AccessLink,
    Groep,
    Lesgeven,
    Lidmaatschap,
    Person,
    Relatie,
    Rol,
    School,
    VrijeDag,
)


class YearRefused(RondeRefused):
    """The year cannot be so. `sentence` is for the screen."""


class EmptyYear(YearRefused):
    """There is nothing to share yet."""


class NothingChanged(YearRefused):
    """Everything that stands in the year has been shared already."""


def jaarplan_of(schooljaar):
    return Jaarplan.objects.get_or_create(schooljaar=schooljaar, defaults={"school_id": schooljaar.school_id})[0]


# --- the proposal ----------------------------------------------------------------------------------------------------


def in_year(schooljaar, month_and_day):
    """‘01-31’ as the date in this school year; 29 February becomes the 28th where there is none."""
    month, day = (int(part) for part in month_and_day.split("-"))
    year = schooljaar.starts_on.year + (month < schooljaar.starts_on.month)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def on_school_days(first, last):
    """The same period without a weekend at its edges, as long as a day is left."""
    start, end = first, last
    while start < end and reading.is_weekend(start):
        start += timedelta(days=1)
    while end > start and reading.is_weekend(end):
        end -= timedelta(days=1)
    return start, end


def advice_defaults(schooljaar):
    """The dates of the law since 2023-24, in the spring of this school year (C4)."""
    return {
        "preliminary_from": in_year(schooljaar, "01-10"),
        "preliminary_until": in_year(schooljaar, "01-31"),
        "result_by": in_year(schooljaar, "03-15"),
        "final_by": in_year(schooljaar, "03-24"),
    }


def fitting(groepen, levels_of, wanted):
    """The groups whose levels meet the wanted ones; every group where nothing in particular is wanted."""
    stam = [groep for groep in groepen if groep.soort == Groep.Soort.STAM]
    return [groep for groep in stam if not wanted or levels_of[groep.pk] & set(wanted)]


def levels_of_soort(soort):
    if soort.level_from is None and soort.level_until is None:
        return []
    return list(range(soort.level_from or 1, (soort.level_until or 16) + 1))


def propose_year(*, schooljaar, by):
    """Lay out the sources' kinds as draft rondes, with the advice dates and national feast days. Returns the new rondes.

    Kinds that already have a ronde in this year are left as they are, so proposing twice adds nothing.
    """
    with transaction.atomic():
        plan = jaarplan_of(schooljaar)
        if not Soort.objects.filter(school=by.school).exists():
            lay_soorten_ready(by.school)
        groepen = reading.groepen_of(schooljaar)
        if has_final_level(by.school, groepen):
            empty = {name: day for name, day in advice_defaults(schooljaar).items() if getattr(plan, name) is None}
            Jaarplan.objects.filter(pk=plan.pk).update(**empty)
        propose_feast_days(schooljaar)
        rondes = [r for r in (propose_ronde(schooljaar, s, groepen, by) for s in proposed_soorten(schooljaar)) if r]
        audit.record("propose_year", plan, by=by, rondes=len(rondes))
    return rondes


def has_final_level(school, groepen):
    levels = reading.levels_by_groep(groepen)
    if not groepen:
        return school.soort == School.Soort.PO
    return any(reading.FINAL_LEVEL in known for known in levels.values())


def proposed_soorten(schooljaar):
    used = Ronde.objects.filter(schooljaar=schooljaar).values("soort")
    soorten = Soort.objects.filter(school_id=schooljaar.school_id, archived=False).exclude(pk__in=used)
    return soorten.exclude(proposed_from="").exclude(proposed_until="")


def propose_ronde(schooljaar, soort, groepen, by):
    """One draft, or None where the year has groups and none of them is of this level."""
    wanted = levels_of_soort(soort)
    fit = fitting(groepen, reading.levels_by_groep(groepen), wanted)
    secondary = not groepen and by.school.soort != School.Soort.PO
    if (groepen and not fit) or (wanted and secondary):
        return None
    first, last = on_school_days(in_year(schooljaar, soort.proposed_from), in_year(schooljaar, soort.proposed_until))
    return add_ronde(
        schooljaar=schooljaar,
        soort=soort,
        by=by,
        groepen=fit,
        starts_on=first,
        ends_on=last,
        pupils_from=by.school.pupils_from,
        for_levels=[] if groepen else wanted,
    )


def feast_days(schooljaar):
    """The national feast days that can fall on a school day outside the Christmas holidays, as (name, date)."""
    year = schooljaar.ends_on.year
    sunday = easter(year)
    kings_day = date(year, 4, 27) if date(year, 4, 27).weekday() != 6 else date(year, 4, 26)
    days = [
        (_("Tweede Paasdag"), sunday + timedelta(days=1)),
        (_("Koningsdag"), kings_day),
        (_("Hemelvaartsdag"), sunday + timedelta(days=39)),
        (_("Tweede Pinksterdag"), sunday + timedelta(days=50)),
    ]
    return [(name, day) for name, day in days if schooljaar.starts_on <= day <= schooljaar.ends_on]


def propose_feast_days(schooljaar):
    """Add those on school days that no holiday covers yet, once."""
    days = VrijeDag.objects.filter(schooljaar=schooljaar)
    if days.filter(soort=VrijeDag.Soort.FEESTDAG).exists():
        return
    known = list(days)
    VrijeDag.objects.bulk_create(
        VrijeDag(
            school_id=schooljaar.school_id,
            schooljaar=schooljaar,
            soort=VrijeDag.Soort.FEESTDAG,
            name=name,
            starts_on=day,
            ends_on=day,
        )
        for name, day in feast_days(schooljaar)
        if not reading.is_weekend(day) and not any(k.starts_on <= day <= k.ends_on for k in known)
    )


def set_advice_dates(*, schooljaar, by, **dates):
    """The three advice moments of this year. They rise: preliminary, result, final; all inside the year."""
    given = [day for day in dates.values() if day]
    for day in given:
        refuse_outside_year(schooljaar, day, day, YearRefused)
    if given != sorted(given):
        raise YearRefused(_("Zet de dagen op volgorde: eerst het voorlopige advies, dan de uitslag, dan het advies."))
    with transaction.atomic():
        plan = jaarplan_of(schooljaar)
        Jaarplan.objects.filter(pk=plan.pk).update(**dates)
        audit.record("set_advice_dates", plan, by=by)


def set_factors(*, schooljaar, by, factor_map):
    """Which factors each parent activity serves, as the school sees it (C6). An empty map is ours again."""
    with transaction.atomic():
        plan = jaarplan_of(schooljaar)
        Jaarplan.objects.filter(pk=plan.pk).update(factor_map=factor_map)
        audit.record("set_factors", plan, by=by)


# --- other parent activities, and free days --------------------------------------------------------------------------


def add_activiteit(*, schooljaar, by, groepen=(), **fields):
    check_activity(schooljaar, fields)
    with transaction.atomic():
        activiteit = Activiteit.objects.create(school=by.school, jaarplan=jaarplan_of(schooljaar), **fields)
        activiteit.groepen.set(groepen)
        audit.record("add_activiteit", activiteit, by=by, soort=activiteit.soort)
    return activiteit


TOLD_WHEN_CHANGED = ("on", "starts", "ends", "place")


def change_activiteit(*, activiteit, by, groepen=(), now=None, reason="", **fields):
    """Who was invited is told of another day, time or place; within a week that needs a reason (I2)."""
    check_activity(activiteit.jaarplan.schooljaar, fields)
    with transaction.atomic():
        before = Activiteit.objects.select_for_update(of=("self",)).get(pk=activiteit.pk)
        Activiteit.objects.filter(pk=activiteit.pk).update(**fields)
        activiteit.groepen.set(groepen)
        activiteit.refresh_from_db()
        audit.record("change_activiteit", activiteit, by=by)
        moved = any(name in fields and fields[name] != getattr(before, name) for name in TOLD_WHEN_CHANGED)
        if moved and before.invited_at:
            about = {"by": by, "now": now or timezone.now(), "reason": reason}
            registry.tell("activity_changed", activiteit=activiteit, was=before, **about)


def remove_activiteit(*, activiteit, by, now=None, reason=""):
    """Take it out of the year. Once families were invited it is called off: they are told, and who signed up is kept.

    Within a week of its day that needs a reason (I2).
    """
    now = now or timezone.now()
    with transaction.atomic():
        audit.record("remove_activiteit", activiteit, by=by, soort=activiteit.soort)
        if activiteit.invited_at is None:
            activiteit.delete()
        elif Activiteit.objects.filter(pk=activiteit.pk, called_off_at=None).update(called_off_at=now):
            activiteit.refresh_from_db()
            registry.tell("activity_changed", activiteit=activiteit, was=activiteit, by=by, now=now, reason=reason)


def check_activity(schooljaar, fields):
    try:
        refuse_outside_year(schooljaar, fields["on"], fields["on"], YearRefused)
    except YearRefused as refusal:
        raise YearRefused(refusal.sentence, "on") from None
    if fields.get("starts") and fields.get("ends") and fields["starts"] >= fields["ends"]:
        raise YearRefused(_("De tijd ‘tot’ ligt niet na de tijd ‘van’."), "ends")


def add_vrije_dag(*, schooljaar, by, **fields):
    """A holiday, feast or study day. The same one twice (a double click) stays one."""
    refuse_outside_year(schooljaar, fields["starts_on"], fields["ends_on"], YearRefused)
    with transaction.atomic():
        day, made = VrijeDag.objects.get_or_create(school=by.school, schooljaar=schooljaar, **fields)
        if made:
            audit.record("add_vrije_dag", day, by=by, soort=day.soort)
    return day


def change_vrije_dag(*, day, by, **fields):
    refuse_outside_year(day.schooljaar, fields["starts_on"], fields["ends_on"], YearRefused)
    with transaction.atomic():
        VrijeDag.objects.filter(pk=day.pk).update(**fields)
        audit.record("change_vrije_dag", day, by=by)


def remove_vrije_dag(*, day, by):
    with transaction.atomic():
        audit.record("remove_vrije_dag", day, by=by, soort=day.soort)
        day.delete()


# --- sharing ---------------------------------------------------------------------------------------------------------


def numbered(new, old, version):
    """The entries with their sequence: what is new or changed gets a number no earlier publication used."""
    before = {entry.key: entry for entry in old}

    def sequence(entry):
        known = before.get(entry.key)
        same = known is not None and reading.unnumbered(known) == reading.unnumbered(entry)
        return known.sequence if same else version - 1

    return [reading.replace(entry, sequence=sequence(entry)) for entry in new]


def publish(*, jaarplan, by, tell_families=False, now=None):
    """Share the year as it stands now, on purpose. Returns the new JaarplanVersie.

    The first time every member of staff is told; later those whom a change touches, and the families too where that is
    wanted: they the next morning, in one message about everything since they were last told. Raises EmptyYear without rondes
    and NothingChanged when all of it was shared before (a second click on the button).
    """
    now = now or timezone.now()
    with transaction.atomic():
        plan = Jaarplan.objects.select_for_update(of=("self",)).select_related("schooljaar").get(pk=jaarplan.pk)
        old, new = reading.entries_published(plan), reading.entries_now(plan)
        changes = reading.differences(old, new)
        if not any(entry.sort == reading.RONDE for entry in new):
            raise EmptyYear(_("Er staat nog geen gespreksronde in dit jaar. Leg er eerst een neer."))
        if plan.is_published and not changes:
            raise NothingChanged(_("Er is niets gewijzigd sinds je dit jaar deelde. Er is niets verstuurd."))
        version = plan.published_version + 1
        edition = JaarplanVersie.objects.create(
            school=by.school,
            jaarplan=plan,
            version=version,
            published_at=now,
            by=by.person,
            entries=[entry.to_json() for entry in numbered(new, old, version)],
        )
        Jaarplan.objects.filter(pk=plan.pk).update(published_at=now, published_version=version)
        told = staff_to_tell(plan, changes if version > 1 else None, by)
        outbox.put_many("gesprekken.year_published", [(person, plan) for person in told], version=version, now=now)
        families = families_to_tell(plan, changes, now) if tell_families and version > 1 else []
        outbox.put_many(
            "gesprekken.year_changed_family",
            [(person, plan) for person in families],
            version=version,
            now=now,
            due_at=next_morning(now, by.school.zone),
        )
        audit.record(
            "publish", plan, by=by, version=version, changes=len(changes), told=len(told), families=len(families)
        )
    return edition


MORNING = 9  # when families are told: not at night, and several publications of one day at once


def next_morning(now, zone):
    local = now.astimezone(zone)
    on = local.date() + timedelta(days=local.hour >= MORNING)
    return datetime.combine(on, time(MORNING), tzinfo=zone)


def families_to_tell(plan, changes, now):
    """The guardians with an address whom these changes touch: of what was shared before, in groups of their children."""
    today = now.astimezone(plan.schooljaar.school.zone).date()
    sides = [side for change in reading.told_to_families(changes, today) for side in change.sides]
    if not sides:
        return []
    touched = [g.pk for g in reading.groepen_of(plan.schooljaar) if reading.concerning(sides, [g])]
    here = Lidmaatschap.objects.filter(groep__in=touched, leerling__left_on__isnull=True).values("leerling")
    invited = Relatie.objects.invited().filter(leerling__in=here).values("person")
    return list(Person.objects.filter(~Q(email="") | Q(user__is_active=True), pk__in=invited).order_by("pk"))


def reachable_staff(school, today):
    """Members of staff with an address or a login, who have not left."""
    here = Q(medewerker__left_on__isnull=True) | Q(medewerker__left_on__gt=today)
    address = ~Q(email="") | Q(user__is_active=True)
    return Person.objects.filter(here, address, school=school, medewerker__isnull=False)


def staff_to_tell(plan, changes, by):
    """Everybody at the first publication; afterwards leadership, IB and the teachers of the groups touched."""
    staff = reachable_staff(by.school, timezone.localdate()).exclude(pk=by.person.pk if by.person else None)
    if changes is None or any(not change.groepen for change in changes):
        return list(staff.distinct())
    touched = {pk for change in changes for pk in change.groepen}
    teaching = Lesgeven.objects.filter(groep__in=touched).values("medewerker__person")
    leading = Rol.objects.filter(school=by.school).values("person")
    return list(staff.filter(Q(pk__in=teaching) | Q(pk__in=leading)).distinct())


def renew_year_feed(*, by, now=None):
    """A secret address for the year in one's own calendar, shown once. The earlier one of this person stops working."""
    now = now or timezone.now()
    with transaction.atomic():
        AccessLink.objects.filter(
            person=by.person, purpose=AccessLink.Purpose.YEAR_FEED, revoked_at__isnull=True
        ).update(revoked_at=now)
        token = access.mint_link(
            by.person, expires_at=now + timedelta(days=settings.FEED_DAYS), purpose=AccessLink.Purpose.YEAR_FEED
        )
        audit.record("renew_year_feed", by.person, by=by)
    return token


# --- a ronde of a kind --------------------------------------------------------------------------------------------------


def fitting_pks(schooljaar, soort):
    """The groups a ronde of this kind can be for: of its levels, or of no known level."""
    groepen = reading.groepen_of(schooljaar)
    levels, wanted = reading.levels_by_groep(groepen), set(levels_of_soort(soort))
    return {groep.pk for groep in groepen if not wanted or not levels[groep.pk] or levels[groep.pk] & wanted}


def start_of_ronde(schooljaar, soort):
    """What a new ronde of this kind starts with on the form."""
    groepen = reading.groepen_of(schooljaar)
    fit = fitting(groepen, reading.levels_by_groep(groepen), levels_of_soort(soort))
    start = {
        "name": soort.name,
        "purpose": soort.purpose,
        "points": soort.points,
        "duration": soort.duration,
        "groepen": [groep.pk for groep in fit],
        "pupils_from": schooljaar.school.pupils_from,
        "interpreter_minutes": INTERPRETER_MINUTES,
        "whom": usual_whom(soort),
    }
    if soort.proposed_from and soort.proposed_until:
        first, last = on_school_days(
            in_year(schooljaar, soort.proposed_from), in_year(schooljaar, soort.proposed_until)
        )
        start |= {"starts_on": first, "ends_on": last}
    return start
