"""How a ticket came to where it is, and what may follow, as its page shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.domain.ticket_states import NEEDS_REASON, list_next_by_hand
from dispatch.services.change_state import LONGEST_REASON, StateChange, read_changes
from dispatch.storage.store import Reading
from web.board.data import Json
from web.desk.words import name_cause, name_person, name_state


def show_course(unit: Reading, ticket: Ticket, region: Region) -> Json:
    """Return what the page shows of a ticket's way: what may follow, and every change, the last one first."""
    zone = ZoneInfo(region.zone)
    events = unit.list_ticket_events([ticket.id])
    return {
        "possible": [
            {"value": state.value, "word": name_state(state), "needs_reason": state in NEEDS_REASON}
            for state in list_next_by_hand(ticket.state)
        ],
        "longest": LONGEST_REASON,
        "changes": [_show_change(change, zone) for change in reversed(read_changes(events))],
    }


def _show_change(change: StateChange, zone: ZoneInfo) -> Json:
    """Return one change as a person reads it; the device's time only where it says another minute."""
    late = change.device_at is not None and _minute(change.device_at, zone) != _minute(change.at, zone)
    return {
        "at": _minute(change.at, zone),
        "device_at": _minute(change.device_at, zone) if late and change.device_at is not None else None,
        "before": name_state(change.before),
        "after": name_state(change.after),
        "by": name_person(change.by),
        "cause": name_cause(change.cause),
        "why": change.why,
    }


def _minute(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the region's clocks have it, to the minute."""
    return f"{moment.astimezone(zone):%m-%d %H:%M}"
