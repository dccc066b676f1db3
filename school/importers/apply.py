"""Carries a plan out: one transaction, set by set, in the order in which rows need each other."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from school import access, audit, registry
from school.importers.plan import CHANGED, GONE, NEW
from school.models import (
    Gezin,
    Groep,
    Leerling,
    Lesgeven,
    Lidmaatschap,
    Medewerker,
    Person,
    Relatie,
    School,
    Schooljaar,
    Toetsresultaat,
)

BATCH = 500
NAMES = ("first_name", "prefix", "last_name")


class ImportRefused(Exception):
    """The plan holds errors; nothing is stored."""


def apply_plan(plan, school, *, by, now=None):
    """Store what is new and changed, and what was decided about what is gone. Nothing changes: nothing is written."""
    if plan.remarks.errors:
        raise ImportRefused
    now = now or timezone.now()
    with transaction.atomic():
        hold(school)
        decided = any(item.values for kind in plan.items for item in plan.of(kind, GONE))
        if not plan.has_changes and not decided and (plan.year is None or plan.schooljaar):
            return
        if plan.brin and not school.brin:
            School.objects.filter(pk=school.pk).update(brin=plan.brin)
        if plan.year is not None:
            groepen = apply_groepen(plan, school)
            apply_pupils(plan, school, groepen)
            apply_staff(plan, school, groepen)
        apply_guardians(plan, school)
        apply_relaties(plan, school, by=by, now=now)
        apply_results(plan, school)
        apply_gone(plan, now)
        audit.record("import", school, by=by, **plan.counts())
        registry.tell("imported", school=school, by=by, now=now)


def hold(school):
    """Let one import of this school go at a time; call it before comparing, in the same transaction."""
    School.objects.select_for_update().get(pk=school.pk)


def create(model, rows):
    return model.objects.bulk_create(rows, batch_size=BATCH)


def update(objects, fields):
    if objects:
        type(objects[0]).objects.bulk_update(objects, fields, batch_size=BATCH)


def assign(obj, values, fields):
    for name in fields:
        if name in values:
            setattr(obj, name, values[name])
    return obj


# --- groups, pupils, staff -------------------------------------------------------------------------------------------


def apply_groepen(plan, school):
    """The groups of this school year by their key in the file."""
    year = plan.schooljaar
    if year is None:
        year = plan.schooljaar = Schooljaar.objects.create(
            school=school, starts_on=date(plan.year, 8, 1), ends_on=date(plan.year + 1, 7, 31)
        )
    fields = ["name", "jaargroep", "soort", "gone"]
    new = plan.of("groups", NEW)
    create(Groep, [assign(Groep(school=school, schooljaar=year, key=i.links["key"]), i.values, fields) for i in new])
    update([assign(i.obj, i.values, fields) for i in plan.of("groups", CHANGED)], fields)
    stored = {groep.key: groep for groep in Groep.objects.filter(schooljaar=year)}
    by_file_key = {i.links["file_key"]: stored[i.links["key"]] for i in plan.items["groups"] if "key" in i.links}
    return {**stored, **by_file_key}


def new_people(school, items, fields):
    people = create(Person, [assign(Person(school=school), item.values, fields) for item in items])
    return zip(items, people, strict=True)


def apply_pupils(plan, school, groepen):
    new, changed = plan.of("pupils", NEW), plan.of("pupils", CHANGED)
    pupils = [
        Leerling(school=school, person=person, key=item.links["key"], born_on=item.values["born_on"])
        for item, person in new_people(school, new, NAMES)
    ]
    for item, leerling in zip(new, create(Leerling, pupils), strict=True):
        item.obj = leerling
    update([assign(item.obj.person, item.values, NAMES) for item in changed], NAMES)
    update([assign(i.obj, i.values, ["born_on", "left_on"]) for i in changed], ["born_on", "left_on"])
    apply_places(Lidmaatschap, "leerling", "jaargroep", new + changed, groepen, school)


def apply_staff(plan, school, groepen):
    fields = (*NAMES, "email")
    new, changed = plan.of("staff", NEW), plan.of("staff", CHANGED)
    staff = [
        Medewerker(school=school, person=person, key=item.values["key"], function=item.values["function"])
        for item, person in new_people(school, new, fields)
    ]
    for item, medewerker in zip(new, create(Medewerker, staff), strict=True):
        item.obj = medewerker
    update([assign(item.obj.person, item.values, fields) for item in changed], fields)
    own = ["key", "function", "left_on"]
    update([assign(item.obj, item.values, own) for item in changed], own)
    apply_places(Lesgeven, "medewerker", "taak", new + changed, groepen, school)


def apply_places(model, who, extra, items, groepen, school):
    """Bring memberships (or lessons) of these items in line with the file, for this school year only."""
    fresh, stale, corrected = [], [], []
    for item in items:
        had, wanted = item.links.get("had", {}), item.values["groepen"]
        stale += [(item.obj.pk, groepen[key].pk) for key in had.keys() - wanted.keys()]
        for key, more in wanted.items():
            row = {who: item.obj, "groep": groepen[key], extra: more}
            if key not in had:
                fresh.append(model(school=school, **row))
            elif had[key] != more:
                corrected.append(row)
    create(model, fresh)
    if stale:
        people, places = {pk for pk, _ in stale}, {pk for _, pk in stale}
        found = model.objects.filter(**{f"{who}__in": people, "groep__in": places}).values_list(
            "pk", f"{who}_id", "groep_id"
        )
        model.objects.filter(pk__in=[pk for pk, person, groep in found if (person, groep) in set(stale)]).delete()
    for row in corrected:
        model.objects.filter(**{who: row[who], "groep": row["groep"]}).update(**{extra: row[extra]})


# --- guardians and results -------------------------------------------------------------------------------------------


def apply_guardians(plan, school):
    fields = [*NAMES, "email", "phone", "language", "guardian_key"]
    for item, person in new_people(school, plan.of("guardians", NEW), fields):
        item.obj = person
    changed = plan.of("guardians", CHANGED)
    access.forget_proofs([item.obj for item in changed if item.values.get("email", item.obj.email) != item.obj.email])
    update([assign(item.obj, item.values, fields) for item in changed], fields)


def apply_relaties(plan, school, *, by, now):
    fields = ["soort", "custody", "information", "restriction", "apart", "interpreter", "gone"]
    new, changed = plan.of("guardianships", NEW), plan.of("guardianships", CHANGED)
    gezinnen = families(school, {item.values["gezin"] for item in new + changed if item.values.get("gezin")})
    rows = [
        assign(
            Relatie(
                school=school,
                person=item.links["person"].obj,
                leerling=item.links["pupil"].obj,
                gezin=gezinnen.get(item.values.get("gezin")),
            ),
            item.values,
            fields,
        )
        for item in new
    ]
    for item, relatie in zip(new, create(Relatie, rows), strict=True):
        item.obj = relatie
    for item in changed:
        if item.values.get("gezin"):
            item.obj.gezin = gezinnen[item.values["gezin"]]
    update([assign(item.obj, item.values, fields) for item in changed], [*fields, "gezin"])
    restrict([item.obj for item in new + changed if item.links.get("restricts")], by=by, now=now)


def restrict(relaties, *, by, now):
    """A restriction works at once: every floor is told, and who may reach no child any more loses every door."""
    for relatie in relaties:
        audit.record("restrict", relatie, by=by)
        registry.tell("restricted", relatie=relatie, by=by, now=now)
        if not Relatie.objects.reachable().filter(person=relatie.person_id).exists():
            access.revoke_links(relatie.person, now=now)


def families(school, keys):
    stored = {gezin.key: gezin for gezin in Gezin.objects.filter(school=school, key__in=keys)}
    for gezin in create(Gezin, [Gezin(school=school, key=key) for key in sorted(keys - stored.keys())]):
        stored[gezin.key] = gezin
    return stored


def apply_results(plan, school):
    fields = ["score", "niveau", "functioneringsniveau"]
    rows = [
        Toetsresultaat(
            school=school,
            leerling=item.links["pupil"].obj,
            **{name: item.links[name] for name in ("vak", "toets", "taken_on")},
            **item.values,
        )
        for item in plan.of("results", NEW)
    ]
    create(Toetsresultaat, rows)
    update([assign(item.obj, item.values, fields) for item in plan.of("results", CHANGED)], fields)


# --- what was decided about what is gone -----------------------------------------------------------------------------


def apply_gone(plan, now):
    today = timezone.localdate(now)
    for kind, model in (("pupils", Leerling), ("staff", Medewerker)):
        for item in plan.of(kind, GONE):
            if item.values:
                day = item.values["left_on"]
                model.objects.filter(pk=item.obj.pk).update(left_on=date.fromisoformat(day) if day else today)
    for kind, model in (("groups", Groep), ("guardianships", Relatie)):
        pks = [item.obj.pk for item in plan.of(kind, GONE) if item.values]
        model.objects.filter(pk__in=pks).update(gone=True)
