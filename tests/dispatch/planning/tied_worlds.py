"""Arbitrary tiny requests whose visits are tied: parts, tools, depots, deliveries, crews, order and the same engineer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from dispatch.format.model import After, Depot, Engineer, Inbound, Part, Request, Ticket
from tests.builders import MONDAY, PLACES
from tests.dispatch.planning.worlds import make_world

PARTS = ("pump", "fan")
TOOLS = ("ladder",)


def seeded(seed: int) -> Request:
    """Make the world of a seed: that of :mod:`tests.dispatch.planning.worlds`, tied."""
    random = Random(seed)  # noqa: S311 - no secret is drawn
    request = make_world(random)
    return replace(
        request,
        parts={"pump": Part(substitutes=("fan",))} if random.random() < 0.3 else {},
        depots=tuple(_depot(random, f"d{row}") for row in range(random.choice((0, 1, 1, 2)))),
        engineers=tuple(_equipped(random, engineer) for engineer in request.engineers),
        tickets=tuple(_tied(random, row, request) for row in range(min(4, len(request.tickets)))),
    )


def _depot(random: Random, depot_id: str) -> Depot:
    """Draw a stock point with a delivery, or without."""
    at = MONDAY + timedelta(hours=random.choice((9, 10, 12)), minutes=30)
    inbound = (Inbound(random.choice(PARTS), random.randint(1, 2), at),) if random.random() < 0.6 else ()
    return Depot(
        depot_id,
        random.choice(PLACES).id,
        ((MONDAY + timedelta(hours=7), MONDAY + timedelta(hours=random.choice((11, 18)))),),
        random.choice((0, 300)),
        {part: random.randint(0, 2) for part in PARTS if random.random() < 0.5},
        inbound,
        {tool: 1 for tool in TOOLS if random.random() < 0.5},
    )


def _equipped(random: Random, engineer: Engineer) -> Engineer:
    """Give an engineer parts and tools."""
    van = {part: random.randint(0, 2) for part in PARTS if random.random() < 0.4}
    tools = tuple(tool for tool in TOOLS if random.random() < 0.3)
    if random.random() < 0.7:
        engineer = replace(engineer, max_busy_s=None)
    return replace(engineer, van=van, tools=tools)


def _tied(random: Random, row: int, request: Request) -> Ticket:
    """Tie a ticket to stock, or to those before it in the list."""
    ticket = request.tickets[row]
    if random.random() < 0.7:  # so that ties, and not skills, decide
        ticket = replace(ticket, requires={}, only=None, never=(), pairs=(), windows=ticket.windows[:1], release=None)
    kind = random.choice(("none", "parts", "parts", "tools", "both", "crew", "after", "same"))
    if kind in {"parts", "both"}:
        ticket = replace(ticket, parts={part: random.randint(1, 2) for part in random.sample(PARTS, 1)})
    if kind in {"tools", "both"}:
        ticket = replace(ticket, tools=TOOLS)
    if kind == "crew":
        ticket = replace(ticket, crew=2)
    if row and kind == "after":
        ticket = replace(ticket, after=(After(f"t{random.randrange(row)}", random.choice((0, 900))),))
    if row and kind == "same":
        ticket = replace(ticket, same_engineer_as=f"t{random.randrange(row)}")
    return ticket
