"""Regions, each planned on its own, and the outlets in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dispatch.domain.checks import check_record
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.place import Point


@cache
def list_zones() -> frozenset[str]:
    """Return the names of time zones that every machine reads alike: no ``localtime``, no variants of the same zones."""
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the country that is planned as one; ``zone`` is its IANA time zone.

    Examples
    --------
    >>> region = Region("hz", "杭州", "Asia/Shanghai")
    >>> [moment.isoformat() for moment in region.bounds_of(date(2026, 11, 23))]
    ['2026-11-23T00:00:00+08:00', '2026-11-24T00:00:00+08:00']
    """

    id: str
    name: str
    zone: str = "Asia/Shanghai"
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)
        try:
            ZoneInfo(self.zone)
        except (LookupError, ValueError, OSError) as unknown:
            raise ImpossibleRecord(
                "Region.zone",
                ("应为 IANA 时区名，如 Asia/Shanghai", "an IANA time zone such as Asia/Shanghai"),
                self.zone,
            ) from unknown

    def bounds_of(self, day: date) -> tuple[datetime, datetime]:
        """Return where a day begins (included) and ends (not included) in this region."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


@dataclass(frozen=True, slots=True)
class Outlet:
    """A service outlet 网点 that engineers belong to."""

    id: str
    region_id: str
    name: str
    point: Point | None = None
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)
