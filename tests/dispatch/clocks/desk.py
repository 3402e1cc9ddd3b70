"""Tickets with clocks, for tests: an urgent one of a silver customer, reported on a Friday evening in Shanghai."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.clocks import TicketFacts
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Facts, Pause, Stage


def at(text: str) -> datetime:
    """Give a moment in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


REPORTED = at("2026-09-18T17:50")


def ticket(
    reached: dict[Stage, datetime] | None = None, *pauses: Pause, grade: Grade = Grade.URGENT, tier: Tier = Tier.SILVER
) -> TicketFacts:
    """Make a ticket; name what was reached, its pauses, its grade and tier."""
    return TicketFacts("WX1", Facts(grade, tier, REPORTED), reached or {}, pauses)


def waited(begin: str, end: str | None, reason: str = "waiting_for_customer") -> Pause:
    """Make a pause."""
    return Pause(at(begin), None if end is None else at(end), reason)  # type: ignore[arg-type]
