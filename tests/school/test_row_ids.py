"""Numbers from outside: what is a row, and what only looks like a number."""

import pytest
from django.core.exceptions import ValidationError

from school.models import Person
from school.row_ids import RowsField, row_id

NO_NUMBERS = [None, "", "²", "٣", "-1", "1e3", " 1", "a\x00b", "1" + "0" * 30, "9" * 5000]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_cannot_be_the_number_of_a_row_is_none(text):
    assert row_id(text) is None


def test_a_number_is_that_number():
    assert (row_id("7"), row_id("0")) == (7, 0)


@pytest.mark.parametrize("text", [text for text in NO_NUMBERS if text])
def test_a_choice_no_database_can_hold_does_not_exist(text, cast):
    with pytest.raises(ValidationError, match="."):
        RowsField(queryset=Person.objects.all()).clean([str(cast.fatma.pk), text])


def test_choices_that_exist_are_taken(cast):
    chosen = RowsField(queryset=Person.objects.all()).clean([str(cast.fatma.pk), cast.kim.pk])
    assert set(chosen) == {cast.fatma, cast.kim}
