"""Who alone may come, and who may never."""

from __future__ import annotations

from dispatch.rules import only_never
from solver.problem import FORBIDDEN
from tests.builders import engineer, request, ticket
from tests.dispatch.rules.hands import breaches, day, problem_of, visit

CREW = [engineer("wang"), engineer("li"), engineer("zhao")]


def test_only_leaves_everybody_else_out() -> None:
    world = request([ticket(only=["li"])], CREW)
    assert problem_of(world).fit_grains.tolist() == [[FORBIDDEN, 0, FORBIDDEN]]
    assert breaches(only_never, world, day(visit("09:00", "10:00"))) == ["only_never.only"]
    assert breaches(only_never, world, day(visit("09:00", "10:00"), engineer="li")) == []


def test_never_beats_only() -> None:
    world = request([ticket(only=["li", "wang"], never=["li"])], CREW)
    assert problem_of(world).fit_grains.tolist() == [[0, FORBIDDEN, FORBIDDEN]]
    assert breaches(only_never, world, day(visit("09:00", "10:00"), engineer="li")) == ["only_never.never"]


def test_without_lists_there_is_no_term() -> None:
    assert problem_of(request([ticket()], CREW)).fit_grains.tolist() == [[0, 0, 0]]
