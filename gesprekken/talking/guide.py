"""The guide through a conversation: nine steps, with what fits this soort and level. An example, not a checklist."""

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext, override

from gesprekken.models import Deelname
from gesprekken.preparing.questions import worded
from gesprekken.standard_words import as_read, shipped
from school.languages import languages_of_people

FILE = Path(__file__).parent.parent / "data" / "guide.toml"
STEPS = 9


class BadGuide(Exception):
    """The data file cannot be used; says where."""


@dataclass
class Extra:
    heading: str
    lines: list
    dates: list = field(default_factory=list)
    people: list = field(default_factory=list)
    missing: str = ""


@dataclass
class Step:
    number: int
    title: str
    lines: list
    extras: list = field(default_factory=list)


def check(data):
    """Raise BadGuide for the first thing wrong; else return the contents."""
    if [step.get("number") for step in data.get("step", [])] != list(range(1, STEPS + 1)):
        raise BadGuide("the steps are not 1 to 9 in order")
    for step in data["step"]:
        if not step.get("title") or not step.get("lines"):
            raise BadGuide(f"step {step['number']}: a title or its lines are missing")
    for extra in data.get("extra", []):
        if extra.get("step") not in range(1, STEPS + 1) or not extra.get("heading") or not extra.get("lines"):
            raise BadGuide(f"extra {extra.get('heading', '?')}: step, heading or lines are missing")
    return data


@functools.cache
def read(path=FILE):
    return check(tomllib.loads(path.read_text()))


def fits(extra, soort_code, level):
    """Whether an extra is for this kind and level; without a known level what is for some levels only stays away."""
    if extra.get("soorten") and soort_code not in extra["soorten"]:
        return False
    low, high = extra.get("level_from"), extra.get("level_until")
    if low is None and high is None:
        return True
    return level is not None and (low or 0) <= level <= (high or 99)


def shows_outflow(school, soort, level):
    """From the level the school chose; in a conversation about the advice always."""
    return soort.is_advice or (level is not None and level >= school.outflow_from)


def level_of(gesprek):
    return gesprek.groep.level


def advice_dates(gesprek):
    """What the year's plan says about the advice: (label, first day, last day or None)."""
    plan = getattr(gesprek.ronde.schooljaar, "jaarplan", None)
    if plan is None:
        return []
    dates = [
        (gettext("Voorlopig advies"), plan.preliminary_from, plan.preliminary_until),
        (gettext("Uitslag van de doorstroomtoets, uiterlijk"), plan.result_by, None),
        (gettext("Definitief advies, uiterlijk"), plan.final_by, None),
    ]
    return [entry for entry in dates if entry[1]]


def people_at(gesprek):
    """(name, as what) of everybody who is to be at the table, family first."""
    rows = [row for row in gesprek.deelnames.select_related("person") if row.as_role != Deelname.As.ACHTERAF]
    order = list(Deelname.As)
    rows.sort(key=lambda row: (order.index(row.as_role), row.pk))
    return [(row.person.name, row.what or row.get_as_role_display()) for row in rows]


def missing_at(gesprek):
    """Who ought to be at this table and is not in it yet (C4, OPP); empty where nobody is missing."""
    roles = set(gesprek.deelnames.values_list("as_role", flat=True))
    colleague = {Deelname.As.TWEEDE_COLLEGA, Deelname.As.EXPERT} & roles
    if gesprek.ronde.soort.is_advice and Deelname.As.TWEEDE_COLLEGA not in roles:
        return gettext("Er is nog geen tweede collega bij dit gesprek.")
    if gesprek.ronde.soort.code == "opp-gesprek" and not colleague:
        return gettext("De intern begeleider staat nog niet bij dit gesprek.")
    return ""


def steps_for(gesprek):
    """The steps of this gesprek, in order. The forward look is there only from the level the school chose."""
    data, soort, level = read(), gesprek.ronde.soort, level_of(gesprek)
    outflow = shows_outflow(gesprek.school, soort, level)

    def words(lines):
        return [worded(line, gesprek) for line in lines]

    steps = []
    for step in data["step"]:
        if step.get("outflow") and not outflow:
            continue
        extras = [
            Extra(
                worded(e["heading"], gesprek),
                words(e["lines"]),
                advice_dates(gesprek) if e.get("dates") else [],
                people_at(gesprek) if e.get("people") else [],
                missing_at(gesprek) if e.get("people") else "",
            )
            for e in data.get("extra", [])
            if e["step"] == step["number"] and fits(e, soort.code, level)
        ]
        steps.append(Step(step["number"], worded(step["title"], gesprek), words(step["lines"]), extras))
    return steps


def spoken_at(gesprek):
    """The languages besides Dutch of the guardians at this table, as far as the school offers them."""
    rows = gesprek.deelnames.filter(as_role=Deelname.As.OUDER).select_related("person__school")
    return sorted(set(languages_of_people([row.person for row in rows]).values()) - {settings.LANGUAGE_CODE})


def about_in(gesprek, languages):
    """What the ronde says it is for, then its points: (text, [(language, that text in it)]).

    Only what comes with the product exists in another language; a school's own words have none beside them.
    """
    said = [gesprek.ronde.purpose.strip(), *gesprek.ronde.point_list]
    found = [(text, []) for text in said]
    for language in languages:
        with override(language):
            for text, translated in found:
                if text in shipped():
                    translated.append((language, as_read(text)))
    return found[0], found[1:]


def titles_in(gesprek, language):
    """{number: title} of the steps in this language."""
    with override(language):
        titles = {step["number"]: step["title"] for step in read()["step"]}
        return {number: worded(gettext(title), gesprek) for number, title in titles.items()}
