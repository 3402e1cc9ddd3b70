"""What the tests of re-planning share: it is 08:00, and wang, li and zhao are at home, where they were to leave from.

t1 is an hour at the lake, ten minutes away, and was planned for nine.
"""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from typing import Any

from dispatch.format.model import Previous, PreviousVisit, Request, Ticket
from tests.builders import at, engineer, ticket
from tests.dispatch.judge.court import MINUTES, Case, town
from tests.dispatch.judge.writer import Drive, Step, broken, drive, visit, write

T1, T2 = visit("t1"), visit("t2")


def was(
    who: str = "wang", start: str = "09:00", state: str = "planned", pin: str = "none", ticket_: str = "t1", **more: Any
) -> PreviousVisit:
    """Tell what was planned."""
    return PreviousVisit(ticket_, who, more.pop("shift", "mon"), at(start), state, pin, **more)


def world(
    *visits: PreviousVisit, tickets: list[Ticket] | None = None, people: Any = None, minutes: Any = MINUTES, **more: Any
) -> Request:
    """Make a request with a plan in force."""
    people = people or [engineer(name) for name in ("wang", "li", "zhao")]
    in_force = {"freeze_until", "max_changes", "engineers", "finished"}
    previous = Previous(visits=visits, **{key: more.pop(key) for key in in_force & {*more}})
    tickets = tickets or [ticket("t1")]
    return town(tickets, people, now="08:00", previous=previous, minutes=minutes, **more)


def begun(begin: str | None = None, who: str = "wang", shift_: str = "mon", *, before: tuple[Step, ...] = ()) -> Drive:
    """Serve t1 at some time."""
    return drive(who, [*before, visit("t1", begin=at(begin) if begin else None)], shift_)


def case(name: str, request: Request, *told: Drive, codes: str = "", **more: Any) -> Case:
    """Make a case; ``codes`` are separated by blanks."""
    return Case(name, request, write(request, list(told), **more), tuple(codes.split()))


LISTED = (broken("t1"),)
T2_AT_NOON = was(ticket_="t2", start="12:00", pin="start")


def there(name: str, begin: str) -> Step:
    """Begin a visit at some time."""
    return visit(name, begin=at(begin))


def two(*rows: PreviousVisit, of: Any = None, **more: Any) -> Request:
    """Make a world of t1 at the lake and t2 at the station, fifteen minutes from there."""
    return world(*rows, tickets=[ticket("t1", **(of or {})), ticket("t2", location="station")], **more)


def together(begin: str, *names: str, then: tuple[Step, ...] = ()) -> list[Drive]:
    """Serve t1 together; the first goes on."""
    return [drive(name, [there("t1", begin), *(then if name == names[0] else ())]) for name in names]
