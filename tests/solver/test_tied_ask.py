"""Places asked for in tied tours: what is put in or exchanged keeps the budget of changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.example import FEATURES, make_rich
from dispatch.planning.as_planned import start_as_planned
from dispatch.planning.lower import lower
from solver.arrays import pack
from solver.state import C_LEFT, C_MOVED
from solver.tied_ask import TiedPlaces
from solver.tours import load_routes, make_state

SEEDS = (2, 4)


@pytest.mark.compiled
def test_exchanges_and_insertions_change_no_more_visits_than_may_be() -> None:
    kept = refused = 0
    for seed in SEEDS:
        lowered = lower(make_rich(8, 48, 1, seed, {*FEATURES}))
        assert lowered.problem.change is not None
        problem = replace(lowered.problem, change=replace(lowered.problem.change, budget=0))
        arrays = pack(problem)
        start, held = start_as_planned(lowered, arrays)
        assert start is not None
        assert held is not None
        places = TiedPlaces(problem, start, arrays, held)
        served = {job for route in places.routes for job in route}
        for job in sorted({*range(problem.n_tickets)} - served):
            for tour in range(problem.n_tours):
                swap = places.find_swap(job, tour)
                if swap is None:
                    continue
                before, routes = _changed(places), places.routes
                if places.exchange(job, swap):
                    assert _changed(places) <= before
                    kept += 1
                    break
                assert places.routes == routes
                refused += 1
    assert kept > 0
    assert refused > 0


def _changed(places: TiedPlaces) -> int:
    """Count the changed visits of what is settled now, from its routes and what stands between them."""
    arrays = places.arrays
    state = make_state(arrays, 0)
    assert load_routes(arrays, state, places.routes, block=places.held.block)
    return int(state[C_MOVED]) + int(state[C_LEFT])
