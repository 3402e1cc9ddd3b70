"""Invent a plan in force that given routes obey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random

from dispatch.format.model import BrokenPin, Plan, Previous, PreviousVisit, Request, Route, Stop, Ticket
from tests.dispatch.judge.random_requests import MINUTE
from tests.dispatch.judge.writer import gather, price_up, skip

Served = list[tuple[str, Stop]]


def with_history(random: Random, request: Request, routes: Sequence[Route]) -> tuple[Request, Plan]:
    """Add a plan in force to a request, and price the plan against it."""
    return _History(random, request, routes).make()


@dataclass
class _History:
    """What was planned, as it is being invented.

    ``moved`` are the old starts that nothing may freeze, ``changes`` the visits that may count as changed.
    """

    random: Random
    request: Request
    routes: Sequence[Route]
    rows: list[PreviousVisit] = field(default_factory=list)
    pins: list[BrokenPin] = field(default_factory=list)
    never: list[tuple[str, str]] = field(default_factory=list)
    moved: list[datetime] = field(default_factory=list)
    changes: int = 0

    def make(self) -> tuple[Request, Plan]:
        random, served = self.random, gather(self.routes)
        for ticket in self.request.tickets:
            if ticket.id in served:
                invent = random.choice(
                    (None, self.kept, self.moved_along, self.given, self.gone, self.on_the_way, self.broken)
                )
                if invent:
                    invent(ticket, served[ticket.id])
            elif random.random() < 0.5:
                self.left_out(ticket)
        if random.random() < 0.3:
            self.rows.append(PreviousVisit("cancelled", "wang", "mon", self.request.now, "told", "start"))
        previous = replace(
            self.request.previous or Previous(),
            visits=tuple(self.rows),
            freeze_until=min(self.moved, default=self.request.now + 500 * MINUTE) if random.random() < 0.5 else None,
            max_changes=self.changes + random.randint(0, 1) if random.random() < 0.5 else None,
        )
        request = replace(self.request, previous=previous, tickets=tuple(map(self.forbid, self.request.tickets)))
        skipped = [skip(ticket.id) for ticket in request.tickets if ticket.id not in served]
        return request, price_up(request, self.routes, skipped, self.pins)

    def forbid(self, ticket: Ticket) -> Ticket:
        """Forbid the engineers whose pins are to be broken."""
        return replace(ticket, never=(*ticket.never, *(who for name, who in self.never if name == ticket.id)))

    def row(
        self, ticket: Ticket, who: str, stop: Stop, start: datetime, state: str, pin: str = "none"
    ) -> PreviousVisit:
        shift = next(route.shift for route in self.routes if route.engineer == who and stop in route.stops)
        return PreviousVisit(ticket.id, who, shift, start, state, pin)

    def state(self) -> str:
        return self.random.choice(("planned", "told"))

    def count(self, old: datetime, new: datetime) -> None:
        self.changes += abs(new - old) > 30 * MINUTE or new.date() != old.date()

    def left_out(self, ticket: Ticket) -> None:
        start = self.request.now + self.random.randint(-60, 600) * MINUTE
        who = self.random.choice(self.request.engineers).id
        self.rows.append(PreviousVisit(ticket.id, who, "mon", start, self.state()))
        self.moved.append(start)
        self.changes += 1

    def kept(self, ticket: Ticket, stops: Served) -> None:
        pin, state = self.random.choice(("none", "start", "engineer")), self.state()
        self.rows += [self.row(ticket, who, stop, stop.begin, state, pin) for who, stop in stops]

    def moved_along(self, ticket: Ticket, stops: Served) -> None:
        begin = stops[0][1].begin
        start = begin + self.random.choice((-200, -31, -30, -10, -3, 3, 10, 11, 30, 31, 200)) * MINUTE
        pin, state = self.random.choice(("none", "engineer")), self.state()
        promised = (start, start + self.random.randint(0, 90) * MINUTE) if self.random.random() < 0.4 else None
        rows = [self.row(ticket, who, stop, start, state, pin) for who, stop in stops]
        self.rows += [replace(row, promised=promised) for row in rows]
        self.moved.append(start)
        self.count(start, begin)

    def given(self, ticket: Ticket, stops: Served) -> None:
        there = {who for who, _ in stops}
        others = [engineer for engineer in self.request.engineers if engineer.id not in there]
        if others and ticket.crew == 1:
            other, begin = self.random.choice(others), stops[0][1].begin
            self.rows.append(PreviousVisit(ticket.id, other.id, other.shifts[0].id, begin, self.state()))
            self.moved.append(begin)
            self.changes += 1

    def gone(self, ticket: Ticket, stops: Served) -> None:
        pin, state = self.random.choice(("none", "start", "engineer")), self.random.choice((self.state(), "travelling"))
        self.rows.append(PreviousVisit(ticket.id, "ill", "mon", stops[0][1].begin, state, pin))
        if pin != "none":
            self.pins.append(BrokenPin(ticket.id, "gone", "ill"))

    def on_the_way(self, ticket: Ticket, stops: Served) -> None:
        firsts = [route.stops[1] for route in self.routes]
        if all(any(stop is first for first in firsts) for _, stop in stops):
            start = stops[0][1].begin + self.random.randint(-40, 40) * MINUTE
            self.rows += [self.row(ticket, who, stop, start, "travelling") for who, stop in stops]
            self.count(start, stops[0][1].begin)

    def broken(self, ticket: Ticket, stops: Served) -> None:
        if ticket.crew == 1:
            who, stop = stops[0]
            self.rows.append(self.row(ticket, who, stop, stop.begin, self.state(), "start"))
            self.pins.append(BrokenPin(ticket.id, "only_never", "not him any more"))
            self.never.append((ticket.id, who))
