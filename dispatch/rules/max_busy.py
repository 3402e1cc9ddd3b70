"""An engineer's ``max_busy_s``: travel, visits and pick-ups of all shifts take at most so long together.

>>> TOO_BUSY.say("en", {"engineer": "wang", "over": "5 min"})
'wang is busy 5 min more than is allowed'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering, optional_limits
from dispatch.rulebook.visits import list_routes, whole_s
from solver.problem import FAR_S
from solver.terms import Term, WorkerLimit

CODE = "max_busy"
OBJECTIVE: str | None = None

TOO_BUSY = Sentence(
    "max_busy.more",
    zh="{engineer} 的工时与行程超出上限 {over}",
    en="{engineer} is busy {over} more than is allowed",
)


def terms(lowering: Lowering) -> list[Term]:
    """Bound each worker's legs and services."""
    return [WorkerLimit(optional_limits((engineer.max_busy_s for engineer in lowering.request.engineers), FAR_S))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each engineer who is busy for too long."""
    busy_s: dict[str, int] = {}
    broken: set[str] = set()
    for driven in list_routes(request, plan):
        broken |= {driven.engineer.id} if driven.is_broken else set()
        for stop in driven.route.stops:
            work_s = whole_s(stop.begin, stop.leave) if stop.kind in {"visit", "pickup"} else 0
            busy_s[driven.engineer.id] = busy_s.get(driven.engineer.id, 0) + stop.travel_s + work_s
    return [
        Line(
            CODE,
            TOO_BUSY,
            {"engineer": engineer.id, "over": Seconds(busy_s[engineer.id] - engineer.max_busy_s)},
            breach=True,
            engineer=engineer.id,
        )
        for engineer in request.engineers
        if engineer.id not in broken
        and engineer.max_busy_s is not None
        and busy_s.get(engineer.id, 0) > engineer.max_busy_s
    ]
