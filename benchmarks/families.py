"""Plain requests for the race: only what every engine can be told, so that all solve one problem.

A plain request has skills with levels, shifts with an own start and end, one window a ticket, skip costs and travel
seconds; every other weight is 0. Total = skip costs + travel hours × 60 CNY.

Three families, each at four sizes, drawn from a seed:

- ``tight``: work with estimated travel is 110 % of the hands; half of the windows are the whole day, the others two
  or four hours.
- ``loose``: the same at 80 %.
- ``clustered``: tickets in neighbourhoods, every window one hour, 95 %.

**Frozen.** The requests were fixed before any search was tuned; a test pins the fingerprint of each. Seeds 1 to 3 are
for tuning, 101 to 103 for reporting alone. Only additions, divisions and ``random.Random`` are used, so that a seed
means the same on every machine.
"""

# ruff: noqa: S311 - no secret is drawn

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from dispatch.format.model import ZERO, Engineer, GreatCircle, Location, Request, Shift, Ticket, Weights

SIZES = ((10, 60), (30, 240), (50, 400), (200, 2000))
"""Engineers × tickets."""
TUNING_SEEDS = (1, 2, 3)
REPORTING_SEEDS = (101, 102, 103)

DAY = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=8)))
CENTRE_LAT_DEG, CENTRE_LON_DEG = 30.27, 120.16
KM_PER_LAT_DEG, KM_PER_LON_DEG = 111.2, 96.0
WIDTH_KM, HEIGHT_KM = 20.0, 16.0
DETOUR, SPEED_KMH = Decimal("1.3"), Decimal(28)

SKILLS = ("cooling", "heating", "washing", "water", "network")
SKIP_COSTS = ((220, 55), (500, 30), (1200, 12), (3000, 3))
"""CNY and share in per cent, by grade."""
TIER_FACTORS = ((1.0, 80), (1.5, 16), (2.0, 4))
"""Factor on the skip cost and share in per cent, by customer tier."""

PLAIN_WEIGHTS = Weights(
    travel_per_h=Decimal(60),
    travel_per_km=ZERO,
    duration_per_h=ZERO,
    overtime_per_h=ZERO,
    use_shift=ZERO,
    not_preferred=ZERO,
    overqualified_per_level=ZERO,
    balance_per_h2=ZERO,
    change_engineer=ZERO,
    change_start_per_h=ZERO,
    change_skip=ZERO,
)


@dataclass(frozen=True, slots=True)
class Family:
    """How a family is drawn.

    ``load`` is work with estimated travel ÷ hands; ``window_shares`` gives window lengths in hours (0: the whole day)
    and their shares in per cent; ``cluster_size`` is the mean number of tickets of a neighbourhood, 0 for none;
    ``leg_factor`` is how much longer than usual the legs are that the windows force.
    """

    name: str
    load: float
    window_shares: tuple[tuple[int, int], ...]
    cluster_size: int
    leg_factor: float


FAMILIES = {
    family.name: family
    for family in (
        Family("tight", 1.10, ((0, 50), (4, 30), (2, 20)), 0, 1.0),
        Family("loose", 0.80, ((0, 50), (4, 30), (2, 20)), 0, 1.0),
        Family("clustered", 0.95, ((1, 100),), 12, 1.4),
    )
}


def make_plain(family: str, engineers: int, tickets: int, seed: int) -> Request:
    """Make the plain request of a family, size and seed.

    Raises
    ------
    KeyError
        When there is no such family.

    Examples
    --------
    >>> request = make_plain("tight", 10, 60, 1)
    >>> len(request.engineers), len(request.tickets), len(request.locations)
    (10, 60, 70)
    """
    shape = FAMILIES[family]
    rng = Random(f"{family} {engineers}x{tickets} {seed}")
    staff_places, staff = _make_engineers(rng, engineers)
    ticket_places, work = _make_tickets(rng, shape, tickets, staff)
    return Request(
        now=DAY + timedelta(hours=6),
        locations=(*staff_places, *ticket_places),
        travel=GreatCircle(detour=DETOUR, speed_kmh=SPEED_KMH),
        engineers=staff,
        tickets=work,
        weights=PLAIN_WEIGHTS,
    )


def fingerprint(request: Request) -> str:
    """Return the SHA-256 of all that a request says beyond the format's defaults, as 64 hexadecimal digits."""
    text = json.dumps(_encode(request), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _encode(value: object) -> Any:  # noqa: ANN401 - whatever json can write
    if isinstance(value, int | float | str) or value is None:
        return value
    if isinstance(value, tuple):
        return [_encode(inner) for inner in value]
    if isinstance(value, Mapping):
        return {key: _encode(inner) for key, inner in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        inners = ((name, getattr(value, name), default) for name, default in _list_defaults(type(value)))
        return {name: _encode(inner) for name, inner, default in inners if inner != default}
    return str(value)


@cache
def _list_defaults(kind: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - any dataclass
    return [
        (field.name, field.default if field.default_factory is MISSING else field.default_factory())
        for field in fields(kind)
    ]


def _pick(rng: Random, options: tuple[tuple[Any, int], ...]) -> Any:  # noqa: ANN401 - the type of the options
    """Draw an option with the probability of its share in per cent."""
    point = rng.randrange(100)
    for option, share in options:
        point -= share
        if point < 0:
            return option
    raise AssertionError("shares must add up to 100")


def _make_location(location_id: str, x_km: float, y_km: float) -> Location:
    lat_deg, lon_deg = CENTRE_LAT_DEG + y_km / KM_PER_LAT_DEG, CENTRE_LON_DEG + x_km / KM_PER_LON_DEG
    return Location(location_id, round(lat_deg, 6), round(lon_deg, 6))


def _draw_point_km(rng: Random) -> tuple[float, float]:
    """Draw a point of the city, denser towards its centre: the mean of two uniform draws on each axis."""
    x_km = (rng.random() + rng.random() - 1) * WIDTH_KM / 2
    y_km = (rng.random() + rng.random() - 1) * HEIGHT_KM / 2
    return x_km, y_km


def _make_engineers(rng: Random, count: int) -> tuple[tuple[Location, ...], tuple[Engineer, ...]]:
    places = []
    staff = []
    for row in range(count):
        home = _make_location(f"H{row + 1:04d}", *_draw_point_km(rng))
        places.append(home)
        known = [SKILLS[row % len(SKILLS)]]
        others = [skill for skill in SKILLS if skill not in known]
        known += rng.sample(others, 1 + rng.randrange(2))
        start = DAY + timedelta(minutes=8 * 60 + 15 * rng.randrange(7))
        end = start + timedelta(minutes=8 * 60 + 15 * rng.randrange(5))
        staff.append(
            Engineer(
                id=f"E{row + 1:04d}",
                skills={skill: _pick(rng, ((1, 15), (2, 40), (3, 30), (4, 15))) for skill in known},
                shifts=(Shift("day", start, end, home.id, home.id),),
            )
        )
    return tuple(places), tuple(staff)


def _make_tickets(
    rng: Random, shape: Family, count: int, staff: tuple[Engineer, ...]
) -> tuple[tuple[Location, ...], tuple[Ticket, ...]]:
    points_km = _draw_sites_km(rng, shape, count)
    hands_s = sum((engineer.shifts[0].end - engineer.shifts[0].start).total_seconds() for engineer in staff)
    work_s = shape.load * hands_s - count * _estimate_leg_s(shape, count)
    efforts = [0.5 + rng.random() for _ in range(count)]
    scale_s = work_s / sum(efforts)
    places = []
    tickets = []
    for row, (point_km, effort) in enumerate(zip(points_km, efforts, strict=True)):
        place = _make_location(f"L{row + 1:05d}", *point_km)
        places.append(place)
        skill, level = _draw_requirement(rng, staff)
        tickets.append(
            Ticket(
                id=f"T{row + 1:05d}",
                location=place.id,
                duration_s=60 * max(5, round(effort * scale_s / 60)),
                requires={skill: level},
                skip_cost=Decimal(round(_pick(rng, SKIP_COSTS) * _pick(rng, TIER_FACTORS))),
                windows=(_draw_window(rng, shape),),
            )
        )
    return tuple(places), tuple(tickets)


def _draw_sites_km(rng: Random, shape: Family, count: int) -> list[tuple[float, float]]:
    if not shape.cluster_size:
        return [_draw_point_km(rng) for _ in range(count)]
    centres = [_draw_point_km(rng) for _ in range(max(2, count // shape.cluster_size))]
    points_km = []
    for _ in range(count):
        x_km, y_km = rng.choice(centres)
        points_km.append((x_km + rng.random() - 0.5, y_km + rng.random() - 0.5))
    return points_km


def _estimate_leg_s(shape: Family, count: int) -> float:
    """Estimate the seconds of travel that serving one ticket costs, from how dense ``count`` tickets lie.

    Fitted once to good plans of the four sizes: 9.5, 5.7, 4.7 and 2.6 minutes, the ways from and to home shared out.
    """
    return 2520 * shape.leg_factor / float(count**0.364)


def _draw_requirement(rng: Random, staff: tuple[Engineer, ...]) -> tuple[str, int]:
    """Draw a skill and level that at least one engineer has."""
    skills = rng.choice(staff).skills
    skill = rng.choice(sorted(skills))
    return skill, min(skills[skill], _pick(rng, ((1, 40), (2, 40), (3, 15), (4, 5))))


def _draw_window(rng: Random, shape: Family) -> tuple[datetime, datetime]:
    hours = _pick(rng, shape.window_shares)
    if hours == 0:
        return DAY + timedelta(hours=8), DAY + timedelta(hours=18)
    begin = DAY + timedelta(minutes=9 * 60 + 30 * rng.randrange(2 * (8 - hours) + 1))
    return begin, begin + timedelta(hours=hours)
