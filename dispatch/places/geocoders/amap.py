"""AMap 高德: its geocoding service by HTTP, version 3.

Source: AMap's web service documentation, 地理编码: ``GET https://restapi.amap.com/v3/geocode/geo`` with ``key``, ``address``
and ``city``; the answer's ``status`` is "1" or "0" with an ``infocode``, each of ``geocodes`` has ``location`` ("lon,lat" in
GCJ-02) and ``level``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from dispatch.domain.coordinates import to_wgs84
from dispatch.domain.place import CoordinateSystem, Point
from dispatch.places.geocoding import TIMEOUT_S, Answer, GeocoderError, Trouble

URL = "https://restapi.amap.com/v3/geocode/geo"

EXACT_LEVELS = frozenset({"门牌号", "门址", "单元号", "楼栋号", "兴趣点", "道路交叉路口", "公交站台", "地铁站"})
"""Levels of a match that are one spot; a street, a village or a district is an area."""

QUOTA_CODES = frozenset({"10003", "10004", "10010", "10014", "10019", "10020", "10021", "10029", "10044", "10045"})
"""``infocode`` of questions too many: by day, by second, by service or address."""

BUSY_CODES = frozenset({"10016", "10017", "20003"})
"""``infocode`` of a service that is busy or failed."""

LARGEST_BYTES = 1_000_000

Fetch = Callable[[str, float], bytes]
"""Gets a URL within seconds; raises ``TimeoutError`` or another ``OSError``."""


def fetch(url: str, timeout_s: float) -> bytes:
    """Get a URL by HTTPS, at most :data:`LARGEST_BYTES` of the answer."""
    request = Request(url, headers={"User-Agent": "paidan"})  # noqa: S310 - the scheme stands in URL
    with urlopen(request, timeout=timeout_s) as answer:  # noqa: S310 - the same
        body: bytes = answer.read(LARGEST_BYTES)
    return body


class AMap:
    """AMap's geocoder.

    Parameters
    ----------
    key
        Key of a web service (Web服务), from AMap's console.
    city
        Where to look first: a name or a code of six digits; empty: everywhere.
    timeout_s, get
        How long to wait, and how to fetch.
    """

    name = "高德"

    def __init__(self, key: str, *, city: str = "", timeout_s: float = TIMEOUT_S, get: Fetch = fetch) -> None:
        self._key = key
        self._city = city
        self._timeout_s = timeout_s
        self._get = get

    def find(self, address: str) -> Answer | None:
        """Find an address; None when AMap knows none.

        Raises
        ------
        GeocoderError
            When there is no answer.
        """
        asked = {"key": self._key, "address": address, "output": "JSON"}
        if self._city:
            asked["city"] = self._city
        try:
            body = self._get(f"{URL}?{urlencode(asked)}", self._timeout_s)
        except OSError as error:
            raise GeocoderError(self.name, _trouble_of(error)) from None
        try:
            return self._read(json.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise GeocoderError(self.name, "unreadable") from None

    def _read(self, said: dict[str, Any]) -> Answer | None:
        if said["status"] != "1":
            code = said["infocode"]
            if code == "30001":  # the engine finds nothing that it could answer
                return None
            raise GeocoderError(self.name, _trouble_with(code))
        if not said["geocodes"]:
            return None
        first = said["geocodes"][0]
        lon_deg, lat_deg = (float(degrees) for degrees in first["location"].split(","))
        return Answer(Point(*to_wgs84(lat_deg, lon_deg, CoordinateSystem.GCJ_02)), exact=first["level"] in EXACT_LEVELS)


def _trouble_with(infocode: str) -> Trouble:
    if infocode in QUOTA_CODES:
        return "quota"
    return "unreachable" if infocode in BUSY_CODES else "refused"


def _trouble_of(error: OSError) -> Trouble:
    """Tell a wait too long from no connection; urllib wraps the former while connecting."""
    reason = error.reason if isinstance(error, URLError) else error
    return "timed_out" if isinstance(reason, TimeoutError) else "unreachable"
