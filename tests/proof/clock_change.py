"""A family with appointments on both sides of the next clock change, seen from a real calendar program.

Usage, in the environment of a house: python -m tests.proof.clock_change begin | move | cancel. Prints, as JSON, the real
appointments of the mother and the teacher, by uid, as on the wall; `begin` also the addresses of their feeds.
"""

import json
import os
import sys
from datetime import date, time, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.proof.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from gesprekken.models import Gesprek, Ronde  # noqa: E402
from planning import feeds  # noqa: E402
from planning.inviting import opening  # noqa: E402
from planning.models import Booking, CalendarEntry  # noqa: E402
from planning.times import booking  # noqa: E402
from school import outbox  # noqa: E402
from school.actor import ACCOUNT, LINK, Actor  # noqa: E402
from school.models import Outgoing, Person  # noqa: E402
from tests.cast import Cast  # noqa: E402

LEAST_AHEAD = timedelta(days=14)


def next_change(zone, after):
    """The first Sunday after this date on which the clock changes in this zone."""
    day = after
    while offset(zone, day) == offset(zone, day + timedelta(days=1)):
        day += timedelta(days=1)
    return day


def offset(zone, day):
    return timezone.datetime.combine(day, time(), tzinfo=zone).utcoffset()


def begin():
    """Elif has a time on the Friday before, Emre on the Monday after; their mother and Elif's teacher make a feed."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    cast = Cast.build()
    today = timezone.localdate()
    cast.year.__class__.objects.filter(pk=cast.year.pk).update(
        starts_on=date(today.year - 1, 8, 1), ends_on=date(today.year + 1, 12, 31)
    )
    sunday = next_change(cast.school.zone, today + LEAST_AHEAD)
    friday, monday = sunday - timedelta(days=2), sunday + timedelta(days=1)
    ronde = cast.with_ronde(starts_on=friday, ends_on=monday, groepen=[cast.groep5, cast.groep8])
    for on in (friday, monday):
        cast.with_times(cast.saskia, cast.bas, on=on, starts=time(19), ends=time(21), ronde=ronde)
    leader = Actor(cast.annemiek, ACCOUNT)
    opening.open_ronde(ronde=ronde, by=leader)
    Outgoing.objects.all().delete()  # the invitations are another proof's subject
    for child, on in [(cast.elif_, friday), (cast.emre, monday)]:
        take(booking.book, cast.gesprek_of(child), on, leader)
    addresses = {
        "mother": feeds.renew(by=Actor(cast.fatma, LINK)),
        "teacher": feeds.renew(by=Actor(cast.saskia, ACCOUNT)),
    }
    return {"addresses": addresses, "friday": friday.isoformat(), "monday": monday.isoformat()}


def take(verb, gesprek, on, by):
    free = booking.free_slots(gesprek, now=timezone.now())
    slot = [slot for slot in free if slot.starts_at.astimezone(gesprek.school.zone).date() == on][-1]
    verb(slot=slot, gesprek=gesprek, by=by, agreed=True)


def elif_gesprek():
    return Gesprek.objects.select_related("ronde__school", "ronde__soort").get(leerling__person__first_name="Elif")


def move():
    """Elif's goes from before the night to after it."""
    take(booking.move, elif_gesprek(), Ronde.objects.get().ends_on, leader())
    return {}


def cancel():
    booking.cancel(gesprek=elif_gesprek(), by=leader())
    return {}


def leader():
    return Actor(Person.objects.get(first_name="Annemiek"), ACCOUNT)


def real(first_name):
    """{uid: [start, end]} as on the wall."""
    found = {}
    for entry in CalendarEntry.objects.filter(person__first_name=first_name).select_related("school"):
        for row in Booking.objects.active().filter(gesprek=entry.gesprek_id):
            faces = [row.starts_at.astimezone(entry.school.zone), row.ends_at.astimezone(entry.school.zone)]
            found[entry.uid] = [f"{face:%Y-%m-%d %H:%M}" for face in faces]
    return found


if __name__ == "__main__":
    told = {"begin": begin, "move": move, "cancel": cancel}[sys.argv[1]]()
    outbox.deliver_all()
    print(json.dumps({**told, "mother": real("Fatma"), "teacher": real("Saskia")}))
