"""The control: the same server with its guards taken away, all or all but one. A race test that passes here proves nothing.

Off are: the unique keys (dropped from the tables), row locks (PostgreSQL), and on SQLite the IMMEDIATE transaction: what
is checked, is checked in autocommit, and only the writing is all or nothing. Checking and storing stand a moment apart,
as they do on a busy server. LEFT_STANDING names the one guard that stays.
"""

import os
import time

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.db.models import QuerySet

application = get_wsgi_application()

from gesprekken.models import Deelname  # noqa: E402
from planning.models import Booking, CalendarEntry, Occupancy  # noqa: E402

ROW_LOCK, IMMEDIATE = "row lock", "immediate"
KEYS = {
    "one_booking_per_gesprek": Booking,
    "one_booking_per_slot": Booking,
    "nobody_in_two_places": Occupancy,
    "room_for_one": Occupancy,
    # Not meant as guards; but on a first booking they would stop the second parent of one child all the same.
    "deelname_once": Deelname,
    "calendar_entry_once": CalendarEntry,
}
LEFT = os.environ.get("LEFT_STANDING", "")
PAUSE = 1.0  # seconds between check and insert: longer than a worker that just started needs for its first answer


def take_keys_away():
    for name, model in KEYS.items():
        if name != LEFT:
            key = next(c for c in model._meta.constraints if c.name == name)
            model._meta.constraints = [c for c in model._meta.constraints if c is not key]  # SQLite makes it anew
            with connection.schema_editor() as editor:
                editor.remove_constraint(model, key)


class OnlyTheWriting:
    """In the place of an IMMEDIATE transaction: it begins at the first booking that is written, after all checks."""

    depth, writing = 0, False

    @classmethod
    def enter(cls):
        cls.depth += 1

    @classmethod
    def write(cls):
        if connection.vendor == "sqlite" and cls.depth and not cls.writing:
            connection.cursor().execute("BEGIN IMMEDIATE")
            cls.writing = True

    @classmethod
    def leave(cls, error):
        cls.depth -= 1
        if cls.writing and not cls.depth:
            connection.cursor().execute("ROLLBACK" if error else "COMMIT")
            cls.writing = False


def insert_after_a_moment(self, rows, **how):
    if self.model is Booking:
        time.sleep(PAUSE)
        OnlyTheWriting.write()
    return INSERT(self, rows, **how)


if __name__ == "__main__":  # with the transactions that changing a table needs
    take_keys_away()
else:
    INSERT, QuerySet.bulk_create = QuerySet.bulk_create, insert_after_a_moment
    if LEFT != ROW_LOCK:
        QuerySet.select_for_update = lambda self, **kwargs: self
    if connection.vendor == "sqlite" and LEFT != IMMEDIATE:
        transaction.Atomic.__enter__ = lambda self: OnlyTheWriting.enter()
        transaction.Atomic.__exit__ = lambda self, error, *details: OnlyTheWriting.leave(error)
