"""The door: a request in, a legal plan with reasons out, in time."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.example import make_request
from dispatch.format.model import Previous, PreviousVisit, Request
from dispatch.format.read import read_plan
from dispatch.format.write import write_plan
from dispatch.judge import judge
from dispatch.planning import Stop, Unsupported, routes_of, solve
from dispatch.planning.lower import lower
from solver.reference import check
from tests.builders import PLACES, at, engineer, matrix, request, ticket
from tests.dispatch.planning.worlds import make_world

FEW = Stop(iterations=100)


@settings(max_examples=60)
@given(st.randoms(use_true_random=False).map(make_world))
def test_every_plan_is_legal_in_the_judge_s_eyes_and_every_skipped_ticket_has_reasons(world: Request) -> None:
    plan = solve(world, stop=FEW, threads=1)
    verdict = judge(world, plan)
    assert verdict.violations == ()
    assert dict(verdict.terms) == dict(plan.objective.terms)
    problem = lower(world).problem
    for skipped in plan.skipped:
        assert skipped.reasons
        assert all(reason.text for reason in skipped.reasons)
        job = next(row for row, made in enumerate(world.tickets) if made.id == skipped.ticket)
        fits = [
            tour
            for tour in range(problem.n_tours)
            if not check(problem, [[job] if row == tour else [] for row in range(problem.n_tours)])
        ]
        if skipped.verdict == "impossible":
            assert fits == []
        if skipped.verdict == "displaced":
            assert fits != []
            assert all(reason.code == "displaced" for reason in skipped.reasons)
    assert read_plan(write_plan(plan), world) == plan


@pytest.mark.parametrize(
    "change",
    [
        {"tickets": []},
        {"engineers": []},
        {"tickets": [], "engineers": []},
        {"engineers": [engineer(shifts=[])]},
        {"tickets": [ticket("a", "home", 0), ticket("b", "home", 0)]},
        {"now": "23:00"},
        {"locations": PLACES[:2], "travel": matrix([[0, None], [None, 0]])},
        {"tickets": [ticket(skip_cost=None, requires={"none has it": 4})]},
    ],
)
def test_odd_requests_are_answered_with_reasons(change: dict[str, Any]) -> None:
    world = request(**change)
    plan = solve(world, stop=FEW, threads=1)
    assert judge(world, plan).violations == ()
    assert all(skipped.reasons for skipped in plan.skipped)
    assert len(plan.skipped) + sum(stop.kind == "visit" for route in plan.routes for stop in route.stops) == len(
        world.tickets
    )


def test_the_same_seed_gives_the_same_plan() -> None:
    world = make_request(4, 20)
    first, second = (solve(world, stop=Stop(iterations=500), seed=3, threads=1) for _ in range(2))
    assert replace(first, solver=second.solver) == second
    assert (first.solver.seed, first.solver.threads, first.solver.engine) == (3, 1, "paidan")


def test_a_start_is_never_made_worse() -> None:
    world = make_request(4, 20)
    good = solve(world, stop=Stop(iterations=3000), threads=1)
    again = solve(world, good, stop=Stop(iterations=0), threads=1)
    assert again.objective.total <= good.objective.total


def test_routes_of_a_plan_forget_what_is_gone() -> None:
    world = make_request(4, 20)
    plan = solve(world, stop=FEW, threads=1)
    fewer = replace(world, engineers=world.engineers[1:], tickets=world.tickets[::2])
    routes = routes_of(lower(fewer), plan)
    kept = {ticket.id for ticket in fewer.tickets}
    gone = next(route for route in plan.routes if route.engineer == world.engineers[0].id)
    lost = {stop.ticket for stop in gone.stops}
    planned = {stop.ticket for route in plan.routes for stop in route.stops if stop.ticket} & kept - lost
    assert {fewer.tickets[job].id for jobs in routes for job in jobs} == planned
    twice = replace(plan, routes=(*plan.routes, *plan.routes))
    assert routes_of(lower(world), twice) == routes_of(lower(world), plan)


def test_better_plans_are_told_as_they_are_found() -> None:
    told: list[tuple[Decimal, float, int, int]] = []
    world = make_request(3, 15)
    plan = solve(world, stop=Stop(iterations=2000), on_best=lambda *best: told.append(best), threads=1)
    assert told
    totals = [best[0] for best in told]
    assert totals == sorted(totals, reverse=True)
    assert plan.objective.total <= totals[-1]
    assert told[-1][3] >= len(plan.skipped)


def test_a_cancelled_search_still_answers_with_reasons() -> None:
    stopped = threading.Event()
    stopped.set()
    world = make_request(3, 15)
    began = time.monotonic()
    plan = solve(world, stop=Stop(seconds=60), cancel=stopped, threads=1)
    assert time.monotonic() - began < 30
    assert judge(world, plan).violations == ()
    assert all(skipped.reasons for skipped in plan.skipped)


def test_what_cannot_be_planned_is_refused_at_the_door() -> None:
    visit = PreviousVisit("t1", "wang", "mon", at("08:00"), pin="start")
    with pytest.raises(Unsupported):
        solve(request([ticket(skip_cost=Decimal(10**15))]))
    with pytest.raises(Unsupported):
        solve(request([ticket(crew=2)], previous=Previous(visits=(visit,))))


def test_the_reasons_speak_the_language_that_is_asked_for() -> None:
    world = request([ticket(requires={"tv": 1})])
    texts = [solve(world, stop=FEW, threads=1, lang=lang).skipped[0].reasons[0].text for lang in ("zh", "en")]
    assert texts == ["wang 缺少技能：tv 1 级（现 0 级）", "wang lacks a skill: tv level 1 (has 0)"]


def test_times_are_told_in_the_offset_of_now() -> None:
    plan = solve(request(), stop=FEW, threads=1)
    assert str(plan.routes[0].stops[0].leave) == "2026-11-23 08:00:00+08:00"
    assert plan.routes[0].stops[0].leave == at("08:00")
