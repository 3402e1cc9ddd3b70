from __future__ import annotations

from dispatch.format.model import Weights
from dispatch.policies.weights import apply
from tests.builders import request
from tests.dispatch.policies.desk import book


def test_each_preset_puts_first_what_it_is_named_after() -> None:
    usual = Weights()
    deadlines, cost, change = (book(name).preset for name in ("deadlines_first", "cost_first", "least_change"))
    assert deadlines.late_factor > change.late_factor > cost.late_factor
    assert deadlines.weights.overtime_per_h < usual.overtime_per_h < cost.weights.overtime_per_h
    assert cost.weights.use_shift > usual.use_shift == change.weights.use_shift
    assert change.weights.change_engineer == 3 * usual.change_engineer
    assert change.weights.change_start_per_h == 3 * usual.change_start_per_h
    assert change.weights.change_skip == 3 * usual.change_skip


def test_all_weights_of_the_request_are_replaced() -> None:
    world = request(weights=Weights(use_shift=Weights().travel_per_h))
    assert apply(world, {}, book("cost_first")).weights == book("cost_first").preset.weights
