"""Why tied tickets are left out is told in the time that is left."""

from __future__ import annotations

import pytest

from dispatch.example import make_rich
from dispatch.planning.lower import lower
from dispatch.planning.reasons import NO_TIME, Clock, explain
from dispatch.planning.settled import read_settled
from dispatch.planning.solve import solve
from solver.arrays import pack
from solver.mechanisms.coupling import read_block, read_held
from solver.places import OutOfTime
from solver.search import Stop
from solver.tied_ask import TiedPlaces
from solver.tours import make_state


def test_once_the_clock_is_over_every_ticket_left_out_still_has_a_verdict() -> None:
    lowered = lower(make_rich(3, 12, 1, 1, {"parts", "tools"}))
    arrays, couplings = pack(lowered.problem), lowered.problem.couplings
    assert couplings is not None
    state = make_state(arrays, 0)
    nothing = tuple(() for _ in range(lowered.problem.n_tours))
    places = TiedPlaces(lowered.problem, nothing, arrays, read_held(arrays, state, couplings, read_block(state)))
    in_time = explain(lowered, places, Clock(None), "en")
    too_late = explain(lowered, places, Clock(0.0), "en")
    assert set(in_time) == set(too_late) == set(range(12))
    assert {one.verdict for one in too_late.values()} == {"not_found"}
    assert {one.reasons[0].text for one in too_late.values()} == {NO_TIME.say("en", {})}
    assert not {one.reasons[0].text for one in in_time.values()} & {NO_TIME.say("en", {})}


@pytest.mark.parametrize("ticks", range(1, 120, 7))
def test_whenever_time_runs_out_the_tours_are_as_they_were(ticks: int) -> None:
    """Looking for exchanges takes visits out for a moment; being stopped in the middle must not lose one."""
    request = make_rich(4, 24, 1, 3, {"parts", "tools", "crews", "after"})
    plan = solve(request, stop=Stop(iterations=100), threads=1)
    lowered = lower(request)
    arrays = pack(lowered.problem)
    routes, held = read_settled(lowered, arrays, plan)
    assert held is not None
    places = TiedPlaces(lowered.problem, routes, arrays, held)
    before = places.routes, places.held.parts, places.held.hold_s.tolist()
    left = ticks

    def tick() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OutOfTime

    unserved = [job for job in range(24) if not any(job in jobs for jobs in routes)]
    assert unserved

    def ask_on() -> None:
        for job in unserved * 50:
            places.tours_alone(job)
            places.find_place(job)
            for tour in range(lowered.problem.n_tours):
                places.find_swap(job, tour)
                places.change_emptied(job, tour)

    with places.ticking(tick), pytest.raises(OutOfTime):
        ask_on()
    assert (places.routes, places.held.parts, places.held.hold_s.tolist()) == before
    assert set(explain(lowered, places, Clock(None))) == set(unserved)
