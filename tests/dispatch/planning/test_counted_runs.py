"""With iterations as the only limit the same answer comes out of the same seed and number of threads, whatever the clock says."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from dispatch.example import FEATURES, make_request, make_rich
from dispatch.planning.lower import lower
from solver.problem import Problem
from solver.search import Stop, solve

TIES = [feature for feature in FEATURES if feature != "previous"]


@pytest.fixture(params=[1e-5, 0.05], ids=["restless", "calm"])
def _switching(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let threads take turns now very often, now seldom."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(request.param)
    yield
    sys.setswitchinterval(before)


def problems() -> dict[str, Problem]:
    """Make a small problem, one that threads share, and one whose tours are tied to each other."""
    return {
        "apart": lower(make_request(4, 24)).problem,
        "shared": lower(make_request(16, 140)).problem,
        "tied": lower(make_rich(4, 20, 1, 3, features=TIES)).problem,
    }


@pytest.mark.usefixtures("_switching")
@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("kind", ["apart", "shared", "tied"])
def test_a_counted_run_can_be_had_again(kind: str, threads: int) -> None:
    problem = problems()[kind]
    first, *others = (solve(problem, stop=Stop(iterations=1_501), seed=4, threads=threads) for _ in range(3))
    assert first.iterations == 1_501
    for other in others:
        assert (other.routes, other.total_grains, other.iterations) == (first.routes, first.total_grains, 1_501)


@pytest.mark.parametrize("iterations", [0, 1, 2, 7])
def test_so_few_iterations_that_some_thread_has_none_are_counted_out_too(iterations: int) -> None:
    problem = lower(make_request(16, 140)).problem
    assert solve(problem, stop=Stop(iterations=iterations), threads=3).iterations == iterations
