"""What is asked of every geocoder, on recorded answers: no network."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from dispatch.domain.coordinates import to_wgs84
from dispatch.domain.place import CoordinateSystem, Point
from dispatch.places.geocoders import SERVICES
from dispatch.places.geocoders.amap import AMap
from dispatch.places.geocoders.baidu import Baidu
from dispatch.places.geocoders.nominatim import Nominatim
from dispatch.places.geocoding import Geocoder, GeocoderError
from tests.architecture.sources import ROOT, modules_under
from tests.dispatch.places.geocoders.recorded import Server

ADDRESS = "杭州市西湖区文三路138号"
KEY = "secret-key"


@dataclass(frozen=True)
class Service:
    name: str
    make: Callable[[Server], Geocoder]
    door: object
    area: object
    nothing: object
    point: Point
    parameter: str


AMAP_DOOR = {"location": "120.130396,30.277190", "level": "门牌号", "district": "西湖区"}
BAIDU_DOOR = {"location": {"lng": 120.136834, "lat": 30.283018}, "precise": 1, "confidence": 80, "level": "门址"}
OSM_DOOR = {"lat": "30.2771", "lon": "120.1303", "display_name": "文三路138号", "place_rank": 30}

EVERY = (
    Service(
        "amap",
        lambda server: AMap(KEY, timeout_s=2.5, get=server.get),
        {"status": "1", "infocode": "10000", "count": "1", "geocodes": [AMAP_DOOR]},
        {"status": "1", "infocode": "10000", "count": "1", "geocodes": [AMAP_DOOR | {"level": "区县"}]},
        {"status": "1", "infocode": "10000", "count": "0", "geocodes": []},
        Point(*to_wgs84(30.277190, 120.130396, CoordinateSystem.GCJ_02)),
        "address",
    ),
    Service(
        "baidu",
        lambda server: Baidu(KEY, timeout_s=2.5, adapter_factory=server.adapter),
        {"status": 0, "result": BAIDU_DOOR},
        {"status": 0, "result": BAIDU_DOOR | {"precise": 0}},
        {"status": 0, "result": {}},
        Point(*to_wgs84(30.283018, 120.136834, CoordinateSystem.BD_09)),
        "address",
    ),
    Service(
        "nominatim",
        lambda server: Nominatim("paidan-test", timeout_s=2.5, adapter_factory=server.adapter),
        [OSM_DOOR],
        [OSM_DOOR | {"place_rank": 26}],
        [],
        Point(30.2771, 120.1303),
        "q",
    ),
)


@pytest.fixture(params=EVERY, ids=lambda service: service.name)
def service(request: pytest.FixtureRequest) -> Service:
    chosen: Service = request.param
    return chosen


def test_every_geocoder_is_listed_and_tried_here_and_has_its_twin() -> None:
    assert tuple(service.name for service in EVERY) == SERVICES
    modules = {path.stem for path in modules_under("dispatch/places/geocoders")} - {"by_geopy"}
    assert modules == set(SERVICES)
    twins = ROOT / "tests" / "dispatch" / "places" / "geocoders"
    assert [name for name in SERVICES if not (twins / f"test_{name}.py").is_file()] == []


def test_a_door_is_found_exactly_and_in_wgs84(service: Service) -> None:
    answer = service.make(Server(json.dumps(service.door))).find(ADDRESS)
    assert answer is not None
    assert answer.exact
    assert (answer.point.lat_deg, answer.point.lon_deg) == pytest.approx((service.point.lat_deg, service.point.lon_deg))


def test_an_area_is_not_exact(service: Service) -> None:
    answer = service.make(Server(json.dumps(service.area))).find(ADDRESS)
    assert answer is not None
    assert not answer.exact


def test_an_unknown_address_is_none(service: Service) -> None:
    assert service.make(Server(json.dumps(service.nothing))).find("没有这个地方") is None


def test_only_the_address_is_sent_once_by_https_with_a_time_limit(service: Service) -> None:
    server = Server(json.dumps(service.door))
    service.make(server).find(ADDRESS)
    (url,), (query,) = server.urls, server.queries
    assert url.startswith("https://")
    assert query.pop(service.parameter) == [ADDRESS]
    settings = {"key", "ak", "output", "format", "limit", "accept-language", "countrycodes"}
    assert set(query) <= settings
    assert server.timeouts == [2.5]


@pytest.mark.parametrize(("fault", "trouble"), [("timeout", "timed_out"), ("down", "unreachable")])
def test_a_service_that_does_not_answer_is_a_failure_with_its_kind(service: Service, fault: str, trouble: str) -> None:
    with pytest.raises(GeocoderError) as caught:
        service.make(Server(fault=fault)).find(ADDRESS)
    assert caught.value.trouble == trouble


@pytest.mark.parametrize("body", ["<html>", "{}", "3", '"?"', "null", '{"status":"1"}', '[{"lat":"x","lon":"y"}]'])
def test_any_other_answer_is_none_or_a_failure_and_nothing_else(service: Service, body: str) -> None:
    geocoder = service.make(Server(body))
    with contextlib.suppress(GeocoderError):
        assert geocoder.find(ADDRESS) is None


@pytest.mark.parametrize("fault", ["timeout", "down"])
def test_no_failure_tells_the_key_or_the_address(service: Service, fault: str) -> None:
    with pytest.raises(GeocoderError) as caught:
        service.make(Server(fault=fault)).find(ADDRESS)
    assert KEY not in str(caught.value)
    assert ADDRESS not in str(caught.value)
    assert caught.value.__suppress_context__


def test_nothing_of_a_question_is_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    geocoder = service.make(Server(json.dumps(service.door)))
    caplog.set_level("DEBUG")
    geocoder.find(ADDRESS)
    assert caplog.records == []
