"""Requests and plans as documents: keys in the format's order, defaults left out, prices with two decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Final

from dispatch.format.json_layout import Literal, lay_out
from dispatch.format.model import (
    TERMS,
    Break,
    Deadline,
    Depot,
    Engineer,
    GreatCircle,
    Interval,
    Pair,
    Part,
    Peak,
    Plan,
    Previous,
    PreviousVisit,
    Reason,
    Request,
    Route,
    Shift,
    Skipped,
    SolverNote,
    Stop,
    Ticket,
    Travel,
    Weights,
    Whereabouts,
)

Node = dict[str, object]

_CENT: Final = Decimal("0.01")
_EVERY_DAY: Final = (1, 2, 3, 4, 5, 6, 7)
_ONE: Final = Decimal(1)


def write_request(request: Request) -> str:
    """Write a request so that reading it gives an equal one.

    Returns
    -------
    str
        A document of planning format 1, ending in a line break.
    """
    node: Node = {
        "version": 1,
        "now": _time(request.now),
        "locations": [
            {"id": place.id, "lat": _float(place.lat), "lon": _float(place.lon)} for place in request.locations
        ],
        "travel": _travel(request.travel),
    }
    _add(
        node,
        parts={name: _part(part) for name, part in request.parts.items()},
        depots=[_depot(depot) for depot in request.depots],
    )
    node["engineers"] = [_engineer(engineer) for engineer in request.engineers]
    node["tickets"] = [_ticket(ticket) for ticket in request.tickets]
    if request.previous is not None:
        node["previous"] = _previous(request.previous)
    _add(node, weights=_weights(request.weights))
    return lay_out(node) + "\n"


def write_plan(plan: Plan) -> str:
    """Write a plan so that reading it gives an equal one.

    Returns
    -------
    str
        A document of planning format 1, ending in a line break.
    """
    node: Node = {
        "version": 1,
        "status": plan.status,
        "objective": {
            "total": _price(plan.objective.total),
            "terms": {term: _price(plan.objective.terms[term]) for term in TERMS},
        },
        "routes": [_route(route) for route in plan.routes],
        "skipped": [_skipped(skipped) for skipped in plan.skipped],
        "broken_pins": [{"ticket": pin.ticket, "code": pin.code, "text": pin.text} for pin in plan.broken_pins],
        "solver": _solver(plan.solver),
    }
    return lay_out(node) + "\n"


# -- values -------------------------------------------------------------------------------------------------------


def _time(moment: datetime) -> str:
    """Write a moment in the offset that it carries."""
    return moment.isoformat()


def _interval(interval: Interval) -> list[str]:
    """Write ``[from, to]``."""
    return [_time(interval[0]), _time(interval[1])]


def _intervals(intervals: Iterable[Interval]) -> list[list[str]]:
    """Write intervals."""
    return [_interval(interval) for interval in intervals]


def _float(number: float) -> Literal:
    """Write a float with the fewest digits that give it back."""
    return Literal(repr(float(number)))


def _price(price: Decimal) -> Literal:
    """Write CNY to the cent; a price is never rounded."""
    cents = price.quantize(_CENT) if price == price.quantize(_CENT) else price
    return Literal(f"{cents:f}")


def _number(number: Decimal) -> Literal:
    """Write a decimal without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return Literal(text.rstrip("0").rstrip(".") if "." in text else text)


def _add(node: Node, **entries: object) -> None:
    """Add what is not empty."""
    for key, value in entries.items():
        if value or isinstance(value, Literal):
            node[key] = value


def _without_defaults(**entries: object) -> Node:
    """Make an object of what is not empty."""
    node: Node = {}
    _add(node, **entries)
    return node


def _optional_price(price: Decimal) -> Literal | None:
    """Leave out 0."""
    return _price(price) if price else None


def _optional_time(moment: datetime | None) -> str | None:
    """Leave out what is not there."""
    return None if moment is None else _time(moment)


# -- the request --------------------------------------------------------------------------------------------------


def _travel(travel: Travel) -> Node:
    """Write either model."""
    if isinstance(travel, GreatCircle):
        node: Node = {
            "model": "great_circle",
            "detour": _number(travel.detour),
            "speed_kmh": _number(travel.speed_kmh),
        }
    else:
        node = {"model": "matrix", "seconds": travel.seconds, "metres": travel.metres}
    _add(node, peaks=[_peak(peak) for peak in travel.peaks])
    return node


def _peak(peak: Peak) -> Node:
    """Write a peak."""
    node: Node = {"from": f"{peak.from_:%H:%M}", "to": f"{peak.to:%H:%M}", "factor": _number(peak.factor)}
    if peak.weekdays != _EVERY_DAY:
        node["weekdays"] = peak.weekdays
    return node


def _part(part: Part) -> Node:
    """Write a spare part."""
    node: Node = {}
    _add_value(node, "name", part.name)
    _add(node, substitutes=part.substitutes)
    return node


def _depot(depot: Depot) -> Node:
    """Write a depot."""
    node: Node = {"id": depot.id, "location": depot.location, "open": _intervals(depot.open)}
    _add(
        node,
        handling_s=depot.handling_s,
        stock=depot.stock,
        inbound=[{"part": there.part, "qty": there.qty, "at": _time(there.at)} for there in depot.inbound],
        tools=depot.tools,
    )
    return node


def _engineer(engineer: Engineer) -> Node:
    """Write an engineer."""
    node: Node = {"id": engineer.id}
    _add_value(node, "name", engineer.name)
    node["skills"] = dict(engineer.skills)
    _add(
        node,
        skills_until={skill: _time(until) for skill, until in engineer.skills_until.items()},
        van=engineer.van,
        tools=engineer.tools,
    )
    if isinstance(engineer.service_factor, Mapping):
        node["service_factor"] = {skill: _number(factor) for skill, factor in engineer.service_factor.items()}
    elif engineer.service_factor != _ONE:
        node["service_factor"] = _number(engineer.service_factor)
    if engineer.speed_factor != _ONE:
        node["speed_factor"] = _number(engineer.speed_factor)
    _add_value(node, "max_busy_s", engineer.max_busy_s)
    node["shifts"] = [_shift(shift) for shift in engineer.shifts]
    return node


def _add_value(node: Node, key: str, value: object) -> None:
    """Add what is not None; 0 and empty text say something here."""
    if value is not None:
        node[key] = value


def _shift(shift: Shift) -> Node:
    """Write a shift."""
    node: Node = {
        "id": shift.id,
        "start": _time(shift.start),
        "end": _time(shift.end),
        "start_location": shift.start_location,
    }
    _add_value(node, "end_location", shift.end_location)
    _add(node, overtime_s=shift.overtime_s)
    _add_value(node, "max_visits", shift.max_visits)
    _add_value(node, "max_travel_s", shift.max_travel_s)
    _add(node, breaks=[_break(pause) for pause in shift.breaks], absences=_intervals(shift.absences))
    return node


def _break(pause: Break) -> Node:
    """Write a break."""
    return {"from": _time(pause.from_), "to": _time(pause.to), "duration_s": pause.duration_s}


def _ticket(ticket: Ticket) -> Node:
    """Write a ticket."""
    node: Node = {"id": ticket.id, "location": ticket.location, "duration_s": ticket.duration_s}
    _add(node, setup_s=ticket.setup_s)
    node["requires"] = dict(ticket.requires)
    _add(
        node,
        parts=ticket.parts,
        tools=ticket.tools,
        windows=_intervals(ticket.windows),
        release=_optional_time(ticket.release),
        arrive=_deadline(ticket.arrive),
        resolve=_deadline(ticket.resolve),
    )
    node["skip_cost"] = None if ticket.skip_cost is None else _price(ticket.skip_cost)
    if ticket.crew != 1:
        node["crew"] = ticket.crew
    _add_value(node, "only", ticket.only)
    _add(
        node,
        never=ticket.never,
        prefer=ticket.prefer,
        pairs=[_pair(pair) for pair in ticket.pairs],
        after=[{"ticket": after.ticket, **_without_defaults(gap_s=after.gap_s)} for after in ticket.after],
        same_engineer_as=ticket.same_engineer_as,
    )
    return node


def _deadline(deadline: Deadline | None) -> Node | None:
    """Write a deadline."""
    if deadline is None:
        return None
    prices = _without_defaults(cost=_optional_price(deadline.cost), cost_per_h=_optional_price(deadline.cost_per_h))
    return {"by": _time(deadline.by), **prices}


def _pair(pair: Pair) -> Node:
    """Write a pair."""
    node: Node = {"engineer": pair.engineer, **_without_defaults(cost=_optional_price(pair.cost), forbid=pair.forbid)}
    _add_value(node, "code", pair.code)
    return node


def _weights(weights: Weights) -> Node:
    """Write the prices that differ from the defaults."""
    default = Weights()
    return {
        weight.name: _price(getattr(weights, weight.name))
        for weight in fields(weights)
        if getattr(weights, weight.name) != getattr(default, weight.name)
    }


def _previous(previous: Previous) -> Node:
    """Write the plan in force."""
    finished: list[Node] = []
    for entry in previous.finished:
        finished.append({"ticket": entry.ticket, "end": _time(entry.end)})
        _add_value(finished[-1], "engineer", entry.engineer)
    node = _without_defaults(
        engineers=[_whereabouts(entry) for entry in previous.engineers],
        finished=finished,
        visits=[_previous_visit(visit) for visit in previous.visits],
        freeze_until=_optional_time(previous.freeze_until),
    )
    _add_value(node, "max_changes", previous.max_changes)
    return node


def _whereabouts(entry: Whereabouts) -> Node:
    """Write where an engineer is."""
    node: Node = {
        "engineer": entry.engineer,
        "shift": entry.shift,
        "location": entry.location,
        "from": _time(entry.from_),
    }
    _add(node, breaks_done=entry.breaks_done, tools=entry.tools)
    return node


def _previous_visit(visit: PreviousVisit) -> Node:
    """Write a visit of the plan in force."""
    node: Node = {
        "ticket": visit.ticket,
        "engineer": visit.engineer,
        "shift": visit.shift,
        "start": _time(visit.start),
        "state": visit.state,
        "pin": visit.pin,
    }
    if visit.promised is not None:
        node["promised"] = _interval(visit.promised)
    return node


# -- the plan -----------------------------------------------------------------------------------------------------


def _route(route: Route) -> Node:
    """Write a route."""
    return {
        "engineer": route.engineer,
        "shift": route.shift,
        "stops": [_stop(stop) for stop in route.stops],
        "travel_s": route.travel_s,
        "travel_m": route.travel_m,
        "work_s": route.work_s,
        "wait_s": route.wait_s,
        "overtime_s": route.overtime_s,
    }


def _stop(stop: Stop) -> Node:
    """Write a stop."""
    node: Node = {"kind": stop.kind}
    _add_value(node, "ticket", stop.ticket)
    _add_value(node, "depot", stop.depot)
    _add(node, parts=stop.parts, tools=stop.tools)
    _add_value(node, "break", stop.break_)
    node["location"] = stop.location
    node["arrive"] = _time(stop.arrive)
    node["begin"] = _time(stop.begin)
    node["leave"] = _time(stop.leave)
    node["travel_s"] = stop.travel_s
    node["travel_m"] = stop.travel_m
    return node


def _skipped(skipped: Skipped) -> Node:
    """Write a ticket that is left out."""
    return {
        "ticket": skipped.ticket,
        "verdict": skipped.verdict,
        "reasons": [_reason(reason) for reason in skipped.reasons],
    }


def _reason(reason: Reason) -> Node:
    """Write a reason."""
    node: Node = {"code": reason.code}
    _add_value(node, "engineer", reason.engineer)
    if reason.gap is not None:
        value = _price(reason.gap.value) if reason.gap.unit == "CNY" else _number(reason.gap.value)
        node["gap"] = {"value": value, "unit": reason.gap.unit}
    node["text"] = reason.text
    return node


def _solver(note: SolverNote) -> Node:
    """Write how the plan came about."""
    node: Node = {
        "engine": note.engine,
        "seed": note.seed,
        "seconds": _number(note.seconds),
        "iterations": note.iterations,
        "threads": note.threads,
    }
    if note.bound is not None:
        node["bound"] = _price(note.bound)
    if note.gap is not None:
        node["gap"] = _number(note.gap)
    return node
