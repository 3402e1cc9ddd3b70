"""Arbitrary small requests: every key that can be planned, coarse times, so that ends touch and limits bite."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from dispatch.format.model import (
    Break,
    Deadline,
    Engineer,
    GreatCircle,
    Interval,
    Matrix,
    Pair,
    Peak,
    Request,
    Shift,
    Ticket,
    Travel,
    Weights,
)
from tests.builders import MONDAY, PLACES

Item = TypeVar("Item")

QUARTER = timedelta(minutes=15)
SKILLS = ("ac", "gas", "tv")
NAMES = ("an", "bo", "cai")


def seeded(seed: int) -> Request:
    """Make the world of a seed."""
    return make_world(Random(seed))  # noqa: S311 - no secret is drawn


def make_world(random: Random) -> Request:
    """Make a request of up to three engineers, six tickets and two days."""
    names = NAMES[: random.randint(1, 3)]
    return Request(
        now=MONDAY + timedelta(hours=random.choice((6, 8, 9))),
        locations=PLACES,
        travel=_travel(random),
        engineers=tuple(_engineer(random, name) for name in names),
        tickets=tuple(_ticket(random, f"t{row}", names) for row in range(random.choice((1, 3, 6)))),
        weights=_weights(random),
    )


def _maybe(random: Random, share: float, value: Item) -> Item | None:
    """Return the value in so many cases of one, else None."""
    return value if random.random() < share else None


def _clock(random: Random, first_h: int, last_h: int, day: int) -> datetime:
    """Draw a quarter of an hour."""
    return MONDAY + timedelta(days=day, hours=first_h) + QUARTER * random.randint(0, 4 * (last_h - first_h))


def _span(random: Random, first_h: int, last_h: int, day: int, quarters: int) -> Interval:
    """Draw a span of some quarters of an hour."""
    begin = _clock(random, first_h, last_h, day)
    return begin, begin + QUARTER * random.randint(1, quarters)


def _travel(random: Random) -> Travel:
    """Draw straight lines or tables with an island, with or without peaks."""
    peaks: tuple[Peak, ...] = ()
    if random.random() < 0.4:
        peaks = (Peak(time(8, 0), time(9, 30), random.choice((Decimal("1.4"), Decimal("1.25"), Decimal(2)))),)
    if random.random() < 0.5:
        return GreatCircle(Decimal("1.3"), random.choice((Decimal(28), Decimal("12.5"))), peaks)
    seconds: list[list[int | None]] = [[random.choice((300, 600, 900, 1234)) for _ in PLACES] for _ in PLACES]
    metres: list[list[int | None]] = [[random.choice((0, 1999, 5000)) for _ in PLACES] for _ in PLACES]
    if random.random() < 0.3:
        origin, end = random.sample(range(len(PLACES)), 2)
        seconds[origin][end] = metres[origin][end] = None
    return Matrix(tuple(map(tuple, seconds)), tuple(map(tuple, metres)), peaks)


def _engineer(random: Random, name: str) -> Engineer:
    """Draw an engineer of one or two shifts."""
    skills = {skill: random.randint(1, 4) for skill in SKILLS if random.random() < 0.7}
    until = {skill: _clock(random, 9, 17, 0) for skill in skills if random.random() < 0.2}
    factors: Any = random.choice((Decimal(1), Decimal("1.1"), Decimal("0.85"), {"ac": Decimal("1.333")}))
    return Engineer(
        id=name,
        skills=skills,
        shifts=tuple(_shift(random, day) for day in range(random.randint(1, 2))),
        skills_until=until,
        service_factor=factors,
        speed_factor=random.choice((Decimal(1), Decimal("0.9"), Decimal("1.7"))),
        max_busy_s=_maybe(random, 0.3, random.choice((3600, 7200))),
    )


def _shift(random: Random, day: int) -> Shift:
    """Draw a shift with its breaks, absences and limits."""
    breaks = [_span(random, 10, 14, day, 6) for _ in range(random.choice((0, 0, 1, 2)))]
    return Shift(
        id=f"day{day}",
        start=_clock(random, 8, 10, day),
        end=_clock(random, 11, 17, day),
        start_location=random.choice(PLACES).id,
        end_location=_maybe(random, 0.7, random.choice(PLACES).id),
        overtime_s=random.choice((0, 0, 900, 3600)),
        max_visits=_maybe(random, 0.35, random.randint(1, 2)),
        max_travel_s=_maybe(random, 0.2, random.choice((1200, 2400, 3600))),
        breaks=tuple(Break(low, high, random.choice((0, 900, 1800))) for low, high in breaks),
        absences=tuple(_span(random, 8, 15, day, 6) for _ in range(random.choice((0, 0, 0, 1, 2)))),
    )


def _ticket(random: Random, ticket_id: str, names: tuple[str, ...]) -> Ticket:
    """Draw a ticket."""
    windows = [_span(random, 8, 16, random.choice((0, 0, 1)), 12) for _ in range(random.choice((0, 0, 1, 2)))]
    return Ticket(
        id=ticket_id,
        location=random.choice(PLACES[:3]).id,
        duration_s=random.choice((0, 900, 1801, 3600, 5400)),
        requires={skill: random.randint(1, 3) for skill in SKILLS if random.random() < 0.15},
        skip_cost=_maybe(random, 0.9, Decimal(random.choice(("0", "99.99", "800")))),
        setup_s=random.choice((0, 300, 601)),
        windows=tuple(windows),
        release=_maybe(random, 0.2, _clock(random, 8, 14, 0)),
        arrive=_maybe(random, 0.5, _deadline(random)),
        resolve=_maybe(random, 0.5, _deadline(random)),
        only=_maybe(random, 0.15, tuple(random.sample(names, random.randint(1, len(names))))),
        never=_maybe(random, 0.15, (random.choice(names),)) or (),
        prefer=_maybe(random, 0.3, (random.choice(names),)) or (),
        pairs=tuple(
            Pair(random.choice(names), random.choice((Decimal(0), Decimal("12.34"))), random.random() < 0.3, "code")
            for _ in range(random.choice((0, 0, 1, 2)))
        ),
    )


def _deadline(random: Random) -> Deadline:
    """Draw a deadline."""
    return Deadline(
        _clock(random, 8, 14, 0), Decimal(random.choice(("0", "50"))), Decimal(random.choice(("0", "7.77")))
    )


def _weights(random: Random) -> Weights:
    """Draw prices, most of them above 0."""

    def price() -> Decimal:
        return random.choice((Decimal(0), Decimal("0.01"), Decimal("9.99"), Decimal(60)))

    return Weights(
        travel_per_h=price(),
        travel_per_km=price(),
        duration_per_h=price(),
        overtime_per_h=price(),
        use_shift=price(),
        not_preferred=price(),
        overqualified_per_level=price(),
        balance_per_h2=random.choice((Decimal(0), Decimal("0.5"), Decimal("3.33"))),
    )
