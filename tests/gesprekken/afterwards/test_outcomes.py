"""Agreements live on: who sees and says what, from release to correction, and what the next gesprek begins with."""

from datetime import date

import pytest
from django.urls import reverse

from gesprekken.afterwards import outcomes
from gesprekken.models import Agreement, Outcome, Verslag
from gesprekken.talking import agreements, recording
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import Groep, Lesgeven, Lidmaatschap, Relatie, Schooljaar
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
CANARY, WORD = "KANARIE-AFSPRAAK", "KANARIE-WOORD"


@pytest.fixture
def agreed(cast):
    """Elif's gesprek, final and not shared yet. One agreement for Fatma and Elif, one for Ali alone."""
    cast.with_gesprek()
    cast.by = Actor(cast.saskia, ACCOUNT)
    draft = recording.ensure_draft(gesprek=cast.gesprek, by=cast.by)
    hers = agreements.add(
        verslag=draft,
        by=cast.by,
        concerns=[cast.fatma, cast.elif_.person, cast.saskia],
        who="Elif",
        what=CANARY,
        evaluate_on=date(2026, 11, 20),
    )
    agreements.add(verslag=draft, by=cast.by, concerns=[cast.ali], who="Ali", what="ALLEEN-ALI")
    recording.finalise(gesprek=cast.gesprek, by=cast.by, seen_version=0, held_on=TODAY)
    cast.hers = hers
    return cast


def release(stage):
    recording.release(gesprek=stage.gesprek, by=stage.by)


def say(stage, state="done", word="", by=None, agreement=None):
    agreement = agreement or Agreement.objects.get(pk=stage.hers.pk)
    return outcomes.say(agreement=agreement, by=by or Actor(stage.fatma, CONFIRMED), state=state, word=word)


def open_of(stage, person, level=CONFIRMED):
    return [agreement.what for agreement in outcomes.open_agreements(Actor(person, level), stage.elif_)]


def next_gesprek(stage):
    """A second ronde with a gesprek about Elif."""
    return stage.with_gesprek(stage.elif_, stage.with_ronde(state="open", name="Maart", code="tweede"))


# --- who sees what is open -------------------------------------------------------------------------------------------


@pytest.mark.req("G5")
def test_what_is_open_is_seen_by_whom_it_concerns_once_it_is_shared(agreed):
    assert open_of(agreed, agreed.fatma) == open_of(agreed, agreed.elif_.person) == []
    release(agreed)
    assert open_of(agreed, agreed.fatma) == open_of(agreed, agreed.elif_.person) == [CANARY]
    assert open_of(agreed, agreed.ali) == ["ALLEEN-ALI"]
    assert open_of(agreed, agreed.kim) == open_of(agreed, agreed.fatma, LINK) == []
    assert open_of(agreed, agreed.saskia, ACCOUNT) == [CANARY, "ALLEEN-ALI"]
    assert open_of(agreed, agreed.ilse, ACCOUNT) == []


def test_a_restriction_closes_it_at_once(agreed):
    release(agreed)
    Relatie.objects.filter(person=agreed.fatma).update(restriction=True)
    assert open_of(agreed, agreed.fatma) == []


def test_done_is_no_longer_open_and_the_newest_word_counts(agreed):
    release(agreed)
    say(agreed, "changed", "Op woensdag")
    assert open_of(agreed, agreed.fatma) == [CANARY]
    say(agreed, "done")
    assert open_of(agreed, agreed.fatma) == []
    say(agreed, "not_done", "toch niet", by=agreed.by)
    assert open_of(agreed, agreed.fatma) == [CANARY]
    assert Outcome.objects.count() == 3


def test_a_double_click_says_it_once(agreed):
    release(agreed)
    assert say(agreed, word=WORD) == say(agreed, word=WORD)
    assert Outcome.objects.count() == 1


def test_of_a_draft_nothing_is_said(agreed):
    recording.correct(gesprek=agreed.gesprek, by=agreed.by, reason="fout")
    copy = Agreement.objects.get(origin=agreed.hers)
    with pytest.raises(outcomes.NotAgreedYet):
        say(agreed, agreement=copy)


def test_what_was_said_stays_with_a_correction_and_its_correction(agreed):
    release(agreed)
    say(agreed, word=WORD)
    for _again in range(2):
        recording.correct(gesprek=agreed.gesprek, by=agreed.by, reason="fout")
        recording.finalise(gesprek=agreed.gesprek, by=agreed.by, seen_version=0, held_on=TODAY)
        release(agreed)
    assert open_of(agreed, agreed.fatma) == []
    last = Verslag.objects.order_by("number").last().agreements.get(what=CANARY)
    assert (last.origin, last.verslag.number) == (agreed.hers, 3)
    say(agreed, "not_done", agreement=last)
    assert {outcome.agreement for outcome in Outcome.objects.all()} == {agreed.hers}
    assert open_of(agreed, agreed.fatma) == [CANARY]


def test_what_a_correction_takes_away_is_gone_for_everybody(agreed):
    release(agreed)
    recording.correct(gesprek=agreed.gesprek, by=agreed.by, reason="hoort hier niet")
    agreements.remove(agreement=Agreement.objects.get(origin=agreed.hers), by=agreed.by)
    assert open_of(agreed, agreed.fatma) == [CANARY]  # until the correction is shared
    recording.finalise(gesprek=agreed.gesprek, by=agreed.by, seen_version=0, held_on=TODAY)
    release(agreed)
    assert open_of(agreed, agreed.fatma) == []
    assert open_of(agreed, agreed.saskia, ACCOUNT) == ["ALLEEN-ALI"]


def test_next_years_teacher_sees_what_is_open_and_not_the_verslag(agreed, as_):
    year = Schooljaar.objects.create(school=agreed.school, starts_on=date(2025, 8, 1), ends_on=date(2026, 7, 31))
    Groep.objects.filter(pk=agreed.groep5.pk).update(schooljaar=year)
    now = agreed.groep("groep6", "G06", "Groep 6", "6")
    Lidmaatschap.objects.create(school=agreed.school, groep=now, leerling=agreed.elif_)
    Lesgeven.objects.create(school=agreed.school, groep=now, medewerker=agreed.maarten.medewerker, taak="STA")
    assert CANARY in open_of(agreed, agreed.maarten, ACCOUNT)
    assert as_.staff(agreed.maarten).get(reverse("record", args=[agreed.gesprek.pk])).status_code == 404


# --- the next gesprek opens with it ----------------------------------------------------------------------------------


@pytest.mark.req("G5")
def test_at_the_table_stands_only_what_concerns_everybody_who_sits_there(agreed):
    release(agreed)
    gesprek = next_gesprek(agreed)
    table, apart = outcomes.open_at_table(agreed.by, gesprek)
    assert (table, [row.what for row in apart]) == ([], [CANARY, "ALLEEN-ALI"])
    gesprek.deelnames.filter(person=agreed.ali).update(attended=False)
    table, apart = outcomes.open_at_table(agreed.by, gesprek)
    assert ([row.what for row in table], [row.what for row in apart]) == ([CANARY], ["ALLEEN-ALI"])


def test_the_teacher_notes_it_in_the_next_gesprek(agreed, as_):
    release(agreed)
    gesprek = next_gesprek(agreed)
    teacher = as_.staff(agreed.saskia)
    assert CANARY in teacher.get(reverse("talk", args=[gesprek.pk])).content.decode()
    url = reverse("say_outcome", args=[gesprek.pk, agreed.hers.pk])
    answer = teacher.post(url, {"state": "done", "word": WORD, "in_talk": "1"}, headers={"HX-Request": "true"})
    assert WORD in answer.content.decode()
    outcome = Outcome.objects.get()
    assert (outcome.gesprek, outcome.by, outcome.at) == (gesprek, agreed.saskia, NOW)
    assert as_.staff(agreed.ilse).post(url, {"state": "done"}).status_code == 404
    assert as_.staff(agreed.pieter).post(url, {"state": "done"}).status_code == 403


def test_what_cannot_be_is_one_sentence_and_keeps_the_words(agreed, as_):
    release(agreed)
    url = reverse("say_outcome", args=[next_gesprek(agreed).pk, agreed.hers.pk])
    answer = as_.staff(agreed.saskia).post(url, {"state": "x", "word": WORD}, headers={"HX-Request": "true"})
    assert "Kies een van de drie knoppen" in answer.content.decode()
    assert f'value="{WORD}"' in answer.content.decode()
    for more in [{}, {"in_talk": "1"}]:  # without a script: the whole page, and what was typed
        answer = as_.staff(agreed.saskia).post(url, {"word": WORD, **more})
        assert answer.status_code == 422
        assert answer.content.decode().count("Kies een van de drie knoppen") == 1
        assert f'value="{WORD}"' in answer.content.decode()
        assert ("In gesprek over" in answer.content.decode()) == bool(more)
    assert not Outcome.objects.exists()


# --- on the page of a parent and a pupil -----------------------------------------------------------------------------


@pytest.mark.req("G5")
def test_a_parent_says_how_it_went_and_the_others_it_concerns_read_it(agreed, as_):
    release(agreed)
    mother = as_.link(agreed.fatma, confirmed=True)
    url = reverse("say_own_outcome", args=[agreed.gesprek.pk, agreed.hers.pk])
    assert mother.post(url, {"state": "not_done", "word": WORD}).status_code == 302
    page = reverse("record_read", args=[agreed.gesprek.pk])
    assert WORD in mother.get(page).content.decode()
    assert WORD not in as_.link(agreed.ali, confirmed=True).get(page).content.decode()
    assert WORD in as_.staff(agreed.saskia).get(reverse("gesprek", args=[next_gesprek(agreed).pk])).content.decode()


def test_who_may_not_read_it_cannot_say_it(agreed, as_):
    url = reverse("say_own_outcome", args=[agreed.gesprek.pk, agreed.hers.pk])
    assert as_.link(agreed.fatma, confirmed=True).post(url, {"state": "done"}).status_code == 404  # not shared
    release(agreed)
    assert as_.link(agreed.ali, confirmed=True).post(url, {"state": "done"}).status_code == 404
    assert "/code-per-mail/" in as_.link(agreed.fatma).post(url, {"state": "done"})["Location"]
    assert not Outcome.objects.exists()


def test_too_long_is_said_and_kept(agreed, as_):
    release(agreed)
    url = reverse("say_own_outcome", args=[agreed.gesprek.pk, agreed.hers.pk])
    answer = as_.link(agreed.fatma, confirmed=True).post(url, {"state": "done", "word": "x" * 301})
    assert (answer.status_code, "x" * 301 in answer.content.decode()) == (422, True)


def test_the_own_page_says_what_was_agreed_only_after_the_second_step(agreed, as_):
    release(agreed)
    assert CANARY in as_.link(agreed.fatma, confirmed=True).get("/", follow=True).content.decode()
    assert CANARY not in as_.link(agreed.fatma).get("/", follow=True).content.decode()
    assert CANARY not in as_.pupil(agreed.elif_).get("/", follow=True).content.decode()
