"""Every kind of person that may stand before a door, and the form of a row in the access matrix."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.conftest import As

ROLES = {
    "stranger": lambda cast, other: As(),
    "guardian": lambda cast, other: As.link(cast.fatma),
    "guardian_confirmed": lambda cast, other: As.link(cast.fatma, confirmed=True),
    "other_guardian": lambda cast, other: As.link(cast.kim, confirmed=True),
    "restricted": lambda cast, other: As.link(cast.rob, confirmed=True),
    "pupil": lambda cast, other: As.pupil(cast.elif_),
    "other_pupil": lambda cast, other: As.pupil(cast.noor),
    "teacher": lambda cast, other: As.staff(cast.saskia),
    "other_teacher": lambda cast, other: As.staff(cast.ilse),
    "ib": lambda cast, other: As.staff(cast.pieter),
    "leiding": lambda cast, other: As.staff(cast.annemiek),
    "leiding_next_door": lambda cast, other: As.staff(other.vera),
}
ANYBODY = " ".join(ROLES)
ALL_STAFF = "teacher other_teacher ib leiding leiding_next_door"
STAFF_HERE = "teacher other_teacher ib leiding"
PERSONAL = "guardian guardian_confirmed other_guardian restricted pupil other_pupil"
GUARDIANS = "guardian guardian_confirmed other_guardian restricted"


@dataclass(frozen=True)
class Row:
    """What one URL answers. `get` and `post` name the roles that are let in; everybody else is turned away.

    kwargs: makes the URL's arguments from the cast. The object is Elif's (group 5, teacher Saskia, mother Fatma).
    foreign: makes the same for the school next door; only roles in `foreign_roles` are let in there.
    data: what a let-in role posts; being let in means any answer but 403, 404, 405, 500 or a redirect to a door.
    """

    name: str
    get: str = ""
    post: str = ""
    kwargs: Callable = lambda cast: {}
    foreign: Callable | None = None
    foreign_roles: str = ""
    data: dict = field(default_factory=dict)
