"""The plan: goals one after another, each with the best bound that is known, and the best plan so far at any moment."""

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from math import isfinite

from planning.solver.greedy import improved
from planning.solver.grid import Grid
from planning.solver.problem import ImpossibleProblem, Placed, Plan, Problem, Scores
from planning.solver.reasons import reasons
from planning.solver.rules import double_ids, in_slots, score, waiting_minutes
from planning.solver.watch import Watch

WITHOUT_SOLVER = "greedy, improved"


def has_solver() -> bool:
    """Whether HiGHS is installed; without it plans are good, but nothing is proven."""
    return importlib.util.find_spec("highspy") is not None


def solve(
    problem: Problem,
    *,
    time_limit: float = 30.0,
    seed: int = 1,
    on_progress: Callable | None = None,
    should_stop: Callable | None = None,
) -> Plan:
    """The best plan that is found within `time_limit` seconds, and bounds on what any plan can reach.

    `on_progress(share, stage, scores)`; `should_stop()` is asked at least once a second, and then the best plan so
    far comes back with `is_complete` False. Raises ImpossibleProblem when two conversations have the same id.
    """
    for id in double_ids(problem):
        raise ImpossibleProblem("%(where)s komt twee keer voor", where=id)
    search = Search(problem, Watch(time_limit, on_progress, should_stop), seed)
    if not search.grid.all:
        search.nothing_to_choose()
    elif has_solver():
        search.with_highs()
    return search.plan()


class Search:
    """One problem, the best plan so far, and what is proven about it."""

    def __init__(self, problem: Problem, watch: Watch, seed: int):
        self.problem, self.watch, self.seed = problem, watch, seed
        self.grid = Grid(problem)
        self.is_complete = not has_solver()
        self.bounds = Scores(unplaced=sum(not options for options in self.grid.options.values()))
        self.solver = WITHOUT_SOLVER
        self.watch.stage("first plan", 0.02, 0.05, 0.1)
        board = improved(self.grid, seed=seed, until=watch.began + 0.1 * watch.time_limit, should_stop=watch.is_over)
        self.keep(board.placed())

    def keep(self, placed: dict[str, Placed]) -> None:
        """The best plan so far, if it is."""
        scores = score(self.problem, placed)
        if self.watch.scores is None or scores.rank < self.watch.scores.rank:
            self.placed, self.watch.scores = placed, scores
        self.watch.tell(now=True)

    def nothing_to_choose(self) -> None:
        self.bounds, self.is_complete = self.watch.scores, True

    def with_highs(self) -> None:
        from planning.solver.master import Master

        self.solver = "HiGHS"
        self.watch.stage("places and waiting", 0.05, 0.4, 0.7)
        self.master = Master(self.grid)
        if not self.master.relax(self.watch):
            if self.master.bound is not None:
                self.master.lower = self.master.least_cost
                self.read_bounds(None)
            return
        found = self.master.search(self.watch)
        self.read_bounds(found)
        if found is None:
            return
        self.keep(self.master.placed(found))
        if not self.watch.is_stopped:
            self.fewer_idle(found)

    def read_bounds(self, found) -> None:
        """From one bound on goals 1 and 2 together to a bound on each."""
        master, hopeless = self.master, self.bounds.unplaced
        everything = sum(len(ids) for ids in self.grid.families.values())
        lower = master.lower + master.big * everything  # as if the cost of a conversation without a slot was `big`
        unplaced = max(0, -int((master.most_waiting - lower) // master.big))
        waiting = None
        if found is not None:
            left = everything - len(master.options_in(found))
            anyhow = waiting_minutes(self.problem, self.grid.pinned_plan())
            waiting = int(round((lower - master.big * left) * master.unit)) + anyhow
            waiting = max(0, waiting) if left == unplaced else None
        self.bounds = Scores(unplaced=hopeless + unplaced, waiting_minutes=waiting)

    def fewer_idle(self, found) -> None:
        from planning.solver.idle import Face, FewestIdle, Now, Polish, drawn_together

        likes = any(option.is_liked for option in self.grid.all)
        self.watch.stage("idle", 0.4, 0.8 if likes else 1.0, 0.8 if likes else 1.0)
        face = Face(self.master, found)
        now = drawn_together(face, Now(face, found), self.watch)
        self.keep(now.placed)
        idle = Polish(face, now, FewestIdle, self.watch, self.seed, self.keep)
        idle.search()
        is_proven = face.is_exact and self.bounds.waiting_minutes == self.watch.scores.waiting_minutes
        if is_proven:
            self.bounds = replace(self.bounds, idle_slots=in_slots(self.problem, max(0, idle.bound)))
        self.is_complete = idle.is_proven
        most = self.more_liked(face, idle.now) if likes and not self.watch.is_stopped else 0
        if is_proven and idle.is_proven and most is not None and not self.watch.is_stopped:
            pinned = sum(c.pinned.start in c.liked for c in self.grid.pinned)
            self.bounds = replace(self.bounds, liked=most + pinned)

    def more_liked(self, face, now) -> int | None:
        """Goal 4; gives the bound, when there is one."""
        from planning.solver.idle import MostLiked, Polish

        self.watch.stage("liked times", 0.8, 1.0, 1.0)
        times = Polish(face, now, MostLiked, self.watch, self.seed, self.keep)
        times.search()
        self.is_complete &= times.is_proven
        return int(-times.bound) if isfinite(times.bound) else None

    def plan(self) -> Plan:
        return Plan(
            placed=self.placed,
            unplaced=reasons(self.problem, self.placed),
            scores=self.watch.scores,
            bounds=self.bounds,
            seconds=self.watch.seconds,
            is_complete=self.is_complete and not self.watch.is_stopped,
            solver=self.solver,
        )
