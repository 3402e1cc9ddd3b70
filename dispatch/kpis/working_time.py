"""Working time: how long engineers work at customers, and how long they wait before they can begin.

Formulas: ``work_s`` = Σ over routes of ``work_s`` (visits and pick-ups, each engineer of a crew by himself);
``wait_s`` = Σ over routes of ``wait_s`` (from arriving at a stop to beginning there).

Source: planning format, sums of a route.

>>> add_up([Route("wang", "mon", (), 0, 0, 7200, 600, 0), Route("li", "mon", (), 0, 0, 3600, 0, 0)])
{'work_s': 10800, 'wait_s': 600}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatch.format.model import Plan, Request, Route

FIGURES: tuple[str, ...] = ("work_s", "wait_s")


def measure(plan: Plan, request: Request | None) -> Mapping[str, int | None]:
    """Add up seconds of work and of waiting."""
    return add_up(plan.routes)


def add_up(routes: Iterable[Route]) -> dict[str, int]:
    """Return whole seconds of work and of waiting over routes."""
    totals = [(route.work_s, route.wait_s) for route in routes]
    return {"work_s": sum(work_s for work_s, _ in totals), "wait_s": sum(wait_s for _, wait_s in totals)}
