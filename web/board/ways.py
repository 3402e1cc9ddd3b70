"""The ways of a board's routes, as its map draws them: asked for after the page is there, so that nobody waits for them."""

from __future__ import annotations

from itertools import pairwise

from flask_babel import gettext

from dispatch.services.drafted import Language
from dispatch.travel.travel_times import Points
from dispatch.travel.ways import Ways
from web.board.data import Json

DECIMALS = 5
"""Of the degrees that are sent: a metre."""


def describe_ways(board: Json, ways: Ways, lang: Language) -> Json:
    """Find the ways between the stops of all routes of a board.

    Returns
    -------
    dict
        ``ways``: a list of from, to (location ids) and the line from one to the other as pairs of latitude and longitude,
        each leg once. A leg that is not in it has no known way; so has one to or from a place of which only the area is known:
        a line along streets would look exact. ``trouble``: a sentence, empty when all was answered.
    """
    legs = list_legs(board)
    places = board["locations"]
    ends = [
        Points(*zip(*(places[leg[end]] for leg in legs), strict=True)) if legs else Points([], []) for end in (0, 1)
    ]
    drawn = ways.find_ways(*ends)
    found = [
        [*leg, [[round(lat, DECIMALS), round(lon, DECIMALS)] for lat, lon in _pairs(line)]]
        for leg, line in zip(legs, drawn.lines, strict=True)
        if line is not None
    ]
    why = "" if drawn.trouble is None else gettext("Ways are drawn straight: %(why)s", why=drawn.trouble.say(lang))
    return {"ways": found, "trouble": why}


def list_legs(board: Json) -> list[tuple[str, str]]:
    """Return the legs to draw along roads: location ids of two stops after one another, both known exactly, each leg once."""
    legs: dict[tuple[str, str], None] = {}
    rough = {
        location
        for ticket in board["tickets"].values()
        if ticket.get("approximate") and (location := ticket.get("location")) is not None
    }
    for route in board["routes"]:
        stops = [stop["location"] for stop in route["stops"] if stop["location"] in board["locations"]]
        for leg in pairwise(stops):
            if leg[0] != leg[1] and not rough.intersection(leg):
                legs[leg] = None
    return list(legs)


def _pairs(line: Points) -> list[tuple[float, float]]:
    return list(zip(line.lat_deg.tolist(), line.lon_deg.tolist(), strict=True))
