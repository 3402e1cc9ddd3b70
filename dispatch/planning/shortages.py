"""What a ticket lacks where visits are tied: parts, tools, engineers for its crew, the ticket before it, the same engineer.

Of stock it is told how much is missing in an engineer's van, and from when on a depot has it. Asked of an empty plan all stock is there;
beside a plan, what it does not use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dispatch.format.model import Gap, Reason
from dispatch.planning.lower import Lowered
from dispatch.rulebook.line import Language, Sentence
from solver.places import Places
from solver.problem import Couplings
from solver.tied_ask import TiedPlaces

CLOCK: Final = "%m-%d %H:%M"
FROM_VAN: Final = -1

PART: Final = Sentence(
    "tied.part",
    zh="备件 {part} 及其替代件全部车辆和备件库共有 {has} 件，需要 {need} 件",
    en="needs {need} of part {part}; with its substitutes all vans and depots have {has}",
)
TOOL: Final = Sentence(
    "tied.tool",
    zh="没有工程师拥有工具 {tool}，备件库也不出借",
    en="no engineer owns the tool {tool} and no depot lends it",
)
CREW: Final = Sentence(
    "tied.crew",
    zh="需要 {need} 名工程师同时开始，可派的只有 {has} 名",
    en="needs {need} engineers at once; only {has} may come",
)
CREW_APART: Final = Sentence(
    "tied.crew_apart",
    zh="{engineer} 可领队，但没有共同的时间凑齐 {need} 名工程师",
    en="{engineer} could lead, but there is no common time for {need} engineers",
)
AFTER: Final = Sentence(
    "tied.after", zh="须在 {other} 之后，而 {other} 未排", en="comes after {other}, which is left out"
)
AFTER_LATE: Final = Sentence(
    "tied.after_late",
    zh="须在 {other} 之后，{engineer} 来不及",
    en="comes after {other}, which leaves {engineer} no time",
)
SAME: Final = Sentence(
    "tied.same",
    zh="须与 {other} 同一工程师，而 {other} 由 {who} 上门",
    en="needs the same engineer as {other}, whom {who} visits",
)
PART_NONE: Final = Sentence(
    "short.part_none",
    zh="{engineer} 车上缺备件 {part} {gap} 件，备件库也没有可用的",
    en="{engineer}'s van is {gap} short of part {part}, and no depot has it to spare",
)
PART_AT: Final = Sentence(
    "short.part_at",
    zh="{engineer} 车上缺备件 {part} {gap} 件，最早 {at} 到货（{depot}），取件后排不进",
    en="{engineer}'s van is {gap} short of part {part}; the earliest delivery is at {at} ({depot}), and fetching it leaves no place",
)
PART_FETCH: Final = Sentence(
    "short.part_fetch",
    zh="{engineer} 车上缺备件 {part} {gap} 件，去 {depot} 取件后排不进",
    en="{engineer}'s van is {gap} short of part {part}; fetching it at {depot} leaves no place",
)
TOOL_NONE: Final = Sentence(
    "short.tool_none",
    zh="{engineer} 没有工具 {tool}，当天备件库也无可借",
    en="{engineer} has no {tool}, and no depot has one to lend on that day",
)
TOOL_FETCH: Final = Sentence(
    "short.tool_fetch",
    zh="{engineer} 没有工具 {tool}，去 {depot} 借取后排不进",
    en="{engineer} has no {tool}; borrowing it at {depot} leaves no place",
)


@dataclass(frozen=True, slots=True)
class Lack:
    """What one engineer has not, in one shift.

    Parameters
    ----------
    kind, name
        ``part`` or ``tool``, and which.
    quantity
        So many are missing, substitutes counted.
    depot, at_s
        Who has them first, and from when on, seconds from now (0: now); None: nobody.
    """

    kind: str
    name: str
    quantity: int
    depot: str | None
    at_s: int

    def say(self, lowered: Lowered, tour: int, lang: Language) -> Reason:
        """Return the reason."""
        params: dict[str, object] = {
            "engineer": lowered.engineer(tour).id,
            "part": self.name,
            "tool": self.name,
            "gap": self.quantity,
            "depot": self.depot,
            "at": lowered.moment(self.at_s).strftime(CLOCK),
        }
        if self.kind == "tool":
            sentence = TOOL_NONE if self.depot is None else TOOL_FETCH
        elif self.depot is None:
            sentence = PART_NONE
        else:
            sentence = PART_AT if self.at_s > 0 else PART_FETCH
        return Reason(
            self.kind, sentence.say(lang, params), lowered.engineer(tour).id, Gap(Decimal(self.quantity), "qty")
        )


def list_lacks(lowered: Lowered, places: Places, job: int, tour: int, *, beside: bool) -> list[Lack]:
    """Return what the engineer of a shift has not himself: parts, then tools; ``beside`` the plan, or in an empty one."""
    couplings = lowered.problem.couplings
    if couplings is None or not isinstance(places, TiedPlaces):
        return []
    van, lots = places.stock_left() if beside else (couplings.van, couplings.lot_quantity)
    worker = lowered.tours[tour].engineer_row
    left = van[worker].tolist()
    parts, tools = lowered.items
    lacks: list[Lack] = []
    for row in range(int(couplings.need_first[job]), int(couplings.need_first[job + 1])):
        part, rest = int(couplings.need_part[row]), int(couplings.need_quantity[row])
        options = couplings.option_part[int(couplings.option_first[part]) : int(couplings.option_first[part + 1])]
        for option in options.tolist():
            take = min(rest, left[option])
            left[option] -= take
            rest -= take
        if rest > 0:
            found = min(_depots(lowered, couplings, lots.tolist(), options.tolist(), rest, -1), default=None)
            lacks.append(Lack("part", parts[part], rest, *(found[1:] if found else (None, 0))))
    for row in range(int(couplings.tool_first[job]), int(couplings.tool_first[job + 1])):
        tool = int(couplings.tool[row])
        if couplings.own_tool[tour, tool] or (beside and places.is_lent(tour, tool)):
            continue
        day = int(couplings.tour_day[tour])
        items = [couplings.n_parts + tool]
        found = min(_depots(lowered, couplings, lots.tolist(), items, 1, day), default=None)
        lacks.append(Lack("tool", tools[tool], 1, *(found[1:] if found else (None, 0))))
    return lacks


def find_lack(lowered: Lowered, places: Places, job: int, tour: int) -> Lack | None:
    """Return the first thing that an engineer has not himself beside the plan, before others what no depot has; None: nothing."""
    lacks = list_lacks(lowered, places, job, tour, beside=True)
    return min(lacks, key=lambda lack: lack.depot is not None, default=None)


def _depots(
    lowered: Lowered, couplings: Couplings, lots: list[int], items: list[int], need: int, day: int
) -> Iterator[tuple[int, str, int]]:
    """Give (from when, depot, from when) of each depot that has so many of some items at last."""
    for row, depot in enumerate(lowered.request.depots):
        cells = [row * couplings.n_items + item for item in items]
        own = [
            lot for cell in cells for lot in range(int(couplings.lot_first[cell]), int(couplings.lot_first[cell + 1]))
        ]
        had = [
            (int(couplings.lot_at_s[lot]), lots[lot]) for lot in own if day < 0 or int(couplings.lot_day[lot]) == day
        ]
        total = 0
        for at_s, quantity in sorted(had):
            total += quantity
            if total >= need:
                yield max(0, at_s), depot.id, max(0, at_s)
                break


def may_need_two_stops(lowered: Lowered, job: int) -> bool:
    """Tell whether somebody could have to stop at two depots for a ticket: it needs several things, and there are several depots."""
    ticket = lowered.request.tickets[job]
    return len(ticket.parts) + len(ticket.tools) > 1 and len(lowered.request.depots) > 1


def needs_two_stops(lowered: Lowered, places: Places, job: int, tour: int) -> bool:
    """Tell whether all that an engineer lacks is at depots, but not all of it at one: the search plans one stop for a visit."""
    lacks = list_lacks(lowered, places, job, tour, beside=False)
    return len(lacks) > 1 and all(lack.depot is not None for lack in lacks) and len(lowered.request.depots) > 1


def lacking_at_all(lowered: Lowered, job: int, lang: Language) -> Reason | None:
    """Return the first thing that there is too little of in all, in an empty plan; None: there is enough."""
    request, ticket = lowered.request, lowered.request.tickets[job]
    for part, need in ticket.parts.items():
        known = request.parts.get(part)
        options = {part, *(known.substitutes if known else ())}
        has = sum(engineer.van.get(one, 0) for engineer in request.engineers for one in options)
        has += sum(depot.stock.get(one, 0) for depot in request.depots for one in options)
        has += sum(inbound.qty for depot in request.depots for inbound in depot.inbound if inbound.part in options)
        if has < need:
            text = PART.say(lang, {"part": part, "need": need, "has": has})
            return Reason("part", text, gap=Gap(Decimal(need - has), "qty"))
    for tool in ticket.tools:
        owned = any(tool in engineer.tools for engineer in request.engineers)
        lent = any(tour.where is not None and tool in tour.where.tools for tour in lowered.tours)
        if not owned and not lent and not any(depot.tools.get(tool) for depot in request.depots):
            return Reason("tool", TOOL.say(lang, {"tool": tool}), gap=Gap(Decimal(1), "qty"))
    banned = {pair.engineer for pair in ticket.pairs if pair.forbid} | set(ticket.never)
    allowed = (one.id for one in request.engineers if one.shifts and one.id not in banned)
    has = sum(ticket.only is None or one in ticket.only for one in allowed)
    if ticket.crew > max(1, has):
        text = CREW.say(lang, {"need": ticket.crew, "has": has})
        return Reason("crew", text, gap=Gap(Decimal(ticket.crew - has), "qty"))
    return None


def find_before(lowered: Lowered, places: Places, job: int) -> int | None:
    """Return the first ticket that a ticket comes after and that is left out."""
    rows = {ticket.id: row for row, ticket in enumerate(lowered.request.tickets)}
    served = {one for jobs in places.routes for one in jobs}
    for one in lowered.request.tickets[job].after:
        row = rows.get(one.ticket)
        if row is not None and row not in served:
            return row
    return None


def tied_reason(
    lowered: Lowered, places: Places, job: int, tour: int, lang: Language, *, beside: bool
) -> Reason | None:
    """Return what ties keep an engineer from a ticket in a shift, whose time alone would allow it; None: none that is known."""
    ticket, engineer = lowered.request.tickets[job], lowered.engineer(tour).id
    rows = {one.id: row for row, one in enumerate(lowered.request.tickets)}
    tour_of = {one: row for row, jobs in enumerate(places.routes) for one in jobs}
    if beside and isinstance(places, TiedPlaces):
        for other in places.group_of(job):
            who = lowered.engineer(tour_of[other]).id if other in tour_of else engineer
            if who != engineer:
                params = {"other": lowered.request.tickets[other].id, "who": who}
                return Reason("same_engineer", SAME.say(lang, params), engineer)
    lacks = list_lacks(lowered, places, job, tour, beside=beside)
    if lacks:
        return min(lacks, key=lambda lack: lack.depot is not None).say(lowered, tour, lang)
    if ticket.crew > 1:
        return Reason("crew", CREW_APART.say(lang, {"engineer": engineer, "need": ticket.crew}), engineer)
    before = next((one.ticket for one in ticket.after if one.ticket in rows), None)
    if before is not None:
        return Reason("after", AFTER_LATE.say(lang, {"other": before, "engineer": engineer}), engineer)
    return None
