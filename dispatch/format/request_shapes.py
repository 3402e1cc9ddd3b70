"""The request's objects but for travel, key by key, and what has to hold inside each of them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from dispatch.format.model import (
    After,
    Break,
    Deadline,
    Depot,
    Engineer,
    Finished,
    Inbound,
    Pair,
    Part,
    Previous,
    PreviousVisit,
    Shift,
    Ticket,
    Weights,
    Whereabouts,
)
from dispatch.format.numbers import (
    find_overlaps,
    is_ordered,
    read_factor,
    read_intervals,
    read_levels,
    read_price,
    read_quantities,
    read_quantity,
    read_seconds,
    read_tools,
)
from dispatch.format.parsers import (
    BAD,
    Parsed,
    Reading,
    Shape,
    identifier,
    is_good,
    list_of,
    map_of,
    nullable,
    read_bool,
    read_interval,
    read_name,
    read_text,
    read_time,
    reference,
    whole,
    word,
)
from dispatch.format.paths import Path, write_path

STATES: Final = ("planned", "told", "travelling")
PINS: Final = ("none", "engineer", "start")


# -- parts, depots, engineers -------------------------------------------------------------------------------------


PART: Final = Shape(
    "a part",
    Part,
    {},
    {"name": nullable(read_text), "substitutes": list_of(read_name, "parts", unique=True)},
)


def read_parts(reading: Reading, value: object, path: Path) -> Parsed:
    """Read the parts; none is its own substitute."""
    parts = _map_of_parts(reading, value, path)
    if parts is BAD:
        return BAD
    for name, part in parts.items():
        if part is not BAD and is_good(part.substitutes) and name in part.substitutes:
            where = ((path, name), "substitutes"), part.substitutes.index(name)
            reading.refuse("self_reference", where, name, "is the part itself, expected other parts")
    return parts


_map_of_parts: Final = map_of(PART, "part: {name, substitutes}")

INBOUND: Final = Shape("an inbound delivery", Inbound, {"part": read_name, "qty": read_quantity, "at": read_time})

DEPOT: Final = Shape(
    "a depot",
    Depot,
    {"id": identifier("depot"), "location": reference("location"), "open": read_intervals},
    {
        "handling_s": read_seconds,
        "stock": read_quantities,
        "inbound": list_of(INBOUND, "deliveries {part, qty, at}"),
        "tools": read_quantities,
    },
)


def _check_break(reading: Reading, pause: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse a break whose latest begin is before its earliest."""
    if not is_ordered(pause.from_, pause.to):
        reading.refuse("impossible_value", path, [raw["from"], raw["to"]], "ends before it begins, expected from ≤ to")


BREAK: Final = Shape(
    "a break",
    Break,
    {"from": read_time, "to": read_time, "duration_s": read_seconds},
    check=_check_break,
)


def _check_shift(reading: Reading, shift: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse a shift that ends before it starts."""
    if not is_ordered(shift.start, shift.end):
        reading.refuse(
            "impossible_value", path, [raw["start"], raw["end"]], "ends before it starts, expected start ≤ end"
        )


SHIFT: Final = Shape(
    "a shift",
    Shift,
    {"id": read_name, "start": read_time, "end": read_time, "start_location": reference("location")},
    {
        "end_location": nullable(reference("location")),
        "overtime_s": read_seconds,
        "max_visits": nullable(whole("visits")),
        "max_travel_s": nullable(read_seconds),
        "breaks": list_of(BREAK, "breaks {from, to, duration_s}"),
        "absences": read_intervals,
    },
    check=_check_shift,
)


def _read_service_factor(reading: Reading, value: object, path: Path) -> Parsed:
    """Read one factor, or one for each skill."""
    return _factors(reading, value, path) if isinstance(value, dict) else read_factor(reading, value, path)


_factors: Final = map_of(read_factor, "skill: factor")


def _check_engineer(reading: Reading, engineer: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse double shift ids, overlapping shifts, and the lapse of a skill that is not there."""
    if is_good(engineer.skills, engineer.skills_until):
        for skill in engineer.skills_until:
            if skill not in engineer.skills:
                where = ((path, "skills_until"), skill)
                message = "is the lapse of a skill that this engineer has not, expected one of skills"
                reading.refuse("unknown_reference", where, raw["skills_until"][skill], message)
    if engineer.shifts is BAD:
        return
    first_index: dict[str, int] = {}
    pieces: list[tuple[Any, Any, int]] = []
    for index, shift in enumerate(engineer.shifts):
        if shift is BAD:
            continue
        if shift.id is not BAD and first_index.setdefault(shift.id, index) != index:
            message = f"repeats the id of shifts[{first_index[shift.id]}], expected each shift id once in an engineer"
            reading.refuse("duplicate_id", (((path, "shifts"), index), "id"), shift.id, message)
        if is_good(shift.start, shift.end) and shift.start <= shift.end:
            pieces.append((shift.start, shift.end, index))
    for first, second in find_overlaps(pieces):
        where = ((path, "shifts"), second)
        message = (
            f"overlaps {write_path(((path, 'shifts'), first))}, expected shifts of one engineer that don't overlap"
        )
        found = [raw["shifts"][second]["start"], raw["shifts"][second]["end"]]
        reading.refuse("overlap", where, found, message)


ENGINEER: Final = Shape(
    "an engineer",
    Engineer,
    {"id": identifier("engineer"), "skills": read_levels, "shifts": list_of(SHIFT, "shifts")},
    {
        "name": nullable(read_text),
        "skills_until": map_of(read_time, "skill: time"),
        "van": read_quantities,
        "tools": read_tools,
        "service_factor": _read_service_factor,
        "speed_factor": read_factor,
        "max_busy_s": nullable(read_seconds),
    },
    check=_check_engineer,
)


# -- tickets ------------------------------------------------------------------------------------------------------


DEADLINE: Final = Shape(
    "a deadline {by, cost, cost_per_h}",
    Deadline,
    {"by": read_time},
    {"cost": read_price, "cost_per_h": read_price},
)

PAIR: Final = Shape(
    "a pair",
    Pair,
    {"engineer": reference("engineer")},
    {"cost": read_price, "forbid": read_bool, "code": nullable(read_text)},
)

AFTER: Final = Shape("an entry of after", After, {"ticket": reference("earlier ticket")}, {"gap_s": read_seconds})


def _check_ticket(reading: Reading, ticket: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse a ticket that refers to itself."""
    if ticket.id is BAD:
        return
    if ticket.same_engineer_as == ticket.id:
        message = "is the ticket itself, expected another ticket"
        reading.refuse("self_reference", (path, "same_engineer_as"), raw["same_engineer_as"], message)


TICKET: Final = Shape(
    "a ticket",
    Ticket,
    {
        "id": identifier("ticket"),
        "location": reference("location"),
        "duration_s": read_seconds,
        "requires": read_levels,
        "skip_cost": nullable(read_price),
    },
    {
        "setup_s": read_seconds,
        "parts": read_quantities,
        "tools": read_tools,
        "windows": read_intervals,
        "release": nullable(read_time),
        "arrive": nullable(DEADLINE),
        "resolve": nullable(DEADLINE),
        "crew": whole("engineers", 1),
        "only": nullable(list_of(reference("engineer"), "engineer ids", unique=True, filled=True)),
        "never": list_of(reference("engineer"), "engineer ids", unique=True),
        "prefer": list_of(reference("engineer"), "engineer ids", unique=True),
        "pairs": list_of(PAIR, "pairs {engineer, cost, forbid, code}"),
        "after": list_of(AFTER, "entries {ticket, gap_s}"),
        "same_engineer_as": nullable(reference("earlier ticket")),
    },
    check=_check_ticket,
)

WEIGHTS: Final = Shape("weights", Weights, {}, {weight.name: read_price for weight in fields(Weights)})


# -- the plan in force --------------------------------------------------------------------------------------------


def _check_whereabouts(reading: Reading, entry: Parsed, _raw: dict[str, Any], path: Path) -> None:
    """Note the shift, to be looked up among its engineer's."""
    if is_good(entry.engineer, entry.shift):
        reading.shift_references.append((entry.engineer, entry.shift, (path, "shift")))


WHEREABOUTS: Final = Shape(
    "an entry of previous.engineers",
    Whereabouts,
    {
        "engineer": reference("engineer"),
        "shift": read_name,
        "location": reference("location"),
        "from": read_time,
    },
    {"breaks_done": list_of(whole("break index"), "indices of breaks", unique=True), "tools": read_tools},
    check=_check_whereabouts,
)

FINISHED: Final = Shape(
    "an entry of previous.finished",
    Finished,
    {"ticket": identifier("finished ticket"), "end": read_time},
    {"engineer": nullable(read_name)},
)

PREVIOUS_VISIT: Final = Shape(
    "an entry of previous.visits",
    PreviousVisit,
    {
        "ticket": read_name,
        "engineer": read_name,
        "shift": read_name,
        "start": read_time,
        "state": word("state", STATES),
        "pin": word("pin", PINS),
    },
    {"promised": nullable(read_interval)},
)

PREVIOUS: Final = Shape(
    "previous",
    Previous,
    {},
    {
        "engineers": list_of(WHEREABOUTS, "entries {engineer, shift, location, from, breaks_done, tools}"),
        "finished": list_of(FINISHED, "entries {ticket, end, engineer}"),
        "visits": list_of(PREVIOUS_VISIT, "entries {ticket, engineer, shift, start, state, pin, promised}"),
        "freeze_until": nullable(read_time),
        "max_changes": nullable(whole("visits")),
    },
)
