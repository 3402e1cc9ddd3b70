"""A shift's ``max_travel_s``: its legs take at most so long together.

>>> TOO_FAR.say("en", {"engineer": "wang", "shift": "D1", "over": "5 min"})
'wang travels 5 min more in shift D1 than is allowed'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering, optional_limits
from dispatch.rulebook.visits import list_routes
from solver.problem import FAR_S
from solver.terms import Term, TourLimit

CODE = "max_travel"
OBJECTIVE: str | None = None

TOO_FAR = Sentence(
    "max_travel.more",
    zh="{engineer} 的班次 {shift} 行程超出上限 {over}",
    en="{engineer} travels {over} more in shift {shift} than is allowed",
)


def terms(lowering: Lowering) -> list[Term]:
    """Bound the seconds of legs of each tour."""
    return [TourLimit(max_travel_s=optional_limits((tour.shift.max_travel_s for tour in lowering.tours), FAR_S))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each route that travels too long."""
    told = []
    for driven in list_routes(request, plan):
        limit_s = driven.shift.max_travel_s
        over_s = sum(stop.travel_s for stop in driven.route.stops) - (limit_s or 0)
        if limit_s is not None and over_s > 0 and not driven.is_broken:
            about = {"engineer": driven.engineer.id, "shift": driven.shift.id}
            told.append(
                Line(
                    CODE,
                    TOO_FAR,
                    {**about, "over": Seconds(over_s)},
                    breach=True,
                    engineer=about["engineer"],
                    shift=about["shift"],
                )
            )
    return told
