"""Rich requests changed so that the best plan cannot get worse, or not change at all: more means, or other names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from dispatch.format.model import Engineer, Plan, Previous, PreviousVisit, Request, Ticket

HOUR = timedelta(hours=1)
FREE = Decimal(0)


def add_engineer(random: Random, request: Request) -> Request:
    """Add an engineer who is idle so far: another one like one of them, last in the order, so that no crew gets another lead."""
    one = random.choice(request.engineers)
    return replace(request, engineers=(*request.engineers, replace(one, id=f"{one.id}-idle")))


def add_part(random: Random, request: Request) -> Request:
    """Add one piece of a part that some ticket needs to a depot's stock, or to a van where there is no depot."""
    needed = sorted({part for ticket in request.tickets for part, quantity in ticket.parts.items() if quantity})
    if not needed:
        message = "no ticket of the request needs a part"
        raise ValueError(message)
    part = random.choice(needed)
    if not request.depots:
        first, *others = request.engineers
        return replace(request, engineers=(replace(first, van=_one_more(first.van, part)), *others))
    row = random.randrange(len(request.depots))
    depots = list(request.depots)
    depots[row] = replace(depots[row], stock=_one_more(depots[row].stock, part))
    return replace(request, depots=tuple(depots))


def add_hour(random: Random, request: Request) -> Request:
    """Let one engineer's last shift end an hour later."""
    row = random.choice([row for row, engineer in enumerate(request.engineers) if engineer.shifts])
    engineers = list(request.engineers)
    *others, last = sorted(engineers[row].shifts, key=lambda shift: shift.start)
    engineers[row] = replace(engineers[row], shifts=(*others, replace(last, end=last.end + HOUR)))
    return replace(request, engineers=tuple(engineers))


MEANS: dict[str, Callable[[Random, Request], Request]] = {
    "engineer": add_engineer,
    "part": add_part,
    "hour": add_hour,
}
"""What is added, one at a time. Every plan of the smaller request is one of the larger, at the same price or a lower one."""


def release(request: Request) -> Request:
    """Forget what was planned, but not what has happened: no visit of the plan in force binds, or costs when it changes."""
    previous = request.previous
    if previous is None:
        return request
    return replace(request, previous=Previous(engineers=previous.engineers, finished=previous.finished))


def put_in_force(request: Request, plan: Plan) -> Request:
    """Make a plan the one in force, at no price of changes and without a pin; ``now`` stays.

    Parameters
    ----------
    request
        Without visits of another plan in force: see :func:`release`.
    plan
        Of this request, or of one with less means.
    """
    visits = tuple(
        PreviousVisit(stop.ticket, route.engineer, route.shift, stop.begin)
        for route in plan.routes
        for stop in route.stops
        if stop.ticket is not None
    )
    free = replace(request.weights, change_engineer=FREE, change_start_per_h=FREE, change_skip=FREE)
    return replace(request, previous=replace(request.previous or Previous(), visits=visits), weights=free)


def permute(random: Random, request: Request) -> Request:
    """Give tickets, engineers and locations other names, and put them in another order.

    Crews may get another lead: that is the first in the order of engineers. Everything else is as it was.
    """
    names = _Names(
        _rename(random, [place.id for place in request.locations], "P"),
        _rename(random, [engineer.id for engineer in request.engineers], "W"),
        _rename(random, {*_list_tickets(request)}, "K"),
    )
    places, engineers, tickets = list(request.locations), list(request.engineers), list(request.tickets)
    for rows in (places, engineers, tickets):
        random.shuffle(rows)
    return replace(
        request,
        locations=tuple(replace(place, id=names.place[place.id]) for place in places),
        engineers=tuple(_rename_engineer(engineer, names) for engineer in engineers),
        tickets=tuple(_rename_ticket(ticket, names) for ticket in tickets),
        depots=tuple(replace(depot, location=names.place[depot.location]) for depot in request.depots),
        previous=None if request.previous is None else _rename_previous(request.previous, names),
    )


class _Names:
    """New names by old ones."""

    def __init__(self, place: Mapping[str, str], engineer: Mapping[str, str], ticket: Mapping[str, str]) -> None:
        self.place, self.engineer, self.ticket = place, engineer, ticket


def _one_more(stock: Mapping[str, int], part: str) -> dict[str, int]:
    return {**stock, part: stock.get(part, 0) + 1}


def _list_tickets(request: Request) -> Iterable[str]:
    """List the tickets that a request names, cancelled and finished ones as well."""
    yield from (ticket.id for ticket in request.tickets)
    for ticket in request.tickets:
        yield from (after.ticket for after in ticket.after)
    if request.previous is not None:
        yield from (entry.ticket for entry in request.previous.finished)
        yield from (visit.ticket for visit in request.previous.visits)


def _rename(random: Random, ids: Iterable[str], prefix: str) -> dict[str, str]:
    old = sorted(ids)
    new = [f"{prefix}{row:05d}" for row in range(len(old))]
    random.shuffle(new)
    return dict(zip(old, new, strict=True))


def _renamed(ids: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(each, each) for each in ids)


def _rename_engineer(engineer: Engineer, names: _Names) -> Engineer:
    shifts = tuple(
        replace(
            shift,
            start_location=names.place[shift.start_location],
            end_location=None if shift.end_location is None else names.place[shift.end_location],
        )
        for shift in engineer.shifts
    )
    return replace(engineer, id=names.engineer[engineer.id], shifts=shifts)


def _rename_ticket(ticket: Ticket, names: _Names) -> Ticket:
    same = ticket.same_engineer_as
    return replace(
        ticket,
        id=names.ticket[ticket.id],
        location=names.place[ticket.location],
        only=None if ticket.only is None else _renamed(ticket.only, names.engineer),
        never=_renamed(ticket.never, names.engineer),
        prefer=_renamed(ticket.prefer, names.engineer),
        pairs=tuple(replace(pair, engineer=names.engineer[pair.engineer]) for pair in ticket.pairs),
        after=tuple(replace(after, ticket=names.ticket[after.ticket]) for after in ticket.after),
        same_engineer_as=None if same is None else names.ticket[same],
    )


def _rename_previous(previous: Previous, names: _Names) -> Previous:
    """Rename a plan in force; who is gone keeps the old name."""
    return replace(
        previous,
        engineers=tuple(
            replace(where, engineer=names.engineer[where.engineer], location=names.place[where.location])
            for where in previous.engineers
        ),
        finished=tuple(
            replace(
                entry,
                ticket=names.ticket[entry.ticket],
                engineer=None if entry.engineer is None else names.engineer.get(entry.engineer, entry.engineer),
            )
            for entry in previous.finished
        ),
        visits=tuple(
            replace(
                visit,
                ticket=names.ticket[visit.ticket],
                engineer=names.engineer.get(visit.engineer, visit.engineer),
            )
            for visit in previous.visits
        ),
    )
