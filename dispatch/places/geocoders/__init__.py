"""Geocoders, one service a file; each is listed in :data:`SERVICES` and passes the shared contract test.

Each takes what its service needs (a key, its own conversion to WGS-84) and a way to fetch, so that tests need no network.
Importing this package imports no adapter: whoever configures one imports its module.
"""

from __future__ import annotations

SERVICES: tuple[str, ...] = ("amap", "baidu", "nominatim")
"""Names of the modules, each with a class of the protocol :class:`dispatch.places.geocoding.Geocoder`."""
