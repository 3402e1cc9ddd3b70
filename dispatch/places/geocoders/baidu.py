"""Baidu 百度: its geocoding service, version 3, by geopy.

Source: Baidu's documentation, 地理编码 v3: ``precise`` is 1 where the spot itself was found; coordinates are BD-09; an
address of more than 84 bytes is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geopy.geocoders import BaiduV3

from dispatch.domain.place import CoordinateSystem
from dispatch.places.geocoders.by_geopy import ask, keep_quiet
from dispatch.places.geocoding import TIMEOUT_S, Answer

LONGEST_BYTES = 84


class Baidu:
    """Baidu's geocoder.

    Parameters
    ----------
    key, security_key
        AK of a server application, and its SK where the console asks for signed questions.
    timeout_s
        How long to wait.
    adapter_factory
        How geopy fetches; None: as it does by itself.
    """

    name = "百度"

    def __init__(
        self,
        key: str,
        *,
        security_key: str | None = None,
        timeout_s: float = TIMEOUT_S,
        adapter_factory: Callable[..., Any] | None = None,
    ) -> None:
        keep_quiet()
        self._service = BaiduV3(
            key, security_key=security_key, scheme="https", timeout=timeout_s, adapter_factory=adapter_factory
        )

    def find(self, address: str) -> Answer | None:
        """Find an address; None when Baidu knows none.

        Raises
        ------
        GeocoderError
            When there is no answer.
        """
        short = address.encode()[:LONGEST_BYTES].decode(errors="ignore")
        said = ask(self.name, self._service.geocode, short, CoordinateSystem.BD_09)
        if said is None:
            return None
        point, raw = said
        return Answer(point, exact=raw.get("precise") == 1)
