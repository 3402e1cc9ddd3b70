"""A shift's ``max_visits``: at most so many visits in its route.

>>> TOO_MANY.say("en", {"engineer": "wang", "shift": "D1", "visits": 6, "limit": 5})
'wang has 6 visits in shift D1, 5 are allowed'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering, optional_limits
from dispatch.rulebook.visits import list_routes
from solver.problem import FAR_S
from solver.terms import Term, TourLimit

CODE = "max_visits"
OBJECTIVE: str | None = None

TOO_MANY = Sentence(
    "max_visits.more",
    zh="{engineer} 的班次 {shift} 排了 {visits} 单，上限 {limit} 单",
    en="{engineer} has {visits} visits in shift {shift}, {limit} are allowed",
)


def terms(lowering: Lowering) -> list[Term]:
    """Bound the number of jobs of each tour."""
    return [TourLimit(max_jobs=optional_limits((tour.shift.max_visits for tour in lowering.tours), FAR_S))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each route with too many visits."""
    told = []
    for driven in list_routes(request, plan):
        visits = sum(stop.kind == "visit" for stop in driven.route.stops)
        limit = driven.shift.max_visits
        if limit is not None and visits > limit and not driven.is_broken:
            about = {"engineer": driven.engineer.id, "shift": driven.shift.id}
            told.append(
                Line(
                    CODE,
                    TOO_MANY,
                    {**about, "visits": visits, "limit": limit},
                    breach=True,
                    engineer=about["engineer"],
                    shift=about["shift"],
                )
            )
    return told
