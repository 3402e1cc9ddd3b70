"""Arbitrary plans in force for the arbitrary requests of :mod:`tests.dispatch.planning.worlds`: every state, pin and whereabouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from dispatch.format.model import Finished, Previous, PreviousVisit, Request, Whereabouts
from dispatch.planning import Stop, solve
from tests.builders import MONDAY, PLACES
from tests.dispatch.planning.worlds import QUARTER, make_world

MINUTE = timedelta(minutes=1)


def seeded(seed: int) -> Request:
    """Make the world of a seed: half of the plans in force were planned, then things happened; half are arbitrary."""
    random = Random(seed)  # noqa: S311 - no secret is drawn
    request = make_world(random)
    request = replace(request, now=MONDAY + timedelta(hours=random.choice((8, 9, 10))))
    visits = list(_planned(random, request) if random.random() < 0.5 else _drawn(random, request))
    finished = tuple(
        Finished(visit.ticket, request.now + random.choice((-30, 0, 20)) * MINUTE, visit.engineer)
        for visit in visits
        if random.random() < 0.1
    )
    done = {entry.ticket for entry in finished}
    previous = Previous(
        engineers=tuple(_whereabouts(random, request)),
        finished=finished,
        visits=tuple(visit for visit in visits if visit.ticket not in done),
        freeze_until=random.choice((None, None, request.now + 4 * QUARTER, request.now + 12 * QUARTER)),
        max_changes=random.choice((None, None, 0, 1, 2, 5)),
    )
    return replace(request, previous=previous)


def _drawn(random: Random, request: Request) -> Iterator[PreviousVisit]:
    """Draw visits that nobody would have planned."""
    travelling: set[tuple[str, str]] = set()
    for ticket in request.tickets:
        if random.random() < 0.3:
            continue
        engineer = random.choice(request.engineers)
        shift = random.choice(engineer.shifts)
        start = shift.start + random.randint(0, 24) * QUARTER + random.choice((0, 0, 1, -7)) * MINUTE
        yield from _visit(random, request.now, travelling, PreviousVisit(ticket.id, engineer.id, shift.id, start))


def _planned(random: Random, request: Request) -> Iterator[PreviousVisit]:
    """Plan, and let works and windows be as they are: the plan then meets what has happened since."""
    plan = solve(request, stop=Stop(iterations=50), threads=1)
    travelling: set[tuple[str, str]] = set()
    for route in plan.routes:
        for stop in route.stops:
            if stop.ticket is not None and random.random() < 0.9:
                moved = stop.begin + random.choice((0, 0, 0, 0, 5, -5, 15, 45)) * MINUTE
                yield from _visit(
                    random, request.now, travelling, PreviousVisit(stop.ticket, route.engineer, route.shift, moved)
                )


def _visit(
    random: Random, now: datetime, travelling: set[tuple[str, str]], visit: PreviousVisit
) -> Iterator[PreviousVisit]:
    """Give a visit a state, a pin and a promise; some of their engineers have fallen ill."""
    state = random.choice(("planned", "planned", "told", "travelling"))
    key = visit.engineer, visit.shift
    if state == "travelling" and (key in travelling or visit.start > now + timedelta(hours=1)):
        state = "told"
    travelling |= {key} if state == "travelling" else set()
    promised = (visit.start - QUARTER, visit.start + 4 * QUARTER) if random.random() < 0.2 else None
    pin = random.choice(("none", "none", "none", "engineer", "start"))
    who = "ill" if random.random() < 0.07 else visit.engineer
    yield replace(visit, engineer=who, state=state, pin=pin, promised=promised)


def _whereabouts(random: Random, request: Request) -> Iterator[Whereabouts]:
    """Say where some engineers are, and which breaks they have had."""
    for engineer in request.engineers:
        shift = engineer.shifts[0]
        if shift.start <= request.now < shift.end and random.random() < 0.6:
            done = tuple(index for index in range(len(shift.breaks)) if random.random() < 0.5)
            from_ = request.now + random.choice((0, 1, 17, 50)) * MINUTE
            yield Whereabouts(engineer.id, shift.id, random.choice(PLACES[:3]).id, from_, done)
