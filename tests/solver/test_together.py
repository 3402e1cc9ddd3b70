"""Ruin and recreate where tours are tied to each other, with the compiler and without: what is settled holds, and is taken back."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from dispatch.example import make_rich
from dispatch.format.model import After
from dispatch.planning.lower import lower
from solver.anneal import order_to_fill
from solver.arrays import H_WORTH, pack
from solver.mechanisms.coupling import read_block
from solver.state import C_COST
from solver.together import anneal_coupled, fill_coupled
from solver.tours import load_routes, make_state, read_routes
from tests.builders import engineer, shift, ticket
from tests.dispatch.judge.court import town
from tests.solver.settled import list_faults

TIES = ["parts", "tools", "crews", "after", "same_engineer", "limits"]
ITERATIONS = 60


@pytest.mark.parametrize("seed", range(6))
def test_tours_and_what_is_settled_between_them_can_be_loaded_again_at_the_same_total(seed: int) -> None:
    problem = lower(make_rich(4, 16, 1 + seed % 2, seed, features=TIES)).problem
    arrays = pack(problem)
    state, other = make_state(arrays, seed), make_state(arrays, 0)
    order = order_to_fill(arrays, state)
    fill_coupled(arrays, state, 0, len(order), order)
    for _ in range(3):
        anneal_coupled(arrays, state, ITERATIONS // 3, 3e8, 1e8, near_only=False, mean_removed=6.0)
        assert load_routes(arrays, other, read_routes(arrays, state), block=read_block(state))
        assert int(other[C_COST]) == int(state[C_COST])


def test_an_iteration_that_is_not_accepted_leaves_nothing_behind() -> None:
    problem = lower(make_rich(4, 16, 1, 2, features=TIES)).problem
    arrays = pack(problem)
    state = make_state(arrays, 1)
    order = order_to_fill(arrays, state)
    fill_coupled(arrays, state, 0, len(order), order)
    seen = 0
    for _ in range(40):
        routes, block = read_routes(arrays, state), read_block(state)
        before = int(state[C_COST])
        anneal_coupled(arrays, state, 1, 1.0, 0.9, near_only=False, mean_removed=6.0)
        if int(state[C_COST]) == before and read_routes(arrays, state) == routes:
            assert np.array_equal(read_block(state), block)
            seen += 1
    assert seen > 10


@pytest.mark.compiled
@pytest.mark.parametrize("seed", [5, 13, 17, 21])
def test_every_pick_up_serves_somebody_and_comes_before_whom_it_serves(seed: int) -> None:
    problem = lower(make_rich(10, 60, 2, seed, features=TIES)).problem
    assert problem.couplings is not None
    arrays = pack(problem)
    state = make_state(arrays, seed)
    order = order_to_fill(arrays, state)
    fill_coupled(arrays, state, 0, len(order), order)
    assert list_faults(arrays, state, problem.couplings) == []
    for turn in range(200):
        anneal_coupled(arrays, state, 1, 3e8 - 2.5e5 * turn, 3e8 - 2.5e5 * turn, near_only=False, mean_removed=6.0)
        assert list_faults(arrays, state, problem.couplings) == [], turn


def test_what_others_depend_on_is_worth_what_they_are_and_comes_in_with_them() -> None:
    """``first`` and ``second`` cost more to reach than to leave out; ``dear`` comes after ``second``, which comes after ``first``."""
    request = town(
        [
            ticket("first", "hills", skip_cost=Decimal(1)),
            ticket("second", "lake", skip_cost=Decimal(1), after=(After("first"),)),
            ticket("dear", "station", skip_cost=Decimal(5_000), after=(After("second"),)),
            ticket("other", "lake", skip_cost=Decimal(1)),
        ],
        [engineer("wang", [shift("wang-mon")])],
    )
    problem = lower(request).problem
    arrays = pack(problem)
    skip = problem.job_skip_grains.tolist()
    worth = arrays.d[int(arrays.d[H_WORTH]) :][:4].tolist()
    assert worth == [skip[1] + skip[2], skip[2], 0, 0]
    state = make_state(arrays, 0)
    anneal_coupled(arrays, state, 100, 1e6, 1e5, near_only=False, mean_removed=6.0)
    assert sorted(read_routes(arrays, state)[0])[:3] == [0, 1, 2]
    arrays.d[int(arrays.d[H_WORTH]) :][:4] = 0
    state = make_state(arrays, 0)
    anneal_coupled(arrays, state, 100, 1e6, 1e5, near_only=False, mean_removed=6.0)
    assert read_routes(arrays, state) == ((),)
