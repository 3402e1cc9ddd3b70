from __future__ import annotations

import json
from urllib.error import URLError

import pytest

from dispatch.places.geocoders.amap import AMap
from dispatch.places.geocoding import GeocoderError
from tests.dispatch.places.geocoders.recorded import Server


def refusal(infocode: str) -> Server:
    return Server(json.dumps({"status": "0", "info": "NO", "infocode": infocode}))


@pytest.mark.parametrize(
    ("infocode", "trouble"),
    [("10001", "refused"), ("10009", "refused"), ("10003", "quota"), ("10021", "quota"), ("10016", "unreachable")],
)
def test_a_refusal_tells_its_kind(infocode: str, trouble: str) -> None:
    with pytest.raises(GeocoderError) as caught:
        AMap("key", get=refusal(infocode).get).find("文三路")
    assert caught.value.trouble == trouble


def test_an_address_that_its_engine_cannot_read_is_unknown() -> None:
    assert AMap("key", get=refusal("30001").get).find("???") is None


def test_the_city_is_sent_when_there_is_one() -> None:
    server = refusal("30001")
    AMap("key", city="杭州", get=server.get).find("文三路")
    assert server.queries[0]["city"] == ["杭州"]


def test_a_wait_while_connecting_is_a_wait_too_long() -> None:
    def get(_url: str, _timeout_s: float) -> bytes:
        raise URLError(TimeoutError("timed out"))

    with pytest.raises(GeocoderError) as caught:
        AMap("key", get=get).find("文三路")
    assert caught.value.trouble == "timed_out"
