"""A territory costs what it costs in the whole; what comes back is priced anew; who works on territories ends with legal routes."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from solver import search
from solver.arrays import pack
from solver.cluster import end_run, pack_errand, run_packed
from solver.errand import Brought, Errand, run_errand
from solver.problem import FAR_S, FORBIDDEN, Change, Problem, Routes
from solver.reference import check, price
from solver.search import Stop, solve, total_grains
from solver.territories import Territories
from solver.territory import Territory, cut_out
from solver.tours import load_routes, make_state
from tests.solver.worlds import make_arbitrary, make_town, seeded

TOWN = make_town(seeded(3), 120, 24)
SHORT = Stop(iterations=1_200)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small problems be worked on in territories."""
    monkeypatch.setattr(search, "TERRITORIES_FROM", 30)
    monkeypatch.setattr(search, "TERRITORIES_WORKERS", 4)


def _halve(problem: Problem, routes: Routes) -> list[Territory]:
    """Cut a problem into two territories; what is left out goes to the first."""
    arrays = pack(problem)
    half = problem.n_workers // 2
    cut = []
    for workers in (np.arange(half), np.arange(half, problem.n_workers)):
        tours = np.flatnonzero(np.isin(problem.tour_worker, workers))
        jobs = {j for t in tours.tolist() for j in routes[t]}
        if not cut:
            jobs |= set(range(problem.n_jobs)) - {j for route in routes for j in route}
        cut.append(cut_out(problem, arrays, workers, np.array(sorted(jobs), np.int64)))
    return cut


def _grains(problem: Problem, routes: Routes) -> int:
    from solver.state import C_COST

    arrays = pack(problem)
    state = make_state(arrays, 0)
    assert load_routes(arrays, state, routes)
    return int(state[C_COST])


def _in_force(problem: Problem, chance: Random, budget: int = FAR_S) -> Change:
    """Return a plan in force: some jobs have a home, away from which they cost more, or may not be served."""
    n = problem.n_jobs
    here = np.array([chance.randrange(-1, problem.n_workers) for _ in range(n)], np.int32)
    return Change(
        home_worker=here,
        away_grains=np.array([0 if at < 0 else chance.choice((0, 70, FORBIDDEN)) for at in here.tolist()], np.int64),
        first_tour=np.full(n, -1, np.int32),
        from_s=np.zeros(n, np.int64),
        to_s=np.full(n, 7_200, np.int64),
        grains_per_s=np.array([chance.choice((0, 3)) for _ in range(n)], np.int64),
        calm_from_s=np.full(n, -FAR_S),
        calm_to_s=np.full(n, FAR_S),
        counted=np.full(n, budget < FAR_S),
        budget=budget,
    )


@pytest.mark.parametrize("seed", range(20))
def test_territories_cost_together_what_the_whole_costs(seed: int) -> None:
    problem = make_arbitrary(seeded(seed))
    if problem.n_workers < 2:
        problem = TOWN
    if seed % 2 == 0:
        problem = replace(problem, change=_in_force(problem, seeded(seed)))
    routes = solve(problem, stop=Stop(iterations=50), seed=seed).routes
    parts = _halve(problem, routes)
    assert sum(_grains(part.problem, part.to_own(routes)) for part in parts) == _grains(problem, routes)
    for part in parts:
        own = part.to_own(routes)
        assert check(part.problem, own) == []
        assert part.to_whole(own) == {t: routes[t] for t in part.tours.tolist()}


def test_what_is_tied_to_the_whole_is_not_cut_out() -> None:
    problem = replace(TOWN, change=_in_force(TOWN, seeded(1), budget=3))
    with pytest.raises(ValueError, match="cannot be cut out"):
        cut_out(problem, pack(problem), np.arange(1), np.arange(1))


def test_a_route_with_a_job_of_another_territory_is_refused() -> None:
    part = cut_out(TOWN, pack(TOWN), np.arange(2), np.arange(5))
    with pytest.raises(ValueError, match="job 7 is of another territory"):
        part.to_own(((7,),) * TOWN.n_tours)


@pytest.mark.compiled
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_counted_searches_over_territories_end_legally_and_the_same_every_time(threads: int) -> None:
    first, again = (solve(TOWN, stop=SHORT, seed=4, threads=threads) for _ in range(2))
    assert first.routes == again.routes
    assert first.iterations == 1_200
    assert check(TOWN, first.routes) == []
    assert price(TOWN, first.routes) == (first.total_grains, first.mandatory_unserved)
    assert first.total_grains < solve(TOWN, stop=Stop(iterations=0)).total_grains


@pytest.mark.compiled
def test_a_search_over_territories_in_arbitrary_worlds_is_legal() -> None:
    for seed in range(12):
        problem = make_arbitrary(seeded(seed))
        found = solve(problem, stop=Stop(iterations=300), seed=seed, threads=2)
        assert check(problem, found.routes) == []
        assert price(problem, found.routes) == (found.total_grains, found.mandatory_unserved)


@pytest.mark.compiled
def test_a_search_by_seconds_ends_when_it_is_cancelled() -> None:
    told: list[int] = []
    found = solve(
        TOWN,
        stop=Stop(seconds=60.0),
        threads=2,
        on_best=lambda progress: told.append(progress.iterations),
        cancel=lambda: len(told) >= 2,
    )
    assert found.seconds < 30
    assert check(TOWN, found.routes) == []


def _territories(hands: int = 2) -> Territories:
    arrays = pack(TOWN)
    routes = solve(TOWN, stop=Stop(iterations=0)).routes
    lat = np.arange(1_000, dtype=np.float64)
    grains = _grains(TOWN, routes)
    return Territories(TOWN, arrays, routes, grains, hands, lambda place: np.abs(lat[: _places()] - place), 1, _ignore)


def _places() -> int:
    legs = TOWN.legs
    return len(getattr(legs, "leg_m", getattr(legs, "lat_rad", ())))


def _ignore(_grains: int, _routes: Routes) -> bool:
    return True


def test_two_hands_never_hold_the_same_worker_or_job() -> None:
    territories = _territories()
    one, other = territories.take(), territories.take()
    assert one is not None
    assert other is not None
    assert not set(one.workers.tolist()) & set(other.workers.tolist())
    assert not set(one.territory.jobs.tolist()) & set(other.territory.jobs.tolist())


@pytest.mark.parametrize("fault", ["nothing", "double", "stranger", "too_few", "impossible"])
def test_what_is_not_legal_or_never_comes_leaves_the_solution_as_it_was(fault: str) -> None:
    territories = _territories()
    before = list(territories.routes)
    taken = territories.take()
    assert taken is not None
    rows = len(taken.routes)
    everything = tuple(range(len(taken.territory.jobs)))
    wrong: dict[str, Routes] = {
        "double": ((0,), (0,), *((),) * (rows - 2)),
        "stranger": ((len(everything),), *((),) * (rows - 1)),
        "too_few": ((),) * (rows - 1),
        "impossible": (everything, *((),) * (rows - 1)),
    }
    brought = None if fault == "nothing" else Brought(wrong[fault], wrong[fault], 1)
    territories.put_back(taken, brought)
    assert territories.routes == before
    assert territories.free.all()
    assert territories.open.all()


def _run_packed(packed: bytes, run: str) -> Brought:
    answer = pickle.loads(zlib.decompress(run_packed(packed, run)))  # noqa: S301 - made here
    assert isinstance(answer, Brought)
    return answer


def test_an_errand_on_its_way_is_small_and_gives_a_legal_answer_twice() -> None:
    part = _halve(TOWN, solve(TOWN, stop=Stop(iterations=0)).routes)[0]
    routes: Routes = ((),) * len(part.tours)
    errand = Errand(part.problem, routes, 1e6, 1e4, None, 200, 3)
    packed = pack_errand(errand)
    assert len(packed) < 100_000
    answers = [_run_packed(packed, "run") for _ in range(2)]
    assert answers[0] == answers[1] == run_errand(errand, lambda: False)
    assert check(part.problem, answers[0].best) == []
    assert any(answers[0].best)  # it began with nothing: a ruin alone would have found no tour to ruin
    end_run("another run that is over")
    over = _run_packed(packed, "another run that is over")
    assert over.iterations == 0


class FarHands:
    """Hands elsewhere that answer, or do not."""

    def __init__(self, *, answers: bool, count: int = 2) -> None:
        self.answers, self.hands = answers, count
        self.asked = 0

    def count(self) -> int:
        return self.hands

    def is_answering(self) -> bool:
        return self.answers

    def run(self, errand: Errand, cancelled: Callable[[], bool]) -> Brought | None:
        self.asked += 1
        return run_errand(replace(errand, seconds=0.05), cancelled) if self.answers else None


@pytest.mark.compiled
def test_hands_elsewhere_do_the_work_while_they_answer() -> None:
    far = FarHands(answers=True)
    found = solve(TOWN, stop=Stop(seconds=2.0), threads=1, far=far)
    assert far.asked > 2
    assert found.iterations > 0
    assert check(TOWN, found.routes) == []


@pytest.mark.compiled
@pytest.mark.parametrize("count", [0, 2])
def test_threads_here_do_the_work_where_no_answer_comes(count: int) -> None:
    far = FarHands(answers=False, count=count)
    found = solve(TOWN, stop=Stop(seconds=2.0), threads=1, far=far)
    assert found.iterations > 0
    assert check(TOWN, found.routes) == []
    assert total_grains(TOWN, found.routes) == found.total_grains


def test_small_or_tied_problems_are_not_worked_on_in_territories(monkeypatch: pytest.MonkeyPatch) -> None:
    assert search.has_territories(TOWN)
    monkeypatch.setattr(search, "TERRITORIES_FROM", 121)
    assert not search.has_territories(TOWN)
