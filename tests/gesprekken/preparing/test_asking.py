"""Points: what a school asks, checked in one sentence, and the questions they become."""

from dataclasses import replace

import pytest

from gesprekken.models import Question
from gesprekken.preparing import asking
from gesprekken.preparing.asking import AREA, BadPoints, Point

LEZEN = Point("Lezen", code="lezen", kind=AREA)
NADRUK = Point("Waar ligt bij {naam} de nadruk?", code="nadruk", step=1)
BLIJ = Point(
    "Hoe gaat {naam} naar school?",
    code="naar-school",
    kind=Question.Kind.CHOICE.value,
    choices=({"code": "blij", "text": "Blij", "picture": "zon"}, {"code": "moe", "text": "Moe", "picture": ""}),
)


@pytest.mark.req("V1")
def test_an_area_asks_what_goes_well_what_can_improve_and_who_can_do_what():
    rows = asking.questions_of([NADRUK, LEZEN])
    assert [row["text"] for row in rows] == [
        "Waar ligt bij {naam} de nadruk?",
        "Lezen: wat gaat goed?",
        "Lezen: wat kan beter?",
        "Lezen: wat kan school doen?",
        "Lezen: wat kunnen de ouders doen?",
        "Lezen: wat kan {naam} doen?",
    ]
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["step"] for row in rows] == [1, 3, 3, 6, 6, 6]


def test_the_questions_of_points_are_those_points_again():
    asked = [NADRUK, LEZEN, replace(BLIJ, visibility="teacher")]
    assert asking.points_of(Question(**row) for row in asking.questions_of(asked)) == asked


def choice(*texts):
    return replace(BLIJ, choices=tuple({"code": text, "text": text, "picture": ""} for text in texts))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([], "ten minste één vraag"),
        ([Point("")], "Vul in wat je vraagt"),
        ([Point("x" * 301)], "301 tekens, er passen er 300"),
        ([Point("x", help="y" * 301)], "301 tekens"),
        ([replace(LEZEN, text="x" * 61)], "61 tekens, er passen er 60"),
        ([NADRUK, replace(NADRUK, text=NADRUK.text.upper().replace("{NAAM}", "{naam}"))], "staat er al"),
        ([Point("Hoe gaat het met {kind}?")], "‘{kind}’ kennen we niet"),
        ([Point("Hoe gaat het met {naam?")], "‘{’ kennen we niet"),
        ([Point("Goed?", help="Over {naam.school}")], "Alleen {naam} wordt"),
        ([Point(f"Vraag {n}") for n in range(16)], "Dit zijn 16 vragen. Er passen er 15"),
        ([choice("Blij")], "Geef 2 tot 12 antwoorden"),
        ([choice("Blij", "blij")], "twee keer"),
        ([choice("Blij", "m" * 81)], "81 tekens"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(asked, said):
    with pytest.raises(BadPoints, match=".") as refused:
        asking.check(asked)
    assert said in refused.value.sentence
    assert asking.check([NADRUK, LEZEN, BLIJ]) is None


def test_a_choice_keeps_its_code_and_picture_by_its_words_or_its_place():
    before = BLIJ.choices
    assert asking.choices_from(["Moe", "Blij"], before) == (before[1], before[0])
    reworded = asking.choices_from(["Heel blij", "Moe"], before)
    assert reworded == ({"code": "blij", "text": "Heel blij", "picture": "zon"}, before[1])
    added = asking.choices_from(["Blij", "Boos", "Moe"], before)
    assert added[1] == {"code": "boos", "text": "Boos", "picture": ""}


def test_a_new_code_is_made_of_the_words_and_never_of_an_earlier_question():
    assert asking.free_code("Hoe slaapt {naam}?", set()) == "hoe-slaapt"
    assert asking.free_code("Hoe slaapt {naam}?", {"hoe-slaapt", "hoe-slaapt-2"}) == "hoe-slaapt-3"
    assert asking.free_code("؟", set()) == "vraag"
    assert asking.area_of("a--goed") == ("a", "goed")
    assert asking.area_of(asking.free_code("a--goed", set())) == ("", "")
