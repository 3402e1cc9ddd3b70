from __future__ import annotations

import ast
import math
from pathlib import Path
from typing import Any

import pytest

import benchmarks.sets.checkers
from benchmarks.sets.checkers import strsp, toptw, trsp, vrptw
from tests.benchmarks.sets.tiny import RELEASES, TASKS, TECHNICIANS, TOPTW, TRSP, VRPTW


def test_checkers_import_nothing_of_ours() -> None:
    files = sorted(Path(benchmarks.sets.checkers.__file__).parent.glob("*.py"))
    assert len(files) == 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.split(".")[0] in {"dispatch", "solver", "web", "benchmarks", ""}]


# --- VRPTW: 1 is 5 from the depot, 2 is 10, 3 is 5 ---


def test_vrptw_adds_up_unrounded_distances() -> None:
    value, faults, more = vrptw.check(VRPTW, [(1, (1, 3)), (2, (2,))])
    assert value == pytest.approx(5 + math.hypot(3, 1) + 5 + 20)
    assert faults == []
    assert more == {"vehicles": 2.0, "fullest": 10.0}


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([(1, (1, 2)), (2, (3,))], "vehicle 1 carries 12, capacity 10"),
        ([(1, (2, 3)), (1, (1,))], "2 routes of 1 vehicles, there are 2"),
        ([(1, (1,)), (2, (2,))], "customer 3 is served 0 times"),
        ([(1, (1, 3)), (2, (2, 3))], "customer 3 is served 2 times"),
        ([(1, (1, 0, 3)), (2, (2,))], "a route visits the depot in its middle"),
        ([(1, (1, 3)), (2, (2, 9))], "vehicle 2 visits 9, which there is not"),
    ],
)
def test_vrptw_names_what_is_broken(routes: list[tuple[int, tuple[int, ...]]], fault: str) -> None:
    assert fault in vrptw.check(VRPTW, routes)[1]


def test_vrptw_allows_a_beginning_at_the_due_date_and_none_after_it() -> None:
    there_s = 10 + 10 + math.hypot(6, 3)  # by way of 2
    due = VRPTW.replace("         50         10", f"         {there_s:.7f}         10")
    late = VRPTW.replace("         50         10", f"         {there_s - 0.001:.7f}         10")
    routes = [(1, (2, 3)), (2, (1,))]
    assert vrptw.check(due, routes)[1] == []
    assert vrptw.check(late, routes)[1] == [f"vehicle 1 begins at 3 at {there_s:.4f}, due {there_s - 0.001:g}"]


# --- TOPTW: 2 is √2 = 1.4 away, 1 is 5; √13 = 3.605… between them is cut ---


def test_toptw_adds_up_profits_and_lets_customers_out() -> None:
    assert toptw.check(TOPTW, [(1, (2, 1))], 1, 1) == (30.0, [], {"tours": 1.0, "visited": 2.0})
    assert toptw.check(TOPTW, [], 1, 1)[0] == 0.0


def test_toptw_cuts_distances_to_the_decimals_of_the_set() -> None:
    # 1.4 + 5 + 3.6 + 5 + 5.0 = 20.0 with one decimal, 1.41 + 5 + 3.60 + 5 + 5.00 = 20.01 with two
    closing = TOPTW.replace("0 0 0 40", "0 0 0 20")
    assert toptw.check(closing, [(1, (2, 1))], 1, 1)[1] == []
    assert toptw.check(closing, [(1, (2, 1))], 1, 2)[1] == ["tour 1 begins at 0 at 20.01, which closes at 20"]


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([(1, (3,))], "tour 1 begins at 3 at 20, which closes at 19"),
        ([(1, (1, 1))], "customer 1 is visited 2 times"),
        ([(1, (1,)), (2, (2,))], "2 routes of 2 tours, there may be 1"),
        ([(1, (7,))], "tour 1 visits 7, which there is not"),
        ([(1, (1, 0, 2))], "customer 0 is visited 1 times"),
    ],
)
def test_toptw_names_what_is_broken(routes: list[tuple[int, tuple[int, ...]]], fault: str) -> None:
    assert fault in toptw.check(TOPTW, routes, 1, 1)[1]


# --- TRSP: home of 1 in the origin, the depot 10 north of it ---


def test_trsp_leaves_as_late_as_the_slack_allows() -> None:
    # to 3 by the depot and 4: 10 + √100 = 20 at 4, 30 on, √200 to 3, wait until 40, 50, home 20: 70, and left at 40 − 30 − √200 + …
    value, faults, more = trsp.check(TRSP, [(1, (0, 4, 3)), (2, (5,))])
    busy = 10 + 10 + 10 + math.sqrt(200) + 10 + 20
    assert faults == []
    assert value == pytest.approx(busy + 30)
    assert more["technicians"] == 2.0
    assert more["distance"] == pytest.approx(busy - 20 + 20)


def test_trsp_counts_the_waiting_that_no_later_departure_saves() -> None:
    # 3 first: begins at 40 at the earliest, so he leaves home at 20; then 5's neighbour 4 has time until 100
    value, faults, _ = trsp.check(TRSP, [(1, (3, 0, 4)), (2, (5,))])
    assert faults == []
    assert value == pytest.approx(20 + 10 + 10 + 10 + 10 + math.sqrt(200) + 30)
    early = TRSP.replace("4    10    10    0      100", "4    10    10    0      21")
    value, faults, _ = trsp.check(early, [(1, (0, 4, 3)), (2, (5,))])
    assert faults == []
    # 4 begins at 21 at the latest: on at 31, at 3 by 31 + √200 = 45.1, no wait left
    assert value == pytest.approx(20 + 10 + math.sqrt(200) + 10 + 20 + 30)


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([(1, (4, 3)), (2, (5,))], "technician 1: no tool for 4"),
        ([(1, (4, 3)), (2, (5,))], "technician 1: no part for 4"),
        ([(1, (0, 4, 3, 5))], "technician 1: no skill for 5"),
        ([(1, (0, 4, 5, 3))], "technician 1: begins at 130.9902, closes at 60"),
        ([(1, (0, 4))], "request 3 is served 0 times"),
        ([(1, (0, 4, 3)), (1, (3,))], "a technician has two tours"),
        ([(9, (5,))], "there is no technician 9"),
        ([(1, (1,))], "technician 1 visits 1, which is no request"),
    ],
)
def test_trsp_names_what_is_broken(routes: list[tuple[int, tuple[int, ...]]], fault: str) -> None:
    assert fault in trsp.check(TRSP, routes)[1]


DEPARTURES, BEGINS = {3: 20.0, 4: 60.0, 5: 0.0}, {3: 40.0, 4: 70.0, 5: 10.0}
RETURNS = {1: (20.0, 80 + math.sqrt(200)), 2: (0.0, 30.0)}
PLAYED = [(1, (3, 0, 4)), (2, (5,))]
"""1 drives by the depot: from 3 at 50, at the depot at 60, at 4 at 70."""


def test_a_played_day_counts_the_time_out_as_it_was() -> None:
    value, faults, more = trsp.check_dynamic(TRSP, RELEASES, PLAYED, DEPARTURES, BEGINS, RETURNS)
    assert faults == []
    assert value == pytest.approx(60 + math.sqrt(200) + 30)
    assert more["rejected"] == 0.0


def test_a_played_day_may_reject_requests() -> None:
    _, faults, more = trsp.check_dynamic(TRSP, RELEASES, PLAYED[1:], DEPARTURES, BEGINS, RETURNS)
    assert faults == []
    assert more["rejected"] == 2.0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"releases_text": RELEASES.replace("4    30", "4    61")},
            "technician 1 leaves for 4 at 60, known from 61 on",
        ),
        ({"begins": BEGINS | {4: 69.0}}, "technician 1 cannot begin at 4 at 69, leaving at 60"),
        ({"begins": BEGINS | {3: 61.0}}, "technician 1 begins at 3 at 61, window 40 to 60"),
        ({"departures": DEPARTURES | {4: 59.0}}, "technician 1 cannot begin at 4 at 70, leaving at 59"),
        ({"returns": RETURNS | {2: (0.0, 29.0)}}, "technician 2 cannot be back at 29"),
        ({"returns": RETURNS | {2: (0.0, 101.0)}}, "technician 2 is out from 0 to 101, hours 0 to 100"),
        ({"returns": {1: RETURNS[1]}}, "technician 2 has no times"),
        ({"routes": [(1, (0, 4, 3)), (2, (5, 3))]}, "request 3 is served 2 times"),
    ],
)
def test_a_played_day_names_what_is_broken(change: dict[str, Any], fault: str) -> None:
    day = {"routes": PLAYED, "departures": DEPARTURES, "begins": BEGINS, "returns": RETURNS, "releases_text": RELEASES}
    assert fault in trsp.check_dynamic(TRSP, **(day | change))[1]


# --- STRSP ---


def test_strsp_adds_outsourcing_to_the_distance() -> None:
    value, faults, more = strsp.check(TASKS, TECHNICIANS, [(1, (2,)), (2, (3,))])
    assert faults == []
    assert value == pytest.approx(10 + 20 + 200 + 4**1.5)
    assert more == {"distance": 30.0, "outsourced": 1.0}


@pytest.mark.parametrize(
    ("routes", "fault"),
    [
        ([(2, (2,))], "technician 2 cannot do 2"),
        ([(1, (3,))], "technician 1 cannot do 3"),
        ([(1, (2, 2))], "task 2 is served 2 times"),
        ([(1, (4,))], "technician 1 is back at 230.0000, due 100"),
        ([(1, (1,))], "technician 1 visits 1, which is no task"),
        ([(3, (2,))], "there is no technician 3"),
        ([(1, (2,)), (1, ())], "a technician has two tours"),
    ],
)
def test_strsp_names_what_is_broken(routes: list[tuple[int, tuple[int, ...]]], fault: str) -> None:
    assert fault in strsp.check(TASKS, TECHNICIANS, routes)[1]
