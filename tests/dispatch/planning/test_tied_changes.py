"""Changes of plans whose visits are tied to each other: what is settled between routes stays, the judge has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pytest

from dispatch.example import FEATURES, make_rich
from dispatch.format.model import Plan, Request
from dispatch.judge import judge
from dispatch.planning import Engine, Stop
from dispatch.planning.edits import Edit, Insert, Move, Remove, Swap, Where

TIES = [feature for feature in FEATURES if feature != "previous"]


def planned(seed: int, features: Sequence[str] = TIES) -> tuple[Engine, Request, Plan]:
    """Plan a rich request."""
    world = make_rich(4, 20, 1, seed, features=features)
    engine = Engine(world)
    return engine, world, engine.solve(stop=Stop(iterations=400), threads=1)


def draw_edit(random: Random, world: Request, plan: Plan) -> Edit:
    """Draw an edit that makes sense."""
    served = sorted({stop.ticket for route in plan.routes for stop in route.stops if stop.ticket})
    left_out = [one.ticket for one in plan.skipped]
    who = random.choice([one for one in world.engineers if one.shifts])
    where = random.choice((Where(who.id, who.shifts[0].id, random.randint(0, 5)), Where(who.id), Where()))
    kind = random.choice(("move", "move", "remove", "swap", "insert"))
    if kind == "insert" and left_out:
        return Insert(random.choice(left_out), where)
    if kind == "remove":
        return Remove(random.choice(served))
    if kind == "swap":
        one, other = random.sample(served, 2)
        return Swap(one, other, exact=True)
    return Move(random.choice(served), where)


@pytest.mark.parametrize(
    ("seed", "features"),
    [(0, TIES), (1, TIES), (2, TIES), (3, ["previous"]), (4, ["previous"])],
    ids=["ties", "ties", "ties", "plan in force", "plan in force"],
)
def test_legality_and_every_term_are_the_judge_s_where_visits_are_tied(seed: int, features: Sequence[str]) -> None:
    engine, world, plan = planned(seed, features)
    random = Random(seed)  # noqa: S311 - no secret is drawn
    before = judge(world, plan)
    assert before.violations == ()
    legal = refused = 0
    for _ in range(25):
        told = engine.what_if(plan, [draw_edit(random, world, plan)])
        if told.plan is None:
            assert told.broken
            refused += 1
            continue
        after = judge(world, told.plan)
        assert told.is_legal is after.legal
        assert dict(told.terms) == {term: after.terms[term] - before.terms[term] for term in after.terms}
        assert told.total == after.total - before.total
        legal += told.is_legal
        refused += not told.is_legal
    assert legal > 0
    assert refused > 0


def test_nothing_changed_is_the_plan_itself() -> None:
    engine, _, plan = planned(1)
    told = engine.what_if(plan, [])
    assert told.plan is not None
    assert (told.plan.routes, told.plan.skipped, told.total) == (plan.routes, plan.skipped, Decimal(0))
    assert told.is_legal


def test_a_crew_is_taken_out_as_one_and_not_moved_by_hand() -> None:
    engine, world, plan = planned(2)
    served = {stop.ticket for route in plan.routes for stop in route.stops}
    name = next(one.id for one in world.tickets if one.crew > 1 and one.id in served)
    moved = engine.what_if(plan, [Move(name)])
    assert moved.plan is None
    assert [line.text("en") for line in moved.broken] == [
        f"{name} is a crew's: it cannot be placed by hand, re-plan instead"
    ]
    out = engine.what_if(plan, [Remove(name)])
    assert out.plan is not None
    assert all(stop.ticket != name for route in out.plan.routes for stop in route.stops)
