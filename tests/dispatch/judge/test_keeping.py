"""Listings of broken pins: what could have been kept may not be listed, and what is listed is as early as can be.

In every world of this file it is 08:00 and wang, li and zhao are at home; t1 is an hour at the lake, ten minutes away.
"""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatch.format.model import After, Finished, Pair, PreviousVisit, Request
from tests.builders import at, between, engineer, lunch, shift, ticket
from tests.dispatch.judge.court import MINUTES, Case, each
from tests.dispatch.judge.plan_in_force import LISTED, T1, T2, T2_AT_NOON, begun, case, there, together, two, was, world
from tests.dispatch.judge.writer import broken, drive, skip, visit

WINDOW_AT_TEN: dict[str, Any] = {"windows": [between("10:00", "10:30")]}


# -- listed, and could have been kept ------------------------------------------------------------------------------

BOTH = two(was(pin="start"), T2_AT_NOON, people=[engineer("wang", [shift(end="13:20")]), engineer("li")])
FREE_LATE = two(was(pin="start"), T2_AT_NOON, people=[engineer("wang", [shift(end="13:19:59")]), engineer("li")])
CUT_OFF = two(
    was(pin="start"),
    T2_AT_NOON,
    people=[engineer("wang", [shift(end="10:10")]), engineer("li")],
    minutes=[[0, 10, None, 30], *MINUTES[1:]],
)
LUNCH = [engineer("wang", [shift(breaks=(lunch("11:00", "11:15"),))]), engineer("li")]


@each(
    case(
        "excusing what something else did",
        replace(BOTH, tickets=(*BOTH.tickets, ticket("t3"))),
        drive("wang", [there("t1", "09:00"), there("t2", "12:00"), visit("t3")]),
        broken_pins=LISTED,
        codes="broken_pins shift_end",
    ),
    case(
        "the other is out of reach",
        replace(CUT_OFF, tickets=(*CUT_OFF.tickets, ticket("t3"))),
        drive("wang", [there("t1", "09:00"), visit("t3")]),
        skipped=[skip("t2", code="pinned")],
        broken_pins=[*LISTED, broken("t2")],
        codes="broken_pins shift_end",
    ),
    case(
        "what binds him too makes the route too long",
        FREE_LATE,
        drive("wang", [there("t1", "09:00"), there("t2", "12:00")]),
        broken_pins=LISTED,
    ),
    case(
        "listed both, either is enough",
        replace(FREE_LATE, tickets=(*FREE_LATE.tickets, ticket("t3"))),
        drive("wang", [there("t1", "09:00"), there("t2", "12:00"), visit("t3")]),
        broken_pins=[broken("t1"), broken("t2")],
    ),
    case(
        "a break left out among two",
        two(was(pin="start"), T2_AT_NOON, people=LUNCH),
        drive("wang", [there("t1", "09:00"), there("t2", "12:00")]),
        broken_pins=LISTED,
        codes="broken_pins break",
    ),
    case(
        "no time for the break between two",
        two(
            was(pin="start"),
            was(ticket_="t2", start="10:20", pin="start"),
            people=[engineer("wang", [shift(breaks=(lunch("09:01", "11:10"),))]), engineer("li")],
        ),
        drive("wang", [there("t1", "09:00"), there("t2", "10:20")]),
        broken_pins=LISTED,
    ),
    case(
        "in the wrong order",
        two(was(pin="start"), was(ticket_="t2", start="10:15", pin="start")),
        drive("wang", [there("t2", "10:15"), T1]),
        broken_pins=LISTED,
        codes="broken_pins",
    ),
    case(
        "frozen like the other, which is elsewhere",
        two(was(), was(ticket_="t2", who="wang", start="09:30"), freeze_until=at("10:00")),
        drive("wang", [there("t1", "09:00"), T2]),
        broken_pins=[broken("t2")],
    ),
    case(
        "he is busy in another shift",
        two(
            was(pin="start"),
            was(ticket_="t2", start="20:00", pin="start", shift="eve"),
            people=[engineer("wang", [shift(end="10:09"), shift("eve", "18:00", "23:00")], max_busy_s=9000)],
        ),
        drive("wang", [there("t1", "09:00")]),
        drive("wang", [there("t2", "20:00")], "eve"),
        broken_pins=LISTED,
    ),
)
def test_only_what_binds_him_as_well_is_in_the_way_of_a_pin(case: Case) -> None:
    case.check()


TWO_TIMES = two(was(pin="engineer"), T2_AT_NOON, of=WINDOW_AT_TEN)
LATER = [engineer("wang", [shift(), shift("eve", "20:00", "23:00")]), engineer("li")]


@each(
    case("kept at its window", TWO_TIMES, drive("wang", [there("t1", "10:30"), there("t2", "12:00")])),
    case(
        "outside its window, though he could have come inside",
        TWO_TIMES,
        drive("wang", [there("t1", "09:00"), there("t2", "12:00")]),
        broken_pins=LISTED,
        codes="broken_pins window",
    ),
    case(
        "at no time that counts",
        TWO_TIMES,
        drive("wang", [there("t1", "08:45"), there("t2", "12:00")]),
        broken_pins=LISTED,
        codes="broken_pins window",
    ),
    case(
        "another pin stands at that time",
        two(was(pin="engineer"), was(ticket_="t2", start="10:00", pin="start"), of=WINDOW_AT_TEN),
        drive("wang", [there("t1", "09:00"), T2]),
        broken_pins=[broken("t1"), broken("t2")],
    ),
    case(
        "in another of his shifts",
        world(was(pin="engineer"), people=LATER, tickets=[ticket("t1", windows=[between("21:00", "21:00")])]),
        begun("09:00"),
        broken_pins=LISTED,
        codes="broken_pins window",
    ),
    case(
        "in none of his shifts",
        world(was(pin="engineer"), people=LATER, tickets=[ticket("t1", windows=[between("22:00", "22:00")])]),
        begun("09:00"),
        broken_pins=LISTED,
    ),
    case(
        "after its release",
        world(was(pin="engineer"), tickets=[ticket("t1", release=at("12:00"))]),
        begun("09:00"),
        broken_pins=LISTED,
        codes="broken_pins release",
    ),
    case(
        "after what is done",
        world(
            was(pin="engineer"),
            tickets=[ticket("t1", after=[After("done", 3600)])],
            finished=(Finished("done", at("09:00")),),
        ),
        begun("09:00"),
        broken_pins=LISTED,
        codes="after broken_pins",
    ),
    case(
        "after what another does",
        two(was(pin="engineer"), of={"after": [After("t2")]}),
        begun("09:00"),
        drive("li", [T2]),
        broken_pins=LISTED,
        codes="after broken_pins",
    ),
    case(
        "after what he does himself, if nothing else",
        two(was(pin="engineer"), of={"after": [After("t2")]}),
        drive("wang", [there("t1", "09:00"), T2]),
        broken_pins=LISTED,
    ),
    case(
        "after what is left out",
        two(was(pin="engineer"), of={"after": [After("t2")]}),
        begun("09:00"),
        skipped=["t2"],
        broken_pins=LISTED,
    ),
    case(
        "once he is back",
        world(
            was(pin="engineer", start="08:10"),
            people=[engineer("wang", [shift(absences=(between("09:10", "10:00"),), max_travel_s=600)]), engineer("li")],
        ),
        begun("08:10"),
        broken_pins=LISTED,
        codes="absence",
    ),
    case(
        "nobody gets there straight",
        world(
            was(start="08:20", pin="engineer"),
            tickets=[ticket("t1", never=["wang"]), ticket("t2", location="station")],
            minutes=[[0, None, 20, 30], *MINUTES[1:]],
        ),
        drive("wang", [T2, T1]),
        broken_pins=LISTED,
    ),
    case(
        "a crew at its window",
        world(
            was(pin="engineer"),
            was("li", pin="engineer"),
            tickets=[ticket("t1", crew=2, **WINDOW_AT_TEN)],
        ),
        begun("09:00"),
        begun("09:00", "li"),
        broken_pins=LISTED,
        codes="broken_pins window",
    ),
)
def test_a_pinned_engineer_who_could_come_at_another_time_keeps_his_pin(case: Case) -> None:
    case.check()


# -- who leads ----------------------------------------------------------------------------------------------------


def lead_bound(*rows: PreviousVisit, **more: Any) -> Request:
    """Make a world in which t1 wants the engineer of t2."""
    return two(was(pin="start"), *rows, of={"same_engineer_as": "t2"}, **more)


@each(
    *(
        case(
            name,
            lead_bound(was("li", ticket_="t2", start="10:00", **row), **more),
            begun("09:00"),
            drive("li", [there("t2", "10:00")]),
            broken_pins=[broken(listed)],
            codes=codes,
        )
        for name, row, more, listed, codes in [
            ("the other is pinned to him", {"pin": "engineer"}, {}, "t1", ""),
            ("the other is listed", {"pin": "start"}, {}, "t2", ""),
            ("the other is frozen", {}, {"freeze_until": at("10:01")}, "t2", ""),
            ("nothing holds the other", {}, {"freeze_until": at("10:00")}, "t1", "broken_pins same_engineer"),
        ]
    ),
    case(
        "someone is on the way to the other",
        lead_bound(was("li", ticket_="t2", state="travelling")),
        begun("09:00"),
        drive("li", [T2]),
        broken_pins=LISTED,
    ),
    case(
        "the other is done",
        world(
            was(pin="start"), tickets=[ticket("t1", same_engineer_as="x")], finished=(Finished("x", at("07:00"), "li"),)
        ),
        begun("09:00"),
        broken_pins=LISTED,
    ),
    case("the other is left out", lead_bound(), begun("09:00"), skipped=["t2"]),
)
def test_two_pins_may_part_what_wants_one_engineer_but_one_may_not(case: Case) -> None:
    case.check()


# -- crews --------------------------------------------------------------------------------------------------------

PAIR = [ticket("t1", crew=2), ticket("t2", location="station")]
PINNED = (was(pin="start"), was("li", pin="start"))
CREW = world(*PINNED, tickets=PAIR)
ILL = (was(pin="start"), was("ill", pin="start"))
FAR_LI = [engineer("wang"), engineer("li", [shift(start_location="hills")])]
AFAR = world(was(start="08:10", pin="start"), was("li", start="08:10", pin="start"), tickets=PAIR[:1], people=FAR_LI)


@each(
    case("kept", CREW, *together("09:00", "wang", "li", then=(T2,))),
    case("moved without need", CREW, *together("09:30", "wang", "li", then=(T2,)), broken_pins=LISTED, codes="pin"),
    case("as soon as the second is there", AFAR, *together("08:20", "wang", "li"), broken_pins=LISTED),
    case("a second later", AFAR, *together("08:20:01", "wang", "li"), broken_pins=LISTED, codes="pin"),
    case(
        "one of them does something else first",
        CREW,
        drive("wang", [T2, T1]),
        drive("li", [there("t1", "09:35")]),
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "one of them does first what is held as well",
        world(*PINNED, was(ticket_="t2", start="08:20", pin="start"), tickets=PAIR),
        drive("wang", [T2, T1]),
        drive("li", [there("t1", "09:35")]),
        broken_pins=LISTED,
    ),
    case(
        "excusing what else one of them did",
        world(*PINNED, tickets=PAIR, people=[engineer("wang", [shift(end="10:10")]), engineer("li")]),
        *together("09:00", "wang", "li", then=(T2,)),
        broken_pins=LISTED,
        codes="broken_pins shift_end",
    ),
    case(
        "excusing what else one of them did, who is held twice",
        world(
            *PINNED,
            was(ticket_="t2", start="12:00", pin="start"),
            tickets=[*PAIR, ticket("t3")],
            people=[engineer("wang", [shift(end="13:20")]), engineer("li")],
        ),
        *together("09:00", "wang", "li", then=(there("t2", "12:00"), visit("t3"))),
        broken_pins=LISTED,
        codes="broken_pins shift_end",
    ),
    case(
        "two crews of one engineer, with parts",
        world(
            *PINNED,
            was(ticket_="t2", start="12:00", pin="start"),
            tickets=[PAIR[0], ticket("t2", parts={"fuse": 1}, location="station"), ticket("t3")],
            people=[engineer("wang", [shift(end="13:20")], van={"fuse": 1}), engineer("li")],
        ),
        *together("09:00", "wang", "li", then=(there("t2", "12:00"), visit("t3"))),
        broken_pins=LISTED,
    ),
    case("a mate was never held", world(PINNED[0], was("li"), tickets=PAIR[:1]), *together("09:00", "wang", "zhao")),
    case(
        "kept with another mate",
        world(
            PINNED[0],
            was("li"),
            tickets=PAIR,
            people=[engineer("wang", [shift(end="10:10")]), engineer("li"), engineer("zhao")],
        ),
        *together("09:00", "wang", "zhao", then=(T2,)),
        broken_pins=LISTED,
        codes="broken_pins shift_end",
    ),
    case(
        "waiting for a new mate",
        world(was(pin="start", start="08:10"), was("ill"), tickets=PAIR[:1], people=FAR_LI),
        *together("08:20", "wang", "li"),
        broken_pins=LISTED,
    ),
)
def test_a_crew_keeps_its_pin_or_meets_as_soon_as_those_who_are_held_can(case: Case) -> None:
    case.check()


LATE_ZHAO = [engineer("wang"), engineer("li"), engineer("zhao", [shift(start="12:00")])]
HALF = (was(pin="start"), was("li"))
"""Wang is pinned to nine, li merely planned."""


@each(
    case(
        "his mate is exchanged for a late one",
        world(*HALF, tickets=PAIR[:1], people=LATE_ZHAO),
        *together("12:10", "wang", "zhao"),
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "his mate is late for something else",
        world(*HALF, tickets=PAIR),
        drive("wang", [there("t1", "09:35")]),
        drive("li", [T2, T1]),
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "his mate is ill, and a late one comes though another is free",
        world(*ILL, tickets=PAIR[:1], people=LATE_ZHAO),
        *together("12:10", "wang", "zhao"),
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "his mate is ill, and all others are late",
        world(*ILL, tickets=PAIR[:1], people=[LATE_ZHAO[0], LATE_ZHAO[2]]),
        *together("12:10", "wang", "zhao"),
        broken_pins=LISTED,
    ),
    case(
        "his mate is ill, and the one who is free is banned",
        world(*ILL, tickets=[ticket("t1", crew=2, never=["li"])], people=LATE_ZHAO),
        *together("12:10", "wang", "zhao"),
        broken_pins=LISTED,
    ),
    case(
        "his mate may not come any more",
        world(*HALF, tickets=[ticket("t1", crew=2, pairs=[Pair("li", forbid=True)])], people=LATE_ZHAO),
        *together("12:10", "wang", "zhao"),
        broken_pins=LISTED,
    ),
    case(
        "only his mate has the skill",
        world(
            *HALF,
            tickets=[ticket("t1", crew=2, requires={"gas": 1})],
            people=[engineer("wang"), engineer("li", skills={"gas": 1}), engineer("zhao")],
        ),
        *together("09:00", "wang", "zhao"),
        broken_pins=LISTED,
        codes="broken_pins crew",
    ),
    case(
        "more were planned than it asks for",
        world(was(pin="start"), was("li", pin="start"), tickets=[ticket("t1", windows=[between("12:00", "13:00")])]),
        *together("09:00", "wang", "li"),
        broken_pins=LISTED,
        codes="served",
    ),
)
def test_a_mate_who_is_late_breaks_no_pin_where_another_could_be_there(case: Case) -> None:
    case.check()


@each(
    case(
        "the other is kept",
        world(*ILL, tickets=PAIR),
        *together("09:00", "wang", "zhao"),
        skipped=["t2"],
        broken_pins=LISTED,
    ),
    case("not listed", world(*ILL, tickets=PAIR[:1]), *together("09:00", "wang", "zhao"), codes="broken_pins"),
    case(
        "the other too is moved",
        world(*ILL, tickets=PAIR[:1]),
        *together("09:30", "wang", "zhao"),
        broken_pins=LISTED,
        codes="pin",
    ),
    case(
        "and the other breaks a rule that he need not",
        world(*ILL, tickets=PAIR, people=[engineer("wang", [shift(end="10:10")]), engineer("zhao")]),
        *together("09:00", "wang", "zhao", then=(T2,)),
        broken_pins=LISTED,
        codes="shift_end",
    ),
    case(
        "and the other cannot be kept",
        world(*ILL, tickets=[ticket("t1", crew=2, never=["wang"])]),
        *together("09:00", "wang", "zhao"),
        broken_pins=LISTED,
    ),
)
def test_a_mate_who_is_gone_is_listed_and_the_others_stay(case: Case) -> None:
    case.check()


def left_out(
    *people: Any, codes: str = "", crew: Any = None, rows: tuple[PreviousVisit, ...] = (), **more: Any
) -> Case:
    """Skip a crew's visit as pinned: wang is there, his mate is ill."""
    tickets = [ticket("t1", crew=2, **(crew or {})), *([ticket("t2")] if rows else [])]
    request = world(*ILL, *rows, tickets=tickets, people=[engineer("wang"), *people], **more)
    skipped = [skip("t1", code="pinned"), *(["t2"] if rows else [])]
    return case("", request, skipped=skipped, broken_pins=LISTED, codes=codes)


@each(
    left_out(),
    left_out(engineer("li"), codes="pin"),
    left_out(engineer("li", [])),
    left_out(engineer("li"), crew={"never": ["li"]}),
    left_out(engineer("li"), crew={"only": ["wang"]}),
    left_out(engineer("li", [shift(start="09:00")])),
    left_out(engineer("li", [shift(start="08:50")]), codes="pin"),
    left_out(engineer("li"), rows=(was("li", ticket_="t2"),)),
    left_out(engineer("li"), rows=(was("wang", ticket_="t2"),)),
)
def test_a_crew_that_lacks_a_mate_is_left_out_only_if_nobody_could_be_one(case: Case) -> None:
    case.check()
