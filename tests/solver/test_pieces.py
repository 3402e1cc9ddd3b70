"""What is settled between tours, cut into pieces and joined again: nothing is taken twice, nothing across the border moves."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.example import make_request, make_rich
from dispatch.planning.lower import lower
from solver.anneal import order_to_fill
from solver.arrays import pack
from solver.limits import Stop
from solver.mechanisms.coupling import read_block
from solver.pieces import NOBODY, Pieces
from solver.problem import I64, Couplings, Problem, Routes
from solver.search import solve
from solver.state import C_COST, H_FIXED, State
from solver.together import anneal_coupled, fill_coupled, keep_best_coupled
from solver.tours import load_routes, make_state, read_routes
from tests.solver.settled import list_faults

TIES = ["parts", "tools", "crews", "after", "same_engineer", "limits"]
PARTS = 2


@pytest.mark.parametrize("seed", range(6))
def test_pieces_changed_apart_and_joined_are_a_solution_of_the_same_total(seed: int) -> None:
    problem, state, pieces = _filled(seed)
    arrays = pack(problem)
    routes, block = read_routes(arrays, state), read_block(state)
    random = np.random.default_rng(seed)
    part_of_tour, part_of_ticket = _cut(problem, routes, random)
    fixed = pieces.confine(routes, part_of_tour, part_of_ticket)
    stay = pieces.fixed_jobs(routes, block, fixed, problem.n_jobs)
    outside = np.flatnonzero(part_of_ticket == NOBODY)
    total = sum(int(problem.job_skip_grains[j]) for j in outside)
    found, after = [], list(routes)
    for row in range(PARTS):
        piece = make_state(arrays, seed + row)
        tickets = np.flatnonzero(part_of_ticket == row)
        tours = np.flatnonzero(part_of_tour == row)
        assert load_routes(arrays, piece, routes, tours, tickets, pieces.cut(block, tickets, (row, PARTS)))
        piece[piece[H_FIXED] : piece[H_FIXED] + problem.n_jobs] = stay
        keep_best_coupled(arrays, piece)
        anneal_coupled(arrays, piece, 60, 3e8, 1e8, near_only=False, mean_removed=6.0)
        own = read_routes(arrays, piece)
        for t in tours.tolist():
            assert [job for job in own[t] if stay[job]] == [job for job in routes[t] if stay[job]]
            after[t] = own[t]
        total += int(piece[C_COST])
        found.append(read_block(piece))
    joined = make_state(arrays, 0)
    assert load_routes(arrays, joined, after, block=pieces.join(block, found, part_of_tour, part_of_ticket))
    assert int(joined[C_COST]) == total
    assert list_faults(arrays, joined, _couplings(problem)) == []


def test_shares_of_what_is_left_add_up_to_it() -> None:
    _, state, pieces = _filled(3)
    block = read_block(state)
    nobody = np.empty(0, np.int64)
    shares = [pieces.cut(block, nobody, (row, 3))[pieces.lots] for row in range(3)]
    assert np.array_equal(np.sum(shares, axis=0), block[pieces.lots])
    assert block[pieces.lots].sum() > 0


def test_what_is_tied_within_one_part_is_free_there_and_across_the_border_it_stays() -> None:
    problem, state, pieces = _filled(1)
    routes = read_routes(pack(problem), state)
    everything, tickets = np.zeros(problem.n_tours, np.int64), np.zeros(problem.n_tickets, np.int64)
    assert not pieces.confine(routes, everything, tickets).any()
    tour_of = {job: t for t, route in enumerate(routes) for job in route}
    couplings = _couplings(problem)
    lead = next(j for j in np.flatnonzero(np.diff(couplings.crew_first)).tolist() if j in tour_of)
    split = (problem.tour_worker != problem.tour_worker[tour_of[lead]]).astype(np.int64)
    _, tickets = _cut(problem, routes, np.random.default_rng(0), split)
    fixed = pieces.confine(routes, split, tickets)
    assert fixed[lead]
    stay = pieces.fixed_jobs(routes, read_block(state), fixed, problem.n_jobs)
    assert stay[couplings.crew_job[couplings.crew_first[lead]]]


@pytest.mark.compiled
def test_threads_share_a_large_solution_with_ties_and_the_total_is_what_they_said() -> None:
    problem = lower(make_rich(16, 140, 1, 4, features=TIES)).problem
    found = solve(problem, stop=Stop(iterations=3_000), threads=2)
    again = solve(problem, stop=Stop(iterations=3_000), threads=2)
    assert found.routes == again.routes
    assert found.held is not None
    arrays = pack(problem)
    state = make_state(arrays, 0)
    assert load_routes(arrays, state, found.routes, block=found.held.block)
    missing = sum(int(problem.job_mandatory[j]) for j in found.unserved)
    assert missing == found.mandatory_unserved == 0
    assert int(state[C_COST]) == found.total_grains


def test_a_problem_without_ties_has_no_pieces() -> None:
    problem = lower(make_request(2, 4)).problem
    arrays = pack(problem)
    with pytest.raises(ValueError, match="without couplings"):
        Pieces(problem, arrays, make_state(arrays, 0))


def _filled(seed: int) -> tuple[Problem, State, Pieces]:
    problem = lower(make_rich(8, 32, 1 + seed % 2, seed, features=TIES)).problem
    arrays = pack(problem)
    state = make_state(arrays, seed)
    order = order_to_fill(arrays, state)
    fill_coupled(arrays, state, 0, len(order), order)
    return problem, state, Pieces(problem, arrays, state)


def _couplings(problem: Problem) -> Couplings:
    assert problem.couplings is not None
    return problem.couplings


def _cut(
    problem: Problem, routes: Routes, random: np.random.Generator, part_of_tour: I64 | None = None
) -> tuple[I64, I64]:
    """Deal workers and tickets out at random; tickets that are served go with their tour."""
    if part_of_tour is None:
        part_of_tour = random.integers(PARTS, size=problem.n_workers)[problem.tour_worker]
    part_of_ticket = random.integers(PARTS, size=problem.n_tickets)
    for t, route in enumerate(routes):
        part_of_ticket[[job for job in route if job < problem.n_tickets]] = part_of_tour[t]
    return part_of_tour, part_of_ticket
