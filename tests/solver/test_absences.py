"""Prices of leaving out jobs that rise while a chain leaves them out."""

from __future__ import annotations

import numpy as np
import pytest

from solver.absences import RAISE_EVERY, RISE, STAYS, Absences, held_prices, left_out
from solver.anneal import anneal, fill, order_to_fill
from solver.arrays import Arrays, pack
from solver.problem import I64, Problem
from solver.search import total_grains
from solver.state import C_BEST, C_COST, State
from solver.tours import make_state, read_routes
from tests.solver.worlds import make_town, seeded

pytestmark = pytest.mark.compiled

WARM, COLD = 10.0**8, 10.0**6


def _chain() -> tuple[Problem, Arrays, State, I64]:
    """A chain that holds a first solution of a town in which not every job can be served, and the true prices."""
    problem = make_town(seeded(1), 40, 3)
    arrays = pack(problem)
    state = make_state(arrays, 1)
    order = order_to_fill(arrays, state)
    fill(arrays, state, 0, len(order), order)
    assert len(left_out(state)) > 1
    return problem, arrays, state, held_prices(state, problem.n_jobs).copy()


def test_what_is_left_out_gets_dearer_each_time_and_cheaper_again_once_it_is_served() -> None:
    problem, arrays, state, true = _chain()
    absences = Absences(true)
    out = left_out(state)
    absences.raise_prices(arrays, state)
    absences.raise_prices(arrays, state)
    held = held_prices(state, problem.n_jobs)
    assert held[out].tolist() == (true[out] * (1.0 + RISE * STAYS + RISE)).astype(np.int64).tolist()
    served = np.setdiff1d(np.arange(problem.n_jobs), out)
    assert held[served].tolist() == true[served].tolist()
    absences.rise[served] = 1.0
    absences.raise_prices(arrays, state)
    assert held[served].tolist() == (true[served] * (1.0 + STAYS)).astype(np.int64).tolist()


def test_what_the_best_truly_costs_is_known_while_prices_are_raised_and_the_chain_goes_back_to_true_prices() -> None:
    problem, arrays, state, true = _chain()
    absences = Absences(true)
    left = set(left_out(state).tolist())
    for _ in range(10):
        absences.raise_prices(arrays, state)
        anneal(arrays, state, RAISE_EVERY // 10, WARM, COLD, near_only=False, mean_removed=8.0)
        best = read_routes(arrays, state, best=True)
        assert absences.best_grains(state, best) == total_grains(problem, best)
        left |= set(left_out(state).tolist())
    assert len(left) > len(left_out(state))
    assert state[C_COST] > (total_grains(problem, read_routes(arrays, state)) or 0)
    absences.restore_prices(arrays, state)
    assert state[C_COST] == state[C_BEST] == total_grains(problem, read_routes(arrays, state))
    assert held_prices(state, problem.n_jobs).tolist() == true.tolist()
