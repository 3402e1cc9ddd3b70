from __future__ import annotations

from decimal import Decimal

import pytest

from dispatch.format.model import Deadline, Plan, Request
from dispatch.judge import judge
from dispatch.kpis import lateness
from dispatch.kpis.lateness import Lateness, find_late
from dispatch.rulebook.money import cny_of
from dispatch.rules import arrival, resolution
from tests.builders import at, plan, request, ticket
from tests.dispatch.planning.greedy import plan_greedily
from tests.dispatch.planning.worlds import seeded
from tests.dispatch.rules.hands import day, left_out, visit

ARRIVE = Deadline(at("10:00"), Decimal(50), Decimal(36))
RESOLVE = Deadline(at("11:00"), Decimal(20), Decimal(72))
ASKED = request([ticket("t1", arrive=ARRIVE, resolve=RESOLVE), ticket("t2", arrive=ARRIVE), ticket("t3")])


def late(made: Plan, asked: Request = ASKED) -> dict[str, tuple[int, int, str]]:
    """Return seconds late to arrive and to resolve, and the price, by ticket."""
    found = find_late(made, asked)
    return {name: (one.arrive_s, one.resolve_s, str(one.cost_cny)) for name, one in found.items()}


@pytest.mark.parametrize(
    ("begin", "leave", "told"),
    [
        ("09:59:59", "10:59:59", {}),
        ("10:00", "11:00", {}),
        ("10:00:01", "11:00", {"t1": (1, 0, "50.01")}),
        ("10:00", "11:00:01", {"t1": (0, 1, "20.02")}),
        ("10:30", "11:30", {"t1": (1800, 1800, "124.00")}),
    ],
)
def test_a_ticket_is_late_from_the_first_second_behind_either_promise(
    begin: str, leave: str, told: dict[str, tuple[int, int, str]]
) -> None:
    assert late(day(visit(begin, leave))) == told


def test_half_a_cent_is_rounded_up() -> None:
    odd = request([ticket("t1", arrive=Deadline(at("10:00"), Decimal(0), Decimal(18)))])
    assert late(day(visit("10:00:01", "11:00")), odd) == {"t1": (1, 0, "0.01")}


def test_a_crew_is_as_late_as_its_last_and_pays_once() -> None:
    hands = [("wang", visit("10:10", "11:00")), ("li", visit("10:20", "10:50"))]
    routes = [day(one, engineer=name).routes[0] for name, one in hands]
    for crew in (routes, routes[::-1]):
        assert late(plan(crew)) == {"t1": (1200, 0, "62.00")}


def test_what_is_left_out_or_promised_nothing_is_not_late() -> None:
    assert late(left_out("t1", "t2", "t3")) == {}
    assert late(day(visit("16:00", "17:00", "t3"))) == {}


def test_late_tickets_are_counted_and_the_larger_lateness_of_each_is_added_up() -> None:
    made = day(visit("10:10", "11:30", "t1"), visit("12:00", "13:00", "t2"), visit("14:00", "15:00", "t3"))
    assert lateness.measure(made, ASKED) == {"late": 2, "late_s": 1800 + 7200}


def test_without_the_request_lateness_is_not_known() -> None:
    assert lateness.measure(day(visit("16:00", "17:00")), None) == {"late": None, "late_s": None}


def test_prices_are_those_of_the_ledger_and_the_judge() -> None:
    both = 0
    for seed in range(120):
        asked = seeded(seed)
        _, _, made = plan_greedily(asked)
        lines = [*arrival.lines(asked, made), *resolution.lines(asked, made)]
        grains: dict[str, int] = {}
        for line in lines:
            assert line.ticket is not None
            grains[line.ticket] = grains.get(line.ticket, 0) + line.grains
        found = find_late(made, asked)
        assert {name: one.cost_cny for name, one in found.items()} == {
            name: cny_of(sum_) for name, sum_ in grains.items()
        }
        terms = judge(asked, made).terms
        total = sum((one.cost_cny for one in found.values()), Decimal(0))
        assert float(total) == pytest.approx(float(terms["late_arrival"] + terms["late_resolution"]), abs=0.05)
        both += any(one.arrive_s and one.resolve_s for one in found.values())
    assert both >= 5


def test_the_larger_of_the_two_is_the_worst() -> None:
    assert [Lateness(*seconds, Decimal(1)).worst_s for seconds in ((3, 5), (5, 3))] == [5, 5]
