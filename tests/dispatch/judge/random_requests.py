"""Draw small requests that use every clause of the format.

>>> make_request(Random(3)).previous is None
False
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from random import Random

from dispatch.format.model import (
    After,
    Break,
    Deadline,
    Depot,
    Engineer,
    Finished,
    GreatCircle,
    Inbound,
    Interval,
    Location,
    Matrix,
    Pair,
    Part,
    Peak,
    Previous,
    Request,
    Shift,
    Ticket,
    Weights,
    Whereabouts,
)
from tests.builders import at

SKILLS = ("ac", "gas", "lift")
PARTS = ("fuse", "fuse_plus", "lamp", "wire")
TOOLS = ("hoist", "saw")
SUBSTITUTES = {"fuse": Part(substitutes=("fuse_plus", "lamp")), "lamp": Part(substitutes=("fuse_plus",))}
MINUTE = timedelta(minutes=1)


def make_request(random: Random) -> Request:
    """Draw a request of up to four engineers and seven tickets; the plan in force has no visits yet."""
    return _Requests(random).make()


class _Requests:
    """Draw a request."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.now = at("07:00") + random.randrange(0, 150) * MINUTE
        self.places = [f"p{row}" for row in range(random.randint(3, 6))]
        self.people = ["wang", "li", "zhao", "zhou"][: random.randint(2, 4)]

    def chance(self, odds: float) -> bool:
        return self.random.random() < odds

    def price(self, most: int) -> Decimal:
        return Decimal(self.random.randrange(0, most * 100)) / 100

    def some(self, names: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(self.random.sample(list(names), self.random.randint(0, min(most, len(names)))))

    def quantities(self, names: Sequence[str], kinds: int, most: int) -> dict[str, int]:
        return {name: self.random.randint(0, most) for name in self.some(names, kinds)}

    def span(self, begin: str, shortest: int, longest: int, day: int = 0) -> Interval:
        first = at(begin, day) + self.random.randrange(0, 480) * MINUTE
        return first, first + self.random.randint(shortest, longest) * MINUTE

    def make(self) -> Request:
        engineers = tuple(self.engineer(name) for name in self.people)
        finished = (
            Finished("done", self.now - self.random.randrange(0, 90) * MINUTE, self.random.choice(self.people)),
        )
        return Request(
            now=self.now,
            locations=tuple(
                Location(place, 30 + self.random.random() / 8, 120 + self.random.random() / 8) for place in self.places
            ),
            travel=self.travel(),
            engineers=engineers,
            tickets=tuple(self.ticket(row) for row in range(self.random.randint(3, 7))),
            parts=SUBSTITUTES,
            depots=tuple(self.depot(row) for row in range(self.random.randint(0, 2))),
            previous=Previous(engineers=tuple(self.whereabouts(engineers)), finished=finished),
            weights=self.weights(),
        )

    def travel(self) -> GreatCircle | Matrix:
        peaks: tuple[Peak, ...] = ()
        if self.chance(0.5):
            morning = Peak(
                time(7, 30), time(9, self.random.randrange(0, 60)), Decimal(self.random.randint(1000, 2500)) / 1000
            )
            night = Peak(time(16, 30), time(1, 0), Decimal("1.25"), (1, 3))
            peaks = (morning, night)
        if self.chance(0.5):
            return GreatCircle(
                Decimal(self.random.randint(100, 150)) / 100, Decimal(self.random.randint(15, 50)), peaks
            )
        size = len(self.places)
        seconds = [[self.random.randint(60, 2400) for _ in range(size)] for _ in range(size)]
        metres = [[self.random.randint(100, 20_000) for _ in range(size)] for _ in range(size)]
        return Matrix(tuple(map(tuple, seconds)), tuple(map(tuple, metres)), peaks)

    def engineer(self, name: str) -> Engineer:
        skills = {skill: self.random.randint(1, 4) for skill in SKILLS if self.chance(0.7)}
        factor: Decimal | Mapping[str, Decimal] = Decimal(self.random.randint(800, 1300)) / 1000
        if self.chance(0.3):
            factor = {skill: Decimal(self.random.randint(50, 150)) / 100 for skill in self.some(SKILLS, 2)}
        shifts = [self.shift("mon", 0)]
        if self.chance(0.4):
            shifts.append(self.shift("tue", 1))
        if self.chance(0.15):
            first = replace(shifts[0], end=at("12:00"), overtime_s=0, breaks=(), absences=())
            shifts = [first, replace(self.shift("eve", 0), start=at("13:00"), end=at("20:00"))]
        return Engineer(
            name,
            skills,
            tuple(shifts),
            skills_until={
                skill: at("12:00") + self.random.randrange(0, 2000) * MINUTE for skill in skills if self.chance(0.15)
            },
            van=self.quantities(PARTS, 4, 3),
            tools=self.some(TOOLS, 1),
            service_factor=factor,
            speed_factor=Decimal(self.random.randint(700, 1500)) / 1000,
            max_busy_s=self.random.randint(4, 14) * 3600 if self.chance(0.2) else None,
        )

    def shift(self, name: str, day: int) -> Shift:
        breaks = [
            Break(first, last, self.random.randint(5, 60) * 60)
            for first, last in (self.span("08:00", 0, 150, day) for _ in range(self.random.choice((0, 0, 1, 1, 2))))
        ]
        return Shift(
            name,
            at("08:00", day),
            at("17:00", day),
            self.random.choice(self.places),
            self.random.choice(self.places) if self.chance(0.7) else None,
            overtime_s=self.random.choice((0, 1800, 7200)),
            max_visits=self.random.randint(1, 4) if self.chance(0.2) else None,
            max_travel_s=self.random.randint(2000, 9000) if self.chance(0.2) else None,
            breaks=tuple(breaks),
            absences=tuple(self.span("09:00", 10, 90, day) for _ in range(self.random.choice((0, 0, 0, 1, 2)))),
        )

    def whereabouts(self, engineers: Sequence[Engineer]) -> Iterator[Whereabouts]:
        for engineer in engineers:
            shift = engineer.shifts[0]
            if shift.start <= self.now < shift.end and self.chance(0.5):
                yield Whereabouts(
                    engineer.id,
                    shift.id,
                    self.random.choice(self.places),
                    self.now + self.random.choice((0, 1, 17, 50)) * MINUTE,
                    breaks_done=tuple(index for index in range(len(shift.breaks)) if self.chance(0.4)),
                    tools=self.some(TOOLS, 1),
                )

    def depot(self, row: int) -> Depot:
        return Depot(
            f"depot{row}",
            self.random.choice(self.places),
            tuple(self.span("07:00", 60, 500, day) for day in (0, 0, 1)),
            handling_s=self.random.choice((0, 300, 777)),
            stock=self.quantities(PARTS, 4, 4),
            inbound=tuple(
                Inbound(
                    self.random.choice(PARTS),
                    self.random.randint(1, 3),
                    self.now + self.random.randint(1, 300) * MINUTE,
                )
                for _ in range(self.random.randint(0, 2))
            ),
            tools=self.quantities(TOOLS, 2, 2),
        )

    def ticket(self, row: int) -> Ticket:
        chance = self.chance
        windows = [self.span("08:00", 0, 300, self.random.choice((0, 0, 1))) for _ in range(self.random.randint(1, 3))]
        after = [After("done", self.random.randrange(0, 7200))] if chance(0.15) else []
        if row and chance(0.25):
            after.append(After(f"t{self.random.randrange(row)}", self.random.randrange(0, 1800)))
        pairs = [
            Pair(who, self.price(50), forbid=chance(0.3), code="rule")
            for who in self.some(self.people, 2)
            if chance(0.5)
        ]
        crew = self.random.choice((1, 1, 1, 1, 2))
        same = self.random.choice(["done", *(f"t{earlier}" for earlier in range(row))]) if chance(0.15) else None
        return Ticket(
            f"t{row}",
            self.random.choice(self.places),
            self.random.randint(0, 7000),
            {skill: self.random.randint(1, 3) for skill in self.some(SKILLS, 2)} if chance(0.7) else {},
            None if chance(0.1) else self.price(800),
            setup_s=self.random.choice((0, 0, 600)),
            parts=self.quantities(PARTS, 2, 2) if chance(0.5) else {},
            tools=self.some(TOOLS, 1) if chance(0.3) else (),
            windows=tuple(windows) if chance(0.4) else (),
            release=self.now + self.random.randint(-60, 200) * MINUTE if chance(0.2) else None,
            arrive=self.deadline() if chance(0.5) else None,
            resolve=self.deadline() if chance(0.5) else None,
            crew=crew,
            only=tuple(self.random.sample(self.people, max(crew, len(self.people) - 1))) if chance(0.2) else None,
            never=self.some(self.people, 1) if chance(0.2) else (),
            prefer=self.some(self.people, 2),
            pairs=tuple(pairs),
            after=tuple(after),
            same_engineer_as=same,
        )

    def deadline(self) -> Deadline:
        return Deadline(self.now + self.random.randint(10, 500) * MINUTE, self.price(100), self.price(90))

    def weights(self) -> Weights:
        most = (90, 3, 40, 120, 99, 60, 9, 2, 120, 60, 400)
        return Weights(*(self.price(each) for each in most)) if self.chance(0.7) else Weights()
