"""What vans carry, what visits need and what two depots have: parts and tools for an invented day.

A visit asks for parts of its product family. Most of what is asked for is in some van that could go; for the scarce
parts even the depots have too little in the morning, and more arrives during the day.
"""

# ruff: noqa: PLR2004 - the shares of an invented world stand where they are drawn

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from dispatch.example.city import FAMILIES, FIRST_DAY, NOW
from dispatch.example_data.stock import DELIVERIES, DEPOTS, PARTS, TOOLS, LentTool, StockPoint
from dispatch.format.model import Depot, Engineer, Inbound, Location, Part, Request, Ticket

NEEDED = 0.34
"""The share of visits that need parts."""


def add_parts(random: Random, request: Request, days: int) -> Request:
    """Give visits needs of parts, engineers vans with stock, and two depots what else is asked for."""
    tickets = tuple(request.tickets)
    count = round(NEEDED * len(tickets))
    rows = set(random.sample(range(len(tickets)), max(count, min(1, len(tickets)))))
    tickets = tuple(
        replace(ticket, parts=_draw_parts(random, ticket)) if row in rows else ticket
        for row, ticket in enumerate(tickets)
    )
    asked: Counter[str] = Counter()
    for ticket in tickets:
        asked.update(ticket.parts)
    depots = _open_depots(request, days)
    return replace(
        _with_places(request, depots),
        parts={part.id: Part(part.name, part.substitutes) for part in PARTS},
        tickets=tickets,
        engineers=tuple(replace(engineer, van=_load(random, engineer)) for engineer in request.engineers),
        depots=_stock(random, depots, asked, days),
    )


def add_tools(random: Random, request: Request, days: int) -> Request:
    """Give some visits needs of tools, some engineers tools of their own, and the depots a few to lend."""
    depots = _open_depots(request, days)
    tickets = tuple(replace(ticket, tools=_draw_tools(random, ticket)) for ticket in request.tickets)
    if tickets and not any(ticket.tools for ticket in tickets):
        row = random.randrange(len(tickets))
        tool = next((each.id for each in TOOLS if each.family in tickets[row].requires), TOOLS[0].id)
        tickets = (*tickets[:row], replace(tickets[row], tools=(tool,)), *tickets[row + 1 :])
    lent = {
        depot.id: {tool.id: random.randint(1, max(2, len(request.engineers) // 12)) for tool in TOOLS}
        for depot in depots
    }
    engineers = tuple(
        replace(
            engineer,
            tools=tuple(tool.id for tool in TOOLS if tool.family in engineer.skills and _chance(random, tool.owned)),
        )
        for engineer in request.engineers
    )
    return replace(
        _with_places(request, depots),
        tickets=tickets,
        engineers=engineers,
        depots=tuple(replace(depot, tools=lent[depot.id]) for depot in depots),
    )


def _chance(random: Random, per_cent: int) -> bool:
    return random.randrange(100) < per_cent


def _at(day: int, clock: time) -> datetime:
    return FIRST_DAY + timedelta(days=day, hours=clock.hour, minutes=clock.minute)


def _draw_parts(random: Random, ticket: Ticket) -> dict[str, int]:
    """Draw one part of the product family, two for one visit in six, and two pieces now and then."""
    family = next((each for each in FAMILIES if each in ticket.requires), random.choice(list(FAMILIES)))
    fitting = [part for part in PARTS if part.family == family]
    kinds = 2 if random.random() < 0.16 else 1
    drawn = Counter(random.choices(fitting, [part.share for part in fitting])[0].id for _ in range(kinds))
    return {part: quantity * (2 if random.random() < 0.1 else 1) for part, quantity in drawn.items()}


def _draw_tools(random: Random, ticket: Ticket) -> tuple[str, ...]:
    return tuple(tool.id for tool in TOOLS if _asks_for(ticket, tool) and _chance(random, tool.needed))


def _asks_for(ticket: Ticket, tool: LentTool) -> bool:
    return tool.family in ticket.requires and (tool.certificate is None or tool.certificate in ticket.requires)


def _load(random: Random, engineer: Engineer) -> dict[str, int]:
    """Load a van with parts of the families that its engineer knows."""
    return {
        part.id: random.randint(1, 1 if part.scarce else 3)
        for part in PARTS
        if part.family in engineer.skills and _chance(random, part.carried)
    }


def _open_depots(request: Request, days: int) -> tuple[Depot, ...]:
    """Give the request's depots, or make them."""
    if request.depots:
        return request.depots
    return tuple(
        Depot(
            point.id,
            f"D-{point.id}",
            tuple((_at(day, first), _at(day, last)) for day in range(days) for first, last in point.open),
            point.handling_s,
        )
        for point in DEPOTS
    )


def _with_places(request: Request, depots: tuple[Depot, ...]) -> Request:
    """List the places of depots that are not listed yet."""
    points: Mapping[str, StockPoint] = {point.id: point for point in DEPOTS}
    known = {place.id for place in request.locations}
    new = [
        Location(depot.location, points[depot.id].lat_deg, points[depot.id].lon_deg)
        for depot in depots
        if depot.location not in known
    ]
    return replace(request, locations=(*request.locations, *new))


def _stock(random: Random, depots: tuple[Depot, ...], asked: Mapping[str, int], days: int) -> tuple[Depot, ...]:
    """Stock both depots: enough of the most, half of what is asked for of the scarce, whose rest is on its way."""
    stocked = []
    for row, depot in enumerate(depots):
        stock: dict[str, int] = {}
        inbound: list[Inbound] = []
        for part in PARTS:
            wanted = asked.get(part.id, 0)
            if part.scarce:
                share = math.ceil(wanted / 4) if (len(inbound) + row) % 2 else wanted // 4
                stock[part.id] = share
                inbound.append(
                    Inbound(
                        part.id, max(1, math.ceil(wanted / 5)), _draw_delivery(random, days, today=len(inbound) < 2)
                    )
                )
            elif random.random() < 0.9:
                stock[part.id] = 1 + wanted // 2
        usual = random.choice([part for part in PARTS if not part.scarce])
        inbound.append(Inbound(usual.id, random.randint(2, 5), _draw_delivery(random, days, today=False)))
        stocked.append(replace(depot, stock=stock, inbound=tuple(inbound)))
    return tuple(stocked)


def _draw_delivery(random: Random, days: int, *, today: bool) -> datetime:
    at = _at(0 if today else random.randrange(days), random.choice(DELIVERIES))
    assert at > NOW  # noqa: S101 - deliveries come during the day
    return at
