"""Plans whose visits are tied are laid anew: in the tours in which they were, at a total that can be loaded again."""

from __future__ import annotations

import pytest

from dispatch.example import FEATURES, make_rich
from dispatch.planning.as_planned import start_as_planned
from dispatch.planning.lower import lower
from solver.anneal import order_to_fill
from solver.arrays import Arrays, pack
from solver.laid import lay
from solver.mechanisms.coupling import read_block, read_held
from solver.problem import FAR_S, Problem, Routes
from solver.state import at_label
from solver.tied_places import first_time
from solver.together import anneal_coupled, fill_coupled
from solver.tours import load_routes, make_state, read_routes

TIES = ["parts", "tools", "crews", "after", "same_engineer"]


def _settled(seed: int) -> tuple[Problem, Arrays, Routes, list[int]]:
    """Search a little, and return the problem, its arrays, the routes and when each ticket is over."""
    problem = lower(make_rich(5, 24, 1 + seed % 2, seed, features=TIES)).problem
    arrays = pack(problem)
    state = make_state(arrays, seed)
    order = order_to_fill(arrays, state)
    fill_coupled(arrays, state, 0, len(order), order)
    anneal_coupled(arrays, state, 60, 3e8, 1e8, near_only=False, mean_removed=6.0)
    routes = read_routes(arrays, state)
    begins_s = [0] * problem.n_tickets
    for tour, route in enumerate(routes):
        for job in route:
            if job < problem.n_tickets:
                kind = int(problem.worker_kind[problem.tour_worker[tour]])
                over_s = int(first_time(arrays, state, tour, at_label(arrays, state, job)))
                begins_s[job] = over_s - int(problem.service_setup_s[job, kind])
    return problem, arrays, routes, begins_s


@pytest.mark.parametrize("seed", range(4))
def test_tickets_are_back_in_their_tours_with_all_that_they_need(seed: int) -> None:
    problem, arrays, routes, begins_s = _settled(seed)
    laid, held = lay(problem, arrays, routes, begins_s)
    was = {job: tour for tour, route in enumerate(routes) for job in route if job < problem.n_tickets}
    now = {job: tour for tour, route in enumerate(laid) for job in route if job < problem.n_tickets}
    assert {*now} <= {*was}
    assert problem.couplings is not None
    crews = {job for job in now if problem.couplings.crew_first[job] < problem.couplings.crew_first[job + 1]}
    assert all(now[job] == was[job] for job in now if job not in crews)
    assert len(now) >= 0.9 * len(was)
    state = make_state(arrays, 0)
    assert load_routes(arrays, state, laid, block=held.block)


def test_nothing_is_laid_of_an_empty_plan() -> None:
    problem, arrays, routes, _ = _settled(0)
    laid, held = lay(problem, arrays, [()] * len(routes), [0] * problem.n_tickets)
    assert laid == ((),) * len(routes)
    assert held.parts == ()
    assert bool((held.hold_s[:, 1] == FAR_S).all())


def test_whoever_needs_a_lent_tool_comes_after_the_stop_that_lends_it() -> None:
    lowered = lower(make_rich(4, 20, 1, 40, features=FEATURES))
    problem, arrays = lowered.problem, pack(lowered.problem)
    c = problem.couplings
    assert c is not None
    routes, held = start_as_planned(lowered, arrays)
    assert held is not None
    state = make_state(arrays, 0)
    load_routes(arrays, state, routes or (), block=held.block)
    order = order_to_fill(arrays, state)
    fill_coupled(arrays, state, 0, len(order), order)
    for _ in range(160):
        anneal_coupled(arrays, state, 1, 3e8, 2.9e8, near_only=False, mean_removed=8.0)
        now = read_routes(arrays, state)
        for tour, tool, pickup in read_held(arrays, state, c, read_block(state)).tools:
            lent = now[tour][: now[tour].index(pickup)]
            tickets = [job for job in lent if job < problem.n_tickets]
            assert not any(tool in c.tool[c.tool_first[job] : c.tool_first[job + 1]] for job in tickets)
