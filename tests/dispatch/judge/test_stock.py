"""Parts, vans, depots and tools."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatch.format.model import Depot, Inbound, Part, Plan, Previous, Request, Ticket, Whereabouts
from tests.builders import at, between, engineer, lunch, shift, ticket
from tests.dispatch.judge.court import Case, each, town
from tests.dispatch.judge.writer import Drive, Step, drive, pickup, rest, visit, write

PARTS = {
    "fuse": Part(substitutes=("fuse_plus", "lamp")),
    "fuse_plus": Part(substitutes=("fuse_max",)),
    "lamp": Part(substitutes=("led",)),
}


def _using(name: str, used: dict[str, int], *codes: str, **need: int) -> Case:
    """Use parts at one ticket; the van has ten of everything."""
    van = dict.fromkeys(("fuse", "fuse_plus", "fuse_max", "lamp", "led", "wire"), 10)
    world = town([ticket("t1", parts=need)], [engineer("wang", van=van)], parts=PARTS)
    return Case(name, world, write(world, [drive("wang", [visit("t1", parts=used)])]), codes)


@each(
    _using("what is needed", {"fuse": 2, "wire": 1}, fuse=2, wire=1),
    _using("one short", {"fuse": 1}, "part", fuse=2),
    _using("one too many", {"fuse": 3}, "part", fuse=2),
    _using("none where none is needed", {}),
    _using("some where none is needed", {"wire": 1}, "part"),
    _using("nothing of it", {"fuse": 0}),
    _using("nothing is needed", {}, fuse=0),
    _using("none where one is needed", {}, "part", wire=1),
    _using("a substitute", {"fuse_plus": 2}, fuse=2),
    _using("one of each", {"fuse": 1, "fuse_plus": 1}, fuse=2),
    _using("the substitute's substitute", {"fuse_max": 1}, "part", fuse=1),
    _using("not the other way round", {"fuse": 1}, "part", fuse_plus=1),
    _using("a chain of two", {"lamp": 1, "led": 1}, fuse=1, lamp=1),
    _using("a chain of two, one short", {"lamp": 1, "fuse": 1}, fuse=1, lamp=1),
    _using("a chain of two, twice the same", {"led": 2}, "part", fuse=1, lamp=1),
    _using("something else", {"wire": 1}, "part", fuse=1),
)
def test_a_visit_uses_what_its_ticket_needs(case: Case) -> None:
    case.check()


def _crew(name: str, wang: dict[str, int], li: dict[str, int], *codes: str) -> Case:
    """Use two fuses at a ticket for two, both vans have two."""
    world = town(
        [ticket("t1", crew=2, parts={"fuse": 2})],
        [engineer("wang", van={"fuse": 2}), engineer("li", van={"fuse": 2})],
    )
    told = [drive("wang", [visit("t1", parts=wang)]), drive("li", [visit("t1", parts=li)])]
    return Case(name, world, write(world, told), codes)


@each(
    _crew("all from one", {"fuse": 2}, {}),
    _crew("one from each", {"fuse": 1}, {"fuse": 1}),
    _crew("two from each", {"fuse": 2}, {"fuse": 2}, "part"),
    _crew("one in all", {"fuse": 1}, {}, "part"),
)
def test_parts_come_with_any_of_a_crew(case: Case) -> None:
    case.check()


# -- vans ---------------------------------------------------------------------------------------------------------

STORE = Depot("store", "station", (between("08:00", "18:00"),), handling_s=600, stock={"fuse": 5}, tools={"hoist": 1})


def _van(name: str, has: int, steps: list[Step], *codes: str, later: list[Step] | None = None) -> Case:
    """Serve two tickets that need a fuse each from one van, on two days where ``later`` steps are told."""
    tickets = [ticket("t1", parts={"fuse": 1}), ticket("t2", parts={"fuse": 1})]
    shifts = [shift(), shift("tue", day=1)]
    world = town(tickets, [engineer("wang", shifts, van={"fuse": has})], depots=(STORE,))
    told = [drive("wang", later, "tue")] if later else []
    return Case(name, world, write(world, [*told, drive("wang", steps)]), codes)


T1, T2 = visit("t1"), visit("t2")


@each(
    _van("three for two", 3, [T1, T2]),
    _van("two for two", 2, [T1, T2]),
    _van("one for two", 1, [T1, T2], "van_stock"),
    _van("one for two on two days", 1, [T1], "van_stock", later=[T2]),
    _van("two for two on two days", 2, [T1], later=[T2]),
    _van("fetched before", 1, [T1, pickup("store", {"fuse": 1}), T2]),
    _van("fetched afterwards", 1, [T1, T2, pickup("store", {"fuse": 1})], "van_stock"),
    _van("fetched the day before", 1, [T1, pickup("store", {"fuse": 1})], later=[T2]),
)
def test_a_van_never_holds_less_than_nothing(case: Case) -> None:
    case.check()


def test_parts_at_a_break_are_nobody_s() -> None:
    world = town([ticket("t1")], [engineer("wang", [shift(breaks=(lunch("09:00", "10:00"),))])])
    # No van is asked for them, but a break has no parts.
    Case("", world, write(world, [drive("wang", [T1, rest(parts={"fuse": 1})])]), ("structure",)).check()


def test_what_is_fetched_is_there_when_the_pick_up_ends() -> None:
    # The ticket is next door to the depot: picked up and used at the same second.
    world = town([ticket("t1", location="station", parts={"fuse": 1})], depots=(STORE,))
    told = [drive("wang", [pickup("store", {"fuse": 1}), visit("t1")])]
    Case("", world, write(world, told)).check()


def test_what_is_fetched_afterwards_in_the_same_second_is_not_there_yet() -> None:
    brief = ticket("t1", location="station", duration_s=0, parts={"fuse": 1})
    at_once = replace(STORE, handling_s=0)
    for van, codes in (1, ()), (0, ("van_stock",)):
        world = town([brief], [engineer("wang", van={"fuse": van})], depots=(at_once,))
        told = [drive("wang", [visit("t1"), pickup("store", {"fuse": 1})])]
        Case("", world, write(world, told), codes).check()
    world = town([brief], depots=(at_once,))
    Case("", world, write(world, [drive("wang", [pickup("store", {"fuse": 1}), visit("t1")])])).check()


# -- depots -------------------------------------------------------------------------------------------------------


def _world(*tickets: Ticket, **store: Any) -> Request:
    given: dict[str, Any] = {
        "open": (between("08:00", "18:00"),),
        "handling_s": 600,
        "stock": {"fuse": 2},
        "tools": {"hoist": 1},
        **store,
    }
    people = [engineer(name, [shift(), shift("night", "20:00", "23:00")]) for name in ("wang", "li")]
    return town(tickets or [ticket("t1", parts={"fuse": 1})], people, depots=(Depot("store", "station", **given),))


def _fetching(world: Request, quantity: int, begin: str = "08:20", lasts_s: int | None = None) -> Plan:
    """Fetch fuses at a moment; the ticket needs one of them."""
    return write(world, [drive("wang", [pickup("store", {"fuse": quantity}, begin=at(begin), lasts_s=lasts_s), T1])])


INBOUND = _world(stock={"fuse": 1}, inbound=(Inbound("fuse", 2, at("10:00")), Inbound("wire", 9, at("08:00"))))
OPEN = _world(open=(between("08:20", "08:30"), between("09:00", "09:00")))


@each(
    Case("less than there is", _world(), _fetching(_world(), 1)),
    Case("all there is", _world(), _fetching(_world(), 2)),
    Case("one more", _world(), _fetching(_world(), 3), ("depot_stock",)),
    Case("before it comes in", INBOUND, _fetching(INBOUND, 2, "09:59:59"), ("depot_stock",)),
    Case("when it comes in", INBOUND, _fetching(INBOUND, 3, "10:00")),
    Case("more than comes in", INBOUND, _fetching(INBOUND, 4, "10:00"), ("depot_stock",)),
    Case("handled too fast", _world(), _fetching(_world(), 1, lasts_s=599), ("timing",)),
    Case("handled too slowly", _world(), _fetching(_world(), 1, lasts_s=601), ("timing",)),
)
def test_a_depot_gives_what_it_has_had_by_then(case: Case) -> None:
    case.check()


def _both(world: Request, early: int, late: int) -> list[Drive]:
    """Let li fetch at 11:00 and wang, who is named later, at 08:20."""
    return [
        drive("li", [pickup("store", {"fuse": late}, begin=at("11:00"))]),
        drive("wang", [pickup("store", {"fuse": early}), T1]),
    ]


@each(
    *(
        Case(f"{early} and {late}", INBOUND, write(INBOUND, _both(INBOUND, early, late)), codes)
        for early, late, codes in [(1, 2, ()), (1, 3, ("depot_stock",)), (2, 1, ("depot_stock",))]
    )
)
def test_what_one_takes_another_cannot(case: Case) -> None:
    case.check()


@each(
    Case("before it opens", OPEN, _fetching(_world(open=OPEN.depots[0].open), 1, "08:20")),
    *(
        Case(begin, OPEN, _fetching(OPEN, 1, begin), codes)
        for begin, codes in [
            ("08:30", ()),
            ("08:30:01", ("depot_open",)),
            ("08:59:59", ("depot_open",)),
            ("09:00", ()),
            ("09:00:01", ("depot_open",)),
        ]
    ),
)
def test_a_pick_up_begins_while_the_depot_is_open(case: Case) -> None:
    case.check()


# -- tools --------------------------------------------------------------------------------------------------------

HOISTED = ticket("t1", tools=["hoist"])
LENDING = _world(HOISTED)
IN_HAND = Previous(engineers=(Whereabouts("wang", "mon", "home", at("08:00"), tools=("hoist",)),))
OWNER = town([HOISTED], [engineer("wang", tools=("hoist",))])
HOLDER = town([HOISTED], previous=IN_HAND)


@each(
    Case("own", OWNER, write(OWNER, [drive("wang", [visit("t1")])])),
    Case("own, not written down", OWNER, write(OWNER, [drive("wang", [visit("t1", tools=())])])),
    Case("nobody's", LENDING, write(LENDING, [drive("wang", [visit("t1")])]), ("tool",)),
    Case("nobody's, not written down", LENDING, write(LENDING, [drive("wang", [visit("t1", tools=())])]), ("tool",)),
    Case("lent before", LENDING, write(LENDING, [drive("wang", [pickup("store", tools=["hoist"]), visit("t1")])])),
    Case(
        "lent afterwards",
        LENDING,
        write(LENDING, [drive("wang", [visit("t1"), pickup("store", tools=["hoist"])])]),
        ("tool",),
    ),
    Case(
        "lent in an earlier shift",
        LENDING,
        write(
            LENDING,
            [drive("wang", [pickup("store", tools=["hoist"])]), drive("wang", [visit("t1")], "night")],
        ),
        ("tool",),
    ),
    Case("lent before now", HOLDER, write(HOLDER, [drive("wang", [visit("t1")])])),
    Case(
        "not needed, not there",
        _world(),
        write(_world(), [drive("wang", [pickup("store", {"fuse": 1}), visit("t1", tools=("saw",))])]),
        ("tool",),
    ),
    Case(
        "not needed, there",
        _world(),
        write(_world(), [drive("wang", [pickup("store", {"fuse": 1}, ["hoist"]), visit("t1", tools=("hoist",))])]),
    ),
)
def test_a_tool_is_there_where_it_is_needed(case: Case) -> None:
    case.check()


def _two_men(name: str, wang: tuple[str, ...], li: tuple[str, ...], *codes: str) -> Case:
    """Serve a ticket for two that needs a hoist; li owns one."""
    world = town([ticket("t1", crew=2, tools=["hoist"])], [engineer("wang"), engineer("li", tools=("hoist",))])
    told = [drive("wang", [visit("t1", tools=wang)]), drive("li", [visit("t1", tools=li)])]
    return Case(name, world, write(world, told), codes)


@each(
    _two_men("from its owner", (), ("hoist",)),
    _two_men("from nobody, but one owns it", (), ()),
    _two_men("from the one who has none", ("hoist",), (), "tool"),
)
def test_a_tool_comes_with_any_of_a_crew(case: Case) -> None:
    case.check()


HOIST = [pickup("store", {"fuse": 1}, ["hoist"])]


def _lending(name: str, tools: int, told: list[Drive], *codes: str, **second: Any) -> Case:
    people = [
        engineer(who, [shift(), shift("second", **{"start": "20:00", "end": "22:00", **second})])
        for who in ("wang", "li")
    ]
    store = Depot(
        "store",
        "station",
        (between("08:00", "23:59"), between("00:00", "23:59", day=1)),
        stock={"fuse": 9},
        tools={"hoist": tools},
    )
    world = town([ticket("t1", parts={"fuse": 1})], people, depots=(store,))
    return Case(name, world, write(world, told), codes)


FIRST = drive("wang", [*HOIST, T1])


@each(
    _lending("one of one", 1, [FIRST]),
    _lending("one of none", 0, [FIRST], "tool_lent"),
    _lending("two of two", 2, [FIRST, drive("li", HOIST)]),
    _lending("two of one", 1, [FIRST, drive("li", HOIST)], "tool_lent"),
    _lending("twice on one day", 1, [FIRST, drive("wang", HOIST, "second")], "tool_lent"),
    _lending("again on the next day", 1, [FIRST, drive("li", HOIST, "second")], start="00:00", end="03:00", day=1),
    _lending(
        "after midnight, in a shift of the day before",
        1,
        [FIRST, drive("li", HOIST, "second", leave=at("00:10", day=1))],
        "tool_lent",
        start="23:59:59",
        overtime_s=36_000,
        end="23:59:59",
    ),
)
def test_a_tool_is_lent_to_one_at_a_time_and_back_the_next_day(case: Case) -> None:
    case.check()


def test_an_unknown_depot_gives_nothing_to_complain_about_but_itself() -> None:
    world = town()
    Case("", world, write(world, [drive("wang", [pickup("store", {}), T1])]), ("structure",)).check()
