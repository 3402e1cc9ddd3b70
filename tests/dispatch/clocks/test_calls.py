from __future__ import annotations

from datetime import datetime

from dispatch.calendars.read import get_calendars
from dispatch.clocks import Call, TicketFacts, list_calls, read_clocks
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Stage
from dispatch.policies.packs.read import get_pack
from tests.dispatch.clocks.desk import at, ticket, waited

CALENDARS = get_calendars()


def calls(one: TicketFacts, now: str, stage: Stage = Stage.RESPOND, pack: str = "002") -> list[Call]:
    chosen = get_pack(pack)
    clocks = read_clocks(one, chosen, CALENDARS, at(now))
    return [call for call in list_calls(one, clocks, chosen, CALENDARS, at(now)) if call.stage is stage]


def told(found: list[Call]) -> list[tuple[datetime, str, str]]:
    return [(call.at, call.colour or call.kind, call.to) for call in found]


YELLOW = (at("2026-09-18T18:12:30"), "yellow", "responsible")
RED = (at("2026-09-18T18:17"), "red", "supervisor")
AT_ONCE = (at("2026-09-18T18:20"), "escalation", "supervisor")
MANAGER = (at("2026-09-18T18:50"), "escalation", "service_manager")


def test_warnings_and_escalations_come_at_their_offsets() -> None:
    assert told(calls(ticket(), "2026-09-18T18:12:29")) == []
    assert told(calls(ticket(), "2026-09-18T18:12:30")) == [YELLOW]
    assert told(calls(ticket(), "2026-09-18T18:17")) == [YELLOW, RED]
    assert told(calls(ticket(), "2026-09-18T18:20")) == [YELLOW, RED, AT_ONCE]
    assert told(calls(ticket(), "2026-09-18T18:50")) == [YELLOW, RED, AT_ONCE, MANAGER]


def test_what_was_reached_calls_nobody_any_more() -> None:
    answered = ticket({Stage.RESPOND: at("2026-09-18T18:15")})
    assert told(calls(answered, "2026-09-19T10:00")) == [YELLOW]
    late = ticket({Stage.RESPOND: at("2026-09-18T18:30")})
    assert told(calls(late, "2026-09-19T10:00")) == [YELLOW, RED, AT_ONCE]


def test_a_call_has_one_key_however_often_clocks_are_read() -> None:
    early = {call.key for call in calls(ticket(), "2026-09-18T18:17")}
    late = {call.key for call in calls(ticket(), "2026-09-18T22:00")}
    assert early < late
    assert min(early) == "WX1/respond/warning-red/20260918T101700Z"
    assert len(late) == 4


def test_a_standing_clock_warns_nobody_and_its_earlier_calls_keep_their_keys() -> None:
    resolve = Stage.RESOLVE
    waiting = ticket({}, waited("2026-09-19T12:00", None))
    before = calls(waiting, "2026-09-19T11:59", resolve)
    assert told(before) == [(at("2026-09-19T11:50"), "yellow", "responsible")]
    assert calls(waiting, "2026-09-29T11:59", resolve)[0].key == before[0].key
    assert len(calls(waiting, "2026-09-29T11:59", resolve)) == 1
    over = ticket({}, waited("2026-09-19T12:00", "2026-09-19T22:00"))
    assert told(calls(over, "2026-09-20T01:26", resolve))[1] == (at("2026-09-20T01:26"), "red", "supervisor")


def test_of_several_rules_the_earliest_counts_for_each_colour_and_role() -> None:
    strict = told(calls(ticket(), "2026-09-18T19:05", pack="strict"))
    assert strict == [
        (at("2026-09-18T17:57:30"), "blue", "responsible"),
        (at("2026-09-18T18:01:15"), "yellow", "responsible"),
        (at("2026-09-18T18:03:30"), "red", "supervisor"),
        (at("2026-09-18T18:05"), "escalation", "supervisor"),
        (at("2026-09-18T18:35"), "escalation", "service_manager"),
        (at("2026-09-18T19:05"), "escalation", "regional_manager"),
    ]


def test_the_grade_decides_who_hears_when() -> None:
    general = told(calls(ticket(grade=Grade.GENERAL), "2026-09-19T02:00"))
    assert general[-1] == (at("2026-09-19T01:50"), "escalation", "service_manager")


def test_working_days_warn_at_hundredths_of_working_days() -> None:
    general = calls(ticket(grade=Grade.GENERAL), "2026-10-30T00:00", Stage.RESOLVE)
    assert general[0].at == at("2026-09-23T11:50")  # 3.75 of 5 days after Friday 17:50; Sunday the 20th is worked
    assert general[0].due_at == at("2026-09-24T17:50")
