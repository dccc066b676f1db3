"""Who is asking. Every request carries an Actor; every verb takes one as `by=`."""

from dataclasses import dataclass, field
from functools import cached_property

from school.models import Lesgeven, Person, Rol, School

LINK = "link"  # opened a personal link: logistics, and filling in one's own preparation
CONFIRMED = "confirmed"  # passed the second step: also what is about the child's development
ACCOUNT = "account"  # signed in as a member of staff
SYSTEM = "system"  # a command or the worker

# Who a page is open to, as marked on its view.
ANYONE = frozenset({"anonymous", LINK, CONFIRMED, ACCOUNT})
PERSONAL = frozenset({LINK, CONFIRMED})
PERSONAL_CONFIRMED = frozenset({CONFIRMED})
STAFF = frozenset({ACCOUNT})


def open_to(levels):
    """Mark a view with the levels it is open to. A view without the mark is open to nobody."""

    def mark(view):
        view.open_to = levels
        return view

    return mark


@dataclass(frozen=True, eq=False)
class Actor:
    """A person under one hat. Two hats of one human being are two Actors; they never merge."""

    person: Person | None
    level: str
    school: School = field(default=None)

    def __post_init__(self):
        if self.school is None and self.person is not None:
            object.__setattr__(self, "school", self.person.school)

    @classmethod
    def system(cls, school):
        return cls(person=None, level=SYSTEM, school=school)

    @property
    def is_staff(self):
        return self.level in (ACCOUNT, SYSTEM)

    @property
    def is_system(self):
        return self.level == SYSTEM

    @cached_property
    def rollen(self):
        if self.level != ACCOUNT:
            return frozenset()
        return frozenset(Rol.objects.filter(person=self.person).values_list("soort", flat=True))

    @property
    def is_leiding(self):
        return self.is_system or Rol.Soort.LEIDING in self.rollen

    @property
    def is_ib(self):
        return Rol.Soort.IB in self.rollen

    @cached_property
    def groep_ids(self):
        """The groups this member of staff teaches, in every school year."""
        if self.level != ACCOUNT:
            return frozenset()
        return frozenset(Lesgeven.objects.filter(medewerker__person=self.person).values_list("groep_id", flat=True))

    @cached_property
    def is_guardian(self):
        return self.level in PERSONAL and self.person.relaties.exists()

    @cached_property
    def is_pupil(self):
        return self.level in PERSONAL and hasattr(self.person, "leerling")
