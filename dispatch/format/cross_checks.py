"""What has to hold between a request's parts: no cycle in ``after``, and a plan in force that fits its engineers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dispatch.format.faults import ABSENT, quote
from dispatch.format.parsers import BAD, Parsed, Reading, is_good
from dispatch.format.paths import Path

_CYCLE_NAMES = 5


def find_after_cycles(reading: Reading, tickets: Sequence[Any], path: Path) -> None:
    """Refuse tickets that would have to begin after themselves; each cycle is named once, where it closes.

    Parameters
    ----------
    tickets
        :class:`~dispatch.format.model.Ticket` or BAD; their ``after`` may be BAD in whole or in part.
    path
        Of the tickets.
    """
    rows = {ticket.id: row for row, ticket in reversed(list(enumerate(tickets))) if _has_id(ticket)}
    edges = [_list_after_rows(ticket, rows) for ticket in tickets]
    new, open_, done = 0, 1, 2
    state = [new] * len(tickets)
    for root in range(len(tickets)):
        if state[root] != new:
            continue
        trail, turns = [root], [0]
        state[root] = open_
        while trail:
            row, turn = trail[-1], turns[-1]
            if turn == len(edges[row]):
                state[row] = done
                trail.pop()
                turns.pop()
                continue
            turns[-1] += 1
            index, target = edges[row][turn]
            if state[target] == open_:
                names = [tickets[step].id for step in trail[trail.index(target) :]]
                _refuse_cycle(reading, names, (((path, row), "after"), index))
            elif state[target] == new:
                state[target] = open_
                trail.append(target)
                turns.append(0)


def _has_id(ticket: Parsed) -> bool:
    """Tell whether a ticket was read and has an id."""
    return ticket is not BAD and ticket.id is not BAD


def _list_after_rows(ticket: Parsed, rows: dict[str, int]) -> list[tuple[int, int]]:
    """Give (index in ``after``, row of that ticket) for each entry that names a ticket."""
    if not _has_id(ticket) or ticket.after is BAD:
        return []
    return [
        (index, rows[entry.ticket])
        for index, entry in enumerate(ticket.after)
        if entry is not BAD and entry.ticket is not BAD and entry.ticket in rows
    ]


def _refuse_cycle(reading: Reading, names: Sequence[str], path: Path) -> None:
    """Name a cycle, shortened when it is long."""
    if len(names) == 1:
        reading.refuse("self_reference", path, names[0], "is the ticket itself, expected another ticket")
        return
    shown: list[object] = list(names[:_CYCLE_NAMES])
    message = f"closes a cycle of {len(names)} tickets, each after the next, expected no cycle"
    reading.refuse("cycle", path, shown, message)


def check_previous(reading: Reading, request: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse a plan in force that contradicts itself or the request.

    Visits may name tickets, engineers and shifts that are gone: that is what re-planning is for.
    """
    previous = request.previous
    if previous.engineers is not BAD:
        _check_whereabouts(reading, request, raw["previous"].get("engineers", []), (path, "engineers"))
    if previous.visits is not BAD:
        _check_visits(reading, previous.visits, (path, "visits"))
        _check_travelling(reading, request, (path, "visits"))
    if previous.finished is not BAD and request.tickets is not BAD:
        _check_finished(reading, request, (path, "finished"))


def _check_whereabouts(reading: Reading, request: Parsed, raw: Sequence[Any], path: Path) -> None:
    """Refuse an engineer at two places, one who is free before now, and breaks that the shift has not."""
    first_index: dict[str, int] = {}
    shifts = _map_shifts(request.engineers)
    for index, entry in enumerate(request.previous.engineers):
        if entry is BAD:
            continue
        here: Path = (path, index)
        if entry.engineer is not BAD and first_index.setdefault(entry.engineer, index) != index:
            message = f"comes again (first in entry {first_index[entry.engineer]}), expected each engineer once"
            reading.refuse("duplicate_entry", (here, "engineer"), entry.engineer, message)
        if is_good(entry.from_, request.now) and entry.from_ < request.now:
            message = "is before now, expected now or later"
            reading.refuse("impossible_value", (here, "from"), raw[index]["from"], message)
        shift = shifts.get((entry.engineer, entry.shift))
        if shift is None or not is_good(shift.breaks, entry.breaks_done):
            continue
        for number, done in enumerate(entry.breaks_done):
            if done is not BAD and done >= len(shift.breaks):
                message = f"is no break of this shift, expected an index below {len(shift.breaks)}"
                reading.refuse("unknown_reference", ((here, "breaks_done"), number), done, message)


def _map_shifts(engineers: Parsed) -> dict[tuple[Any, Any], Any]:
    """Find shifts by engineer and shift id."""
    if engineers is BAD:
        return {}
    shifts: dict[tuple[Any, Any], Any] = {}
    for engineer in engineers:
        if engineer is not BAD and engineer.shifts is not BAD:
            for shift in engineer.shifts:
                if shift is not BAD:
                    shifts.setdefault((engineer.id, shift.id), shift)
    return shifts


def _check_visits(reading: Reading, visits: Sequence[Any], path: Path) -> None:
    """Refuse a visit listed twice, and a crew in two states."""
    seen: dict[tuple[str, str], int] = {}
    states: dict[str, tuple[str, int]] = {}
    for index, visit in enumerate(visits):
        if visit is BAD or visit.ticket is BAD:
            continue
        if visit.engineer is not BAD:
            first = seen.setdefault((visit.ticket, visit.engineer), index)
            if first != index:
                message = f"repeats the visit of entry {first}, expected each ticket once per engineer"
                reading.refuse("duplicate_entry", (path, index), [visit.ticket, visit.engineer], message)
        if visit.state is not BAD:
            state, first = states.setdefault(visit.ticket, (visit.state, index))
            if state != visit.state:
                message = f"differs from entry {first} of the same ticket, expected one state for a crew: {state}"
                reading.refuse("contradiction", ((path, index), "state"), visit.state, message)


def _check_travelling(reading: Reading, request: Parsed, path: Path) -> None:
    """Refuse an engineer who is on the way to two tickets in one shift."""
    if request.tickets is BAD:
        return
    tickets = {ticket.id for ticket in request.tickets if _has_id(ticket)}
    shifts = _map_shifts(request.engineers)
    first_index: dict[tuple[str, str], int] = {}
    for index, visit in enumerate(request.previous.visits):
        if visit is BAD or visit.state != "travelling" or visit.ticket not in tickets:
            continue
        key = (visit.engineer, visit.shift)
        if key not in shifts:
            continue
        first = first_index.setdefault(key, index)
        if first != index and request.previous.visits[first].ticket != visit.ticket:
            message = f"is on the way like entry {first} in the same shift, expected one travelling visit in a shift"
            reading.refuse("contradiction", ((path, index), "state"), visit.state, message)


def _check_finished(reading: Reading, request: Parsed, path: Path) -> None:
    """Refuse a finished ticket without engineer when another ticket needs the same one."""
    tickets = {ticket.id for ticket in request.tickets if _has_id(ticket)}
    wanted = {ticket.same_engineer_as: ticket.id for ticket in request.tickets if ticket is not BAD}
    for index, entry in enumerate(request.previous.finished):
        if entry is BAD or entry.ticket is BAD or entry.engineer is not None or entry.ticket in tickets:
            continue
        if entry.ticket in wanted:
            message = f"is missing, expected the engineer, whom ticket {quote(wanted[entry.ticket])} needs again"
            reading.refuse("missing_key", ((path, index), "engineer"), ABSENT, message)
