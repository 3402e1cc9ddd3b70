"""Time away: each hour from leaving the start of a used shift to reaching its end costs ``duration_per_h``.

>>> AWAY.say("en", {"engineer": "wang", "away": "8 h"})
'wang is out for 8 h'
"""

from __future__ import annotations

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of
from dispatch.rulebook.visits import list_routes, whole_s
from solver.problem import grains_per_s
from solver.terms import Term, TourRate

CODE = "duration"
OBJECTIVE: str | None = "duration"

AWAY = Sentence("duration.away", zh="{engineer} 在外 {away}", en="{engineer} is out for {away}")


def terms(lowering: Lowering) -> list[Term]:
    """Price the seconds of used tours."""
    return [TourRate(grains_per_s(cents_of(lowering.request.weights.duration_per_h)), 0)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each route from leaving its start to reaching its end; nothing is told where the price is 0."""
    per_s = grains_per_s(cents_of(request.weights.duration_per_h))
    if not per_s:
        return []
    told = []
    for driven in list_routes(request, plan):
        away_s = whole_s(driven.route.stops[0].leave, driven.route.stops[-1].arrive)
        params: dict[str, object] = {"engineer": driven.engineer.id, "away": Seconds(away_s)}
        told.append(Line(CODE, AWAY, params, away_s * per_s, engineer=driven.engineer.id, shift=driven.shift.id))
    return told
