"""Goals 3 and 4: among the plans that are best in goals 1 and 2, the fewest idle slots, then the most liked times.

First every team on its own: how few idle slots it could have, if the others did not matter. The sum is a bound for
the school, and each number a row that helps the search. Then a few teams at a time are laid out anew while everything
else stands; when the plan meets the bound, that is the proof. Otherwise the whole is searched.
"""

import random
import time
from collections import defaultdict

import numpy as np

from planning.solver.evenings import Evenings
from planning.solver.master import TOLERANCE, Found, Master
from planning.solver.program import Program
from planning.solver.rules import idle_of_teams

FIRST_TEAMS = 6  # in the first part
PART_SECONDS = 2.0  # for one part at most
SECONDS_TO_DRAW = 5.0  # at most, for a first plan with few idle slots
MOST_IN_VAIN = 8  # parts one after another that bring nothing, before only the whole goes on


class Face:
    """The columns that can be in a best plan of goals 1 and 2, and the rows as they hold there."""

    def __init__(self, master: Master, found: Found):
        self.master, self.grid = master, master.grid
        gap = found.cost - master.bound
        self.is_tight = gap < TOLERANCE and not (master.reduced_choices < -1e-6).any()
        self.is_exact = master.least_beyond > gap + TOLERANCE
        self.limit = found.cost
        self.selected = np.nonzero(master.reduced <= gap + TOLERANCE)[0]
        self.choices = set(np.nonzero(master.reduced_choices <= gap + TOLERANCE)[0].tolist())
        self.options = master.columns.options[self.selected]
        self.family = master.columns.family[self.selected]
        self.low, self.high = master.low, master.high
        if self.is_tight:  # then a row with a price is full in every best plan
            self.low = np.where(master.prices < -TOLERANCE, master.high, master.low)
        self.teams = sorted({option.conversation.team for option in self.grid.all if option.conversation.team})
        numbers = {team: n for n, team in enumerate(self.teams)}
        self.team_of = np.array([numbers.get(o.conversation.team, -1) for o in self.grid.all] + [-1])
        self.number_of = numbers
        liked = np.array([option.is_liked for option in self.grid.all] + [False])
        self.liking = -liked[self.options].sum(axis=1).astype(float)


class Part:
    """A program over some columns of the face: which are free, and what stands meanwhile."""

    def __init__(self, face: Face, options, family, low, high, teams, stands=()):
        self.face, self.options, self.family = face, options, family
        master = face.master
        self.width = len(options)
        holding = defaultdict(list)
        for column, numbers in enumerate(options.tolist()):
            for number in numbers:
                if number != master.columns.none:
                    holding[number].append(column)
        self.choices = [n for n in sorted(face.choices) if master.capacity.choices[n].option.number in holding]
        evenings = Evenings(face.grid, master.capacity.plain, self.width + len(self.choices))
        for number, columns in holding.items():
            evenings.holds(face.grid.all[number], columns)
        for at, number in enumerate(self.choices):
            evenings.may_choose(master.capacity.choices[number], self.width + at)
        evenings.add_pinned()
        for option, chosen in stands:
            evenings.stands(option, chosen)
        evenings.count(teams)
        self.evenings, self.rows = evenings, evenings.rows
        self.gather(low, high)

    def gather(self, low, high) -> None:
        """All triples, with only those rows that something touches."""
        master, rows = self.face.master, self.rows
        row, column, value = master.triples_of_options(self.options, self.family)
        if self.choices:
            numbers = np.array(self.choices)
            choice_row, choice, choice_value = master.of_choices
            mine = np.isin(choice, numbers)
            row = np.concatenate([row, choice_row[mine]])
            column = np.concatenate([column, self.width + np.searchsorted(numbers, choice[mine])])
            value = np.concatenate([value, choice_value[mine]])
        used, row = np.unique(row, return_inverse=True)
        further = np.array(rows.triples).reshape(-1, 3).T
        self.triples = (
            np.concatenate([row, further[0].astype(int) + len(used)]),
            np.concatenate([column, further[1].astype(int)]),
            np.concatenate([value, further[2]]),
        )
        self.low = np.concatenate([low[used], rows.low])
        self.high = np.concatenate([high[used], rows.high])
        self.cost = np.concatenate([np.zeros(self.width + len(self.choices)), rows.cost])

    def add_row(self, columns, values, low, high) -> None:
        row = np.full(len(columns), len(self.low))
        self.triples = tuple(np.concatenate(pair) for pair in zip(self.triples, (row, columns, values), strict=True))
        self.low, self.high = np.append(self.low, low), np.append(self.high, high)

    def keep_cost(self, columns, limit) -> None:
        """Goals 1 and 2 stay as good, where the rows do not see to that; `columns`: of the face, in this order."""
        if not self.face.is_tight:
            cost = self.face.master.cost[self.face.selected[columns]]
            self.add_row(np.arange(len(columns)), cost, -np.inf, limit + TOLERANCE)

    def read(self, values):
        """Which columns, by their place in this part, and which choices are in this solution."""
        choices = values[self.width : self.width + len(self.choices)]
        chosen = [number for number, value in zip(self.choices, choices, strict=True) if value > 0.5]
        return np.nonzero(values[: self.width] > 0.5)[0], chosen

    def program(self, cost=None) -> Program:
        return Program(self.cost if cost is None else cost, self.low, self.high, self.triples, integer=True)


class Now:
    """The plan of this moment, as columns of the face, with the idle cells of every team."""

    def __init__(self, face: Face, found: Found):
        self.face, self.found = face, found
        self.at = np.searchsorted(face.selected, found.columns)  # its columns in the face
        self.placed = face.master.placed(found)
        cells = idle_of_teams(face.grid.problem, self.placed)
        self.idle = {team: cells.get(team, 0) for team in face.teams}
        self.total_idle = sum(self.idle.values())
        self.total_liked = -int(face.liking[self.at].sum())


def drawn_together(face: Face, now: Now, watch) -> Now:
    """Every conversation as near to the middle of its team's evening as can be: few idle slots, found quickly."""
    cells = defaultdict(list)
    for option in face.grid.all:
        cells[option.conversation.team, option.start.date()].append(option.cell)
    middle = {evening: (min(numbers) + max(numbers)) / 2 for evening, numbers in cells.items()}
    far = [abs(o.cell - middle[o.conversation.team, o.start.date()]) for o in face.grid.all]
    part = Part(face, face.options, face.family, face.low, face.high, set())
    part.keep_cost(np.arange(part.width), face.limit)
    cost = np.concatenate([np.array([*far, 0.0])[face.options].sum(axis=1), np.zeros(len(part.choices))])
    answer = part.program(cost).set(mip_rel_gap=0.02).solve(watch, SECONDS_TO_DRAW)
    if answer.values is None:
        return now
    chosen, choices = part.read(answer.values)
    columns = face.selected[chosen]
    found = Found(columns, np.array(choices, int), round(face.master.cost[columns].sum()))
    other = Now(face, found)
    return other if found.cost <= face.limit + TOLERANCE and other.total_idle < now.total_idle else now


class Neighbourhood:
    """A few teams are laid out anew while everything else stands."""

    def __init__(self, face: Face, now: Now, teams):
        master, none = face.master, face.master.columns.none
        self.face, self.now, self.teams = face, now, teams
        is_in = np.isin(face.team_of, [face.number_of[team] for team in teams])
        is_theirs = is_in[face.options]
        families = np.unique(face.family[is_theirs.any(axis=1)])
        elsewhere = np.full((len(master.columns.families), face.options.shape[1]), none, np.int32)
        mine = face.options[now.at]
        elsewhere[face.family[now.at]] = np.where(is_in[mine], none, mine)
        is_same = (np.where(is_theirs, none, face.options) == elsewhere[face.family]).all(axis=1)
        self.free = np.nonzero(is_same & np.isin(face.family, families))[0]
        self.leaving = np.isin(face.family[now.at], families)
        self.part = self.lay_open(set(teams))

    def lay_open(self, teams) -> Part:
        face, now, master = self.face, self.now, self.face.master
        standing = now.at[~self.leaving]
        choices = {}
        for number in now.found.choices:
            choice = master.capacity.choices[number]
            choices.setdefault(choice.option.number, []).append(number)
        stands, kept = [], []
        for number in face.options[standing].ravel():
            if number != master.columns.none:
                mine = choices.get(number, ())
                kept += mine
                stands.append((face.grid.all[number], [master.capacity.choices[n].person for n in mine]))
        self.kept = kept
        used = self.used(standing, kept)
        options, family = face.options[self.free], face.family[self.free]
        part = Part(face, options, family, face.low - used, face.high - used, teams, stands)
        part.keep_cost(self.free, master.cost[face.selected[now.at[self.leaving]]].sum())
        return part

    def used(self, standing, choices):
        """How much of each row is taken by what stands."""
        face, master = self.face, self.face.master
        row, _, value = master.triples_of_options(face.options[standing], face.family[standing])
        used = np.bincount(row, weights=value, minlength=len(face.high))
        for number in choices:
            used[master.rows_of_choice(number)] += 1
        return used

    def search(self, goal, watch, random_, seconds) -> Found | None:
        part, face = self.part, self.face
        cost = goal.prepare(part, face.liking[self.free], sum(self.now.idle[team] for team in self.teams))
        # a whiff of chance, so that equally good plans come in turn
        cost[: part.width] += [random_.random() * 0.4 / (part.width + 1) for _ in range(part.width)]
        answer = part.program(cost).set(mip_rel_gap=0.0, mip_abs_gap=0.5).solve(watch, seconds)
        if answer.values is None:
            return None
        chosen, choices = part.read(answer.values)
        columns = face.selected[np.concatenate([self.now.at[~self.leaving], self.free[chosen]])]
        return Found(np.sort(columns), np.array(self.kept + choices, int), round(face.master.cost[columns].sum()))


class FewestIdle:
    """Goal 3."""

    @staticmethod
    def prepare(part: Part, liking, idle):
        """The cost of the part's columns for this goal."""
        return part.cost.copy()

    @staticmethod
    def value(now: Now):
        return now.total_idle

    @staticmethod
    def teams(now: Now):
        """Where there is something to win."""
        return [team for team, cells in now.idle.items() if cells]


class MostLiked:
    """Goal 4, with no more idle slots than there are."""

    @staticmethod
    def prepare(part: Part, liking, idle):
        at = np.nonzero(part.cost)[0]
        part.add_row(at, part.cost[at], -np.inf, idle + TOLERANCE)
        return np.concatenate([liking, np.zeros(len(part.cost) - part.width)])

    @staticmethod
    def value(now: Now):
        return -now.total_liked

    @staticmethod
    def teams(now: Now):
        return list(now.idle)


class Polish:
    """The search for goal 3 or 4: small ones one after another, beside one of the whole, which brings the bound."""

    def __init__(self, face: Face, now: Now, goal, watch, seed: int, keep):
        self.face, self.now, self.goal = face, now, goal
        self.watch, self.random, self.keep = watch, random.Random(seed), keep
        self.near = self.neighbours()
        self.bound = -np.inf  # on the value of the goal, of whole numbers

    @property
    def is_proven(self) -> bool:
        return self.bound >= self.goal.value(self.now)

    def neighbours(self):
        """For each team the teams it shares families with."""
        near = defaultdict(set)
        grid = self.face.grid
        for ids in grid.families.values():
            teams = {grid.problem.by_id[id].team for id in ids}
            for team in teams:
                near[team] |= teams - {team}
        return {team: sorted(others) for team, others in near.items()}

    def search(self) -> None:
        """Until the plan meets the bound, or the time is over."""
        face = self.face
        whole = Part(face, face.options, face.family, face.low, face.high, set(face.teams))
        whole.keep_cost(np.arange(whole.width), face.limit)
        cost = self.goal.prepare(whole, face.liking, self.now.total_idle)
        program = whole.program(cost).set(mip_rel_gap=0.0, mip_abs_gap=0.99)
        program.start(self.watch.left)
        try:
            self.search_parts(program)
        finally:
            answer = program.stop()
        self.take_bound(answer.bound)
        if answer.values is not None:
            chosen, choices = whole.read(answer.values)
            columns = face.selected[chosen]
            self.take(Found(columns, np.array(choices, int), round(face.master.cost[columns].sum())))

    def search_parts(self, program) -> None:
        """One part after another, larger as long as that goes quickly; when it brings nothing, wait for the whole."""
        size, in_vain = FIRST_TEAMS, 0
        while in_vain < MOST_IN_VAIN and not self.is_over(program, 0.0):
            began = time.monotonic()
            part = Neighbourhood(self.face, self.now, self.pick(size))
            found = part.search(self.goal, self.watch, self.random, PART_SECONDS)
            in_vain = 0 if found is not None and self.take(found) else in_vain + 1
            share = (time.monotonic() - began) / PART_SECONDS
            size = (
                min(size + 2, len(self.face.teams)) if share < 0.25 else size if share < 0.7 else max(4, size * 2 // 3)
            )
        while not self.is_over(program, 0.1):
            pass

    def is_over(self, program, seconds) -> bool:
        self.take_bound(program.bound)
        return self.is_proven or program.is_done(seconds) or self.watch.is_over()

    def pick(self, size):
        """Teams where something can be won, and teams that share families with them."""
        worth = self.goal.teams(self.now)
        self.random.shuffle(worth)
        chosen = dict.fromkeys(worth[: max(1, size // 2)])
        near = [other for team in chosen for other in self.near.get(team, ())]
        self.random.shuffle(near)
        for team in near + worth:
            if len(chosen) >= size:
                break
            chosen.setdefault(team)
        return list(chosen)

    def take(self, found: Found) -> bool:
        """Whether this is better; what is equally good is taken as well."""
        if found.cost > self.face.limit + TOLERANCE:
            return False  # rounding in the solver: goals 1 and 2 come first
        now = Now(self.face, found)
        if (now.total_idle, self.goal.value(now)) > (self.now.total_idle, self.goal.value(self.now)):
            return False
        is_better = self.goal.value(now) < self.goal.value(self.now)
        self.now = now
        self.keep(now.placed)
        return is_better

    def take_bound(self, bound: float) -> None:
        if np.isfinite(bound) and bound > self.bound:
            self.bound = int(np.ceil(bound - TOLERANCE))
