"""The request, indexed: who, what and where by id, and moments as whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dispatch.format.model import Depot, Engineer, Finished, Part, Request, Shift, Ticket, Whereabouts

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_S = -62_135_424_000
"""The second of January of the year 1, UTC: no earlier moment is written, whatever a plan adds up to."""
LAST_S = 253_402_128_000
"""The thirtieth of December of the year 9999."""
DAY_S = 86_400


def seconds(moment: datetime) -> int:
    """Give the whole seconds from 1970-01-01 UTC to an aware moment."""
    return (moment - EPOCH) // timedelta(seconds=1)


class World:
    """Look up a valid request.

    Attributes
    ----------
    now_s
        ``now`` in seconds since 1970 UTC, like every ``_s`` moment of the judge.
    offset_s
        The offset of ``now`` from UTC, which is what *local* means.
    rank
        An engineer's place in the order of ``engineers``.
    finished
        Tickets that are done or under way, and what ``previous.finished`` says about them.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.now_s = seconds(request.now)
        offset = request.now.utcoffset()
        self.offset_s = 0 if offset is None else offset // timedelta(seconds=1)
        self.location_row = {location.id: row for row, location in enumerate(request.locations)}
        self.engineers: dict[str, Engineer] = {engineer.id: engineer for engineer in request.engineers}
        self.rank = {engineer.id: row for row, engineer in enumerate(request.engineers)}
        self.shifts: dict[tuple[str, str], Shift] = {
            (engineer.id, shift.id): shift for engineer in request.engineers for shift in engineer.shifts
        }
        self.tickets: dict[str, Ticket] = {ticket.id: ticket for ticket in request.tickets}
        self.depots: dict[str, Depot] = {depot.id: depot for depot in request.depots}
        previous = request.previous
        self.whereabouts: dict[tuple[str, str], Whereabouts] = {}
        self.finished: dict[str, Finished] = {}
        if previous is not None:
            self.whereabouts = {(where.engineer, where.shift): where for where in previous.engineers}
            self.finished = {finished.ticket: finished for finished in previous.finished}

    def rank_of(self, engineer: Engineer) -> int:
        """Give an engineer's place in the order of ``engineers``."""
        return self.rank[engineer.id]

    def substitutes(self, part: str) -> tuple[str, ...]:
        """List the parts that may be used up instead of ``part``; a part that is not listed has none."""
        listed: Part | None = self.request.parts.get(part)
        return () if listed is None else listed.substitutes

    def usable_parts(self, ticket: Ticket) -> set[str]:
        """Name the parts that a ticket needs, and all that may be used up instead."""
        return {*ticket.parts}.union(*(self.substitutes(part) for part in ticket.parts))

    def tools_at_start(self, engineer: Engineer, shift: Shift) -> set[str]:
        """Name the tools that an engineer has when his route, or the rest of it, starts: own ones, and lent ones in hand."""
        where = self.whereabouts.get((engineer.id, shift.id))
        return {*engineer.tools, *(() if where is None else where.tools)}

    def earliest_leave_s(self, engineer: str, shift: Shift) -> int:
        """Give the moment before which this shift's route may not leave, ``now`` left aside."""
        where = self.whereabouts.get((engineer, shift.id))
        start_s = seconds(shift.start)
        return start_s if where is None else max(start_s, seconds(where.from_))

    def start_location(self, engineer: str, shift: Shift) -> str:
        """Give the place where this shift's route, or the rest of it, starts."""
        where = self.whereabouts.get((engineer, shift.id))
        return shift.start_location if where is None else where.location

    def local_day(self, moment_s: int) -> int:
        """Give the local day of a moment: whole days since 1970-01-01 by the clock of ``now``'s offset."""
        return (moment_s + self.offset_s) // DAY_S

    def moment(self, moment_s: int) -> datetime:
        """Turn seconds since 1970 UTC into a moment in ``now``'s offset, the nearest that can be written."""
        written_s = min(max(moment_s, FIRST_S), LAST_S)
        return (EPOCH + timedelta(seconds=written_s)).astimezone(self.request.now.tzinfo)

    def clock(self, moment_s: int) -> str:
        """Write a moment for people."""
        return self.moment(moment_s).isoformat()
