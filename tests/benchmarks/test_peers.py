"""Each engine that is installed gets the problem as it is: its price of a fixed plan is ours."""

from __future__ import annotations

import pytest

from benchmarks.families import make_plain
from benchmarks.peers import ADAPTERS, get_peer, list_installed
from benchmarks.plain import Plain, Tours, lower_plain, make_plan

CASES = [(name, setting) for name in list_installed() for setting in get_peer(name).settings]


@pytest.fixture(scope="module")
def plain() -> Plain:
    return lower_plain(make_plain("tight", 10, 60, 1))


@pytest.fixture(scope="module")
def tours(plain: Plain) -> Tours:
    """Give every engineer what fits, dearest tickets first, each at the end of his tour."""
    made: Tours = [[] for _ in range(plain.n_engineers)]
    for row in sorted(range(plain.n_tickets), key=lambda ticket: (plain.closes_s[ticket], -plain.skip_s[ticket])):
        for engineer, tour in enumerate(made):
            if plain.able[row, engineer] and is_in_time(plain, engineer, [*tour, row]):
                tour.append(row)
                break
    return made


def is_in_time(plain: Plain, engineer: int, tour: list[int]) -> bool:
    clock_s, here = plain.shift_from_s[engineer], plain.home_place[engineer]
    for row in tour:
        clock_s = max(clock_s + int(plain.travel_s[here, plain.place[row]]), plain.opens_s[row])
        if clock_s > plain.closes_s[row]:
            return False
        clock_s, here = clock_s + plain.duration_s[row], plain.place[row]
    return clock_s + int(plain.travel_s[here, plain.end_place[engineer]]) <= plain.shift_to_s[engineer]


def test_the_referee_at_least_is_installed() -> None:
    assert "OR-Tools" in list_installed()
    assert set(list_installed()) <= set(ADAPTERS)


def test_the_fixed_plan_serves_much_and_leaves_something_out(plain: Plain, tours: Tours) -> None:
    assert all(tours)
    assert 20 < sum(len(tour) for tour in tours) < plain.n_tickets


@pytest.mark.parametrize(("name", "setting"), CASES)
def test_the_engines_price_of_a_fixed_plan_is_ours(name: str, setting: str, plain: Plain, tours: Tours) -> None:
    peer = get_peer(name)
    assert peer.price_s(plain, setting, tours) == peer.expected_s(plain, setting, tours)


@pytest.mark.parametrize(("name", "setting"), CASES)
def test_leaving_out_one_more_visit_changes_both_prices_alike(
    name: str, setting: str, plain: Plain, tours: Tours
) -> None:
    peer = get_peer(name)
    fewer = [tours[0][:-1], *tours[1:]]
    price = peer.price_s(plain, setting, fewer)
    assert price == peer.expected_s(plain, setting, fewer)
    assert price != peer.price_s(plain, setting, tours)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "setting"), CASES)
def test_the_engine_answers_with_tours_that_engineers_can_do(name: str, setting: str, plain: Plain) -> None:
    peer = get_peer(name)
    tours = peer.solve(peer.build(plain, setting), 1.0, 0, 2)
    assert len(tours) == plain.n_engineers
    assert sum(len(tour) for tour in tours) > 40
    for engineer, tour in enumerate(tours):
        assert all(plain.able[row, engineer] for row in tour)
        assert is_in_time(plain, engineer, tour)
    plan = make_plan(make_plain("tight", 10, 60, 1), plain, tours, name, 1.0)
    assert len(plan.skipped) + sum(len(tour) for tour in tours) == plain.n_tickets
