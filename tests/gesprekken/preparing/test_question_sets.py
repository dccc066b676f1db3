"""Changing what is asked: versions, of a kind and of one ronde; and the pages on which leadership does it."""

from dataclasses import replace

import pytest
from django.urls import reverse

from gesprekken.models import Question
from gesprekken.preparing import question_sets, questions
from gesprekken.preparing.asking import BadPoints, Point
from gesprekken.preparing.preparation import Given, save
from gesprekken.preparing.question_sets import SetChanged
from gesprekken.preparing.questions import load_questions, questions_for
from school.actor import ACCOUNT, CONFIRMED, Actor
from school.models import AuditEvent
from tests.remembered import remembered

OURS = 2  # the version of the parents' questions that come with the product


@pytest.fixture
@remembered
def stage(cast):
    cast.with_questions().with_gesprek()
    return cast


def change(stage, asked, *, ronde=None, seen=0, audience="ouder"):
    by = Actor(person=stage.annemiek, level=ACCOUNT)
    soort = stage.ronde.soort
    return question_sets.save_set(soort=soort, audience=audience, asked=asked, seen_version=seen, by=by, ronde=ronde)


def usual(stage, audience="ouder"):
    return question_sets.of_soort(stage.ronde.soort, audience)


def now_asked(stage, audience="ouder", row=None):
    return [question.text for question in questions_for(stage.gesprek, audience, row)]


@pytest.mark.req("V2")
def test_changed_wording_is_a_new_version_and_who_began_keeps_her_questions(stage):
    before, points = now_asked(stage), usual(stage)
    by = Actor(person=stage.fatma, level=CONFIRMED)
    first = questions_for(stage.gesprek, "ouder")[0]
    row = save(gesprek=stage.gesprek, by=by, answers=[Given(first, "Rekenen")], seen_version=0)
    assert change(stage, [replace(points[0], text="Waar wilt u over praten?"), Point("Iets over {naam}?")], seen=OURS)
    assert now_asked(stage) == ["Waar wilt u over praten?", "Iets over {naam}?"]
    assert now_asked(stage, row=row) == before
    assert row.answers.get().question.text == before[0]
    codes = [question.code for question in questions_for(stage.gesprek, "ouder")]
    assert codes == [first.code, "iets-over"]  # the same question in other words, and a new one
    assert AuditEvent.objects.get(verb="change_questions").detail == {"audience": "ouder", "version": 100}


def test_two_colleagues_at_once_and_a_double_click(stage):
    points = usual(stage)
    assert change(stage, points[:2], seen=OURS)
    assert not change(stage, points[:2], seen=OURS)  # the same again is nothing new
    assert change(stage, [*points[:2], Point("Nieuw?")], seen=100)
    assert not change(stage, [*points[:2], Point("Nieuw?")], seen=100)
    with pytest.raises(SetChanged):
        change(stage, points[:1], seen=100)
    assert now_asked(stage)[-1] == "Nieuw?"


def test_what_cannot_be_asked_is_refused_and_nothing_changes(stage):
    before = now_asked(stage)
    with pytest.raises(BadPoints):
        change(stage, [Point("Hoe is {kind}?")], seen=OURS)
    assert now_asked(stage) == before


@pytest.mark.req("V1")
def test_a_ronde_asks_its_own_and_the_next_ronde_the_kinds(stage):
    asked = [*usual(stage, "leerkracht")[:3], Point("Hoe was het kamp voor {naam}?", visibility="teacher")]
    assert change(stage, asked, ronde=stage.ronde, audience="leerkracht")
    assert now_asked(stage, "leerkracht")[-1] == "Hoe was het kamp voor {naam}?"
    assert len(now_asked(stage, "leerkracht")) == 2 + 5 + 1  # an area is five short questions
    offered = question_sets.offered_to_ronde(stage.ronde, "leerkracht")
    assert [point.text for point, on in offered if on] == [point.text for point in asked]
    assert ("Rekenen", False) in [(point.text, on) for point, on in offered]
    next_one = stage.with_gesprek(stage.noor, stage.with_ronde(state="open"))
    assert "Hoe was het kamp voor {naam}?" not in [q.text for q in questions_for(next_one, "leerkracht")]


def test_a_kind_of_the_schools_own_starts_from_the_default_and_gets_a_set_of_its_own(stage):
    gesprek = stage.with_gesprek(stage.noor, stage.with_ronde(code="kampgesprek", state="open"))
    default = usual(stage)
    assert change(stage, default[:1])
    assert [q.soort_code for q in questions_for(gesprek, "ouder")] == ["kampgesprek"]
    assert Question.objects.filter(soort_code="standaard", audience="ouder", version=100).count() == 0


def test_a_new_file_never_goes_before_what_a_school_wrote_and_never_mixes_with_it(stage, monkeypatch):
    change(stage, usual(stage)[:2], seen=OURS)
    mine = now_asked(stage)
    by_place = {(*one["soorten"], one["audience"]): one for one in questions.read()}  # of each the last version
    newer = [{**one, "version": 7} for one in by_place.values()]
    monkeypatch.setattr(questions, "read", lambda: newer)
    for _again in range(2):
        load_questions(stage.school)
    assert now_asked(stage) == mine
    assert {q.version for q in questions_for(stage.gesprek, "leerling")} == {7}
    for one in newer:  # a set that is there is whole; nothing is slipped into it later
        one["question"] = [*one["question"], {"code": "later", "text": "Later?"}]
    count = Question.objects.count()
    load_questions(stage.school)
    assert Question.objects.count() == count


# --- the pages -------------------------------------------------------------------------------------------------------


def posted(page):
    """What the form on this page would post as it stands."""
    formset = page.context["formset"]
    data = {"seen_version": page.context["seen"]["seen_version"].value()}
    fields = [*formset.management_form, *(field for form in formset for field in form)]
    return data | {field.html_name: value for field in fields if (value := field.value()) not in (None, False, "")}


@pytest.mark.req("V2")
def test_leadership_rewords_reorders_leaves_out_and_adds_on_one_page(stage, as_):
    leader, url = as_.staff(stage.annemiek), reverse("soort_questions", args=[stage.ronde.soort_id]) + "?voor=ouder"
    before = usual(stage)
    page = leader.get(url)
    assert "Vragen vooraf bij ‘Voortgangsgesprek’" in page.content.decode()
    same = leader.post(url, posted(page), follow=True)
    assert "Er was niets te wijzigen" in same.content.decode()
    new = len(before)
    data = posted(page) | {
        "p-0-text": "Waar wilt u het over hebben?",
        "p-1-out": "on",
        "p-2-number": "1",
        "p-0-number": "2",
        f"p-{new}-text": "Hoe gaat {naam} naar school?",
        f"p-{new}-kind": "choice",
        f"p-{new}-choices": "Blij\r\nMoe\r\n\r\n",
    }
    assert "Wie al iets invulde" in leader.post(url, data, follow=True).content.decode()
    after = usual(stage)
    assert [after[0].code, after[1].text] == [before[2].code, "Waar wilt u het over hebben?"]
    assert before[1].code not in [point.code for point in after]
    assert after[-1].choices == (
        {"code": "blij", "text": "Blij", "picture": ""},
        {"code": "moe", "text": "Moe", "picture": ""},
    )
    stale = leader.post(url, posted(page) | {"p-0-text": "Iets anders?"})
    assert stale.status_code == 409
    assert "Een collega veranderde" in stale.content.decode()
    assert "Iets anders?" in stale.content.decode()
    assert usual(stage) == after


def test_a_mistake_is_said_where_it_is_and_nothing_is_lost(stage, as_):
    leader, url = as_.staff(stage.annemiek), reverse("soort_questions", args=[stage.ronde.soort_id])
    data = posted(leader.get(url)) | {"p-0-text": "Hoe gaat het met {kind}?", "p-1-text": "Blijft staan?"}
    page = leader.post(url, data)
    assert page.status_code == 422
    assert "‘{kind}’ kennen we niet" in page.context["formset"][0].errors["text"][0]
    assert "Blijft staan?" in page.content.decode()
    everything_out = data | {f"p-{n}-out": "on" for n in range(20)}
    assert "ten minste één vraag" in leader.post(url, everything_out).content.decode()


@pytest.mark.req("V1")
def test_leadership_chooses_for_one_ronde_and_adds_a_question(stage, as_):
    leader = as_.staff(stage.annemiek)
    url = reverse("ronde_questions", args=[stage.ronde.pk]) + "?voor=leerkracht"
    assert "De leerkracht leidt het gesprek" in leader.get(url).content.decode()
    data = {"seen_version": 0, "asked": ["nadruk", "lezen"], "new1": "Hoe was het kamp?", "closed1": "on"}
    leader.post(url, data)
    asked = question_sets.of_ronde(stage.ronde, "leerkracht")
    assert [(p.code, p.visibility) for p in asked] == [
        ("nadruk", "teacher"),
        ("lezen", "table"),
        ("hoe-was-het-kamp", "teacher"),
    ]
    again = leader.post(url, {**data, "seen_version": 1, "asked": ["nadruk", "hoe-was-het-kamp"]})
    assert again.status_code == 422  # the own question is in the list now: typing it again is twice the same
    assert "Deze vraag staat er al" in again.content.decode()
    assert "ten minste één vraag" in leader.post(url, {"seen_version": 1}).content.decode()
