"""What a teacher takes along from the last gesprek, and what she does not get to see by it."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.models import Agreement, Answer, Gesprek, Outcome, Verslag, Visibility
from gesprekken.preparing import carrying_over, preparation
from gesprekken.preparing.preparation import Given
from gesprekken.preparing.questions import questions_for
from school.actor import ACCOUNT, Actor
from school.models import Lesgeven
from tests.cast import NOW
from tests.remembered import remembered


@pytest.fixture
@remembered
def stage(cast):
    """Elif's gesprek of September was held, with one agreement; the one of November comes."""
    cast.with_questions()
    cast.people["earlier"] = cast.with_gesprek(ronde=cast.with_ronde(state="closed", starts_on=date(2026, 9, 1)))
    Lesgeven.objects.create(school=cast.school, groep=cast.groep5, medewerker=cast.maarten.medewerker, taak="STA")
    prepares(cast, cast.saskia, ("nadruk", "Haar vader is ziek"), ("goed-nieuws", "Las voor in de klas"))
    prepares(cast, cast.maarten, ("nadruk", "Vraagt veel aandacht"), ("lezen--beter", "Langere zinnen"))
    cast.with_verslag(cast.earlier, released=True)
    cast.with_gesprek(ronde=cast.with_ronde(state="open"))
    return cast


def prepares(cast, person, *words):
    asked = {question.code: question for question in questions_for(cast.earlier, "leerkracht")}
    answers = [Given(asked[code], text) for code, text in words]
    preparation.save(gesprek=cast.earlier, by=Actor(person=person, level=ACCOUNT), answers=answers, seen_version=0)


def offered(stage, person):
    """{code of the question: [(text, for the teacher only)]}"""
    questions = questions_for(stage.gesprek, "leerkracht")
    found = carrying_over.offers(Actor(person=person, level=ACCOUNT), stage.gesprek, questions)
    codes = {question.pk: question.code for question in questions}
    return {codes[pk]: [(offer.text, offer.teacher_only) for offer in some] for pk, some in found.items()}


AGREED = "Afgesproken: Ouders - Elke avond tien minuten lezen. Hoe ging dat?"


@pytest.mark.req("V1", "G5")
def test_open_agreements_and_ones_own_words_come_back_each_at_its_question(stage):
    assert offered(stage, stage.saskia) == {
        "vragen": [(AGREED, False)],
        "nadruk": [("Haar vader is ziek", True)],
        "goed-nieuws": [("Las voor in de klas", False)],
        "lezen--beter": [("Langere zinnen", False)],  # of her duo partner only what was on the table
    }


def test_a_teacher_of_another_group_gets_nothing_of_it(stage):
    Lesgeven.objects.filter(medewerker__person=stage.maarten, groep=stage.groep5).delete()
    assert offered(stage, stage.maarten) == {}
    assert offered(stage, stage.bas) == {}


@pytest.mark.parametrize(("states", "is_open"), [(["done"], False), (["not_done"], True), (["done", "not_done"], True),
                                                 (["not_done", "done"], False), (["changed"], True)])  # fmt: skip
def test_an_agreement_is_open_until_its_newest_outcome_says_it_worked(stage, states, is_open):
    for number, state in enumerate(states):
        at = NOW.replace(minute=number)
        Outcome.objects.create(school=stage.school, agreement=Agreement.objects.get(), state=state, at=at)
    assert carrying_over.open_agreements_before(stage.gesprek).exists() == is_open


def test_after_a_correction_only_its_copy_counts_and_the_outcome_holds_for_the_chain(stage):
    first = Agreement.objects.get()
    Verslag.objects.create(
        school=stage.school, gesprek=stage.earlier, number=2, state="final", finalised_at=NOW
    ).agreements.create(
        school=stage.school, gesprek=stage.earlier, origin=first, who="Ouders", what="Een kwartier lezen"
    )
    assert [one.what for one in carrying_over.open_agreements_before(stage.gesprek)] == ["Een kwartier lezen"]
    Outcome.objects.create(school=stage.school, agreement=first, state="done", at=NOW)
    assert not carrying_over.open_agreements_before(stage.gesprek).exists()


def test_what_was_agreed_with_one_parent_alone_is_not_laid_before_the_other(stage):
    Agreement.objects.get().concerns.set([stage.fatma])
    assert offered(stage, stage.saskia)["vragen"] == [(AGREED, True)]  # Ali sits at the table too
    stage.gesprek.deelnames.filter(person=stage.fatma).delete()
    assert "vragen" not in offered(stage, stage.saskia)


def test_apart_means_apart_in_what_is_carried_over_too(stage):
    Gesprek.objects.filter(pk=stage.earlier.pk).update(party=str(stage.fatma.pk))
    stage.gesprek.party = str(stage.ali.pk)
    assert offered(stage, stage.saskia) == {}
    stage.gesprek.party = str(stage.fatma.pk)
    assert "vragen" in offered(stage, stage.saskia)


@pytest.mark.req("V1")
def test_one_tap_takes_it_over_also_without_a_script_and_what_was_closed_stays_closed(stage, as_):
    teacher, url = as_.staff(stage.saskia), reverse("prepare_teacher", args=[stage.gesprek.pk])
    form = teacher.get(url).context["form"]
    asked = {question.code: question.pk for question in form.questions}
    keys = {code: f"{form.offers[asked[code]][0].key}-{asked[code]}" for code in ("nadruk", "vragen")}
    typed = {f"t{asked['nadruk']}": "Zelf getypt", f"v{asked['nadruk']}": "table", "tab": "een"}
    for _again in range(2):  # twice is once
        teacher.post(url, {**typed, "seen_version": 0, "neem_over": keys["nadruk"]})
    answer = Answer.objects.get(voorbereiding__gesprek=stage.gesprek)
    assert (answer.text, answer.visibility) == ("Zelf getypt\n\nHaar vader is ziek", Visibility.TEACHER)
    nowhere = {"seen_version": 9, "tab": "een", f"t{asked['nadruk']}": answer.text}
    for nonsense in ["antwoord999999-1", "x", "-", f"antwoord1-{asked['vragen']}"]:
        assert teacher.post(url, {**nowhere, "neem_over": nonsense}).status_code == 302
    assert Answer.objects.get(voorbereiding__gesprek=stage.gesprek).text == answer.text
