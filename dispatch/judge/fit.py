"""Who may do a ticket, and when: skills, bans, windows and release."""

from __future__ import annotations

from dispatch.format.model import Engineer, Ticket
from dispatch.judge.findings import Findings
from dispatch.judge.previous import Earliers
from dispatch.judge.routes import Resolved, Visit
from dispatch.judge.world import World, seconds


def has_skills(engineer: Engineer, ticket: Ticket) -> bool:
    """Tell whether one engineer has every required skill at its level."""
    return all(engineer.skills.get(skill, 0) >= level for skill, level in ticket.requires.items())


def lapsed_skills(engineer: Engineer, ticket: Ticket, end_s: int) -> list[str]:
    """List the required skills that have lapsed when work ends at ``end_s``; their last second still counts."""
    until = engineer.skills_until
    return [skill for skill in ticket.requires if skill in until and end_s > seconds(until[skill])]


def find_lead(world: World, ticket: Ticket, visits: list[Visit]) -> Visit | None:
    """Find the lead of those who serve a ticket; None: nobody has what it requires.

    The lead is the first, in the order of ``engineers``, who has ``requires``, its levels; whether his skills last
    until the work ends is another clause.
    """
    ranked = sorted(visits, key=lambda visit: world.rank_of(visit.route.engineer))
    return next((visit for visit in ranked if has_skills(visit.route.engineer, ticket)), None)


def lead_of(world: World, ticket: Ticket, visits: list[Visit]) -> Engineer:
    """Give the lead of a served ticket; where nobody has what it requires, the first in the order of ``engineers``.

    The latter serves tickets that skills don't bind: on the way, or pinned where the pin had to be broken.
    """
    lead = find_lead(world, ticket, visits)
    return lead.route.engineer if lead else min((visit.route.engineer for visit in visits), key=world.rank_of)


def check_fit(world: World, resolved: Resolved, earliers: Earliers, findings: Findings) -> None:
    """Judge ``skill``, ``skill_lapsed``, ``only_never``, ``pair``, ``window`` and ``release`` of every visit.

    Windows, skills and bans don't bind an engineer who is on the way; a broken pin lifts all of them.
    """
    for ticket_id, visits in resolved.visits.items():
        ticket = world.tickets[ticket_id]
        _check_skills(world, ticket, visits, earliers, findings)
        for visit in visits:
            _check_engineer(ticket, visit, earliers, findings)
            _check_begin(world, ticket, visit, earliers, findings)


def _check_skills(world: World, ticket: Ticket, visits: list[Visit], earliers: Earliers, findings: Findings) -> None:
    if ticket.crew > 1:
        if len(visits) < ticket.crew or earliers.is_travelling(ticket):
            return
        lead = find_lead(world, ticket, visits)
        if lead is None:
            findings.add_unless(
                earliers.leniency(ticket),
                "crew",
                visits[0].stop.path,
                f"None of the crew of ticket {ticket.id} has all that it requires.",
            )
            return
        visits = [lead]
    for visit in visits:
        engineer = visit.route.engineer
        if earliers.is_travelling(ticket, engineer.id):
            continue
        leniency = earliers.leniency(ticket, engineer.id)
        for skill, level in ticket.requires.items():
            has = engineer.skills.get(skill, 0)
            if has < level:
                findings.add_unless(
                    leniency,
                    "skill",
                    visit.stop.path,
                    f"Ticket {ticket.id} requires {skill} at level {level}; {engineer.id} has level {has}.",
                )
        for skill in lapsed_skills(engineer, ticket, visit.stop.leave_s):
            if engineer.skills.get(skill, 0) >= ticket.requires[skill]:
                findings.add_unless(
                    leniency,
                    "skill_lapsed",
                    visit.stop.path,
                    f"Work at ticket {ticket.id} ends at {world.clock(visit.stop.leave_s)}; {skill} of {engineer.id} "
                    f"lapses at {world.clock(seconds(engineer.skills_until[skill]))}.",
                )


def _check_engineer(ticket: Ticket, visit: Visit, earliers: Earliers, findings: Findings) -> None:
    engineer = visit.route.engineer.id
    if earliers.is_travelling(ticket, engineer):
        return
    leniency = earliers.leniency(ticket, engineer)
    if ticket.only is not None and engineer not in ticket.only:
        allowed = ", ".join(ticket.only)
        findings.add_unless(
            leniency, "only_never", visit.stop.path, f"Ticket {ticket.id} is only for {allowed}, not for {engineer}."
        )
    if engineer in ticket.never:
        findings.add_unless(leniency, "only_never", visit.stop.path, f"Ticket {ticket.id} is never for {engineer}.")
    for pair in ticket.pairs:
        if pair.engineer == engineer and pair.forbid:
            named = "" if pair.code is None else f" ({pair.code})"
            findings.add_unless(
                leniency, "pair", visit.stop.path, f"Ticket {ticket.id} is forbidden to {engineer}{named}."
            )


def _check_begin(world: World, ticket: Ticket, visit: Visit, earliers: Earliers, findings: Findings) -> None:
    begin_s = visit.stop.begin_s
    leniency = earliers.leniency(ticket)
    inside = any(seconds(from_) <= begin_s <= seconds(to) for from_, to in ticket.windows)
    if ticket.windows and not inside and not earliers.is_travelling(ticket):
        findings.add_unless(
            leniency,
            "window",
            f"{visit.stop.path}.begin",
            f"Work at ticket {ticket.id} begins at {world.clock(begin_s)}, inside none of its windows.",
        )
    if ticket.release is not None and begin_s < seconds(ticket.release):
        findings.add_unless(
            leniency,
            "release",
            f"{visit.stop.path}.begin",
            f"Work at ticket {ticket.id} begins at {world.clock(begin_s)}, before its release at "
            f"{world.clock(seconds(ticket.release))}.",
        )
