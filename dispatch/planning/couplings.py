"""What ties visits of a request together, numbered for the search: crews, order, the same engineer, parts, tools and depots.

The search knows jobs only. A crew of three is one ticket and two *helpers*, a stop at a depot is a *pick-up* that one shift may make:
both are rows behind those of the tickets, in a request that is widened by stand-ins for them, so that every rule
speaks about them as about any ticket (windows of a depot's hours, bans of a helper, shift hours of both).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from dispatch.format.model import Depot, Request, Ticket
from dispatch.planning.brought import NOTHING, Brought
from dispatch.rulebook.lowering import Tour, flatten, helper_id, levels_of
from dispatch.rulebook.visits import whole_s
from solver.problem import I64, Couplings

PICKUPS_PER_DEPOT = 2
"""So often a shift may stop at one depot."""

DEPOTS_MAX = 4
"""So many depots, the nearest to where it begins, each shift may stop at."""


@dataclass(frozen=True, slots=True)
class Extra:
    """A row of jobs behind the tickets: a helper of ticket ``ticket``, or a pick-up at ``depot`` of tour ``tour``."""

    ticket: int | None = None
    depot: int | None = None
    tour: int | None = None


@dataclass(frozen=True, slots=True)
class Widened:
    """A request with stand-ins for helpers and pick-ups behind its tickets.

    Parameters
    ----------
    request
        Its tickets are those of the request, then one for each of ``extras``.
    extras
        What the rows behind the tickets are: helpers by ticket, then pick-ups by tour.
    """

    request: Request
    extras: tuple[Extra, ...]


def is_coupled(request: Request) -> bool:
    """Tell whether anything in a request ties visits together."""
    return any(
        ticket.parts or ticket.tools or ticket.crew > 1 or ticket.after or ticket.same_engineer_as is not None
        for ticket in request.tickets
    )


def widen(request: Request, tours: Sequence[Tour]) -> Widened:
    """Put stand-ins for helpers and pick-ups behind a request's tickets."""
    extras: list[Extra] = []
    rows: list[Ticket] = []
    for row, ticket in enumerate(request.tickets):
        for member in range(1, ticket.crew):
            extras.append(Extra(ticket=row))
            rows.append(_helper(ticket, member))
    if any(ticket.parts or ticket.tools for ticket in request.tickets):
        useful = [row for row, depot in enumerate(request.depots) if depot.open]
        for tour_row, tour in enumerate(tours):
            for depot_row in _nearest(request, tour, useful):
                for turn in range(PICKUPS_PER_DEPOT):
                    extras.append(Extra(depot=depot_row, tour=tour_row))
                    rows.append(_pickup(request.depots[depot_row], tour_row, turn))
    return Widened(replace(request, tickets=(*request.tickets, *rows)), tuple(extras))


def _helper(ticket: Ticket, member: int) -> Ticket:
    """Stand in for one more engineer of a crew: bans, pairs and hours bind him, skills and deadlines bind the lead."""
    return replace(
        ticket,
        id=helper_id(ticket.id, member),
        requires={},
        skip_cost=Decimal(0),
        prefer=(),
        arrive=None,
        resolve=None,
        parts={},
        tools=(),
        crew=1,
        after=(),
        same_engineer_as=None,
    )


def _pickup(depot: Depot, tour: int, turn: int) -> Ticket:
    """Stand in for a stop of a shift at a depot."""
    return Ticket(
        id=f"{depot.id}\n{tour}\n{turn}",
        location=depot.location,
        duration_s=depot.handling_s,
        requires={},
        skip_cost=Decimal(0),
        windows=depot.open,
    )


def _nearest(request: Request, tour: Tour, depots: Sequence[int]) -> list[int]:
    """List the depots nearest to where a shift begins, in the order of the request."""
    if len(depots) <= DEPOTS_MAX:
        return list(depots)
    places = {location.id: location for location in request.locations}
    start = places[tour.shift.start_location]

    def far(row: int) -> float:
        place = places[request.depots[row].location]
        return float((place.lat - start.lat) ** 2 + (place.lon - start.lon) ** 2)

    return sorted(sorted(depots, key=far)[:DEPOTS_MAX])


def number_couplings(
    request: Request, tours: Sequence[Tour], extras: Sequence[Extra], brought: Brought = NOTHING
) -> Couplings:
    """Give numbers to what ties the visits of a request together; what others than leads bring is needed no more."""
    tickets, engineers = request.tickets, request.engineers
    ticket_row = {ticket.id: row for row, ticket in enumerate(tickets)}
    helpers: list[list[int]] = [[] for _ in tickets]
    pickups: list[list[int]] = [[] for _ in tours]
    for at, extra in enumerate(extras):
        if extra.ticket is not None:
            helpers[extra.ticket].append(len(tickets) + at)
        elif extra.tour is not None and extra.depot is not None:
            pickups[extra.tour].append(extra.depot)
    first_pickup = len(tickets) + sum(map(len, helpers))
    crew_first, crew_job = flatten(helpers)
    crews = [row for row, ticket in enumerate(tickets) if ticket.crew > 1]
    crew_row = np.full(len(tickets), -1, np.int64)
    crew_row[crews] = np.arange(len(crews))
    levels = levels_of(engineers)
    capable = np.ones((len(crews), len(engineers)), np.int64)
    for at, row in enumerate(crews):
        for skill, level in tickets[row].requires.items():
            capable[at] &= levels.get(skill, np.zeros(len(engineers), np.int64)) >= level
    after_first, after = flatten(
        [
            [(ticket_row[one.ticket], one.gap_s) for one in ticket.after if one.ticket in ticket_row]
            for ticket in tickets
        ]
    )
    needs = [
        [
            (part, rest)
            for part, quantity in ticket.parts.items()
            if (rest := quantity - brought.quantity(row, part)) > 0
        ]
        for row, ticket in enumerate(tickets)
    ]
    options = _options(request)
    parts, tools = list_items(request)
    part_row = {part: row for row, part in enumerate(parts)}
    tool_row = {tool: row for row, tool in enumerate(tools)}
    need_first, need = flatten([[(part_row[part], quantity) for part, quantity in own] for own in needs])
    tool_first, tool = flatten(
        [
            [tool_row[one] for one in dict.fromkeys(brought.lead_tools(row, ticket))]
            for row, ticket in enumerate(tickets)
        ]
    )
    van = np.array([[one.van.get(part, 0) for part in parts] for one in engineers], np.int64)
    for _, _, engineer, _, part, quantity in brought.parts:
        van[engineer, part_row[part]] -= quantity
    option_first, option_part = flatten([[part_row[other] for other in options.get(part, (part,))] for part in parts])
    days = [tour.shift.start.astimezone(request.now.tzinfo).date().toordinal() for tour in tours]
    lot_first, lots = flatten(_list_lots(request, parts, tools, sorted(set(days))))
    pickup_first, pickup_depot = flatten(pickups)
    return Couplings(
        n_tickets=len(tickets),
        crew_first=crew_first,
        crew_job=_column(crew_job),
        crew_row=crew_row,
        capable=capable,
        after_first=after_first,
        after_job=_column([row for row, _ in after]),
        after_gap_s=_column([gap for _, gap in after]),
        group=_groups(tickets, ticket_row),
        need_first=need_first,
        need_part=_column([row for row, _ in need]),
        need_quantity=_column([quantity for _, quantity in need]),
        tool_first=tool_first,
        tool=_column(tool),
        option_first=option_first,
        option_part=_column(option_part),
        van=van.reshape(len(engineers), len(parts)),
        own_tool=np.array([[one in _at_hand(request, tour) for one in tools] for tour in tours], np.int64).reshape(
            len(tours), len(tools)
        ),
        lot_first=lot_first,
        lot_at_s=_column([at for at, _, _ in lots]),
        lot_quantity=_column([quantity for _, quantity, _ in lots]),
        lot_day=_column([day for _, _, day in lots]),
        tour_day=_column(days),
        first_pickup=first_pickup,
        pickup_first=pickup_first,
        pickup_depot=_column(pickup_depot),
    )


def list_items(request: Request) -> tuple[list[str], list[str]]:
    """List the parts that tickets need, or that serve in their place, and the tools that tickets need."""
    options = _options(request)
    parts = list(dict.fromkeys([*options, *(other for own in options.values() for other in own)]))
    return parts, list(dict.fromkeys(tool for ticket in request.tickets for tool in ticket.tools))


def _options(request: Request) -> dict[str, tuple[str, ...]]:
    """Return for each part that a ticket needs what serves in its place, itself first."""
    options: dict[str, tuple[str, ...]] = {}
    for ticket in request.tickets:
        for part, quantity in ticket.parts.items():
            if quantity > 0 and part not in options:
                known = request.parts.get(part)
                others = known.substitutes if known else ()
                options[part] = tuple(dict.fromkeys((part, *others)))
    return options


def _at_hand(request: Request, tour: Tour) -> set[str]:
    """Return the tools that an engineer has from the start of a shift, or of its rest: his own, and lent ones in hand."""
    return {*request.engineers[tour.engineer_row].tools, *(tour.where.tools if tour.where is not None else ())}


def _column(values: Sequence[int]) -> I64:
    return np.array(values, np.int64)


def _list_lots(
    request: Request, parts: Sequence[str], tools: Sequence[str], days: Sequence[int]
) -> list[list[tuple[int, int, int]]]:
    """List (from, quantity, day or −1) of what each depot has of each item, by moment."""
    cells: list[list[tuple[int, int, int]]] = []
    for depot in request.depots:
        for part in parts:
            own = [(0, depot.stock.get(part, 0), -1)]
            own += [(whole_s(request.now, one.at), one.qty, -1) for one in depot.inbound if one.part == part]
            cells.append(sorted(lot for lot in own if lot[1] > 0))
        for tool in tools:
            has = depot.tools.get(tool, 0)
            cells.append([(0, has, day) for day in days] if has else [])
    return cells


def _groups(tickets: Sequence[Ticket], ticket_row: dict[str, int]) -> I64:
    """Return for each ticket its group of those with the same lead, −1 for none."""
    head = list(range(len(tickets)))

    def root(row: int) -> int:
        while head[row] != row:
            row = head[row]
        return row

    for row, ticket in enumerate(tickets):
        other = ticket_row.get(ticket.same_engineer_as or "")
        if other is not None:
            head[root(row)] = root(other)
    roots = [root(row) for row in range(len(tickets))]
    size: dict[int, int] = {}
    for one in roots:
        size[one] = size.get(one, 0) + 1
    numbers: dict[int, int] = {}
    group = [numbers.setdefault(one, len(numbers)) if size[one] > 1 else -1 for one in roots]
    return _column(group)
