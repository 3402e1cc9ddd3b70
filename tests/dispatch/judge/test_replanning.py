"""Re-planning: visits on the way, pins, frozen visits, the list of broken pins and the budget of changes.

In every world of this file it is 08:00 and wang, li and zhao are at home; t1 is an hour at the lake, ten minutes away.
"""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.format.model import (
    After,
    Depot,
    Finished,
    Pair,
    Plan,
    Previous,
    PreviousVisit,
    Request,
    Whereabouts,
)
from dispatch.judge import judge
from tests.builders import at, between, engineer, lunch, shift, ticket
from tests.dispatch.judge.court import MINUTES, Case, each, town
from tests.dispatch.judge.plan_in_force import T1, T2, begun, case, was, world
from tests.dispatch.judge.writer import Drive, Step, broken, drive, pickup, rest, skip, visit, write

# -- pins and frozen visits ---------------------------------------------------------------------------------------

PIN_START, PIN_ENGINEER = world(was(pin="start")), world(was(pin="engineer"))
FROZEN = world(was(), freeze_until=at("09:00:01"))
FROZEN_TOLD = world(was(state="told"), freeze_until=at("09:00:01"))
NOT_FROZEN = world(was(), freeze_until=at("09:00"))
FROZEN_PINNED = world(was(pin="engineer"), freeze_until=at("10:00"))
CREW_TICKET = [ticket("t1", crew=2)]
CREW = world(was(pin="start"), was("li", pin="start"), tickets=CREW_TICKET)


@each(
    case("kept", PIN_START, begun("09:00")),
    case("a second early", PIN_START, begun("08:59:59"), codes="pin"),
    case("a second late", PIN_START, begun("09:00:01"), codes="pin"),
    case("by another", PIN_START, begun("09:00", "li"), codes="pin"),
    case("skipped", PIN_START, skipped=["t1"], codes="pin"),
    case("skipped as pinned without need", PIN_START, skipped=[skip("t1", code="pinned")], codes="pin"),
    case("engineer kept, start moved", PIN_ENGINEER, begun("12:00")),
    case("engineer not kept", PIN_ENGINEER, begun("09:00", "li"), codes="pin"),
    case("engineer's skipped", PIN_ENGINEER, skipped=["t1"], codes="pin"),
    case("frozen and kept", FROZEN, begun("09:00")),
    case("frozen and moved", FROZEN, begun("09:00:01"), codes="freeze"),
    case("frozen and told, moved", FROZEN_TOLD, begun("08:59:59"), codes="freeze"),
    case("frozen and given away", FROZEN, begun("09:00", "li"), codes="freeze"),
    case("frozen and skipped", FROZEN, skipped=["t1"], codes="freeze"),
    case("starts as the freeze ends", NOT_FROZEN, begun("11:00", "li")),
    case("pinned to an engineer and frozen, moved", FROZEN_PINNED, begun("09:01"), codes="freeze"),
    case("pinned to an engineer and frozen, given away", FROZEN_PINNED, begun("09:00", "li"), codes="pin"),
    case("a crew kept", CREW, begun("09:00"), begun("09:00", "li")),
    case("a crew moved", CREW, begun("09:01"), begun("09:01", "li"), codes="pin"),
    case("one of a crew exchanged", CREW, begun("09:00"), begun("09:00", "zhao"), codes="pin"),
    case("bound by nothing", world(was()), begun("11:00", "li")),
    case("no plan in force says so", town(now="08:00", previous=Previous()), begun()),
)
def test_what_is_pinned_or_frozen_stays(case: Case) -> None:
    case.check()


@each(
    case("cancelled", world(was(pin="start", ticket_="x")), begun()),
    case("finished", world(was(pin="start", ticket_="x"), finished=(Finished("x", at("07:00")),)), begun()),
    case("engineer gone, listed", world(was("ill", pin="start")), begun(), broken_pins=[broken("t1")]),
    case("engineer gone, not listed", world(was("ill", pin="start")), begun(), codes="broken_pins"),
    case("engineer gone and skipped", world(was("ill", pin="engineer")), skipped=["t1"], broken_pins=[broken("t1")]),
    case("shift gone, listed", world(was(shift="sun", pin="engineer")), begun(), broken_pins=[broken("t1")]),
    case("shift gone, not listed", world(was(shift="sun", pin="engineer")), begun(), codes="broken_pins"),
    case("gone without a pin", world(was("ill")), begun()),
    case("gone without a pin, listed", world(was("ill")), begun(), broken_pins=[broken("t1")], codes="broken_pins"),
    case("gone and frozen", world(was("ill"), freeze_until=at("12:00")), begun()),
    case(
        "gone and frozen, listed",
        world(was("ill"), freeze_until=at("12:00")),
        begun(),
        broken_pins=[broken("t1")],
    ),
    case(
        "gone, so bound by the ticket's windows",
        world(was("ill", pin="start"), tickets=[ticket("t1", windows=[between("12:00", "13:00")])]),
        begun("09:00"),
        broken_pins=[broken("t1")],
        codes="window",
    ),
    case("gone on the way", world(was("ill", state="travelling")), begun("12:00", "li")),
)
def test_who_is_gone_and_what_is_cancelled_binds_nothing(case: Case) -> None:
    case.check()


# -- on the way ---------------------------------------------------------------------------------------------------

ON_THE_WAY = world(was(state="travelling"), tickets=[ticket("t1"), ticket("t2", location="station")])
TWO_SHIFTS = [engineer("wang", [shift(), shift("eve", "18:00", "22:00")]), engineer("li")]
UNREACHED = [[0, None, 20, 30], *MINUTES[1:]]


@each(
    case("first", ON_THE_WAY, drive("wang", [T1, T2])),
    case("second", ON_THE_WAY, drive("wang", [T2, T1]), codes="travelling"),
    case("by another", ON_THE_WAY, drive("li", [T1, T2]), codes="travelling"),
    case("skipped", ON_THE_WAY, drive("wang", [T2]), skipped=["t1"], codes="travelling"),
    case(
        "in another shift",
        world(was(state="travelling"), people=TWO_SHIFTS),
        begun(None, "wang", "eve"),
        codes="travelling",
    ),
    case(
        "after a break",
        world(was(state="travelling"), people=[engineer("wang", [shift(breaks=(lunch("08:00", "12:00"),))])]),
        begun(before=(rest(),)),
        codes="travelling",
    ),
    case(
        "no way leads there",
        world(was(state="travelling"), minutes=UNREACHED),
        skipped=[skip("t1", code="pinned")],
    ),
    case(
        "no way leads there, but nobody says so",
        world(was(state="travelling"), minutes=UNREACHED),
        skipped=["t1"],
        codes="travelling",
    ),
    case(
        "on the way and pinned to a start that is past",
        world(was(start="07:30", state="travelling", pin="start")),
        begun(),
        broken_pins=[broken("t1")],
    ),
    case(
        "on the way and listed without a pin",
        world(was(state="travelling")),
        begun(),
        broken_pins=[broken("t1")],
        codes="broken_pins",
    ),
    case(
        "one of a crew is on the way",
        world(
            was(state="travelling"), was("li", state="travelling"), tickets=[ticket("t1", crew=2, requires={"x": 1})]
        ),
        begun(),
        begun(None, "li"),
    ),
)
def test_whoever_is_on_the_way_arrives_first(case: Case) -> None:
    case.check()


FREE_OF = {
    "window": {"windows": [between("12:00", "13:00")]},
    "skill": {"requires": {"gas": 1}},
    "skill_lapsed": {"requires": {"old": 1}},
    "only_never": {"only": ["li"], "never": ["wang"]},
    "pair": {"pairs": [Pair("wang", forbid=True)]},
}
BOUND_BY = {
    "release": {"release": at("12:00")},
    "after": {"after": [After("done", 36_000)]},
    "part": {"parts": {"fuse": 1}},
    "tool": {"tools": ["hoist"]},
}
PEOPLE = [engineer("wang", skills={"ac": 3, "old": 3}, skills_until={"old": at("07:00")}), engineer("li")]
DONE = (Finished("done", at("07:00"), "li"),)


def _ruled(rule: dict[str, Any], *visits: PreviousVisit, **more: Any) -> Request:
    """Make a world whose one ticket has a rule that wang breaks at nine."""
    return world(*visits, tickets=[ticket("t1", **rule)], people=PEOPLE, finished=DONE, **more)


def _used(rule: str) -> Step:
    """Serve t1 without what is not there."""
    return visit("t1", begin=at("09:00"), parts={}, tools=())


@pytest.mark.parametrize("rule", [*FREE_OF, *BOUND_BY])
def test_windows_skills_and_bans_do_not_bind_whoever_is_on_the_way(rule: str) -> None:
    request = _ruled({**FREE_OF, **BOUND_BY}[rule], was(state="travelling"))
    case("", request, drive("wang", [_used(rule)]), codes="" if rule in FREE_OF else rule).check()
    planned = _ruled({**FREE_OF, **BOUND_BY}[rule], was())
    case("", planned, drive("wang", [_used(rule)]), codes=rule).check()


# -- broken pins --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [*FREE_OF, *BOUND_BY])
@pytest.mark.parametrize("held", [{"pin": "start"}, {"pin": "none", "freeze_until": at("09:30")}])
def test_what_a_pin_cannot_keep_does_not_bind_it_once_it_is_listed(rule: str, held: dict[str, Any]) -> None:
    pin, more = held["pin"], {key: each_ for key, each_ in held.items() if key != "pin"}
    request = _ruled({**FREE_OF, **BOUND_BY}[rule], was(pin=pin), **more)
    told = drive("wang", [_used(rule)])
    case("listed", request, told, broken_pins=[broken("t1", rule)]).check()
    case("not listed", request, told, codes=f"{rule} broken_pins").check()


@pytest.mark.parametrize("rule", ["skill", "only_never", "pair", "window"])
def test_a_pinned_engineer_who_may_never_come_is_listed(rule: str) -> None:
    request = _ruled(FREE_OF[rule], was(pin="engineer"))
    told = drive("wang", [_used(rule)])
    # At another time he would be inside the window: the pin can be kept, the listing excuses nothing.
    needless = rule == "window"
    both = f"{rule} broken_pins"
    case("listed", request, told, broken_pins=[broken("t1", rule)], codes=both if needless else "").check()
    case("not listed", request, told, codes=rule if needless else both).check()


def test_using_what_is_not_there_is_not_set_aside() -> None:
    request = _ruled({"parts": {"fuse": 1}}, was(pin="start"))
    told = drive("wang", [visit("t1", begin=at("09:00"), parts={"fuse": 1})])
    case("", request, told, broken_pins=[broken("t1")], codes="broken_pins van_stock").check()
    other = drive("wang", [visit("t1", begin=at("09:00"), parts={"lamp": 1})])
    van = _ruled({"parts": {"fuse": 1}}, was(pin="start"))
    van = replace(van, engineers=(replace(van.engineers[0], van={"lamp": 1}), *van.engineers[1:]))
    case("", van, other, broken_pins=[broken("t1")], codes="part").check()


def test_a_second_man_is_bound_by_bans_even_if_the_first_is_held() -> None:
    tickets = [ticket("t1", crew=2, windows=[between("12:00", "13:00")], never=["li"])]
    request = world(was(pin="start"), was("zhao", pin="none"), tickets=tickets)
    told = [begun("09:00"), begun("09:00", "li")]
    case("", request, *told, broken_pins=[broken("t1")], codes="only_never").check()


def test_a_pin_may_be_broken_by_a_later_one_that_it_comes_after() -> None:
    tickets = [ticket("t1", after=[After("t2")]), ticket("t2")]
    request = world(was(pin="start"), was("li", pin="start", ticket_="t2"), tickets=tickets)
    told = [begun("09:00"), drive("li", [visit("t2", begin=at("09:00"))])]
    case("", request, *told, broken_pins=[broken("t1", "after")]).check()
    case("", request, *told, codes="after").check()


def _routed(**limits: Any) -> Request:
    """Pin t1 to nine: 80 minutes of travel and work, home by 10:10."""
    busy = limits.pop("max_busy_s", None)
    return world(was(pin="start"), people=[engineer("wang", [shift(**limits)], max_busy_s=busy), engineer("li")])


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("shift_end", {"end": "10:09:59"}),
        ("shift_end", {"end": "10:00", "overtime_s": 599}),
        ("visits_limit", {"max_visits": 0}),
        ("travel_limit", {"max_travel_s": 1199}),
        ("busy_limit", {"max_busy_s": 4799}),
        ("break", {"breaks": (lunch("09:01", "09:59"),)}),
    ],
)
def test_a_listed_pin_sets_its_route_free_of_limits_and_breaks(code: str, limits: dict[str, Any]) -> None:
    request = _routed(**limits)
    told = begun("09:00")
    case("listed", request, told, broken_pins=[broken("t1", code)]).check()
    case("not listed", request, told, codes=f"{code} broken_pins").check()


@pytest.mark.parametrize(
    "limits",
    [
        {"end": "10:10"},
        {"end": "10:00", "overtime_s": 600},
        {"max_visits": 1},
        {"max_travel_s": 1200},
        {"max_busy_s": 4800},
        {"breaks": (lunch("10:00", "10:00"),)},
    ],
)
def test_a_pin_that_could_be_kept_sets_nothing_free(limits: dict[str, Any]) -> None:
    told = (
        begun("09:00", before=()) if "breaks" not in limits else drive("wang", [visit("t1", begin=at("09:00")), rest()])
    )
    case("", _routed(**limits), told).check()
    case("", _routed(**limits), told, broken_pins=[broken("t1")], codes="broken_pins").check()


def test_a_route_made_too_long_by_others_is_no_reason_to_break_a_pin() -> None:
    people = [engineer("wang", [shift(end="10:10")])]
    request = world(was(pin="start"), people=people, tickets=[ticket("t1"), ticket("t2", location="station")])
    told = drive("wang", [visit("t1", begin=at("09:00")), T2])
    case("", request, told, broken_pins=[broken("t1")], codes="broken_pins shift_end").check()


def test_breaks_do_not_bind_a_route_with_a_broken_pin_but_last_as_long_as_ever() -> None:
    people = [engineer("wang", [shift(breaks=(lunch("09:20", "09:40", 600),))])]
    request = world(was(pin="start"), people=people)
    late = [visit("t1", begin=at("09:00")), rest(begin=at("10:00"))]
    case("", request, drive("wang", late), broken_pins=[broken("t1", "break")]).check()
    short = [visit("t1", begin=at("09:00")), rest(begin=at("10:00"), lasts_s=599)]
    case("", request, drive("wang", short), broken_pins=[broken("t1", "break")], codes="break").check()


# Far away: wang is 30 minutes from the hills and was pinned there at 08:20.
FAR = [ticket("t1", location="hills"), ticket("t2", location="station")]
LATE = world(was(start="08:20", pin="start"), tickets=FAR)
LATE_FROZEN = world(was(start="08:20"), tickets=FAR, freeze_until=at("08:30"))
ABSENT = world(
    was(start="08:20", pin="start"),
    tickets=FAR,
    people=[engineer("wang", [shift(absences=(between("08:05", "08:15"), between("08:50", "09:00")))]), engineer("li")],
)
STORE = (Depot("store", "station", (between("08:00", "18:00"),), stock={"fuse": 1}),)


@each(
    case("the earliest after it", LATE, drive("wang", [T1, T2]), broken_pins=[broken("t1")]),
    case("not listed", LATE, drive("wang", [T1, T2]), codes="broken_pins"),
    case("frozen, not listed", LATE_FROZEN, drive("wang", [T1, T2]), codes="broken_pins"),
    case(
        "a second later",
        LATE,
        drive("wang", [visit("t1", begin=at("08:30:01")), T2]),
        broken_pins=[broken("t1")],
        codes="pin",
    ),
    case("something else first", LATE, drive("wang", [T2, T1]), broken_pins=[broken("t1")], codes="pin"),
    case(
        "frozen, something else first", LATE_FROZEN, drive("wang", [T2, T1]), broken_pins=[broken("t1")], codes="freeze"
    ),
    case("given away", LATE, drive("li", [T1, T2]), broken_pins=[broken("t1")], codes="pin"),
    case(
        "fetching parts first",
        world(was(start="08:20", pin="start"), tickets=[replace(FAR[0], parts={"fuse": 1}), FAR[1]], depots=STORE),
        drive("wang", [pickup("store", {"fuse": 1}), T1, T2]),
        broken_pins=[broken("t1")],
    ),
    case(
        "fetching something else first",
        world(was(start="08:20", pin="start"), tickets=FAR, depots=STORE),
        drive("wang", [pickup("store", {"fuse": 1}), T1, T2]),
        broken_pins=[broken("t1")],
        codes="pin",
    ),
    case(
        "after an absence that would cut the way",
        ABSENT,
        drive("wang", [visit("t1", begin=at("09:00")), T2], leave=at("08:15")),
        broken_pins=[broken("t1")],
    ),
    case(
        "a second after the absence",
        ABSENT,
        drive("wang", [visit("t1", begin=at("09:00:01")), T2], leave=at("08:15")),
        broken_pins=[broken("t1")],
        codes="pin",
    ),
    case(
        "early",
        world(was(pin="start"), tickets=[ticket("t1", windows=[between("08:00", "08:30")])]),
        begun("08:30"),
        broken_pins=[broken("t1")],
        codes="pin",
    ),
    case("moved without need", PIN_START, begun("09:30"), broken_pins=[broken("t1")], codes="pin"),
    case("kept and listed", PIN_START, begun("09:00"), broken_pins=[broken("t1")], codes="broken_pins"),
    case("engineer kept and listed", PIN_ENGINEER, begun("12:00"), broken_pins=[broken("t1")], codes="broken_pins"),
    case(
        "a crew kept and listed",
        CREW,
        begun("09:00"),
        begun("09:00", "li"),
        broken_pins=[broken("t1")],
        codes="broken_pins",
    ),
    case("neither pinned nor frozen", world(was()), begun(), broken_pins=[broken("t1")], codes="broken_pins"),
    case("not planned before", world(), begun(), broken_pins=[broken("t1")], codes="broken_pins"),
    case("not even a ticket", world(), begun(), broken_pins=[broken("x")], codes="broken_pins"),
)
def test_a_broken_pin_keeps_its_engineer_and_is_as_early_as_can_be(case: Case) -> None:
    case.check()


def test_a_pin_that_no_way_leads_to_directly_may_be_reached_by_another() -> None:
    request = world(was(start="08:20", pin="start"), tickets=[ticket("t1"), FAR[1]], minutes=UNREACHED)
    case("", request, drive("wang", [T2, T1]), broken_pins=[broken("t1")]).check()


def test_a_pin_in_a_shift_of_tuesday_is_not_as_early_as_in_monday_s() -> None:
    people = [engineer("wang", [shift(), shift("tue", day=1)])]
    request = world(was(start="08:05", pin="start"), people=people)
    tuesday = drive("wang", [T1], "tue")
    case("", request, tuesday, broken_pins=[broken("t1")], codes="pin").check()


def test_of_two_pins_for_one_moment_one_is_broken() -> None:
    tickets = [ticket("t1"), ticket("t2")]
    request = world(was(pin="start"), was(pin="start", ticket_="t2"), tickets=tickets)
    told = drive("wang", [visit("t1", begin=at("09:00")), T2])
    case("", request, told, broken_pins=[broken("t2")]).check()
    lazy = drive("wang", [visit("t1", begin=at("09:00")), visit("t2", begin=at("10:01"))])
    case("", request, lazy, broken_pins=[broken("t2")], codes="pin").check()


def test_a_crew_that_cannot_meet_in_time_meets_as_soon_as_it_can() -> None:
    people = [engineer("wang"), engineer("li", [shift(start_location="hills")])]
    request = world(
        was(start="08:10", pin="start"), was("li", start="08:10", pin="start"), tickets=CREW_TICKET, people=people
    )
    told = [begun("08:20"), begun("08:20", "li")]
    case("", request, *told, broken_pins=[broken("t1")]).check()


@each(
    case(
        "no way there",
        world(was(pin="start"), minutes=UNREACHED),
        skipped=[skip("t1", code="pinned")],
        broken_pins=[broken("t1")],
    ),
    case(
        "no way back, not listed",
        world(was(pin="start"), minutes=[MINUTES[0], [None, 0, 15, 20], *MINUTES[2:]]),
        skipped=[skip("t1", code="pinned")],
    ),
    case(
        "no way back, and none is needed",
        world(
            was(pin="start"),
            minutes=[MINUTES[0], [None, 0, 15, 20], *MINUTES[2:]],
            people=[engineer("wang", [shift(end_location=None)])],
        ),
        skipped=[skip("t1", code="pinned")],
        codes="pin",
    ),
    case(
        "no way there, but nobody says so",
        world(was(pin="start"), minutes=UNREACHED),
        skipped=["t1"],
        codes="pin",
    ),
    case("the crew is there", CREW, skipped=[skip("t1", code="pinned")], codes="pin"),
)
def test_a_held_visit_is_skipped_only_where_nobody_can_get_there(case: Case) -> None:
    case.check()


def test_where_engineers_are_counts_for_reaching_a_pin() -> None:
    here = (Whereabouts("wang", "mon", "station", at("08:40")),)
    request = world(was(start="08:50", pin="start"), engineers=here)
    case("", request, begun("08:55"), broken_pins=[broken("t1")]).check()
    case("", request, begun("08:56"), broken_pins=[broken("t1")], codes="pin").check()


# -- the budget of changes ----------------------------------------------------------------------------------------


def _budget(most: int, *visits: PreviousVisit, **more: Any) -> Request:
    return world(*visits, max_changes=most, **more)


def _one(
    name: str, told: list[Drive], *, changed: bool, visits: tuple[PreviousVisit, ...] = (was(),), **more: Any
) -> Case:
    """Judge one visit with a budget of none; with a budget of one every plan here is legal."""
    skipped = more.pop("skipped", ())
    request = _budget(0, *visits, **more)
    one = _budget(1, *visits, **more)
    Case("", one, write(one, told, skipped)).check()
    return Case(name, request, write(request, told, skipped), ("change_budget",) if changed else ())


BOTH_DAYS = [engineer("wang", [shift(), shift("tue", day=1)]), engineer("li")]
NIGHT = [engineer("wang", [shift("mon", "20:00", "23:00", overtime_s=36_000), shift("tue", "03:00", "12:00", day=1)])]
LATE_NIGHT = [
    engineer("wang", [shift("mon", "20:00", "23:00"), shift("tue", "00:00", "12:00", day=1, start_location="lake")])
]
MIDNIGHT = was(start="23:50")


@each(
    _one("kept", [begun("09:00")], changed=False),
    _one("moved by 30 minutes", [begun("09:30")], changed=False),
    _one("moved by 30 minutes and a second", [begun("09:30:01")], changed=True),
    _one("30 minutes earlier", [begun("08:30")], changed=False),
    _one("30 minutes and a second earlier", [begun("08:29:59")], changed=True),
    _one("another engineer", [begun("09:00", "li")], changed=True),
    _one("skipped", [], changed=True, skipped=("t1",)),
    _one("another day", [begun(None, "wang", "tue")], changed=True, people=BOTH_DAYS),
    _one("told", [begun("11:00")], changed=True, visits=(was(state="told"),)),
    _one("cancelled", [begun("11:00")], changed=False, visits=(was(ticket_="x"),)),
    _one("engineer gone", [begun("11:00")], changed=False, visits=(was("ill"),)),
    _one("shift gone", [begun("11:00")], changed=False, visits=(was(shift="sun"),)),
    _one(
        "past midnight in the same shift",
        [begun(None, "wang")],
        changed=False,
        people=NIGHT,
        visits=(replace(MIDNIGHT, start=at("20:10")),),
    ),
)
def test_a_change_is_another_engineer_day_or_start_or_none(case: Case) -> None:
    case.check()


def _past_midnight(shift_: str, people: list[Any], *codes: str) -> Case:
    request = _budget(0, replace(MIDNIGHT, shift="mon"), people=people)
    told = drive("wang", [visit("t1", begin=at("00:05", day=1))], shift_)
    return Case(shift_, request, write(request, [told]), codes)


@each(_past_midnight("mon", NIGHT))
def test_a_shift_past_midnight_is_one_day(case: Case) -> None:
    case.check()


def test_fifteen_minutes_into_the_next_day_s_shift_is_another_day() -> None:
    people = [
        engineer("wang", [shift("mon", "20:00", "23:59"), shift("tue", "00:00", "12:00", day=1, start_location="lake")])
    ]
    people = [replace(people[0], shifts=(replace(people[0].shifts[0], overtime_s=7200), people[0].shifts[1]))]
    _past_midnight("tue", people, "change_budget").check()


def test_a_crew_is_one_change_and_only_if_nobody_of_it_remains() -> None:
    rows = (was(), was("li"))
    people = [engineer(name) for name in ("wang", "li", "zhao", "zhou")]
    for crew, changed in (("wang", "zhao"), False), (("zhao", "zhou"), True):
        told = [begun("09:00", who) for who in crew]
        _one("", told, changed=changed, visits=rows, tickets=CREW_TICKET, people=people).check()


def test_changes_are_counted_and_named() -> None:
    tickets = [ticket("t1"), ticket("t2"), ticket("t3")]
    rows = (was(), was("li", ticket_="t2"), was("zhao", ticket_="t3"))
    for most, codes in (2, ""), (1, "change_budget"):
        request = _budget(most, *rows, tickets=tickets)
        plan: Plan = write(request, [begun("12:00"), drive("zhao", [visit("t3", begin=at("09:10"))])], ["t2"])
        Case("", request, plan, tuple(codes.split())).check()
    assert judge(request, plan).violations[0].text == "2 visits change (t1, t2); at most 1 may."
