from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.sets import SETS, strsp, toptw, trsp, vrptw
from benchmarks.sets.instance import Instance, Judged
from benchmarks.sets.measures import START, Measure, routes_of
from dispatch.format.model import TERMS, Objective, Plan, Request, Route, Skipped, SolverNote, Stop
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.judge import judge
from tests.benchmarks.sets.tiny import TASKS, TECHNICIANS, TOPTW, TRSP, VRPTW, write_sets


def make_plan(
    request: Request, ways: dict[str, Sequence[str]], take: dict[str, tuple[dict[str, int], list[str]]]
) -> Plan:
    """Drive given ways without waiting longer than needed; ``depot`` is a pick-up of what ``take`` says for the engineer."""
    place = {location.id: row for row, location in enumerate(request.locations)}
    tickets = {ticket.id: ticket for ticket in request.tickets}
    routes = []
    for engineer in request.engineers:
        if engineer.id not in ways:
            continue
        shift = engineer.shifts[0]
        first = max(shift.start, request.now)
        stops = [Stop("start", shift.start_location, first, first, first)]

        def go(
            kind: str, location: str, opens: datetime, lasts_s: int, stops: list[Stop] = stops, **more: object
        ) -> None:
            before = stops[-1]
            origin, destination = place[before.location], place[location]
            travel_s = request.travel.seconds[origin][destination]
            arrive = before.leave + (START.resolution * 1_000_000) * travel_s
            begin = max(arrive, opens)
            leave = begin + (START.resolution * 1_000_000) * lasts_s
            travel_m = request.travel.metres[origin][destination]
            stops.append(Stop(kind, location, arrive, begin, leave, travel_s, travel_m, **more))

        for name in ways[engineer.id]:
            if name == "depot":
                parts, tools = take[engineer.id]
                depot = request.depots[0]
                go("pickup", depot.location, depot.open[0][0], 0, depot=depot.id, parts=parts, tools=tuple(tools))
            else:
                ticket = tickets[name]
                more = {"ticket": name, "parts": ticket.parts, "tools": ticket.tools}
                go("visit", ticket.location, ticket.windows[0][0], ticket.duration_s, **more)
        go("end", str(shift.end_location), shift.start, 0)
        wait_s = sum(int((stop.begin - stop.arrive).total_seconds()) for stop in stops)
        work_s = sum(int((stop.leave - stop.begin).total_seconds()) for stop in stops if stop.kind != "start")
        travel_s, travel_m = sum(stop.travel_s for stop in stops), sum(stop.travel_m for stop in stops)
        routes.append(Route(engineer.id, shift.id, tuple(stops), travel_s, travel_m, work_s, wait_s, 0))
    served = {name for way in ways.values() for name in way}
    skipped = tuple(Skipped(ticket.id, "displaced") for ticket in request.tickets if ticket.id not in served)
    note = SolverNote("hand", 0, Decimal(0), 0, 1)
    plan = Plan("ok", Objective(Decimal(0), dict.fromkeys(TERMS, Decimal(0))), tuple(routes), skipped, note)
    verdict = judge(request, plan)
    return replace(plan, objective=Objective(verdict.total, verdict.terms))


PLANS: dict[str, tuple[Callable[[], Request], dict[str, Sequence[str]], Decimal]] = {
    "vrptw": (lambda: vrptw.make_request(vrptw.read(VRPTW)), {"1": ("1", "3"), "2": ("2",)}, Decimal("33.16")),
    "toptw": (lambda: toptw.make_request(toptw.read(TOPTW), 1, 10), {"1": ("2", "1")}, Decimal("1102.50")),
    "trsp": (lambda: trsp.make_request(trsp.read(TRSP)), {"1": ("depot", "4", "3"), "2": ("5",)}, Decimal("104.15")),
    "strsp": (
        lambda: strsp.make_request(strsp.read(TASKS, TECHNICIANS)),
        {"1": ("2",), "2": ("3",)},
        Decimal("238.00"),
    ),
}
"""For each set a request, a plan by hand and what it costs."""

TAKE = {"1": ({"part 1": 1}, ["tool 1"])}


@pytest.mark.parametrize("name", PLANS)
def test_requests_are_in_the_format_and_come_back_as_they_were(name: str) -> None:
    request = PLANS[name][0]()
    assert read_request(write_request(request)) == request


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_by_hand_is_legal_in_the_format_and_costs_what_the_set_counts(name: str) -> None:
    make_request, ways, total = PLANS[name]
    request = make_request()
    plan = make_plan(request, ways, TAKE)
    plan = read_plan(write_plan(plan), request)
    verdict = judge(request, plan)
    assert verdict.violations == ()
    assert verdict.total == total


def test_routes_are_read_off_a_plan_with_pick_ups_as_visits_to_the_depot() -> None:
    make_request, ways, _ = PLANS["trsp"]
    assert routes_of(make_plan(make_request(), ways, TAKE)) == [(1, (0, 4, 3)), (2, (5,))]


def test_what_the_set_forbids_the_format_forbids() -> None:
    def codes(
        name: str, ways: dict[str, Sequence[str]], take: dict[str, tuple[dict[str, int], list[str]]] = TAKE
    ) -> set[str]:
        request = PLANS[name][0]()
        return {violation.code for violation in judge(request, make_plan(request, ways, take)).violations}

    assert "van_stock" in codes("vrptw", {"1": ("1", "2"), "2": ("3",)})
    assert "window" in codes("toptw", {"1": ("3",)})
    assert {"van_stock", "tool"} <= codes("trsp", {"1": ("4", "3"), "2": ("5",)})
    assert "tool" in codes("trsp", {"1": ("depot", "4", "3"), "2": ("5",)}, {"1": ({"part 1": 1}, [])})
    assert "skill" in codes("strsp", {"2": ("2",)})
    assert "shift_end" in codes("strsp", {"1": ("4",)})


def test_a_distance_without_decimals_is_not_rounded_up() -> None:
    measure = Measure(100, 10_000)
    assert measure.seconds(0.07) == 7  # 0.07 × 100 is 7.000000000000001
    assert measure.seconds(0.070001) == 8
    assert measure.table([(0, 0), (3, 4), (1, 1)]).seconds == ((0, 500, 142), (500, 0, 361), (142, 361, 0))
    assert measure.table([(0, 0), (1, 1)]).metres == ((0, 14142), (14142, 0))


def test_windows_are_rounded_inwards() -> None:
    first, last = Measure(10).window(1.23, 4.56)
    assert ((first - START).total_seconds(), (last - START).total_seconds()) == (13, 45)


def test_a_price_a_unit_must_be_whole_cents_an_hour() -> None:
    assert Measure(100).per_h() == 36
    with pytest.raises(ValueError, match="whole cents"):
        Measure(700).per_h()


def test_any_profit_outweighs_all_travel() -> None:
    request = toptw.make_request(toptw.read(TOPTW), 3, 10)
    least = min(ticket.skip_cost or 0 for ticket in request.tickets) / 10  # of one unit of profit
    shift = request.engineers[0].shifts[0]
    assert least > 3 * Decimal((shift.end - shift.start).total_seconds()) / 3600 * request.weights.travel_per_h


def test_tasks_for_two_are_refused() -> None:
    with pytest.raises(ValueError, match="task 2 needs 2 people"):
        strsp.read(TASKS.replace("100\t1\t1\t0\t0", "100\t2\t1\t0\t0"), TECHNICIANS)


def test_relaxed_requests_ask_for_no_parts_and_the_checker_still_does(tmp_path: Path) -> None:
    (instance,) = SETS["trsp"].list_instances(write_sets(tmp_path))
    assert instance.relaxed is not None
    request = instance.relaxed(instance.make_request())
    assert not any(ticket.parts or ticket.tools for ticket in request.tickets)
    assert "technician 1: no tool for 4" in instance.check([(1, (4, 3)), (2, (5,))]).faults
    (instance,) = SETS["vrptw"].list_instances(tmp_path)
    assert instance.relaxed is not None
    assert not any(ticket.parts for ticket in instance.relaxed(instance.make_request()).tickets)


def test_gaps_are_positive_where_ours_is_worse() -> None:
    def make(known: float | None, *, profit: bool) -> Instance:
        return Instance("x", "x", "x", PLANS["toptw"][0], lambda _: None, known, more_is_better=profit)  # type: ignore[arg-type, return-value]

    assert make(200.0, profit=False).gap(201.0) == pytest.approx(0.005)
    assert make(200.0, profit=True).gap(201.0) == pytest.approx(-0.005)
    assert make(None, profit=True).gap(201.0) is None
    assert make(200.0, profit=False).is_better(Judged(199.98))
    assert not make(200.0, profit=False).is_better(Judged(199.995))
    assert not make(200.0, profit=True).is_better(Judged(200.0))
    assert not make(None, profit=True).is_better(Judged(200.0))
