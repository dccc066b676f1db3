"""Nobody in two places at once, as rows of a linear program over options."""

from collections import defaultdict
from dataclasses import dataclass, field

from planning.solver.grid import Grid, Option


@dataclass
class Choice:
    """This person would fill this need of this option: decided by the search only where pools are not plain."""

    option: Option
    need: int
    person: str
    rows: list[int]


@dataclass
class Capacity:
    """Rows `sum <= limit`, except the links (`sum == 0`): choices of a need minus the option itself.

    A pool is plain when everybody in it is needed only as "one of this pool", for one cell at a time: then counting
    is enough, and who exactly is settled afterwards. Elsewhere every possible person is a choice of its own.
    """

    grid: Grid
    limits: list[float] = field(default_factory=list)
    is_link: list[bool] = field(default_factory=list)
    of_option: list[dict[int, float]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    by_key: dict = field(default_factory=dict)

    def __post_init__(self):
        self.of_option = [{} for _ in self.grid.all]
        self.plain = plain_pools(self.grid)
        self.starts_of = defaultdict(set)  # person: cells at which something of them begins; other rows say no more
        for option in self.grid.all:
            for person in {p for need in option.whom for p in need} | option.conversation.people:
                self.starts_of[person].add(option.cell)
        for option in self.grid.all:
            self.enter(option)

    def enter(self, option: Option) -> None:
        mine = self.of_option[option.number]
        for number, (whom, need) in enumerate(zip(option.whom, option.conversation.needs, strict=True)):
            pool = frozenset(need)
            if pool in self.plain:
                row = self.row((pool, option.cell), len(whom))
                mine[row] = mine.get(row, 0) + 1
            elif len(whom) == 1:
                self.take(mine, self.rows_of(whom[0], option.cell, option.staff_cells))
            else:
                self.choose(option, number, whom)
        for person in option.conversation.people:
            self.take(mine, self.rows_of(person, option.cell, option.people_cells))

    def take(self, mine, rows):
        for row in rows:
            mine[row] = mine.get(row, 0) + 1

    def choose(self, option, number, whom):
        link = self.row((option.number, number), 0, is_link=True)
        self.of_option[option.number][link] = -1
        for person in whom:
            rows = self.rows_of(person, option.cell, option.staff_cells)
            self.choices.append(Choice(option, number, person, [link, *rows]))

    def rows_of(self, person, cell, cells):
        starts = self.starts_of[person]
        return [self.row((person, c), 1) for c in range(cell, cell + cells) if c in starts]

    def row(self, key, limit, is_link=False) -> int:
        if key not in self.by_key:
            self.by_key[key] = len(self.limits)
            self.limits.append(limit)
            self.is_link.append(is_link)
        return self.by_key[key]


def plain_pools(grid: Grid) -> set[frozenset]:
    """Pools of several persons in which counting is enough (see Capacity)."""
    pools = {frozenset(need) for c in grid.problem.conversations for need in c.needs}
    people = {person for c in grid.problem.conversations for person in c.people}
    seen: dict = {}
    odd = set()
    for option in grid.all:
        for whom, need in zip(option.whom, option.conversation.needs, strict=True):
            pool = frozenset(need)
            if option.staff_cells > 1 or seen.setdefault((pool, option.cell), whom) != whom:
                odd.add(pool)
    members = defaultdict(set)
    for pool in pools:
        for person in pool:
            members[person].add(pool)
    shared = {pool for pool in pools if any(len(members[person]) > 1 for person in pool)}
    return {pool for pool in pools - odd - shared if len(pool) > 1 and not pool & people}
