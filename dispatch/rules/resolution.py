"""Promised resolution: ending work after ``resolve.by`` costs ``cost`` at once and ``cost_per_h`` for each hour late.

Price for an end e > by: cost + (e − by) × cost_per_h ÷ 3600; e = by is in time.

>>> LATE.say("zh", {"ticket": "T1", "late": "5 分钟"})
'T1 解决逾期 5 分钟'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.deadlines import lay_out, price_lateness
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.visits import list_last, whole_s
from solver.terms import LateEnd, Term

CODE = "resolution"
OBJECTIVE: str | None = "late_resolution"

LATE = Sentence("resolution.late", zh="{ticket} 解决逾期 {late}", en="{ticket} is resolved {late} late")


def terms(lowering: Lowering) -> list[Term]:
    """Price late ends."""
    return [LateEnd(*lay_out(lowering, (ticket.resolve for ticket in lowering.request.tickets)))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each ticket that ends too late, with the last of its crew."""
    return [
        Line(
            CODE,
            LATE,
            {"ticket": visit.ticket.id, "late": Seconds(late_s)},
            price_lateness(limit, late_s),
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_last(request, plan)
        if (limit := visit.ticket.resolve) is not None and (late_s := whole_s(limit.by, visit.stop.leave)) > 0
    ]
