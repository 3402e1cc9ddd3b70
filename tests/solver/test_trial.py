"""Places that a trial finds are those that are found in the changed tours themselves; a change is only for a while."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.arrays import pack
from solver.places import Places
from solver.reference import check
from solver.trial import Trial
from tests.solver.worlds import Job, Tour, make_arbitrary, make_problem

Routes = list[list[int]]


@settings(max_examples=80)
@given(st.randoms(use_true_random=False))
def test_the_place_after_each_change_is_the_one_that_the_changed_tours_have(random: Random) -> None:
    problem = make_arbitrary(random)
    arrays = pack(problem)
    base: Routes = [[] for _ in range(problem.n_tours)]
    trial = Trial(arrays, base)
    for _ in range(4):
        routes = [list(jobs) for jobs in base]
        for job in range(problem.n_jobs):
            tour = random.randrange(problem.n_tours)
            tried = [[*jobs, job] if row == tour else jobs for row, jobs in enumerate(routes)]
            if random.random() < 0.5 and not check(problem, tried):
                routes = tried
        trial.change({tour: jobs for tour, jobs in enumerate(routes) if jobs != base[tour]})
        places = Places(problem, routes, arrays)
        for job in set(range(problem.n_jobs)) - {job for jobs in routes for job in jobs}:
            found, there = trial.find_place(job, range(problem.n_tours)), places.find_place(job)
            if there is None or found is None:
                assert (found, there) == (None, None)
            else:
                assert found == (there.tour, 0 if there.after is None else routes[there.tour].index(there.after) + 1)


def test_a_tour_that_is_not_legal_has_no_place_until_it_is_mended() -> None:
    problem = make_problem(
        jobs=[Job(place=1, service_s=(600,)) for _ in range(3)], tours=[Tour(end_s=3_000, max_jobs=1)]
    )
    trial = Trial(pack(problem), [[0, 1]])
    assert trial.find_place(2, [0]) is None
    trial.change({0: []})
    assert trial.find_place(2, [0]) == (0, 0)
    trial.change({})
    assert trial.find_place(2, [0]) is None


@pytest.mark.parametrize("tours", [[], [1]])
def test_only_the_tours_that_are_named_are_looked_at(tours: list[int]) -> None:
    problem = make_problem(jobs=[Job(place=1, service_s=(600,))], tours=[Tour(), Tour(max_jobs=0)])
    assert Trial(pack(problem), [[], []]).find_place(0, tours) is None
