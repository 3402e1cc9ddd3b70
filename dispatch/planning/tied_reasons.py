"""Why tickets are left out where visits are tied together: those before them, parts, tools, crews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from dispatch.format.model import Gap, Reason, Request, Skipped, Ticket
from dispatch.planning.lower import Lowered
from dispatch.planning.reasons import Clock, explain
from dispatch.rulebook.line import Language, Sentence
from solver.arrays import Arrays
from solver.places import Places
from solver.problem import Held

AFTER = Sentence("tied.after", zh="须在 {other} 之后，而 {other} 未排", en="comes after {other}, which is left out")
PART = Sentence(
    "tied.part",
    zh="备件 {part} 及其替代件全部车辆和备件库共有 {has} 件，需要 {need} 件",
    en="needs {need} of part {part}; with its substitutes all vans and depots have {has}",
)
PART_TAKEN = Sentence(
    "tied.part_taken",
    zh="备件 {part} 及其替代件除已用外只剩 {has} 件，需要 {need} 件",
    en="needs {need} of part {part}; with its substitutes only {has} are not used elsewhere",
)
TOOL = Sentence(
    "tied.tool",
    zh="没有工程师拥有工具 {tool}，备件库也不出借",
    en="no engineer owns the tool {tool} and no depot lends it",
)
CREW = Sentence(
    "tied.crew",
    zh="需要 {need} 名工程师同时开始，可派的只有 {has} 名",
    en="needs {need} engineers at once; only {has} may come",
)
CREW_APART = Sentence(
    "tied.crew_apart",
    zh="需要 {need} 名工程师同时开始，本次未找到共同的时间",
    en="needs {need} engineers at once; no common time was found",
)
NOT_FOUND = Sentence(
    "tied.not_found", zh="本次未找到比不排更省的位置", en="no place cheaper than leaving it out was found"
)


def explain_tied(
    lowered: Lowered,
    routes: Sequence[Sequence[int]],
    held: Held | None,
    arrays: Arrays,
    clock: Clock,
    lang: Language = "zh",
) -> dict[int, Skipped]:
    """Return verdict and reasons of each ticket left out, by row.

    A ticket that no shift could take were it alone is told as everywhere (:func:`dispatch.planning.reasons.explain`); of
    the others the first thing that ties them: who comes before, parts, tools, the crew.
    """
    request = lowered.request
    served = {job for jobs in routes for job in jobs}
    left = [job for job in range(len(request.tickets)) if job not in served]
    if not left:
        return {}
    alone = Places(lowered.problem, [()] * lowered.problem.n_tours, arrays)
    impossible = [job for job in left if not alone.tours_alone(job).any()]
    told = explain(lowered, alone, clock, lang) if impossible else {}
    told = {job: told[job] for job in impossible}
    used = _used(lowered, held)
    skipped = {request.tickets[job].id for job in left}
    for job in left:
        if job not in told:
            verdict, reason = _tie(request, request.tickets[job], skipped, used, lang)
            told[job] = Skipped(request.tickets[job].id, verdict, (reason,))
    return told


def _used(lowered: Lowered, held: Held | None) -> Counter[str]:
    """Count what the plan uses of each part."""
    parts, _ = lowered.items
    used: Counter[str] = Counter()
    for _, item, quantity, _ in held.parts if held is not None else ():
        used[parts[item]] += quantity
    return used


def _tie(request: Request, ticket: Ticket, skipped: set[str], used: Counter[str], lang: Language) -> tuple[str, Reason]:
    """Return verdict and reason of a ticket that a shift could take were it alone."""
    return (
        _lacking_part(request, ticket, used, lang)
        or _lacking_tool(request, ticket, lang)
        or _lacking_crew(request, ticket, lang)
        or _behind(ticket, skipped, lang)
        or _lost(ticket, lang)
    )


def _lacking_part(request: Request, ticket: Ticket, used: Counter[str], lang: Language) -> tuple[str, Reason] | None:
    """Tell the first part of which there is not enough, at all or beside what the plan uses elsewhere."""
    stock: Counter[str] = Counter()
    for engineer in request.engineers:
        stock.update(engineer.van)
    for depot in request.depots:
        stock.update(depot.stock)
        for inbound in depot.inbound:
            stock[inbound.part] += inbound.qty
    nothing: Counter[str] = Counter()
    for part, need in ticket.parts.items():
        known = request.parts.get(part)
        options = {part, *(known.substitutes if known else ())}
        for verdict, sentence, gone in (("impossible", PART, nothing), ("displaced", PART_TAKEN, used)):
            has = sum(max(0, stock[one] - gone[one]) for one in options)
            if has < need:
                text = sentence.say(lang, {"part": part, "need": need, "has": has})
                return verdict, Reason("part", text, gap=Gap(Decimal(need - has), "qty"))
    return None


def _lacking_tool(request: Request, ticket: Ticket, lang: Language) -> tuple[str, Reason] | None:
    """Tell the first tool that nobody has and no depot lends."""
    for tool in ticket.tools:
        owned = any(tool in engineer.tools for engineer in request.engineers)
        if not owned and not any(depot.tools.get(tool) for depot in request.depots):
            return "impossible", Reason("tool", TOOL.say(lang, {"tool": tool}))
    return None


def _lacking_crew(request: Request, ticket: Ticket, lang: Language) -> tuple[str, Reason] | None:
    """Tell that fewer engineers may come than the crew needs."""
    banned = {pair.engineer for pair in ticket.pairs if pair.forbid} | set(ticket.never)
    ids = [engineer.id for engineer in request.engineers if engineer.id not in banned]
    has = sum(ticket.only is None or engineer in ticket.only for engineer in ids)
    if has >= ticket.crew:
        return None
    text = CREW.say(lang, {"need": ticket.crew, "has": has})
    return "impossible", Reason("crew", text, gap=Gap(Decimal(ticket.crew - has), "qty"))


def _behind(ticket: Ticket, skipped: set[str], lang: Language) -> tuple[str, Reason] | None:
    """Tell the first ticket before this one that is left out."""
    for before in ticket.after:
        if before.ticket in skipped:
            return "not_found", Reason("after", AFTER.say(lang, {"other": before.ticket}))
    return None


def _lost(ticket: Ticket, lang: Language) -> tuple[str, Reason]:
    """Tell that nothing was found."""
    if ticket.crew > 1:
        return "not_found", Reason("crew", CREW_APART.say(lang, {"need": ticket.crew}))
    return "not_found", Reason("not_found", NOT_FOUND.say(lang, {}))
