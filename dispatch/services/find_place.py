"""Find where a ticket is that is taken in: at its site, else from its address, in the region that it is reported to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dispatch.domain.customer import Site
from dispatch.domain.engineer import Engineer
from dispatch.domain.place import FoundBy, Point
from dispatch.domain.region import Region
from dispatch.places.found import Clues, Found
from dispatch.places.geocoding import Asking
from dispatch.places.locate import locate
from dispatch.places.region import Region as Area
from dispatch.services.drafted import area_around
from dispatch.storage.store import Reading


def find_place(unit: Reading, region_id: str, address: str, geocoder: Asking | None = None) -> Found:
    """Find a point for an address; there always is one, perhaps approximate.

    Parameters
    ----------
    region_id
        Where it is expected: Hangzhou, or around the homes of the region's engineers where these lie farther off than anyone
        drives.
    geocoder
        Whom to ask; None: nobody.

    Raises
    ------
    NotFound
        There is no such region.
    """
    region = unit.get(Region, region_id)
    return locate(Clues(address=address), _area_of(unit, region), geocoder=geocoder)


def find_point(
    unit: Reading, region_id: str, fields: Mapping[str, Any], geocoder: Asking | None = None
) -> Point | None:
    """Find the point of a ticket that has none: its site's, else what its address, or its site's, leads to.

    Ask a geocoder in a unit that only reads: its answer may take seconds.

    Parameters
    ----------
    fields
        What is known, by the fields of :class:`~dispatch.domain.ticket.Ticket`.

    Returns
    -------
    Point or None
        None: neither a site nor an address is known.

    Raises
    ------
    NotFound
        There is no such region.
    """
    site = unit.find(Site, fields["site_id"]) if fields.get("site_id") else None
    if site is not None and site.point is not None:
        return replace(site.point, found_by=FoundBy.SITE)
    address = fields.get("address") or (site.address if site is not None else "")
    return find_place(unit, region_id, address, geocoder).point if address else None


def _area_of(unit: Reading, region: Region) -> Area:
    """Return the area in which a region's tickets are expected."""
    engineers = unit.list_all(Engineer, region_id=region.id, active=True)
    homes = [engineer.home for engineer in engineers if engineer.home is not None]
    return area_around(homes, region.name, region.name)
