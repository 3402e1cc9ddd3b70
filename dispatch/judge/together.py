"""How tickets and routes hang together: served once, crews, order, the same engineer, and what the status says."""

from __future__ import annotations

from collections import Counter

from dispatch.format.model import Plan, Ticket
from dispatch.judge.findings import Findings, join
from dispatch.judge.fit import lead_of
from dispatch.judge.previous import NO_LENIENCY, Earliers
from dispatch.judge.routes import Resolved
from dispatch.judge.world import World, seconds


def check_together(world: World, plan: Plan, resolved: Resolved, earliers: Earliers, findings: Findings) -> None:
    """Judge ``served``, ``crew``, ``after``, ``same_engineer`` and ``status``."""
    skipped = Counter(skip.ticket for skip in plan.skipped)
    _check_skipped(world, plan, findings)
    for row, ticket in enumerate(world.request.tickets):
        _check_served(world, ticket, f"tickets[{row}]", resolved, skipped[ticket.id], findings)
        check_links(world, ticket, resolved, earliers, skipped, findings)
    _check_status(world, plan, resolved, skipped, findings)


def check_links(
    world: World,
    ticket: Ticket,
    resolved: Resolved,
    earliers: Earliers,
    skipped: Counter[str],
    findings: Findings,
) -> None:
    """Judge ``crew``, ``after`` and ``same_engineer`` of one ticket, as far as it is served."""
    _check_crew(ticket, resolved, findings)
    _check_after(world, ticket, resolved, earliers, skipped, findings)
    _check_same_engineer(world, ticket, resolved, earliers, findings)


def _check_skipped(world: World, plan: Plan, findings: Findings) -> None:
    seen: set[str] = set()
    for row, skip in enumerate(plan.skipped):
        path = f"skipped[{row}].ticket"
        if skip.ticket in world.finished:
            findings.add("served", path, f"Ticket {skip.ticket} is done or under way: it is not in the plan.")
        elif skip.ticket not in world.tickets:
            findings.add("structure", path, f"There is no ticket {skip.ticket!r}.")
        elif skip.ticket in seen:
            findings.add("served", path, f"Ticket {skip.ticket} is skipped twice.")
        seen.add(skip.ticket)


def _check_served(world: World, ticket: Ticket, path: str, resolved: Resolved, skips: int, findings: Findings) -> None:
    visits = resolved.visits.get(ticket.id, [])
    if ticket.id in world.finished:
        for visit in visits:
            findings.add("served", visit.stop.path, f"Ticket {ticket.id} is done or under way: it is not in the plan.")
    elif visits and skips:
        findings.add("served", visits[0].stop.path, f"Ticket {ticket.id} is both served and skipped.")
    elif not visits and not skips and ticket.id not in resolved.lost:
        findings.add("served", path, f"Ticket {ticket.id} is neither served nor skipped.")
    elif len(visits) > ticket.crew:
        findings.add(
            "served",
            visits[-1].stop.path,
            f"Ticket {ticket.id} is visited {len(visits)} times; it asks for {ticket.crew}.",
        )


def _check_crew(ticket: Ticket, resolved: Resolved, findings: Findings) -> None:
    visits = resolved.visits.get(ticket.id, [])
    if ticket.crew == 1 or not visits:
        return
    path = visits[0].stop.path
    if len(visits) < ticket.crew and ticket.id not in resolved.lost:
        findings.add(
            "crew", path, f"Ticket {ticket.id} needs a crew of {ticket.crew} engineers; {len(visits)} are there."
        )
    if len({visit.route.engineer.id for visit in visits}) < len(visits):
        findings.add("crew", path, f"One engineer is twice in the crew of ticket {ticket.id}.")
    if len({visit.stop.begin_s for visit in visits}) > 1:
        findings.add("crew", path, f"The crew of ticket {ticket.id} does not begin together.")


def _check_after(
    world: World,
    ticket: Ticket,
    resolved: Resolved,
    earliers: Earliers,
    skipped: Counter[str],
    findings: Findings,
) -> None:
    visits = resolved.visits.get(ticket.id, [])
    if not visits:
        return
    first = min(visits, key=lambda visit: visit.stop.begin_s)
    leniency = earliers.leniency(ticket)
    for after in ticket.after:
        finished = world.finished.get(after.ticket)
        others = resolved.visits.get(after.ticket, [])
        if finished is not None:
            end_s = seconds(finished.end)
        elif others:
            end_s = max(other.stop.leave_s for other in others)
        else:
            if skipped[after.ticket]:
                findings.add_unless(
                    leniency,
                    "after",
                    first.stop.path,
                    f"Ticket {ticket.id} comes after ticket {after.ticket}, which is skipped.",
                )
            continue
        if first.stop.begin_s < end_s + after.gap_s:
            findings.add_unless(
                leniency,
                "after",
                f"{first.stop.path}.begin",
                f"Ticket {ticket.id} begins at {world.clock(first.stop.begin_s)}; after ticket {after.ticket} and its "
                f"gap it may from {world.clock(end_s + after.gap_s)} on.",
            )


def _check_same_engineer(
    world: World, ticket: Ticket, resolved: Resolved, earliers: Earliers, findings: Findings
) -> None:
    """Judge ``same_engineer``: a broken pin lifts it only where the other's engineer cannot be chosen either."""
    visits = resolved.visits.get(ticket.id, [])
    other_id = ticket.same_engineer_as
    if not visits or other_id is None:
        return
    leniency = earliers.leniency(ticket)
    finished = world.finished.get(other_id)
    if finished is not None:
        wanted = finished.engineer
    else:
        other = world.tickets.get(other_id)
        other_visits = resolved.visits.get(other_id, [])
        if other is None or not other_visits:
            return
        settled = earliers.keeps_engineer(ticket) and earliers.keeps_engineer(other)
        leniency = join([leniency, earliers.leniency(other)]) if settled else NO_LENIENCY
        wanted = lead_of(world, other, other_visits).id
    has = lead_of(world, ticket, visits).id
    if wanted is not None and has != wanted:
        findings.add_unless(
            leniency,
            "same_engineer",
            visits[0].stop.path,
            f"Ticket {ticket.id} has the same lead as ticket {other_id}: {wanted}, not {has}.",
        )


def _check_status(world: World, plan: Plan, resolved: Resolved, skipped: Counter[str], findings: Findings) -> None:
    owed = [ticket.id for ticket in world.request.tickets if ticket.skip_cost is None]
    owed = [ticket for ticket in owed if ticket not in world.finished]
    left_out = [ticket for ticket in owed if skipped[ticket]]
    missing = [ticket for ticket in owed if ticket not in resolved.visits]
    if plan.status == "ok" and left_out:
        findings.add("status", "status", f"The plan leaves out ticket {left_out[0]}, which must be served.")
    elif plan.status != "ok" and not left_out and not missing:
        findings.add("status", "status", "The plan serves all that must be served, so its status is ok.")
