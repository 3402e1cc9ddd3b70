"""Whether a visit of the plan in force would be legal alone, in its old shift at its old start.

Each question is put by skipping the visit where no change is allowed: the change counts if and only if the visit would
have been legal alone. It is 08:00; t1 is an hour at the lake, ten minutes from home, and was to start at nine.
"""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from dispatch.format.model import (
    After,
    Break,
    Depot,
    Engineer,
    Finished,
    Inbound,
    Part,
    Peak,
    Previous,
    PreviousVisit,
    Request,
    Whereabouts,
)
from dispatch.judge import judge
from tests.builders import at, between, engineer, lunch, shift, ticket
from tests.dispatch.judge.court import MINUTES, town
from tests.dispatch.judge.writer import write


def is_legal(
    worker: Engineer | None = None,
    start: str = "09:00",
    *,
    others: tuple[PreviousVisit, ...] = (),
    state: str = "planned",
    wants: Any = None,
    more: Any = None,
    **previous: Any,
) -> bool:
    """Tell whether a visit of wang's would have been legal alone."""
    rows = (PreviousVisit("t1", "wang", "mon", at(start), state), *others)
    in_force = Previous(visits=rows, max_changes=0, **previous)
    people = [worker or engineer("wang"), engineer("li")]
    request: Request = town([ticket("t1", **(wants or {}))], people, now="08:00", previous=in_force, **(more or {}))
    codes = {violation.code for violation in judge(request, write(request, skipped=["t1"])).violations}
    assert codes <= {"change_budget", "travelling"}
    return "change_budget" in codes


def on(**limits: Any) -> Engineer:
    """Let wang work with other limits."""
    busy_s = limits.pop("max_busy_s", None)
    own = {key: limits.pop(key) for key in ("van", "tools") if key in limits}
    return engineer("wang", [shift(**limits)], max_busy_s=busy_s, **own)


@pytest.mark.parametrize(
    ("start", "legal"), [("08:09:59", False), ("08:10", True), ("16:50", True), ("16:50:01", False)]
)
def test_it_is_reached_from_the_start_and_the_end_in_time(start: str, legal: bool) -> None:
    assert is_legal(start=start) is legal


@pytest.mark.parametrize(
    ("where", "legal"), [(("lake", "09:00"), True), (("lake", "09:00:01"), False), (("station", "08:45"), True)]
)
def test_it_is_reached_from_where_the_engineer_is(where: tuple[str, str], legal: bool) -> None:
    place, free = where
    assert is_legal(engineers=(Whereabouts("wang", "mon", place, at(free)),)) is legal


@pytest.mark.parametrize(
    ("wants", "legal"),
    [
        ({"requires": {"ac": 3}}, True),
        ({"requires": {"ac": 4}}, False),
        ({"windows": [between("08:00", "09:00")]}, True),
        ({"windows": [between("08:00", "08:59")]}, False),
        ({"release": at("09:00:01")}, False),
        ({"never": ["wang"]}, False),
        ({"only": ["li"]}, False),
        ({"after": [After("done", 3600)]}, True),
        ({"after": [After("done", 3601)]}, False),
        ({"same_engineer_as": "done"}, False),
        ({"duration_s": 8 * 3600 + 50 * 60}, True),
        ({"duration_s": 8 * 3600 + 50 * 60 + 1}, False),
        ({"setup_s": 8 * 3600}, False),
    ],
)
def test_it_fits_engineer_and_time(wants: Any, legal: bool) -> None:
    assert is_legal(wants=wants, finished=(Finished("done", at("08:00"), "li"),)) is legal


@pytest.mark.parametrize(
    "rule", [{"requires": {"ac": 4}}, {"windows": [between("08:00", "08:59")]}, {"never": ["wang"]}]
)
def test_who_is_on_the_way_needs_less(rule: Any) -> None:
    assert is_legal(state="travelling", wants=rule)


def test_other_tickets_that_are_not_finished_are_left_aside() -> None:
    rows = (PreviousVisit("t1", "wang", "mon", at("09:00")),)
    tickets = [ticket("t1", after=[After("t2")], same_engineer_as="t2"), ticket("t2")]
    request = town(tickets, now="08:00", previous=Previous(visits=rows, max_changes=0))
    assert not judge(request, write(request, skipped=["t1", "t2"])).legal


@pytest.mark.parametrize(
    ("limits", "legal"),
    [
        ({"max_visits": 1}, True),
        ({"max_visits": 0}, False),
        ({"max_travel_s": 1200}, True),
        ({"max_travel_s": 1199}, False),
        ({"max_busy_s": 4800}, True),
        ({"max_busy_s": 4799}, False),
        ({"end": "10:00", "overtime_s": 600}, True),
        ({"end": "10:00", "overtime_s": 599}, False),
        ({"end": "10:00", "end_location": None}, True),
    ],
)
def test_it_keeps_the_limits(limits: Any, legal: bool) -> None:
    assert is_legal(on(**limits)) is legal


@pytest.mark.parametrize(
    ("absences", "legal"),
    [
        ([("08:00", "08:50")], True),  # leaves afterwards
        ([("08:00", "08:50:01")], False),
        ([("08:50", "09:00")], True),  # is there before
        ([("08:05", "08:10"), ("08:50", "09:00")], True),  # waits between the two
        ([("08:05", "08:45"), ("08:50", "09:00")], False),  # five minutes are too short
        ([("09:59", "12:00")], False),
        ([("10:00", "10:00:01")], False),  # nobody waits after work
        ([("10:10", "12:00")], True),
    ],
)
def test_it_is_clear_of_absences(absences: list[tuple[str, str]], legal: bool) -> None:
    assert is_legal(on(absences=tuple(between(*each) for each in absences))) is legal


@pytest.mark.parametrize(
    ("pauses", "legal"),
    [
        ([("08:00", "08:30", 600)], True),  # before leaving, or by leaving later
        ([("08:50", "09:10", 600)], True),  # at the lake before nine
        ([("08:50:01", "09:10", 600)], False),  # too late before, too early after
        ([("09:10", "10:00", 600)], True),  # after the work
        ([("09:10", "09:59:59", 600)], False),
        ([("10:10", "10:20", 600)], True),  # at home, or not at all
        ([("10:05", "10:09", 600)], True),  # at the lake after waiting
        ([("08:10", "08:40", 600), ("10:00", "10:05", 600)], True),
        ([("08:45", "08:55", 300), ("08:50", "09:10", 600)], True),
        ([("08:51", "09:05", 300), ("08:51", "09:05", 300)], False),
    ],
)
def test_it_leaves_room_for_breaks(pauses: list[tuple[str, str, int]], legal: bool) -> None:
    breaks = tuple(Break(at(first), at(last), lasts_s) for first, last, lasts_s in pauses)
    assert is_legal(on(breaks=breaks)) is legal


def test_breaks_that_are_done_take_no_room() -> None:
    worker = on(breaks=(lunch("08:55", "09:30"),))
    assert not is_legal(worker)
    here = Whereabouts("wang", "mon", "home", at("08:00"), breaks_done=(0,))
    assert is_legal(worker, engineers=(here,))


def test_who_is_on_the_way_goes_there_first() -> None:
    # The break would have to come before the visit, but then the visit would not come first.
    worker = on(breaks=(lunch("08:50", "09:10", 600),))
    assert is_legal(worker)
    assert not is_legal(worker, state="travelling")
    assert is_legal(on(breaks=(lunch("09:10", "10:00", 600),)), state="travelling")


def test_it_leaves_late_where_an_early_start_would_meet_a_peak() -> None:
    peaks = (Peak(time(8, 0), time(8, 30), Decimal(2)),)
    rows = (PreviousVisit("t1", "wang", "mon", at("09:00")),)
    previous = Previous(visits=rows, max_changes=0)
    for most_s, counts in (1200, True), (1199, False):
        request = town([ticket("t1")], [on(max_travel_s=most_s)], now="08:00", previous=previous, peaks=peaks)
        assert judge(request, write(request, skipped=["t1"])).legal is not counts


@pytest.mark.parametrize("hole", [(0, 1), (1, 0)])
def test_there_is_a_way(hole: tuple[int, int]) -> None:
    minutes = [
        [None if (row, column) == hole else cell for column, cell in enumerate(cells)]
        for row, cells in enumerate(MINUTES)
    ]
    assert not is_legal(more={"minutes": minutes})


# -- parts and tools ----------------------------------------------------------------------------------------------

ALL_DAY = (between("08:00", "18:00"),)


def store(place: str = "station", name: str = "store", **more: Any) -> Depot:
    """Make a depot; a call takes five minutes. By way of the station the lake is reached in 40 minutes."""
    return Depot(name, place, more.pop("open", ALL_DAY), handling_s=300, **more)


FUSES = {"parts": {"fuse": 2}}


@pytest.mark.parametrize(
    ("van", "depots", "legal"),
    [
        ({"fuse": 2}, (), True),
        ({"fuse": 1}, (), False),
        ({"fuse": 1, "fuse_plus": 1}, (), True),
        ({"fuse_max": 2}, (), False),
        ({}, (store(stock={"fuse": 2}),), True),
        ({}, (store(stock={"fuse_plus": 2}),), True),
        ({"fuse": 1}, (store(stock={"fuse": 1}),), True),
        ({}, (store(stock={"fuse": 1}),), False),
        ({}, (store(stock={"wire": 9}),), False),
        ({}, (store("hills", stock={"fuse": 2}),), True),  # 30 + 5 + 20 minutes
        ({}, (store(stock={"fuse": 2}, open=(between("08:20", "08:40"),)),), True),
        ({}, (store(stock={"fuse": 2}, open=(between("08:40", "09:40"),)),), True),
        ({}, (store(stock={"fuse": 2}, open=(between("08:40:01", "09:40"),)),), False),
        ({}, (store(stock={"fuse": 2}, open=(between("08:00", "08:19:59"),)),), False),
        ({}, (store(inbound=(Inbound("fuse", 2, at("08:40")),)),), True),
        ({}, (store(inbound=(Inbound("fuse", 2, at("08:40:01")),)),), False),
        ({}, (store(stock={"fuse": 1}), store("lake", "shop", stock={"fuse": 1})), True),
        ({}, (store(stock={"fuse": 1}), store("hills", "shop", stock={"fuse": 1})), False),
    ],
)
def test_it_has_its_parts_in_the_van_or_fetches_them(
    van: dict[str, int], depots: tuple[Depot, ...], legal: bool
) -> None:
    parts = {"fuse": Part(substitutes=("fuse_plus",)), "fuse_plus": Part(substitutes=("fuse_max",))}
    assert is_legal(on(van=van), wants=FUSES, more={"depots": depots, "parts": parts}) is legal


@pytest.mark.parametrize(
    ("tools", "depots", "legal"),
    [
        (("hoist",), (), True),
        ((), (), False),
        ((), (store(tools={"hoist": 1}),), True),
        ((), (store(tools={"hoist": 0}),), False),
        ((), (store(tools={"saw": 1}),), False),
    ],
)
def test_it_has_its_tools_or_fetches_them(tools: tuple[str, ...], depots: tuple[Depot, ...], legal: bool) -> None:
    assert is_legal(on(tools=tools), wants={"tools": ["hoist"]}, more={"depots": depots}) is legal


def test_a_tool_in_hand_is_there() -> None:
    here = Whereabouts("wang", "mon", "home", at("08:00"), tools=("hoist",))
    assert is_legal(wants={"tools": ["hoist"]}, engineers=(here,))


def test_who_is_on_the_way_fetches_nothing() -> None:
    depots = (store(stock={"fuse": 2}),)
    assert is_legal(wants=FUSES, more={"depots": depots})
    assert not is_legal(wants=FUSES, more={"depots": depots}, state="travelling")


def test_no_way_to_the_depot_is_no_way_to_the_parts() -> None:
    minutes = [[0, 10, None, 30], *MINUTES[1:]]
    assert not is_legal(wants=FUSES, more={"depots": (store(stock={"fuse": 2}),), "minutes": minutes})


def test_a_call_waits_for_the_end_of_an_absence() -> None:
    worker = on(absences=(between("08:10", "08:20"),))
    depots = (store("home", stock={"fuse": 2}),)
    assert is_legal(worker, wants=FUSES, more={"depots": depots})


# -- crews --------------------------------------------------------------------------------------------------------


def _mate(who: str = "li", start: str = "09:00") -> tuple[PreviousVisit, ...]:
    return (PreviousVisit("t1", who, "mon", at(start)),)


def test_a_crew_is_legal_if_all_of_it_is() -> None:
    pair = {"crew": 2}
    assert is_legal(wants=pair, others=_mate())
    assert not is_legal(wants=pair)
    assert not is_legal(wants=pair, others=_mate("ill"))
    assert not is_legal(wants=pair, others=_mate(start="09:01"))
    assert not is_legal(wants={"crew": 2, "never": ["li"]}, others=_mate())
    assert not is_legal(on(max_visits=0), wants=pair, others=_mate())
    assert not is_legal(wants={"crew": 2, "requires": {"gas": 1}}, others=_mate())


def test_a_crew_brings_parts_together() -> None:
    worker = replace(engineer("wang"), van={"fuse": 1})
    wants = {"crew": 2, "parts": {"fuse": 2}}
    assert not is_legal(worker, wants=wants, others=_mate())
    # One of them, or both, call at the store: what is there counts once.
    for stock, legal in (1, True), (0, False):
        more = {"depots": (store(stock={"fuse": stock}),)}
        assert is_legal(worker, wants=wants, others=_mate(), more=more) is legal
    bare = engineer("wang")
    assert not is_legal(bare, wants=wants, others=_mate(), more={"depots": (store(stock={"fuse": 1}),)})


def test_a_question_with_too_many_answers_is_given_up() -> None:
    # Nothing is legal here, and there are very many ways to find that out.
    breaks = tuple(lunch(f"08:{minute:02}", "17:00", 60) for minute in range(8))
    worker = on(breaks=breaks, max_visits=0, van={})
    assert not is_legal(worker, start="16:00")
