"""The plan's objects, key by key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from dispatch.format.model import (
    TERMS,
    BrokenPin,
    Gap,
    Objective,
    Plan,
    Reason,
    Route,
    Skipped,
    SolverNote,
    Stop,
)
from dispatch.format.numbers import PRICE_PLACES, read_quantities, read_seconds, read_tools
from dispatch.format.parsers import (
    BAD,
    Parsed,
    Reading,
    Shape,
    list_of,
    nullable,
    number,
    read_name,
    read_text,
    read_time,
    read_version,
    reference,
    whole,
    word,
)
from dispatch.format.paths import Path

STATUSES: Final = ("ok", "infeasible")
STOP_KINDS: Final = ("start", "visit", "pickup", "break", "end")
VERDICTS: Final = ("impossible", "displaced", "not_found")
REASON_CODES: Final = (
    "skill",
    "skill_lapsed",
    "only_never",
    "pair",
    "window",
    "shift_hours",
    "overtime",
    "break",
    "absence",
    "busy_limit",
    "travel_limit",
    "visits_limit",
    "part",
    "tool",
    "crew",
    "after",
    "same_engineer",
    "unreachable",
    "pinned",
    "change_budget",
    "displaced",
    "not_found",
)
GAP_UNITS: Final = ("s", "m", "level", "qty", "CNY")

_ZERO: Final = Decimal(0)
_LARGEST_SUM: Final = Decimal(10) ** 18
_LARGEST_COUNT: Final = 2**63 - 1

_read_sum: Final = number("CNY", places=PRICE_PLACES, lowest=_ZERO, highest=_LARGEST_SUM)
_read_any: Final = number("a number", lowest=-_LARGEST_SUM, highest=_LARGEST_SUM)
_read_metres: Final = whole("metres")


def _make_terms(**terms: Parsed) -> dict[str, Any]:
    """Give every term in the format's order, 0 where it was left out."""
    return {term: terms.get(term, _ZERO) for term in TERMS}


TERMS_OBJECT: Final = Shape("objective.terms", _make_terms, {}, dict.fromkeys(TERMS, _read_sum))

OBJECTIVE: Final = Shape("objective", Objective, {"total": _read_sum, "terms": TERMS_OBJECT})

STOP: Final = Shape(
    "a stop",
    Stop,
    {
        "kind": word("kind of stop", STOP_KINDS),
        "location": reference("location"),
        "arrive": read_time,
        "begin": read_time,
        "leave": read_time,
        "travel_s": read_seconds,
        "travel_m": _read_metres,
    },
    {
        "ticket": nullable(reference("ticket")),
        "depot": nullable(reference("depot")),
        "parts": read_quantities,
        "tools": read_tools,
        "break": nullable(whole("index of a break")),
    },
)


def _check_route(reading: Reading, route: Parsed, _raw: dict[str, Any], path: Path) -> None:
    """Note the shift, to be looked up among its engineer's."""
    if route.engineer is not BAD and route.shift is not BAD:
        reading.shift_references.append((route.engineer, route.shift, (path, "shift")))


ROUTE: Final = Shape(
    "a route",
    Route,
    {
        "engineer": reference("engineer"),
        "shift": read_name,
        "stops": list_of(STOP, "stops"),
        "travel_s": read_seconds,
        "travel_m": _read_metres,
        "work_s": read_seconds,
        "wait_s": read_seconds,
        "overtime_s": read_seconds,
    },
    check=_check_route,
)

GAP: Final = Shape("a gap", Gap, {"value": _read_any, "unit": word("unit", GAP_UNITS)})

REASON: Final = Shape(
    "a reason",
    Reason,
    {"code": word("reason", REASON_CODES), "text": read_text},
    {"engineer": nullable(reference("engineer")), "gap": nullable(GAP)},
)

SKIPPED: Final = Shape(
    "an entry of skipped",
    Skipped,
    {
        "ticket": reference("ticket"),
        "verdict": word("verdict", VERDICTS),
        "reasons": list_of(REASON, "reasons {code, engineer, gap, text}"),
    },
)

BROKEN_PIN: Final = Shape(
    "an entry of broken_pins",
    BrokenPin,
    {"ticket": reference("pinned ticket"), "code": read_name, "text": read_text},
)

SOLVER: Final = Shape(
    "solver",
    SolverNote,
    {
        "engine": read_text,
        "seed": whole("seed", -_LARGEST_COUNT, _LARGEST_COUNT),
        "seconds": number("seconds", lowest=_ZERO, highest=_LARGEST_SUM),
        "iterations": whole("iterations", 0, _LARGEST_COUNT),
        "threads": whole("threads", 0),
    },
    {"bound": nullable(_read_any), "gap": nullable(_read_any)},
)

PLAN: Final = Shape(
    "a plan",
    Plan,
    {
        "version": read_version,
        "status": word("status", STATUSES),
        "objective": OBJECTIVE,
        "routes": list_of(ROUTE, "routes"),
        "skipped": list_of(SKIPPED, "entries {ticket, verdict, reasons}"),
        "solver": SOLVER,
    },
    {"broken_pins": list_of(BROKEN_PIN, "entries {ticket, code, text}")},
    unnamed=frozenset(("version",)),
)
