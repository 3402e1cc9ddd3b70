"""What ties forbid a ticket in a shift beside the visits planned, and what would allow it: parts, tools, order, the same engineer.

Entries are those of :mod:`dispatch.planning.clauses`, for requests whose visits are tied to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dispatch.format.model import Depot, Request
from dispatch.planning import clauses
from dispatch.planning.clauses import Clause, Option, Spot, with_engineer, with_ticket
from dispatch.planning.shortages import (
    CLOCK,
    PART_AT,
    PART_FETCH,
    PART_NONE,
    SAME,
    TOOL_FETCH,
    TOOL_NONE,
    Lack,
    list_lacks,
)
from dispatch.rulebook.line import Sentence
from solver.arrays import H_AFTER_GAP, H_GROUP, H_LOT_AT, H_OWN, H_VAN_START, P_PARTS, P_TOOLS, T_WORKER, at_tour
from solver.relax import Cells
from solver.tied_ask import TiedPlaces

DEPOTS_MOST: Final = 3
"""A part is put at so many depots, at most."""

AT_DEPOT: Final = Sentence(
    "way.part_depot",
    zh="{depot} 备足 {gap} 件备件 {part}（由 {engineer} 取件上门）",
    en="have {gap} more of part {part} at {depot} ({engineer} would fetch it and come)",
)
IN_VAN: Final = Sentence(
    "way.part_van",
    zh="{engineer} 车上多带 {gap} 件备件 {part}",
    en="have {gap} more of part {part} in {engineer}'s van",
)
SOONER: Final = Sentence(
    "way.part_sooner",
    zh="备件 {part} 提前 {gap}、于 {to} 到 {depot}（由 {engineer} 取件上门）",
    en="have part {part} delivered to {depot} {gap} sooner, at {to} ({engineer} would fetch it and come)",
)
OWN_TOOL: Final = Sentence("way.tool", zh="给 {engineer} 配工具 {tool}", en="give {engineer} the tool {tool}")
LENT_TOOL: Final = Sentence(
    "way.tool_depot",
    zh="{depot} 多备 1 件可借的 {tool}（由 {engineer} 借取上门）",
    en="have one more {tool} to lend at {depot} ({engineer} would borrow it and come)",
)
UNTIED: Final = Sentence(
    "way.same_engineer",
    zh="{ticket} 不必与 {other} 同一工程师（由 {engineer} 上门）",
    en="let {ticket} have another engineer than {other} ({engineer} would come)",
)
SHORTER: Final = Sentence(
    "way.after",
    zh="{ticket} 与 {other} 之间的间隔缩短 {gap}（由 {engineer} 上门）",
    en="let {ticket} follow {other} {gap} sooner ({engineer} would come)",
)
TIGHT_AFTER: Final = Sentence(
    "tight.after",
    zh="须在 {other} 之后，{engineer} 差 {gap}",
    en="comes after {other}: {engineer} is {gap} short",
)


def _lack(spot: Spot) -> Lack | None:
    """Return the one thing that the engineer has not himself; None: nothing, or more than one."""
    lacks = list_lacks(spot.lowered, spot.places, spot.job, spot.tour, beside=True)
    return lacks[0] if len(lacks) == 1 else None


def _obstacle(lack: Lack) -> Sentence:
    """Return what is said of something that is lacking."""
    if lack.kind == "tool":
        return TOOL_NONE if lack.depot is None else TOOL_FETCH
    if lack.depot is None:
        return PART_NONE
    return PART_AT if lack.at_s > 0 else PART_FETCH


def _params(spot: Spot, lack: Lack) -> dict[str, object]:
    """Return the names that are said of something that is lacking."""
    at = spot.lowered.moment(lack.at_s).strftime(CLOCK)
    return {"part": lack.name, "tool": lack.name, "depot": lack.depot, "at": at}


def _part(spot: Spot) -> Iterator[Option]:
    """Have the part that is missing: in the van, at a depot, or at a depot sooner."""
    lack = _lack(spot)
    if lack is None or lack.kind != "part":
        return
    d, request = spot.places.arrays.d, spot.lowered.request
    part = spot.lowered.items[0].index(lack.name)
    worker = int(d[at_tour(spot.places.arrays, spot.tour) + T_WORKER])
    van = int(d[H_VAN_START]) + worker * int(d[P_PARTS]) + part

    def loaded(by: int) -> Cells:
        return {van: int(d[van]) + by}

    def in_van(by: int) -> Request:
        stock = {**spot.engineer.van, lack.name: spot.engineer.van.get(lack.name, 0) + by}
        return with_engineer(request, replace(spot.engineer, van=stock))

    own = Option(
        "part",
        _obstacle(lack),
        IN_VAN,
        "qty",
        lack.quantity,
        loaded,
        in_van,
        least=lack.quantity,
        params=_params(spot, lack),
    )
    yield own
    if lack.depot is None or lack.at_s > 0:
        for depot in [one for one in request.depots if one.open][:DEPOTS_MOST]:
            at_depot = _stocked(request, depot, lack.name)
            params = {**own.params, "depot": depot.id}
            yield replace(own, way=AT_DEPOT, relax=at_depot, params=params)
    if lack.depot is not None and lack.at_s > 0:
        yield from _sooner(spot, lack)


def _stocked(request: Request, depot: Depot, part: str) -> Callable[[int], Request]:
    """Return how to put more of a part at a depot."""

    def relax(by: int) -> Request:
        more = replace(depot, stock={**depot.stock, part: depot.stock.get(part, 0) + by})
        return replace(request, depots=tuple(more if one.id == depot.id else one for one in request.depots))

    return relax


def _sooner(spot: Spot, lack: Lack) -> Iterator[Option]:
    """Have the delivery come sooner."""
    couplings, request = spot.lowered.problem.couplings, spot.lowered.request
    if couplings is None:
        return
    d = spot.places.arrays.d
    row = next(row for row, depot in enumerate(request.depots) if depot.id == lack.depot)
    cell = row * couplings.n_items + spot.lowered.items[0].index(lack.name)
    lots = range(int(couplings.lot_first[cell]), int(couplings.lot_first[cell + 1]))
    late = [lot for lot in lots if int(couplings.lot_at_s[lot]) == lack.at_s]
    if not late:
        return
    depot, at = request.depots[row], int(d[H_LOT_AT]) + late[0]
    moment = spot.lowered.moment(lack.at_s)

    def relax(by: int) -> Request:
        inbound = tuple(
            replace(one, at=one.at - timedelta(seconds=by)) if (one.part, one.at) == (lack.name, moment) else one
            for one in depot.inbound
        )
        other = replace(depot, inbound=inbound)
        return replace(request, depots=tuple(other if one.id == depot.id else one for one in request.depots))

    yield Option(
        "part",
        PART_AT,
        SOONER,
        "s",
        lack.at_s - 60,
        lambda by: {at: lack.at_s - by},
        relax,
        params=_params(spot, lack),
        tell=lambda by: {"to": spot.lowered.moment(lack.at_s - by).strftime(CLOCK)},
    )


def _tool(spot: Spot) -> Iterator[Option]:
    """Have the tool that is missing: the engineer's own, or one more to lend."""
    lack = _lack(spot)
    if lack is None or lack.kind != "tool":
        return
    d, request = spot.places.arrays.d, spot.lowered.request
    at = int(d[H_OWN]) + spot.tour * int(d[P_TOOLS]) + spot.lowered.items[1].index(lack.name)
    tools = (*spot.engineer.tools, lack.name)
    own = Option(
        "tool",
        _obstacle(lack),
        OWN_TOOL,
        "qty",
        1,
        lambda _: {at: 1},
        lambda _: with_engineer(request, replace(spot.engineer, tools=tools)),
        params=_params(spot, lack),
    )
    yield own
    if lack.depot is None:
        for depot in [one for one in request.depots if one.open][:DEPOTS_MOST]:
            more = replace(depot, tools={**depot.tools, lack.name: depot.tools.get(lack.name, 0) + 1})
            relaxed = replace(request, depots=tuple(more if one.id == depot.id else one for one in request.depots))
            yield replace(own, way=LENT_TOOL, relax=_always(relaxed), params={**own.params, "depot": depot.id})


def _always(request: Request) -> Callable[[int], Request]:
    """Return one request whatever the amount."""
    return lambda _: request


def _same(spot: Spot) -> Iterator[Option]:
    """Let the ticket have another engineer than the one whom it is tied to."""
    other = spot.ticket.same_engineer_as
    rows = {ticket.id: row for row, ticket in enumerate(spot.lowered.request.tickets)}
    tour_of = {job: tour for tour, jobs in enumerate(spot.places.routes) for job in jobs}
    if other is None or rows.get(other) not in tour_of:
        return
    at = int(spot.places.arrays.d[H_GROUP]) + spot.job
    yield Option(
        "same_engineer",
        SAME,
        UNTIED,
        None,
        1,
        lambda _: {at: -1},
        lambda _: with_ticket(spot.lowered.request, replace(spot.ticket, same_engineer_as=None)),
        params={"other": other, "who": spot.lowered.engineer(tour_of[rows[other]]).id},
    )


def _after(spot: Spot) -> Iterator[Option]:
    """Let the ticket follow sooner upon the one before it."""
    couplings, request = spot.lowered.problem.couplings, spot.lowered.request
    if couplings is None:
        return
    for row in range(int(couplings.after_first[spot.job]), int(couplings.after_first[spot.job + 1])):
        before, gap_s = request.tickets[int(couplings.after_job[row])].id, int(couplings.after_gap_s[row])
        at = int(spot.places.arrays.d[H_AFTER_GAP]) + row

        def relax(by: int, before: str = before) -> Request:
            after = tuple(
                replace(one, gap_s=max(0, one.gap_s - by)) if one.ticket == before else one for one in spot.ticket.after
            )
            return with_ticket(request, replace(spot.ticket, after=after))

        def cells(by: int, at: int = at, gap_s: int = gap_s) -> Cells:
            return {at: gap_s - by}

        yield Option("after", TIGHT_AFTER, SHORTER, "s", gap_s, cells, relax, params={"other": before})


TIES: Final[tuple[Clause, ...]] = (_part, _tool, _same, _after)
"""In the order in which they are told where equally little is missing."""


def list_options(spot: Spot) -> Iterator[Option]:
    """Give every option of a spot that has any room."""
    yield from clauses.list_options(spot)
    if isinstance(spot.places, TiedPlaces):
        for clause in TIES:
            for option in clause(spot):
                if option.most >= option.least:
                    yield option
