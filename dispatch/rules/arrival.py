"""Promised arrival: beginning work after ``arrive.by`` costs ``cost`` at once and ``cost_per_h`` for each hour late.

Price for a begin b > by: cost + (b − by) × cost_per_h ÷ 3600; b = by is in time.

>>> LATE.say("zh", {"ticket": "T1", "late": "5 分钟"})
'T1 上门迟到 5 分钟'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.deadlines import lay_out, price_lateness
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.visits import list_leads, whole_s
from solver.terms import LateStart, Term

CODE = "arrival"
OBJECTIVE: str | None = "late_arrival"

LATE = Sentence("arrival.late", zh="{ticket} 上门迟到 {late}", en="{ticket} is begun {late} late")


def terms(lowering: Lowering) -> list[Term]:
    """Price late beginnings."""
    return [LateStart(*lay_out(lowering, (ticket.arrive for ticket in lowering.request.tickets)))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each visit that begins too late."""
    return [
        Line(
            CODE,
            LATE,
            {"ticket": visit.ticket.id, "late": Seconds(late_s)},
            price_lateness(limit, late_s),
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_leads(request, plan)
        if (limit := visit.ticket.arrive) is not None and (late_s := whole_s(limit.by, visit.stop.begin)) > 0
    ]
