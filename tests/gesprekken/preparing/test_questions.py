"""The questions: data of our own words, versioned, kept with every answer."""

import copy

import pytest

from gesprekken.models import Question, Visibility
from gesprekken.preparing import questions
from gesprekken.preparing.pictures import pictures
from gesprekken.preparing.preparation import Given, save
from school.actor import CONFIRMED, Actor
from school.schools import found_school

SOORTEN = [
    "startgesprek", "ontwikkelingsgesprek-1", "ontwikkelingsgesprek-2", "voortgangsgesprek", "vooruitblik-7",
    "voorlopig-advies", "na-doorstroomtoets", "definitief-advies", "informeel", "opp-gesprek", "standaard",
]  # fmt: skip


def rows(school, soort, audience):
    """The newest questions of a kind."""
    every = Question.objects.filter(school=school, soort_code=soort, audience=audience)
    newest = every.order_by("version").last()
    return every.filter(version=newest.version) if newest else every


@pytest.mark.django_db
@pytest.mark.req("V1", "V2")
def test_a_new_school_finds_questions_for_every_kind_and_every_party(db):
    school = found_school(name="De Nieuwe School")
    for soort in SOORTEN:
        for audience in questions.AUDIENCES:
            assert rows(school, soort, audience).exists(), f"{soort} {audience}"


@pytest.mark.req("V2")
def test_the_startgesprek_asks_parents_seven_things_and_the_teacher_her_two(cast):
    cast.with_questions()
    assert [q.code for q in rows(cast.school, "startgesprek", "ouder")] == [
        "sterk", "aanpak-thuis", "verwachting", "nog-bespreken", "tip", "compliment", "nieuws-thuis",
    ]  # fmt: skip
    assert [q.code for q in rows(cast.school, "startgesprek", "leerkracht")][:2] == ["eerste-weken", "steun-schoolwerk"]


@pytest.mark.req("V2")
@pytest.mark.parametrize("audience", ["ouder", "leerling"])
def test_the_ontwikkelingsgesprek_asks_what_goes_well_what_could_be_better_and_how(cast, audience):
    cast.with_questions()
    for soort in ("ontwikkelingsgesprek-1", "ontwikkelingsgesprek-2"):
        assert [q.code for q in rows(cast.school, soort, audience)][:3] == ["gaat-goed", "kan-beter", "hoe"]


@pytest.mark.req("V1")
def test_the_teacher_is_asked_for_emphasis_and_good_news_in_every_kind(cast):
    cast.with_questions()
    for soort in SOORTEN:
        codes = {q.code for q in rows(cast.school, soort, "leerkracht")}
        assert {"nadruk", "goed-nieuws"} <= codes, soort


def test_what_concerns_home_is_for_the_teacher_only(cast):
    cast.with_questions()
    home = Question.objects.filter(school=cast.school, about_home=True)
    assert home.count() > 10
    assert not home.exclude(visibility=Visibility.TEACHER).exists()


def test_loading_again_changes_nothing(cast):
    cast.with_questions()
    before = list(Question.objects.order_by("pk").values_list("pk", "text"))
    cast.with_questions()
    assert list(Question.objects.order_by("pk").values_list("pk", "text")) == before


def test_a_kind_of_the_schools_own_asks_the_default_questions(cast):
    cast.with_questions()
    gesprek = cast.with_gesprek(ronde=cast.with_ronde(code="10-minutengesprek"))
    assert [q.code for q in questions.questions_for(gesprek, "ouder")] == ["inbrengen", "gaat-goed", "thuis"]


def test_an_answer_keeps_its_question_when_a_new_version_comes(cast):
    cast.with_questions()
    gesprek = cast.with_gesprek()
    old = questions.questions_for(gesprek, "ouder")
    row = save(
        gesprek=gesprek, by=Actor(person=cast.fatma, level=CONFIRMED), answers=[Given(old[0], "x")], seen_version=0
    )
    new = Question.objects.create(
        school=cast.school,
        soort_code="voortgangsgesprek",
        audience="ouder",
        version=9,
        code="nieuw",
        number=1,
        text="?",
    )
    assert questions.questions_for(gesprek, "ouder") == [new]
    assert questions.questions_for(gesprek, "ouder", row) == old


@pytest.mark.req("V2")
@pytest.mark.parametrize("audience", ["ouder", "leerling"])
@pytest.mark.parametrize("soort", ["startgesprek", "ontwikkelingsgesprek-1", "voortgangsgesprek"])
def test_parents_and_pupils_tap_a_word_with_a_picture(cast, soort, audience):
    cast.with_questions()
    asked = rows(cast.school, soort, audience).filter(kind="choice")
    assert asked.count() >= 2
    assert {choice["picture"] for question in asked for choice in question.choices} <= set(pictures())


@pytest.mark.parametrize(
    "choice", [{"text": "Vliegen"}, {"text": "Vliegen", "picture": "vliegtuig"}, {"text": "", "picture": "rust"}]
)
def test_a_choice_without_a_word_or_with_an_unknown_picture_is_refused(choice):
    data = copy.deepcopy(questions.contents())
    data["choice"]["vliegen"] = choice
    with pytest.raises(questions.BadQuestions):
        questions.check(data)


def broken(change):
    data = copy.deepcopy(questions.contents())
    change(data["set"])
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda sets: sets[0].update(audience="iedereen"),
        lambda sets: sets[0].update(version=0),
        lambda sets: sets[0].update(soorten=[]),
        lambda sets: sets[0].update(question=[]),
        lambda sets: sets.append(sets[0]),
        lambda sets: sets[0]["question"][0].update(text=""),
        lambda sets: sets[0]["question"][0].update(text="x" * 300),
        lambda sets: sets[0]["question"][0].update(visibility="iedereen"),
        lambda sets: sets[0]["question"][0].update(step=10),
        lambda sets: sets[0]["question"][0].update(hint="x"),
        lambda sets: sets[0]["question"][1].update(code=sets[0]["question"][0]["code"]),
        lambda sets: sets.__delitem__(slice(-3, None)),
        lambda sets: sets[0]["question"][0].update(kind="plaatjes"),
        lambda sets: sets[0]["question"][0].update(kind="choice"),
        lambda sets: sets[0]["question"][0].update(choices=["lezen", "rekenen"]),
        lambda sets: sets[0]["question"][0].update(kind="choice", choices=["lezen", "vliegen"]),
        lambda sets: sets[0]["question"][0].update(kind="choice", choices=["lezen", "lezen"]),
    ],
)
def test_a_broken_file_is_refused(change):
    with pytest.raises(questions.BadQuestions):
        questions.check(broken(change))
    assert questions.check(broken(lambda sets: None))
