"""What stands in the year as data: periods in words, for whom, and what needs a look."""

from datetime import date, time

import pytest

from gesprekken.models import Jaarplan, Ronde
from gesprekken.year import entries
from gesprekken.year.cycle import propose_year
from gesprekken.year.entries import ADVIES, RONDE, Entry, entries_now, find_plan, groepen_of, period, spans, warnings_of
from school.actor import ACCOUNT, Actor


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 9, 7), date(2026, 9, 7), "maandag 7 september 2026"),
        (date(2026, 9, 7), date(2026, 9, 18), "7 tot en met 18 september 2026"),
        (date(2026, 9, 28), date(2026, 10, 9), "28 september tot en met 9 oktober 2026"),
        (date(2026, 12, 19), date(2027, 1, 3), "19 december 2026 tot en met 3 januari 2027"),
    ],
)
def test_a_period_in_words(first, last, words):
    assert period(first, last) == words


def test_levels_in_words():
    assert spans([1, 2, 3, 5, 8, 7]) == "1-3, 5, 7-8"
    assert spans([]) == ""


def test_an_entry_comes_back_from_storage_as_it_went_in():
    entry = Entry(
        "activiteit-1", "activiteit", "inloop", "Inloop", date(2026, 10, 25), date(2026, 10, 25), time(19), time(20, 30),
        "aula", (1, 2), (8,), sequence=3,
    )  # fmt: skip
    assert Entry.from_json(entry.to_json()) == entry


@pytest.mark.django_db
class TestWarnings:
    def warnings(self, cast):
        plan = find_plan(cast.year)
        return [w.sentence for w in warnings_of(plan, entries_now(plan), groepen_of(cast.year))]

    @pytest.mark.req("C1")
    def test_a_ronde_that_meets_a_holiday_says_so(self, cast):
        cast.with_free_day(date(2026, 11, 25), date(2026, 11, 25), name="Studiedag")
        cast.with_ronde()
        assert (
            "In ‘Voortgangsgesprekken november’ valt een vrije dag: Studiedag, woensdag 25 november 2026."
            in self.warnings(cast)
        )

    @pytest.mark.req("C1")
    def test_a_ronde_inside_a_holiday_says_so_once(self, cast):
        cast.with_free_day(date(2026, 11, 21), date(2026, 11, 29), name="Vrije week")
        cast.with_ronde()
        about = [w for w in self.warnings(cast) if "Vrije week" in w]
        assert len(about) == 1 and "valt helemaal op vrije dagen" in about[0]

    @pytest.mark.parametrize(
        ("first", "last", "word"),
        [
            (date(2026, 11, 21), date(2026, 11, 24), "begint in het weekend"),
            (date(2026, 11, 23), date(2026, 11, 28), "eindigt in het weekend"),
            (date(2026, 11, 22), date(2026, 11, 22), "valt in het weekend"),
        ],
    )
    def test_weekends_are_seen(self, cast, first, last, word):
        cast.with_ronde(starts_on=first, ends_on=last)
        assert any(word in w for w in self.warnings(cast))

    @pytest.mark.req("C6")
    def test_an_activity_on_a_free_day_says_so(self, cast):
        cast.with_free_day()
        cast.with_activity(date(2026, 10, 20))
        assert any("‘Informatieavond’ valt helemaal op vrije dagen" in w for w in self.warnings(cast))

    def test_a_day_beside_a_holiday_is_quiet(self, cast):
        cast.with_free_day(date(2026, 11, 28), date(2026, 12, 6))
        cast.with_ronde()
        assert not any("vrije dag" in w for w in self.warnings(cast))

    @pytest.mark.req("C4")
    def test_an_advice_ronde_outside_the_window_of_the_law_says_so(self, cast):
        propose_year(schooljaar=cast.year, by=Actor(cast.annemiek, ACCOUNT))
        assert not any("buiten de tijd" in w or "uiterste dag" in w for w in self.warnings(cast))
        Ronde.objects.filter(soort__code="voorlopig-advies").update(ends_on=date(2027, 2, 5))
        Ronde.objects.filter(soort__code="definitief-advies").update(ends_on=date(2027, 3, 26))
        found = self.warnings(cast)
        assert any("buiten de tijd voor het voorlopige advies" in w for w in found)
        assert any("‘Definitief adviesgesprek’ loopt door na de uiterste dag" in w for w in found)

    @pytest.mark.req("C2", "C4")
    def test_groups_without_what_the_sources_ask_are_named(self, cast):
        propose_year(schooljaar=cast.year, by=Actor(cast.annemiek, ACCOUNT))
        Ronde.objects.filter(soort__code="startgesprek").delete()
        Ronde.objects.filter(soort__code="na-doorstroomtoets").delete()
        found = self.warnings(cast)
        assert "Alle groepen: nog geen startgesprek." in found
        assert "Groep 8: nog geen tijd voor gesprekken na de doorstroomtoets." in found
        assert any("kies nog een tweede collega voor Groep 8" in w for w in found)


@pytest.mark.django_db
def test_for_whom_names_few_groups_and_counts_many(cast):
    many = [cast.groep(f"g{n}", f"K{n}", f"{'Zonnebloem' * 5}{n}", "7") for n in range(6)]
    groepen = groepen_of(cast.year)

    def who(mine):
        entry = Entry("k", RONDE, "c", "n", date(2026, 9, 1), date(2026, 9, 1), groepen=tuple(g.pk for g in mine))
        return entries.for_whom(entry, groepen)

    assert who([cast.groep3, cast.groep8]) == "Groep 3, Groep 8"
    assert who(many) == "groep 7 (6 groepen)"
    assert who(many[:5]) == "5 groepen"
    assert who(groepen) == "alle groepen"


@pytest.mark.django_db
def test_looking_at_a_year_without_a_plan_makes_none(cast):
    Jaarplan.objects.filter(schooljaar=cast.year).delete()
    plan = find_plan(cast.year)
    assert plan.pk is None and entries_now(plan) == [] and entries.entries_published(plan) == []
    assert not any(e.sort == ADVIES for e in entries_now(plan))
