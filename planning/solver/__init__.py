"""The planner: from everybody's wishes to a plan, and a proof of how good it is. Pure: no Django, no database."""

from planning.solver.greedy import greedy
from planning.solver.neutral import answer, read_instance
from planning.solver.problem import (
    COLLEAGUE_BUSY,
    FAMILY_ELSEWHERE,
    NOT_FOUND,
    NOTHING_IN_COMMON,
    TEAM_FULL,
    WISHES_NARROW,
    Conversation,
    ImpossibleProblem,
    Placed,
    Plan,
    Problem,
    Reason,
    Scores,
)
from planning.solver.reasons import reasons
from planning.solver.rules import broken_rules, score
from planning.solver.search import solve

__all__ = [
    "COLLEAGUE_BUSY",
    "FAMILY_ELSEWHERE",
    "NOTHING_IN_COMMON",
    "NOT_FOUND",
    "TEAM_FULL",
    "WISHES_NARROW",
    "Conversation",
    "ImpossibleProblem",
    "Placed",
    "Plan",
    "Problem",
    "Reason",
    "Scores",
    "answer",
    "broken_rules",
    "greedy",
    "read_instance",
    "reasons",
    "score",
    "solve",
]
