"""What a plan is made of, as plain values. Times are naive local datetimes: what the clock on the wall says."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import gcd

DAY_STEP_MINUTES = 600  # how much longer a family waits when its next conversation is on a later day, same clock time

Windows = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Placed:
    """When a conversation begins, and who is in it: one of each need, in order."""

    start: datetime
    staff: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """One conversation to plan.

    `needs`: one different resource of each must be there (staff, and possibly a room). `starts`: when it may begin,
    as far as the family is concerned. `people`: who else is taken up by it (guardians, pupil, interpreter).
    `pinned`: it stays there, whatever it breaks.
    """

    id: str
    family: str
    needs: tuple[tuple[str, ...], ...]
    starts: tuple[datetime, ...]
    minutes: int = 15
    people: frozenset[str] = frozenset()
    liked: frozenset[datetime] = frozenset()
    pinned: Placed | None = None

    @cached_property
    def team(self) -> tuple[str, ...]:
        """Whose idle slots it counts for: everybody of the first need."""
        return tuple(sorted(self.needs[0])) if self.needs else ()


@dataclass(frozen=True)
class Problem:
    """Everything that has to be known to plan; `gap_minutes` after a conversation is for staff, walking for families."""

    slot_minutes: int
    staff: dict[str, Windows]
    conversations: tuple[Conversation, ...]
    gap_minutes: int = 0
    walking_minutes: int = 0
    busy: dict[str, Windows] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> dict[str, Conversation]:
        return {conversation.id: conversation for conversation in self.conversations}

    @cached_property
    def moments(self) -> list[datetime]:
        """Every start that plays a part, sorted."""
        free = {start for c in self.conversations for start in c.starts}
        return sorted(free | {c.pinned.start for c in self.conversations if c.pinned})

    @cached_property
    def days(self) -> dict:
        """Which number in the row each day of this problem has."""
        return {day: number for number, day in enumerate(sorted({moment.date() for moment in self.moments}))}

    @cached_property
    def first_of_day(self) -> dict:
        """The first start of each day that can be chosen; a pinned one only where there is nothing else."""
        chosen = {start for c in self.conversations for start in c.starts}
        first: dict = {}
        for moment in sorted(chosen) + self.moments:
            first.setdefault(moment.date(), moment)
        return first

    @property
    def pitch(self) -> int:
        """Minutes from one slot to the next when a teacher has one after the other."""
        return self.slot_minutes + self.gap_minutes

    @cached_property
    def grain(self) -> int:
        """The largest number of minutes that every start of a day is a multiple of, counted from that day's first."""
        chosen = {start for c in self.conversations for start in c.starts}
        steps = {minutes_between(self.first_of_day[moment.date()], moment) for moment in chosen}
        return gcd(self.pitch, *steps)

    @cached_property
    def day_step(self) -> int:
        """Minutes between the same clock time on two following days, as waiting counts them.

        600, and more only where a day is longer than that: tomorrow is never earlier than today.
        """
        clock = [moment.hour * 60 + moment.minute for moment in self.moments]
        longest = max((c.minutes for c in self.conversations), default=0)
        return max(DAY_STEP_MINUTES, max(clock) - min(clock) + longest + self.walking_minutes) if clock else 0

    def waiting_clock(self, moment: datetime) -> int:
        """Minutes on the clock that waiting is counted with: the days laid one after another."""
        return self.days[moment.date()] * self.day_step + moment.hour * 60 + moment.minute


@dataclass(frozen=True)
class Scores:
    """The four goals in their order: the first three as low as possible, the last as high. None: unknown (bounds)."""

    unplaced: int | None = None
    waiting_minutes: int | None = None
    idle_slots: float | None = None
    liked: int | None = None

    @property
    def rank(self) -> tuple:
        """Smaller is better; for complete scores."""
        return (self.unplaced, self.waiting_minutes, self.idle_slots, -self.liked)


@dataclass(frozen=True)
class Reason:
    """Why a conversation has no slot, and what would solve it.

    why: one of the constants below. `staff`: who is meant. `more`: how many more slots that team needs.
    `starts`: times that would be free if the family could come then.
    """

    why: str
    staff: tuple[str, ...] = ()
    more: int = 0
    starts: tuple[datetime, ...] = ()


NOTHING_IN_COMMON = "nothing in common"  # at no time the family and everybody needed could meet
TEAM_FULL = "team full"  # every time of the family is taken at this team
WISHES_NARROW = "wishes narrow"  # the team still has free times, but not when the family can
COLLEAGUE_BUSY = "colleague busy"  # when the team is free, nobody of a further need is there and free
FAMILY_ELSEWHERE = "family elsewhere"  # the only free times are those of its other conversations
NOT_FOUND = "not found"  # something is free; the search was stopped before it came this far


@dataclass
class Plan:
    """An answer. `bounds`: what no plan can do better than; equal to `scores` where that is proven optimal."""

    placed: dict[str, Placed]
    unplaced: dict[str, Reason]
    scores: Scores
    bounds: Scores = Scores()
    seconds: float = 0.0
    is_complete: bool = False
    solver: str = ""


class ImpossibleProblem(ValueError):
    """The problem itself is not well-formed; the sentence says what is wrong, with the facts as `%(name)s`."""

    def __init__(self, sentence: str, **facts):
        super().__init__(sentence % facts)
        self.sentence, self.facts = sentence, facts


def minutes_between(a: datetime, b: datetime) -> int:
    """Whole minutes from a to b on the wall clock."""
    return int((b - a).total_seconds()) // 60


def later(moment: datetime, minutes: int) -> datetime:
    return moment + timedelta(minutes=minutes)
