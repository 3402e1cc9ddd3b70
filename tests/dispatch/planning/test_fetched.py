"""The plan in force begins as it was planned: stops at depots that nobody tells are found again, and more means are never dearer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from benchmarks.rich_trials import MEANS, put_in_force, release
from dispatch.example import FEATURES, make_rich
from dispatch.format.model import Depot, Inbound, Plan, Request
from dispatch.judge import judge
from dispatch.planning import Engine, Stop, solve
from dispatch.planning.fetched import plan_in_force
from tests.builders import at, between, engineer, request, ticket

OPEN = (between("08:00", "18:00"),)
FEW = Stop(iterations=600)
MINUTE = timedelta(minutes=1)


def again(world: Request, plan: Plan) -> tuple[Request, Plan]:
    """Put a plan in force, and write it as it is found again."""
    later = put_in_force(world, plan)
    warm = Engine(later).warm
    return later, plan_in_force(warm.lowered, warm.arrays)


def pickups_of(plan: Plan) -> list[tuple[str | None, dict[str, int], Sequence[str], str]]:
    """List depot, parts, tools and begin of each stop at a depot."""
    stops = [stop for route in plan.routes for stop in route.stops if stop.kind == "pickup"]
    return [(stop.depot, dict(stop.parts), stop.tools, stop.begin.strftime("%H:%M")) for stop in stops]


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_more_means_are_never_dearer_with_the_smaller_plan_in_force(seed: int, days: int) -> None:
    world = release(make_rich(8, 40, days, seed))
    plan = solve(world, stop=Stop(iterations=1500), threads=1)
    for name, add in MEANS.items():
        larger = put_in_force(add(Random(seed), world), plan)  # noqa: S311 - no secret is drawn
        found = solve(larger, stop=Stop(iterations=1), threads=1)
        verdict = judge(larger, found)
        assert verdict.violations == (), name
        assert verdict.total == found.objective.total, name
        assert found.objective.total <= plan.objective.total + Decimal("0.02"), name


def test_a_stop_that_must_have_been_made_is_found_again() -> None:
    depots = (
        Depot("near", "station", OPEN, 300, {"pump": 5}),
        Depot("far", "hills", OPEN, 300, {"pump": 5}, tools={"ladder": 1}),
    )
    tickets = [ticket("t1"), ticket("t2", parts={"pump": 2}), ticket("t3", tools=("ladder",))]
    world = request(tickets, [engineer("wang")], depots=depots)
    plan = solve(world, stop=FEW, threads=1)
    assert pickups_of(plan)
    later, found = again(world, plan)
    assert pickups_of(found) == pickups_of(plan)
    assert solve(later, stop=Stop(iterations=1), threads=1).objective.total <= plan.objective.total


def test_a_stop_that_waited_for_a_delivery_waits_again_and_leaves_the_stock_to_others() -> None:
    depots = (Depot("d", "hills", OPEN, 300, {"pump": 1}, (Inbound("pump", 1, at("12:30")),)),)
    tickets = [
        ticket("early", parts={"pump": 1}, windows=[between("09:00", "09:30")]),
        ticket("late", parts={"pump": 1}, windows=[between("13:30", "15:00")]),
    ]
    world = request(tickets, [engineer("wang"), engineer("li")], "08:00", depots=depots)
    plan = solve(world, stop=FEW, threads=1)
    assert plan.skipped == ()
    later, found = again(world, plan)
    assert {stop.ticket for route in found.routes for stop in route.stops} >= {"early", "late"}
    assert solve(later, stop=Stop(iterations=1), threads=1).skipped == ()


def test_parts_that_are_in_the_van_are_not_fetched() -> None:
    depots = (Depot("d", "hills", OPEN, 300, {"pump": 5}),)
    world = request([ticket("t1", parts={"pump": 1})], [engineer("wang", van={"pump": 1})], depots=depots)
    _, found = again(world, solve(world, stop=FEW, threads=1))
    assert pickups_of(found) == []
    assert [dict(stop.parts) for route in found.routes for stop in route.stops] == [{"pump": 1}]


def test_a_ticket_whose_parts_are_nowhere_any_more_is_left_out_and_the_others_stay() -> None:
    depots = (Depot("d", "hills", OPEN, 300, {"pump": 1}),)
    tickets = [ticket("t1"), ticket("t2", parts={"pump": 1}), ticket("t3")]
    world = request(tickets, [engineer("wang")], depots=depots)
    plan = solve(world, stop=FEW, threads=1)
    assert plan.skipped == ()
    _, found = again(replace(world, depots=(replace(depots[0], stock={}),)), plan)
    assert {stop.ticket for route in found.routes for stop in route.stops} == {"t1", "t3"}


@pytest.mark.parametrize("seed", range(4))
def test_a_day_that_has_become_shorter_keeps_what_there_is_room_for(seed: int) -> None:
    ties = [feature for feature in FEATURES if feature != "previous"]
    world = make_rich(6, 30, 1, seed, features=ties)
    plan = solve(world, stop=Stop(iterations=1000), threads=1)
    short = replace(
        world,
        engineers=tuple(
            replace(
                each,
                shifts=tuple(replace(one, end=one.end - 90 * MINUTE, overtime_s=0) for one in each.shifts),
            )
            for each in world.engineers
        ),
    )
    later, found = again(short, plan)
    planned = {stop.ticket for route in plan.routes for stop in route.stops if stop.ticket}
    kept = {stop.ticket for route in found.routes for stop in route.stops if stop.ticket}
    assert kept <= planned
    assert len(kept) > len(planned) / 2
    assert judge(later, solve(later, stop=Stop(iterations=200), threads=1)).violations == ()
