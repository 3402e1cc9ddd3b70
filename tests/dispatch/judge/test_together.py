"""Tickets served once, crews, order, the same engineer, and the plan's status."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from dispatch.format.model import After, Engineer, Finished, Pair, Previous, Request, Ticket
from tests.builders import at, engineer, shift, ticket
from tests.dispatch.judge.court import Case, each, town
from tests.dispatch.judge.writer import drive, skip, visit, write

WANG, LI, ZHAO = engineer("wang"), engineer("li", skills={"gas": 2}), engineer("zhao", skills={})


def _world(*tickets: Ticket, **more: Any) -> Request:
    return town(tickets, [WANG, LI, ZHAO], **more)


T1, T2 = ticket("t1"), ticket("t2")
ONE, TWO = _world(T1), _world(T1, T2)
DONE = Previous(finished=(Finished("t1", at("06:00"), "wang"),))
HISTORY = _world(T1, T2, previous=DONE)
GONE = _world(T2, previous=DONE)


@each(
    Case("served", ONE, write(ONE, [drive("wang", [visit("t1")])])),
    Case("skipped", ONE, write(ONE, skipped=["t1"])),
    Case("neither", TWO, write(TWO, [drive("wang", [visit("t1")])]), ("served",)),
    Case("both", ONE, write(ONE, [drive("wang", [visit("t1")])], ["t1"]), ("served",)),
    Case("twice in one route", ONE, write(ONE, [drive("wang", [visit("t1"), visit("t1")])]), ("served",)),
    Case(
        "by two engineers",
        ONE,
        write(ONE, [drive("wang", [visit("t1")]), drive("zhao", [visit("t1")])]),
        ("served",),
    ),
    Case("done", HISTORY, write(HISTORY, [drive("wang", [visit("t2")])])),
    Case("done but served", HISTORY, write(HISTORY, [drive("wang", [visit("t1"), visit("t2")])]), ("served",)),
    Case("done but skipped", HISTORY, write(HISTORY, [drive("wang", [visit("t2")])], ["t1"]), ("served",)),
    Case("gone but skipped", GONE, write(GONE, [drive("wang", [visit("t2")])], ["t1"]), ("served",)),
    Case("unknown and skipped", ONE, write(ONE, [drive("wang", [visit("t1")])], ["x"]), ("structure",)),
)
def test_a_ticket_is_served_once_or_skipped(case: Case) -> None:
    case.check()


def test_a_ticket_is_skipped_once() -> None:
    # The term counts it once, however often it is listed.
    once = write(ONE, skipped=["t1"])
    Case("", ONE, replace(once, skipped=(skip("t1"), skip("t1"))), ("served",)).check()


def test_a_ticket_that_is_gone_cannot_be_visited() -> None:
    Case("", GONE, write(GONE, [drive("wang", [visit("t2"), visit("t1", place="lake")])]), ("served",)).check()


# -- crews --------------------------------------------------------------------------------------------------------


def _crew(name: str, *there: str, codes: tuple[str, ...] = (), **wants: Any) -> Case:
    """Serve a ticket with a crew of two."""
    world = _world(ticket("t1", **{"crew": 2, **wants}))
    return Case(name, world, write(world, [drive(who, [visit("t1")]) for who in there]), codes)


def _at_two_times(second: str) -> Case:
    world = _world(ticket("t1", crew=2))
    told = [drive("wang", [visit("t1")]), drive("li", [visit("t1", begin=at(second))])]
    return Case(second, world, write(world, told), () if second == "08:10" else ("crew",))


def _lapsing(who: tuple[Engineer, ...], *codes: str) -> Case:
    world = town([ticket("t1", crew=2, requires={"ac": 1})], who)
    return Case(str(len(codes)), world, write(world, [drive(each_.id, [visit("t1")]) for each_ in who]), codes)


@each(
    _crew("two", "wang", "li"),
    _crew("one is missing", "wang", codes=("crew",)),
    _crew("one too many", "wang", "li", "zhao", codes=("served",)),
    _crew("three", "wang", "li", "zhao", crew=3),
    _crew("two of three", "wang", "li", crew=3, codes=("crew",)),
    _crew("one has the skill", "zhao", "li", requires={"gas": 2}),
    _crew("nobody has the level", "wang", "li", requires={"gas": 3}, codes=("crew",)),
    _crew("each has half of it", "wang", "li", requires={"gas": 1, "ac": 1}, codes=("crew",)),
    _crew("one is not among only", "wang", "li", only=["wang"], codes=("only_never",)),
    _crew("one is among never", "wang", "li", never=["li"], codes=("only_never",)),
    _crew("one is banned", "wang", "li", pairs=[Pair("li", forbid=True)], codes=("pair",)),
)
def test_a_crew_is_complete_able_and_allowed(case: Case) -> None:
    case.check()


@each(_at_two_times("08:10"), _at_two_times("08:10:01"))
def test_a_crew_begins_together(case: Case) -> None:
    case.check()


def test_nobody_is_his_own_crew() -> None:
    shifts = [shift("am", end="12:00"), shift("am2", end="12:00")]
    world = town([ticket("t1", crew=2)], [engineer("wang", shifts), LI])
    told = [drive("wang", [visit("t1")], "am"), drive("wang", [visit("t1")], "am2")]
    Case("", world, write(world, told), ("crew", "overlap")).check()


LAPSED = engineer("old", skills_until={"ac": at("09:09:59")})


@each(_lapsing((WANG, LAPSED)), _lapsing((LAPSED, WANG), "skill_lapsed"))
def test_the_lead_of_a_crew_is_who_comes_first_and_has_skills_that_last(case: Case) -> None:
    case.check()


# -- order and leads ----------------------------------------------------------------------------------------------


def _after(name: str, begin: str, gap_s: int, *codes: str, crew: int = 1) -> Case:
    """Let li, or wang and zhao, serve t1 from 08:10 to 09:10, zhao a minute longer, and li serve t2 afterwards."""
    slow = engineer("zhao", service_factor=Decimal("1.1"))
    world = town(
        [ticket("t2", after=[After("t1", gap_s)]), ticket("t1", crew=crew)], [engineer("li"), engineer("wang"), slow]
    )
    first = [drive("wang", [visit("t1")]), drive("zhao", [visit("t1")])][:crew]
    return Case(name, world, write(world, [drive("li", [visit("t2", begin=at(begin))]), *first]), codes)


@each(
    _after("as soon as it ends", "09:10", 0),
    _after("a second before it ends", "09:09:59", 0, "after"),
    _after("after the gap", "09:20:01", 600),
    _after("with the gap", "09:20", 600),
    _after("a second inside the gap", "09:19:59", 600, "after"),
    _after("when the last of the crew leaves", "09:16", 0, crew=2),
    _after("when the first of the crew leaves", "09:15:59", 0, "after", crew=2),
)
def test_a_ticket_waits_for_the_one_before(case: Case) -> None:
    case.check()


BEHIND = _world(T1, ticket("t2", after=[After("t1")]))
HALF_AFTER_DONE = [
    _world(
        ticket("t2", after=[After("t1", 600)]),
        previous=Previous(finished=(Finished("t1", at(end)),)),
    )
    for end in ("08:00", "08:00:01")
]


@each(
    Case("both are skipped", BEHIND, write(BEHIND, skipped=["t1", "t2"])),
    Case("the first is skipped", BEHIND, write(BEHIND, [drive("wang", [visit("t2")])], ["t1"]), ("after",)),
    Case("the second is skipped", BEHIND, write(BEHIND, [drive("wang", [visit("t1")])], ["t2"])),
    Case("the first is forgotten", BEHIND, write(BEHIND, [drive("wang", [visit("t2")])]), ("served",)),
    Case("the first is done", HALF_AFTER_DONE[0], write(HALF_AFTER_DONE[0], [drive("wang", [visit("t2")])])),
    Case(
        "the first is just done",
        HALF_AFTER_DONE[1],
        write(HALF_AFTER_DONE[1], [drive("wang", [visit("t2")])]),
        ("after",),
    ),
)
def test_a_ticket_is_skipped_with_the_one_before(case: Case) -> None:
    case.check()


SAME = _world(T1, ticket("t2", same_engineer_as="t1"))
SAME_CREW = _world(ticket("t1", crew=2, requires={"gas": 1}), ticket("t2", requires={"gas": 1}, same_engineer_as="t1"))
SAME_DONE = _world(ticket("t2", same_engineer_as="t1"), previous=DONE)
SAME_NOBODY = _world(
    T1, ticket("t2", same_engineer_as="t1"), previous=Previous(finished=(Finished("t1", at("06:00")),))
)
BOTH_LI = [drive("zhao", [visit("t1")]), drive("li", [visit("t1"), visit("t2")])]
OTHER_ORDER = [drive("wang", [visit("t1")]), drive("li", [visit("t1"), visit("t2")])]


@each(
    Case("the same", SAME, write(SAME, [drive("wang", [visit("t2"), visit("t1")])])),
    Case(
        "another",
        SAME,
        write(SAME, [drive("wang", [visit("t1")]), drive("zhao", [visit("t2")])]),
        ("same_engineer",),
    ),
    Case("only one is served", SAME, write(SAME, [drive("zhao", [visit("t2")])], ["t1"])),
    Case("only the other is served", SAME, write(SAME, [drive("zhao", [visit("t1")])], ["t2"])),
    Case("the lead of the crew", SAME_CREW, write(SAME_CREW, BOTH_LI)),
    Case("the lead of the crew is not its first", SAME_CREW, write(SAME_CREW, OTHER_ORDER)),
    Case("who did it", SAME_DONE, write(SAME_DONE, [drive("wang", [visit("t2")])])),
    Case("not who did it", SAME_DONE, write(SAME_DONE, [drive("zhao", [visit("t2")])]), ("same_engineer",)),
    Case("nobody knows who did it", SAME_NOBODY, write(SAME_NOBODY, [drive("zhao", [visit("t2")])])),
)
def test_two_tickets_that_ask_for_it_have_one_lead(case: Case) -> None:
    case.check()


def test_the_mate_of_a_crew_is_not_its_lead() -> None:
    world = _world(ticket("t1", crew=2), ticket("t2", same_engineer_as="t1"))
    told = [drive("wang", [visit("t1")]), drive("li", [visit("t1"), visit("t2")])]
    Case("", world, write(world, told), ("same_engineer",)).check()


# -- status -------------------------------------------------------------------------------------------------------

MUST = _world(ticket("t1", skip_cost=None))
MUST_DONE = _world(ticket("t1", skip_cost=None), T2, previous=DONE)
SERVED, LEFT = write(MUST, [drive("wang", [visit("t1")])]), write(MUST, skipped=["t1"])


@each(
    Case("served and ok", MUST, SERVED),
    Case("served and infeasible", MUST, replace(SERVED, status="infeasible"), ("status",)),
    Case("left out and infeasible", MUST, LEFT),
    Case("left out and ok", MUST, replace(LEFT, status="ok"), ("status",)),
    Case("forgotten and infeasible", MUST, write(MUST, status="infeasible"), ("served",)),
    Case("forgotten and ok", MUST, write(MUST), ("served",)),
    Case("left out, has a price", ONE, write(ONE, skipped=["t1"], status="infeasible"), ("status",)),
    Case("done", MUST_DONE, write(MUST_DONE, [drive("wang", [visit("t2")])])),
)
def test_the_status_says_whether_something_that_must_be_served_is_left_out(case: Case) -> None:
    case.check()
