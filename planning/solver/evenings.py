"""Idle slots as rows of a program: for each team and day what has begun, what is over, and who is busy between."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from planning.solver.grid import Grid
from planning.solver.problem import later
from planning.solver.rules import is_inside


@dataclass
class Rows:
    """Rows and further columns of a program, gathered one by one."""

    first_column: int
    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    triples: list[tuple[int, int, float]] = field(default_factory=list)

    def column(self, cost=0.0) -> int:
        self.cost.append(cost)
        return self.first_column + len(self.cost) - 1

    def add(self, terms, *, low=0.0, high=np.inf) -> None:
        """low <= sum of value x column <= high."""
        row = len(self.low)
        self.low.append(low)
        self.high.append(high)
        total = defaultdict(float)
        for column, value in terms:
            total[column] += value
        self.triples += [(row, column, value) for column, value in total.items()]


class Evenings:
    """The idle slots of some teams, when `holding` says which columns hold which options.

    What stands already (pinned, elsewhere, or left where it is in this search) is in `filled`: {(who, cell)}, and in
    `started`: {(team, day): cells}. `of_choices`: columns of choices, by number.
    """

    def __init__(self, grid: Grid, plain, first_column: int):
        self.grid, self.plain = grid, plain
        self.rows = Rows(first_column)
        self.own = defaultdict(lambda: defaultdict(list))  # (team, day): cell: columns of each option that begins there
        self.busy = defaultdict(list)  # (who, cell): columns of each option
        self.started = defaultdict(set)
        self.filled = set()
        self.idle_of = defaultdict(list)  # team: columns

    def holds(self, option, columns) -> None:
        """These columns place this option."""
        conversation = option.conversation
        if conversation.team:
            self.own[conversation.team, option.start.date()][option.cell].append(columns)
        for who, cell in self.surely_taken(option):
            self.busy[who, cell].append(columns)

    def surely_taken(self, option):
        """(who, cell) that this option takes, whatever is chosen; who may be a plain pool."""
        staff = range(option.cell, option.cell + option.staff_cells)
        for whom, need in zip(option.whom, option.conversation.needs, strict=True):
            if frozenset(need) in self.plain:
                yield tuple(sorted(need)), option.cell
            elif len(whom) == 1:
                yield from ((whom[0], cell) for cell in staff)
        for person in option.conversation.people:
            yield from ((person, cell) for cell in range(option.cell, option.cell + option.people_cells))

    def may_choose(self, choice, column) -> None:
        for cell in range(choice.option.cell, choice.option.cell + choice.option.staff_cells):
            self.busy[choice.person, cell].append([column])

    def stands(self, option, chosen=()) -> None:
        """This option stays where it is; `chosen`: who was chosen for it."""
        self.started[option.conversation.team, option.start.date()].add(option.cell)
        self.filled.update(self.surely_taken(option))
        for person in chosen:
            self.filled.update((person, cell) for cell in range(option.cell, option.cell + option.staff_cells))

    def add_pinned(self) -> None:
        for conversation in self.grid.pinned:
            start = conversation.pinned.start
            self.started[conversation.team, start.date()].add(self.grid.cell(start))

    def count(self, teams) -> None:
        """Rows for the idle slots of these teams."""
        for team, day in sorted(set(self.own) | set(self.started)):
            if team and team in teams:
                self.add_evening(team, day)

    def add_evening(self, team, day) -> None:
        rows, own, started = self.rows, self.own[team, day], self.started[team, day]
        begun_before = over_before = None
        for cell in self.cells_of(team, day, {*own, *started}):
            begun, over = rows.column(), rows.column()
            between = [(begun, 1.0)] + ([(over_before, -1.0)] if over_before is not None else [])
            rows.add([(begun, 1), (over, -1)])
            if begun_before is not None:
                rows.add([(begun, 1), (begun_before, -1)])
                rows.add([(over, 1), (over_before, -1)])
            if started and cell >= min(started):
                rows.add([(begun, 1)], low=1)
            if started and cell < max(started):
                rows.add([(over, 1)], low=-np.inf, high=0)
            self.add_cell(team, day, cell, between)
            begun_before, over_before = begun, over

    def add_cell(self, team, day, cell, between) -> None:
        rows, starting = self.rows, self.own[team, day].get(cell, ())
        if len(team) == 1 and starting:
            rows.add(between + [(column, -1.0) for columns in starting for column in columns])
        else:
            for columns in starting:
                rows.add(between + [(column, -1.0) for column in columns])
        if not self.can_be_idle(team, day, cell):
            return
        ways = [columns for who in dict.fromkeys((team, *team)) for columns in self.busy.get((who, cell), ())]
        idle, terms = rows.column(1.0), [(column, 1.0) for columns in ways for column in columns]
        self.idle_of[team].append(idle)
        if len(team) > 1 and len(ways) > 1:
            busy = rows.column()
            rows.add([*terms, (busy, -1.0)])
            terms = [(busy, 1.0)]
        rows.add([(idle, 1.0), *((column, -value) for column, value in between), *terms])

    def cells_of(self, team, day, cells):
        everything = range(min(cells), max(cells) + 1)
        return [cell for cell in everything if cell in cells or self.can_be_idle(team, day, cell)]

    def can_be_idle(self, team, day, cell) -> bool:
        """Whether somebody of the team is there, and nobody of it surely busy."""
        if any((who, cell) in self.filled for who in (team, *team)):
            return False
        known = self.grid.idle_cells
        if (team, cell) not in known:
            known[team, cell] = self.is_there(team, day, cell)
        return known[team, cell]

    def is_there(self, team, day, cell) -> bool:
        problem = self.grid.problem
        first = problem.first_of_day[day]
        at = later(first, (cell - self.grid.cell(first)) * problem.grain)
        until, fits = later(at, problem.grain), later(at, min(problem.grain, problem.slot_minutes))
        there = any(is_inside(self.grid.windows.get(person, ()), at, fits) for person in team)
        return there and not any(a < until and at < b for person in team for a, b in self.grid.taken.get(person, ()))
