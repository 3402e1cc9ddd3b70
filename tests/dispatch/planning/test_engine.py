"""The engine: warm, asked many times, and after an update what a new one would be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dispatch.example import make_request
from dispatch.planning import Engine, Stop, Unsupported, solve
from tests.builders import request, ticket

FEW = Stop(iterations=100)


def test_an_engine_plans_as_the_door_does_and_does_so_again() -> None:
    world = make_request(3, 12)
    engine = Engine(world)
    door = solve(world, stop=FEW, seed=2, threads=1)
    for _ in range(2):
        plan = engine.solve(stop=FEW, seed=2, threads=1)
        assert replace(plan, solver=door.solver) == door


def test_an_update_that_cannot_be_planned_leaves_the_engine_as_it_was() -> None:
    world = make_request(2, 4)
    engine = Engine(world)
    with pytest.raises(Unsupported):
        engine.update(request(tickets=[ticket(skip_cost=Decimal(10**15))]))
    assert engine.request is world
