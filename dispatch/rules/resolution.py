"""Promised resolution: ending work after ``resolve.by`` costs ``cost`` at once and ``cost_per_h`` for each hour late.

Price for an end e > by: cost + (e − by) × cost_per_h ÷ 3600; e = by is in time.

>>> LATE.say("zh", {"ticket": "T1", "late": "5 分钟"})
'T1 解决逾期 5 分钟'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of, grains_of
from dispatch.rulebook.visits import list_visits, whole_s
from solver.problem import FAR_S, grains_per_s
from solver.terms import LateEnd, Term

CODE = "resolution"
OBJECTIVE: str | None = "late_resolution"

LATE = Sentence("resolution.late", zh="{ticket} 解决逾期 {late}", en="{ticket} is resolved {late} late")


def terms(lowering: Lowering) -> list[Term]:
    """Price late ends."""
    rows = [
        (FAR_S, 0, 0)
        if ticket.resolve is None
        else (
            lowering.at_s(ticket.resolve.by),
            grains_of(ticket.resolve.cost),
            grains_per_s(cents_of(ticket.resolve.cost_per_h)),
        )
        for ticket in lowering.request.tickets
    ]
    by_s, once, rate = (column.copy() for column in np.array(rows, np.int64).reshape(-1, 3).T)
    return [LateEnd(by_s, once, rate)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each visit that ends too late."""
    return [
        Line(
            CODE,
            LATE,
            {"ticket": visit.ticket.id, "late": Seconds(late_s)},
            grains_of(limit.cost) + late_s * grains_per_s(cents_of(limit.cost_per_h)),
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_visits(request, plan)
        if (limit := visit.ticket.resolve) is not None and (late_s := whole_s(limit.by, visit.stop.leave)) > 0
    ]
