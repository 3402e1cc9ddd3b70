from __future__ import annotations

import pytest

from dispatch.places.geocoders.nominatim import Nominatim
from dispatch.places.geocoding import GeocoderError
from tests.dispatch.places.geocoders.recorded import Server


def test_who_asks_is_said_and_only_one_country_is_searched() -> None:
    server = Server("[]")
    Nominatim("paidan-hangzhou", adapter_factory=server.adapter).find("文三路")
    assert server.headers[0]["User-Agent"] == "paidan-hangzhou"
    assert server.queries[0]["countrycodes"] == ["cn"]


def test_ones_own_server_may_be_asked() -> None:
    server = Server("[]")
    Nominatim("paidan", domain="maps.example:8080", scheme="http", adapter_factory=server.adapter).find("文三路")
    assert server.urls[0].startswith("http://maps.example:8080/search?")


@pytest.mark.parametrize("nobody", ["", " "])
def test_nobody_may_not_ask(nobody: str) -> None:
    with pytest.raises(ValueError, match="user_agent"):
        Nominatim(nobody)


@pytest.mark.parametrize(
    ("status", "trouble"), [("429", "quota"), ("403", "refused"), ("503", "timed_out"), ("502", "unreachable")]
)
def test_a_refusal_tells_its_kind(status: str, trouble: str) -> None:
    with pytest.raises(GeocoderError) as caught:
        Nominatim("paidan", adapter_factory=Server(fault=status).adapter).find("文三路")
    assert caught.value.trouble == trouble
