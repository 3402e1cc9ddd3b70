"""A plain request as integers, for engines that get arrays, and their answers as plans of the planning format."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.families import PLAIN_WEIGHTS
from dispatch.format.model import (
    TERMS,
    GreatCircle,
    Objective,
    Plan,
    Reason,
    Request,
    Route,
    Skipped,
    SolverNote,
    Stop,
)

EARTH_RADIUS_M = 6_371_008.8
CENT = Decimal("0.01")

Tours = list[list[int]]
"""For each engineer, by row, the rows of the tickets visited, in order."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain request as integers; times are seconds from ``Request.now``, prices seconds of travel.

    ``travel_s``, ``travel_m`` int64[n_places, n_places]: whole seconds and metres from origin to destination, in the
    order of the request's locations. ``able`` bool[n_tickets, n_engineers]: has the skill at the level. Lists run over
    tickets or engineers in the request's order. Windows and shifts include both ends. ``skip_s`` is the skip cost in
    the seconds of travel that cost as much: total = Σ travel seconds + Σ ``skip_s`` of skipped tickets.
    """

    travel_s: NDArray[np.int64]
    travel_m: NDArray[np.int64]
    able: NDArray[np.bool_]
    place: list[int]
    duration_s: list[int]
    opens_s: list[int]
    closes_s: list[int]
    skip_s: list[int]
    skill: list[tuple[str, int]]
    home_place: list[int]
    end_place: list[int]
    shift_from_s: list[int]
    shift_to_s: list[int]
    skills: list[dict[str, int]]

    @property
    def n_tickets(self) -> int:
        """How many tickets there are."""
        return len(self.place)

    @property
    def n_engineers(self) -> int:
        """How many engineers there are."""
        return len(self.home_place)


def lower_plain(request: Request) -> Plain:
    """Turn a plain request into integers.

    Raises
    ------
    ValueError
        When the request says something that a plain one must not, named in the message.
    """
    _check_plain(request)
    place_row = {location.id: row for row, location in enumerate(request.locations)}
    travel_s, travel_m = _measure(request)
    able = np.array(
        [
            [engineer.skills.get(skill, 0) >= level for engineer in request.engineers]
            for ticket in request.tickets
            for skill, level in ticket.requires.items()
        ],
        dtype=np.bool_,
    ).reshape(len(request.tickets), len(request.engineers))
    shifts = [engineer.shifts[0] for engineer in request.engineers]
    return Plain(
        travel_s=travel_s,
        travel_m=travel_m,
        able=able,
        place=[place_row[ticket.location] for ticket in request.tickets],
        duration_s=[ticket.duration_s for ticket in request.tickets],
        opens_s=[_seconds(request, ticket.windows[0][0]) for ticket in request.tickets],
        closes_s=[_seconds(request, ticket.windows[0][1]) for ticket in request.tickets],
        skip_s=[int(_money(ticket.skip_cost) * 3600 / PLAIN_WEIGHTS.travel_per_h) for ticket in request.tickets],
        skill=[next(iter(ticket.requires.items())) for ticket in request.tickets],
        home_place=[place_row[shift.start_location] for shift in shifts],
        end_place=[place_row[shift.end_location or shift.start_location] for shift in shifts],
        shift_from_s=[_seconds(request, shift.start) for shift in shifts],
        shift_to_s=[_seconds(request, shift.end) for shift in shifts],
        skills=[dict(engineer.skills) for engineer in request.engineers],
    )


def price_tours_s(plain: Plain, tours: Tours) -> tuple[int, int]:
    """Price tours: (skip costs, travel), both in seconds of travel."""
    served = {row for tour in tours for row in tour}
    skipped_s = sum(price_s for row, price_s in enumerate(plain.skip_s) if row not in served)
    travel_s = 0
    for engineer, tour in enumerate(tours):
        if tour:
            places = [plain.home_place[engineer], *(plain.place[row] for row in tour), plain.end_place[engineer]]
            travel_s += sum(int(plain.travel_s[a, b]) for a, b in pairwise(places))
    return skipped_s, travel_s


def make_plan(request: Request, plain: Plain, tours: Tours, engine: str, seconds: float) -> Plan:
    """Time tours as early as they go and write them as a plan; whether it is legal is for the judge to say.

    A tour leaves home when its shift begins, drives without pause and waits on site for a window to open.
    """
    served = {row for tour in tours for row in tour}
    skipped_s, travel_s = price_tours_s(plain, tours)
    prices = dict.fromkeys(TERMS, Decimal("0.00"))
    prices["skipped"], prices["travel"] = _cents(Fraction(skipped_s, 60)), _cents(Fraction(travel_s, 60))
    return Plan(
        status="ok",
        objective=Objective(total=_cents(Fraction(skipped_s + travel_s, 60)), terms=prices),
        routes=tuple(_time_tour(request, plain, engineer, tour) for engineer, tour in enumerate(tours) if tour),
        skipped=tuple(
            Skipped(ticket.id, "not_found", (Reason("not_found", f"{engine} left it out."),))
            for row, ticket in enumerate(request.tickets)
            if row not in served
        ),
        solver=SolverNote(engine=engine, seed=0, seconds=_cents(Fraction(seconds)), iterations=0, threads=1),
    )


def _time_tour(request: Request, plain: Plain, engineer: int, tour: list[int]) -> Route:
    staff = request.engineers[engineer]
    clock_s = plain.shift_from_s[engineer]
    here = plain.home_place[engineer]
    work_s = wait_s = 0
    stops = [_stop(request, "start", here, clock_s, clock_s, clock_s)]
    for row in tour:
        there = plain.place[row]
        leg_s = int(plain.travel_s[here, there])
        arrive_s = clock_s + leg_s
        begin_s = max(arrive_s, plain.opens_s[row])
        clock_s = begin_s + plain.duration_s[row]
        leg = (leg_s, int(plain.travel_m[here, there]))
        stops.append(_stop(request, "visit", there, arrive_s, begin_s, clock_s, leg, request.tickets[row].id))
        work_s += plain.duration_s[row]
        wait_s += begin_s - arrive_s
        here = there
    home = plain.end_place[engineer]
    leg = (int(plain.travel_s[here, home]), int(plain.travel_m[here, home]))
    clock_s += leg[0]
    stops.append(_stop(request, "end", home, clock_s, clock_s, clock_s, leg))
    return Route(
        engineer=staff.id,
        shift=staff.shifts[0].id,
        stops=tuple(stops),
        travel_s=sum(stop.travel_s for stop in stops),
        travel_m=sum(stop.travel_m for stop in stops),
        work_s=work_s,
        wait_s=wait_s,
        overtime_s=max(0, clock_s - plain.shift_to_s[engineer]),
    )


def _stop(
    request: Request,
    kind: str,
    place: int,
    arrive_s: int,
    begin_s: int,
    leave_s: int,
    leg: tuple[int, int] = (0, 0),
    ticket: str | None = None,
) -> Stop:
    arrive, begin, leave = (request.now + timedelta(seconds=moment) for moment in (arrive_s, begin_s, leave_s))
    return Stop(kind, request.locations[place].id, arrive, begin, leave, leg[0], leg[1], ticket)


def _measure(request: Request) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Measure all legs: haversine × detour to the nearest metre, then seconds rounded up, as the format says."""
    travel = request.travel
    assert isinstance(travel, GreatCircle)
    lat = np.radians([location.lat for location in request.locations])
    lon = np.radians([location.lon for location in request.locations])
    half_lat = (lat[None, :] - lat[:, None]) / 2
    half_lon = (lon[None, :] - lon[:, None]) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(lat[:, None]) * np.cos(lat[None, :]) * np.sin(half_lon) ** 2
    metres = np.rint(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord)) * float(travel.detour)).astype(np.int64)
    seconds_per_m = Fraction(36, 10) / Fraction(travel.speed_kmh)
    return -(-metres * seconds_per_m.numerator // seconds_per_m.denominator), metres


def _check_plain(request: Request) -> None:
    wanted = {
        "tickets": {"id", "location", "duration_s", "requires", "skip_cost", "windows"},
        "engineers": {"id", "skills", "shifts"},
        "shifts": {"id", "start", "end", "start_location", "end_location"},
    }
    shifts = tuple(shift for engineer in request.engineers for shift in engineer.shifts)
    for kind, things in (("tickets", request.tickets), ("engineers", request.engineers), ("shifts", shifts)):
        for thing in things:
            said = {field.name for field in fields(thing) if getattr(thing, field.name) not in (None, (), {}, 0, 1)}
            if said != wanted[kind]:
                raise ValueError(
                    f"{kind} of a plain request say {sorted(wanted[kind])}, {thing.id} says {sorted(said)}"
                )
    one_each = all(len(ticket.windows) == len(ticket.requires) == 1 for ticket in request.tickets)
    if not one_each or len(shifts) != len(request.engineers):
        raise ValueError("a plain request has one window and one skill a ticket, one shift an engineer")
    if len({ticket.location for ticket in request.tickets}) != len(request.tickets):
        raise ValueError("a plain request has an own location for each ticket")
    if request.weights != PLAIN_WEIGHTS or request.previous is not None or request.travel.peaks:
        raise ValueError("a plain request has no peaks, no previous plan and prices travel time alone")
    if not isinstance(request.travel, GreatCircle):
        raise ValueError("a plain request travels by great_circle")  # noqa: TRY004 - a value of the document


def _seconds(request: Request, moment: datetime) -> int:
    return int((moment - request.now).total_seconds())


def _money(amount: Decimal | None) -> Decimal:
    if amount is None:
        raise ValueError("a plain request has no mandatory ticket")
    return amount


def _cents(amount: Fraction) -> Decimal:
    """Round half up to the cent."""
    return Decimal(int(amount * 100 + Fraction(1, 2))) * CENT
