"""Three taps without a name: who may, once; and counts that never single out fewer than five."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gesprekken.afterwards import feedback
from gesprekken.models import Feedback, FeedbackGiven, Gesprek, Ronde
from school.actor import ACCOUNT, LINK, Actor
from school.models import AuditEvent
from tests.cast import TODAY

ALL_GOOD = {"pleasant": 3, "heard": 3, "clear": 3}
AFTER = datetime(2026, 12, 20, 9, tzinfo=UTC)  # the ronde ended on 27 November, and answering a fortnight later
OVER = AFTER.date()


def guardian(person):
    return Actor(person, LINK)


def answers(*values, role="ouder"):
    return [(role, {"heard": value}) for value in values]


def numbers(given, **options):
    shown = feedback.counts(given, questions=["heard"], values=feedback.VALUES, **options)["heard"]
    return {part.who: part.numbers for part in shown}


MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# --- counting --------------------------------------------------------------------------------------------------------


def test_four_answers_show_nothing_and_five_show_all():
    assert numbers(answers(3, 3, 2, 1)) == {}
    assert numbers(answers(3, 3, 2, 1, 1)) == {"together": {3: 2, 2: 1, 1: 2}}


def test_guardians_and_pupils_stand_apart_only_where_each_are_five():
    both = answers(3, 3, 3, 3, 3) + answers(1, 1, 1, 1, role="leerling")
    assert numbers(both) == {"together": {3: 5, 2: 0, 1: 4}}
    assert numbers(both + answers(2, role="leerling")) == {"ouder": {3: 5, 2: 0, 1: 0}, "leerling": {3: 0, 2: 1, 1: 4}}


def test_a_question_that_many_left_out_shows_nothing():
    few = answers(3, 3) + [("ouder", {"clear": 2})] * 5
    shown = feedback.counts(few, questions=["heard", "clear"], values=feedback.VALUES)
    assert shown["heard"] == []
    assert shown["clear"][0].total == 5


one_answer = st.tuples(
    st.sampled_from(["ouder", "leerling"]),
    st.dictionaries(st.sampled_from(list(feedback.QUESTIONS)), st.sampled_from([1, 2, 3]), max_size=3),
)


@MANY
@given(st.lists(one_answer, max_size=25))
def test_no_count_and_no_difference_of_counts_is_about_fewer_than_five(given_answers):
    shown = feedback.counts(given_answers, questions=feedback.QUESTIONS, values=feedback.VALUES)
    for question, parts in shown.items():
        totals = {part.who: part.total for part in parts}
        assert all(total >= 5 for total in totals.values())
        assert "together" not in totals or len(totals) == 1  # a sum beside one of its parts could be subtracted
        assert sum(totals.values()) in (0, sum(question in answer for _role, answer in given_answers))


@MANY
@given(st.dictionaries(st.integers(1, 9), st.lists(one_answer, max_size=9), max_size=9), st.sampled_from([1, 2]))
def test_of_a_school_no_group_can_be_subtracted_down_to_fewer_than_five(by_groep, per_groep):
    teachers = {groep: {groep * 10 + n for n in range(per_groep)} for groep in by_groep}
    together = feedback.of_school(by_groep, teachers)
    for question in feedback.QUESTIONS:
        told = [sum(question in given for _role, given in theirs) for theirs in by_groep.values()]
        counted = [number for number in told if number >= 5]
        shown = sum(question in given for _role, given in together)
        assert shown in (0, sum(counted))
        if shown:  # five groups that are each enough: without one's own there are still twenty
            assert len(counted) >= 5
            assert all(shown - number >= 20 for number in counted)


def test_five_groups_of_one_teacher_are_one_teacher():
    by_groep = {groep: answers(3, 3, 3, 3, 3) for groep in range(5)}
    assert feedback.of_school(by_groep, {groep: {1} for groep in by_groep}) == []
    assert len(feedback.of_school(by_groep, {groep: {groep} for groep in by_groep})) == 25


# --- giving ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(cast):
    cast.with_gesprek()
    Gesprek.objects.filter(pk=cast.gesprek.pk).update(held_on=TODAY)
    cast.gesprek.refresh_from_db()
    return cast


def test_an_answer_holds_no_name_and_no_moment_and_leaves_no_trace(held):
    before = AuditEvent.objects.count()
    feedback.give(gesprek=held.gesprek, by=guardian(held.fatma), answers={**ALL_GOOD, "other": 9})
    row = Feedback.objects.get()
    assert row.answers == ALL_GOOD
    assert row.as_role == "ouder"
    kinds = {field.name for field in Feedback._meta.fields}
    assert kinds == {"id", "school", "about", "as_role", "schooljaar", "ronde", "groep", "answers"}
    assert {field.name for field in FeedbackGiven._meta.fields} == {"id", "school", "person", "gesprek", "schooljaar"}
    assert AuditEvent.objects.count() == before


def test_a_second_answer_is_refused_and_the_first_stands(held):
    feedback.give(gesprek=held.gesprek, by=guardian(held.fatma), answers=ALL_GOOD)
    with pytest.raises(feedback.AlreadyGiven):
        feedback.give(gesprek=held.gesprek, by=guardian(held.fatma), answers={"heard": 1})
    assert [row.answers for row in Feedback.objects.all()] == [ALL_GOOD]
    feedback.give(gesprek=held.gesprek, by=guardian(held.elif_.person), answers={"heard": 1})
    assert set(Feedback.objects.values_list("as_role", flat=True)) == {"ouder", "leerling"}


@pytest.mark.parametrize("held_on", [None, TODAY + timedelta(days=1)])
def test_nothing_is_asked_before_the_gesprek_was_held(held, held_on):
    Gesprek.objects.filter(pk=held.gesprek.pk).update(held_on=held_on)
    held.gesprek.refresh_from_db()
    with pytest.raises(feedback.NotAskedNow):
        feedback.give(gesprek=held.gesprek, by=guardian(held.fatma), answers=ALL_GOOD)
    assert list(feedback.open_to_answer(guardian(held.fatma))) == []


def test_answering_is_over_a_fortnight_after_the_ronde(held):
    last = held.ronde.ends_on + timedelta(days=14)
    assert feedback.is_asked(held.gesprek, last)
    assert not feedback.is_asked(held.gesprek, last + timedelta(days=1))


@pytest.mark.req("I5")
def test_a_mother_taps_on_her_phone_and_sees_thank_you_also_the_second_time(held, as_):
    mother = as_.link(held.fatma)
    url = reverse("give_feedback", args=[held.gesprek.pk])
    assert url in mother.get(reverse("my_page")).content.decode()
    page = mother.get(url)
    assert page.content.decode().count('type="radio"') == 9
    nothing = mother.post(url, {})
    assert nothing.status_code == 422
    assert Feedback.objects.count() == 0
    for _tap in range(2):
        assert mother.post(url, {"pleasant": "3", "heard": "2"}).status_code in (200, 302)
    assert Feedback.objects.get().answers == {"pleasant": 3, "heard": 2}
    assert url not in mother.get(reverse("my_page")).content.decode()
    assert 'type="radio"' not in mother.get(url).content.decode()


def test_the_page_stays_small(held, as_):
    assert len(as_.link(held.fatma).get(reverse("give_feedback", args=[held.gesprek.pk])).content) < 14_000


def test_a_pupil_is_asked_in_words_of_her_own(held, as_):
    pupil = as_.pupil(held.elif_)
    url = reverse("give_feedback", args=[held.gesprek.pk])
    assert url in pupil.get(reverse("pupil_page")).content.decode()
    assert "Luisterden ze goed naar jou?" in pupil.get(url).content.decode()


# --- showing ---------------------------------------------------------------------------------------------------------


def given_in(cast, ronde, groep, *values, role="ouder"):
    for value in values:
        Feedback.objects.create(
            school=cast.school, about="gesprek", as_role=role, schooljaar=cast.year, ronde=ronde, groep=groep,
            answers={"heard": value},
        )  # fmt: skip


def rondes_of(person, *, on=OVER, **options):
    found = feedback.rondes_of(Actor(person, ACCOUNT), today=on, **options)
    return [{str(key): value for key, value in one.parts.items()} for one in found], found


def test_a_teacher_sees_the_numbers_of_her_own_group_from_five_on_when_answering_is_over(cast):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    given_in(cast, ronde, cast.groep5, 3, 3, 2, 1)
    given_in(cast, ronde, cast.groep8, 1, 1, 1, 1, 1)
    assert not rondes_of(cast.saskia)[1][0].is_enough
    given_in(cast, ronde, cast.groep5, 3)
    assert not rondes_of(cast.saskia, on=date(2026, 12, 11))[1][0].is_enough  # two looks could be subtracted
    parts, shown = rondes_of(cast.saskia)
    assert parts[0]["Ik voelde mij gehoord"][0].numbers == {3: 3, 2: 1, 1: 1}
    assert shown[0].is_over
    assert rondes_of(cast.ilse) == ([], [])


def test_leadership_sees_the_whole_school_from_five_teachers_on(cast):
    ronde = cast.with_ronde(state=Ronde.State.OPEN)
    groepen = [cast.groep5, cast.groep8]
    for number in range(2):
        groep = cast.groep(f"extra{number}", f"X{number}", f"Groep {number + 6}", str(number + 6))
        cast.staff(f"juf{number}", "Juf", f"Nummer {number}", groepen=[groep])
        groepen.append(groep)
    for groep in groepen:
        given_in(cast, ronde, groep, 3, 3, 3, 3, 3)
    given_in(cast, ronde, cast.groep3, 1, 1, 1, 1)  # four: these are left out
    assert not rondes_of(cast.annemiek, whole_school=True)[1][0].is_enough
    given_in(cast, ronde, cast.groep3, 1)
    parts, _shown = rondes_of(cast.annemiek, whole_school=True)
    assert parts[0]["Ik voelde mij gehoord"][0].numbers == {3: 20, 2: 0, 1: 5}
    assert rondes_of(cast.saskia, whole_school=True) == ([], [])


def test_the_page_says_why_it_shows_nothing(cast, as_, frozen_clock):
    given_in(cast, cast.with_ronde(state=Ronde.State.OPEN), cast.groep5, 3, 3)
    page = as_.staff(cast.saskia).get(reverse("feedback_results")).content.decode()
    assert "staat nog open" in page
    frozen_clock.move_to(AFTER)
    page = as_.staff(cast.saskia).get(reverse("feedback_results")).content.decode()
    assert "minder dan 5 antwoorden" in page
    assert as_.staff(cast.pieter).get(reverse("feedback_results")).status_code == 403
