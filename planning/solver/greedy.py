"""First come, first served; and the same made better by moving others along. The measure, and the fallback."""

import random
import time
from collections import defaultdict

from planning.solver.grid import Grid, Option, different_persons
from planning.solver.problem import Placed, Plan, Problem
from planning.solver.reasons import reasons
from planning.solver.rules import score


def greedy(problem: Problem, *, seed: int) -> Plan:
    """Families in random order each take the earliest time that is still free, as when booking opens."""
    began = time.monotonic()
    board = Board(Grid(problem))
    ids = list(board.grid.options)
    random.Random(seed).shuffle(ids)
    for id in ids:
        board.place_first(id)
    return board.plan(solver="greedy", seconds=time.monotonic() - began)


class Board:
    """A plan in the making: who is taken in which cell."""

    def __init__(self, grid: Grid):
        self.grid = grid
        self.held = {}  # (who, cell): conversation
        self.at: dict[str, tuple[Option, tuple[str, ...]]] = {}

    def cells(self, option: Option, staff):
        people = range(option.cell, option.cell + option.people_cells)
        yield from (((who, cell)) for who in staff for cell in range(option.cell, option.cell + option.staff_cells))
        yield from ((who, cell) for who in option.conversation.people for cell in people)
        yield from (((None, option.conversation.family), cell) for cell in people)

    def staff_for(self, option: Option):
        """Who would be in it now; None when somebody needed is taken."""
        if any(key in self.held for key in self.cells(option, ())):
            return None
        cells = range(option.cell, option.cell + option.staff_cells)
        free = tuple(tuple(p for p in need if all((p, c) not in self.held for c in cells)) for need in option.whom)
        return different_persons(free) if all(free) else None

    def place(self, option: Option, staff):
        for key in self.cells(option, staff):
            self.held[key] = option.conversation.id
        self.at[option.conversation.id] = option, staff

    def lift(self, id: str):
        option, staff = self.at.pop(id)
        for key in self.cells(option, staff):
            del self.held[key]
        return option, staff

    def place_first(self, id: str, options=None) -> bool:
        for option in options if options is not None else self.grid.options[id]:
            staff = self.staff_for(option)
            if staff is not None:
                self.place(option, staff)
                return True
        return False

    def in_the_way(self, option: Option) -> set[str]:
        """Which conversations stand where this option would be, taking of each need who costs least."""
        ways = {self.held[key] for key in self.cells(option, ()) if key in self.held}
        cells = range(option.cell, option.cell + option.staff_cells)
        chosen = ()
        for need in option.whom:
            blockers = {p: {self.held[p, c] for c in cells if (p, c) in self.held} for p in need if p not in chosen}
            if not blockers:
                return set(self.at)
            best = min(blockers, key=lambda p: len(blockers[p]))
            ways |= blockers[best]
            chosen = (*chosen, best)
        return ways

    def placed(self) -> dict[str, Placed]:
        now = {id: Placed(option.start, staff) for id, (option, staff) in self.at.items()}
        return self.grid.pinned_plan() | now

    def plan(self, *, solver: str, seconds: float, is_complete=True) -> Plan:
        placed = self.placed()
        problem = self.grid.problem
        return Plan(
            placed,
            reasons(problem, placed),
            score(problem, placed),
            seconds=seconds,
            is_complete=is_complete,
            solver=solver,
        )


def improved(grid: Grid, *, seed: int, until: float, should_stop=lambda: False) -> Board:
    """A plan without any solver: large families first and close together, then one moves to let another in.

    Stops at `until` (monotonic clock), or when a round brings nothing.
    """
    board, random_ = Board(grid), random.Random(seed)
    for family in sorted(grid.families, key=lambda f: (-len(grid.families[f]), f)):
        place_close_together(board, grid.families[family], random_)
    for _ in range(4):
        left = [id for id, options in grid.options.items() if options and id not in board.at]
        random_.shuffle(left)
        if not sum(make_room(board, id, until, should_stop) for id in left):
            break
    return board


def place_close_together(board: Board, ids: list[str], random_) -> None:
    """The fewest possibilities first; the others as near to it as can be."""
    ids = sorted(ids, key=lambda id: len(board.grid.options[id]))
    near = None
    for id in ids:
        options = board.grid.options[id]
        if near is None and len(ids) == 1:
            near = random_.choice(options).begins
        options = sorted(options, key=lambda o: abs(o.begins - near)) if near is not None else options
        if board.place_first(id, options) and near is None:
            near = board.at[id][0].begins


def make_room(board: Board, id: str, until: float, should_stop, depth=3, seen=None) -> bool:
    """Place it by moving what stands in its way, and that in turn; everything back where that does not work."""
    seen = seen or {id}
    if board.place_first(id):
        return True
    if depth == 0 or time.monotonic() > until or should_stop():
        return False
    ways = defaultdict(list)
    for option in board.grid.options[id]:
        standing = board.in_the_way(option)
        if len(standing) == 1 and not standing & seen:
            ways[standing.pop()].append(option)
    for other, options in ways.items():
        before = board.lift(other)
        if board.place_first(id, options):
            if make_room(board, other, until, should_stop, depth - 1, seen | {other}):
                return True
            board.lift(id)
        board.place(*before)
    return False
