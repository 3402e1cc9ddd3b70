"""Nominatim: OpenStreetMap's geocoder, the public one or one's own, by geopy.

Source: Nominatim's manual, Search: ``place_rank`` 30 is a house or a point of interest, 26 and 27 are streets. The public
server's usage policy asks for a name of the application and at most one question a second: give :class:`Asking` a
``least_gap_s`` of 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from geopy.geocoders import Nominatim as GeopyNominatim

from dispatch.domain.place import CoordinateSystem
from dispatch.places.geocoders.by_geopy import ask, keep_quiet
from dispatch.places.geocoding import TIMEOUT_S, Answer

HOUSE_RANK = 30


class Nominatim:
    """Nominatim.

    Parameters
    ----------
    user_agent
        Who asks: the name of the installation, not empty.
    domain, scheme
        Which server, ``https`` unless it is one's own in the same house.
    country_codes
        Where to look, two letters each.
    timeout_s
        How long to wait.
    adapter_factory
        How geopy fetches; None: as it does by itself.

    Raises
    ------
    ValueError
        When the public server is to be asked without a name.
    """

    name = "Nominatim"

    def __init__(
        self,
        user_agent: str,
        *,
        domain: str = "nominatim.openstreetmap.org",
        scheme: str = "https",
        country_codes: tuple[str, ...] = ("cn",),
        timeout_s: float = TIMEOUT_S,
        adapter_factory: Callable[..., Any] | None = None,
    ) -> None:
        if not user_agent.strip():
            raise ValueError(f"user_agent must name the installation, got {user_agent!r}")
        keep_quiet()
        service = GeopyNominatim(
            user_agent=user_agent, domain=domain, scheme=scheme, timeout=timeout_s, adapter_factory=adapter_factory
        )
        self._geocode = partial(service.geocode, country_codes=list(country_codes), language="zh")

    def find(self, address: str) -> Answer | None:
        """Find an address; None when Nominatim knows none.

        Raises
        ------
        GeocoderError
            When there is no answer.
        """
        said = ask(self.name, self._geocode, address, CoordinateSystem.WGS_84)
        if said is None:
            return None
        point, raw = said
        rank = raw.get("place_rank")
        return Answer(point, exact=isinstance(rank, int) and rank >= HOUSE_RANK)
