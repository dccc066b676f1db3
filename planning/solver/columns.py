"""Every way to place the conversations of one family, as one column each: what waiting costs is then just a number."""

import numpy as np

from planning.solver.grid import Grid

MOST_PER_FAMILY = 40_000  # beyond this the ways with the longest waiting are left out, and the bound allows for that


class Columns:
    """All columns of all families, as arrays.

    `options`: option numbers, padded with `none`. `waiting`: minutes, beyond what the pinned conversations of the
    family wait anyhow. `placed`: how many conversations.
    `beyond`: for each family the least waiting of what was left out (infinite when nothing was).
    """

    def __init__(self, grid: Grid):
        self.grid = grid
        self.none = len(grid.all)
        self.families = list(grid.families)
        parts = [ways(grid, family) for family in self.families]
        self.beyond = np.array([beyond for _, _, beyond in parts])
        width = max((part.shape[1] for part, _, _ in parts), default=1)
        padded = [np.pad(p, ((0, 0), (0, width - p.shape[1])), constant_values=self.none) for p, _, _ in parts]
        self.options = np.concatenate(padded) if padded else np.zeros((0, width), np.int32)
        self.waiting = np.concatenate([w for _, w, _ in parts]) if parts else np.zeros(0)
        self.family = np.repeat(np.arange(len(parts)), [len(w) for _, w, _ in parts])
        self.first_of_family = np.searchsorted(self.family, np.arange(len(parts)))
        self.placed = (self.options != self.none).sum(axis=1)

    def __len__(self):
        return len(self.waiting)


def ways(grid: Grid, family: str):
    """(options, waiting, beyond) of one family, as in Columns; at least one conversation is placed in each way."""
    choices = [grid.options[id] for id in grid.families[family]]
    pinned = grid.pinned_of_family.get(family, [])
    if len(choices) == 1 and not pinned:
        numbers = np.array([[o.number] for o in choices[0]], np.int32)
        return numbers, np.zeros(len(numbers)), np.inf
    if np.prod([len(options) + 1.0 for options in choices]) <= MOST_PER_FAMILY:
        combos = combinations_of(choices, len(grid.all))
        beyond = np.inf
    else:
        combos, beyond = shortest_combinations(grid, choices, pinned)
    combos = combos[(combos != len(grid.all)).any(axis=1)]
    combos = combos[is_possible(grid, choices, combos)]
    nothing = np.full((1, len(choices)), len(grid.all), np.int32)
    without = waiting_of(grid, pinned, nothing) if pinned else np.zeros(1)
    return combos, waiting_of(grid, pinned, combos) - without, beyond


def combinations_of(choices, none):
    axes = [np.array([option.number for option in options] + [none], np.int32) for options in choices]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def table(grid: Grid, value):
    """A number of every option, and 0 for none."""
    return np.array([value(option) for option in grid.all] + [0], np.int64)


def is_possible(grid: Grid, choices, combos):
    """Which combinations have nobody of the family in two places."""
    cell, cells = cached_tables(grid)[:2]
    good = np.ones(len(combos), bool)
    none = len(grid.all)
    for i in range(combos.shape[1]):
        for j in range(i):
            a, b = combos[:, i], combos[:, j]
            clash = (cell[a] < cell[b] + cells[b]) & (cell[b] < cell[a] + cells[a]) & (a != none) & (b != none)
            good &= ~clash
    return good


def waiting_of(grid: Grid, pinned, combos):
    """Minutes of waiting of each combination, pinned conversations of the family included."""
    _, _, begins, ends = cached_tables(grid)
    problem, none = grid.problem, len(grid.all)
    is_placed = combos != none
    first = np.where(is_placed, begins[combos], np.iinfo(np.int64).max).min(axis=1)
    last = np.where(is_placed, ends[combos], 0).max(axis=1)
    minutes = np.where(is_placed, (ends - begins)[combos], 0).sum(axis=1)
    number = is_placed.sum(axis=1) + len(pinned)
    for other in pinned:
        at = problem.waiting_clock(other.pinned.start)
        first, last = np.minimum(first, at), np.maximum(last, at + other.minutes)
        minutes = minutes + other.minutes
    return np.maximum(0, last - first - minutes - problem.walking_minutes * (number - 1)).astype(float)


def cached_tables(grid: Grid):
    if not hasattr(grid, "tables"):
        grid.tables = (
            table(grid, lambda o: o.cell),
            table(grid, lambda o: o.people_cells),
            table(grid, lambda o: o.begins),
            table(grid, lambda o: o.ends),
        )
    return grid.tables


def shortest_combinations(grid: Grid, choices, pinned):
    """The combinations with the least waiting, as many as there is room for, and the least waiting beyond them."""
    reach, found = 0, within(grid, choices, pinned, 0)
    if found is None:  # even those without waiting are too many
        return np.array(within(grid, choices, pinned, 0, is_beam=True), np.int32), 0.0
    while (more := within(grid, choices, pinned, reach + grid.problem.slot_minutes)) is not None:
        reach, found = reach + grid.problem.slot_minutes, more
        if reach > grid.problem.day_step * (len(grid.problem.days) + 1):
            return np.array(found, np.int32), np.inf
    return np.array(found, np.int32), float(reach + 1)


def within(grid: Grid, choices, pinned, reach, *, is_beam=False):
    """All combinations with at most `reach` minutes of waiting; None when they are too many.

    With `is_beam`: as many as there is room for, those that place most and lie closest together.
    """
    walking, none = grid.problem.walking_minutes, len(grid.all)
    fixed = [(grid.problem.waiting_clock(c.pinned.start), c.minutes) for c in pinned]
    first = min((begins for begins, _ in fixed), default=None)
    last = max((begins + minutes for begins, minutes in fixed), default=None)
    room = sum(options[0].conversation.minutes + walking for options in choices)
    room += sum(minutes + walking for _, minutes in fixed)
    work = [((), first, last, room)]
    for options in choices:
        following = []
        for chosen, a, b, room in work:
            following.append(((*chosen, none), a, b, room - options[0].conversation.minutes - walking))
            following += with_one_more(grid, options, chosen, a, b, room, reach)
            if len(following) > MOST_PER_FAMILY and not is_beam:
                return None
        if is_beam:
            following.sort(key=lambda way: (-way[3], (way[2] or 0) - (way[1] or 0)))
        work = following[:MOST_PER_FAMILY]
    return [chosen for chosen, _, _, _ in work]


def with_one_more(grid, options, chosen, first, last, room, reach):
    """The ways to place one more conversation beside those chosen, not too far from them."""
    mine = [grid.all[number] for number in chosen if number != len(grid.all)]
    for option in options:
        a = option.begins if first is None else min(first, option.begins)
        b = option.ends if last is None else max(last, option.ends)
        if b - a <= reach + room and not any(grid.overlap_in_family(option, other) for other in mine):
            yield (*chosen, option.number), a, b, room
