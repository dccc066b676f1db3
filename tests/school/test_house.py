"""Dates in words, as each language writes them."""

from datetime import date

import pytest
from django.utils import translation

from gesprekken.year.entries import period
from school.templatetags.house import day, direction, full_day, short_day

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("language", "words", "with_year", "short"),
    [
        ("nl", "dinsdag 24 november", "dinsdag 24 november 2026", "di 24 nov"),
        ("en", "Tuesday 24 November", "Tuesday 24 November 2026", "Tue 24 Nov"),
        ("ar", "الثلاثاء 24 نوفمبر", "الثلاثاء 24 نوفمبر 2026", "الثلاثاء 24 نوفمبر"),
        ("tr", "24 Kasım Salı", "24 Kasım 2026 Salı", "24 Kas Sal"),
        ("pl", "wtorek 24 listopada", "wtorek 24 listopada 2026", "wt. 24 lis"),
        ("uk", "вівторок 24 листопада", "вівторок 24 листопада 2026", "вт 24 лист."),
    ],
)
def test_a_day_in_words_has_the_order_and_the_case_of_the_language(language, words, with_year, short):
    with translation.override(language):
        assert (day(ON), full_day(ON), short_day(ON)) == (words, with_year, short)


def test_a_period_says_the_month_once_also_where_months_have_cases():
    with translation.override("pl"):
        assert period(ON, date(2026, 11, 27)) == "24 – 27 listopada 2026"
        assert period(ON, date(2026, 12, 3), with_year=False) == "24 listopada – 3 grudnia"


@pytest.mark.parametrize(
    ("text", "runs"), [("Elke dag", "ltr"), ("12. كتاب en meer", "rtl"), ("", "ltr"), (None, "ltr"), ("3-4 (…)", "ltr")]
)
def test_a_text_runs_as_its_first_letter_does(text, runs):
    assert direction(text) == runs
