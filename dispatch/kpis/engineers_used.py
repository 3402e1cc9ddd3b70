"""Engineers: how many there are, how many of them get a route.

Formulas: ``engineers`` = engineers of the request; ``engineers_used`` = different engineers with a route, so that one with
routes on two days counts once. Without the request the engineers are those that the plan names.

Source: planning format, ``engineers`` and ``routes``.

>>> sorted(list_used([Route("wang", day, (), 0, 0, 0, 0, 0) for day in ("mon", "tue")]))
['wang']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatch.format.model import Plan, Request, Route

FIGURES: tuple[str, ...] = ("engineers", "engineers_used")


def measure(plan: Plan, request: Request | None) -> Mapping[str, int | None]:
    """Count engineers."""
    used = list_used(plan.routes)
    there = {engineer.id for engineer in request.engineers} if request else set()
    return {"engineers": len(there | used), "engineers_used": len(used)}


def list_used(routes: Iterable[Route]) -> set[str]:
    """Return the ids of the engineers who drive some route."""
    return {route.engineer for route in routes}
