"""Small worlds for tests: name only what matters, the rest is an ordinary Monday in Hangzhou.

>>> world = request(tickets=[ticket("leak", location="lake", windows=[between("09:00", "11:00")])])
>>> world.tickets[0].windows[0][0].isoformat()
'2026-11-23T09:00:00+08:00'
"""

# ruff: noqa: ANN401 - a builder passes on whatever a test names

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from dispatch.format.model import (
    TERMS,
    Break,
    Engineer,
    GreatCircle,
    Interval,
    Location,
    Matrix,
    Objective,
    Plan,
    Request,
    Route,
    Shift,
    SolverNote,
    Stop,
    Ticket,
)

ZONE = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)

DEPOT_TOWN = Location("home", 30.25, 120.16)
"""Where everybody starts and ends unless told otherwise."""
LAKE = Location("lake", 30.26, 120.14)
STATION = Location("station", 30.29, 120.21)
HILLS = Location("hills", 30.22, 120.09)
PLACES = (DEPOT_TOWN, LAKE, STATION, HILLS)


def at(clock: str, day: int = 0) -> datetime:
    """Give a moment: ``HH:MM`` or ``HH:MM:SS`` of the world's Monday, or ``day`` days later."""
    hour, minute, second = (*map(int, clock.split(":")), 0)[:3]
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


def between(first: str, last: str, day: int = 0) -> Interval:
    """Give an interval of one day, both ends included."""
    return at(first, day), at(last, day)


def shift(id: str = "mon", start: str = "08:00", end: str = "18:00", day: int = 0, **more: Any) -> Shift:  # noqa: A002
    """Make a shift from and to ``home``."""
    given = {"start_location": "home", "end_location": "home", **more}
    return Shift(id=id, start=at(start, day), end=at(end, day), **given)


def lunch(first: str = "11:30", last: str = "13:00", duration_s: int = 1800, day: int = 0) -> Break:
    """Make a break that begins between ``first`` and ``last``."""
    return Break(at(first, day), at(last, day), duration_s)


def engineer(id: str = "wang", shifts: Sequence[Shift] | None = None, **more: Any) -> Engineer:  # noqa: A002
    """Make an engineer, senior in air conditioners, with one shift on Monday."""
    given = {"skills": {"ac": 3}, **more}
    return Engineer(id=id, shifts=tuple(shifts) if shifts is not None else (shift(),), **given)


def ticket(id: str = "t1", location: str = "lake", duration_s: int = 3600, **more: Any) -> Ticket:  # noqa: A002
    """Make a ticket of an hour that asks for no skill and costs 500 CNY to leave out."""
    given = {"requires": {}, "skip_cost": Decimal(500), **more}
    lists = ("windows", "only", "never", "prefer", "pairs", "after", "tools")
    given.update({key: tuple(given[key]) for key in lists if given.get(key) is not None})
    return Ticket(id=id, location=location, duration_s=duration_s, **given)


def matrix(minutes: Sequence[Sequence[int | None]], metres_per_minute: int = 500, **more: Any) -> Matrix:
    """Make tables from minutes, in the order of the locations; None where there is no way."""
    return Matrix(
        seconds=tuple(tuple(None if cell is None else cell * 60 for cell in row) for row in minutes),
        metres=tuple(tuple(None if cell is None else cell * metres_per_minute for cell in row) for row in minutes),
        **more,
    )


def request(
    tickets: Sequence[Ticket] | None = None,
    engineers: Sequence[Engineer] | None = None,
    now: str = "07:00",
    **more: Any,
) -> Request:
    """Make a request: one engineer, one ticket, four places, straight lines × 1.3 at 28 km/h."""
    given = {"locations": PLACES, "travel": GreatCircle(Decimal("1.3"), Decimal(28)), **more}
    return Request(
        now=at(now),
        engineers=tuple(engineers) if engineers is not None else (engineer(),),
        tickets=tuple(tickets) if tickets is not None else (ticket(),),
        **given,
    )


def stop(kind: str, location: str, arrive: str, begin: str, leave: str, **more: Any) -> Stop:
    """Make a stop from clock times of Monday."""
    return Stop(kind=kind, location=location, arrive=at(arrive), begin=at(begin), leave=at(leave), **more)


def route(stops: Sequence[Stop], engineer: str = "wang", shift: str = "mon", **more: Any) -> Route:
    """Make a route; its sums are those of travel and work over the stops, without overtime."""
    work = (stop for stop in stops if stop.kind in {"visit", "pickup"})
    given = {
        "travel_s": sum(stop.travel_s for stop in stops),
        "travel_m": sum(stop.travel_m for stop in stops),
        "work_s": sum(int((stop.leave - stop.begin).total_seconds()) for stop in work),
        "wait_s": sum(int((stop.begin - stop.arrive).total_seconds()) for stop in stops),
        "overtime_s": 0,
        **more,
    }
    return Route(engineer=engineer, shift=shift, stops=tuple(stops), **given)


def plan(routes: Sequence[Route] = (), terms: dict[str, str] | None = None, **more: Any) -> Plan:
    """Make a plan; ``terms`` names those that are not 0, in CNY, and the total is their sum."""
    amounts = dict.fromkeys(TERMS, Decimal(0))
    amounts.update({term: Decimal(amount) for term, amount in (terms or {}).items()})
    given = {
        "status": "ok",
        "objective": Objective(sum(amounts.values(), Decimal(0)), amounts),
        "skipped": (),
        "solver": SolverNote("by hand", seed=0, seconds=Decimal(0), iterations=0, threads=1),
        **more,
    }
    return Plan(routes=tuple(routes), **given)
