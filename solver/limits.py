"""When a search stops, how much of that is used, and what it tells on the way."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop: after ``seconds``, after ``iterations`` over all threads, or whichever comes first; both None: 10 s."""

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that are no limits."""
        if self.seconds is not None and not (math.isfinite(self.seconds) and self.seconds >= 0):
            message = f"seconds must be a finite number ≥ 0, got {self.seconds}"
            raise ValueError(message)
        if self.iterations is not None and self.iterations < 0:
            message = f"iterations must be ≥ 0, got {self.iterations}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a search tells when it found a better solution."""

    total_grains: int
    unserved: int
    iterations: int
    seconds: float


@dataclass(slots=True)
class Budget:
    """How much of the limit is used; shared by the threads."""

    seconds: float | None
    iterations: int | None
    cancelled: Callable[[], bool]
    started: float = field(default_factory=time.perf_counter)
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def elapsed_s(self) -> float:
        """Return the seconds since the search began."""
        return time.perf_counter() - self.started

    def share(self) -> float:
        """Return the used part, 0 to 1."""
        used = 0.0
        if self.seconds is not None:
            used = self.elapsed_s() / self.seconds if self.seconds > 0 else 1.0
        if self.iterations is not None:
            used = max(used, self.done / self.iterations if self.iterations > 0 else 1.0)
        return min(used, 1.0)

    def over(self) -> bool:
        """Say whether the search has to end."""
        return self.cancelled() or self.share() >= 1.0

    def count(self, iterations: int) -> None:
        """Count iterations that a thread has done."""
        with self.lock:
            self.done += iterations
