"""What the plan in force binds: visits on the way, pins, frozen visits, the list of broken pins, and the budget."""

from __future__ import annotations

from dispatch.format.model import Plan
from dispatch.judge.alone import Alone
from dispatch.judge.findings import Findings
from dispatch.judge.keeping import Case, could_be_kept, earliest_s
from dispatch.judge.previous import Earlier, Earliers
from dispatch.judge.routes import Resolved
from dispatch.judge.world import World, seconds

CHANGED_START_S = 1800
"""A start counts as changed when it moves by more than this."""
TIMELESS = {"skill", "only_never", "pair"}
"""Clauses that an engineer breaks at a ticket whenever he comes."""


def check_replanning(
    world: World, plan: Plan, resolved: Resolved, earliers: Earliers, alone: Alone, findings: Findings
) -> None:
    """Judge ``travelling``, ``pin``, ``freeze``, ``broken_pins`` and ``change_budget``.

    This clause comes last: whether a listing in ``broken_pins`` was needed depends on what it has excused.
    """
    case = Case(world, plan, resolved, earliers, alone, findings)
    listed = {pin.ticket for pin in plan.broken_pins}
    excusably_skipped = {
        skip.ticket for skip in plan.skipped if any(reason.code == "pinned" for reason in skip.reasons)
    }
    skipped = {skip.ticket for skip in plan.skipped}
    for earlier in earliers.rows:
        ticket = earlier.ticket.id
        if earlier.gone:
            if earlier.row.pin != "none" and ticket not in listed:
                findings.add(
                    "broken_pins",
                    "broken_pins",
                    f"Ticket {ticket} was pinned to {earlier.row.engineer} in shift {earlier.row.shift}, who is gone: "
                    "it has to be listed.",
                )
        elif not case.visits(earlier):
            may_skip = ticket in excusably_skipped and alone.is_out_of_reach(earliers.by_ticket[ticket])
            if ticket in skipped and not may_skip and (earlier.held or earlier.travelling):
                code = _code(earlier, start=False)
                findings.add(code, "skipped", f"Ticket {ticket} is skipped though {_why(earlier)}.")
        else:
            if earlier.travelling:
                _check_travelling(case, earlier)
            if earlier.held and ticket not in listed:
                _check_held(case, earlier)
    _check_listings(case)
    _check_budget(case, skipped)


def _code(earlier: Earlier, *, start: bool) -> str:
    """Name the clause that keeps an earlier visit's start, or its engineer."""
    if earlier.travelling and not earlier.held:
        return "travelling"
    by_person = earlier.row.pin == "start" or (earlier.row.pin == "engineer" and not (start and earlier.frozen))
    return "pin" if by_person else "freeze"


def _why(earlier: Earlier) -> str:
    who = earlier.row.engineer
    if earlier.travelling:
        return f"{who} is on the way to it"
    return f"it is pinned to {who}" if earlier.row.pin != "none" else f"its visit by {who} is frozen"


def _check_travelling(case: Case, earlier: Earlier) -> None:
    visit = case.own_visit(earlier)
    ticket = earlier.ticket.id
    if visit is None:
        other = case.visits(earlier)[0]
        case.findings.add(
            "travelling",
            other.stop.path,
            f"{earlier.row.engineer} is on the way to ticket {ticket}; {other.route.engineer.id} cannot take it over.",
        )
    elif visit.route.shift.id != earlier.row.shift or visit.route.stops[1] is not visit.stop:
        case.findings.add(
            "travelling",
            visit.stop.path,
            f"{earlier.row.engineer} is on the way to ticket {ticket}: it comes first in the rest of shift "
            f"{earlier.row.shift}.",
        )


def _check_held(case: Case, earlier: Earlier) -> None:
    """Judge a held visit that is not listed: it is where it was."""
    visit = case.own_visit(earlier)
    ticket = earlier.ticket.id
    if visit is None:
        other = case.visits(earlier)[0]
        case.findings.add(
            _code(earlier, start=False),
            other.stop.path,
            f"Ticket {ticket} is served by {other.route.engineer.id} though {_why(earlier)}.",
        )
    elif earlier.start_held and visit.stop.begin_s != earlier.start_s:
        forced = visit.stop.begin_s > earlier.start_s and not case.alone.is_legal(case.earliers.by_ticket[ticket])
        code = "broken_pins" if forced else _code(earlier, start=True)
        tail = ", and is not listed in broken_pins" if forced else ""
        case.findings.add(
            code,
            f"{visit.stop.path}.begin",
            f"Ticket {ticket} begins at {case.world.clock(visit.stop.begin_s)}, not at "
            f"{case.world.clock(earlier.start_s)} where its start is held{tail}.",
        )
    else:
        broken = case.findings.unlisted.get(ticket, set())
        if broken & TIMELESS or (
            broken and earlier.start_held and not case.alone.is_legal(case.earliers.by_ticket[ticket])
        ):
            case.findings.add(
                "broken_pins",
                "broken_pins",
                f"The visit to ticket {ticket} cannot be kept legally, and is not listed in broken_pins.",
            )


def _check_listings(case: Case) -> None:
    """Judge every listing: of something held, once, which really could not be kept, and is as near as can be."""
    needless: set[str] = set()
    seen: set[str] = set()
    for index, listed in enumerate(case.plan.broken_pins):
        path, ticket = f"broken_pins[{index}]", listed.ticket
        rows = case.earliers.by_ticket.get(ticket, [])
        if ticket in seen:
            case.findings.add("broken_pins", path, f"Ticket {ticket} is listed twice; a visit is listed once.")
        elif not any(earlier.row.pin != "none" or earlier.frozen for earlier in rows):
            case.findings.add("broken_pins", path, f"Ticket {ticket} has no visit that is pinned or frozen.")
        elif not _check_broken(case, [earlier for earlier in rows if earlier.held], path):
            needless.add(ticket)
        seen.add(ticket)
    case.findings.revoke(needless)


def _check_broken(case: Case, held: list[Earlier], path: str) -> bool:
    """Judge a held visit that is listed, and tell whether its listing may excuse anything.

    It has the same engineer, could not be kept, and begins at its start or the earliest after it.
    """
    if not held or not case.visits(held[0]) or not _has_its_engineers(case, held):
        return True
    ticket = held[0].ticket.id
    # A mate who is gone has to be listed, whatever becomes of the others.
    owed = any(earlier.gone for earlier in case.earliers.by_ticket[ticket])
    if not case.findings.excused(ticket) and all(_is_kept(case, earlier) for earlier in held):
        if not owed:
            text = f"The visit to ticket {ticket} is kept, and the listing sets nothing aside."
            case.findings.add("broken_pins", path, text)
        return True
    needless = could_be_kept(case, held)
    starts_held = any(earlier.start_held for earlier in held)
    if (starts_held or not needless) and not _is_as_early_as_can_be(case, held):
        return True
    if needless and not owed:
        case.findings.add("broken_pins", path, f"The visit to ticket {ticket} could have been kept.")
    return not needless


def _has_its_engineers(case: Case, held: list[Earlier]) -> bool:
    """Judge that a listed visit stays with all who are held."""
    lost = [earlier for earlier in held if case.own_visit(earlier) is None]
    for earlier in lost:
        other = case.visits(earlier)[0]
        case.findings.add(
            _code(earlier, start=False),
            other.stop.path,
            f"Ticket {earlier.ticket.id} is served by {other.route.engineer.id}; even where its pin is broken it stays "
            f"with {earlier.row.engineer}.",
        )
    return not lost


def _is_kept(case: Case, earlier: Earlier) -> bool:
    visit = case.own_visit(earlier)
    return visit is not None and (not earlier.start_held or visit.stop.begin_s == earlier.start_s)


def _is_as_early_as_can_be(case: Case, held: list[Earlier]) -> bool:
    """Judge that a broken pin begins at its start, or the earliest after it."""
    visit = case.visits(held[0])[0]
    firsts_s = [(earlier, earliest_s(case, held, earlier.start_s)) for earlier in held]
    late = [(each, first_s) for each, first_s in firsts_s if not each.start_s <= visit.stop.begin_s <= first_s]
    for earlier, first_s in late:
        case.findings.add(
            _code(earlier, start=True),
            f"{visit.stop.path}.begin",
            f"Ticket {earlier.ticket.id} begins at {case.world.clock(visit.stop.begin_s)}; where its pin is broken it "
            f"begins at {case.world.clock(earlier.start_s)}, or the earliest after it, {case.world.clock(first_s)}.",
        )
    return not late


def _check_budget(case: Case, skipped: set[str]) -> None:
    previous = case.world.request.previous
    if previous is None or previous.max_changes is None:
        return
    changed = [
        ticket
        for ticket, rows in case.earliers.by_ticket.items()
        if _is_changed(case, rows, skipped) and case.alone.is_legal(rows)
    ]
    if len(changed) > previous.max_changes:
        case.findings.add(
            "change_budget",
            "routes",
            f"{len(changed)} visits change ({', '.join(changed)}); at most {previous.max_changes} may.",
        )


def _is_changed(case: Case, rows: list[Earlier], skipped: set[str]) -> bool:
    """Tell whether a visit, or a crew as one visit, gets another engineer, day or start, or is skipped."""
    visits = case.visits(rows[0])
    if not visits:
        return rows[0].ticket.id in skipped
    if not {earlier.row.engineer for earlier in rows} & {visit.route.engineer.id for visit in visits}:
        return True
    begin_s, start_s = visits[0].stop.begin_s, rows[0].start_s
    if abs(begin_s - start_s) > CHANGED_START_S:
        return True
    old_shift = case.world.shifts.get((rows[0].row.engineer, rows[0].row.shift))
    days = case.world.local_day
    return (
        old_shift is not None
        and days(begin_s) != days(start_s)
        and days(seconds(visits[0].route.shift.start)) != days(seconds(old_shift.start))
    )
