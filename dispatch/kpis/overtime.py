"""Overtime: how long routes run past the end of their shifts, and how many do.

Formulas: ``overtime_s`` = Σ over routes of ``overtime_s``; ``overtime_routes`` = routes with more than 0 s of it.

Source: planning format, sums of a route, and "Objective", term ``overtime``.

>>> add_up([Route("wang", "mon", (), 0, 0, 0, 0, 1800), Route("li", "mon", (), 0, 0, 0, 0, 0)])
{'overtime_s': 1800, 'overtime_routes': 1}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatch.format.model import Plan, Request, Route

FIGURES: tuple[str, ...] = ("overtime_s", "overtime_routes")


def measure(plan: Plan, request: Request | None) -> Mapping[str, int | None]:
    """Add up seconds of overtime, and count the routes that have any."""
    return add_up(plan.routes)


def add_up(routes: Iterable[Route]) -> dict[str, int]:
    """Return whole seconds of overtime over routes, and how many routes have some."""
    overtimes_s = [route.overtime_s for route in routes]
    return {"overtime_s": sum(overtimes_s), "overtime_routes": sum(overtime_s > 0 for overtime_s in overtimes_s)}
