"""Travel: how long and how far the engineers are on the road.

Formulas: ``travel_s`` = Σ over routes of ``travel_s``; ``travel_m`` = Σ over routes of ``travel_m``. The way from the
start of a shift and back home is part of it.

Source: planning format, sums of a route.

>>> add_up([Route("wang", "mon", (), 1200, 8000, 0, 0, 0), Route("li", "mon", (), 300, 2500, 0, 0, 0)])
{'travel_s': 1500, 'travel_m': 10500}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatch.format.model import Plan, Request, Route

FIGURES: tuple[str, ...] = ("travel_s", "travel_m")


def measure(plan: Plan, request: Request | None) -> Mapping[str, int | None]:
    """Add up seconds and metres of all legs."""
    return add_up(plan.routes)


def add_up(routes: Iterable[Route]) -> dict[str, int]:
    """Return whole seconds and metres of travel over routes."""
    totals = [(route.travel_s, route.travel_m) for route in routes]
    return {"travel_s": sum(seconds for seconds, _ in totals), "travel_m": sum(metres for _, metres in totals)}
