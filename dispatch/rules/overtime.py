"""Overtime: each hour that a route runs past its shift's ``end`` costs ``overtime_per_h``.

>>> OVER.say("zh", {"engineer": "张伟", "over": "20 分钟"})
'张伟 加班 20 分钟'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of
from dispatch.rulebook.visits import list_routes, whole_s
from solver.problem import grains_per_s
from solver.terms import Term, TourRate

CODE = "overtime"
OBJECTIVE: str | None = "overtime"

OVER = Sentence("overtime.over", zh="{engineer} 加班 {over}", en="{engineer} works {over} of overtime")


def terms(lowering: Lowering) -> list[Term]:
    """Price the seconds of tours past their shift's end."""
    return [TourRate(0, grains_per_s(cents_of(lowering.request.weights.overtime_per_h)))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each route that reaches its end after its shift's."""
    per_s = grains_per_s(cents_of(request.weights.overtime_per_h))
    return [
        Line(
            CODE,
            OVER,
            {"engineer": driven.engineer.id, "over": Seconds(over_s)},
            over_s * per_s,
            engineer=driven.engineer.id,
            shift=driven.shift.id,
        )
        for driven in list_routes(request, plan)
        if (over_s := whole_s(driven.shift.end, driven.route.stops[-1].arrive)) > 0
    ]
