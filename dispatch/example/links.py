"""Visits that depend on one another: crews, work that follows other work, and the same engineer for both."""

# ruff: noqa: PLR2004 - the shares of an invented world stand where they are drawn

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from dispatch.format.model import After, Engineer, Request, Ticket

GAPS_S = (0, 0, 1800, 3600, 7200)
"""Between the end of one work and the begin of the next: glue dries, a tank fills."""
OVERNIGHT_S = 14 * 3600


def add_crews(random: Random, request: Request) -> Request:
    """Let a few tickets in a hundred need two engineers, and one in a hundred three."""
    most = len(request.engineers)
    tickets = list(request.tickets)
    rows = [row for row, ticket in enumerate(tickets) if ticket.only is None]
    random.shuffle(rows)
    twos = max(1, round(0.035 * len(tickets)))
    threes = max(1, round(0.01 * len(tickets)))
    for place, row in enumerate(rows[: twos + threes]):
        crew = 3 if place < threes else 2
        if crew <= most:
            tickets[row] = replace(tickets[row], crew=crew)
    return replace(request, tickets=tuple(tickets))


def add_after(random: Random, request: Request, days: int) -> Request:
    """Let one ticket in twenty begin after another, a few in a chain of three, with and without a gap.

    Half of them are a second visit at the same place; with two days and more some wait for the next morning.
    """
    tickets = list(request.tickets)
    count = max(1, round(0.05 * len(tickets)))
    first_of: dict[int, int] = {}
    for _ in range(20 * count):
        if len(first_of) == count or len(tickets) < 2:
            break
        first, second = sorted(random.sample(range(len(tickets)), 2))
        if second in first_of:
            continue
        if first_of and random.random() < 0.2:
            first = random.choice(list(first_of))
        gap_s = OVERNIGHT_S if days > 1 and random.random() < 0.25 else random.choice(GAPS_S)
        if first >= second or not _can_follow(tickets[first], tickets[second], gap_s):
            continue
        location = tickets[first].location if random.random() < 0.5 else tickets[second].location
        tickets[second] = replace(tickets[second], location=location, after=(After(tickets[first].id, gap_s),))
        first_of[second] = first
    return _without_empty_places(replace(request, tickets=tuple(tickets)))


def add_same_engineer(random: Random, request: Request) -> Request:
    """Link one ticket in thirty with another that somebody can do as well; half of those with one that it follows."""
    tickets = list(request.tickets)
    count = max(1, round(0.033 * len(tickets)))
    rows = {ticket.id: row for row, ticket in enumerate(tickets)}
    followers = [row for row, ticket in enumerate(tickets) if ticket.after]
    linked: set[int] = set()
    for trial in range(40 * count):
        if len(linked) >= 2 * count or len(tickets) < 2:
            break
        if followers and trial % 2:
            second = random.choice(followers)
            first = rows[tickets[second].after[0].ticket]
        else:
            first, second = random.sample(range(len(tickets)), 2)
        one, two = tickets[first], tickets[second]
        if {first, second} & linked or not any(_could_do(engineer, (one, two)) for engineer in request.engineers):
            continue
        tickets[second] = replace(two, same_engineer_as=one.id)
        linked |= {first, second}
    return replace(request, tickets=tuple(tickets))


def _can_follow(first: Ticket, second: Ticket, gap_s: int) -> bool:
    """Tell whether the windows leave room for one after the other."""
    early = min((from_ for from_, _ in first.windows), default=first.release)
    ends = [to for _, to in second.windows]
    if early is None or not ends:
        return True
    wait: timedelta = timedelta(seconds=first.duration_s + gap_s)
    latest: datetime = max(ends)
    return early + wait <= latest


def _could_do(engineer: Engineer, tickets: tuple[Ticket, ...]) -> bool:
    """Tell whether an engineer could be the lead of all of them."""
    return all(
        all(engineer.skills.get(skill, 0) >= level for skill, level in ticket.requires.items())
        and engineer.id not in ticket.never
        and (ticket.only is None or engineer.id in ticket.only)
        and not any(pair.forbid and pair.engineer == engineer.id for pair in ticket.pairs)
        for ticket in tickets
    )


def _without_empty_places(request: Request) -> Request:
    """Leave out the places where nothing is any more."""
    used: set[str | None] = {ticket.location for ticket in request.tickets}
    used |= {depot.location for depot in request.depots}
    for engineer in request.engineers:
        for shift in engineer.shifts:
            used |= {shift.start_location, shift.end_location}
    return replace(request, locations=tuple(place for place in request.locations if place.id in used))
