"""Using a shift at all costs ``use_shift``; a shift without a visit costs nothing.

>>> USED.say("en", {"engineer": "wang", "shift": "D1"})
'wang goes out in shift D1'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import grains_of
from dispatch.rulebook.visits import list_routes
from solver.terms import Term, TourPrice

CODE = "use_shift"
OBJECTIVE: str | None = "use"

USED = Sentence("use_shift.used", zh="{engineer} 出勤班次 {shift}", en="{engineer} goes out in shift {shift}")


def terms(lowering: Lowering) -> list[Term]:
    """Price the use of a tour."""
    return [TourPrice(grains_of(lowering.request.weights.use_shift))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each route; nothing is told where the price is 0."""
    price = grains_of(request.weights.use_shift)
    if not price:
        return []
    return [
        Line(
            CODE,
            USED,
            {"engineer": driven.engineer.id, "shift": driven.shift.id},
            price,
            engineer=driven.engineer.id,
            shift=driven.shift.id,
        )
        for driven in list_routes(request, plan)
    ]
