"""Many gesprekken added up: how many of how many, and never fewer than five teachers, whatever is subtracted."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from gesprekken.models import Deelname, Gesprek
from gesprekken.year.factors import BY_NUMBER
from kijkwijzer.evidence import adding_up, question
from kijkwijzer.evidence.adding_up import Count, Seen
from kijkwijzer.evidence.signs import Sign
from school.models import Lesgeven, Schooljaar
from tests.cast import NOW

LATER = NOW + timedelta(days=60)


def seen(ronde, *teachers, sign=Sign.SEEN):
    return Seen(ronde, frozenset(teachers), dict.fromkeys(BY_NUMBER, sign))


@pytest.mark.req("S1")
def test_five_teachers_make_a_number_and_four_make_none():
    counts = adding_up.per_ronde([seen(1, n) for n in range(5)] + [seen(2, n) for n in range(4)])
    assert counts[1][1] == Count(5, 0, 5) and counts[2][1] is None
    assert adding_up.together(counts, [1, 2])[1] == Count(5, 0, 5), "the four are not in the sum either"


def test_what_does_not_apply_is_not_counted_and_five_are_needed_of_what_does():
    rows = [seen(1, n, sign=Sign.NOT_APPLICABLE) for n in range(5)] + [seen(1, 0), seen(1, 1, sign=Sign.PARTLY)]
    assert adding_up.per_ronde(rows)[1][1] is None
    rows += [seen(1, n, sign=Sign.NOT_YET) for n in range(5)]
    assert adding_up.per_ronde(rows)[1][1] == Count(1, 1, 7)


def test_a_gesprek_without_a_teacher_is_nobodys_and_is_left_out():
    assert adding_up.per_ronde([seen(1)]) == {}
    assert adding_up.per_ronde([*(seen(1, n) for n in range(5)), seen(1)])[1][1] == Count(5, 0, 5)


gesprekken_of = st.lists(
    st.builds(
        Seen,
        st.integers(1, 4),
        st.frozensets(st.integers(1, 8), max_size=2),
        st.fixed_dictionaries({n: st.sampled_from(Sign) for n in (1, 10)}),
    ),
    max_size=60,
)


@pytest.mark.req("S1", "K4")
@given(gesprekken_of, st.fixed_dictionaries(dict.fromkeys((1, 2, 3, 4), st.sampled_from("ab"))))
def test_no_view_minus_others_tells_of_fewer_than_five_teachers(rows, soorten):
    """The views are each ronde, each kind and the year. A view holds a ronde wholly or not at all, the same in every view,
    and each ronde it holds is of five teachers: so whatever is added to or taken from each other, what is left is of no
    gesprek, or of the gesprekken of at least five."""
    counts = adding_up.per_ronde(rows)
    views = [[ronde] for ronde in soorten] + [[r for r in soorten if soorten[r] == s] for s in "ab"] + [list(soorten)]
    for factor in (1, 10):
        applying = [row for row in rows if row.teachers and row.ten[factor] != Sign.NOT_APPLICABLE]
        teachers = {r: set().union(*(row.teachers for row in applying if row.ronde == r)) for r in soorten}
        for view in views:
            held = [row for row in applying if row.ronde in view and len(teachers[row.ronde]) >= 5]
            told = adding_up.together(counts, view)[factor]
            signs = [row.ten[factor] for row in held]
            assert told == (Count(signs.count(Sign.SEEN), signs.count(Sign.PARTLY), len(signs)) if held else None)


# --- from the tables -------------------------------------------------------------------------------------------------


def many(cast, pupils=1, teachers=5):
    """A ronde of the past, in each group a number of gesprekken that were held, each with a teacher of its own group."""
    Lesgeven.objects.all().delete()
    ronde = cast.with_ronde(state="open", starts_on=date(2026, 9, 14), ends_on=date(2026, 9, 18), groepen=[cast.groep5])
    for number in range(teachers):
        groep = cast.groep(f"g{number}", f"K{number}", f"Klas {number}", "5")
        cast.staff(f"t{number}", f"Leerkracht{number}", "Bakker", groepen=[groep])
        for one in range(pupils):
            cast.with_gesprek(cast.pupil(f"p{number}-{one}", f"Kind{number}", f"{one}", groep), ronde, guardians=[])
    Gesprek.objects.filter(ronde=ronde).update(held_on=date(2026, 9, 15))
    return ronde


@pytest.mark.req("S1")
def test_a_ronde_counts_from_two_weeks_after_its_last_day(cast):
    ronde = many(cast)
    during = NOW - timedelta(days=40)
    assert not any(adding_up.of_ronde(ronde, now=during).values())
    counts = adding_up.of_ronde(ronde, now=NOW)
    assert counts[9] == Count(0, 0, 5) and counts[10] is None
    assert adding_up.of_year(cast.year, now=NOW) == counts


@pytest.mark.req("S1")
def test_leavers_and_groups_that_merged_stay_counted_and_a_year_without_anything_is_whole(cast):
    ronde = many(cast)
    cast.t0.medewerker.lesgeven.all().delete()  # left the school
    Lesgeven.objects.filter(groep=cast.g1).update(groep=cast.g0)  # merged: what was held was held by whom it was
    cast.people["p0-0"].lidmaatschappen.all().delete()
    assert adding_up.of_ronde(ronde, now=NOW)[9] == Count(0, 0, 5)
    Deelname.objects.filter(as_role="leerkracht").delete()
    assert adding_up.of_ronde(ronde, now=NOW)[9] == Count(0, 0, 5), "counted once a day"
    cache.clear()
    assert adding_up.of_ronde(ronde, now=NOW)[9] is None, "of one of them nobody knows the teacher any more"

    empty = Schooljaar.objects.create(school=cast.school, starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31))
    answer = question.answer(school=cast.school, schooljaar=empty, now=LATER)
    assert len(answer.rows) == 10 and answer.picture is None and "vijf leerkrachten" in answer.said


@pytest.mark.req("C6", "S1")
def test_the_leadership_reads_what_was_seen_and_which_activity_could(cast):
    many(cast)
    cast.with_activity(soort="inloop", name="Inloopochtend")
    answer = question.answer(school=cast.school, schooljaar=cast.year, now=NOW)
    rows = {row[0]: row[1:] for row in answer.rows}
    assert len(rows) == 10 and answer.slug == "factoren"
    welcome, agreed, turned = rows["1. Welkom"], rows["9. Ontwikkelpunten"], rows["10. Perspectief"]
    assert agreed[:3] == (0, 0, 5) and "Voortgangsgesprekken november" in agreed[3]
    assert "Inloopochtend" in welcome[3] and "informatiekaart" in welcome[4]
    assert turned[:3] == ("", "", "") and turned[3:] == ("nog niets in het jaar", "adviesgesprek")
    assert answer.picture.count("<title") == 1 and "perspectief" in answer.note
    assert all(len(row) == len(answer.columns) for row in answer.rows)


def test_a_thousand_gesprekken_take_as_many_queries_as_ten(cast):
    def queries(ronde):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            adding_up.of_ronde(ronde, now=NOW)
        return len(asked)

    few = queries(many(cast, pupils=1))
    ronde = cast.ronde
    for number in range(5):
        for one in range(1, 4):
            pupil = cast.pupil(f"p{number}-{one}", "Kind", f"{one}", cast.people[f"g{number}"])
            cast.with_gesprek(pupil, ronde, guardians=[])
    Gesprek.objects.filter(ronde=ronde).update(held_on=date(2026, 9, 15))
    assert queries(ronde) == few <= 30


def test_the_page_of_a_ronde_shows_its_numbers_to_leadership_once_there_are_five_teachers(cast, as_):
    ronde = many(cast)
    page = as_.staff(cast.annemiek).get(f"/overzicht/?ronde={ronde.pk}").content.decode()
    assert "0 van 5" in page and "minder dan vijf leerkrachten" in page
    Deelname.objects.filter(person=cast.t0).delete()
    Lesgeven.objects.filter(groep=cast.g0).delete()
    cache.clear()
    page = as_.staff(cast.annemiek).get(f"/overzicht/?ronde={ronde.pk}").content.decode()
    assert "0 van 5" not in page and "vanaf vijf leerkrachten" in page


def test_the_night_counts_beforehand_and_the_page_says_when(cast, frozen_clock, capsys):
    ronde = many(cast)
    frozen_clock.move_to(NOW.replace(hour=2, minute=15))
    call_command("daily")
    assert "counted for the day that begins: 1 school years" in capsys.readouterr().out
    Deelname.objects.filter(as_role="leerkracht").delete()
    Lesgeven.objects.all().delete()
    assert adding_up.of_ronde(ronde, now=NOW)[9] == Count(0, 0, 5)
    note = question.answer(school=cast.school, schooljaar=cast.year, now=NOW).note
    assert "Geteld op dinsdag 10 november 2026 om 03:15 uur" in note
    tomorrow = question.answer(school=cast.school, schooljaar=cast.year, now=NOW + timedelta(days=1))
    assert "Geteld op woensdag 11 november 2026 om 10:00 uur" in tomorrow.note and not tomorrow.picture


def test_what_is_kept_is_never_another_schools(cast, next_door):
    ronde = many(cast)
    assert adding_up.of_ronde(ronde, now=NOW)[9] == Count(0, 0, 5)
    assert adding_up.lay_ready(now=NOW) == 2
    assert not any(adding_up.of_year(next_door.year, now=NOW).values())
