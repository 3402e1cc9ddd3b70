"""Rich requests: valid, the same for the same arguments, with every feature that was asked for and no other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import combinations

import pytest

from dispatch.example import FEATURES, list_rich_features, make_request, make_rich
from dispatch.format.model import Request
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.judge import judge
from tests.dispatch.judge.writer import price_up, skip

SIGNS: dict[str, Callable[[Request], bool]] = {
    "parts": lambda request: any(ticket.parts for ticket in request.tickets),
    "tools": lambda request: any(ticket.tools for ticket in request.tickets),
    "crews": lambda request: any(ticket.crew > 1 for ticket in request.tickets),
    "after": lambda request: any(ticket.after for ticket in request.tickets),
    "same_engineer": lambda request: any(ticket.same_engineer_as for ticket in request.tickets),
    "limits": lambda request: any(each.max_busy_s is not None for each in request.engineers),
    "previous": lambda request: request.previous is not None,
}


def test_every_feature_has_a_sign_in_these_tests() -> None:
    assert set(SIGNS) == set(FEATURES)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("feature", FEATURES)
def test_a_single_feature_brings_itself_and_no_other(feature: str, seed: int) -> None:
    request = make_rich(10, 60, 2, seed, features={feature})
    assert {name for name, sign in SIGNS.items() if sign(request)} == {feature}


@pytest.mark.parametrize("two", list(combinations(("parts", "tools", "crews"), 2)))
def test_features_add_up(two: Collection[str]) -> None:
    request = make_rich(10, 60, 1, 4, features=two)
    assert {name for name, sign in SIGNS.items() if sign(request)} == set(two)


def test_a_feature_is_the_same_whatever_others_are_there() -> None:
    alone, among = make_rich(10, 60, features={"parts"}), make_rich(10, 60, features={"parts", "crews", "after"})
    assert [ticket.parts for ticket in alone.tickets] == [ticket.parts for ticket in among.tickets]
    assert alone.depots == among.depots


def test_without_features_it_is_the_plain_day() -> None:
    assert make_rich(10, 60, 2, 3, features=()) == make_request(10, 60, 2, 3)


def test_an_unknown_feature_is_named_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"features must be of parts, .*, got drones, snow"):
        make_rich(features={"snow", "parts", "drones"})


@pytest.mark.parametrize(
    ("engineers", "tickets", "days"), [(1, 0, 1), (1, 1, 2), (2, 5, 1), (10, 60, 2), (100, 800, 2)]
)
def test_any_size_is_valid_and_reads_back_as_it_was_written(engineers: int, tickets: int, days: int) -> None:
    request = make_rich(engineers, tickets, days, seed=5)
    assert (len(request.engineers), len(request.tickets)) == (engineers, tickets)
    assert read_request(write_request(request)) == request


def test_the_same_arguments_give_the_same_request() -> None:
    assert make_rich(10, 60, 2, seed=7) == make_rich(10, 60, 2, seed=7)
    assert make_rich(10, 60, 2, seed=7) != make_rich(10, 60, 2, seed=8)


@pytest.mark.parametrize("seed", range(5))
def test_every_feature_occurs_in_a_rich_request(seed: int) -> None:
    request = make_rich(10, 60, 2, seed)
    assert {name for name, sign in SIGNS.items() if sign(request)} == set(list_rich_features(seed))
    assert {ticket.crew for ticket in request.tickets} == {1, 2, 3}


@pytest.mark.parametrize("seed", range(5))
def test_a_quarter_to_two_fifths_need_parts_and_most_are_in_some_van(seed: int) -> None:
    request = make_rich(30, 240, 1, seed, features={"parts"})
    needing = [ticket for ticket in request.tickets if ticket.parts]
    assert 0.25 <= len(needing) / len(request.tickets) <= 0.40
    assert len(request.parts) == 12
    assert any(part.substitutes for part in request.parts.values())
    carried = sum(
        all(
            any(engineer.van.get(each, 0) for engineer in request.engineers) for part in ticket.parts for each in [part]
        )
        for ticket in needing
    )
    assert carried > len(needing) / 2


@pytest.mark.parametrize("seed", range(5))
def test_the_depots_are_short_of_two_or_three_parts_in_the_morning(seed: int) -> None:
    request = make_rich(30, 240, 1, seed, features={"parts"})
    short = []
    for part in request.parts:
        asked = sum(ticket.parts.get(part, 0) for ticket in request.tickets)
        carried = sum(engineer.van.get(part, 0) for engineer in request.engineers)
        there = sum(depot.stock.get(part, 0) for depot in request.depots)
        short += [part for _ in [1] if carried + there < asked]
    assert 2 <= len(short) <= 3
    coming = {inbound.part for depot in request.depots for inbound in depot.inbound}
    assert set(short) <= coming
    assert all(inbound.at > request.now for depot in request.depots for inbound in depot.inbound)


def test_who_follows_another_waits_at_times_and_at_times_until_the_next_day() -> None:
    gaps_s = {after.gap_s for each in make_rich(30, 240, 2, 1).tickets for after in each.after}
    assert min(gaps_s) == 0
    assert max(gaps_s) > 12 * 3600


def test_tools_are_owned_by_some_and_lent_by_depots() -> None:
    request = make_rich(30, 240, features={"tools"})
    asked = {tool for ticket in request.tickets for tool in ticket.tools}
    owned = {tool for engineer in request.engineers for tool in engineer.tools}
    assert asked <= owned
    assert all(depot.tools.get(tool, 0) for depot in request.depots for tool in asked)
    assert not all(set(asked) <= {*engineer.tools} for engineer in request.engineers)


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_that_leaves_everything_out_is_legal(seed: int) -> None:
    request = make_rich(10, 60, 2, seed, features=set(FEATURES) - {"previous"})
    plan = price_up(request, (), [skip(ticket.id) for ticket in request.tickets])
    verdict = judge(request, plan)
    assert verdict.legal, verdict.violations
    assert verdict.total == plan.objective.total
