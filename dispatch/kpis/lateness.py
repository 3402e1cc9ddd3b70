"""Lateness: how many served tickets break a promise, and by how much.

Formulas, for a served ticket with begin b (the last of a crew) and end e (the last of a crew):

- late to arrive: max(0, b − ``arrive.by``) seconds; late to resolve: max(0, e − ``resolve.by``) seconds;
- its price: for each promise that is broken, ``cost`` + seconds late × ``cost_per_h`` ÷ 3600, to the cent, half up;
- ``late`` = tickets with a broken promise; ``late_s`` = Σ over them of the larger of the two.

A ticket that is left out is not late: it is counted among the skipped. Without the request no promise is known.

Source: planning format, "Objective", terms ``late_arrival`` and ``late_resolution``.

>>> from datetime import datetime, timezone
>>> nine = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
>>> promise = Deadline(nine, cost=Decimal(300), cost_per_h=Decimal(200))
>>> price(promise, late_by(promise, nine.replace(minute=20)))
Decimal('366.67')
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from dispatch.format.model import Deadline, Plan, Request, Stop, Ticket
from dispatch.rulebook.visits import whole_s

FIGURES: tuple[str, ...] = ("late", "late_s")

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Lateness:
    """By how much one served ticket is late; 0 seconds where a promise is kept, or there is none.

    Parameters
    ----------
    arrive_s, resolve_s
        Whole seconds past ``arrive.by`` and ``resolve.by``.
    cost_cny
        What both cost together.
    """

    arrive_s: int
    resolve_s: int
    cost_cny: Decimal

    @property
    def worst_s(self) -> int:
        """Return the larger of the two."""
        return max(self.arrive_s, self.resolve_s)


def measure(plan: Plan, request: Request | None) -> Mapping[str, int | None]:
    """Count late tickets and add up their seconds."""
    if request is None:
        return dict.fromkeys(FIGURES)
    late = find_late(plan, request)
    return {"late": len(late), "late_s": sum(lateness.worst_s for lateness in late.values())}


def find_late(plan: Plan, request: Request) -> dict[str, Lateness]:
    """Return the lateness of each late ticket by its id, in the order of the request; tickets in time are not in it."""
    visits: dict[str, list[Stop]] = defaultdict(list)
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind == "visit" and stop.ticket is not None:
                visits[stop.ticket].append(stop)
    found = {ticket.id: _lateness(ticket, visits[ticket.id]) for ticket in request.tickets if ticket.id in visits}
    return {name: lateness for name, lateness in found.items() if lateness.worst_s > 0}


def _lateness(ticket: Ticket, visits: list[Stop]) -> Lateness:
    arrive_s = late_by(ticket.arrive, max(stop.begin for stop in visits))
    resolve_s = late_by(ticket.resolve, max(stop.leave for stop in visits))
    exact = _exact(ticket.arrive, arrive_s) + _exact(ticket.resolve, resolve_s)
    return Lateness(arrive_s, resolve_s, exact.quantize(CENT, ROUND_HALF_UP))


def late_by(promise: Deadline | None, moment: datetime) -> int:
    """Return how many whole seconds a moment lies behind a promise; 0 at it, before it, or without one."""
    return 0 if promise is None else max(0, whole_s(promise.by, moment))


def price(promise: Deadline | None, late_s: int) -> Decimal:
    """Return what being so late costs, in CNY, to the cent; 0 seconds cost nothing."""
    return _exact(promise, late_s).quantize(CENT, ROUND_HALF_UP)


def _exact(promise: Deadline | None, late_s: int) -> Decimal:
    return promise.cost + promise.cost_per_h * late_s / 3600 if promise is not None and late_s > 0 else Decimal(0)
