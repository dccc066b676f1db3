"""The control: the same server with every guard taken away. A race test that passes here proves nothing.

Off are: the unique keys (dropped from the tables), row locks, and on SQLite the IMMEDIATE transaction (autocommit).
Checking and storing stand a moment apart, as they do on a busy server.
"""

import contextlib
import time

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.db.models import QuerySet

application = get_wsgi_application()

from planning import booking  # noqa: E402
from planning.models import Booking, Occupancy  # noqa: E402

GUARDS = [
    (Booking, "one_booking_per_gesprek"),
    (Booking, "one_booking_per_slot"),
    (Occupancy, "nobody_in_two_places"),
]


def take_guards_away():
    from django.db.utils import OperationalError, ProgrammingError

    for model, name in GUARDS:
        guard = next(c for c in model._meta.constraints if c.name == name)
        with contextlib.suppress(OperationalError, ProgrammingError), connection.schema_editor() as editor:
            editor.remove_constraint(model, guard)


QuerySet.select_for_update = lambda self, **kwargs: self
if connection.vendor == "sqlite":
    transaction.Atomic.__enter__ = lambda self: None
    transaction.Atomic.__exit__ = lambda self, *error: None


checked = booking.Settling.replace


def slowly(settling, gesprekken):
    time.sleep(0.3)  # between the check and the insert
    return checked(settling, gesprekken)


booking.Settling.replace = slowly
