"""Tickets: how many there are, how many of them somebody visits, how many are left out.

Formulas: ``tickets`` = tickets of the request; ``served`` = different tickets with a visit, so that a crew counts once;
``skipped`` = entries of the plan's ``skipped``. In a legal plan tickets = served + skipped; without the request the
tickets are those that the plan names.

Source: planning format, "What makes a plan legal": every ticket is served once or is in ``skipped``.

>>> from datetime import datetime, timezone
>>> noon = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
>>> sorted(list_served([Stop("visit", "lake", noon, noon, noon, ticket=name) for name in ("T2", "T1", "T2")]))
['T1', 'T2']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispatch.format.model import Plan, Request, Stop

FIGURES: tuple[str, ...] = ("tickets", "served", "skipped")


def measure(plan: Plan, request: Request | None) -> Mapping[str, int | None]:
    """Count tickets."""
    served = list_served(stop for route in plan.routes for stop in route.stops)
    skipped = {skipped.ticket for skipped in plan.skipped}
    asked = {ticket.id for ticket in request.tickets} if request else set()
    return {"tickets": len(asked | served | skipped), "served": len(served), "skipped": len(plan.skipped)}


def list_served(stops: Iterable[Stop]) -> set[str]:
    """Return the ids of the tickets that are visited at some stop."""
    return {stop.ticket for stop in stops if stop.kind == "visit" and stop.ticket is not None}
