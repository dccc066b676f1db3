"""Statements that are written once: for the few pages where everybody comes at the same moment.

Django writes the SQL of a question anew every time, which takes it several times as long as the answer takes the
database. Here a question is an ordinary function that gives an ordinary QuerySet, permissions and all; it is called
with places instead of values, and what Django made of it is kept. Only SQL is kept: every answer comes from the
database.
"""

import copy
from datetime import datetime
from functools import lru_cache, wraps

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connections, models

FIELDS = {int: models.BigIntegerField(), str: models.CharField(), datetime: models.DateTimeField()}
GREATEST = 2**63 - 1
NO_ROW = 0  # rows are numbered from one
MANY = 12  # longer lists differ in length each time; those statements are not worth keeping


class Place(models.expressions.Expression):
    """Where in a statement a number, word or moment comes that is told when it is asked."""

    def __init__(self, name, kind, index=None):
        super().__init__(output_field=FIELDS[kind])
        self.name, self.index = name, index

    def as_sql(self, compiler, connection):
        return "%s", [self]

    def value(self, told, connection):
        value = held(told[self.name] if self.index is None else told[self.name][self.index])
        return self.output_field.get_db_prep_value(value, connection)


class Statement:
    """What Django made of one QuerySet with places in it."""

    def __init__(self, queryset):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "", ()
        self.converters = self.compiler.get_converters([column for column, *_ in self.compiler.select])

    def rows(self, told):
        connection = connections[self.queryset.db]
        params = tuple(p.value(told, connection) if isinstance(p, Place) else p for p in self.params)
        compiler = copy.copy(self.compiler)  # of this request alone: other threads have connections of their own
        compiler.connection, compiler.as_sql = planned_once(connection), lambda: (self.sql, params)
        compiler.get_converters = lambda columns: self.converters  # the same for every row that is ever read
        asking = self.queryset.all()
        asking.query.get_compiler = lambda using: compiler
        return list(asking)


class PlannedOnce:
    """A connection whose statements PostgreSQL plans a few times and then no more: planning takes it five times as long
    as answering. Only for SQL that comes back with the same text each time.
    """

    def __init__(self, connection):
        self._connection = connection

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def cursor(self):
        from django.db.backends.postgresql.base import ServerBindingCursor

        self._connection.ensure_connection()
        with self._connection.wrap_database_errors:
            return self._connection._prepare_cursor(ServerBindingCursor(self._connection.connection))


def planned_once(connection):
    """The same connection where the database keeps no plans, or where a pooler stands before it that hides them."""
    keeps = connection.vendor == "postgresql" and settings.DATABASE_KEEPS_PLANS
    return PlannedOnce(connection) if keeps else connection


def written_once(question):
    """Makes of a function that gives a QuerySet one that gives its rows as a list; everything is told by keyword.

    Numbers, words and moments may differ each time. Yes or no and None are part of the question, and so is the length of
    a list of numbers: for each of those it is written apart. For rows of another table ask for `other__pk__in`, as
    `other__in` wants its values at once. What differs comes in as a keyword, the clock too: what the function looks up
    by itself is looked up once.
    """

    @lru_cache(maxsize=200)
    def statement(shape):
        return Statement(question(**{name: place(name, form) for name, form in shape}))

    @wraps(question)
    def asked(**told):
        assert not any(isinstance(value, tuple) for value in told.values()), "a tuple looks like the shape of a list"
        if any(isinstance(value, list) and len(value) > MANY for value in told.values()):
            return list(question(**{name: held(value) for name, value in told.items()}))
        return statement(tuple((name, shape_of(value)) for name, value in told.items())).rows(told)

    return asked


def held(value):
    """A number as a database can hold it: a greater one, typed into an address, is no row's. Of a list each of them."""
    if isinstance(value, list):
        return [held(one) for one in value]
    return NO_ROW if isinstance(value, int) and value > GREATEST else value


def shape_of(value):
    """What of a value is part of the question: its kind, of a list the length too, and of anything else all of it."""
    if type(value) in FIELDS:
        return type(value)
    return (len(value),) if isinstance(value, list) else value


def place(name, form):
    """The place, or list of places, for a value of this shape; what is part of the question stays what it is."""
    if isinstance(form, tuple):
        return [Place(name, int, index) for index in range(form[0])]
    return Place(name, form) if form in FIELDS else form
