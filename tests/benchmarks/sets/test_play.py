from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.sets import SETS
from benchmarks.sets.checkers import trsp as checker
from benchmarks.sets.instance import Setting
from benchmarks.sets.measures import START
from benchmarks.sets.play import HERE, Day, play
from benchmarks.sets.trsp import make_request, read, without_goods
from benchmarks.sets.trsp_dynamic import read_releases
from dispatch.format.model import Pair, Plan, Request
from tests.benchmarks.sets.test_adapters import make_plan
from tests.benchmarks.sets.tiny import RELEASES, TRSP, write_sets

GOODS = {"1": ({"part 1": 1}, ["tool 1"])}


class Script:
    """A planner that plans what it is told, moment by moment, and remembers what it was asked."""

    def __init__(self, *plans: dict[str, Sequence[str]]) -> None:
        self.plans = list(plans)
        self.asked: list[tuple[Request, Plan]] = []

    def __call__(self, request: Request, in_force: Plan) -> Plan:
        self.asked.append((request, in_force))
        return make_plan(request, self.plans.pop(0), GOODS)


def play_tiny(*plans: dict[str, Sequence[str]], releases: str = RELEASES) -> tuple[Day, Script]:
    given = read(TRSP)
    script = Script(*plans)
    return play(given, read_releases(releases), make_request(given), script), script


def judge_day(day: Day, releases: str = RELEASES) -> tuple[float, list[str], dict[str, float]]:
    return checker.check_dynamic(TRSP, releases, day.routes, day.departures, day.begins, day.returns)


def test_who_has_left_goes_on_and_is_planned_from_where_he_will_be_free() -> None:
    # 1 leaves for 3 at 20; at 30 request 4 is revealed, he is free at 3 from 50 on
    day, script = play_tiny({"1": ["3"], "2": ["5"]}, {"1": [f"{HERE}1", "depot", "4"], "2": [f"{HERE}2"]})
    first, second = (request for request, _ in script.asked)
    assert [ticket.id for ticket in first.tickets] == ["3", "5"]
    assert [ticket.id for ticket in second.tickets] == [f"{HERE}1", f"{HERE}2", "4"]
    shift = second.engineers[0].shifts[0]
    assert ((shift.start - START).total_seconds(), shift.start_location) == (5000, "3")
    assert second.engineers[0].van == {}, "3 used the part up"
    assert second.now == START + 3000 * (START.resolution * 1_000_000)
    assert day.routes == [(1, (3, 0, 4)), (2, (5,))]
    assert (day.departures[3], day.begins[3]) == (20.0, 40.0)
    assert (day.departures[4], day.begins[4]) == (60.0, 70.0)
    value, faults, more = judge_day(day)
    assert (faults, more["rejected"]) == ([], 0.0)
    assert day.faults == []
    assert value == pytest.approx(60 + math.sqrt(200) + 30, abs=0.02)


def test_who_is_home_again_may_go_out_once_more_and_his_time_goes_on() -> None:
    # 2 is done with 5 at 20, leaves for home and is there at 30; 3 is revealed at 25 and he is sent there from home
    releases = "ID RD\n5 -1\n3 25\n"
    text = TRSP.replace("3    0     20    40     60     10     [0]\t[0]\t[1,0]", "3 40 0 70 80 10 [0]\t[]\t[0,0]")
    given = read(text)
    script = Script({"2": ["5"]}, {"2": [f"{HERE}2", "3"]})
    day = play(given, read_releases(releases), without_goods(make_request(given)), script)
    shift = script.asked[1][0].engineers[1].shifts[0]
    assert ((shift.start - START).total_seconds(), shift.start_location) == (3000, "2")
    assert day.routes == [(2, (5, 2, 3))]
    assert (day.departures[3], day.begins[3], day.returns[2]) == (60.0, 70.0, (0.0, 90.0))
    value, faults, _ = checker.check_dynamic(text, releases, day.routes, day.departures, day.begins, day.returns)
    assert (value, faults) == (90.0, [])


def test_the_time_that_he_waited_at_home_is_the_price_of_sending_him_out_once_more() -> None:
    releases = "ID RD\n5 -1\n4 37.5\n"
    given = read(TRSP)
    script = Script({"2": ["5"]}, {"1": ["depot", "4"], "2": [f"{HERE}2"]})
    day = play(given, read_releases(releases), make_request(given), script)
    stay, asked = script.asked[1][0].tickets
    assert (stay.id, stay.pairs) == (f"{HERE}2", ())
    assert asked.pairs == (Pair("2", Decimal("7.5")),), "home at 30, asked at 37.5"
    assert (day.routes, day.returns[2]) == ([(1, (0, 4)), (2, (5,))], (0.0, 30.0))


def test_who_has_not_left_may_be_planned_anew() -> None:
    early = RELEASES.replace("4    30", "4    5")
    day, script = play_tiny({"1": ["3"], "2": ["5"]}, {"1": ["depot", "4", "3"], "2": [f"{HERE}2"]}, releases=early)
    second, in_force = script.asked[1]
    assert [ticket.id for ticket in second.tickets] == [f"{HERE}2", "3", "4"]
    assert second.engineers[0].shifts[0].start_location == "1"
    assert {route.engineer: [stop.ticket for stop in route.stops] for route in in_force.routes} == {
        "1": ["3"],
        "2": [f"{HERE}2"],
    }
    assert day.routes == [(1, (0, 4, 3)), (2, (5,))]
    assert judge_day(day, early)[1] == []


def test_what_was_accepted_must_be_served_and_what_is_new_may_be_rejected_for_good() -> None:
    early = RELEASES.replace("4    30", "4    5")
    day, script = play_tiny({"1": ["3"], "2": ["5"]}, {"1": ["3"], "2": [f"{HERE}2"]}, releases=early)
    prices = {ticket.id: ticket.skip_cost for ticket in script.asked[1][0].tickets}
    assert prices == {f"{HERE}2": None, "3": None, "4": Decimal(202)}
    assert day.rejected == {4}
    assert judge_day(day, early)[2]["rejected"] == 1.0


def test_the_search_starts_from_what_is_left_of_the_plan_with_what_is_picked_up() -> None:
    early = RELEASES.replace("4    30", "4    5")
    day, script = play_tiny(
        {"1": ["depot", "3"], "2": ["5"]}, {"1": ["depot", "4", "3"], "2": [f"{HERE}2"]}, releases=early
    )
    route = script.asked[1][1].routes[0]
    assert [(stop.kind, stop.ticket, stop.depot, dict(stop.parts), stop.tools) for stop in route.stops] == [
        ("pickup", None, "depot", {"part 1": 1}, ("tool 1",)),
        ("visit", "3", None, {"part 0": 1}, ("tool 0",)),
    ]
    assert day.routes[0] == (1, (0, 4, 3))


def test_a_plan_that_loses_what_was_promised_is_not_taken_and_the_new_request_is_rejected() -> None:
    early = RELEASES.replace("4    30", "4    5")
    day, _ = play_tiny({"1": ["3"], "2": ["5"]}, {"1": ["depot", "4"], "2": [f"{HERE}2"]}, releases=early)
    assert (day.routes, day.rejected, day.not_taken) == ([(1, (3,)), (2, (5,))], {4}, 1)
    assert judge_day(day, early)[1] == []


def test_the_depot_gives_every_tool_and_no_end_of_parts_from_then_on() -> None:
    later = RELEASES.replace("4    30", "4    31")  # at 30 he is at the depot and has not left yet
    day, script = play_tiny(
        {"1": ["depot", "3"], "2": ["5"]}, {"1": [f"{HERE}1", "4"], "2": [f"{HERE}2"]}, releases=later
    )
    engineer = script.asked[1][0].engineers[0]
    assert engineer.tools == ("tool 0", "tool 1")
    assert engineer.van == {"part 0": 1, "part 1": 1}, "as much as all requests need"
    assert day.routes[0] == (1, (0, 3, 4))
    assert judge_day(day, later)[1] == []


def test_who_waits_and_has_nothing_left_goes_home_then_and_not_before() -> None:
    # without goods; 1 is done with 4 at 24.14 and waits to leave for 3 at 40; at 30 that is given to 2, who has 5 as well
    text = TRSP.replace("0     100 ", "0     200 ").replace("0      100 ", "0      200 ")
    text = text.replace("3    0     20    40     60", "3    30    10    60     99")
    releases = "ID RD\n3 -1\n4 -1\n5 30\n"
    given = read(text)
    script = Script({"1": ["4", "3"]}, {"1": [f"{HERE}1"], "2": ["5", "3"]})
    day = play(given, read_releases(releases), without_goods(make_request(given)), script)
    assert (day.routes, day.faults) == ([(1, (4,)), (2, (5, 3))], [])
    assert day.returns[1][1] == pytest.approx(30 + math.sqrt(200), abs=0.02)


@pytest.mark.slow
def test_a_day_is_played_with_the_search_and_judged_with_its_times(tmp_path: Path) -> None:
    (instance,) = SETS["trsp-dynamic"].list_instances(write_sets(tmp_path))
    answer = instance.run(Setting(0.2, 1, 0, relaxed=True))
    assert answer.judged.more["plans"] == 2.0
    assert (answer.judged.more["rejected"], answer.judged.more["not_taken"]) == (0.0, 0.0)
    assert answer.format_faults == ()
    assert all("no tool" in fault or "no part" in fault for fault in answer.judged.faults)
