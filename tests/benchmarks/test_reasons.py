"""Requests whose reasons were contradicted once, or could not be told: they are told now, and nothing contradicts them."""

from __future__ import annotations

import pytest

from benchmarks.reasons import examine, kind_of


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(1039, id="one more visit beside a broken pin"),
        pytest.param(1054, id="what was planned beside a broken pin"),
        pytest.param(1109, id="a finished ticket among the others"),
        pytest.param(1264, id="a broken pin in a shift with breaks"),
        pytest.param(1434, id="what was planned beside a broken pin, a little earlier"),
    ],
)
def test_nothing_contradicts_what_is_told_of_a_day_that_runs(seed: int) -> None:
    assert kind_of(seed) == "in force"
    assert examine(seed)["wrong"] == []


@pytest.mark.parametrize("seed", [1337, 1386])
def test_what_others_would_cost_is_told_of_tickets_that_must_be_served_as_well(seed: int) -> None:
    """Theirs is the difference from who comes now, and not the whole price of the place."""
    assert kind_of(seed) == "plain"
    assert examine(seed)["wrong"] == []


def test_what_follows_a_visit_is_priced_from_its_end_as_it_is_timed() -> None:
    assert kind_of(1213) == "tied"
    assert examine(1213)["wrong"] == []
