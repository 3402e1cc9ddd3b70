"""Parts and tools: what a visit uses up, what a van holds, and what a depot has, opens for and lends."""

from __future__ import annotations

from collections import Counter

from dispatch.format.model import Ticket
from dispatch.judge.findings import Findings
from dispatch.judge.matching import covered
from dispatch.judge.previous import Earliers
from dispatch.judge.routes import Resolved, ResolvedRoute, Visit
from dispatch.judge.world import World, seconds


def check_stock(world: World, resolved: Resolved, earliers: Earliers, findings: Findings) -> None:
    """Judge ``part``, ``tool``, ``van_stock``, ``depot_stock``, ``depot_open`` and ``tool_lent``."""
    in_hand = _tools_in_hand(world, resolved.routes)
    for ticket_id, visits in resolved.visits.items():
        ticket = world.tickets[ticket_id]
        _check_parts(world, ticket, visits, earliers, findings)
        _check_tools(ticket, visits, in_hand, earliers, findings)
    _check_vans(world, resolved.routes, findings)
    _check_depot_hours(world, resolved.routes, findings)
    _check_depot_stock(world, resolved.routes, findings)
    _check_lending(world, resolved.routes, findings)


def _check_parts(world: World, ticket: Ticket, visits: list[Visit], earliers: Earliers, findings: Findings) -> None:
    used: Counter[str] = Counter()
    for visit in visits:
        used.update({part: quantity for part, quantity in visit.stop.stop.parts.items() if quantity > 0})
    need = Counter({part: quantity for part, quantity in ticket.parts.items() if quantity > 0})
    if used == need:
        return
    path = f"{visits[0].stop.path}.parts"
    fitting = covered(need, used, world.substitutes)
    if fitting < need.total():
        findings.add_unless(
            earliers.leniency(ticket),
            "part",
            path,
            f"Ticket {ticket.id} needs {need.total()} pieces of {_listing(need)}; what is used covers {fitting}.",
        )
    if fitting < used.total():
        findings.add(
            "part",
            path,
            f"At ticket {ticket.id} are used {used.total()} pieces of {_listing(used)}; it can use {fitting} of them.",
        )


def _listing(parts: Counter[str]) -> str:
    return ", ".join(f"{quantity} {part}" for part, quantity in sorted(parts.items())) or "no part"


def _tools_in_hand(world: World, routes: list[ResolvedRoute]) -> dict[str, set[str]]:
    """Give the tools that an engineer has at each visit, by the visit's path; own, lent before now, lent on the way."""
    in_hand: dict[str, set[str]] = {}
    for route in routes:
        tools = world.tools_at_start(route.engineer, route.shift)
        for stop in route.stops:
            if stop.stop.kind == "pickup":
                tools.update(stop.stop.tools)
            in_hand[stop.path] = set(tools)
    return in_hand


def _check_tools(
    ticket: Ticket, visits: list[Visit], in_hand: dict[str, set[str]], earliers: Earliers, findings: Findings
) -> None:
    """Judge ``tool``: it may come with any of a crew, and whoever says that he uses one has it."""
    there = set().union(*(in_hand[visit.stop.path] for visit in visits))
    for tool in ticket.tools:
        if tool not in there:
            findings.add_unless(
                earliers.leniency(ticket),
                "tool",
                f"{visits[0].stop.path}.tools",
                f"Ticket {ticket.id} needs the tool {tool}, which nobody there owns or was lent earlier in the shift.",
            )
    for visit in visits:
        for tool in sorted({*visit.stop.stop.tools} - in_hand[visit.stop.path]):
            if tool in there or tool not in ticket.tools:
                findings.add(
                    "tool",
                    f"{visit.stop.path}.tools",
                    f"{visit.route.engineer.id} uses the tool {tool}, which he neither owns nor was lent earlier in "
                    "the shift.",
                )


def _check_vans(world: World, routes: list[ResolvedRoute], findings: Findings) -> None:
    """Follow every van over all shifts, stop by stop: what is fetched later at the same moment is not there yet."""
    left: dict[tuple[str, str], int] = {}
    for route in sorted(routes, key=lambda route: (route.leave_s, route.reach_s)):
        engineer = route.engineer.id
        for stop in route.stops:
            sign = {"pickup": 1, "visit": -1}.get(stop.stop.kind, 0)
            for part, quantity in stop.stop.parts.items():
                before = left.get((engineer, part), world.engineers[engineer].van.get(part, 0))
                after = left[engineer, part] = before + sign * quantity
                if after < 0 <= before:
                    findings.add(
                        "van_stock",
                        f"{stop.path}.parts",
                        f"At {world.clock(stop.begin_s)} the van of {engineer} lacks {-after} of {part}.",
                    )


def _check_depot_hours(world: World, routes: list[ResolvedRoute], findings: Findings) -> None:
    for route in routes:
        for stop in route.stops:
            if stop.depot is None:
                continue
            if not any(seconds(from_) <= stop.begin_s <= seconds(to) for from_, to in stop.depot.open):
                findings.add(
                    "depot_open",
                    f"{stop.path}.begin",
                    f"The pick-up begins at {world.clock(stop.begin_s)}, while depot {stop.depot.id} is closed.",
                )


def _check_depot_stock(world: World, routes: list[ResolvedRoute], findings: Findings) -> None:
    taken: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for route in routes:
        for stop in route.stops:
            if stop.depot is not None:
                for part, quantity in stop.stop.parts.items():
                    taken.setdefault((stop.depot.id, part), []).append((stop.begin_s, quantity, stop.path))
    for (depot_id, part), pickups in taken.items():
        depot = world.depots[depot_id]
        arrivals = [(seconds(inbound.at), inbound.qty) for inbound in depot.inbound if inbound.part == part]
        gone = 0
        for moment_s, quantity, path in sorted(pickups):
            gone += quantity
            had = depot.stock.get(part, 0) + sum(come for at_s, come in arrivals if at_s <= moment_s)
            if gone > had:
                findings.add(
                    "depot_stock",
                    f"{path}.parts",
                    f"By {world.clock(moment_s)} {gone} of {part} have left depot {depot_id}, which has had {had}.",
                )
                break


def _check_lending(world: World, routes: list[ResolvedRoute], findings: Findings) -> None:
    """Count what each depot lends on each day, which is the local date of the shift's start."""
    lent: Counter[tuple[str, str, int]] = Counter()
    for route in routes:
        day = world.local_day(seconds(route.shift.start))
        for stop in route.stops:
            if stop.depot is None:
                continue
            for tool in stop.stop.tools:
                lent[stop.depot.id, tool, day] += 1
                has = stop.depot.tools.get(tool, 0)
                if lent[stop.depot.id, tool, day] == has + 1:
                    findings.add(
                        "tool_lent",
                        f"{stop.path}.tools",
                        f"Depot {stop.depot.id} lends more than its {has} of the tool {tool} in one day.",
                    )
