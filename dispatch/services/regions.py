"""Which regions there are, and which region and day somebody looks at who has named none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch.domain.engineer import Engineer
from dispatch.domain.errors import NotFound
from dispatch.domain.region import Region
from dispatch.storage.store import Reading


def list_regions(unit: Reading) -> tuple[Region, ...]:
    """Return all regions by id."""
    return tuple(unit.list_all(Region))


def list_engineers(unit: Reading, region_id: str) -> tuple[Engineer, ...]:
    """Return the active engineers of a region by id."""
    return tuple(unit.list_all(Engineer, region_id=region_id, active=True))


def pick_region(regions: Sequence[Region], region_id: str | None) -> Region | None:
    """Return the region of that name; without one the first, None if there is none at all.

    Raises
    ------
    NotFound
        A region was named that is not there.
    """
    if region_id is None:
        return regions[0] if regions else None
    for region in regions:
        if region.id == region_id:
            return region
    raise NotFound("Region", region_id)


def pick_day(region: Region | None, now: datetime) -> date:
    """Return today as a region's clocks have it; in Shanghai where there is no region.

    Examples
    --------
    >>> from datetime import UTC
    >>> pick_day(Region("hz", "杭州"), datetime(2026, 11, 22, 20, tzinfo=UTC))
    datetime.date(2026, 11, 23)
    """
    return now.astimezone(ZoneInfo("Asia/Shanghai" if region is None else region.zone)).date()
