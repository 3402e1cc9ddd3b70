"""Parts, tools and depots of a request: what the planned tickets need, and where it is now.

Only what some planned ticket needs is written, with what may stand in its stead; a day without such needs has no depots.

**What is left by now.** Vans and depots have what was last counted. The pick-ups that the plan in force had begun by ``now``
have moved parts from depots to vans and lent tools for the day; the visits that are done or under way have used up what that
plan says, else what their tickets need. Nothing falls below zero: whoever had less has none. What other days have used is
known with the next count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from dispatch.domain.part import Depot as DepotRecord
from dispatch.domain.part import days_between
from dispatch.domain.place import Point
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import Ticket
from dispatch.format.faults import InvalidDocument
from dispatch.format.model import Depot, Inbound, Interval, Part, Plan
from dispatch.format.read import read_plan, read_request


class Clock(Protocol):
    """What is asked of the day's clock."""

    @property
    def now(self) -> datetime: ...  # noqa: D102 - a moment
    @property
    def zone(self) -> ZoneInfo: ...  # noqa: D102 - the region's
    @property
    def begins_at(self) -> datetime: ...  # noqa: D102 - of what is planned
    @property
    def ends_at(self) -> datetime: ...  # noqa: D102 - the same
    def up(self, moment: datetime) -> datetime: ...  # noqa: D102 - the next whole second
    def inside(self, from_at: datetime, to_at: datetime) -> Interval | None: ...  # noqa: D102 - whole seconds


class Places(Protocol):
    """What is asked of the request's locations."""

    def name(self, point: Point) -> str: ...  # noqa: D102 - the id of a point's location


class Supplies:
    """What the planned tickets need, and where it is.

    Parameters
    ----------
    chosen
        The tickets that are planned.
    carried
        Visits that are done or under way.
    """

    def __init__(self, snapshot: Snapshot, chosen: Iterable[Ticket], carried: Sequence[Visit], clock: Clock) -> None:
        self._clock = clock
        self._depots = snapshot.depots
        needed = {part for ticket in chosen for part in ticket.parts}
        listed = {part.id: part for part in snapshot.parts}
        self.parts: dict[str, Part] = {
            part: Part(listed[part].name or None, listed[part].substitutes) for part in sorted(needed & set(listed))
        }
        self._fitting = needed | {other for part in self.parts.values() for other in part.substitutes}
        self._tools = {tool for ticket in chosen for tool in ticket.tools}
        self._moved = _Moved(snapshot, carried, clock.now) if self._fitting or self._tools else None

    @property
    def without_place(self) -> tuple[str, ...]:
        """Depots that would be asked if anybody knew where they are."""
        return tuple(depot.id for depot in self._depots if depot.point is None) if self._moved else ()

    def van_of(self, engineer_id: str, counted: Mapping[str, int]) -> dict[str, int]:
        """Return what is left in a van of the parts that are asked for."""
        left = Counter({part: quantity for part, quantity in counted.items() if part in self._fitting})
        if self._moved is not None:
            left.update(self._moved.fetched.get(engineer_id, {}))
            left.subtract(self._moved.used.get(engineer_id, {}))
        return {part: quantity for part, quantity in sorted(left.items()) if quantity > 0 and part in self._fitting}

    def tools_of(self, engineer_id: str, own: Sequence[str]) -> tuple[str, ...]:
        """Return the tools that are asked for and that an engineer owns, or was lent for this day."""
        lent = self._moved.lent.get(engineer_id, ()) if self._moved is not None else ()
        return tuple(tool for tool in dict.fromkeys((*own, *lent)) if tool in self._tools)

    def list_depots(self, places: Places) -> tuple[Depot, ...]:
        """Write the depots whose place is known, with what is asked for; none when nothing is."""
        if self._moved is None:
            return ()
        return tuple(self._write(depot, depot.point, places) for depot in self._depots if depot.point is not None)

    def _write(self, depot: DepotRecord, point: Point, places: Places) -> Depot:
        assert self._moved is not None  # noqa: S101 - list_depots asks
        clock = self._clock
        stock = Counter({part: quantity for part, quantity in depot.stock.items() if part in self._fitting})
        coming = [each for each in depot.deliveries if each.part_id in self._fitting]
        for each in coming:
            if each.at <= clock.now:
                stock[each.part_id] += each.quantity
        stock.subtract(self._moved.taken.get(depot.id, {}))
        first, last = clock.begins_at.astimezone(clock.zone).date(), clock.ends_at.astimezone(clock.zone).date()
        hours = (clock.inside(*span) for day in days_between(first, last) for span in depot.hours_on(day, clock.zone))
        return Depot(
            id=depot.id,
            location=places.name(point),
            open=tuple(span for span in hours if span is not None and span[0] < clock.ends_at),
            handling_s=depot.handling_s,
            stock={
                part: quantity for part, quantity in sorted(stock.items()) if quantity > 0 and part in self._fitting
            },
            inbound=tuple(
                Inbound(each.part_id, each.quantity, clock.up(each.at))
                for each in coming
                if clock.now < each.at < clock.ends_at + timedelta(days=1)
            ),
            tools={
                tool: max(0, quantity - self._moved.lent_by[depot.id, tool])
                for tool, quantity in sorted(depot.tools.items())
                if tool in self._tools
            },
        )


class _Moved:
    """What the plan in force has moved by now.

    Attributes
    ----------
    fetched, used
        By engineer, part to quantity.
    taken
        By depot, part to quantity.
    lent
        Tools by engineer.
    lent_by
        How many of a tool each depot has lent.
    """

    def __init__(self, snapshot: Snapshot, carried: Sequence[Visit], now: datetime) -> None:
        self.fetched: dict[str, Counter[str]] = {}
        self.used: dict[str, Counter[str]] = {}
        self.taken: dict[str, Counter[str]] = {}
        self.lent: dict[str, list[str]] = {}
        self.lent_by: Counter[tuple[str, str]] = Counter()
        plan = _read(snapshot.plan)
        used: dict[tuple[str, str], Mapping[str, int]] = {}
        for route in plan.routes if plan is not None else ():
            for stop in route.stops:
                if stop.ticket is not None:
                    used[stop.ticket, route.engineer] = stop.parts
                elif stop.depot is not None and stop.begin <= now:
                    self.fetched.setdefault(route.engineer, Counter()).update(stop.parts)
                    self.taken.setdefault(stop.depot, Counter()).update(stop.parts)
                    self.lent.setdefault(route.engineer, []).extend(stop.tools)
                    self.lent_by.update((stop.depot, tool) for tool in stop.tools)
        needs = {ticket.id: ticket.parts for ticket in snapshot.tickets}
        for visit in carried:
            parts = used.get((visit.ticket_id, visit.engineer_id), needs.get(visit.ticket_id, {}))
            self.used.setdefault(visit.engineer_id, Counter()).update(parts)


def _read(revision: Revision | None) -> Plan | None:
    """Read the plan in force; one that cannot be read has moved nothing."""
    if revision is None:
        return None
    try:
        return read_plan(revision.plan_json, read_request(revision.request_json))
    except InvalidDocument:
        return None
