"""Whatever a plan says, the judge answers: legal plans torn apart at random are judged without an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import dispatch.judge
from dispatch.format.model import BrokenPin, Plan, Request, Route, Skipped, Stop
from dispatch.judge import judge
from tests.dispatch.judge.constructor import construct

CODES = {code.split(".")[0] for code in re.findall(r"``([a-z_.A-Z]+)``", (dispatch.judge.__doc__ or ""))}
"""Those that the package's own words explain."""
KINDS = ("start", "visit", "pickup", "break", "end")
FAR_OFF = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))


def _names(random: Random, request: Request) -> str | None:
    """Give some id, of whatever kind, or none."""
    ids = [
        each.id for group in (request.tickets, request.engineers, request.depots, request.locations) for each in group
    ]
    return random.choice([*ids, "nobody", "done", "cancelled", "", None])


def _tear_stop(random: Random, request: Request, stop: Stop) -> Stop:
    some = _names(random, request)
    key = random.choice(("kind", "location", "ticket", "depot", "break_", "parts", "tools", "arrive", "begin", "leave"))
    moved = (
        getattr(stop, key) + timedelta(seconds=random.randrange(-9999, 9999))
        if key in {"arrive", "begin"}
        else stop.leave
    )
    torn: dict[str, object] = {
        "kind": random.choice(KINDS),
        "location": some or "nowhere",
        "ticket": some,
        "depot": some,
        "break_": random.choice((None, 0, 1, 99)),
        "parts": {some or "part": random.choice((0, 1, 10**9))},
        "tools": (some or "tool",),
        "arrive": random.choice((moved, *FAR_OFF)),
        "begin": random.choice((moved, *FAR_OFF)),
        "leave": random.choice((moved, *FAR_OFF)),
    }
    return replace(stop, **{key: torn[key]})


def _tear_route(random: Random, request: Request, route: Route) -> Route:
    stops = list(route.stops)
    random.shuffle(stops) if random.random() < 0.2 else None
    for _ in range(random.randint(0, 3)):
        if stops:
            place = random.randrange(len(stops))
            stops[place : place + 1] = [_tear_stop(random, request, stops[place])] * random.choice((0, 1, 1, 1, 2))
    who = random.choice([route.engineer, route.engineer, *(each.id for each in request.engineers), "nobody"])
    shift = random.choice([route.shift, route.shift, "mon", "tue", "x"])
    return replace(route, engineer=who, shift=shift, stops=tuple(stops))


def _tear(random: Random, request: Request, plan: Plan) -> Plan:
    routes = [_tear_route(random, request, route) for route in plan.routes for _ in range(random.choice((0, 1, 1, 2)))]
    say: Callable[[], str] = lambda: _names(random, request) or "x"  # noqa: E731 - a name for what follows
    skipped = [*plan.skipped, *(Skipped(say(), "displaced") for _ in range(random.randint(0, 2)))]
    pins = [*plan.broken_pins, *(BrokenPin(say(), "window", "") for _ in range(random.randint(0, 2)))]
    return replace(plan, routes=tuple(routes), skipped=tuple(skipped), broken_pins=tuple(pins))


def test_no_plan_is_too_torn_to_be_judged() -> None:
    random = Random(11)  # noqa: S311 - a seeded test
    legal = 0
    for seed in range(120):
        request, plan = construct(seed)
        for _ in range(8):
            torn = _tear(random, request, plan)
            verdict = judge(request, torn)
            assert verdict.legal == (not verdict.violations)
            assert {violation.code.split(".")[0] for violation in verdict.violations} <= CODES
            assert all(violation.path and violation.text for violation in verdict.violations)
            legal += verdict.legal
    assert legal < 50
