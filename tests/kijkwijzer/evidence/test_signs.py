"""From facts to ten signs: pure. And the page that says which facts there are, held against them."""

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from django.apps import apps

from gesprekken.year.factors import FACTORS
from kijkwijzer.evidence import signs
from kijkwijzer.evidence.facts import ASKED, ASKING, Facts
from kijkwijzer.evidence.signs import FACTS, Sign

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "evidence.md"
NOTHING = Facts()
# What makes every fact of a factor hold, and what then takes one of them away.
SERVED = {
    1: ({"booked": True, "by_guardian": True, "has_reception": True}, {"has_reception": False}),
    2: ({"met_before": True, "asks_about_child": True, "told_about_child": True}, {"told_about_child": False}),
    3: ({"guardians": 2, "guardian_there": True, "released": True}, {"uninvited": 1}),
    4: (
        dict.fromkeys(["pupil_expected", "pupil_invited", "pupil_prepared", "pupil_there", "pupil_spoke"], True),
        {"pupil_spoke": False},
    ),
    5: ({"guardian_prepared": True, "points": 2, "guardian_spoke": True}, {"points_open": 1}),
    6: ({"at_home": True, "asks_help": True, "help_prepared": True}, {"help_prepared": False}),
    7: (
        {"asks_good_news": True, "good_news": True, "asks_strengths": True, "strengths": True},
        {"good_news": False},
    ),
    8: ({"interests": True, "asks_future": True, "future": True}, {"future": False}),
    9: ({"agreements": 1, "shares": frozenset({"school", "ouder"}), "has_date": True}, {"pupil_invited": True}),
    10: ({"disappointment": True, "perspective": True, "agreements": 1}, {"perspective": False}),
}


@pytest.mark.req("S1")
@pytest.mark.parametrize("number", SERVED)
def test_a_factor_is_seen_with_all_that_applies_and_partly_with_less(number):
    having, lacking = SERVED[number]
    assert signs.ten(Facts(**having))[number] == Sign.SEEN
    assert signs.ten(Facts(**having | lacking))[number] == Sign.PARTLY


def test_what_does_not_apply_does_not_count_against_anybody():
    assert signs.ten(NOTHING)[4] == Sign.NOT_APPLICABLE, "the school invites pupils from a higher level"
    assert signs.ten(replace(NOTHING, pupil_expected=True))[4] == Sign.NOT_YET
    assert signs.ten(NOTHING)[10] == Sign.NOT_APPLICABLE, "nothing was disappointing"
    assert signs.ten(NOTHING)[7] == Sign.NOT_APPLICABLE, "the school's questions do not ask for it"
    at_home = Facts(at_school=False, booked=True, wished=True)
    assert signs.ten(at_home)[1] == Sign.SEEN, "nobody is received in a hall"
    assert signs.ten(replace(at_home, interpreter_asked=True))[1] == Sign.PARTLY
    pupil_along = Facts(agreements=1, shares=frozenset({"school", "ouder"}), has_date=True, pupil_invited=True)
    assert signs.ten(replace(pupil_along, shares=frozenset({"school", "ouder", "leerling"})))[9] == Sign.SEEN


def test_a_sign_asks_for_something_next_time_only_where_something_was_not_seen():
    asked = {shown.sign: bool(shown.next_time) for shown in signs.signs_of(Facts(**SERVED[4][0] | {"at_home": True}))}
    assert asked == {Sign.SEEN: False, Sign.NOT_YET: True, Sign.NOT_APPLICABLE: False}


def test_each_factor_has_at_most_four_facts_and_the_family_reads_only_its_own():
    assert [shown.factor for shown in signs.signs_of(NOTHING)] == FACTORS
    assert all(len(shown.facts) <= 4 for shown in signs.signs_of(NOTHING))
    of_family = {fact.code for fact in FACTS if fact.family}
    assert of_family.isdisjoint({"parents_invited", "parents_informed"}), "what another parent got"
    of_pupil = {fact.code for fact in FACTS if "leerling" in fact.family}
    assert not [f.code for f in FACTS if f.code in of_pupil and any(s.startswith("Verslag.") for s in f.sources)]


def rows_of_page():
    """The rows of the table: (number of the factor, code, words, {sources}, when it does not apply, who reads it)."""
    cells = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in PAGE.read_text().splitlines()]
    return [row for row in cells if len(row) == 6 and row[0].isdigit()]


READERS = {frozenset(): "teacher", signs.GUARDIANS: "teacher, guardian", signs.FAMILY: "teacher, guardian, pupil"}


def test_the_page_about_the_facts_is_the_table_of_the_code():
    assert [
        (int(number), code.strip("`"), words, set(re.findall(r"`([^`]+)`", sources)), readers)
        for number, code, words, sources, _when, readers in rows_of_page()
    ] == [(f.factor, f.code, str(f.words), set(f.sources), READERS[f.family]) for f in FACTS]


def test_the_page_says_when_a_fact_does_not_apply_and_the_code_agrees():
    """A fact that always applies tells yes or no of a gesprek of which nothing is known and everything is asked."""
    asked = replace(NOTHING, pupil_expected=True, **dict.fromkeys(ASKED.values(), True))
    empty = {code.strip("`") for _n, code, _words, _sources, when, _who in rows_of_page() if when == "-"}
    assert empty <= {fact.code for fact in FACTS if fact.holds(NOTHING) is not None}
    sometimes = {fact.code for fact in FACTS if None in (fact.holds(NOTHING), fact.holds(asked))}
    also = {"reception"}  # not where the gesprek is elsewhere
    assert {fact.code for fact in FACTS} - empty == sometimes | also


def test_every_source_is_a_field_that_exists():
    models = {
        model.__name__: model for model in apps.get_models() if model.__module__.startswith(("gesp", "plan", "sch"))
    }
    for fact in FACTS:
        for source in fact.sources:
            model, field = source.split(".")
            models[model]._meta.get_field(field)


def test_every_question_that_asks_for_something_is_asked_by_the_sets_a_school_begins_with():
    from gesprekken.preparing import questions

    parts = {("leerkracht", "--ouders"), ("leerkracht", "--goed")}
    asked = {(one["audience"], question["code"]) for one in questions.read() for question in one["question"]} | parts
    assert {(who, code) for by in ASKING.values() for who, codes in by.items() for code in codes} <= asked
    assert set(ASKING) == set(ASKED) and {field.name for field in fields(Facts)} >= {*ASKING, *ASKED.values()}
