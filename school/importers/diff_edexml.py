"""What an EDEXML file changes in groups, pupils and staff of its school year."""

import hashlib
from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from school.importers.plan import GONE, Item, folded, full_name
from school.models import Groep, Leerling, Lesgeven, Lidmaatschap, Medewerker, Schooljaar

NAME_WORDS = {"first_name": "roepnaam", "prefix": "voorvoegsel", "last_name": "achternaam"}
GROEP_WORDS = {"name": "naam", "jaargroep": "jaargroep", "soort": "soort", "gone": "weg"}
PUPIL_WORDS = {**NAME_WORDS, "born_on": "geboortedatum", "left_on": "van school sinds", "groepen": "groepen"}
STAFF_WORDS = {
    **NAME_WORDS, "email": "e-mailadres", "function": "functie", "key": "sleutel", "left_on": "van school sinds",
    "groepen": "geeft les aan",
}  # fmt: skip


def diff(school, rows, plan, answers):
    plan.year, plan.brin = rows["schooljaar"], rows["brin"]
    years = list(Schooljaar.objects.filter(school=school).order_by("starts_on"))
    plan.schooljaar = next((year for year in years if year.starts_on.year == plan.year), None)
    is_old = Groep.objects.filter(school=school, schooljaar__starts_on__year__gt=plan.year).exists()
    if is_old:
        plan.remarks.warn(
            _(
                "Dit bestand is van een ouder schooljaar dan er al is ingelezen. Wie er niet in staat, laten we met rust."
            )
        )
    if school.brin and plan.brin and school.brin != plan.brin:
        plan.remarks.warn(
            _(
                "Let op: in dit bestand staat schoolnummer %(new)s, en deze school heeft %(old)s. Is dit wel jullie bestand?"
            )
            % {"new": plan.brin, "old": school.brin}
        )
    # Membership is compared by the key a group has in this file; `names` tells what people call it.
    known = diff_groepen(plan, rows["groups"], answers, is_old)
    diff_pupils(school, plan, rows, known, answers, is_old)
    diff_staff(school, plan, rows["staff"], known, answers, is_old)


def lasting_key(row, *parts):
    """The key to keep: a key with # means nothing in the next file, so such people are known by who they are."""
    if not row["key"].startswith("#"):
        return row["key"]
    return "#" + hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:20]


def was_told_gone(answers, kind, obj):
    return obj.pk in answers.get(kind, [])


# --- groups ----------------------------------------------------------------------------------------------------------


class KnownGroepen:
    """Groups by their key in the file, and the file's key of the groups that stand in the database."""

    def __init__(self):
        self.names, self.key_of, self.levels = {}, {}, {}

    def name(self, key):
        return self.names.get(key, key)


def diff_groepen(plan, rows, answers, is_old):
    stored = list(Groep.objects.filter(schooljaar=plan.schooljaar)) if plan.schooljaar else []
    by_key = {groep.key: groep for groep in stored}
    known, met = KnownGroepen(), set()
    for row in rows:
        key = lasting_key(row, folded(row["name"]))
        groep = by_key.get(key)
        if groep and groep.pk in met:
            plan.remarks.error(
                _("Twee groepen heten %(name)s en hebben een sleutel met #.") % {"name": row["name"]}, row["line"]
            )
            continue
        wanted = {name: row[name] for name in ("name", "jaargroep", "soort")} | {"gone": False}
        current = {name: getattr(groep, name) for name in wanted} if groep else {}
        item = plan.compare("groups", row["name"], groep, current, wanted, line=row["line"], words=GROEP_WORDS)
        item.links["key"], item.links["file_key"] = key, row["key"]
        known.names[row["key"]], known.levels[row["key"]] = row["name"], row["jaargroep"]
        if groep:
            met.add(groep.pk)
            known.key_of[groep.pk] = row["key"]
    for groep in stored:
        if groep.pk not in met:
            known.key_of[groep.pk] = groep.key
            known.names.setdefault(groep.key, groep.name)
            known.levels.setdefault(groep.key, groep.jaargroep)
            if not groep.gone and rows:
                told = was_told_gone(answers, "groups", groep)
                plan.add(Item("groups", GONE, groep.name, obj=groep, values={"gone": True} if told else {}))
    return known


# --- pupils ----------------------------------------------------------------------------------------------------------


def diff_pupils(school, plan, rows, known, answers, is_old):
    stored = list(Leerling.objects.filter(school=school).select_related("person"))
    by_key = {leerling.key: leerling for leerling in stored}
    memberships = memberships_of(plan, known)
    met = set()
    for row in rows["pupils"]:
        born = date.fromisoformat(row["born_on"]) if row["born_on"] else None
        names = {name: row[name] for name in NAME_WORDS}
        key = lasting_key(row, folded(*names.values()), born)
        leerling = by_key.get(key)
        if key in met:
            plan.remarks.error(
                _("%(name)s staat twee keer in het bestand met een sleutel die met # begint.")
                % {"name": full_name(*names.values())},
                row["line"],
            )
            continue
        met.add(key)
        wanted = {**names, "born_on": born, "groepen": wanted_groepen(plan, row, known)}
        current = {}
        if leerling:
            current = {name: getattr(leerling.person, name) for name in NAME_WORDS}
            current |= {"born_on": leerling.born_on, "groepen": memberships.get(leerling.pk, {})}
            wanted["born_on"] = born or leerling.born_on
            if leerling.left_on and not is_old:
                current["left_on"], wanted["left_on"] = leerling.left_on, None
        item = plan.compare(
            "pupils", full_name(*names.values()), leerling, named(current, known), named(wanted, known),
            line=row["line"], words=PUPIL_WORDS,
        )  # fmt: skip
        item.values, item.links = wanted, {"key": key, "had": current.get("groepen", {})}
        item.more = ", ".join(known.name(g["groep"]) for g in row["groepen"])
        plan.pupils[row["key"]] = item
    left = {row["key"]: row.get("left_on") for row in rows["former"]}
    plan.former = set(left)
    for leerling in stored:
        if leerling.key in met or leerling.left_on or is_old:
            continue
        told = was_told_gone(answers, "pupils", leerling)
        values = {"left_on": left.get(leerling.key)} if told else {}
        plan.add(Item("pupils", GONE, leerling.person.name, obj=leerling, values=values))


def named(values, known):
    """The same with groups by name, for people to read."""
    return {
        name: {known.name(key): more for key, more in value.items()} if name == "groepen" else value
        for name, value in values.items()
    }


def memberships_of(plan, known):
    """{leerling pk: {key in the file: own jaargroep}} in this school year."""
    found = defaultdict(dict)
    if plan.schooljaar:
        for lid in Lidmaatschap.objects.filter(groep__schooljaar=plan.schooljaar):
            found[lid.leerling_id][known.key_of[lid.groep_id]] = lid.jaargroep
    return found


def wanted_groepen(plan, row, known):
    wanted = {}
    for place in row["groepen"]:
        key = place["groep"]
        if key not in known.names:
            plan.remarks.error(
                _("%(name)s zit in groep %(key)s, maar die groep staat niet in het bestand.")
                % {"name": full_name(row["first_name"], row["prefix"], row["last_name"]), "key": key[:50]},
                place["line"],
            )
        else:
            wanted[key] = row["jaargroep"] if row["jaargroep"] != known.levels.get(key, "") else ""
    return wanted


# --- staff -----------------------------------------------------------------------------------------------------------


def diff_staff(school, plan, rows, known, answers, is_old):
    stored = list(Medewerker.objects.filter(school=school).select_related("person"))
    by_key = {medewerker.key: medewerker for medewerker in stored if medewerker.key}
    lessons, met = lessons_of(plan, known), set()
    for row in rows:
        names = {name: row[name] for name in NAME_WORDS}
        key = lasting_key(row, folded(*names.values()), row["email"].lower())
        medewerker = by_key.get(key) or without_key(stored, rows, row)
        if key in met:
            plan.remarks.error(
                _("%(name)s staat twee keer in het bestand met een sleutel die met # begint.")
                % {"name": full_name(*names.values())},
                row["line"],
            )
            continue
        met.add(key)
        wanted = {**names, "email": row["email"], "function": row["function"], "key": key}
        wanted["groepen"] = wanted_lessons(plan, row, known)
        current = {}
        if medewerker:
            person = medewerker.person
            current = {name: getattr(person, name) for name in (*NAME_WORDS, "email")}
            current |= {"function": medewerker.function, "key": medewerker.key}
            current["groepen"] = lessons.get(medewerker.pk, {})
            wanted["email"] = wanted["email"] or person.email  # an absent address does not take one away
            wanted["function"] = wanted["function"] or medewerker.function
            if medewerker.left_on and not is_old:
                current["left_on"], wanted["left_on"] = medewerker.left_on, None
        item = plan.compare(
            "staff", full_name(*names.values()), medewerker, named(current, known), named(wanted, known),
            line=row["line"], words=STAFF_WORDS,
        )  # fmt: skip
        item.values, item.links, item.more = wanted, {"had": current.get("groepen", {})}, row["function"]
        if medewerker:
            met.add(medewerker.key)
    for medewerker in stored:
        if not medewerker.key or medewerker.key in met or medewerker.left_on or is_old or not rows:
            continue
        values = {"left_on": None} if was_told_gone(answers, "staff", medewerker) else {}
        plan.add(Item("staff", GONE, medewerker.person.name, obj=medewerker, values=values))


def without_key(stored, rows, row):
    """Somebody who was invited before the first import: the one colleague with this work address and no key yet."""
    address = row["email"].lower()
    if not address or sum(other["email"].lower() == address for other in rows) > 1:
        return None
    found = [m for m in stored if not m.key and m.person.email.lower() == address]
    return found[0] if len(found) == 1 else None


def lessons_of(plan, known):
    found = defaultdict(dict)
    if plan.schooljaar:
        for les in Lesgeven.objects.filter(groep__schooljaar=plan.schooljaar):
            found[les.medewerker_id][known.key_of[les.groep_id]] = les.taak
    return found


def wanted_lessons(plan, row, known):
    wanted = {}
    for place in row["groepen"]:
        if place["groep"] in known.names:
            wanted[place["groep"]] = place["taak"]
        else:
            plan.remarks.warn(
                _("%(name)s geeft les aan groep %(key)s, maar die groep staat niet in het bestand.")
                % {"name": full_name(row["first_name"], row["prefix"], row["last_name"]), "key": place["groep"][:50]},
                place["line"],
            )
    return wanted
