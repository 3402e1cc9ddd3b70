"""The objective: each term worked out by hand, and what is forgiven."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dispatch.format.model import (
    TERMS,
    Deadline,
    Engineer,
    Objective,
    Pair,
    Plan,
    Previous,
    PreviousVisit,
    Request,
    Ticket,
    Weights,
)
from dispatch.judge import judge
from dispatch.judge.price import rounded
from tests.builders import at, engineer, shift, ticket
from tests.dispatch.judge.court import Case, town
from tests.dispatch.judge.writer import Drive, drive, visit, write


def _terms(
    tickets: list[Ticket],
    told: list[Drive],
    *skipped: str,
    people: list[Engineer] | None = None,
    **more: Any,
) -> dict[str, str]:
    """Give the terms of a plan that are not nothing, and hold the plan to what the test's own arithmetic says."""
    world = town(tickets, people or [engineer("wang"), engineer("li", skills={"ac": 4, "gas": 2})], **more)
    plan = write(world, told, skipped)
    Case("", world, plan).check()
    return {term: str(amount) for term, amount in judge(world, plan).terms.items() if amount}


ONE = [drive("wang", [visit("t1")])]
FREE = Weights(*[Decimal(0)] * 11)
"""Nothing costs anything, so that a test sees its own term alone."""


def _only(**prices: str) -> Weights:
    return replace(FREE, **{name: Decimal(price) for name, price in prices.items()})


def test_skipped_tickets_cost_their_price() -> None:
    tickets = [ticket("t1", skip_cost=Decimal("70.05")), ticket("t2", skip_cost=Decimal(3)), ticket("t3")]
    assert _terms(tickets, [drive("wang", [visit("t3")])], "t1", "t2", weights=FREE) == {"skipped": "73.05"}


def test_a_ticket_without_price_costs_nothing_when_it_is_left_out() -> None:
    assert _terms([ticket("t1", skip_cost=None)], [], "t1", weights=FREE) == {}


LATE = Decimal(100), Decimal("36.60")


@pytest.mark.parametrize(
    ("by", "arrival"), [("08:10:01", None), ("08:10", None), ("08:09:59", "100.01"), ("07:40", "118.30")]
)
def test_a_late_arrival_costs_at_once_and_by_the_hour(by: str, arrival: str | None) -> None:
    """One second at 36.60 an hour is 0.0102; half an hour is 18.30."""
    late = [ticket("t1", arrive=Deadline(at(by), *LATE))]
    assert _terms(late, ONE, weights=FREE) == ({"late_arrival": arrival} if arrival else {})


@pytest.mark.parametrize(
    ("by", "resolution"), [("09:10:01", None), ("09:10", None), ("09:09:59", "100.01"), ("08:40", "118.30")]
)
def test_a_late_resolution_counts_from_the_end_of_the_work(by: str, resolution: str | None) -> None:
    late = [ticket("t1", resolve=Deadline(at(by), *LATE))]
    assert _terms(late, ONE, weights=FREE) == ({"late_resolution": resolution} if resolution else {})


def test_a_crew_has_resolved_when_the_last_of_it_leaves() -> None:
    """Slow li needs 66 minutes from 08:10: six minutes past 09:10 are 3.66."""
    people = [engineer("wang"), engineer("li", service_factor=Decimal("1.1"))]
    late = [ticket("t1", crew=2, resolve=Deadline(at("09:10"), *LATE), arrive=Deadline(at("08:10"), *LATE))]
    told = [*ONE, drive("li", [visit("t1")])]
    assert _terms(late, told, people=people, weights=FREE) == {"late_resolution": "103.66"}


def test_a_skipped_ticket_is_not_late() -> None:
    late = [ticket("t1", arrive=Deadline(at("07:00"), *LATE), resolve=Deadline(at("07:00"), *LATE))]
    assert _terms(late, [], "t1", weights=FREE) == {"skipped": "500.00"}


def test_travel_is_paid_by_the_hour_and_by_the_kilometre() -> None:
    """20 minutes and 10 km: at 61.00 and 1.25 that is 20.33 + 12.50."""
    assert _terms([ticket("t1")], ONE, weights=_only(travel_per_h="61", travel_per_km="1.25")) == {"travel": "32.83"}


def test_duration_runs_from_leaving_to_reaching() -> None:
    """From 09:00 to 10:20 at 30 an hour; waiting before leaving is free."""
    told = [drive("wang", [visit("t1")], leave=at("09:00"))]
    assert _terms([ticket("t1")], told, weights=_only(duration_per_h="30")) == {"duration": "40.00"}


@pytest.mark.parametrize(("end", "overtime"), [("09:20", None), ("09:19", "1.50"), ("09:05", "22.50")])
def test_overtime_is_paid_by_the_hour(end: str, overtime: str | None) -> None:
    people = [engineer("wang", [shift(end=end, overtime_s=3600)])]
    said = _terms([ticket("t1")], ONE, people=people, weights=_only(overtime_per_h="90"))
    assert said == ({"overtime": overtime} if overtime else {})


def test_each_used_shift_is_paid() -> None:
    people = [engineer("wang", [shift(), shift("tue", day=1), shift("wed", day=2)])]
    tickets = [ticket("t1"), ticket("t2")]
    told = [*ONE, drive("wang", [visit("t2")], "wed")]
    assert _terms(tickets, told, people=people, weights=_only(use_shift="12.34")) == {"use": "24.68"}


def test_who_is_not_preferred_costs() -> None:
    tickets = [
        ticket("t1", prefer=["li"]),
        ticket("t2", prefer=["wang", "li"]),
        ticket("t3"),
        ticket("t4", prefer=["li"]),
    ]
    told = [drive("wang", [visit("t1"), visit("t2"), visit("t3")])]
    said = _terms(tickets, told, "t4", weights=_only(not_preferred="40"))
    assert said == {"not_preferred": "40.00", "skipped": "500.00"}


def test_the_lead_of_a_crew_is_the_one_to_prefer() -> None:
    told = [drive("li", [visit("t1")]), drive("wang", [visit("t1")])]
    for prefer, said in (["li"], {"not_preferred": "40.00"}), (["wang"], {}):
        tickets = [ticket("t1", crew=2, prefer=prefer)]
        assert _terms(tickets, told, weights=_only(not_preferred="40")) == said


def test_who_can_more_than_asked_costs_by_the_level() -> None:
    """Li has ac 4 and gas 2: three levels over ac 1, none over gas 2."""
    told = [drive("li", [visit("t1")])]
    tickets = [ticket("t1", requires={"ac": 1, "gas": 2})]
    assert _terms(tickets, told, weights=_only(overqualified_per_level="5.10")) == {"overqualified": "15.30"}


def test_of_a_crew_only_the_lead_counts() -> None:
    told = [drive("li", [visit("t1")]), drive("wang", [visit("t1")])]
    for requires, said in ({"ac": 1}, "10.00"), ({"gas": 1}, "5.00"):
        tickets = [ticket("t1", crew=2, requires=requires)]
        assert _terms(tickets, told, weights=_only(overqualified_per_level="5")) == {"overqualified": said}


def test_busy_hours_are_squared_for_each_engineer() -> None:
    """Wang is busy for 80 minutes on each of two days, li for 80: (160/60)² + (80/60)² = 8.8889, times 0.5."""
    people = [engineer("wang", [shift(), shift("tue", day=1)]), engineer("li")]
    tickets = [ticket("t1"), ticket("t2"), ticket("t3")]
    told = [*ONE, drive("wang", [visit("t2")], "tue"), drive("li", [visit("t3", begin=at("12:00"))])]
    assert _terms(tickets, told, people=people, weights=_only(balance_per_h2="0.5")) == {"balance": "4.44"}


def test_each_engineer_s_balance_is_rounded_to_the_ten_thousandth() -> None:
    """Busy for 1 h each, at 0.01 and at 13 people: exact. For 1.5 s short of … the rounding shows in the total.

    69 people busy for 3601 s cost 0.01 × (3601/3600)² = 0.010006 each: rounded 0.0100, in all 0.69 and not 0.6904.
    """
    assert rounded(Fraction(3601, 3600) ** 2 / 100, Decimal("0.0001")) == Decimal("0.0100")
    assert rounded(Fraction(1, 20_000), Decimal("0.0001")) == Decimal("0.0001")
    assert rounded(Fraction(9_999, 200_000_000), Decimal("0.0001")) == Decimal("0.0000")
    people = [engineer(f"e{row}", [shift(start_location="lake", end_location="lake")]) for row in range(500)]
    tickets = [ticket(f"t{row}", duration_s=3614) for row in range(500)]
    told = [drive(f"e{row}", [visit(f"t{row}")]) for row in range(500)]
    # 0.01 × (3614/3600)² = 0.0100779…: 0.0101 each, 5.05 in all; unrounded it would be 5.04.
    assert _terms(tickets, told, people=people, weights=_only(balance_per_h2="0.01")) == {"balance": "5.05"}


def test_pairs_that_are_served_cost_for_each_of_a_crew() -> None:
    pairs = [Pair("wang", Decimal("1.10")), Pair("wang", Decimal(2)), Pair("li", Decimal(4)), Pair("x", Decimal(8))]
    tickets = [ticket("t1", pairs=pairs), ticket("t2", crew=2, pairs=pairs), ticket("t3", pairs=pairs)]
    told = [drive("wang", [visit("t1"), visit("t2", begin=at("10:00"))]), drive("li", [visit("t2", begin=at("10:00"))])]
    assert _terms(tickets, told, "t3", weights=FREE) == {"pairs": "10.20", "skipped": "500.00"}


# -- changes ------------------------------------------------------------------------------------------------------

CHANGES = _only(change_engineer="80", change_start_per_h="30", change_skip="200")


def _change(
    begin: str | None, state: str = "planned", who: str = "wang", crew: tuple[str, ...] = (), **row: Any
) -> str | None:
    """Price what becomes of one visit that was to start at 10:00; ``begin`` None: it is skipped."""
    before = crew or (row.pop("engineer", "wang"),)
    rows = tuple(PreviousVisit("t1", each_, "mon", at("10:00"), state, **row) for each_ in before)
    tickets = [ticket("t1", crew=len(crew) or 1, skip_cost=Decimal(0)), ticket("t2", location="station")]
    crew_now = who.split("+")
    told = [drive(each_, [visit("t1", begin=at(begin))]) for each_ in crew_now] if begin else []
    more = drive("zhou", [visit("t2")])
    people = [engineer(each_) for each_ in ("wang", "li", "zhao", "zhou")]
    skipped = () if begin else ("t1",)
    visits = (*rows, PreviousVisit("cancelled", "wang", "mon", at("09:00"), "told", "start"))
    previous = Previous(visits=visits)
    return _terms(tickets, [*told, more], *skipped, people=people, previous=previous, weights=CHANGES).get("change")


@pytest.mark.parametrize(
    ("begin", "cost"),
    [
        ("10:00", None),
        ("10:10", None),
        ("10:10:12", "0.10"),
        ("10:40", "15.00"),
        ("09:50", None),
        ("09:49:48", "0.10"),
        ("08:50", "30.00"),
        (None, "200.00"),
    ],
)
def test_a_start_outside_ten_minutes_costs_by_the_hour_and_a_skipped_visit_its_price(
    begin: str | None, cost: str | None
) -> None:
    assert _change(begin) == cost


@pytest.mark.parametrize(
    ("begin", "cost"), [("09:00", None), ("08:54", "3.00"), ("10:05", None), ("10:05:12", "0.10"), (None, "200.00")]
)
def test_what_was_promised_is_the_tolerance(begin: str | None, cost: str | None) -> None:
    assert _change(begin, promised=(at("09:00"), at("10:05"))) == cost


@pytest.mark.parametrize(("state", "cost"), [("planned", "95.00"), ("told", "285.00")])
def test_another_engineer_costs_and_three_times_when_the_customer_knows(state: str, cost: str) -> None:
    assert _change("10:40", state, "li") == cost


def test_a_told_visit_that_is_skipped_costs_three_times() -> None:
    assert _change(None, "told") == "600.00"


def test_a_forgotten_visit_has_no_price_of_change() -> None:
    rows = (PreviousVisit("t1", "wang", "mon", at("10:00"), "told"),)
    world = town([ticket("t1")], previous=Previous(visits=rows), weights=CHANGES)
    Case("", world, write(world), ("served",)).check()


def test_who_is_gone_is_another_engineer() -> None:
    assert _change("10:00", "told", "li", engineer="ill") == "240.00"


def test_a_visit_on_the_way_costs_nothing_even_if_its_engineer_is_gone() -> None:
    assert _change("12:00", "travelling", "li", engineer="ill") is None
    assert _change(None, "travelling", engineer="ill") is None


@pytest.mark.parametrize(("now", "cost"), [("wang+li", None), ("wang+zhao", None), ("zhao+zhou", "80.00")])
def test_a_crew_is_another_when_none_of_it_remains(now: str, cost: str | None) -> None:
    if "zhou" in now:
        rows = tuple(PreviousVisit("t1", each_, "mon", at("10:00")) for each_ in ("wang", "li"))
        told = [drive(each_, [visit("t1", begin=at("10:00"))]) for each_ in now.split("+")]
        people = [engineer(each_) for each_ in ("wang", "li", "zhao", "zhou")]
        said = _terms([ticket("t1", crew=2)], told, people=people, previous=Previous(visits=rows), weights=CHANGES)
        assert said == {"change": cost}
    else:
        assert _change("10:00", "planned", now, ("wang", "li")) == cost


def test_a_crew_moves_once() -> None:
    assert _change("10:40", "told", "wang+li", ("wang", "li")) == "45.00"


# -- what the plan says -------------------------------------------------------------------------------------------

WORLD = town([ticket("t1", prefer=["li"], requires={"ac": 1})], [engineer("wang"), engineer("li")])
PLAN = write(WORLD, ONE)
"""Travel 30.00, balance 0.8889, not_preferred 40.00, overqualified 10.00: 80.89."""


def _saying(world: Request, plan: Plan, term: str, off: str, total_off: str = "0") -> Plan:
    terms = {**plan.objective.terms}
    if term:
        terms[term] += Decimal(off)
    return replace(plan, objective=Objective(plan.objective.total + Decimal(total_off), terms))


def test_the_plain_plan_costs_what_its_docstring_says() -> None:
    assert judge(WORLD, PLAN).total == Decimal("80.89")


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("off", ["-0.03", "-0.02", "0.02", "0.03"])
def test_two_cents_are_forgiven_in_each_term(term: str, off: str) -> None:
    codes = (f"objective.{term}",) if abs(Decimal(off)) > Decimal("0.02") else ()
    Case("", WORLD, _saying(WORLD, PLAN, term, off), codes).check()


@pytest.mark.parametrize("off", ["-0.03", "-0.02", "0.02", "0.03"])
def test_two_cents_are_forgiven_in_the_total(off: str) -> None:
    codes = ("objective.total",) if abs(Decimal(off)) > Decimal("0.02") else ()
    Case("", WORLD, _saying(WORLD, PLAN, "", "0", off), codes).check()


def test_a_missing_term_is_named() -> None:
    terms = {term: amount for term, amount in PLAN.objective.terms.items() if term != "use"}
    plan = replace(PLAN, objective=Objective(PLAN.objective.total, terms))
    Case("", WORLD, plan, ("objective.use",)).check()


def test_the_total_is_the_exact_sum_and_not_that_of_the_terms() -> None:
    """Two terms of 0.004 each are 0.00 and 0.00, and 0.01 together."""
    late = Deadline(at("08:09:48"), Decimal(0), Decimal("1.20"))
    world = town([ticket("t1", arrive=late, resolve=replace(late, by=at("09:09:48")))], weights=FREE)
    verdict = judge(world, write(world, ONE))
    assert verdict.terms["late_arrival"] == verdict.terms["late_resolution"] == Decimal("0.00")
    assert verdict.total == Decimal("0.01")
