"""Make small random requests that use every clause, and legal plans for them, step by step, by simulation alone.

It is no solver: it puts tickets in random order at the ends of random routes and keeps what breaks no rule. The rules
are checked a second time in :mod:`tests.dispatch.judge.rules`; the figures come from :mod:`tests.dispatch.judge.writer`.
So a judge that finds fault with such a plan, or another price, disagrees with two other programs.

>>> request, plan = construct(7)
>>> len(request.tickets) >= 3
True
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from dispatch.format.model import Plan, Request, Route, Ticket
from tests.dispatch.judge.histories import with_history
from tests.dispatch.judge.random_requests import MINUTE, make_request
from tests.dispatch.judge.rules import ends_of, is_legal
from tests.dispatch.judge.writer import (
    SECOND,
    Drive,
    Step,
    drive,
    earliest_start,
    find_engineer,
    gather,
    pickup,
    rest,
    run,
    visit,
)


def construct(seed: int) -> tuple[Request, Plan]:
    """Make one request and one legal plan for it."""
    random = Random(seed)  # noqa: S311 - a seeded test
    request = make_request(random)
    return with_history(random, request, _build(random, _Clock(request)))


class _Clock:
    """Time routes, each once: those that a trial does not touch stay as they are."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.timed: dict[int, tuple[Drive, Route]] = {}

    def run(self, told: Drive) -> Route:
        """Time one route; what is told is kept, so that no other can have its identity."""
        known = self.timed.get(id(told))
        if known is None:
            known = self.timed[id(told)] = told, run(self.request, told)
        return known[1]


def _build(random: Random, clock: _Clock) -> list[Route]:
    """Put tickets at the ends of routes, each a few times at random places, while no rule is broken."""
    drives: dict[tuple[str, str], Drive] = {}
    tickets = list(clock.request.tickets)
    random.shuffle(tickets)
    for ticket in sorted(tickets, key=lambda each: len(each.after)):
        for _ in range(6):
            if _put(random, clock, drives, ticket):
                break
    return [clock.run(told) for told in drives.values()]


def _put(random: Random, clock: _Clock, drives: dict[tuple[str, str], Drive], ticket: Ticket) -> bool:
    request = clock.request
    if len(request.engineers) < ticket.crew:
        return False
    trial = dict(drives)
    visits: list[tuple[str, str]] = []
    for engineer in random.sample(list(request.engineers), ticket.crew):
        shift = random.choice(engineer.shifts)
        key = engineer.id, shift.id
        visits.append(key)
        _, earliest = earliest_start(request, engineer.id, shift)
        late = random.choice((0, 0, 0, 1, 30, 240)) * MINUTE
        trial.setdefault(key, drive(engineer.id, [], shift.id, leave=earliest + late))
        for index in range(len(shift.breaks)):
            if random.random() < 0.35:
                place = ticket.location if random.random() < 0.3 else None
                trial[key] = _add(trial[key], rest(index, place=place))
    supplier = random.choice(visits)
    parts = _choose_parts(random, request, trial, supplier[0], ticket)
    if random.random() < 0.8:
        fetch = _choose_pickup(random, clock, trial, supplier, (parts, ticket.tools))
        if fetch:
            trial[supplier] = _add(trial[supplier], fetch)
    met = [_add(trial[key], visit(ticket.id)) for key in visits]
    begin = max(clock.run(told).stops[-2].arrive for told in met)
    begin = _first_begin(clock, trial, ticket, begin) + random.choice((0, 0, 0, 0, 7)) * MINUTE
    for key in visits:
        own_parts, own_tools = (parts, ticket.tools) if key == supplier else ({}, ())
        trial[key] = _add(trial[key], visit(ticket.id, begin=begin, parts=own_parts, tools=own_tools))
    if not is_legal(request, [clock.run(told) for told in trial.values()]):
        return False
    drives.update(trial)
    return True


def _add(told: Drive, step: Step) -> Drive:
    return replace(told, steps=(*told.steps, step))


def _held(request: Request, drives: Mapping[tuple[str, str], Drive], engineer: str) -> Counter[str]:
    """Count what is in a van after all that is planned so far."""
    left = Counter(find_engineer(request, engineer).van)
    for told in drives.values():
        if told.engineer == engineer:
            for step in told.steps:
                for part, quantity in (step.parts or {}).items():
                    left[part] += quantity if step.kind == "pickup" else -quantity
    return left


def _choose_parts(
    random: Random, request: Request, drives: Mapping[tuple[str, str], Drive], engineer: str, ticket: Ticket
) -> dict[str, int]:
    """Choose for each piece that is needed the part itself or a substitute, one that is there where there is one."""
    left = _held(request, drives, engineer)
    used: Counter[str] = Counter()
    for part, quantity in ticket.parts.items():
        fits = [part, *(request.parts[part].substitutes if part in request.parts else ())]
        for _ in range(quantity):
            there = [each for each in fits if left[each] > 0] or fits
            chosen = random.choice(there)
            left[chosen] -= 1
            used[chosen] += 1
    return dict(used)


def _choose_pickup(
    random: Random,
    clock: _Clock,
    drives: Mapping[tuple[str, str], Drive],
    key: tuple[str, str],
    wanted: tuple[Mapping[str, int], Sequence[str]],
) -> Step | None:
    parts, tools = wanted
    request = clock.request
    left = _held(request, drives, key[0])
    lack = {part: quantity - max(0, left[part]) for part, quantity in parts.items() if quantity > left[part]}
    if not request.depots or not (lack or tools or random.random() < 0.1):
        return None
    begin = random.choice((None, *(inbound.at for depot in request.depots for inbound in depot.inbound)))
    depot = random.choice(request.depots)
    arrive = clock.run(_add(drives[key], pickup(depot.id))).stops[-2].arrive
    later = [first for first, _ in depot.open if first > arrive]
    begin = max(arrive, begin or arrive)
    if not any(first <= begin <= last for first, last in depot.open) and later:
        begin = min(later)
    return pickup(depot.id, lack, tools, begin=begin)


def _first_begin(clock: _Clock, drives: Mapping[tuple[str, str], Drive], ticket: Ticket, begin: datetime) -> datetime:
    """Wait for release, the tickets before, and the next window."""
    begin = max(begin, ticket.release or begin)
    ends = ends_of(clock.request, gather(clock.run(told) for told in drives.values()))
    for after in ticket.after:
        if after.ticket in ends:
            begin = max(begin, ends[after.ticket] + after.gap_s * SECOND)
    if ticket.windows and not any(first <= begin <= last for first, last in ticket.windows):
        begin = min((first for first, _ in ticket.windows if first > begin), default=begin)
    return begin
