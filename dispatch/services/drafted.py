"""From the drafts of a sheet to records: places looked for, ids given, nothing stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final, Literal

from dispatch.domain.customer import Customer
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.place import CoordinateSystem, FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, Window
from dispatch.importers.drafts import EngineerDraft, Place, TicketDraft
from dispatch.importers.remarks import Remark
from dispatch.places import found as places
from dispatch.places.geocoding import Asking
from dispatch.places.hangzhou import get_hangzhou
from dispatch.places.locate import BEYOND_M, locate_all
from dispatch.places.region import Region as Area
from dispatch.travel.coordinates import to_wgs84

Language = Literal["zh", "en"]

PRODUCT_LENGTH: Final = 200
"""Characters of a product that are kept."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be told about a sheet or a row of it, in Chinese and English.

    Parameters
    ----------
    sheet
        Kind of the sheet: tickets, engineers, shifts, customers.
    code
        Stable word for programs.
    zh, en
        The sentence.
    line
        Row as the spreadsheet counts, from 1; None: the whole sheet.
    column, letter
        Heading and letter of the column; None: the whole row.
    """

    sheet: str
    code: str
    zh: str
    en: str
    line: int | None = None
    column: str | None = None
    letter: str | None = None

    def say(self, lang: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if lang == "zh" else self.en

    def where(self, lang: Language) -> str:
        """Return row and column as a person says them; empty for the whole sheet.

        Examples
        --------
        >>> Note("tickets", "bad_date", "", "", 7, "日期", "D").where("zh")
        '第 7 行 D 列「日期」'
        """
        return Remark("", self.line, self.column, self.letter).where(lang)


def note_of(sheet: str, remark: Remark) -> Note:
    """Return an importer's remark as a note."""
    return Note(sheet, remark.code, remark.text("zh"), remark.text("en"), remark.line, remark.column, remark.letter)


def notes_of_place(sheet: str, line: int, found: places.Found) -> list[Note]:
    """Return what is in doubt about a place; an approximate one is a doubt by itself."""
    told = [*found.doubts, *([found.why] if found.approximate else [])]
    return [Note(sheet, f"place_{remark.code}", remark.zh, remark.en, line) for remark in told]


def area_of(drafted: Iterable[Place]) -> Area:
    """Return the area in which a sheet's places are expected: Hangzhou, or around the sheet's own coordinates.

    The latter when the middle of the coordinates lies farther outside Hangzhou than anyone drives to.
    """
    hangzhou = get_hangzhou()
    points = [convert(place) for place in drafted if place.point is not None]
    if not points:
        return hangzhou
    centre = places.Point(median(point.lat_deg for point in points), median(point.lon_deg for point in points))
    if hangzhou.metres_to(centre) <= BEYOND_M:
        return hangzhou
    return Area("表中坐标一带", "the area of the sheet's coordinates", "", centre)


def convert(place: Place) -> places.Point:
    """Return a drafted place's own coordinates in WGS-84."""
    assert place.point is not None, "only places with coordinates are converted"  # noqa: S101 - the caller asked
    return _to_wgs84(places.Point(place.point.lat_deg, place.point.lon_deg), place.system)


def locate_drafts(drafted: Sequence[Place], area: Area, geocoder: Asking | None = None) -> list[places.Found]:
    """Locate places in their order; all have the coordinate system of the first."""
    system = drafted[0].system if drafted else CoordinateSystem.WGS_84
    return locate_all(map(clues_of, drafted), area, to_wgs84=lambda point: _to_wgs84(point, system), geocoder=geocoder)


def clues_of(place: Place) -> places.Clues:
    """Return what a row says of its place; a district that the address does not name stands before it."""
    address = place.address or ""
    district = place.district or ""
    if district and district.rstrip("区县市") not in address:
        address = f"{district}{address}"
    if place.point is None:
        return places.Clues(address=address)
    return places.Clues(address=address, lat_deg=place.point.lat_deg, lon_deg=place.point.lon_deg)


def point_of(found: places.Found) -> Point:
    """Return a found place as a record's point."""
    precision = Precision.APPROXIMATE if found.approximate else Precision.EXACT
    return Point(found.point.lat_deg, found.point.lon_deg, precision, found.how)


def middle_of(points: Sequence[Point]) -> Point:
    """Return the middle of points, degree by degree the median: approximate."""
    return Point(
        median(point.lat_deg for point in points),
        median(point.lon_deg for point in points),
        Precision.APPROXIMATE,
        FoundBy.REGION,
    )


def ticket_of(
    draft: TicketDraft,
    id: str,  # noqa: A002 - the field of every record is called so
    region: Region,
    found: places.Found,
    *,
    reported_at: datetime,
    customer: Customer | None = None,
    row_digest: str | None = None,
) -> Ticket:
    """Make a ticket of a draft; a day without hours is a window of that whole day, in the region's zone."""
    return Ticket(
        id,
        region.id,
        reported_at,
        customer_id=customer.id if customer else None,
        grade=draft.grade,
        product=(draft.product or "")[:PRODUCT_LENGTH],
        fault=draft.fault or "",
        duration_s=draft.duration_s,
        skills=dict(draft.skills),
        windows=_windows_of(draft, region),
        contact_name=draft.contact,
        phone=draft.phone,
        address=draft.place.address,
        door_note=draft.note,
        point=point_of(found),
        row_digest=row_digest,
    )


def engineer_of(
    draft: EngineerDraft,
    id: str,  # noqa: A002 - as above
    region: Region,
    home: Point,
    outlet_id: str | None = None,
) -> Engineer:
    """Make an engineer of a draft."""
    return Engineer(
        id,
        region.id,
        draft.name,
        phone=draft.phone,
        outlet_id=outlet_id,
        skills=dict(draft.skills),
        home=home,
    )


def shift_of(engineer_id: str, region: Region, day: date, start_at: datetime, end_at: datetime) -> Shift:
    """Make the one shift of an engineer on a day."""
    return Shift(f"{engineer_id}-{day:%Y%m%d}", engineer_id, region.id, start_at, end_at)


def _windows_of(draft: TicketDraft, region: Region) -> tuple[Window, ...]:
    if draft.window is not None:
        begin, end = draft.window
        return (Window(begin, end),) if begin < end else ()
    if draft.day is None:
        return ()
    begin, end = region.bounds_of(draft.day)
    return (Window(begin, end - timedelta(seconds=1)),)


def _to_wgs84(point: places.Point, system: CoordinateSystem) -> places.Point:
    lat_deg, lon_deg = to_wgs84([point.lat_deg], [point.lon_deg], system)
    return places.Point(float(lat_deg[0]), float(lon_deg[0]))
