"""Listings of broken pins: what is fetched for them, what the budget lets give way, and each listed once."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.format.model import Depot, Inbound, Request
from tests.builders import at, between, engineer, shift, ticket
from tests.dispatch.judge.court import Case, each
from tests.dispatch.judge.plan_in_force import LISTED, T1, T2, T2_AT_NOON, begun, case, there, together, two, was, world
from tests.dispatch.judge.writer import Drive, Step, broken, drive, pickup, visit

PINNED = (was(pin="start"), was("li", pin="start"))

FUSE: dict[str, Any] = {"parts": {"fuse": 1}}
ALL_DAY = (between("08:00", "18:00"),)


def store(**more: Any) -> tuple[Depot, ...]:
    """Make a store at the station, where a call takes five minutes."""
    return (Depot("store", "station", more.pop("open", ALL_DAY), handling_s=300, **{"stock": {"fuse": 1}, **more}),)


def fetched(begin: str | None = None, call: str | None = None, *before: Step) -> Drive:
    """Fetch a fuse for t1."""
    fetch = pickup("store", {"fuse": 1}, begin=at(call) if call else None)
    return drive("wang", [*before, fetch, visit("t1", begin=at(begin) if begin else None, parts={"fuse": 1})])


def short_of(start: str = "08:20", wants: Any = None, people: Any = None, **depot: Any) -> Request:
    """Pin t1, which needs a fuse from the station, to a time that is too early."""
    tickets = [ticket("t1", **(wants or FUSE)), ticket("t2", location="station", duration_s=600)]
    return world(was(start=start, pin="start"), tickets=tickets, depots=store(**depot), people=people)


@each(
    case("by way of the depot", short_of(), fetched(), skipped=["t2"], broken_pins=LISTED),
    case("lingering after it", short_of(), fetched("08:40:01"), skipped=["t2"], broken_pins=LISTED, codes="pin"),
    case("lingering at it", short_of(), fetched(None, "08:20:01"), skipped=["t2"], broken_pins=LISTED, codes="pin"),
    case("something else before it", short_of(), fetched(None, None, T2), broken_pins=LISTED, codes="pin"),
    case(
        "as it opens",
        short_of(open=(between("08:30", "09:00"),)),
        fetched(None, "08:30"),
        skipped=["t2"],
        broken_pins=LISTED,
    ),
    case(
        "after it opens",
        short_of(open=(between("08:30", "09:00"),)),
        fetched(None, "08:30:01"),
        skipped=["t2"],
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "as the part comes in",
        short_of(stock={}, inbound=(Inbound("fuse", 1, at("08:30")), Inbound("fuse", 1, at("09:30")))),
        fetched(None, "08:30"),
        skipped=["t2"],
        broken_pins=LISTED,
    ),
    case(
        "after the part came in",
        short_of(stock={}, inbound=(Inbound("fuse", 1, at("08:30")), Inbound("lamp", 1, at("08:40")))),
        fetched(None, "08:40"),
        skipped=["t2"],
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "after an absence",
        short_of(people=[engineer("wang", [shift(absences=(between("08:20", "08:30"),))]), engineer("li")]),
        fetched(None, "08:30"),
        skipped=["t2"],
        broken_pins=LISTED,
    ),
    case(
        "a tool",
        short_of(wants={"tools": ["hoist"]}, tools={"hoist": 1}),
        drive("wang", [pickup("store", tools=["hoist"]), T1]),
        skipped=["t2"],
        broken_pins=LISTED,
    ),
    case(
        "without the fuse, though it could be fetched in time",
        short_of("09:00"),
        drive("wang", [visit("t1", begin=at("09:00"), parts={})]),
        skipped=["t2"],
        broken_pins=LISTED,
        codes="broken_pins part",
    ),
    case(
        "closed all day",
        short_of(open=()),
        fetched(None),
        skipped=["t2"],
        broken_pins=LISTED,
        codes="depot_open",
    ),
)
def test_what_a_broken_pin_needs_may_be_fetched_first_and_nothing_else(case: Case) -> None:
    case.check()


def test_what_another_pin_needs_is_fetched_before_a_broken_one() -> None:
    tickets = [ticket("t1"), ticket("t2", **FUSE)]
    rows = (was(start="08:20", pin="start"), was(ticket_="t2", start="10:00", pin="start"))
    early = store(open=(between("08:00", "08:30"),))
    request = world(*rows, tickets=tickets, depots=early)
    fetch = pickup("store", {"fuse": 1})
    steps = [fetch, there("t1", "08:40"), there("t2", "10:00")]
    case("", request, drive("wang", steps), broken_pins=LISTED).check()
    unneeded = replace(request, tickets=(tickets[0], ticket("t2")))
    case("", unneeded, drive("wang", steps), broken_pins=LISTED, codes="pin").check()


@pytest.mark.parametrize(("stock", "pin", "codes"), [(1, "start", ""), (2, "none", "broken_pins part")])
def test_two_pins_for_one_part_stand_in_each_other_s_way(stock: int, pin: str, codes: str) -> None:
    tickets = [ticket("t1", **FUSE), ticket("t2", **FUSE)]
    rows = (was(pin="start"), was("li", ticket_="t2", pin=pin))
    request = world(*rows, tickets=tickets, depots=store(stock={"fuse": stock}))
    told = [
        drive("wang", [visit("t1", begin=at("09:00"), parts={})]),
        drive("li", [pickup("store", {"fuse": 1}), visit("t2", begin=at("09:00"), parts={"fuse": 1})]),
    ]
    case("", request, *told, broken_pins=LISTED, codes=codes).check()


@pytest.mark.parametrize(
    ("own", "codes"),
    [
        ({"van": {"fuse": 2}, "tools": ("saw",)}, "broken_pins shift_end"),
        ({"van": {"fuse": 1}, "tools": ("saw",)}, ""),
        ({"van": {"fuse": 2}}, ""),
    ],
)
def test_what_two_pins_need_together_is_at_hand_or_nothing_can_be_told(own: dict[str, Any], codes: str) -> None:
    tickets = [ticket("t1", **FUSE), ticket("t2", location="station", **FUSE, tools=("saw",)), ticket("t3")]
    people = [engineer("wang", [shift(end="13:20")], **own), engineer("li")]
    depots = store(stock={"fuse": 1}, tools={"saw": 1})
    request = world(was(pin="start"), T2_AT_NOON, tickets=tickets, people=people, depots=depots)
    fetch = pickup("store", {} if own["van"]["fuse"] == 2 else {"fuse": 1}, [] if "tools" in own else ["saw"])
    steps = [fetch, there("t1", "09:00"), there("t2", "12:00"), visit("t3")]
    case("", request, drive("wang", steps), broken_pins=LISTED, codes=codes).check()


@pytest.mark.parametrize(("most", "codes"), [(None, "pin"), (2, "pin"), (1, ""), (0, "")])
def test_what_the_budget_does_not_let_change_is_in_the_way_of_a_pin(most: int | None, codes: str) -> None:
    # t2 may be half an hour later at most, and t1 can only follow it.
    request = two(was(start="08:30", pin="start"), was(ticket_="t2", start="08:20"), max_changes=most)
    told = drive("wang", [T2, T1])
    told_codes = codes if most != 0 else "change_budget"
    case("", request, told, broken_pins=LISTED, codes=told_codes).check()


def test_a_pin_is_listed_once() -> None:
    request = world(was(pin="start", start="08:00"))
    case("", request, begun("08:10"), broken_pins=LISTED).check()
    case("", request, begun("08:10"), broken_pins=[*LISTED, *LISTED], codes="broken_pins").check()
    case("", request, begun("08:10"), broken_pins=[*LISTED, broken("t1", "unreachable")], codes="broken_pins").check()
    pair = world(*PINNED, tickets=[ticket("t1", crew=2, never=["wang", "li"])])
    case("", pair, *together("09:00", "wang", "li"), broken_pins=LISTED).check()
    case("", pair, *together("09:00", "wang", "li"), broken_pins=LISTED * 2, codes="broken_pins").check()
