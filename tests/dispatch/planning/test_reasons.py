"""Why a ticket is left out: the clause, the engineer, and by how much, all of it verified."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from dispatch.format.model import Engineer, Pair, Reason, Request, Skipped, Ticket, Weights
from dispatch.planning.lower import lower
from dispatch.planning.reasons import TOLD_MAX, Clock, explain, settle
from dispatch.rulebook.line import Language
from solver.places import Places
from tests.builders import PLACES, at, between, engineer, lunch, matrix, request, shift, ticket

NEAR = matrix([[0, 10, 20], [10, 0, 30], [20, 30, 0]])
FREE = Weights(travel_per_h=Decimal(0), travel_per_km=Decimal(0), overtime_per_h=Decimal(0), balance_per_h2=Decimal(0))


def world(tickets: Sequence[Ticket], crew: Sequence[Engineer] | None = None, **more: object) -> Request:
    """Make a world of three places ten, twenty and thirty minutes apart."""
    return request(tickets, crew, locations=PLACES[:3], **{"travel": NEAR, **more})


def tell(
    made: Request, routes: Sequence[Sequence[int]] | None = None, seconds: float | None = None, lang: Language = "zh"
) -> dict[int, Skipped]:
    """Explain what these routes leave out."""
    lowered = lower(made)
    places = Places(lowered.problem, routes or [()] * len(lowered.tours))
    return explain(lowered, places, Clock(seconds), lang)


def only(made: Request, lang: Language = "zh") -> Reason:
    """Return the one reason for the one ticket, which is impossible."""
    told = tell(made, lang=lang)
    assert told[0].verdict == "impossible"
    (reason,) = told[0].reasons
    return reason


def shown(reason: Reason) -> tuple[str, str | None, str | None]:
    """Return code, engineer and gap of a reason."""
    return reason.code, reason.engineer, None if reason.gap is None else f"{reason.gap.value} {reason.gap.unit}"


@pytest.mark.parametrize(
    ("change", "shift_change", "expected"),
    [
        ({"requires": {"ac": 4}}, {}, ("skill", "wang", "1 level")),
        ({"requires": {"tv": 2}}, {}, ("skill", "wang", "2 level")),
        ({"never": ["wang"]}, {}, ("only_never", "wang", None)),
        ({"pairs": [Pair("wang", forbid=True)]}, {}, ("pair", "wang", None)),
        ({"windows": [between("07:00", "08:05")]}, {}, ("window", "wang", "300 s")),
        ({"duration_s": 36_000}, {}, ("shift_hours", "wang", "1200 s")),
        ({"duration_s": 36_000}, {"overtime_s": 1000}, ("overtime", "wang", "200 s")),
        ({"windows": [between("17:30", "17:30")]}, {}, ("shift_hours", "wang", "2400 s")),
        ({}, {"max_travel_s": 1100}, ("travel_limit", "wang", "100 s")),
        ({}, {"max_visits": 0}, ("visits_limit", "wang", "1 qty")),
        ({"duration_s": 18_000}, {"absences": (between("12:00", "14:00"),)}, ("absence", "wang", None)),
        (
            {"windows": [between("08:10", "08:10")], "duration_s": 7200},
            {"breaks": (lunch("08:30", "09:00"),)},
            ("break", "wang", None),
        ),
    ],
)
def test_an_impossible_ticket_tells_the_clause_and_what_is_missing(
    change: dict[str, Any], shift_change: dict[str, Any], expected: tuple[str, str, str | None]
) -> None:
    made = world([ticket(**change)], [engineer(shifts=[shift(**shift_change)])])
    assert shown(only(made)) == expected
    assert only(made, "en").text.isascii()


def test_a_lapse_tells_how_late_the_work_would_end() -> None:
    crew = [engineer(skills_until={"ac": at("09:00")})]
    reason = only(world([ticket(requires={"ac": 1})], crew))
    assert shown(reason) == ("skill_lapsed", "wang", "600 s")
    assert reason.text == "wang 所需技能于 11-23 09:00 到期，最早 11-23 09:10 才能完工，晚 10 分钟"


def test_a_busy_limit_tells_what_is_missing() -> None:
    assert shown(only(world([ticket()], [engineer(max_busy_s=4000)]))) == ("busy_limit", "wang", "800 s")


def test_an_island_is_unreachable() -> None:
    island = matrix([[0, None, 20], [None, 0, 30], [20, 30, 0]])
    assert shown(only(world([ticket()], travel=island))) == ("unreachable", "wang", None)


def test_windows_that_are_over_are_told_once_for_everybody() -> None:
    crew = [engineer("wang"), engineer("li")]
    reason = only(world([ticket(windows=[between("05:00", "06:00")])], crew))
    assert shown(reason) == ("window", None, "3600 s")
    late = ticket(windows=[between("09:00", "10:00")], release=at("10:30"))
    assert shown(only(world([late], crew))) == ("window", None, "1800 s")


@pytest.mark.parametrize("crew", [[], [engineer(shifts=[])]])
def test_without_shifts_that_is_the_reason(crew: list[Engineer]) -> None:
    assert shown(only(world([ticket()], crew))) == ("shift_hours", None, None)


def test_an_engineer_without_a_shift_is_told_beside_the_others() -> None:
    crew = [engineer("wang", skills={}), engineer("li", shifts=[])]
    told = tell(world([ticket(requires={"ac": 3})], crew))
    assert [shown(reason) for reason in told[0].reasons] == [
        ("shift_hours", "li", None),
        ("skill", "wang", "3 level"),
    ]


def test_of_several_shifts_the_closest_is_told() -> None:
    shifts = [shift("mon", end="08:30"), shift("tue", end="09:15", day=1)]
    reason = only(world([ticket()], [engineer(shifts=shifts)]))
    assert shown(reason) == ("shift_hours", "wang", "300 s")
    assert "tue" in reason.text


def test_a_reason_that_forbids_alone_is_told_before_one_that_needs_company() -> None:
    # the window is at 17:30 and the work takes 12 hours: whatever the window, the shift is too short
    made = world([ticket(duration_s=12 * 3600, windows=[between("17:30", "17:30")])])
    reason = only(made)
    assert shown(reason) == ("shift_hours", "wang", str((8 * 60 + 10 + 720 + 10 - 18 * 60) * 60) + " s")


def test_the_nearest_to_able_are_named_and_the_others_counted() -> None:
    crew = [engineer(f"e{row}", skills={"ac": 1 + row % 3}) for row in range(20)]
    told = tell(world([ticket(requires={"ac": 4})], crew))[0].reasons
    assert len(told) == TOLD_MAX + 1
    assert {shown(reason)[2] for reason in told[:-1]} == {"1 level"}
    assert (told[-1].engineer, told[-1].text) == (None, "另有 14 名工程师技能不符")


def test_those_who_have_no_time_are_told_before_those_who_lack_a_skill() -> None:
    crew = [engineer("able", shifts=[shift(end="09:00")]), engineer("not", skills={})]
    told = tell(world([ticket(requires={"ac": 1})], crew))[0].reasons
    assert [shown(reason) for reason in told] == [("shift_hours", "able", "1200 s"), ("skill", "not", "1 level")]


def test_a_ticket_that_a_later_departure_would_allow_is_not_called_impossible() -> None:
    # leaving at 08:00 owes a break until 08:30; leaving at 08:10 owes none and is in time for the window at 08:20
    crew = [engineer(shifts=[shift(breaks=(lunch("08:00", "08:10"),))])]
    told = tell(world([ticket(windows=[between("08:20", "08:20")])], crew))
    assert (told[0].verdict, [reason.code for reason in told[0].reasons]) == ("not_found", ["not_found"])


def test_a_place_dearer_than_leaving_out_is_told_with_its_price() -> None:
    made = world([ticket(skip_cost=Decimal(5))])
    told = tell(made)[0]
    assert told.verdict == "displaced"
    # 20 min × 60 CNY/h + 10 km + (80 min)² × 0.5 CNY/h²: 20 + 10 + 0.8889
    assert shown(told.reasons[0]) == ("displaced", "wang", "25.89 CNY")
    assert told.reasons[0].text == "可由 wang 在班次 mon 上门，但需多花 30.89 元，高于不排的代价 5.00 元"


def test_a_visit_that_is_worth_more_is_named() -> None:
    crew = [engineer(shifts=[shift(max_visits=1)])]
    made = world([ticket("t1", skip_cost=Decimal(500)), ticket("t2", skip_cost=Decimal(400))], crew)
    told = tell(made, [[0]])
    assert told[1].verdict == "displaced"
    assert shown(told[1].reasons[0]) == ("displaced", "wang", "100.00 CNY")
    assert "让出 t1" in told[1].reasons[0].text


def test_a_visit_that_must_be_made_is_not_given_a_price() -> None:
    crew = [engineer(shifts=[shift(max_visits=1)])]
    made = world([ticket("t1", skip_cost=None), ticket("t2", skip_cost=Decimal(400))], crew)
    told = tell(made, [[0]])
    assert shown(told[1].reasons[0]) == ("displaced", "wang", None)
    assert "必须上门的 t1" in told[1].reasons[0].text


def test_where_one_visit_less_is_not_enough_all_of_them_are_named() -> None:
    crew = [engineer(shifts=[shift(end="10:30")])]
    tickets = [ticket(f"t{row}", skip_cost=Decimal(300)) for row in (1, 2)] + [
        ticket("long", duration_s=7200, skip_cost=Decimal(400))
    ]
    told = tell(world(tickets, crew, weights=FREE), [[0, 1]])
    assert shown(told[2].reasons[0]) == ("displaced", "wang", "200.00 CNY")
    assert "让出 t1、t2" in told[2].reasons[0].text


def test_what_might_be_cheaper_is_not_called_displaced() -> None:
    crew = [engineer(shifts=[shift(end="10:30")])]
    tickets = [ticket(f"t{row}", skip_cost=Decimal(100)) for row in (1, 2)] + [
        ticket("long", duration_s=7200, skip_cost=Decimal(400))
    ]
    told = tell(world(tickets, crew, weights=FREE), [[0, 1]])
    assert (told[2].verdict, told[2].reasons[0].code) == ("not_found", "not_found")


def test_when_time_is_over_that_is_what_is_told() -> None:
    told = tell(world([ticket()]), seconds=0)
    assert (told[0].verdict, told[0].reasons[0].text) == ("not_found", "计算时间已到，未逐一核对所有位置")


# ----------------------------------------------------------------------------------------------------------- settle


def settled(
    made: Request, routes: Sequence[Sequence[int]], seconds: float | None = None
) -> tuple[tuple[int, ...], ...]:
    """Settle routes and return what they have become."""
    lowered = lower(made)
    places = Places(lowered.problem, routes)
    settle(lowered, places, Clock(seconds))
    return places.routes


def test_a_cheaper_place_is_taken_and_never_told() -> None:
    made = world([ticket("t1"), ticket("t2", "station"), ticket("t3", skip_cost=Decimal(0))])
    assert sorted(settled(made, [[]])[0]) == [0, 1]


def test_a_mandatory_ticket_is_placed_at_any_price() -> None:
    dear = [Pair("wang", Decimal(10**6))]
    assert settled(world([ticket(skip_cost=None, pairs=dear)]), [[]]) == ((0,),)


def test_an_exchange_that_pays_is_made() -> None:
    crew = [engineer(shifts=[shift(max_visits=1)])]
    made = world([ticket("t1", skip_cost=Decimal(400)), ticket("t2", skip_cost=None)], crew)
    assert settled(made, [[0]]) == ((1,),)


def test_without_time_nothing_is_changed() -> None:
    assert settled(world([ticket()]), [[]], seconds=0) == ((),)
