"""What many tests begin with is made once per process; later tests that begin the same way get its rows put back.

    @pytest.fixture
    @remembered
    def opened(cast, deliver):
        cast.with_open_ronde()
        deliver()
        return cast

Putting back gives the same rows, the same mail in the outbox and the same objects (copies of one's own) as making, in a
tenth of the time. It happens only where nothing can differ: the test did nothing with the database but what is
remembered, and it is the same moment. A fixture that sets a setting, replaces a function or writes a file is no
beginning of this kind: what it does is not in rows.
"""

import functools
import io
import pickle
from collections import defaultdict
from dataclasses import dataclass
from datetime import time

from django.apps import apps
from django.core import mail
from django.db import connection
from django.utils import timezone

from tests.cast import Cast

WRITES = ("INSERT", "UPDATE", "DELETE")


class Beginning:
    """How the running test began: the remembered fixtures it had so far, until it wrote something of its own."""

    def __init__(self):
        self.steps, self.at_work = (), False

    def watch(self, execute, sql, params, many, context):
        if not self.at_work and str(sql).lstrip().upper().startswith(WRITES):
            self.steps = None
        return execute(sql, params, many, context)


beginning = Beginning()
memories = {}


def begin():
    """A test begins, with the rollback of the one before it behind us."""
    beginning.steps = ()
    if beginning.watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(beginning.watch)


def remembered(build):
    """A fixture that is a beginning (see above). It may use other fixtures and return what can be pickled."""
    name = f"{build.__module__}.{build.__qualname__}"

    @functools.wraps(build)
    def make_or_put_back(**given):
        if beginning.steps is None:
            return build(**given)
        key = (*beginning.steps, (name, timezone.now()))
        beginning.at_work = True
        try:
            if key in memories:
                return memories[key].put_back(given)
            result, memories[key] = learn(build, given)
            return result
        finally:
            beginning.at_work, beginning.steps = False, key

    return make_or_put_back


@dataclass
class Memory:
    statements: list
    pickled: bytes

    def put_back(self, given):
        with connection.cursor() as cursor:
            for sql, params in self.statements:
                cursor.execute(sql, params)
        result, mails, casts = Unpickler(io.BytesIO(self.pickled), given).load()
        mail.outbox.extend(mails)
        for name, of in casts.items():
            vars(given[name]).update(of)
        return result


def learn(build, given):
    """What `build` gives, and the memory of all it did."""
    before, sent = rows(), len(mail.outbox)
    result = build(**given)
    casts = {name: vars(value) for name, value in given.items() if isinstance(value, Cast)}
    file = io.BytesIO()
    Pickler(file, given).dump((result, mail.outbox[sent:], casts))
    return result, Memory(difference(before, rows()), file.getvalue())


class Pickler(pickle.Pickler):
    """Leaves out what the fixture was given: the test has one of those already."""

    def __init__(self, file, given):
        super().__init__(file)
        self.given = {id(value): name for name, value in given.items()}

    def persistent_id(self, thing):
        return self.given.get(id(thing))


class Unpickler(pickle.Unpickler):
    def __init__(self, file, given):
        super().__init__(file)
        self.given = given

    def persistent_load(self, name):
        return self.given[name]


# --- rows ------------------------------------------------------------------------------------------------------------


def rows():
    """{(table, column of the key): {key: row}} of everything in the database."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f"SELECT * FROM {quoted(table)}")
            at = [column[0] for column in cursor.description].index(key)
            found[table, key] = {row[at]: row for row in cursor.fetchall()}
    return found


def difference(before, after):
    """The statements that lead from the one to the other. Foreign keys are looked at when the test is over."""
    gone, come = defaultdict(list), {}
    for table, now in after.items():
        then = before[table]
        gone[table] = [key for key, row in then.items() if now.get(key) != row]
        come[table] = [row for key, row in now.items() if then.get(key) != row]
    statements = [delete(*table, keys) for table, keys in gone.items() if keys]
    statements += [insert(table, new) for (table, _), new in come.items() if new]
    if connection.vendor == "postgresql":  # there every statement is a journey to another process: one is enough
        return [(";".join(connection.ops.compose_sql(*statement) for statement in statements), None)] * bool(statements)
    return statements


def delete(table, key, keys):
    marks = ", ".join(["%s"] * len(keys))
    return f"DELETE FROM {quoted(table)} WHERE {quoted(key)} IN ({marks})", keys


def insert(table, new):
    marks = ", ".join(["(" + ", ".join(["%s"] * len(new[0])) + ")"] * len(new))
    # SQLite reads a time of day, but does not write one.
    return f"INSERT INTO {quoted(table)} VALUES {marks}", [
        str(v) if isinstance(v, time) else v for row in new for v in row
    ]


def quoted(name):
    return connection.ops.quote_name(name)
