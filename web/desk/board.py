"""A live day as the board's scripts show it: people, addresses and phones are joined to the plan here, for they are in no document."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext

from dispatch.domain.place import FoundBy, Point
from dispatch.domain.plan import Visit
from dispatch.domain.ticket import Ticket
from dispatch.places.hangzhou import get_hangzhou
from dispatch.planning.retell import retell
from dispatch.rulebook.line import Language
from dispatch.services.live_day import LiveDay
from web.board.data import Json, make_board
from web.desk.words import name_found_by, name_state

WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""What may be an id in a sentence."""

FRESH: Final = "fresh"
"""Verdict of a ticket that the shown plan does not know yet."""


def make_live_board(live: LiveDay, *, lang: Language, now: datetime) -> Json:
    """Describe a live day for the board's scripts, in one language."""
    board = make_board(live.plan, live.request)
    snapshot = live.day.snapshot
    midnight = datetime.combine(datetime.fromisoformat(board["origin"]), time(), ZoneInfo(snapshot.region.zone))
    names = {engineer.id: engineer.name for engineer in snapshot.engineers}
    for engineer in board["engineers"]:
        engineer["name"] = names.get(engineer["id"], engineer["id"])
    records = {ticket.id: ticket for ticket in snapshot.tickets}
    _add_carried(board, live.carried, records, names, midnight)
    board["depot_names"] = {depot.id: depot.name for depot in snapshot.depots if depot.id in board["depots"]}
    places = board["locations"]
    board["location_names"] = {}
    for id_, ticket in board["tickets"].items():
        record = records.get(id_)
        if record is not None:
            ticket.update(tell_record(live, record))
            _name_place(board["location_names"], ticket, places, lang)
    for skipped in board["skipped"]:
        for reason in skipped["reasons"]:
            reason["text"] = say_names(retell(reason["text"], lang), board)
    board["skipped"] = [*({"ticket": id_, "verdict": FRESH, "reasons": []} for id_ in live.fresh), *board["skipped"]]
    board["figures"]["skipped"] = len(board["skipped"])
    board["scheme"] = "prefix"
    board["now"] = round((now - midnight).total_seconds())
    return board


def say_names(sentence: str, board: Json) -> str:
    """Say names where a rule's sentence has ids of engineers and tickets."""
    names = {engineer["id"]: engineer["name"] for engineer in board["engineers"]}
    return WORD.sub(
        lambda word: (
            names.get(word.group()) or (call(word.group(), board) if word.group() in board["tickets"] else word.group())
        ),
        sentence,
    )


def call(id: str, board: Json) -> str:  # noqa: A002 - the field is called so
    """Return what a person calls a ticket, with its number."""
    label = board["tickets"].get(id, {}).get("label", id)
    return id if label == id else f"{label} {id}"


def tell_record(live: LiveDay, record: Ticket) -> Json:
    """Return what the records say of a ticket; what it does not say itself its site and its customer do."""
    snapshot = live.day.snapshot
    site = next((site for site in snapshot.sites if site.id == record.site_id), None)
    customer_id = record.customer_id or (site.customer_id if site else None)
    customer = next((one for one in snapshot.customers if one.id == customer_id), None)
    point = record.point or (site.point if site else None)
    contact = record.contact_name or (site.contact_name if site else None)
    return {
        "grade": record.grade.value,
        "label": customer.name if customer else contact or record.id,
        "contact": contact,
        "phone": record.phone or (site.phone if site else None) or (customer.phone if customer else None),
        "address": record.address or (site.address if site else None),
        "fault": record.fault or None,
        "product": record.product or None,
        "note": record.door_note or (site.door_note if site else None),
        "approximate": point is None or not point.is_exact,
        "found": name_found_by(point.found_by if point else FoundBy.REGION),
        "state": name_state(record.state),
        "version": record.version,
        "pinned": record.id in live.pinned,
        "doubts": [gettext("The point was moved after this plan was made: re-plan.")]
        if record.id in live.moved_pins and live.shown
        else [],
    }


def _name_place(names: dict[str, str], ticket: Json, places: Json, lang: str) -> None:
    """Say what a person calls the location of a ticket."""
    location = ticket.get("location")
    if location is None:
        return
    if ticket["approximate"]:
        names[location] = _name_area(places[location], lang)
    elif ticket["address"]:
        names.setdefault(location, ticket["address"])


def _name_area(degrees: list[float], lang: str) -> str:
    """Return the area that an approximate point stands for."""
    lat_deg, lon_deg = degrees
    district = get_hangzhou().find_district(Point(lat_deg, lon_deg))
    if district is None:
        return str(gettext("rough place"))
    return str(gettext("centre of %(name)s (roughly)", name=district.name if lang == "zh" else district.name_en))


def _add_carried(
    board: Json, carried: tuple[Visit, ...], records: dict[str, Ticket], names: dict[str, str], midnight: datetime
) -> None:
    """Put visits that are done or under way before the rest of their routes."""

    def at(moment: datetime) -> int:
        return round((moment - midnight).total_seconds())

    routes = {route["shift"]: route for route in board["routes"]}
    listed = {engineer["id"] for engineer in board["engineers"]}
    done: dict[str, list[Json]] = {}
    for visit in sorted(carried, key=lambda visit: (visit.shift_id, visit.place)):
        record = records.get(visit.ticket_id)
        location = f"@{visit.ticket_id}"
        if record is not None and record.point is not None:
            board["locations"][location] = _degrees(record.point)
        if visit.ticket_id not in board["tickets"]:
            board["tickets"][visit.ticket_id] = {"id": visit.ticket_id, "grade": "plain", "location": location}
            board["tickets"][visit.ticket_id] |= _nothing_needed()
            board["figures"]["tickets"] += 1
            board["figures"]["served"] += 1
        stop: Json = {"kind": "visit", "ticket": visit.ticket_id, "location": location}
        stop |= {"arrive": at(visit.arrive_at), "begin": at(visit.begin_at), "leave": at(visit.leave_at)}
        done.setdefault(visit.shift_id, []).append({**stop, "travel_s": visit.travel_s, "travel_m": visit.travel_m})
        route = routes.get(visit.shift_id)
        if route is None:
            own: Json = {"engineer": visit.engineer_id, "shift": visit.shift_id, "stops": [], "overtime_s": 0}
            own |= {"day": at(visit.begin_at) // 86_400, "travel_s": 0, "travel_m": 0, "work_s": 0, "wait_s": 0}
            routes[visit.shift_id] = own
            board["routes"].append(own)
            if visit.engineer_id not in listed:
                listed.add(visit.engineer_id)
                name = names.get(visit.engineer_id, visit.engineer_id)
                board["engineers"].append({"id": visit.engineer_id, "name": name, "shifts": []} | _no_means())
    for shift_id, stops in done.items():
        route = routes[shift_id]
        rest = [stop for stop in route["stops"] if stop["kind"] != "start"]
        route["stops"] = [*stops, *rest]
        for stop in stops:
            for key in ("travel_s", "travel_m"):
                route[key] += stop[key]
            route["work_s"] += stop["leave"] - stop["begin"]
            route["wait_s"] += stop["begin"] - stop["arrive"]


def _nothing_needed() -> dict[str, Any]:
    """Return what a ticket asks for that is in no request any more."""
    return {"windows": [], "requires": {}, "parts": {}, "tools": [], "pairs": [], "prefer": [], "setup_s": 0}


def _no_means() -> dict[str, Any]:
    """Return what is known of an engineer whose shift is over."""
    return {"skills": {}, "skills_until": {}, "van": {}, "tools": []}


def _degrees(point: Point) -> list[float]:
    """Return a point as the board has it."""
    return [point.lat_deg, point.lon_deg]
