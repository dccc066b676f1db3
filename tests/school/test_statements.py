"""A statement that is written once gives what Django itself would give, each time anew."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from school import access, statements
from school.models import AccessLink, Person
from school.statements import written_once
from tests.cast import NOW


@written_once
def named(*, school, names, keys, with_mail=True):
    people = Person.objects.filter(school=school, first_name=names).filter(pk__in=keys)
    return people.exclude(email="") if with_mail else people


def test_it_is_written_once_and_asked_each_time(cast, monkeypatch):
    written, real = [], statements.Statement
    monkeypatch.setattr(statements, "Statement", lambda queryset: written.append(queryset) or real(queryset))
    ask = written_once(lambda *, pk: Person.objects.filter(pk=pk).select_related("school"))
    with CaptureQueriesContext(connection) as asked:
        assert [row.school for row in ask(pk=cast.fatma.pk)] == [cast.school]
        assert ask(pk=cast.ria.pk) == [cast.ria]
        Person.objects.filter(pk=cast.ria.pk).update(first_name="Maria")
        assert ask(pk=cast.ria.pk)[0].first_name == "Maria"  # nothing of an answer is kept
    assert (len(written), len(asked)) == (1, 4)


def test_what_is_told_comes_in_its_own_place(cast):
    everybody = [cast.fatma.pk, cast.ria.pk]
    about = {"school": cast.school.pk, "keys": everybody}
    assert named(names="Fatma", **about) == [cast.fatma]
    assert named(names="Ria", **about) == []  # she has no address
    assert named(names="Ria", with_mail=False, **about) == [cast.ria]
    assert named(names="Fatma", school=cast.school.pk, keys=[cast.ria.pk]) == []
    assert named(names="Fatma", school=cast.school.pk, keys=[]) == []
    assert named(names="' OR 1=1 --", **about) == []


def test_a_long_list_is_asked_in_the_ordinary_way(cast):
    keys = [*range(10_000, 10_000 + statements.MANY), cast.fatma.pk]
    assert named(names="Fatma", school=cast.school.pk, keys=keys) == [cast.fatma]


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_a_number_no_database_holds_is_nobodys(cast, number):
    assert named(names="Fatma", school=cast.school.pk, keys=[number]) == []
    assert named(names="Fatma", school=cast.school.pk, keys=[number, cast.fatma.pk]) == [cast.fatma]
    keys = [*[number] * statements.MANY, cast.fatma.pk]
    assert named(names="Fatma", school=cast.school.pk, keys=keys) == [cast.fatma]
    assert named(names="Fatma", school=number, keys=keys) == []


def test_a_tuple_is_not_told(cast):
    with pytest.raises(AssertionError):
        named(names="Fatma", school=cast.school.pk, keys=(cast.fatma.pk,))


def test_nothing_told_finds_nothing_that_is_nothing(cast):
    ask = written_once(lambda *, pk: Person.objects.filter(pk=pk))
    assert ask(pk=None) == []


def test_moments_are_compared_as_moments(cast):
    access.mint_link(cast.fatma, expires_at=NOW)
    about = {"pk": AccessLink.objects.get().pk, "person": cast.fatma.pk}
    assert access.living_links(now=NOW, **about) == []
    assert access.living_links(now=NOW - timedelta(microseconds=1), **about) == [AccessLink.objects.get()]


def test_plans_are_kept_only_where_the_database_does_and_no_pooler_stands_before_it(cast, settings):
    keeps = connection.vendor == "postgresql"
    assert isinstance(statements.planned_once(connection), statements.PlannedOnce) == keeps
    for _ in range(5):  # more often than it takes before a plan is kept
        assert named(names="Fatma", school=cast.school.pk, keys=[cast.fatma.pk]) == [cast.fatma]
    settings.DATABASE_KEEPS_PLANS = False
    assert statements.planned_once(connection) is connection
    assert named(names="Fatma", school=cast.school.pk, keys=[cast.fatma.pk]) == [cast.fatma]
