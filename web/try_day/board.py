"""A trial as the board shows it: people, addresses and phones are joined to the plan here, for they are in no document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dispatch.domain.place import Point
from dispatch.domain.ticket import Ticket
from dispatch.format.model import Route, Stop
from dispatch.places.hangzhou import get_hangzhou
from dispatch.services.drafted import Language
from dispatch.services.try_day import Trial
from web.board.data import Json, make_board

APPROXIMATE_CODES: Final = frozenset({"place_district", "place_region"})
"""Notes that say no more than that a point stands for an area; told together, not row by row."""

CENTRE: Final = {"zh": "{name}中心（大致）", "en": "centre of {name} (roughly)"}
SOMEWHERE: Final = {"zh": "大致位置", "en": "rough place"}


def make_trial_board(trial: Trial, lang: Language) -> Json:
    """Describe a trial for the board's scripts, in one language."""
    board = make_board(trial.plan, trial.made.request)
    names = {engineer.id: engineer.name for engineer in trial.snapshot.engineers}
    for engineer in board["engineers"]:
        engineer["name"] = names[engineer["id"]]
    records = {ticket.id: ticket for ticket in trial.snapshot.tickets}
    for id, ticket in board["tickets"].items():  # noqa: A001 - the field is called so
        ticket.update(_about(trial, records[id], lang))
    board["scheme"] = "prefix"
    board["location_names"] = name_locations(trial, lang)
    return board


def name_locations(trial: Trial, lang: Language) -> dict[str, str]:
    """Return what a person calls each location: an address, or the area that it stands for."""
    request = trial.made.request
    tickets = {ticket.id: ticket for ticket in trial.snapshot.tickets}
    homes = {engineer.id: engineer.home for engineer in trial.snapshot.engineers}
    names: dict[str, str] = {}
    areas = set()
    for ticket in request.tickets:
        record = tickets[ticket.id]
        if is_approximate(record):
            areas.add(ticket.location)
        elif record.address:
            names.setdefault(ticket.location, record.address)
    for engineer in request.engineers:
        draft, home = trial.read.engineers.get(engineer.id), homes[engineer.id]
        for shift in engineer.shifts:
            if home is None or not home.is_exact:
                areas.add(shift.start_location)
            elif draft is not None and draft.place.address:
                names.setdefault(shift.start_location, draft.place.address)
    places = {place.id: Point(place.lat, place.lon) for place in request.locations}
    return {area: _name_area(places[area], lang) for area in areas} | names


def is_approximate(ticket: Ticket) -> bool:
    """Tell whether a ticket's point stands for an area."""
    return ticket.point is None or not ticket.point.is_exact


def doubts_of(trial: Trial, line: int, lang: Language) -> list[str]:
    """Return what is in doubt about a row of the tickets, but for its point being approximate."""
    return [
        note.say(lang)
        for note in trial.read.doubts
        if note.sheet == "tickets" and note.line == line and note.code not in APPROXIMATE_CODES
    ]


def visits_of(route: Route) -> list[Stop]:
    """Return the visits of a route."""
    return [stop for stop in route.stops if stop.kind == "visit"]


def routes_by_name(trial: Trial) -> Iterable[tuple[str, Route]]:
    """Return the routes that visit somebody with the engineer's name, by the engineers' order."""
    names = {engineer.id: engineer.name for engineer in trial.snapshot.engineers}
    order = {engineer.id: index for index, engineer in enumerate(trial.made.request.engineers)}
    routes = [route for route in trial.plan.routes if visits_of(route)]
    return [(names[route.engineer], route) for route in sorted(routes, key=lambda route: order[route.engineer])]


def _about(trial: Trial, record: Ticket, lang: Language) -> dict[str, Any]:
    """Return what the sheet says of a ticket."""
    draft, found = trial.read.drafts[record.id], trial.read.found[record.id]
    return {
        "grade": record.grade.value,
        "label": draft.customer or record.id,
        "line": draft.line,
        "customer": draft.customer,
        "contact": record.contact_name,
        "phone": record.phone,
        "address": record.address,
        "fault": record.fault or None,
        "product": record.product or None,
        "note": record.door_note,
        "approximate": is_approximate(record),
        "found": found.why.say(lang),
        "doubts": doubts_of(trial, draft.line, lang),
    }


def _name_area(place: Point, lang: Language) -> str:
    district = get_hangzhou().find_district(place)
    if district is None:
        return SOMEWHERE[lang]
    return CENTRE[lang].format(name=district.name if lang == "zh" else district.name_en)
