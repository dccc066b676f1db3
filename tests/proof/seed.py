"""Fills the database of a proof: an open ronde with so many families and slots. Prints what clients need, as JSON.

Usage: python -m tests.proof.seed FAMILIES SLOTS
"""

import json
import os
import sys
from datetime import date, datetime, time, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.proof.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from planning.inviting import opening  # noqa: E402
from planning.models import Slot  # noqa: E402
from planning.times import windows  # noqa: E402
from school import access  # noqa: E402
from school.actor import Actor  # noqa: E402
from tests.cast import Cast  # noqa: E402


def main(families, slots):
    call_command("migrate", run_syncdb=True, verbosity=0)
    cast = Cast.build()
    today = timezone.localdate()
    on = today + timedelta(days=21)
    cast.year.__class__.objects.filter(pk=cast.year.pk).update(
        starts_on=date(today.year - 1, 8, 1), ends_on=date(today.year + 1, 7, 31)
    )
    ronde = cast.with_ronde(starts_on=on, ends_on=on + timedelta(days=3), groepen=[cast.groep5, cast.groep8])
    by = Actor.system(cast.school)
    ends = (datetime.combine(on, time(15)) + timedelta(minutes=15 * slots)).time()
    for teacher in (cast.saskia, cast.bas):
        windows.give_window(ronde=ronde, medewerker=teacher.medewerker, on=on, starts=time(15), ends=ends, by=by)
    for n in range(families):
        child = cast.pupil(f"kind{n}", f"Kind{n}", "Proef", cast.groep5)
        cast.guardian(f"ouder{n}", f"Ouder{n}", "Proef", [child])
    opening.open_ronde(ronde=ronde, by=by)
    expires = timezone.now() + timedelta(days=60)
    token = lambda person: access.mint_link(person, expires_at=expires)  # noqa: E731
    slot_pks = list(Slot.objects.filter(medewerker=cast.saskia.medewerker).values_list("pk", flat=True))
    print(
        json.dumps(
            {
                "slots": slot_pks,
                "slots_of_bas": list(Slot.objects.filter(medewerker=cast.bas.medewerker).values_list("pk", flat=True)),
                "families": [
                    {
                        "token": token(cast.people[f"ouder{n}"]),
                        "gesprek": cast.gesprek_of(cast.people[f"kind{n}"]).pk,
                    }
                    for n in range(families)
                ],
                "fatma": token(cast.fatma),
                "ali": token(cast.ali),
                "elif": cast.gesprek_of(cast.elif_).pk,
                "emre": cast.gesprek_of(cast.emre).pk,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
