"""Balance: (hours of travel, visits and pick-ups of an engineer in the whole plan)² × ``balance_per_h2``.

Each engineer's price is rounded half up to 0.0001 CNY, which is 180 grains.

>>> BUSY.say("en", {"engineer": "wang", "busy": "8 h"})
'wang is busy for 8 h'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of
from dispatch.rulebook.visits import list_routes, whole_s
from solver.problem import balance_grains
from solver.terms import Term, WorkerSquare

CODE = "balance"
OBJECTIVE: str | None = "balance"

BUSY = Sentence("balance.busy", zh="{engineer} 共忙碌 {busy}", en="{engineer} is busy for {busy}")


def terms(lowering: Lowering) -> list[Term]:
    """Price the squared hours of workers."""
    return [WorkerSquare(cents_of(lowering.request.weights.balance_per_h2))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each engineer's busy time over all routes."""
    price = cents_of(request.weights.balance_per_h2)
    busy_s: dict[str, int] = {}
    for driven in list_routes(request, plan):
        seconds = sum(
            stop.travel_s + (whole_s(stop.begin, stop.leave) if stop.kind in {"visit", "pickup"} else 0)
            for stop in driven.route.stops
        )
        busy_s[driven.engineer.id] = busy_s.get(driven.engineer.id, 0) + seconds
    return [
        Line(
            CODE,
            BUSY,
            {"engineer": engineer_id, "busy": Seconds(seconds)},
            balance_grains(seconds, price),
            engineer=engineer_id,
        )
        for engineer_id, seconds in busy_s.items()
        if price
    ]
