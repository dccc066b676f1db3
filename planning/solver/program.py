"""A thin layer over HiGHS: a linear program from triples, solved while somebody may say stop."""

from dataclasses import dataclass
from threading import Thread

import highspy
import numpy as np

THREADS = 1  # of each program; two run at the same time at most
POLL_SECONDS = 0.1
SECONDS_TO_HEAR = 2.0  # how long a program may take to notice that it was cancelled


@dataclass
class Answer:
    """What came out; `values` is None when nothing was found, `bound` is valid whenever the program was."""

    values: np.ndarray | None
    duals: np.ndarray | None
    bound: float
    is_optimal: bool


class Program:
    """min cost x, low <= A x <= high, 0 <= x <= upper; A given as triples (row, column, value)."""

    def __init__(self, cost, low, high, triples, *, upper=1.0, integer=None):
        rows, columns, values = triples
        order = np.argsort(columns, kind="stable")
        counts = np.bincount(columns, minlength=len(cost))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(cost), len(low)
        lp.col_cost_ = np.asarray(cost, float)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(cost)), np.broadcast_to(upper, len(cost)).astype(float)
        lp.row_lower_, lp.row_upper_ = np.asarray(low, float), np.asarray(high, float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        lp.a_matrix_.index_ = np.asarray(rows, np.int32)[order]
        lp.a_matrix_.value_ = np.asarray(values, float)[order]
        if integer is not None:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[bool(flag)] for flag in np.broadcast_to(integer, len(cost))]
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", THREADS)
        self.highs.passModel(lp)
        self.is_integer = integer is not None
        for asked in (self.highs.cbMipInterrupt, self.highs.cbSimplexInterrupt, self.highs.cbIpmInterrupt):
            asked += self.listen

    def set(self, **options):
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        return self

    def start_from(self, values):
        """A solution to begin with."""
        solution = highspy.HighsSolution()
        solution.col_value = list(map(float, values))
        solution.value_valid = True
        self.highs.setSolution(solution)
        return self

    def add_columns(self, cost, triples, *, upper):
        """More columns; the column numbers in the triples count from 0 among the new ones."""
        rows, columns, values = triples
        order = np.argsort(columns, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=len(cost)))])[:-1].astype(np.int32)
        n = len(cost)
        self.highs.addCols(
            n, np.asarray(cost, float), np.zeros(n), np.full(n, float(upper)),
            len(rows), starts, np.asarray(rows, np.int32)[order], np.asarray(values, float)[order],
        )  # fmt: skip

    def solve(self, watch, seconds=float("inf")) -> Answer:
        """Until it is solved, these seconds have passed, or `watch` says that it is time."""
        self.start(min(seconds, watch.left))
        while not self.is_done(POLL_SECONDS):
            if watch.is_over():
                return self.stop()
        return self.answer()

    def start(self, seconds: float) -> None:
        """Begin in a thread of its own (highspy's own threads allow one program at a time)."""
        self.highs.setOptionValue("time_limit", self.highs.getRunTime() + max(0.01, seconds))
        self.bound, self.is_cancelled = -np.inf, False
        self.thread = Thread(target=self.highs.run, daemon=True)
        self.thread.start()

    def listen(self, event) -> None:
        if self.is_integer:
            self.bound = event.data_out.mip_dual_bound
        if self.is_cancelled:
            event.interrupt()

    def is_done(self, seconds: float) -> bool:
        """Whether it is, after waiting at most so long."""
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def stop(self) -> Answer:
        """Whatever it has by now. A thread that does not hear is left to end by itself."""
        self.is_cancelled = True
        if self.is_done(SECONDS_TO_HEAR):
            return self.answer()
        return Answer(None, None, self.bound, is_optimal=False)

    def answer(self) -> Answer:
        info, solution = self.highs.getInfo(), self.highs.getSolution()
        is_optimal = self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        has_values = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return Answer(
            values=np.array(solution.col_value) if has_values else None,
            duals=np.array(solution.row_dual) if solution.dual_valid else None,
            bound=info.mip_dual_bound if self.is_integer else info.objective_function_value,
            is_optimal=is_optimal,
        )
