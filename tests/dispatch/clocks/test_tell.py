from __future__ import annotations

import pytest

from dispatch.calendars.read import get_calendars
from dispatch.clocks import TicketFacts, list_moves, read_clock
from dispatch.clocks.tell import tell_clock, tell_move
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Stage
from dispatch.policies.packs.read import get_pack
from tests.dispatch.clocks.desk import REPORTED, at, ticket, waited

CALENDARS = get_calendars()


def told(one: TicketFacts, stage: Stage, now: str, lang: str = "en", pack: str = "002") -> list[str]:
    return list(tell_clock(read_clock(one, stage, get_pack(pack), CALENDARS, at(now)), lang))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        (
            "2026-09-18T18:00",
            "响应：计时中，最晚 2026-09-18 18:20，剩 20 分钟",
            "respond: running, due 2026-09-18 18:20, 20 min left",
        ),
        (
            "2026-09-18T18:15",
            "响应：有风险，最晚 2026-09-18 18:20，剩 5 分钟",
            "respond: at risk, due 2026-09-18 18:20, 5 min left",
        ),
        (
            "2026-09-18T20:20",
            "响应：超时 2 小时，最晚 2026-09-18 18:20",
            "respond: breached by 2 h, due 2026-09-18 18:20",
        ),
        ("2026-09-18T17:00", "响应：未开始", "respond: not started"),
    ],
)
def test_how_a_clock_stands_is_told_in_both_languages(now: str, zh: str, en: str) -> None:
    assert (told(ticket(), Stage.RESPOND, now, "zh")[0], told(ticket(), Stage.RESPOND, now)[0]) == (zh, en)


def test_why_this_limit_is_told_with_the_other_clauses() -> None:
    zh = told(ticket(), Stage.RESPOND, "2026-09-18T18:00", "zh", "strict")
    assert zh[1:] == [
        "依据：15 分钟 (GR-02)",
        "其他条款：30 分钟 (GR-03)、30 分钟 (IN-11)、2 小时 (SL-07)、6 小时 (SL-06)",
    ]


def test_a_clock_without_a_limit_says_only_that() -> None:
    assert told(ticket(), Stage.HUMAN_CONTACT, "2026-09-18T18:00") == ["human contact: no limit"]


def test_what_was_met_says_when_in_the_places_time() -> None:
    answered = ticket({Stage.RESPOND: at("2026-09-18T18:00")})
    assert told(answered, Stage.RESPOND, "2026-09-19T18:00")[0] == "respond: met, 2026-09-18 18:00"


def test_pauses_that_overlap_are_told_once() -> None:
    waiting = ticket(
        {},
        waited("2026-09-18T20:00", "2026-09-18T22:00"),
        waited("2026-09-18T21:00", "2026-09-18T23:00", "waiting_for_parts"),
        waited("2026-09-19T08:00", None),
    )
    assert told(waiting, Stage.RESOLVE, "2026-09-19T08:30") == [
        "resolve: paused, due 2026-09-19 21:20, 12 h 50 min left",
        "by 24 h (GR-03)",
        "pauses of 3 h 30 min left out",
    ]


def test_an_interim_fix_says_what_it_satisfies() -> None:
    bridged = ticket({Stage.INTERIM: at("2026-09-18T20:00")})
    assert told(bridged, Stage.RESOLVE, "2026-09-20T20:00") == [
        "resolve: met, 2026-09-18 20:00",
        "satisfied by the interim fix: 24 h (GR-03)",
    ]


def test_a_follow_up_tells_its_window_or_what_gave_way() -> None:
    solved = {Stage.RESOLVE: at("2026-09-21T10:00")}
    general = ticket(solved, grade=Grade.GENERAL)
    assert told(general, Stage.FOLLOW_UP, "2026-09-21T11:00")[2] == "not before 2026-09-22 10:00: 24 h (FU-01)"
    strict = told(general, Stage.FOLLOW_UP, "2026-09-21T11:00", pack="strict")
    assert "the earliest moment of 24 h (FU-01) gives way: it leaves too little time" in strict
    early = ticket({**solved, Stage.FOLLOW_UP: at("2026-09-22T09:00")}, grade=Grade.GENERAL)
    assert told(early, Stage.FOLLOW_UP, "2026-09-30T09:00", "zh")[0] == "回访：早了 1 小时，不得早于 2026-09-22 10:00"


def test_a_move_is_told_in_a_line() -> None:
    moves = list_moves([ticket()], before=get_pack("002"), after=get_pack("004"), calendars=CALENDARS, now=REPORTED)
    assert [tell_move(move, "zh") for move in moves][1:4] == [
        "WX1 响应：2026-09-18 18:20 (GR-03) → 2026-09-18 19:50 (SL-07)",
        "WX1 上门：2026-09-19 01:50 (GR-03) → 2026-09-18 21:50 (SL-07)",
        "WX1 临时方案：2026-09-19 17:50 (GR-03) → 无时限",
    ]
