"""Visits that are moved and taken out by hand where parts, tools and order tie them together.

``wang`` and ``li`` begin at home, 10 minutes from the lake and 20 from the station; the depot is at the station and hands out
parts in 10 minutes. ``t1`` at the lake needs a fuse, which only ``wang`` has in the van, and a hoist, which only ``li`` owns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.format.model import After, Depot, Finished, Part, Plan, Previous, Request, Route
from dispatch.judge import judge
from dispatch.planning.place_by_hand import Placed, place_by_hand, take_out_by_hand
from tests.builders import at, between, engineer, shift, ticket
from tests.dispatch.judge.court import town
from tests.dispatch.judge.writer import drive, pickup, skip, visit, write

DEPOT = Depot("depot", "station", (between("07:00", "19:00"),), 600, {"fuse": 2}, tools={"hoist": 1})


def make(**more: Any) -> Request:  # noqa: ANN401 - a builder
    """Make the day; ``more`` is of t1."""
    return town(
        [ticket("t1", "lake", **{"parts": {"fuse": 1}, **more}), ticket("t2", "hills")],
        [
            engineer("wang", [shift("wang-mon")], van={"fuse": 1}),
            engineer("li", [shift("li-mon")], tools=("hoist",)),
        ],
        parts={"fuse": Part(substitutes=("fuse_plus",))},
        depots=(DEPOT,),
    )


def served_by(request: Request, name: str = "wang") -> Plan:
    """Serve both tickets by one engineer: t1, then t2."""
    return write(request, [drive(name, [visit("t1", tools=()), visit("t2")], f"{name}-mon")])


def route_of(placed: Placed, name: str) -> Route:
    assert placed.plan is not None
    return next(route for route in placed.plan.routes if route.engineer == name)


def kinds(route: Route) -> list[str]:
    return [stop.ticket or stop.kind for stop in route.stops]


def require_legal(request: Request, placed: Placed) -> Plan:
    assert placed.plan is not None
    assert placed.broken == ()
    verdict = judge(request, placed.plan)
    assert verdict.legal, verdict.violations
    assert verdict.total == placed.plan.objective.total
    return placed.plan


def test_a_visit_that_comes_to_a_van_without_its_part_brings_a_stop_at_the_depot_along() -> None:
    request = make()
    placed = place_by_hand(request, served_by(request), "t1", "li-mon", None)
    require_legal(request, placed)
    route = route_of(placed, "li")
    assert kinds(route) == ["start", "pickup", "t1", "end"]
    assert dict(route.stops[1].parts) == {"fuse": 1}
    assert kinds(route_of(placed, "wang")) == ["start", "t2", "end"]


def test_beside_what_is_finished_the_named_visit_is_moved() -> None:
    """The done ticket stands first in the request and has no row any more."""
    day = make()
    done = Previous(finished=(Finished("t0", at("07:00"), "wang"),))
    request = replace(day, tickets=(ticket("t0"), *day.tickets), previous=done)
    placed = place_by_hand(request, served_by(request), "t1", "li-mon", None)
    require_legal(request, placed)
    assert kinds(route_of(placed, "li")) == ["start", "pickup", "t1", "end"]
    assert kinds(route_of(placed, "wang")) == ["start", "t2", "end"]
    left = require_legal(request, take_out_by_hand(request, served_by(request), "t1"))
    assert [one.ticket for one in left.skipped] == ["t1"]


def test_a_stop_that_serves_nobody_any_more_goes_with_the_visit() -> None:
    request = make()
    moved = place_by_hand(request, served_by(request), "t1", "li-mon", None)
    back = place_by_hand(request, require_legal(request, moved), "t1", "wang-mon", 0)
    plan = require_legal(request, back)
    assert [kinds(route) for route in plan.routes] == [["start", "t1", "t2", "end"]]
    assert dict(plan.routes[0].stops[1].parts) == {"fuse": 1}
    assert plan.objective.total == served_by(request).objective.total
    out = take_out_by_hand(request, require_legal(request, moved), "t1")
    assert [kinds(route) for route in require_legal(request, out).routes] == [["start", "t2", "end"]]


def test_a_tool_is_lent_on_the_way_where_the_engineer_owns_none() -> None:
    request = make(parts={}, tools=["hoist"])
    plan = write(request, [drive("li", [visit("t1", tools=("hoist",)), visit("t2")], "li-mon")])
    placed = place_by_hand(request, plan, "t1", "wang-mon", None)
    require_legal(request, placed)
    assert [stop.tools for stop in route_of(placed, "wang").stops] == [(), ("hoist",), ("hoist",), ()]


def test_what_a_stop_fetches_anyway_is_not_fetched_twice_over() -> None:
    request = make()
    fuse = pickup("depot", {"fuse": 1})
    plan = write(
        request,
        [drive("li", [fuse, visit("t1", tools=())], "li-mon"), drive("wang", [visit("t2")], "wang-mon")],
    )
    placed = place_by_hand(request, plan, "t2", "li-mon", 1)
    require_legal(request, placed)
    assert kinds(route_of(placed, "li")) == ["start", "pickup", "t1", "t2", "end"]


def test_a_part_that_nobody_has_is_told_and_not_planned() -> None:
    request = make(parts={"fuse": 4})
    plan = write(request, [drive("wang", [visit("t2")], "wang-mon")], [skip("t1")])
    placed = place_by_hand(request, plan, "t1", "wang-mon", None)
    assert not placed.is_legal


@pytest.mark.parametrize(("place", "legal"), [(0, False), (1, True)])
def test_what_follows_another_visit_is_legal_behind_it_alone(place: int, legal: bool) -> None:
    request = make()
    first, second = request.tickets
    tickets = (first, ticket("t2", "hills", after=(After("t1"),)))
    assert second.id == "t2"
    request = town(tickets, request.engineers, parts=request.parts, depots=request.depots)
    placed = place_by_hand(request, served_by(request), "t2", "wang-mon", place)
    assert placed.is_legal == legal
