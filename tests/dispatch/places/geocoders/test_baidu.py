from __future__ import annotations

import json

import pytest

from dispatch.places.geocoders.baidu import Baidu
from dispatch.places.geocoding import GeocoderError
from tests.dispatch.places.geocoders.recorded import Server


@pytest.mark.parametrize(
    ("status", "trouble"), [(2, "refused"), (101, "refused"), (211, "refused"), (4, "quota"), (302, "quota")]
)
def test_a_refusal_tells_its_kind(status: int, trouble: str) -> None:
    server = Server(json.dumps({"status": status}))
    with pytest.raises(GeocoderError) as caught:
        Baidu("key", adapter_factory=server.adapter).find("文三路")
    assert caught.value.trouble == trouble


def test_a_long_address_is_cut_between_characters_to_what_is_taken() -> None:
    server = Server(json.dumps({"status": 0, "result": {}}))
    Baidu("key", adapter_factory=server.adapter).find("1" + "文" * 40)
    assert server.queries[0]["address"] == ["1" + "文" * 27]


def test_a_question_is_signed_where_there_is_a_second_key() -> None:
    server = Server(json.dumps({"status": 0, "result": {}}))
    Baidu("key", security_key="second", adapter_factory=server.adapter).find("文三路")
    assert len(server.queries[0]["sn"][0]) == 32
    assert "second" not in server.urls[0]
