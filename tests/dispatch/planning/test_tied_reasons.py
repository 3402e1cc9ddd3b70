"""Why tied tickets are left out is told in the time that is left."""

from __future__ import annotations

from dispatch.example import make_rich
from dispatch.planning.lower import lower
from dispatch.planning.reasons import NO_TIME, Clock, explain
from solver.arrays import pack
from solver.mechanisms.coupling import read_block, read_held
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
