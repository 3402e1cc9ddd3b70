"""Reading back: a solution becomes routes with stops, sums and an objective that is exact to the grain."""

from __future__ import annotations

from decimal import Decimal

from dispatch.example import make_request
from dispatch.format.model import TERMS, Stop, Weights
from dispatch.planning.read_back import grains_by_term
from solver.reference import price
from tests.builders import PLACES, at, engineer, lunch, matrix, request, shift, ticket
from tests.dispatch.planning.greedy import plan_greedily

NEAR = {"locations": PLACES[:3], "travel": matrix([[0, 10, 20], [10, 0, 30], [20, 30, 0]])}


def test_a_day_reads_as_it_happens() -> None:
    tickets = [
        ticket("t1", "lake", windows=[(at("09:00"), at("09:30"))]),
        ticket("t2", "station", 7200, windows=[(at("13:00"), at("14:00"))]),
    ]
    crew = [engineer(shifts=[shift(breaks=(lunch("12:00", "13:00"),))])]
    _, _, plan = plan_greedily(request(tickets, crew, **NEAR))
    (route,) = plan.routes
    assert route.stops == (
        Stop("start", "home", at("08:00"), at("08:00"), at("08:00")),
        Stop("visit", "lake", at("08:10"), at("09:00"), at("10:00"), 600, 5000, ticket="t1"),
        Stop("break", "station", at("10:30"), at("12:00"), at("12:30"), 1800, 15_000, break_=0),
        Stop("visit", "station", at("12:30"), at("13:00"), at("15:00"), ticket="t2"),
        Stop("end", "home", at("15:20"), at("15:20"), at("15:20"), 1200, 10_000),
    )
    assert (route.travel_s, route.travel_m, route.work_s, route.wait_s, route.overtime_s) == (
        3600,
        30_000,
        3 * 3600,
        50 * 60 + 90 * 60 + 30 * 60,
        0,
    )


def test_an_open_end_repeats_the_last_stop() -> None:
    crew = [engineer(shifts=[shift(end_location=None)])]
    _, _, plan = plan_greedily(request(engineers=crew, **NEAR))
    assert plan.routes[0].stops[-1] == Stop("end", "lake", at("09:10"), at("09:10"), at("09:10"))


def test_overtime_counts_from_the_shift_s_end() -> None:
    crew = [engineer(shifts=[shift(end="09:00", overtime_s=3600)])]
    _, _, plan = plan_greedily(request(engineers=crew, **NEAR))
    assert plan.routes[0].overtime_s == 20 * 60
    assert plan.objective.terms["overtime"] == Decimal("30.00")


def test_a_paid_hour_delays_the_departure() -> None:
    world = request([ticket(release=at("10:00"))], weights=Weights(duration_per_h=Decimal(12)), **NEAR)
    _, _, plan = plan_greedily(world)
    assert [stop.leave for stop in plan.routes[0].stops] == [at("09:50"), at("11:00"), at("11:10")]
    assert plan.objective.terms["duration"] == Decimal("16.00")


def test_an_absence_at_the_start_delays_the_departure() -> None:
    crew = [engineer(shifts=[shift(absences=((at("08:05"), at("09:00")),))])]
    _, _, plan = plan_greedily(request(engineers=crew, **NEAR))
    (route,) = plan.routes
    assert [(stop.arrive, stop.begin, stop.leave) for stop in route.stops[:2]] == [
        (at("09:00"), at("09:00"), at("09:00")),
        (at("09:10"), at("09:10"), at("10:10")),
    ]
    assert route.wait_s == 0


def test_what_is_left_out_is_priced_or_makes_the_plan_infeasible() -> None:
    far = [(at("23:00"), at("23:00"))]
    left = [ticket("t1", windows=far, skip_cost=Decimal("12.34")), ticket("t2")]
    _, _, plan = plan_greedily(request(left, **NEAR))
    assert (plan.status, [skipped.ticket for skipped in plan.skipped]) == ("ok", ["t1"])
    assert plan.objective.terms["skipped"] == Decimal("12.34")
    _, _, plan = plan_greedily(request([ticket("t1", windows=far, skip_cost=None)], **NEAR))
    assert (plan.status, plan.objective.total) == ("infeasible", Decimal("0.00"))


def test_the_objective_has_every_term_and_its_total_is_rounded_from_the_exact_sum() -> None:
    lowered, routes, plan = plan_greedily(make_request(3, 12, 2))
    assert tuple(plan.objective.terms) == TERMS
    grains = grains_by_term(lowered.request, plan)
    assert sum(grains.values()) == price(lowered.problem, routes)[0]
    assert plan.objective.total == (Decimal(sum(grains.values())) / 1_800_000).quantize(Decimal("0.01"))
