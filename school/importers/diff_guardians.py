"""Who the guardians in a parents' file are, and what changes in them and in their relations with pupils.

A guardian is recognised by the school's own key, else by name within the family: among the pupil's own guardians, or
within the gezin the school names. An e-mail address is no identity, two parents may share one. What then still could
be one person or several is asked, and until somebody says so they stay apart.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from school.importers.plan import GONE, Item, Question, folded, full_name
from school.importers.pupils import PupilFinder
from school.models import Person, Relatie

PERSON_WORDS = {
    "first_name": "roepnaam", "prefix": "voorvoegsel", "last_name": "achternaam", "email": "e-mailadres",
    "phone": "telefoon", "language": "taal", "guardian_key": "sleutel",
}  # fmt: skip
RELATIE_WORDS = {
    "soort": "relatie", "custody": "gezag", "information": "informatie", "restriction": "beperking",
    "apart": "apart gesprek", "interpreter": "tolk", "gezin": "gezin", "gone": "weg",
}  # fmt: skip
FIELDS = {"relatie": "soort", "gezag": "custody", "informatie": "information", "apart": "apart", "tolk": "interpreter"}
WITH_CUSTODY = {"ouder", "voogd"}


@dataclass(eq=False)
class Guardian:
    """One person of the file: the rows about this person, and the Person if the school knows one."""

    name: str
    rows: list = field(default_factory=list)
    person: Person | None = None
    key: str = ""


def name_in(row):
    return folded(row.get("roepnaam", ""), row.get("voorvoegsel", ""), row["achternaam"])


def name_of(person):
    return folded(person.first_name, person.prefix, person.last_name)


class Family:
    """What the school knows of its guardians, looked up the ways in which a file may mean them."""

    def __init__(self, school):
        self.relaties = list(
            Relatie.objects.filter(school=school).select_related("person", "gezin", "leerling__person")
        )
        self.people = {relatie.person_id: relatie.person for relatie in self.relaties}
        for person in Person.objects.filter(school=school).exclude(guardian_key=""):
            self.people.setdefault(person.pk, person)
        self.by_key = {person.guardian_key: person for person in self.people.values() if person.guardian_key}
        self.of_pupil, self.of_gezin, self.of_name = defaultdict(set), defaultdict(set), defaultdict(set)
        for relatie in self.relaties:
            name = name_of(relatie.person)
            self.of_pupil[relatie.leerling_id, name].add(relatie.person_id)
            self.of_name[name].add(relatie.person_id)
            if relatie.gezin_id:
                self.of_gezin[relatie.gezin.key, name].add(relatie.person_id)

    def named_like(self, row, pupil):
        """The people of this name within the family of this row."""
        name = name_in(row)
        own = self.of_pupil.get((pupil.obj.pk, name), set()) if pupil.obj else set()
        if not own and row.get("gezin"):
            own = self.of_gezin.get((row["gezin"], name), set())
        return [self.people[pk] for pk in sorted(own)]


def diff(school, rows, plan, answers):
    finder, family = PupilFinder(school, plan), Family(school)
    known = [(row, pupil) for row in rows if (pupil := find_pupil(row, finder, plan))]
    keyed = with_keys(known, family, plan)
    guardians = keyed + without_keys(join_keyed(keyed, known, family), family, plan, answers)
    stored = {(relatie.person_id, relatie.leerling_id): relatie for relatie in family.relaties}
    met_people, met_relaties = set(), set()
    pupils = {id(row): pupil for row, pupil in known}
    for guardian in guardians:
        person_item = diff_person(guardian, plan)
        if guardian.person:
            met_people.add(guardian.person.pk)
        for row, pupil in rows_once(guardian, pupils, plan):
            relatie = stored.get((guardian.person.pk, pupil.obj.pk)) if guardian.person and pupil.obj else None
            if relatie:
                met_relaties.add(relatie.pk)
            diff_relatie(row, relatie, person_item, pupil, plan, answers)
    tell_gone(family, met_people, met_relaties, plan, answers)


def find_pupil(row, finder, plan):
    pupil = finder.find(row["leerling_key"])
    if pupil:
        return pupil
    about = {"key": row["leerling_key"][:50]}
    if row["leerling_key"] in plan.former:
        plan.remarks.warn(_("Leerling %(key)s is van school; deze regel is overgeslagen.") % about, row["line"])
    elif meant := finder.with_zeros(row["leerling_key"]):
        plan.remarks.error(
            _("Leerling %(key)s kennen we niet, %(meant)s wel. Haalde Excel de nullen vooraan weg?")
            % {**about, "meant": meant},
            row["line"],
        )
    else:
        plan.remarks.error(
            _("Leerling %(key)s kennen we niet. Staat de leerling wel in de EDEXML?") % about, row["line"]
        )
    return None


# --- who is who ------------------------------------------------------------------------------------------------------


def with_keys(known, family, plan):
    """Guardians of rows that carry the school's own key."""
    guardians = {}
    for row, pupil in known:
        key = row.get("ouder_key")
        if not key:
            continue
        guardian = guardians.setdefault(key, Guardian(name_in(row), key=key, person=family.by_key.get(key)))
        if name_in(row) != guardian.name:
            plan.remarks.error(
                _("Ouder %(key)s heet hier anders dan op regel %(first)s. Is dit wel dezelfde persoon?")
                % {"key": key, "first": guardian.rows[0]["line"]},
                row["line"],
            )
            continue
        guardian.rows.append(row)
        if guardian.person is None:
            # Read in before without a key: recognised by name within the family, and given the key.
            like = [person for person in family.named_like(row, pupil) if not person.guardian_key]
            if len(like) == 1:
                guardian.person = like[0]
    taken = defaultdict(list)
    for guardian in guardians.values():
        if guardian.person:
            taken[guardian.person.pk].append(guardian)
    for pk, claims in taken.items():
        for guardian in claims if len(claims) > 1 else []:
            guardian.person = family.by_key.get(guardian.key) if family.people[pk].guardian_key else None
    return list(guardians.values())


def join_keyed(keyed, known, family):
    """Give rows without a key to the guardian who has one elsewhere in the file; returns the rows that are left.

    The same name at the same child or in the same gezin, or somebody the school knows by that key at this child.
    """
    places, people = {}, {guardian.person.pk: guardian for guardian in keyed if guardian.person}
    for guardian in keyed:
        for row in guardian.rows:
            places.setdefault(("leerling", row["leerling_key"], guardian.name), guardian)
            if row.get("gezin"):
                places.setdefault(("gezin", row["gezin"], guardian.name), guardian)
    left = []
    for row, pupil in known:
        if row.get("ouder_key"):
            continue
        name, like = name_in(row), family.named_like(row, pupil)
        guardian = places.get(("leerling", row["leerling_key"], name)) or places.get(("gezin", row.get("gezin"), name))
        if guardian is None and len(like) == 1:
            guardian = people.get(like[0].pk)
        if guardian:
            guardian.rows.append(row)
        else:
            left.append((row, pupil))
    return left


def without_keys(rows, family, plan, answers):
    """Guardians of rows without a key: by name within the family; the same name elsewhere is a question."""
    found, unsure, by_gezin = {}, {}, {}
    for row, pupil in rows:
        like = family.named_like(row, pupil)
        if len(like) > 1:
            plan.remarks.error(
                _("Dit kind heeft al twee ouders die %(name)s heten. Geef ze in het bestand elk een ouder_key.")
                % {"name": label(row)},
                row["line"],
            )
        elif like:
            guardian = found.setdefault(like[0].pk, Guardian(name_in(row), person=like[0]))
            guardian.rows.append(row)
            if row.get("gezin"):
                by_gezin[row["gezin"], name_in(row)] = guardian
    settled = {id(row) for guardian in found.values() for row in guardian.rows}
    for row, pupil in rows:
        if id(row) in settled or len(family.named_like(row, pupil)) > 1:
            continue
        name, gezin = name_in(row), row.get("gezin")
        if gezin:
            guardian = by_gezin.setdefault((gezin, name), Guardian(name))
            guardian.rows.append(row)
        else:
            unsure.setdefault(name, {}).setdefault(row["leerling_key"], Guardian(name)).rows.append(row)
    fresh = [guardian for guardian in by_gezin.values() if guardian.person is None]
    return list(found.values()) + fresh + ask(unsure, found, family, plan, answers)


def ask(unsure, found, family, plan, answers):
    """One guardian per child, unless leadership said that those of one name are one person."""
    guardians = []
    for name, by_pupil in unsure.items():
        others = [family.people[pk] for pk in sorted(family.of_name.get(name, ()))]
        apart = list(by_pupil.values())
        if len(apart) + len(others) == 1:
            guardians += apart
            continue
        question = Question(
            key=hashlib.sha256("|".join([name, *sorted(by_pupil), *(str(p.pk) for p in others)]).encode()).hexdigest()[
                :16
            ],
            name=label(apart[0].rows[0]),
            line=apart[0].rows[0]["line"],
            children=children_of(by_pupil, others, family, plan),
            hint=shared_hint([row for guardian in apart for row in guardian.rows], others),
        )
        question.is_same = question.key in answers.get("same", []) and len(others) < 2
        plan.questions.append(question)
        if question.is_same:
            one = next((g for g in found.values() if others and g.person == others[0]), None)
            one = one or Guardian(name, person=others[0] if others else None)
            one.rows += [row for guardian in apart for row in guardian.rows]
            guardians += [] if one in found.values() else [one]
        else:
            guardians += apart
    return guardians


def children_of(by_pupil, others, family, plan):
    names = [plan.pupils[key].label if key in plan.pupils else key for key in by_pupil]
    stored = {leerling.key: leerling.person.name for leerling in (r.leerling for r in family.relaties)}
    names = [stored.get(name, name) for name in names]
    pks = {person.pk for person in others}
    return list(dict.fromkeys(names + [r.leerling.person.name for r in family.relaties if r.person_id in pks]))


def shared_hint(rows, others):
    """Which contact details are the same: worth knowing, no proof."""
    mails = {row.get("emailadres", "").lower() for row in rows} | {person.email.lower() for person in others}
    phones = {row.get("telefoon", "") for row in rows} | {person.phone for person in others}
    shared = [
        word
        for word, values in ((_("e-mailadres"), mails), (_("telefoon"), phones))
        if len(values) == 1 and values != {""}
    ]
    return ", ".join(shared)


def label(row):
    return full_name(row.get("roepnaam", ""), row.get("voorvoegsel", ""), row["achternaam"])


# --- what changes ----------------------------------------------------------------------------------------------------


def diff_person(guardian, plan):
    row, person = guardian.rows[0], guardian.person
    wanted = {"last_name": row["achternaam"]}
    for column, name in (("roepnaam", "first_name"), ("voorvoegsel", "prefix")):
        if column in row:
            wanted[name] = row[column]
    for column, name in (("emailadres", "email"), ("telefoon", "phone"), ("taal", "language")):
        value = agreed(guardian, column, plan)
        if value:  # an empty cell does not take away what is known
            wanted[name] = value
    if guardian.key:
        wanted["guardian_key"] = guardian.key
    current = {name: getattr(person, name) for name in wanted} if person else {}
    return plan.compare("guardians", label(row), person, current, wanted, line=row["line"], words=PERSON_WORDS)


def agreed(guardian, column, plan):
    """The first value the rows of this person give; a row that says otherwise is warned about."""
    values = [(row[column], row["line"]) for row in guardian.rows if row.get(column)]
    for value, line in values[1:]:
        if value.lower() != values[0][0].lower():
            plan.remarks.warn(
                _(
                    "%(name)s heeft hier een ander gegeven (%(column)s) dan op regel %(first)s; dat van regel %(first)s telt."
                )
                % {"name": label(guardian.rows[0]), "column": column, "first": values[0][1]},
                line,
            )
    return values[0][0] if values else ""


def rows_once(guardian, pupils, plan):
    """The rows of this person, one per pupil."""
    seen = {}
    for row in guardian.rows:
        pupil = pupils[id(row)]
        first = seen.setdefault(row["leerling_key"], row)
        if first is row:
            yield row, pupil
            continue
        about = {"name": label(row), "first": first["line"]}
        same = {k: v for k, v in row.items() if k != "line"} == {k: v for k, v in first.items() if k != "line"}
        if same:
            plan.remarks.warn(
                _("%(name)s staat bij dit kind ook op regel %(first)s; het telt één keer.") % about, row["line"]
            )
        else:
            plan.remarks.error(
                _(
                    "%(name)s staat bij dit kind ook op regel %(first)s, met andere gegevens. Zijn het twee mensen? Geef ze dan een ouder_key."
                )
                % about,
                row["line"],
            )


def diff_relatie(row, relatie, person_item, pupil, plan, answers):
    wanted = {name: row[column] for column, name in FIELDS.items() if column in row}
    if row.get("gezin"):
        wanted["gezin"] = row["gezin"]
    if "contact" in row:
        wanted["restriction"] = not row["contact"]
    wanted["gone"] = False
    who = f"{person_item.label} - {pupil.label}"
    current = {}
    if relatie:
        current = {name: getattr(relatie, name) for name in wanted if name != "gezin"}
        current["gezin"] = relatie.gezin.key if relatie.gezin_id else ""
        if relatie.restriction and wanted.get("restriction") is False and relatie.pk not in answers.get("lift", []):
            plan.lifts.append((LiftLabel(who, relatie.pk), row["line"]))
            del wanted["restriction"]
        keep_the_choice(wanted, relatie, who, row["line"], plan)
    else:
        wanted = {**defaults_for(wanted), **wanted}
    links = {"person": person_item, "pupil": pupil}
    item = plan.compare("guardianships", who, relatie, current, wanted, line=row["line"], words=RELATIE_WORDS, **links)
    if wanted.get("restriction") and not (relatie and relatie.restriction):
        item.links["restricts"] = True
        plan.restrictions += 1


def keep_the_choice(wanted, relatie, who, line, plan):
    """Together, apart or afterwards was chosen here: a file that says otherwise is named and changes nothing."""
    chosen = relatie.talks_chosen_at is not None or relatie.afterwards
    if chosen and "apart" in wanted and wanted.pop("apart") != relatie.apart:
        plan.remarks.warn(
            _("%(who)s: in het bestand staat het anders, maar hier is gekozen: %(choice)s. Dat blijft zo.")
            % {"who": who, "choice": relatie.talks.label},
            line,
        )


class LiftLabel(str):
    """The words for a relation whose restriction the file no longer has; carries the relation's number."""

    def __new__(cls, words, pk):
        label = super().__new__(cls, words)
        label.pk = pk
        return label


def defaults_for(wanted):
    """What a new relation is when the file does not say: parents and voogden have custody and are informed."""
    custody = wanted.get("custody", wanted.get("soort", "ouder") in WITH_CUSTODY)
    information = Relatie.Information.FULL if custody else Relatie.Information.ON_REQUEST
    return {"custody": custody, "information": information.value}


def tell_gone(family, met_people, met_relaties, plan, answers):
    """Relations and guardians of present pupils that are not in the file; nothing happens to them unasked."""
    leaving = {item.obj.pk for item in plan.items["pupils"] if item.state == GONE}
    lost = set()
    for relatie in family.relaties:
        if relatie.gone or relatie.pk in met_relaties or relatie.leerling.left_on or relatie.leerling_id in leaving:
            continue
        told = relatie.pk in answers.get("relations", [])
        who = f"{relatie.person.name} - {relatie.leerling.person.name}"
        plan.add(Item("guardianships", GONE, who, obj=relatie, values={"gone": True} if told else {}))
        if relatie.person_id not in met_people and relatie.person_id not in lost:
            lost.add(relatie.person_id)
            plan.add(
                Item("guardians", GONE, relatie.person.name, obj=relatie.person, values={"told": True} if told else {})
            )
