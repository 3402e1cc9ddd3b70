"""From clues to a point: site, coordinates, geocoder, district, region, in this order.

Nothing is refused and nothing raises for what a sheet may hold: every ticket gets a point, with how it was found and what is in
doubt about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.places.address import Reading, for_geocoder, read_address
from dispatch.places.found import Clues, Found, Remark, is_somewhere
from dispatch.places.geocoding import Asking, GeocoderError, Trouble
from dispatch.places.region import District, Region

FAR_M = 5_000
"""A point that lies farther than this from the district that its address names is in doubt; boundaries are simplified."""

BEYOND_M = 100_000
"""A point that lies farther than this outside the region is nowhere anyone drives to: not believed."""

LAT_LIMIT_DEG = 90

TROUBLES: dict[Trouble, tuple[str, str]] = {
    "timed_out": ("没有及时回答", "did not answer in time"),
    "unreachable": ("无法连接", "could not be reached"),
    "refused": ("拒绝了请求，请检查密钥", "refused the question: check its key"),
    "quota": ("额度已用完", "has no quota left"),
    "no_time": ("没有被问到：查地址的时间已用完", "was not asked: the time for looking up addresses was used up"),
    "unreadable": ("返回的内容无法识别", "gave an answer that cannot be read"),
}


def locate_all(rows: Iterable[Clues], region: Region, *, geocoder: Asking | None = None) -> list[Found]:
    """Locate many, each on its own, in their order; see :func:`locate`."""
    return [locate(clues, region, geocoder=geocoder) for clues in rows]


def locate(clues: Clues, region: Region, *, geocoder: Asking | None = None) -> Found:
    """Find where a ticket is.

    Parameters
    ----------
    clues
        What is known.
    region
        Where tickets are expected.
    geocoder
        Whom to ask, None: nobody.

    Examples
    --------
    >>> from dispatch.places.hangzhou import get_hangzhou
    >>> found = locate(Clues(address="余杭区文一西路969号"), get_hangzhou())
    >>> found.point.found_by.value, found.point.is_exact, found.why.say("zh")
    ('district', False, '地址写了余杭区，暂放在该区中心')
    """
    reading = read_address(clues.address, region)
    search = _Search(region, reading)
    return (
        search.by_site(clues)
        or search.by_coordinates(clues)
        or (geocoder and search.by_geocoder(clues, geocoder))
        or search.by_district()
        or search.by_region()
    )


class _Search:
    """One ticket's way through the order; doubts add up as each way fails."""

    def __init__(self, region: Region, reading: Reading) -> None:
        self._region = region
        self._reading = reading
        self._doubts = list(reading.doubts)
        self._suggestion: Point | None = None

    def by_site(self, clues: Clues) -> Found | None:
        """Take the customer's known site."""
        if clues.site is None:
            return None
        if not is_somewhere(clues.site):
            self._doubts.append(_impossible(clues.site))
            return None
        why = Remark("site", zh="客户现场的已知位置", en="the known place of the customer's site")
        return self._found(clues.site, FoundBy.SITE, why, exact=True)

    def by_coordinates(self, clues: Clues) -> Found | None:
        """Take the row's own coordinates, unless they are impossible or nowhere near."""
        point = clues.point
        if point is None:
            return None
        if not is_somewhere(point):
            self._doubts.append(_impossible(point))
            return None
        if self._region.metres_to(point) > BEYOND_M:
            self._doubts.append(_beyond(point, self._region))
            self._suggest_swapped(point)
            return None
        if not point.is_exact:
            self._doubts.append(
                Remark("coarse", zh="经纬度小数位太少，误差约一公里", en="so few decimals: off by about a kilometre")
            )
        why = Remark("coordinates", zh="表中的经纬度", en="the row's own coordinates")
        return self._found(point, FoundBy.COORDINATES, why, exact=point.is_exact)

    def _suggest_swapped(self, point: Point) -> None:
        if abs(point.lon_deg) > LAT_LIMIT_DEG:
            return
        swapped = Point(point.lon_deg, point.lat_deg)
        if self._region.metres_to(swapped) > 0:
            return
        self._suggestion = swapped
        district = self._region.find_district(swapped)
        zh, en = (district.name, district.name_en) if district else (self._region.name, self._region.name_en)
        self._doubts.append(
            Remark(
                "swapped",
                zh=f"经纬度像是填反了：对调后在{zh}",
                en=f"latitude and longitude look swapped: the other way round they lie in {en}",
            )
        )

    def by_geocoder(self, clues: Clues, geocoder: Asking) -> Found | None:
        """Ask a geocoder for the address alone."""
        address = for_geocoder(clues.address, self._region)
        if not address:
            return None
        try:
            answer = geocoder.find(address)
        except GeocoderError as error:
            zh, en = TROUBLES[error.trouble]
            self._doubts.append(
                Remark("geocoder_failed", zh=f"{geocoder.name} {zh}", en=f"{geocoder.name} {en}"),
            )
            return None
        if answer is None or not is_somewhere(answer.point):
            self._doubts.append(
                Remark(
                    "not_found", zh=f"{geocoder.name} 查不到这个地址", en=f"{geocoder.name} does not know the address"
                )
            )
            return None
        if self._region.metres_to(answer.point) > BEYOND_M:
            self._doubts.append(_beyond(answer.point, self._region))
            return None
        why = (
            Remark("geocoder", zh=f"由 {geocoder.name} 按地址查到", en=f"{geocoder.name} found the address")
            if answer.exact
            else Remark(
                "geocoder_roughly",
                zh=f"{geocoder.name} 只查到大致位置",
                en=f"{geocoder.name} knows only roughly where the address is",
            )
        )
        return self._found(answer.point, FoundBy.GEOCODER, why, exact=answer.exact)

    def by_district(self) -> Found | None:
        """Take the centre of the district that the address names."""
        district = self._reading.district
        if district is None:
            return None
        why = Remark(
            "district",
            zh=f"地址写了{self._reading.named}，暂放在{_area_zh(self._reading.named, district)}中心",
            en=f"the address names {self._reading.named}: put at the centre of {district.name_en} for now",
        )
        return self._found(district.centre, FoundBy.DISTRICT, why, exact=False)

    def by_region(self) -> Found:
        """Take the region's centre."""
        why = Remark(
            "region",
            zh=f"地址中没有可识别的区县，暂放在{self._region.name}中心",
            en=f"the address names no district known here: put at the centre of {self._region.name_en} for now",
        )
        return self._found(self._region.centre, FoundBy.REGION, why, exact=False)

    def _found(self, point: Point, how: FoundBy, why: Remark, *, exact: bool) -> Found:
        inside = self._region.find_district(point)
        if how not in {FoundBy.DISTRICT, FoundBy.REGION}:
            self._doubts.extend(self._misfits(point))
        return Found(
            point=replace(point, precision=Precision.EXACT if exact else Precision.APPROXIMATE, found_by=how),
            why=why,
            district=None if inside is None else inside.code,
            doubts=tuple(self._doubts),
            suggestion=self._suggestion,
        )

    def _misfits(self, point: Point) -> list[Remark]:
        """Say where a point lies that it should not."""
        outside_m = self._region.metres_to(point)
        if outside_m > 0:
            return [_outside(outside_m, self._region)]
        district = self._reading.district
        if district is None:
            return []
        far_m = district.metres_to(point)
        if far_m <= FAR_M:
            return []
        return [
            Remark(
                "far_from_district",
                zh=f"位置距地址所写的{district.name}有 {_km(far_m)} 公里",
                en=f"the point lies {_km(far_m)} km from {district.name_en}, which the address names",
            )
        ]


def _area_zh(named: str, district: District) -> str:
    """Return how a sentence goes on after the word of the address: 该区 for the district itself, else its name."""
    return f"该{district.name[-1]}" if named == district.name else district.name


def _km(metres: float) -> str:
    """Write kilometres: one decimal below 10, whole ones from there on."""
    return f"{metres / 1000:.1f}" if metres < 10_000 else f"{metres / 1000:.0f}"  # noqa: PLR2004


def _impossible(point: Point) -> Remark:
    return Remark(
        "impossible",
        zh=f"经纬度不可能：纬度 {point.lat_deg:g}，经度 {point.lon_deg:g}",
        en=f"impossible coordinates: latitude {point.lat_deg:g}, longitude {point.lon_deg:g}",
    )


def _outside(outside_m: float, region: Region) -> Remark:
    return Remark(
        "outside_region",
        zh=f"位置在{region.name}以外 {_km(outside_m)} 公里",
        en=f"the point lies {_km(outside_m)} km outside {region.name_en}",
    )


def _beyond(point: Point, region: Region) -> Remark:
    return Remark(
        "beyond_region",
        zh=f"位置({point.lat_deg:g}, {point.lon_deg:g})距{region.name} {_km(region.metres_to(point))} 公里，未采用",
        en=f"the point ({point.lat_deg:g}, {point.lon_deg:g}) lies {_km(region.metres_to(point))} km outside "
        f"{region.name_en}: not used",
    )
