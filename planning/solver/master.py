"""Goals 1 and 2: as many conversations as possible, then as little waiting as possible, with a proof.

One column per way to place a family. The linear program is solved over a small part of the columns; its prices say
which others could help (column generation). Prices also give a bound that holds whatever the rounding: a column whose
price is further from zero than the distance between plan and bound is in no better plan, so the whole-number search
needs only the others.
"""

from dataclasses import dataclass

import numpy as np

from planning.solver.capacity import Capacity
from planning.solver.columns import Columns
from planning.solver.grid import Grid, Option
from planning.solver.problem import Placed
from planning.solver.program import Program

TOLERANCE = 1e-4  # in units of cost, which are whole numbers
NEW_COLUMNS_A_ROUND = 6000
WINDOWS = (0.5, 3.0, 25.0, np.inf)  # how far from zero prices may be, tried in turn until the proof is there


@dataclass
class Found:
    """A plan as columns and choices, and how far its cost could still fall."""

    columns: np.ndarray  # numbers of the columns in it
    choices: np.ndarray  # numbers of the choices in it
    cost: float


class Master:
    """The linear program of goals 1 and 2 together: a conversation without a slot costs more than all waiting."""

    def __init__(self, grid: Grid):
        self.grid, self.columns, self.capacity = grid, Columns(grid), Capacity(grid)
        families = len(self.columns.families)
        self.high = np.concatenate([np.ones(families), np.array(self.capacity.limits, float)])
        self.is_link = np.concatenate([np.zeros(families, bool), np.array(self.capacity.is_link, bool)])
        self.low = np.where(self.is_link, 0.0, -np.inf)
        entries = [(n, families + row, v) for n, rows in enumerate(self.capacity.of_option) for row, v in rows.items()]
        self.entries = triples_of(entries)
        self.of_choices = triples_of(
            [(families + row, n, 1.0) for n, choice in enumerate(self.capacity.choices) for row in choice.rows]
        )
        self.set_costs()
        self.prices = self.bound = None

    def set_costs(self):
        waiting = self.columns.waiting
        self.unit = float(max(1, np.gcd.reduce(waiting.astype(np.int64), initial=0)))
        first = self.columns.first_of_family
        most = np.maximum(0, np.maximum.reduceat(waiting, first))
        least = np.minimum(0, np.minimum.reduceat(waiting, first))
        longest = self.grid.problem.day_step * (len(self.grid.problem.days) + 1)
        most = np.where(np.isinf(self.columns.beyond), most, longest)
        self.most_waiting = np.ceil(most.sum() / self.unit)
        self.big = np.ceil((most - least).sum() / self.unit) + 1
        self.cost = waiting / self.unit - self.big * self.columns.placed

    def triples(self, selected):
        """(row, column, value) of these columns, numbered from 0."""
        return self.triples_of_options(self.columns.options[selected], self.columns.family[selected])

    def triples_of_options(self, options, family):
        """The same for columns given by what they hold."""
        column, at = np.nonzero(options != self.columns.none)
        numbers = options[column, at]
        number, row, value = self.entries
        starts = np.searchsorted(number, np.arange(self.columns.none + 1))
        counts = starts[numbers + 1] - starts[numbers]
        picks = np.repeat(starts[numbers] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        rows = np.concatenate([family, row[picks]])
        columns = np.concatenate([np.arange(len(family)), np.repeat(column, counts)])
        values = np.concatenate([np.ones(len(family)), value[picks]])
        keys, inverse = np.unique(columns * len(self.high) + rows, return_inverse=True)
        return keys % len(self.high), keys // len(self.high), np.bincount(inverse, weights=values)

    def rows_of_choice(self, number) -> list[int]:
        return [len(self.columns.families) + row for row in self.capacity.choices[number].rows]

    def program(self, selected, *, integer):
        """These columns and all choices."""
        rows, columns, values = self.triples(selected)
        choice_rows, choice_columns, choice_values = self.of_choices
        triples = (
            np.concatenate([rows, choice_rows]),
            np.concatenate([columns, choice_columns + len(selected)]),
            np.concatenate([values, choice_values]),
        )
        cost = np.concatenate([self.cost[selected], np.zeros(len(self.capacity.choices))])
        upper = 1.0 if integer else np.inf
        return Program(cost, self.low, self.high, triples, upper=upper, integer=True if integer else None)

    def reduced_costs(self, duals):
        """Of all columns and of all choices, for these prices of the rows."""
        number, row, value = self.entries
        of_option = np.bincount(number, weights=value * duals[row], minlength=self.columns.none + 1)
        columns = self.cost - duals[self.columns.family] - of_option[self.columns.options].sum(axis=1)
        row, choice, value = self.of_choices
        choices = -np.bincount(choice, weights=value * duals[row], minlength=len(self.capacity.choices))
        return columns, choices, of_option

    def price(self, duals):
        """Remember the prices when their bound is the best so far; gives the reduced costs of the columns."""
        duals = np.where(self.is_link, duals, np.minimum(duals, 0))
        columns, choices, of_option = self.reduced_costs(duals)
        best = np.minimum.reduceat(columns, self.columns.first_of_family)
        best = np.minimum(best, self.beyond(duals, of_option))
        fold = np.minimum(0, best)  # a family takes one column at most: what its best one wins is its own price
        duals[: len(fold)] += fold
        columns, least_beyond = columns - fold[self.columns.family], self.beyond(duals, of_option)
        bound = self.high[~self.is_link] @ duals[~self.is_link] + np.minimum(0, choices).sum()
        if self.bound is None or bound > self.bound:
            self.bound, self.prices, self.reduced = bound, duals, columns
            self.reduced_choices, self.least_beyond = choices, least_beyond.min()
        return columns + fold[self.columns.family]

    def beyond(self, duals, of_option):
        """A bound on the reduced costs of the columns that were left out, per family."""
        least = np.full(len(self.columns.families), np.inf)
        for n in np.nonzero(np.isfinite(self.columns.beyond))[0]:
            ids = self.grid.families[self.columns.families[n]]
            each = (min(-self.big - of_option[o.number] for o in self.grid.options[id]) for id in ids)
            least[n] = self.columns.beyond[n] / self.unit - duals[n] + sum(min(0, cost) for cost in each)
        return least

    def relax(self, watch) -> bool:
        """Solve the linear program by column generation; False when it had to stop before the end."""
        start = (self.columns.placed == 1) | (self.columns.waiting <= 2 * self.grid.problem.slot_minutes)
        selected = np.nonzero(start)[0]
        program = self.program(selected, integer=False)
        while True:
            answer = program.solve(watch)
            if not answer.is_optimal or answer.duals is None:
                return False
            reduced = self.price(answer.duals)
            wanted = np.nonzero((reduced < -1e-6) & ~start)[0]
            if len(wanted) == 0:
                return True
            if len(wanted) > NEW_COLUMNS_A_ROUND:
                wanted = wanted[np.argsort(reduced[wanted])[:NEW_COLUMNS_A_ROUND]]
            start[wanted] = True
            program.add_columns(self.cost[wanted], self.triples(wanted), upper=np.inf)

    def search(self, watch) -> Found | None:
        """The best whole-number plan; afterwards `bound` is what no plan can cost less than."""
        found = None
        for window in WINDOWS:
            selected = np.nonzero(self.reduced <= window)[0]
            program = self.program(selected, integer=True).set(mip_rel_gap=0.0, mip_abs_gap=1 - 10 * TOLERANCE)
            answer = program.solve(watch)
            if answer.values is not None:
                found = self.better(found, self.read(answer.values, selected))
            reach = min(window, self.least_beyond)
            self.lower = max(
                self.least_cost, min(np.ceil(answer.bound - TOLERANCE), np.ceil(self.bound + reach - TOLERANCE))
            )
            if (found and found.cost <= self.lower + TOLERANCE) or watch.is_over():
                break
        return found

    @property
    def least_cost(self):
        """What the prices alone prove."""
        return np.ceil(self.bound - TOLERANCE)

    def better(self, one: Found | None, other: Found) -> Found:
        return other if one is None or other.cost < one.cost else one

    def read(self, values, selected) -> Found:
        chosen = selected[values[: len(selected)] > 0.5]
        choices = np.nonzero(values[len(selected) : len(selected) + len(self.capacity.choices)] > 0.5)[0]
        return Found(np.sort(chosen), choices, round(self.cost[chosen].sum()))

    def options_in(self, found: Found) -> list[Option]:
        numbers = self.columns.options[found.columns].ravel()
        return [self.grid.all[n] for n in numbers if n != self.columns.none]

    def placed(self, found: Found) -> dict[str, Placed]:
        """The plan itself: choices as they are, and whoever of a plain pool is next."""
        chosen = {(c.option.number, c.need): c.person for c in (self.capacity.choices[n] for n in found.choices)}
        handed_out: dict = {}
        placed = self.grid.pinned_plan()
        for option in self.options_in(found):
            staff = []
            for number, (whom, need) in enumerate(zip(option.whom, option.conversation.needs, strict=True)):
                if (option.number, number) in chosen:
                    staff.append(chosen[option.number, number])
                elif frozenset(need) in self.capacity.plain:
                    key = frozenset(need), option.cell
                    handed_out[key] = handed_out.get(key, -1) + 1
                    staff.append(whom[handed_out[key]])
                else:
                    staff.append(whom[0])
            placed[option.conversation.id] = Placed(option.start, tuple(staff))
        return placed


def triples_of(entries):
    """Three arrays."""
    a, b, v = zip(*entries, strict=True) if entries else ((), (), ())
    return np.array(a, np.int64), np.array(b, np.int64), np.array(v, float)
