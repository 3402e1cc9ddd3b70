"""Addresses that a phone opens by itself: a call, a way on the map that is installed."""

from __future__ import annotations

import re
from urllib.parse import quote

from dispatch.domain.place import Point

AMAP = "https://uri.amap.com"
"""AMap's addresses for links: its application opens if it is there, else its page.

Source: its document of URI calls for phones and browsers; ``coordinate=wgs84`` says that the degrees are those of GPS.
"""

_DIALLED = re.compile(r"\+?[\d\s()-]{5,}")


def make_call(phone: str) -> str:
    """Return the address that calls a number; of several the first one, an extension after a pause.

    Examples
    --------
    >>> make_call("0571-0123 4567 转 12"), make_call("13800000000/13900000000")
    ('tel:057101234567', 'tel:13800000000')
    """
    found = _DIALLED.search(phone)
    text = found.group() if found else phone
    return "tel:" + re.sub(r"[^\d+]", "", text)


def make_geo(point: Point | None, address: str | None, label: str) -> str | None:
    """Return a ``geo:`` address, which Android hands to the map of choice; None if there is nothing to go by.

    An exact point is gone to; an approximate one is never a goal: then the map looks the address up. Source: RFC 5870, and the
    query that Android's maps read.

    Examples
    --------
    >>> make_geo(Point(30.25, 120.19), None, "WX1")
    'geo:30.25,120.19?q=30.25,120.19(WX1)'
    """
    if point is not None and point.is_exact:
        where = f"{point.lat_deg:.6f}".rstrip("0").rstrip("."), f"{point.lon_deg:.6f}".rstrip("0").rstrip(".")
        here = ",".join(where)
        return f"geo:{here}?q={here}({quote(label)})"
    return f"geo:0,0?q={quote(address)}" if address else None


def make_amap(point: Point | None, address: str | None, label: str) -> str | None:
    """Return AMap's address: the way to an exact point, else a search for the address; None if there is neither.

    Examples
    --------
    >>> make_amap(Point(30.25, 120.19), None, "WX1")
    'https://uri.amap.com/navigation?to=120.190000,30.250000,WX1&mode=car&coordinate=wgs84&callnative=1'
    """
    if point is not None and point.is_exact:
        goal = f"{point.lon_deg:.6f},{point.lat_deg:.6f},{quote(label)}"
        return f"{AMAP}/navigation?to={goal}&mode=car&coordinate=wgs84&callnative=1"
    return f"{AMAP}/search?keyword={quote(address)}&callnative=1" if address else None
