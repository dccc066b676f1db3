"""The pupil's own contribution to a gesprek (C7): what she wrote herself, and what she said, told by whom it was heard.

Two things that never mix: her own words in her own preparation, which nobody else writes in, and beside them what a
colleague wrote down of what she said, with that colleague's name.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from gesprekken.models import Deelname, Voorbereiding
from gesprekken.preparing.sheet import lines_of
from gesprekken.talking.drafts import StaleDraft, guard_length
from school import audit

HEARD_BY_LAW = "opp-gesprek"  # the kind of gesprek in which the pupil's own word has to be readable


class NotInvited(Exception):
    """The pupil takes no part in this gesprek: nothing can be her contribution to it."""


@dataclass(frozen=True)
class Contribution:
    is_invited: bool
    asked_on: object  # since when she could write, or None
    lines: list  # what she wrote, as far as it is on the table
    wrote: bool  # whether she wrote anything, also what is for the teacher only
    spoken: str
    spoken_by: object

    @property
    def stamp(self):
        return stamp_of(self.spoken)


def stamp_of(text):
    """Which text a page was made from, without a version of its own: the pupil's own writing is not in the way."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def of_pupil(actor, gesprek):
    """What there is of the pupil herself, for those at the table."""
    person = gesprek.leerling.person
    row = Voorbereiding.objects.filter(gesprek=gesprek, person=person).select_related("spoken_by").first()
    return Contribution(
        is_invited=gesprek.deelnames.filter(person=person, as_role=Deelname.As.LEERLING).exists(),
        asked_on=gesprek.ronde.opened_at,
        lines=lines_of(actor, gesprek, table_only=True).get(person.pk, []),
        wrote=bool(row and row.answers.exclude(text="").exists()),
        spoken=row.spoken if row else "",
        spoken_by=row.spoken_by if row and row.spoken else None,
    )


def for_paper(actor, gesprek):
    """What the sheet says of it beside the columns: that nothing was written though it counts here, and what was said.

    Nothing where the columns say it all. In an OPP-gesprek the pupil is heard by law, so there it is always said.
    """
    own = of_pupil(actor, gesprek)
    missing = not own.lines and gesprek.ronde.soort.code == HEARD_BY_LAW
    return own if missing or own.spoken else None


def note_spoken(*, gesprek, by, text, seen):
    """Keep what the pupil said, in the name of who wrote it down. Raises StaleDraft, TextTooLong and NotInvited."""
    guard_length(text)
    person = gesprek.leerling.person
    if not gesprek.deelnames.filter(person=person, as_role=Deelname.As.LEERLING).exists():
        raise NotInvited
    with transaction.atomic():
        Voorbereiding.objects.get_or_create(
            gesprek=gesprek, person=person, defaults={"school_id": gesprek.school_id, "audience": "leerling"}
        )
        row = Voorbereiding.objects.select_for_update().get(gesprek=gesprek, person=person)
        if text == row.spoken:
            return row
        if seen != stamp_of(row.spoken):
            raise StaleDraft(version=0, stored={"spoken": row.spoken})
        row.spoken, row.spoken_by = text, by.person
        row.save(update_fields=["spoken", "spoken_by"])
        audit.record("pupil_heard", row, by=by)
    return row
