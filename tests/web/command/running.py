"""What the tests of the command line share: a run's answer, and a search that costs no time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dispatch.format.faults import Fault
from dispatch.format.model import Plan
from tests import builders


@dataclass(frozen=True)
class Answer:
    """What a run of ``paidan`` gave."""

    code: int
    out: str
    err: str


Paidan = Callable[..., Answer]


class UnsupportedError(ValueError):
    """What the search raises for what it cannot plan."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("unsupported")


@dataclass
class Search:
    """A search that returns a plan, or raises, and remembers how it was called."""

    plan: Plan = field(default_factory=builders.plan)
    error: Exception | None = None
    until_cancelled: Callable[[], None] | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)

    def solve(self, request: object, *, cancel: threading.Event, **options: object) -> Plan:
        """Answer at once, or call ``until_cancelled`` and go on until that makes itself heard."""
        self.calls.append({"request": request, **options})
        if self.until_cancelled is not None:
            self.until_cancelled()
            if not cancel.wait(timeout=30):
                raise TimeoutError
        if self.error is not None:
            raise self.error
        return self.plan
