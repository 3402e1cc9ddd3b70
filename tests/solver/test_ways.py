"""Which ruin and which order are drawn: by shares that follow what each has gained."""

from __future__ import annotations

import numpy as np
import pytest

from solver.arrays import pack
from solver.state import H_WAYS, State
from solver.tours import make_state
from solver.ways import (
    A_FIRST,
    A_SHARE,
    FIRST_SHARES,
    LEAST,
    N_COLUMNS,
    N_RUINS,
    N_WAYS,
    STRETCH,
    WORDS,
    draw_way,
    score_ways,
)
from tests.solver.worlds import make_town, seeded


def test_ways_are_drawn_as_often_as_their_shares_say() -> None:
    state = _state()
    drawn = np.bincount([int(draw_way(state, 0, N_RUINS)) for _ in range(4_000)], minlength=N_RUINS) / 4_000
    assert drawn == pytest.approx(FIRST_SHARES, abs=0.03)
    orders = {int(draw_way(state, N_RUINS, N_WAYS)) for _ in range(2_000)}
    assert orders == set(range(N_RUINS, N_WAYS))


def test_what_gains_more_is_drawn_more_often_and_nothing_dies_out() -> None:
    state = _state()
    for _ in range(40 * STRETCH):
        ruin, order = draw_way(state, 0, N_RUINS), draw_way(state, N_RUINS, N_WAYS)
        score_ways(state, ruin, order, 8, ruin == 1, False)  # noqa: FBT003 - a kernel
    table = _table(state)
    assert table[1, A_SHARE] > 2 * table[1, A_FIRST]
    others = [row for row in range(N_RUINS) if row != 1]
    assert (table[others, A_SHARE] < table[others, A_FIRST]).all()
    assert (table[:, A_SHARE] >= LEAST * table[:, A_FIRST]).all()


def test_shares_stay_where_nothing_was_gained() -> None:
    state = _state()
    before = _table(state)[:, A_SHARE].copy()
    for _ in range(STRETCH):
        score_ways(state, 0, N_RUINS, 8, False, False)  # noqa: FBT003 - a kernel
    assert np.array_equal(_table(state)[:, A_SHARE], before)


def _state() -> State:
    return make_state(pack(make_town(seeded(0), 10, 2)), 1)


def _table(state: State) -> State:
    first = int(state[H_WAYS])
    return state[first + 1 : first + WORDS].reshape(N_WAYS, N_COLUMNS)
