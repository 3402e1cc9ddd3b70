"""Random legal plans: the judge finds no fault with them, agrees on every price, and notices every edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from dispatch.format.model import TERMS, Objective, Plan, Request, Route, Stop
from dispatch.judge import judge
from tests.dispatch.judge.constructor import construct

SEEDS = 2000
BATCH = 200


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_no_legal_plan_is_called_illegal(first: int) -> None:
    for seed in range(first, first + BATCH):
        request, plan = construct(seed)
        verdict = judge(request, plan)
        assert verdict.legal, (seed, verdict.violations)
        assert (verdict.total, verdict.terms) == (plan.objective.total, plan.objective.terms), seed


def test_the_random_plans_use_every_clause() -> None:
    seen: Counter[str] = Counter()
    for seed in range(200):
        request, plan = construct(seed)
        seen.update(f"term {term}" for term in TERMS if plan.objective.terms[term])
        seen.update(_features(request, plan))
    rare = {feature: seen[feature] for feature in (*(f"term {term}" for term in TERMS), *FEATURES) if seen[feature] < 3}
    assert not rare


FEATURES = (
    "visit",
    "pickup",
    "break",
    "crew",
    "substitute",
    "lent tool",
    "after",
    "after finished",
    "same engineer",
    "two shifts",
    "open end",
    "wait",
    "late leave",
    "running shift",
    "break done",
    "absence",
    "inbound",
    "start",
    "engineer",
    "travelling",
    "told",
    "broken pin",
    "freeze",
    "budget",
    "infeasible",
    "set-up saved",
)


def _features(request: Request, plan: Plan) -> Iterator[str]:
    """Name what a plan makes use of."""
    tickets = {ticket.id: ticket for ticket in request.tickets}
    served = {stop.ticket for route in plan.routes for stop in route.stops}
    previous = request.previous
    assert previous is not None
    yield from ("infeasible" for _ in [1] if plan.status == "infeasible")
    yield from (row.pin for row in previous.visits)
    yield from (row.state for row in previous.visits)
    yield from ("broken pin" for _ in plan.broken_pins)
    yield from ("freeze" for row in previous.visits if previous.freeze_until and row.start < previous.freeze_until)
    yield from ("budget" for _ in [1] if previous.max_changes is not None)
    yield from ("two shifts" for count in Counter(route.engineer for route in plan.routes).values() if count > 1)
    for ticket in tickets.values():
        if ticket.id in served:
            yield from ("crew" for _ in [1] if ticket.crew > 1)
            yield from ("after" for after in ticket.after if after.ticket in served)
            yield from ("after finished" for after in ticket.after if after.ticket == "done")
            yield from ("same engineer" for _ in [1] if ticket.same_engineer_as in {*served, "done"} - {None})
    for route in plan.routes:
        yield from _route_features(request, route)


def _route_features(request: Request, route: Route) -> Iterator[str]:
    tickets = {ticket.id: ticket for ticket in request.tickets}
    engineer = next(each for each in request.engineers if each.id == route.engineer)
    shift = next(each for each in engineer.shifts if each.id == route.shift)
    whereabouts = request.previous.engineers if request.previous else ()
    where = [each for each in whereabouts if (each.engineer, each.shift) == (engineer.id, shift.id)]
    yield from ("running shift" for _ in where)
    yield from ("break done" for each in where for _ in each.breaks_done)
    yield from ("open end" for _ in [1] if shift.end_location is None)
    yield from ("absence" for absence in shift.absences if absence[0] < route.stops[-1].arrive)
    yield from ("late leave" for _ in [1] if route.stops[0].leave > max(shift.start, request.now))
    for before, stop in zip(route.stops, route.stops[1:], strict=False):
        yield stop.kind
        yield from ("wait" for _ in [1] if stop.begin > stop.arrive)
        yield from ("lent tool" for _ in stop.tools if stop.kind == "pickup")
        yield from ("inbound" for depot in request.depots if depot.id == stop.depot and depot.inbound and stop.parts)
        if stop.ticket:
            ticket = tickets[stop.ticket]
            yield from ("substitute" for part in stop.parts if part not in ticket.parts)
            saved = before.kind == "visit" and before.location == stop.location
            yield from ("set-up saved" for _ in [1] if ticket.setup_s and saved)


# -- edits --------------------------------------------------------------------------------------------------------


def _edit_stop(random: Random, stop: Stop) -> Stop:
    """Change one number of a stop."""
    key = random.choice(("arrive", "begin", "leave", "travel_s", "travel_m", "parts"))
    by = random.choice((-3600, -60, -1, 1, 60, 3600))
    if key == "parts" and stop.kind == "visit":
        return replace(stop, parts={**stop.parts, "wire": stop.parts.get("wire", 0) + 1})
    if key in {"travel_s", "travel_m", "parts"}:
        key = "travel_s" if key == "parts" else key
        return replace(stop, **{key: getattr(stop, key) + by})
    return replace(stop, **{key: getattr(stop, key) + timedelta(seconds=by)})


def _edit(random: Random, plan: Plan) -> Plan:
    """Change one number of a plan."""
    what = random.choice(("stop", "stop", "stop", "sum", "term", "total", "drop", "swap"))
    if what in {"term", "total"} or not plan.routes:
        cents = random.choice((Decimal("-0.03"), Decimal("0.03"), Decimal(17)))
        terms = dict(plan.objective.terms)
        if what == "total":
            return replace(plan, objective=Objective(plan.objective.total + cents, terms))
        terms[random.choice(TERMS)] += cents
        return replace(plan, objective=Objective(plan.objective.total, terms))
    row = random.randrange(len(plan.routes))
    route = plan.routes[row]
    stops = list(route.stops)
    place = random.randrange(len(stops))
    if what == "sum":
        key = random.choice(("travel_s", "travel_m", "work_s", "wait_s", "overtime_s"))
        route = replace(route, **{key: getattr(route, key) + random.choice((-1, 1, 100))})
    elif what == "drop":
        del stops[place]
    elif what == "swap":
        stops[place], stops[place - 1] = stops[place - 1], stops[place]
    else:
        stops[place] = _edit_stop(random, stops[place])
    return replace(plan, routes=(*plan.routes[:row], replace(route, stops=tuple(stops)), *plan.routes[row + 1 :]))


def test_every_edit_of_a_number_is_noticed() -> None:
    random = Random(5)  # noqa: S311 - a seeded test
    for seed in range(250):
        request, plan = construct(seed)
        for _ in range(8):
            edited = _edit(random, plan)
            assert not judge(request, edited).legal, (seed, plan, edited)


def test_a_legal_plan_stays_legal_whatever_the_order_of_its_routes() -> None:
    for seed in range(100):
        request, plan = construct(seed)
        assert judge(request, replace(plan, routes=plan.routes[::-1])).legal, seed
