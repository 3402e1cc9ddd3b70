"""How a plan is built: what is not is told once, and the rest is judged all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.format.model import Depot, Plan, Previous, Request, Stop, Whereabouts
from dispatch.judge import judge
from tests.builders import at, between, engineer, lunch, shift, ticket
from tests.dispatch.judge.court import Case, each, town
from tests.dispatch.judge.writer import drive, pickup, price_up, rest, run, sum_up, visit, write

DEPOT = Depot("store", "station", (between("08:00", "18:00"),))
PAUSES = (lunch("08:00", "12:00", 60), lunch("08:00", "12:00", 60))
WORLD = town([ticket("t1")], [engineer("wang", [shift(breaks=PAUSES)], van={"fuse": 1})], depots=(DEPOT,))
OPEN = town([ticket("t1")], [engineer("wang", [shift(end_location=None)])])
OPEN_BREAK = town([ticket("t1")], [engineer("wang", [shift(end_location=None, breaks=PAUSES[:1])])])
T1 = visit("t1")
BREAKS = (rest(0), rest(1))


def _with(world: Request, stops: list[Stop]) -> Plan:
    return price_up(world, [sum_up(world.engineers[0].shifts[0], "wang", stops)], [])


STOPS = run(WORLD, drive("wang", [T1])).stops
START, VISIT, END = STOPS
AGAIN = replace(START, arrive=at("09:10"), begin=at("09:10"), leave=at("09:10"), location="lake")


@each(
    Case("no stop at all", WORLD, replace(write(WORLD), routes=(replace(run(WORLD, drive("wang", [])), stops=()),))),
    Case("no start", WORLD, _with(WORLD, [VISIT, END])),
    Case("no end", WORLD, _with(WORLD, [START, VISIT])),
    Case("a start and no end", WORLD, _with(WORLD, [START])),
    Case("a start in between", WORLD, _with(WORLD, [START, VISIT, AGAIN, END])),
    Case("an end in between", WORLD, _with(WORLD, [START, VISIT, replace(AGAIN, kind="end"), END])),
)
def test_stops_lead_from_a_start_to_an_end(case: Case) -> None:
    # Nothing else can be said of such a route, but that its tickets are not merely forgotten.
    codes = ("structure",) if any(stop.ticket for stop in case.plan.routes[0].stops) else ("served", "structure")
    replace(case, codes=codes).check()


UNKNOWN = write(WORLD, [drive("wang", [T1, *BREAKS])])


@each(
    Case("an unknown engineer", WORLD, replace(UNKNOWN, routes=(replace(UNKNOWN.routes[0], engineer="x"),))),
    Case("an unknown shift", WORLD, replace(UNKNOWN, routes=(replace(UNKNOWN.routes[0], shift="x"),))),
    Case("an unknown ticket", WORLD, write(WORLD, [drive("wang", [T1, visit("x"), *BREAKS])])),
    Case("an unknown depot", WORLD, write(WORLD, [drive("wang", [T1, pickup("x"), *BREAKS])])),
    Case("an unknown location", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS, pickup("store", place="x")])])),
    Case("a visit of nothing", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS, visit("")])])),
    Case("no such break", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS, rest(2)])])),
    Case("a break twice", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS, rest(1)])])),
    Case("a negative quantity", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS, pickup("store", {"fuse": -1})])])),
)
def test_names_stand_for_something(case: Case) -> None:
    replace(case, codes=("structure",)).check()


@each(
    *(
        Case(f"{field} None", WORLD, _with(WORLD, [START, VISIT, gap, END]))
        for field, gap in [
            ("ticket", replace(AGAIN, kind="visit", ticket=None)),
            ("depot", replace(AGAIN, kind="pickup", depot=None)),
            ("break", replace(AGAIN, kind="break", break_=None)),
        ]
    )
)
def test_a_stop_says_what_it_is_for(case: Case) -> None:
    world = replace(WORLD, engineers=(engineer("wang"),))
    replace(case, request=world, codes=("structure",)).check()


STRAY: dict[str, dict[str, Any]] = {
    "start": {"ticket": "t1", "depot": "store", "parts": {"fuse": 0}, "tools": ("saw",), "break_": 0},
    "visit": {"depot": "store", "break_": 0},
    "pickup": {"ticket": "t1", "break_": 0},
    "break": {"ticket": "t1", "depot": "store", "parts": {"fuse": 1}, "tools": ("saw",)},
    "end": {"ticket": "t1", "depot": "store", "parts": {"fuse": 1}, "tools": ("saw",), "break_": 0},
}


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in STRAY.items() for key in keys])
def test_a_stop_says_nothing_that_its_kind_has_not(kind: str, key: str) -> None:
    stops = list(run(WORLD, drive("wang", [pickup("store"), T1, *BREAKS])).stops)
    plan = _with(WORLD, stops)
    assert judge(WORLD, plan).legal
    row = next(row for row, stop in enumerate(stops) if stop.kind == kind)
    stops[row] = replace(stops[row], **{key: STRAY[kind][key]})
    route = sum_up(WORLD.engineers[0].shifts[0], "wang", stops)
    torn = replace(plan, routes=(route,))
    assert [(found.code, found.path.split(".")[-1]) for found in judge(WORLD, torn).violations] == [
        ("structure", key.strip("_"))
    ]


def test_a_break_that_is_done_is_not_taken_again() -> None:
    done = Previous(engineers=(Whereabouts("wang", "mon", "home", at("08:00"), breaks_done=(1,)),))
    world = replace(WORLD, previous=done)
    Case("once", world, write(world, [drive("wang", [T1, rest(0)])])).check()
    Case("again", world, write(world, [drive("wang", [T1, *BREAKS])]), ("structure",)).check()


@each(
    Case("a visit", WORLD, write(WORLD, [drive("wang", [visit("t1", place="hills"), *BREAKS])])),
    Case("a pick-up", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS, pickup("store", place="hills")])])),
    Case("a break", WORLD, write(WORLD, [drive("wang", [T1, rest(0, place="hills"), rest(1, place="lake")])])),
    Case(
        "two breaks where neither neighbour is",
        WORLD,
        write(WORLD, [drive("wang", [T1, rest(0, place="hills"), rest(1, place="hills")])]),
    ),
    Case(
        "a break after one that has gone ahead",
        WORLD,
        write(WORLD, [drive("wang", [T1, rest(0, place="home"), rest(1, place="lake")])]),
    ),
    Case(
        "a last break that takes an open end along",
        OPEN_BREAK,
        write(OPEN_BREAK, [drive("wang", [T1, rest(0, place="hills")])]),
    ),
    Case("an end", WORLD, write(WORLD, [drive("wang", [T1, *BREAKS], end_place="hills")])),
    Case("an open end", OPEN, write(OPEN, [drive("wang", [T1], end_place="home")])),
)
def test_everything_is_at_its_place(case: Case) -> None:
    replace(case, codes=("structure",)).check()


def test_an_open_route_ends_at_its_last_stop_and_time() -> None:
    kept = write(OPEN, [drive("wang", [T1])])
    Case("", OPEN, kept).check()
    late = replace(kept.routes[0].stops[-1], arrive=at("09:10:01"), begin=at("09:10:01"), leave=at("09:10:01"))
    Case("", OPEN, _with(OPEN, [*kept.routes[0].stops[:-1], late]), ("structure",)).check()
    waits = replace(kept.routes[0].stops[-1], begin=at("09:10:01"), leave=at("09:10:01"))
    Case("", OPEN, _with(OPEN, [*kept.routes[0].stops[:-1], waits]), ("structure",)).check()
    Case("", OPEN_BREAK, write(OPEN_BREAK, [drive("wang", [T1, rest(0)])])).check()


def test_a_break_may_be_where_the_next_break_is_between_two_tickets() -> None:
    # From the lake home: the first break is still at the lake, the second already at home.
    Case("", WORLD, write(WORLD, [drive("wang", [T1, rest(0), rest(1, place="home")])])).check()


def test_a_shift_has_one_route() -> None:
    world = town([ticket("t1"), ticket("t2")])
    told = [drive("wang", [T1]), drive("wang", [visit("t2")], leave=at("12:00"))]
    Case("", world, write(world, told), ("structure",)).check()


def test_a_route_has_work_to_do() -> None:
    world = town([ticket("t1")], [engineer("wang"), engineer("li")])
    Case("", world, write(world, [drive("wang", [T1]), drive("li", [])]), ("structure",)).check()
    fetch = town([ticket("t1")], [engineer("wang"), engineer("li")], depots=(DEPOT,))
    Case("", fetch, write(fetch, [drive("wang", [T1]), drive("li", [pickup("store")])])).check()
