"""Preparing: nothing lost, nothing overwritten, and a bare link that writes without reading."""

import pytest
from django.urls import reverse

from gesprekken.models import Answer, Gesprek, Visibility, Voorbereiding
from gesprekken.preparing import preparation
from gesprekken.preparing.preparation import Given
from gesprekken.preparing.questions import questions_for
from gesprekken.talking.drafts import MAX_TEXT, GesprekClosed, StaleDraft, TextTooLong
from school.actor import ACCOUNT, CONFIRMED, LINK, Actor
from school.models import AuditEvent, Person
from tests.cast import NOW


@pytest.fixture
def stage(cast):
    cast.with_questions().with_gesprek()
    cast.url = reverse("prepare", args=[cast.gesprek.pk])
    cast.questions = questions_for(cast.gesprek, "ouder")
    return cast


def save(stage, *answers, person=None, level=CONFIRMED, seen=0, **rest):
    return preparation.save(
        gesprek=stage.gesprek,
        by=Actor(person=person or stage.fatma, level=level),
        answers=list(answers),
        seen_version=seen,
        **rest,
    )


def texts():
    return list(Answer.objects.order_by("question__number").values_list("text", flat=True))


# --- the verb --------------------------------------------------------------------------------------------------------


@pytest.mark.req("V2")
def test_what_a_guardian_prepares_is_kept_with_its_question_language_and_reader(stage):
    row = save(stage, Given(stage.questions[0], "Rekenen", Visibility.TABLE), Given(stage.questions[-1], "Opa is ziek"))
    first, last = Answer.objects.order_by("question__number")
    assert (first.text, first.visibility, first.language) == ("Rekenen", Visibility.TABLE, "tr")
    assert (last.text, last.visibility) == ("Opa is ziek", Visibility.TEACHER)  # home: for the teacher only
    assert (row.version, row.saved_at, row.audience) == (1, NOW, "ouder")
    event = AuditEvent.objects.get(verb="prepared")
    assert event.detail == {"answers": 2}


def test_an_older_version_never_overwrites_a_newer(stage):
    one, two = stage.questions[:2]
    save(stage, Given(one, "uit het eerste venster"), tab="a")
    with pytest.raises(StaleDraft) as stale:
        save(stage, Given(one, "uit het tweede venster"), Given(two, "ook getypt"), tab="b")
    assert stale.value.stored == {one.pk: "uit het eerste venster"}
    assert stale.value.version == 1
    assert texts() == ["uit het eerste venster"]


def test_emptying_a_field_in_an_old_window_loses_nothing(stage):
    save(stage, Given(stage.questions[0], "belangrijk"), tab="a")
    with pytest.raises(StaleDraft):
        save(stage, Given(stage.questions[0], ""), Given(stage.questions[1], "iets anders"), tab="b")
    assert texts() == ["belangrijk"]


def test_a_page_goes_on_after_its_own_last_save(stage):
    question = stage.questions[0]
    save(stage, Given(question, "Elif"), tab="a")
    save(stage, Given(question, "Elif leest"), tab="a", seen=0)  # sent before the answer to the first came back
    assert texts() == ["Elif leest"]


def test_the_same_save_twice_is_one(stage):
    for _again in range(2):
        row = save(stage, Given(stage.questions[0], "Rekenen"))
    assert (row.version, texts()) == (1, ["Rekenen"])


def test_adding_puts_the_words_below_and_a_double_click_adds_once(stage):
    question = stage.questions[0]
    save(stage, Given(question, "Rekenen"))
    for _again in range(2):
        save(stage, Given(question, "En lezen", add=True), level=LINK, seen=0)
    assert texts() == ["Rekenen\n\nEn lezen"]


def test_a_bare_link_may_close_an_answer_but_never_open_one(stage):
    question = stage.questions[0]
    save(stage, Given(question, "Rekenen", Visibility.TABLE))
    save(stage, Given(question, None, Visibility.TEACHER), level=LINK, seen=1)
    assert Answer.objects.get().visibility == Visibility.TEACHER
    save(stage, Given(question, None, Visibility.TABLE), level=LINK, seen=2)
    assert Answer.objects.get().visibility == Visibility.TEACHER
    save(stage, Given(question, None, Visibility.TABLE), level=CONFIRMED, seen=2)
    assert Answer.objects.get().visibility == Visibility.TABLE


def test_both_parents_and_both_duo_teachers_have_a_preparation_of_their_own(stage):
    save(stage, Given(stage.questions[0], "van Fatma"))
    save(stage, Given(stage.questions[0], "van Ali"), person=stage.ali)
    assert Voorbereiding.objects.count() == 2
    assert set(texts()) == {"van Fatma", "van Ali"}


def test_fifty_thousand_characters_fit_and_one_more_is_refused(stage):
    save(stage, Given(stage.questions[0], "x" * MAX_TEXT))
    with pytest.raises(TextTooLong):
        save(stage, Given(stage.questions[0], "x" * (MAX_TEXT + 1)), seen=1)
    with pytest.raises(TextTooLong):  # nor by adding to what is there
        save(stage, Given(stage.questions[0], "y", add=True), level=LINK, seen=1)
    assert texts() == ["x" * MAX_TEXT]


def test_once_it_was_held_or_cancelled_a_preparation_stands(stage):
    for field in [{"held_on": NOW.date()}, {"held_on": None, "cancelled_at": NOW}]:
        Gesprek.objects.filter(pk=stage.gesprek.pk).update(**field)
        stage.gesprek.refresh_from_db()
        with pytest.raises(GesprekClosed):
            save(stage, Given(stage.questions[0], "te laat"))
    assert texts() == []


# --- the page of a guardian ------------------------------------------------------------------------------------------


def field(question, kind="t"):
    return f"{kind}{question.pk}"


def test_with_a_bare_link_the_words_go_in_and_do_not_come_back(stage, as_):
    parent, question = as_.link(stage.fatma), stage.questions[0]
    assert parent.post(stage.url, {field(question): "Staartdelen", "seen_version": 0}).status_code == 302
    page = parent.get(stage.url).content.decode()
    assert "Staartdelen" not in page
    assert "Bewaard op dinsdag 10 november om 10:00" in page
    assert "/code-per-mail/?next=/voorbereiden/" in page
    parent.post(stage.url, {field(question): "Spellen", field(question, "m"): "erbij", "seen_version": 1})
    assert texts() == ["Staartdelen\n\nSpellen"]
    parent.post(stage.url, {field(question): "Alleen dit", field(question, "m"): "vervang", "seen_version": 2})
    assert texts() == ["Alleen dit"]
    parent.post(stage.url, {field(question): "", field(question, "m"): "vervang", "seen_version": 3})
    assert texts() == ["Alleen dit"]  # an empty field leaves the words alone


def test_after_the_second_step_one_reads_and_changes(stage, as_):
    parent, question = as_.link(stage.fatma, confirmed=True), stage.questions[0]
    parent.post(stage.url, {field(question): "Staartdelen", "seen_version": 0})
    assert "Staartdelen" in parent.get(stage.url).content.decode()
    parent.post(stage.url, {field(question): "Spellen", "seen_version": 1})
    assert texts() == ["Spellen"]


def test_a_stale_page_shows_both_texts_and_a_bare_link_only_its_own(stage, as_):
    question = stage.questions[0]
    save(stage, Given(question, "stond er al"))
    typed = {field(question): "net getypt", "seen_version": 0}
    page = as_.link(stage.fatma, confirmed=True).post(stage.url, typed)
    assert page.status_code == 409
    assert "stond er al" in page.content.decode()
    assert "net getypt" in page.content.decode()
    page = as_.link(stage.fatma).post(stage.url, {**typed, field(question, "m"): "vervang"})
    assert page.status_code == 409
    assert "stond er al" not in page.content.decode()
    assert "net getypt" in page.content.decode()
    assert texts() == ["stond er al"]


@pytest.mark.parametrize("sent", [{"seen_version": -1}, {"seen_version": 0, "replace": "0"}, {}])
def test_a_bare_link_that_pretends_to_save_by_itself_reads_nothing_back(stage, as_, sent):
    question = stage.questions[0]
    save(stage, Given(question, "stond er al"))
    typed = {field(question): "x", field(question, "m"): "vervang", **sent}
    answer = as_.link(stage.fatma).post(stage.url, typed, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "stond er al" not in answer.content.decode()
    answer = as_.link(stage.fatma, confirmed=True).post(stage.url, typed, headers={"HX-Request": "true"})
    assert "stond er al" in answer.content.decode()  # so the canary can be found


def test_a_text_that_is_too_long_comes_back_whole_with_one_sentence(stage, as_):
    page = as_.link(stage.fatma).post(stage.url, {field(stage.questions[0]): "w" * 50_001, "seen_version": 0})
    html = page.content.decode()
    assert page.status_code == 422
    assert "Deze tekst is te lang: 50001 tekens" in html
    assert "w" * 50_001 in html
    assert texts() == []


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40])
def test_a_mangled_version_counts_as_an_old_one(stage, as_, version):
    save(stage, Given(stage.questions[0], "stond er al"))
    parent = as_.link(stage.fatma, confirmed=True)
    page = parent.post(stage.url, {field(stage.questions[0]): "nieuw", "seen_version": version})
    assert page.status_code in (409, 422)
    assert "nieuw" in page.content.decode()
    assert texts() == ["stond er al"]


def test_odd_characters_are_kept_or_left_out_but_never_an_error(stage, as_):
    odd = "Zij zei:\r\n«привет» \u202eمرحبا\x00 😀"
    as_.link(stage.fatma).post(stage.url, {field(stage.questions[0]): odd, "seen_version": 0})
    assert texts() == ["Zij zei:\n«привет» \u202eمرحبا 😀"]


def test_an_unknown_choice_is_refused_with_the_text_kept(stage, as_):
    data = {field(stage.questions[0]): "Rekenen", field(stage.questions[0], "v"): "iedereen", "seen_version": 0}
    page = as_.link(stage.fatma).post(stage.url, data)
    assert page.status_code == 422
    assert "Rekenen" in page.content.decode()


def test_above_each_field_stands_who_reads_it_by_name(stage, as_):
    page = as_.link(stage.fatma).get(stage.url).content.decode()
    assert page.count("Dit leest:") == len(stage.questions) + 3  # a point, who comes along, the interpreter
    assert page.count("alleen Saskia Mulder") == 2 * (len(stage.questions) + 1)


def test_the_page_names_the_child_and_asks_a_pupil_in_few_words(stage, as_):
    assert "Het gesprek over Elif voorbereiden" in as_.link(stage.fatma).get(stage.url).content.decode()
    page = as_.pupil(stage.elif_).get(stage.url).content.decode()
    assert "Jouw gesprek, Elif" in page
    assert "Waar wil je hulp bij?" in page
    assert "uw kind" not in page


def test_who_writes_in_another_language_says_which(stage, as_):
    as_.link(stage.fatma).post(stage.url, {field(stage.questions[0]): "Rekenen", "language": "nl", "seen_version": 0})
    assert Answer.objects.get().language == "nl"
    assert "In welke taal" not in as_.link(stage.ali).get(stage.url).content.decode()


def test_without_questions_the_page_says_so(cast, as_):
    cast.with_gesprek()
    page = as_.link(cast.fatma).get(reverse("prepare", args=[cast.gesprek.pk]))
    assert "zijn er nog geen vragen" in page.content.decode()


def test_a_guardian_of_two_children_prepares_each_apart(stage, as_):
    other = stage.with_gesprek(stage.emre)
    parent = as_.link(stage.fatma)
    parent.post(stage.url, {field(stage.questions[0]): "over de een", "seen_version": 0})
    parent.post(reverse("prepare", args=[other.pk]), {field(stage.questions[0]): "over de ander", "seen_version": 0})
    assert Answer.objects.filter(voorbereiding__gesprek=other).get().text == "over de ander"
    assert Answer.objects.count() == 2


# --- the page of a teacher -------------------------------------------------------------------------------------------


@pytest.mark.req("V1")
def test_the_teacher_prepares_and_autosave_answers_with_one_line(stage, as_):
    teacher, url = as_.staff(stage.saskia), reverse("prepare_teacher", args=[stage.gesprek.pk])
    page = teacher.get(url).content.decode()
    for asked in ["Waar ligt bij Elif de nadruk", "Welk goed nieuws vertel je over Elif, met welk voorbeeld?"]:
        assert asked in page
    question = questions_for(stage.gesprek, "leerkracht")[1]
    data = {field(question): "Las voor in de klas", "seen_version": 0, "tab": "een"}
    answer = teacher.post(url, data, headers={"HX-Request": "true"})
    assert "Bewaard om 10:00" in answer.content.decode()
    assert 'value="1"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    other = teacher.post(url, {**data, field(question): "Iets anders", "tab": "twee"}, headers={"HX-Request": "true"})
    assert other.status_code == 409
    assert "Las voor in de klas" in other.content.decode()
    chosen = {**data, field(question): "Iets anders", "tab": "twee", "replace": "1"}
    assert teacher.post(url, chosen, headers={"HX-Request": "true"}).status_code == 200
    assert texts() == ["Iets anders"]


def test_a_teacher_elsewhere_and_leadership_do_not_prepare(stage, as_):
    url = reverse("prepare_teacher", args=[stage.gesprek.pk])
    assert as_.staff(stage.ilse).get(url).status_code == 404
    assert as_.staff(stage.annemiek).get(url).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_answers(stage, as_, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    teacher, url = as_.staff(stage.saskia), reverse("gesprek", args=[stage.gesprek.pk])
    save(stage, Given(stage.questions[0], "een"))
    with CaptureQueriesContext(connection) as few:
        teacher.get(url)
    for number in range(15):
        person = Person.objects.create(school=stage.school, last_name=f"Tante {number}")
        stage.gesprek.deelnames.create(school=stage.school, person=person, as_role="ouder")
        save(stage, *[Given(q, "veel") for q in stage.questions], person=person)
    with CaptureQueriesContext(connection) as many:
        page = teacher.get(url)
    assert "Tante 14" in page.content.decode()
    assert len(many) == len(few)


def test_a_teachers_account_is_no_guardian(stage):
    assert preparation.audience_of(Actor(person=stage.saskia, level=ACCOUNT), stage.gesprek) == "leerkracht"


@pytest.mark.req("V2")
def test_after_saving_a_parent_is_told_who_reads_it(stage, as_):
    page = as_.link(stage.fatma).post(reverse("prepare", args=[stage.gesprek.pk]), {"seen_version": 0}, follow=True)
    assert "Dit leest voor het gesprek: Saskia Mulder" in page.content.decode()
    pupil = as_.link(stage.elif_.person)
    page = pupil.post(reverse("prepare", args=[stage.gesprek.pk]), {"seen_version": 0}, follow=True)
    assert "Je juf of meester leest het voor het gesprek" in page.content.decode()
