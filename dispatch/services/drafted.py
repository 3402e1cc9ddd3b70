"""From the drafts of a sheet to records: places looked for, ids given, nothing stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from dispatch.domain.customer import Customer
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.place import Point, middle_of
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, Window
from dispatch.importers.drafts import EngineerDraft, Place, TicketDraft
from dispatch.importers.remarks import Remark
from dispatch.places.found import Clues, Found
from dispatch.places.geocoding import Asking
from dispatch.places.hangzhou import get_hangzhou
from dispatch.places.locate import BEYOND_M, locate_all
from dispatch.places.region import Region as Area
from dispatch.services.change_state import begin_ticket

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


def notes_of_place(sheet: str, line: int, found: Found) -> list[Note]:
    """Return what is in doubt about a place; an approximate one is a doubt by itself."""
    told = [*found.doubts, *([found.why] if not found.point.is_exact else [])]
    return [Note(sheet, f"place_{remark.code}", remark.zh, remark.en, line) for remark in told]


def area_of(drafted: Iterable[Place]) -> Area:
    """Return the area in which a sheet's places are expected: Hangzhou, or around the sheet's own coordinates."""
    points = [place.point for place in drafted if place.point is not None]
    return area_around(points, "表中坐标一带", "the area of the sheet's coordinates")


def area_around(points: Collection[Point], name: str, name_en: str) -> Area:
    """Return Hangzhou, or an area around points whose middle lies farther outside Hangzhou than anyone drives to."""
    hangzhou = get_hangzhou()
    centre = middle_of(points) if points else hangzhou.centre
    if hangzhou.metres_to(centre) <= BEYOND_M:
        return hangzhou
    return Area(name, name_en, "", centre)


def locate_drafts(drafted: Iterable[Place], area: Area, geocoder: Asking | None = None) -> list[Found]:
    """Locate places in their order."""
    return locate_all(map(clues_of, drafted), area, geocoder=geocoder)


def clues_of(place: Place) -> Clues:
    """Return what a row says of its place; a district that the address does not name stands before it."""
    address = place.address or ""
    district = place.district or ""
    if district and district.rstrip("区县市") not in address:
        address = f"{district}{address}"
    return Clues(address=address, point=place.point)


def ticket_of(
    draft: TicketDraft,
    id: str,  # noqa: A002 - the field of every record is called so
    region: Region,
    found: Found,
    *,
    reported_at: datetime,
    customer: Customer | None = None,
    row_digest: str | None = None,
    parts: Mapping[str, int] | None = None,
) -> Ticket:
    """Make a ticket of a draft, ready to be planned; a day without hours is a window of that whole day, in the region's zone.

    ``parts`` are the draft's by id; None: nobody knows of any stock, and parts, tools and the size of a crew are left out.
    """
    ticket = Ticket(
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
        point=found.point,
        row_digest=row_digest,
        parts=parts or {},
        tools=() if parts is None else draft.tools,
        crew=1 if parts is None else draft.crew,
    )
    return begin_ticket(ticket)


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
