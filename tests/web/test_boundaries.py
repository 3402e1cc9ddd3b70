"""The map's boundaries are served among the static files, from the package that finds places by them."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.places.hangzhou import get_hangzhou
from tests.web.worlds import make_monday
from web.app import make_app

DRAWN = "/static/map/hangzhou.geojson"


def make_client() -> FlaskClient:
    return make_app(*make_monday()).test_client()


def get(client: FlaskClient, path: str, tag: str = "") -> TestResponse:
    """Get a file, read to its end and closed."""
    with client.get(path, headers={"If-None-Match": tag} if tag else {}) as answer:
        answer.get_data()
    return answer


def test_the_boundaries_that_are_served_are_those_that_places_are_found_by() -> None:
    features = get(make_client(), DRAWN).get_json(force=True)["features"]
    names = [feature["properties"]["name"] for feature in features]
    assert names == [district.name for district in get_hangzhou().districts]


def test_boundaries_are_answered_like_any_static_file() -> None:
    client = make_client()
    drawn, script = get(client, DRAWN), get(client, "/static/board/map.js")
    for name in ("Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
        assert drawn.headers[name] == script.headers[name]
    again = get(client, DRAWN, drawn.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_else_is_reached_through_the_map() -> None:
    client = make_client()
    for name in ("nowhere.geojson", "../region.py", "..%2Fregion.py", "%2Fetc%2Fpasswd", "", "."):
        assert get(client, f"/static/map/{name}").status_code == 404, name
