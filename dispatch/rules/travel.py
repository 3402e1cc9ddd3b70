"""Travel: each hour of each leg costs ``travel_per_h``, each kilometre ``travel_per_km``.

>>> DRIVEN.say("en", {"engineer": "wang", "travel": "1 h", "km": "23.4"})
'wang travels 1 h, 23.4 km'
"""

from __future__ import annotations

from decimal import Decimal

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of
from dispatch.rulebook.visits import list_routes
from solver.problem import grains_per_m, grains_per_s
from solver.terms import LegRate, Term

CODE = "travel"
OBJECTIVE: str | None = "travel"

DRIVEN = Sentence("travel.driven", zh="{engineer} 路上 {travel}，{km} 公里", en="{engineer} travels {travel}, {km} km")


def terms(lowering: Lowering) -> list[Term]:
    """Price seconds and metres of legs."""
    weights = lowering.request.weights
    return [LegRate(grains_per_s(cents_of(weights.travel_per_h)), grains_per_m(cents_of(weights.travel_per_km)))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each route's legs, from its stops."""
    per_s = grains_per_s(cents_of(request.weights.travel_per_h))
    per_m = grains_per_m(cents_of(request.weights.travel_per_km))
    told = []
    for driven in list_routes(request, plan):
        travel_s = sum(stop.travel_s for stop in driven.route.stops)
        travel_m = sum(stop.travel_m for stop in driven.route.stops)
        params: dict[str, object] = {
            "engineer": driven.engineer.id,
            "travel": Seconds(travel_s),
            "km": (Decimal(travel_m) / 1000).quantize(Decimal("0.1")),
        }
        grains = travel_s * per_s + travel_m * per_m
        told.append(Line(CODE, DRIVEN, params, grains, engineer=driven.engineer.id, shift=driven.shift.id))
    return told
