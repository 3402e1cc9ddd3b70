"""A thousand clocks of drawn tickets are those of the slow twin, to the minute."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.calendars.read import get_calendars
from dispatch.clocks import TicketFacts, read_clock
from dispatch.policies.packs.model import (
    CHANNELS,
    CONTRACTS,
    DEMANDS,
    GRADES,
    REASONS,
    STAGES,
    TIERS,
    Facts,
    Pause,
    Stage,
)
from dispatch.policies.packs.read import get_pack, read_pack
from tests.dispatch.clocks import slow

CALENDARS = get_calendars()
ZONES = (
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
)
SEASONS = (
    "2026-03-28T12:00",  # Berlin's spring
    "2026-10-24T12:00",  # Berlin's autumn
    "2026-03-07T12:00",  # America's spring
    "2026-10-31T12:00",  # America's autumn
    "2026-10-03T08:00",  # Lord Howe's spring, and National Day
    "2026-04-04T08:00",  # Lord Howe's autumn, and Tomb-Sweeping Day
    "2026-02-13T12:00",  # Spring Festival
    "2025-12-30T12:00",  # a year's end
    "2026-12-29T12:00",  # another, into a year that is not announced
)
IN_WORKING_TIME = read_pack("""
id = "office"
version = 1
title_zh = "工作时间"
title_en = "Working time"
[[limits]]
stage = "respond"
within = 90
unit = "min"
calendar = "working"
clause = "GR-05"
basis = "ours"
[[limits]]
stage = "resolve"
within = 11
unit = "h"
calendar = "working"
clause = "GR-05"
basis = "ours"
[[limits]]
stage = "arrive"
within = 3
unit = "working_days"
clause = "GR-05"
basis = "ours"
[pauses.resolve]
reasons = ["waiting_for_customer", "waiting_for_parts"]
clause = "GR-05"
basis = "ours"
[pauses.arrive]
reasons = ["waiting_for_parts"]
clause = "GR-05"
basis = "ours"
[[warnings]]
colour = "red"
after_percent = 80
to = "responsible"
clause = "GR-05"
basis = "ours"
""")
PACKS = (get_pack("002"), get_pack("004"), get_pack("strict"), get_pack("002+004"), IN_WORKING_TIME)


def draw(luck: random.Random) -> tuple[TicketFacts, datetime]:
    """Draw a ticket around one of the seasons, and a moment to look at it."""
    reported = datetime.fromisoformat(luck.choice(SEASONS)).replace(tzinfo=UTC)
    reported += timedelta(minutes=luck.randrange(-1440, 2880))
    facts = Facts(
        luck.choice(GRADES),
        luck.choice(TIERS),
        reported.astimezone(ZoneInfo(luck.choice(ZONES))),
        contract=luck.choice((None, *CONTRACTS)),
        channel=luck.choice((None, *CHANNELS)),
        demand=luck.choice((None, None, *DEMANDS)),
    )

    zone = facts.reported_at.tzinfo

    def later(most_h: int) -> datetime:
        after = timedelta(minutes=luck.randrange(0, 60 * luck.choice((1, 4, most_h))))
        return (reported + after).astimezone(luck.choice((UTC, zone)))

    reached = {stage: later(80) for stage in STAGES if luck.random() < 0.25}
    if Stage.RESOLVE in reached and Stage.FOLLOW_UP in reached:
        reached[Stage.FOLLOW_UP] = reached[Stage.RESOLVE] + timedelta(minutes=luck.randrange(0, 5000))
    pauses = []
    for _ in range(luck.choice((0, 1, 2, 3))):
        begin = later(50)
        end = None if luck.random() < 0.2 else begin + timedelta(minutes=luck.randrange(0, 2500))
        pauses.append(Pause(begin, end, luck.choice(REASONS)))
    return TicketFacts("T", facts, reached, tuple(pauses)), later(200)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_clocks_are_those_of_counting_minute_by_minute(seed: int) -> None:
    luck = random.Random(1000 + seed)  # noqa: S311 - a draw that can be had again
    verdicts = set()
    for number in range(100):
        ticket, now = draw(luck)
        stage = STAGES[number % len(STAGES)]
        if stage is Stage.FOLLOW_UP and number % 2:
            ticket = replace(ticket, reached={**ticket.reached, Stage.RESOLVE: ticket.facts.reported_at})
        pack = luck.choice(PACKS)
        clock = read_clock(ticket, stage, pack, CALENDARS, now)
        due = clock.due
        told = (
            clock.verdict.value,
            None if due is None or due.by_at is None else due.by_at.astimezone(UTC),
            None if due is None else due.clause,
            None if due is None or due.earliest is None else due.earliest.at.astimezone(UTC),
            clock.late_min,
            clock.early_min,
        )
        assert told == slow.read(ticket, stage, pack, CALENDARS, now), f"{pack.id} {stage} {ticket} {now}"
        verdicts.add(told[0])
    assert len(verdicts) >= 5
