"""The engine: warm, asked many times, and after an update what a new one would be."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.example import FEATURES, make_request, make_rich
from dispatch.format.model import Request
from dispatch.planning import Engine, Stop, Unsupported, lower, solve
from solver import arrays
from tests.builders import LAKE, between, request, ticket
from tests.dispatch.planning.mornings import seeded
from tests.dispatch.planning.worlds import make_world

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


def same(one: object, other: object) -> bool:
    """Tell whether two parts of a problem are the same, type by type and number by number."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))  # type: ignore[arg-type]
    return one == other


def assert_as_new(engine: Engine, world: Request) -> None:
    """Check that an engine is what a new one would be, field by field and cell by cell."""
    fresh = Engine(world)
    found, wanted = engine.warm.lowered, fresh.warm.lowered
    different = [
        each.name
        for each in fields(wanted.problem)
        if not same(getattr(found.problem, each.name), getattr(wanted.problem, each.name))
    ]
    assert different == []
    assert (found.request, found.places, found.break_index) == (wanted.request, wanted.places, wanted.break_index)
    for name, table in fresh.warm.arrays._asdict().items():
        assert same(getattr(engine.warm.arrays, name), table), name


def changed(random: Random, world: Request) -> Request:
    """Change something of a request."""
    tickets, engineers = list(world.tickets), list(world.engineers)
    row = random.randrange(len(tickets))
    kind = random.choice(("window", "now", "new", "gone", "order", "place", "absence", "speed", "travel", "duration"))
    if kind == "window":
        tickets[row] = replace(tickets[row], windows=(between("10:00", "12:00"),))
    elif kind == "duration":
        tickets[row] = replace(tickets[row], duration_s=tickets[row].duration_s + 60)
    elif kind == "new":
        tickets.insert(row, ticket("new", random.choice(world.locations).id, after=()))
    elif kind == "gone":
        del tickets[row]
    elif kind == "order":
        random.shuffle(tickets)
    elif kind == "place":
        far = replace(LAKE, id="far", lat=LAKE.lat + random.randint(1, 9) / 100)
        if world.travel.__class__.__name__ == "GreatCircle":
            world = replace(world, locations=(far, *world.locations))
            tickets[row] = replace(tickets[row], location="far")
    elif kind in {"absence", "speed"}:
        one = engineers[0]
        away = replace(one.shifts[0], absences=(between("09:00", "09:45"),))
        engineers[0] = (
            replace(one, speed_factor=Decimal("1.3"))
            if kind == "speed"
            else replace(one, shifts=(away, *one.shifts[1:]))
        )
    elif kind == "travel":
        world = replace(world, travel=make_world(random).travel)
    else:
        world = replace(world, now=world.now + timedelta(minutes=random.randint(1, 90)))
    return replace(world, tickets=tuple(tickets), engineers=tuple(engineers))


@settings(max_examples=120)
@given(st.randoms(use_true_random=False))
def test_an_updated_engine_is_what_a_new_one_would_be(random: Random) -> None:
    world = make_world(random)
    engine = Engine(world)
    for _ in range(3):
        if not world.tickets or any(one.id == "new" for one in world.tickets):
            return
        try:
            world = changed(random, world)
            engine.update(world)
        except Unsupported:
            return
        assert_as_new(engine, world)


def test_an_updated_engine_is_what_a_new_one_would_be_where_visits_are_tied() -> None:
    ties = [feature for feature in FEATURES if feature != "previous"]
    world = make_rich(6, 30, 1, 1, features=ties)
    engine = Engine(world)
    engine.update(replace(world, now=world.now + timedelta(minutes=5)))
    assert_as_new(engine, replace(world, now=world.now + timedelta(minutes=5)))
    loose = tuple(replace(one, after=(), same_engineer_as=None) for one in world.tickets[1:])
    engine.update(replace(world, tickets=loose, previous=None))
    assert_as_new(engine, engine.request)


def test_what_does_not_change_is_taken_over() -> None:
    world = make_request(4, 30)
    engine = Engine(world)
    legs, tables = engine.warm.lowered.problem.legs, engine.warm.arrays.g
    engine.update(replace(world, tickets=(replace(world.tickets[0], skip_cost=Decimal(7)), *world.tickets[1:])))
    assert engine.warm.lowered.problem.legs is legs
    assert engine.warm.arrays.g is tables
    assert engine.solve(stop=FEW, threads=1).status == "ok"


def test_pins_are_decided_without_computing_legs_or_neighbours_again(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = {"legs": 0, "neighbours": 0}

    def count(name: str, work: Any) -> Any:  # noqa: ANN401 - passes on whatever it is given
        def counting(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
            counted[name] += 1
            return work(*given, **named)

        return counting

    monkeypatch.setattr(lower, "lower_legs", count("legs", lower.lower_legs))
    monkeypatch.setattr(arrays, "_near", count("neighbours", arrays._near))
    world = seeded(9)
    assert world.previous is not None
    pins = Engine(replace(world, previous=replace(world.previous, max_changes=3))).warm.lowered.lowering.pins
    assert pins.broken
    assert counted == {"legs": 1, "neighbours": 1}
