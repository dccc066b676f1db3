"""Why a conversation has no slot, and what would solve it."""

from collections import Counter
from collections.abc import Mapping

from planning.solver.problem import (
    COLLEAGUE_BUSY,
    FAMILY_ELSEWHERE,
    NOT_FOUND,
    NOTHING_IN_COMMON,
    TEAM_FULL,
    WISHES_NARROW,
    Conversation,
    Placed,
    Plan,
    Problem,
    Reason,
    later,
)
from planning.solver.rules import is_inside, joined, taken_up

MOST_STARTS = 12  # as many other times as one can read


def reasons(problem: Problem, plan: Plan | Mapping[str, Placed]) -> dict[str, Reason]:
    """For every conversation without a slot in this plan."""
    placed = plan.placed if isinstance(plan, Plan) else plan
    missing = [c for c in problem.conversations if c.id not in placed]
    if not missing:
        return {}
    look = Look(problem, placed)
    short = Counter(c.team for c in missing)
    return {c.id: look.reason(c, short[c.team]) for c in missing}


class Look:
    """The plan as seen by somebody who still wants in."""

    def __init__(self, problem: Problem, placed: Mapping[str, Placed]):
        self.problem = problem
        self.windows = {person: joined(windows) for person, windows in problem.staff.items()}
        self.taken: dict = {who: list(stretches) for who, stretches in problem.busy.items()}
        self.of_team: dict = {}
        for id, at in placed.items():
            conversation = problem.by_id[id]
            for who, begins, until in taken_up(problem, conversation, at):
                self.taken.setdefault(who, []).append((begins, until))
            until = later(at.start, conversation.minutes + problem.walking_minutes)
            self.taken.setdefault((None, conversation.family), []).append((at.start, until))
        for conversation in problem.conversations:
            self.of_team.setdefault(conversation.team, set()).update(conversation.starts)

    def is_there(self, person, start, minutes) -> bool:
        return is_inside(self.windows.get(person, ()), start, later(start, minutes))

    def is_free(self, who, start, minutes) -> bool:
        until = later(start, minutes)
        return not any(a < until and start < b for a, b in self.taken.get(who, ()))

    def family_free(self, c: Conversation, start) -> bool:
        minutes = c.minutes + self.problem.walking_minutes
        return all(self.is_free(who, start, minutes) for who in [(None, c.family), *c.people])

    def needs_met(self, c: Conversation, start, *, now: bool) -> list[bool]:
        """For each need whether somebody is there; with `now`, somebody whom this plan leaves free."""
        staff = c.minutes + self.problem.gap_minutes
        return [
            any(
                self.is_there(p, start, c.minutes) and p not in c.people and (not now or self.is_free(p, start, staff))
                for p in need
            )
            for need in c.needs
        ]

    def reason(self, c: Conversation, short: int) -> Reason:
        possible = [start for start in c.starts if all(self.needs_met(c, start, now=False))]
        elsewhere = self.starts_if_wider(c)
        if not possible:
            there = {start: self.needs_met(c, start, now=False) for start in c.starts}
            if any(found[0] for found in there.values()):
                return Reason(COLLEAGUE_BUSY, self.never_free(c, there), short, elsewhere)
            return Reason(NOTHING_IN_COMMON, c.team, short, elsewhere)
        met = {start: self.needs_met(c, start, now=True) for start in possible}
        if any(all(found) and self.family_free(c, start) for start, found in met.items()):
            return Reason(NOT_FOUND, c.team, short, elsewhere)
        if any(all(found) for found in met.values()):
            return Reason(FAMILY_ELSEWHERE, c.team, short, elsewhere)
        if any(found[0] for found in met.values()):
            return Reason(COLLEAGUE_BUSY, self.never_free(c, met), short, elsewhere)
        return Reason(WISHES_NARROW if elsewhere else TEAM_FULL, c.team, short, elsewhere)

    def never_free(self, c: Conversation, met) -> tuple[str, ...]:
        """Who of the further needs is missing when the team itself is free."""
        at_those = [found for found in met.values() if found[0]]
        missing = [need for number, need in enumerate(c.needs) if not all(found[number] for found in at_those)]
        return tuple(sorted({person for need in missing for person in need}))

    def starts_if_wider(self, c: Conversation):
        """Times at which everybody needed is still free, had the family been able to come then."""
        others = sorted(self.of_team[c.team] - set(c.starts))
        free = (s for s in others if all(self.needs_met(c, s, now=True)) and self.family_free(c, s))
        return tuple(free)[:MOST_STARTS]
