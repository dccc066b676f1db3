"""The clock of one search: when to stop, and how far it is."""

import time
from collections.abc import Callable

SECONDS_BETWEEN_REPORTS = 0.3
SECONDS_BETWEEN_QUESTIONS = 0.5


class Watch:
    """Asks `should_stop` at least once a second and tells `on_progress` a few times a second at most."""

    def __init__(self, time_limit: float, on_progress: Callable | None, should_stop: Callable | None):
        self.began = time.monotonic()
        self.time_limit = time_limit
        self.on_progress, self.should_stop = on_progress, should_stop
        self.is_stopped = False
        self.asked_at = self.told_at = 0.0
        self.scores = None
        self.stage("begin", 0.0, 0.02, 1.0)

    def stage(self, name: str, share_from: float, share_to: float, until: float) -> None:
        """A new stage, that may last until this share of the time limit has gone by."""
        self.name, self.share_from, self.share_to = name, share_from, share_to
        self.stage_began, self.ends = time.monotonic(), self.began + until * self.time_limit
        self.tell(now=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds that this stage still has."""
        return max(0.0, self.ends - time.monotonic())

    def is_over(self) -> bool:
        """Whether this stage has to end now; also keeps the progress going."""
        self.tell()
        return self.asked_to_stop() or self.left <= 0

    def asked_to_stop(self) -> bool:
        if self.should_stop and not self.is_stopped and time.monotonic() - self.asked_at > SECONDS_BETWEEN_QUESTIONS:
            self.asked_at = time.monotonic()
            self.is_stopped = bool(self.should_stop())
        return self.is_stopped

    def tell(self, now=False) -> None:
        if self.on_progress and (now or time.monotonic() - self.told_at > SECONDS_BETWEEN_REPORTS):
            self.told_at = time.monotonic()
            self.on_progress(self.share(), self.name, self.scores)

    def share(self) -> float:
        """Between 0 and 1: nobody knows how long a search takes, so within a stage it slows down towards its end."""
        gone = time.monotonic() - self.stage_began
        typical = max(0.5, self.time_limit / 6)
        return self.share_from + (self.share_to - self.share_from) * gone / (gone + typical)
