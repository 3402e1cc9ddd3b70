"""Days of records: a Monday in Hangzhou with two engineers; name only what matters."""

# ruff: noqa: ANN401 - a builder passes on whatever a test names

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from dispatch.domain.customer import Customer, Tier
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.place import Point
from dispatch.domain.plan import OtherVisit, Publication, Revision, Visit
from dispatch.domain.region import Region
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.planning.request import MadeRequest, make_request
from dispatch.policies.tables.read import get_book
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import TravelTimes

DAY = date(2026, 11, 23)
ZONE = timezone(timedelta(hours=8))
HOME = Point(30.25, 120.16)
LAKE = Point(30.26, 120.14)
STATION = Point(30.29, 120.21)
HILLS = Point(30.22, 120.09)


def at(clock: str, day: int = 0) -> datetime:
    """Give a moment of the Monday in Hangzhou, or of a later day, in UTC as the store gives it."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, 23 + day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def ticket(id: str, point: Point | None = LAKE, **more: Any) -> Ticket:  # noqa: A002 - the field is called so
    """Make a ticket of customer C that is ready to be planned, reported at seven."""
    given = {"customer_id": "C", "state": TicketState.READY, "skills": {"空调": 2}, **more}
    return Ticket(id, "hz", at("07:00"), point=point, **given)


def engineer(id: str, **more: Any) -> Engineer:  # noqa: A002 - as above
    """Make an engineer for air conditioners, level 3, who lives at HOME."""
    given = {"skills": {"空调": 3}, "home": HOME, **more}
    return Engineer(id, "hz", f"名字{id}", "13800000000", **given)


def shift(engineer_id: str, first: str = "08:00", last: str = "18:00", **more: Any) -> Shift:
    """Make a shift; its id is the engineer's and ``-mon``."""
    given = {"id": f"{engineer_id}-mon", **more}
    return Shift(engineer_id=engineer_id, region_id="hz", start_at=at(first), end_at=at(last), **given)


def snapshot(
    tickets: Sequence[Ticket] = (),
    engineers: Sequence[Engineer] | None = None,
    shifts: Sequence[Shift] | None = None,
    visits: Sequence[Visit] = (),
    **more: Any,
) -> Snapshot:
    """Make a day; with ``visits``, these are the plan in force."""
    engineers = (engineer("E1"), engineer("E2")) if engineers is None else tuple(engineers)
    plan = publication = None
    if visits:
        plan = Revision("R1", "hz", DAY, 0, at("06:00"), "d1", "{}", "{}", visits=tuple(visits))
        publication = Publication("hz", DAY, 1, "R1", at("06:30"), "d1")
    given = {
        "outlets": (),
        "customers": (Customer("C", "王芳", "13900000000", Tier.GOLD),),
        "sites": (),
        "assets": (),
        "absences": (),
        "publication": publication,
        "plan": plan,
        **more,
    }
    return Snapshot(
        region=Region("hz", "杭州"),
        day=DAY,
        tickets=tuple(tickets),
        engineers=engineers,
        shifts=tuple(shift(one.id) for one in engineers) if shifts is None else tuple(shifts),
        **given,
    )


def visit(ticket_id: str, engineer_id: str, begin: str, end: str, place: int = 0, **more: Any) -> Visit:
    """Make a visit in the engineer's shift."""
    return replace(
        Visit(ticket_id, engineer_id, f"{engineer_id}-mon", place, at(begin), at(begin), at(end)),
        **more,
    )


def other_visit(planned: Visit, state: TicketState) -> OtherVisit:
    """Make a visit of another day's plan, whose shift is over when it is."""
    return OtherVisit("hz", DAY - timedelta(days=1), planned, state, planned.leave_at)


def make(
    day: Snapshot,
    now: datetime | str = "07:30",
    travel: TravelTimes | None = None,
    pack: str = "strict",
    **more: Any,
) -> MadeRequest:
    """Make the request of a day under the calmest preset."""
    moment = at(now) if isinstance(now, str) else now
    return make_request(day, travel=travel or StraightLine(), book=get_book("least_change", pack), now=moment, **more)


def codes(made: MadeRequest) -> dict[str, tuple[str, ...]]:
    """Return the notes by code, with the ids that they are about."""
    return {note.code: note.tickets + note.engineers for note in made.notes}
