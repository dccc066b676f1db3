"""The problem as whole numbers: which conversation may begin when, with whom, and what that takes up."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from planning.solver.problem import Conversation, Placed, Problem, later, minutes_between
from planning.solver.rules import is_inside, joined, taken_up


@dataclass
class Option:
    """One conversation at one start. `whom`: for each need who could be there, leaving aside the other conversations.

    `cells`: the first grain it takes up, and for how many grains staff and people are taken.
    """

    conversation: Conversation
    start: datetime
    whom: tuple[tuple[str, ...], ...]
    cell: int
    staff_cells: int
    people_cells: int
    begins: int  # on the waiting clock
    ends: int
    number: int = -1

    @property
    def is_liked(self) -> bool:
        return self.start in self.conversation.liked


@dataclass
class Grid:
    """All options of a problem, with what is already taken by pinned conversations and elsewhere left out.

    Two options overlap exactly when their cells do: every start is a multiple of the grain after its day's first.
    """

    problem: Problem
    options: dict[str, list[Option]] = field(default_factory=dict)  # by conversation, earliest first
    all: list[Option] = field(default_factory=list)

    def __post_init__(self):
        self.windows = {person: joined(windows) for person, windows in self.problem.staff.items()}
        self.taken = defaultdict(list)  # who: stretches that nothing else may touch
        for who, stretches in self.problem.busy.items():
            self.taken[who] += stretches
        for conversation in self.pinned:
            for who, begins, until in taken_up(self.problem, conversation, conversation.pinned):
                self.taken[who].append((begins, until))
        self.fits = {}
        self.idle_cells = {}
        for conversation in self.problem.conversations:
            if not conversation.pinned:
                self.options[conversation.id] = self.options_of(conversation)
        self.all = [option for options in self.options.values() for option in options]
        for number, option in enumerate(self.all):
            option.number = number

    @cached_property
    def pinned(self) -> list[Conversation]:
        return [c for c in self.problem.conversations if c.pinned]

    @cached_property
    def pinned_of_family(self) -> dict[str, list[Conversation]]:
        families = defaultdict(list)
        for conversation in self.pinned:
            families[conversation.family].append(conversation)
        return families

    @cached_property
    def families(self) -> dict[str, list[str]]:
        """The conversations to place of each family, only those that have an option."""
        families = defaultdict(list)
        for id, options in self.options.items():
            if options:
                families[self.problem.by_id[id].family].append(id)
        return families

    @cached_property
    def cells_of_day(self) -> int:
        return 3 * 24 * 60 // self.problem.grain  # so wide that two days never share a cell

    def cell(self, moment: datetime) -> int:
        first = self.problem.first_of_day[moment.date()]
        number = self.problem.days[moment.date()]
        return (
            (number * self.cells_of_day) + self.cells_of_day // 3 + minutes_between(first, moment) // self.problem.grain
        )

    def options_of(self, conversation: Conversation) -> list[Option]:
        found = []
        for start in sorted(set(conversation.starts)):
            whom = self.whom(conversation, start)
            if whom is not None and self.family_is_free(conversation, start):
                found.append(self.option(conversation, start, whom))
        return found

    def option(self, conversation, start, whom) -> Option:
        minutes, grain, problem = conversation.minutes, self.problem.grain, self.problem
        begins = problem.waiting_clock(start)
        return Option(
            conversation,
            start,
            whom,
            self.cell(start),
            -(-(minutes + problem.gap_minutes) // grain),
            -(-(minutes + problem.walking_minutes) // grain),
            begins,
            begins + minutes,
        )

    def whom(self, conversation: Conversation, start: datetime):
        """For each need who could be there; None when a need cannot be met (by different persons)."""
        whom = tuple(
            tuple(
                person
                for person in dict.fromkeys(need)
                if person not in conversation.people and self.is_free(person, start, conversation.minutes)
            )
            for need in conversation.needs
        )
        return whom if all(whom) and different_persons(whom) else None

    def is_free(self, person: str, start: datetime, minutes: int) -> bool:
        """Whether this member of staff is in a window, and not pinned or elsewhere."""
        key = person, start, minutes
        if key not in self.fits:
            until = later(start, minutes + self.problem.gap_minutes)
            self.fits[key] = is_inside(self.windows.get(person, ()), start, later(start, minutes)) and not any(
                a < until and start < b for a, b in self.taken[person]
            )
        return self.fits[key]

    def family_is_free(self, conversation: Conversation, start: datetime) -> bool:
        """Whether nobody of the family is pinned or elsewhere then."""
        walking = self.problem.walking_minutes
        until = later(start, conversation.minutes + walking)
        for other in self.pinned_of_family.get(conversation.family, ()):
            if other.pinned.start < until and start < later(other.pinned.start, other.minutes + walking):
                return False
        return not any(a < until and start < b for who in conversation.people for a, b in self.taken[who])

    def overlap_in_family(self, one: Option, other: Option) -> bool:
        """Whether one family cannot have both, walking included."""
        return one.cell < other.cell + other.people_cells and other.cell < one.cell + one.people_cells

    def pinned_plan(self) -> dict[str, Placed]:
        return {conversation.id: conversation.pinned for conversation in self.pinned}


def different_persons(choices, taken=()) -> tuple[str, ...] | None:
    """One person of each choice, all different and none of `taken`; None when that cannot be."""
    if not choices:
        return ()
    for person in choices[0]:
        if person not in taken:
            rest = different_persons(choices[1:], (*taken, person))
            if rest is not None:
                return (person, *rest)
    return None
