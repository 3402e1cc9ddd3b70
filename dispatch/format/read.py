"""The door: documents in, requests and plans out, or all that is wrong with them."""

from __future__ import annotations

from typing import Any, Final, cast

from dispatch.format.cross_checks import check_previous, find_after_cycles
from dispatch.format.model import Plan, Request
from dispatch.format.parsers import BAD, Parsed, Reading, Shape, list_of, nullable, read_time, read_version
from dispatch.format.paths import Path
from dispatch.format.plan_shapes import PLAN
from dispatch.format.request_shapes import DEPOT, ENGINEER, PREVIOUS, TICKET, WEIGHTS, read_parts
from dispatch.format.strict_json import load_json
from dispatch.format.travel_shapes import LOCATION, read_travel


def read_request(data: bytes | str) -> Request:
    """Read a request, or refuse it with everything that is wrong with it.

    Parameters
    ----------
    data
        One JSON document of planning format 1; UTF-8 when bytes.

    Raises
    ------
    InvalidDocument
        The document breaks the format; its ``faults`` are all that is wrong, in the document's order, followed by what
        is wrong between its parts. Tell them to whoever wrote it.
    """
    document, faults = load_json(data)
    reading = Reading(faults)
    request = REQUEST(reading, document, None)
    reading.finish()
    return cast("Request", request)


def read_plan(data: bytes | str, request: Request | None = None) -> Plan:
    """Read a plan, or refuse it with everything that is wrong with it.

    Whether the plan is legal is not asked here: that is the judge's work.

    Parameters
    ----------
    data
        One JSON document of planning format 1; UTF-8 when bytes.
    request
        What was planned; with it, references to nothing are faults.

    Raises
    ------
    InvalidDocument
        The document breaks the format; its ``faults`` are all that is wrong.
    """
    document, faults = load_json(data)
    reading = Reading(faults)
    plan = PLAN(reading, document, None)
    if request is not None:
        _follow_into(reading, request)
    reading.finish()
    return cast("Plan", plan)


def _follow_into(reading: Reading, request: Request) -> None:
    """Note the plan's references to what the request has not."""
    tickets: dict[str, Path] = {ticket.id: None for ticket in request.tickets}
    previous = request.previous
    reading.ids = {
        "location": {location.id: None for location in request.locations},
        "engineer": {engineer.id: None for engineer in request.engineers},
        "depot": {depot.id: None for depot in request.depots},
        "ticket": tickets,
        "pinned ticket": {**tickets, **({visit.ticket: None for visit in previous.visits} if previous else {})},
    }
    reading.follow_references(
        {
            "location": "one of the request's locations",
            "engineer": "one of the request's engineers",
            "depot": "one of the request's depots",
            "ticket": "one of the request's tickets",
            "pinned ticket": "one of the request's tickets",
        }
    )
    reading.follow_shifts({engineer.id: {shift.id for shift in engineer.shifts} for engineer in request.engineers})


def _read_locations(reading: Reading, value: object, path: Path) -> Parsed:
    """Read the locations; travel needs to know how many there are."""
    if type(value) is list:
        reading.size = len(value)
    return _list_of_locations(reading, value, path)


_list_of_locations: Final = list_of(LOCATION, "locations {id, lat, lon}")


def _check_request(reading: Reading, request: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Note what is wrong between the parts of a request."""
    if request.now is not BAD and request.depots is not BAD:
        _check_inbound(reading, request, raw, path)
    kinds = {}
    if request.locations is not BAD:
        kinds["location"] = "one of locations"
    if request.engineers is not BAD:
        kinds["engineer"] = "one of engineers"
        reading.follow_shifts(_list_shift_ids(request.engineers))
    previous = request.previous
    if request.tickets is not BAD:
        if previous is None or (previous is not BAD and previous.finished is not BAD):
            kinds["earlier ticket"] = "one of tickets or of previous.finished"
        find_after_cycles(reading, request.tickets, (path, "tickets"))
    reading.ids["earlier ticket"] = {**reading.ids.get("finished ticket", {}), **reading.ids.get("ticket", {})}
    reading.follow_references(kinds)
    if previous is not None and previous is not BAD:
        check_previous(reading, request, raw, (path, "previous"))


def _check_inbound(reading: Reading, request: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse deliveries that are already there."""
    for index, depot in enumerate(request.depots):
        if depot is BAD or depot.inbound is BAD:
            continue
        for number, delivery in enumerate(depot.inbound):
            if delivery is not BAD and delivery.at is not BAD and delivery.at <= request.now:
                where = (((((path, "depots"), index), "inbound"), number), "at")
                found = raw["depots"][index]["inbound"][number]["at"]
                message = "is not after now, expected a later time (what has arrived is stock)"
                reading.refuse("impossible_value", where, found, message)


def _list_shift_ids(engineers: tuple[Parsed, ...]) -> dict[str, set[str]]:
    """Give the shift ids of each engineer whose shifts could be read; of two with one id, those of both."""
    ids: dict[str, set[str]] = {}
    for engineer in engineers:
        if engineer is not BAD and engineer.id is not BAD and engineer.shifts is not BAD:
            ids.setdefault(engineer.id, set()).update(shift.id for shift in engineer.shifts if shift is not BAD)
    return ids


REQUEST: Final = Shape(
    "a request",
    Request,
    {
        "version": read_version,
        "now": read_time,
        "locations": _read_locations,
        "travel": read_travel,
        "engineers": list_of(ENGINEER, "engineers"),
        "tickets": list_of(TICKET, "tickets"),
    },
    {
        "parts": read_parts,
        "depots": list_of(DEPOT, "depots"),
        "previous": nullable(PREVIOUS),
        "weights": WEIGHTS,
    },
    check=_check_request,
    unnamed=frozenset(("version",)),
)
