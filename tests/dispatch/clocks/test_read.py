from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dispatch.calendars.read import get_calendars
from dispatch.clocks import Clock, TicketFacts, read_clock, read_clocks
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import STAGES, Stage
from dispatch.policies.packs.read import get_pack
from tests.dispatch.clocks.desk import REPORTED, at, ticket, waited


def read(one: TicketFacts, stage: Stage, now: datetime | str, pack: str = "002") -> Clock:
    moment = at(now) if isinstance(now, str) else now
    return read_clock(one, stage, get_pack(pack), get_calendars(), moment)


def test_every_ticket_has_seven_clocks_in_their_order() -> None:
    clocks = read_clocks(ticket(), get_pack(), get_calendars(), REPORTED)
    assert tuple(clock.stage for clock in clocks) == STAGES
    assert [clock.verdict.value for clock in clocks] == [
        "running", "no_limit", "running", "running", "running", "running", "not_started",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "verdict", "left", "late"),
    [
        (0, "running", 30, 0),
        (22 * 60, "running", 8, 0),
        (22 * 60 + 29, "running", 7, 0),
        (22 * 60 + 30, "at_risk", 7, 0),  # three quarters of half an hour
        (30 * 60, "at_risk", 0, 0),
        (30 * 60 + 1, "breached", None, 1),
        (31 * 60, "breached", None, 1),
        (31 * 60 + 1, "breached", None, 2),
    ],
)
def test_a_clock_runs_is_at_risk_and_is_breached(seconds: int, verdict: str, left: int | None, late: int) -> None:
    clock = read(ticket(), Stage.RESPOND, REPORTED + timedelta(seconds=seconds))
    assert (clock.verdict, clock.left_min, clock.late_min) == (verdict, left, late)
    assert clock.due is not None
    assert clock.due.clause == "GR-03"


def test_what_is_reached_at_the_very_deadline_is_met_and_a_second_later_breached() -> None:
    met = read(ticket({Stage.RESPOND: at("2026-09-18T18:20")}), Stage.RESPOND, "2026-09-20T08:00")
    assert (met.verdict, met.left_min, met.late_min) == ("met", 0, 0)
    late = read(ticket({Stage.RESPOND: at("2026-09-18T18:20:01")}), Stage.RESPOND, "2026-09-20T08:00")
    assert (late.verdict, late.left_min, late.late_min) == ("breached", None, 1)
    assert late.met_at == at("2026-09-18T18:20:01")


def test_what_happens_later_is_not_known_yet() -> None:
    one = ticket({Stage.RESPOND: at("2026-09-18T18:00")})
    assert read(one, Stage.RESPOND, "2026-09-18T17:59").verdict == "running"
    assert read(one, Stage.RESPOND, "2026-09-18T17:49").verdict == "not_started"


def test_a_later_stage_shows_an_earlier_one() -> None:
    there = ticket({Stage.ARRIVE: at("2026-09-18T18:10")})
    assert read(there, Stage.RESPOND, "2026-09-18T19:00").met_at == at("2026-09-18T18:10")
    assert read(there, Stage.RESOLVE, "2026-09-18T19:00").met_at is None
    from_afar = ticket({Stage.RESOLVE: at("2026-09-18T18:15")})
    assert read(from_afar, Stage.ARRIVE, "2026-09-18T19:00").verdict == "met"


def test_a_clock_that_stands_says_so_and_its_deadline_moves() -> None:
    waiting = ticket({}, waited("2026-09-18T20:00", None))
    clock = read(waiting, Stage.RESOLVE, "2026-09-19T06:00")
    assert (clock.verdict, clock.left_min) == ("paused", 21 * 60 + 50)
    over = ticket({}, waited("2026-09-18T20:00", "2026-09-19T06:00"))
    assert read(over, Stage.RESOLVE, "2026-09-19T06:00").verdict == "running"
    assert read(over, Stage.RESOLVE, "2026-09-20T03:50").verdict == "at_risk"
    assert read(waiting, Stage.RESPOND, "2026-09-19T06:00").verdict == "breached"


def test_a_pause_after_the_breach_does_not_heal_it() -> None:
    one = ticket({}, waited("2026-09-19T17:51", None))
    clock = read(one, Stage.RESOLVE, "2026-09-19T18:00")
    assert (clock.verdict, clock.late_min) == ("breached", 10)


def test_an_interim_fix_in_time_meets_the_clause_that_allows_it() -> None:
    one = ticket({Stage.INTERIM: at("2026-09-19T10:00")})
    clock = read(one, Stage.RESOLVE, "2026-09-22T10:00")
    assert (clock.verdict, clock.met_at) == ("met", at("2026-09-19T10:00"))
    assert clock.due is not None
    assert [spoken.limit.source.clause for spoken in clock.due.satisfied] == ["GR-03"]
    assert read(one, Stage.INTERIM, "2026-09-22T10:00").verdict == "met"


def test_a_follow_up_counts_from_the_solution_and_may_be_too_early() -> None:
    solved = at("2026-09-21T10:00")

    def call(text: str) -> Clock:
        one = ticket({Stage.RESOLVE: solved, Stage.FOLLOW_UP: at(text)}, grade=Grade.GENERAL)
        return read(one, Stage.FOLLOW_UP, "2026-10-30T10:00")

    early, in_time, late = call("2026-09-22T09:59"), call("2026-09-22T10:00"), call("2026-09-24T10:01")
    assert (early.verdict, early.early_min) == ("breached", 1)
    assert (in_time.verdict, in_time.early_min, in_time.late_min) == ("met", 0, 0)
    assert (late.verdict, late.late_min) == ("breached", 1)
    assert read(ticket({}), Stage.FOLLOW_UP, "2026-09-22T10:00").verdict == "not_started"
    unsolved = ticket({Stage.RESOLVE: solved}, grade=Grade.GENERAL)
    assert read(unsolved, Stage.FOLLOW_UP, "2026-09-21T11:00").left_min == 71 * 60


def test_the_worked_examples_hold_for_clocks_too() -> None:
    respond, resolve = read(ticket(), Stage.RESPOND, REPORTED), read(ticket(), Stage.RESOLVE, REPORTED)
    strict = read(ticket(), Stage.RESPOND, REPORTED, "strict")
    assert [clock.due.by_at for clock in (respond, resolve, strict) if clock.due] == [
        at("2026-09-18T18:20"),
        at("2026-09-19T17:50"),
        at("2026-09-18T18:05"),
    ]
