"""A user's own sheets as one region's day, in memory: nothing is stored, everything that was guessed or assumed is told."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.domain.customer import Customer
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.place import CoordinateSystem, FoundBy, Point, middle_of
from dispatch.domain.region import Region
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import Ticket
from dispatch.importers.drafts import EngineerDraft, TicketDraft
from dispatch.importers.engineers import read_engineers
from dispatch.importers.reading import Imported
from dispatch.importers.rows import Settings
from dispatch.importers.tickets import read_tickets
from dispatch.places.found import Found
from dispatch.places.geocoding import Asking
from dispatch.places.locate import TROUBLES
from dispatch.services.drafted import (
    Note,
    area_of,
    engineer_of,
    locate_drafts,
    note_of,
    notes_of_place,
    shift_of,
    ticket_of,
)

TRIAL_REGION: Final = Region("trial", "试排")
"""The region of a day that nobody stores."""

WAY_S: Final = 1500
"""Way to one ticket that the number of made-up engineers reckons with: 25 minutes, what a city's days need without a plan."""

BEST_LEVEL: Final = 4
"""Skill level of engineers of whom nothing is known: they can do everything, so that no skill is missed by default."""


EMPTY: Final[Mapping[str, tuple[str, str]]] = {
    "tickets": ("表里没有工单，至少要有一行", "The sheet holds no ticket, at least one row is needed"),
    "engineers": (
        "工程师表里没有工程师，至少要有一行",
        "The sheet of engineers holds nobody, at least one row is needed",
    ),
}
"""What is said of a sheet that has headings and no row of its own."""


SKIPPED: Final = frozenset({"repeated_header", "total_row", "example_row"})
"""Why a row is none."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the sheets do not say and the caller may.

    Parameters
    ----------
    today
        Where the caller is: days without a year are read near it.
    day
        The day to plan; None: the one that most rows name, today when none does.
    system
        Coordinate system of the sheets' points.
    geocoder
        Whom to ask for addresses; None: nobody.
    """

    today: date
    day: date | None = None
    system: CoordinateSystem = CoordinateSystem.WGS_84
    geocoder: Asking | None = None


@dataclass(frozen=True, slots=True)
class ReadDay:
    """What became of the sheets.

    Parameters
    ----------
    day
        The planned day.
    begins_at
        When its first shift begins; the plan is made as of then.
    snapshot
        The day; None: nothing usable, ``refused`` says why.
    drafts
        The row of each ticket, by the ticket's id.
    found
        How each ticket's place was found, by its id.
    engineers
        The row of each engineer that has one, by id.
    refused
        Faults: rows and files that were not read. Never empty where ``snapshot`` is None and ``elsewhen`` is empty.
    elsewhen
        Rows that are asked for on another day.
    doubts
        What is in doubt, row by row.
    assumed
        What was filled in for the whole day.
    rows
        Rows of tickets that the sheet has, without headings and totals.
    """

    day: date
    begins_at: datetime | None = None
    snapshot: Snapshot | None = None
    drafts: Mapping[str, TicketDraft] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    engineers: Mapping[str, EngineerDraft] = field(default_factory=dict)
    refused: tuple[Note, ...] = ()
    elsewhen: tuple[Note, ...] = ()
    doubts: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    rows: int = 0


def read_sheets(tickets: bytes, engineers: bytes | None, wish: Wish) -> ReadDay:
    """Read a day from its sheets; nothing raises, whatever the bytes are.

    Parameters
    ----------
    tickets
        A ``.csv`` or ``.xlsx`` file of tickets.
    engineers
        One of engineers; None: those that the tickets name, or as many as the work needs.
    """
    settings = Settings(wish.day or wish.today, system=wish.system)
    imported = read_tickets(tickets, settings)
    day = wish.day or _common_day(imported.drafts, wish.today)
    if day != settings.day:
        settings = replace(settings, day=day)
        imported = read_tickets(tickets, settings)
    people = None if engineers is None else read_engineers(engineers, settings)
    return _Reading(imported, people, settings, wish).read()


def _common_day(drafts: Sequence[TicketDraft], today: date) -> date:
    """Return the day that most rows name, of several the earliest; today when none is named."""
    named = Counter(draft.day for draft in drafts if draft.day is not None)
    return min(named, key=lambda day: (-named[day], day)) if named else today


class _Reading:
    """One day on its way from sheets to a snapshot; what is told adds up."""

    def __init__(
        self, tickets: Imported[TicketDraft], people: Imported[EngineerDraft] | None, settings: Settings, wish: Wish
    ) -> None:
        self._tickets = tickets
        self._people = people
        self._settings = settings
        self._wish = wish
        self._doubts: list[Note] = []
        self._assumed: list[Note] = []

    def read(self) -> ReadDay:
        """Return the day."""
        day = self._settings.day
        refused = _faults_of(self._tickets) + (_faults_of(self._people) if self._people else [])
        self._tell(self._tickets)
        if self._people:
            self._tell(self._people)
        asked = [draft for draft in self._tickets.drafts if draft.day in {None, day}]
        elsewhen = [_elsewhen(draft, day) for draft in self._tickets.drafts if draft.day not in {None, day}]
        rows = len(self._tickets.drafts) + len(self._tickets.refused)
        rows += sum(remark.code == "repeated_row" for remark in self._tickets.doubts)
        if any(draft.parts or draft.tools or draft.crew > 1 for draft in asked):
            self._assumed.append(
                Note(
                    "tickets",
                    "no_stock",
                    "试排没有库存数据：备件、工具和人数没有计入方案",
                    "No stock is known here: parts, tools and the size of crews are not planned",
                )
            )
        nothing = ReadDay(
            day,
            refused=tuple(refused),
            elsewhen=tuple(elsewhen),
            doubts=tuple(self._doubts),
            assumed=tuple(self._assumed),
            rows=rows,
        )
        if not asked or (self._people is not None and not self._people.drafts):
            lacking = "engineers" if asked else "tickets"
            if not any(note.sheet == lacking for note in (*refused, *elsewhen)):
                nothing = replace(nothing, refused=(*refused, *self._tell_empty(lacking)))
            return nothing
        area = area_of(draft.place for draft in asked)
        places = locate_drafts([draft.place for draft in asked], area, self._wish.geocoder)
        if self._wish.geocoder is not None:
            self._assumed.append(_tell_places(places, self._wish.geocoder))
        for draft, found in zip(asked, places, strict=True):
            self._doubts += notes_of_place("tickets", draft.line, found)
        centre = middle_of([found.point for found in places])
        ids = _ids(asked)
        workers, shifts = self._staff(asked, centre)
        begins_at = min(shift.start_at for shift in shifts)
        customers = _customers(asked)
        records = [
            ticket_of(
                # every row of this list is for this day: what names it and no hours has no window
                draft if draft.window else replace(draft, day=None),
                id,
                TRIAL_REGION,
                found,
                reported_at=begins_at,
                customer=customers.get(draft.customer or ""),
            )
            for id, draft, found in zip(ids, asked, places, strict=True)  # noqa: A001 - the field is called so
        ]
        self._assumed.append(
            Note(
                "tickets",
                "as_of_morning",
                f"按 {day} {begins_at:%H:%M} 开工时的情形规划：所有工单视为此时报修，客户一律按白银",
                f"Planned as of {begins_at:%H:%M} on {day}: all tickets count as reported then, all customers as silver",
            )
        )
        return replace(
            nothing,
            begins_at=begins_at,
            snapshot=_snapshot(day, tuple(customers.values()), records, workers, shifts),
            drafts=dict(zip(ids, asked, strict=True)),
            found=dict(zip(ids, places, strict=True)),
            engineers=dict(zip(_ids(self._people.drafts), self._people.drafts, strict=True)) if self._people else {},
            doubts=tuple(sorted(self._doubts, key=lambda note: (note.sheet != "tickets", note.line or 0))),
            assumed=tuple(self._assumed),
        )

    def _tell(self, imported: Imported[TicketDraft] | Imported[EngineerDraft]) -> None:
        """Sort what an importer tells into what holds for all rows and what for one."""
        top = min((draft.line for draft in imported.drafts), default=1)
        for remark in imported.doubts:
            whole = remark.line is None or (remark.line < top and remark.code.startswith("default_"))
            (self._assumed if whole else self._doubts).append(note_of(imported.kind, remark))

    def _tell_empty(self, sheet: str) -> tuple[Note, ...]:
        """Say of a sheet that is well and holds nothing what became of its rows, and what it needs."""
        skipped = [doubt for doubt in self._doubts if doubt.sheet == sheet and doubt.code in SKIPPED]
        zh, en = EMPTY[sheet]
        return (*skipped, Note(sheet, "nothing_to_plan", zh, en))

    def _staff(self, asked: Sequence[TicketDraft], centre: Point) -> tuple[list[Engineer], list[Shift]]:
        """Return the day's engineers and their shifts: of their sheet, of the tickets' names, or made up."""
        needed = {skill for draft in asked for skill in draft.skills}
        everything = dict.fromkeys(sorted(needed), BEST_LEVEL)
        if self._people is not None:
            return self._of_sheet(self._people.drafts, centre, everything)
        names = sorted({draft.engineer for draft in asked if draft.engineer})
        hours = self._settings.shift_begin, self._settings.shift_end
        told_zh = f"{hours[0]:%H:%M}–{hours[1]:%H:%M} 上班，从工单的中心出发，技能不限"
        told_en = f"{hours[0]:%H:%M} to {hours[1]:%H:%M}, starting from the tickets' centre, able to do everything"
        if names:
            self._assumed.append(
                Note(
                    "tickets",
                    "named_engineers",
                    f"没有工程师表：用工单里写到的 {len(names)} 名工程师，{told_zh}；原来的指派没有固定",
                    f"No sheet of engineers: the {len(names)} that the tickets name are taken, {told_en}; "
                    "who had which ticket is not kept",
                )
            )
        else:
            names, why = _make_up(asked, hours[1].hour - hours[0].hour + (hours[1].minute - hours[0].minute) / 60)
            zh, en = why
            self._assumed.append(
                Note(
                    "tickets",
                    "made_up_engineers",
                    f"没有工程师表：{zh}，{told_zh}",
                    f"No sheet of engineers: {en}, {told_en}",
                )
            )
        day, zone = self._settings.day, ZoneInfo(TRIAL_REGION.zone)
        begin, end = (datetime.combine(day, hour, zone) for hour in hours)
        workers = [
            Engineer(f"E{number:03}", TRIAL_REGION.id, name, skills=everything, home=centre)
            for number, name in enumerate(names, 1)
        ]
        return workers, [shift_of(worker.id, TRIAL_REGION, day, begin, end) for worker in workers]

    def _of_sheet(
        self, drafts: Sequence[EngineerDraft], centre: Point, everything: Mapping[str, int]
    ) -> tuple[list[Engineer], list[Shift]]:
        """Return the engineers of their sheet; who says no place starts from the tickets' centre."""
        area = area_of(draft.place for draft in drafts)
        workers, shifts = [], []
        for id, draft in zip(_ids(drafts), drafts, strict=True):  # noqa: A001 - the field is called so
            home = centre
            if draft.place.address or draft.place.point or draft.place.district:
                (found,) = locate_drafts([draft.place], area, self._wish.geocoder)
                self._doubts += notes_of_place("engineers", draft.line, found)
                home = found.point
            else:
                self._doubts.append(
                    Note(
                        "engineers",
                        "default_home",
                        "没有写出发地，按从工单的中心出发",
                        "No place to start from is given: the tickets' centre is taken",
                        draft.line,
                    )
                )
            workers.append(engineer_of(draft, id, TRIAL_REGION, home))
            shifts.append(shift_of(id, TRIAL_REGION, self._settings.day, *draft.shift))
        if everything and not any(worker.skills for worker in workers):
            self._assumed.append(
                Note(
                    "engineers",
                    "default_skills",
                    "工程师表没有写技能，按人人都会处理",
                    "The sheet of engineers names no skills: everyone is taken to be able to do everything",
                )
            )
            workers = [replace(worker, skills=everything) for worker in workers]
        return workers, shifts


HOW: Final[Mapping[FoundBy, tuple[str, str]]] = {
    FoundBy.SITE: ("客户现场", "at the customer's site"),
    FoundBy.COORDINATES: ("表中的经纬度", "by the sheet's coordinates"),
    FoundBy.GEOCODER: ("地址解析", "by the geocoder"),
    FoundBy.DISTRICT: ("暂放区县中心", "put at a district's centre"),
    FoundBy.REGION: ("暂放城市中心", "put at the city's centre"),
}
"""How a place was found, for people."""


def _tell_places(places: Sequence[Found], geocoder: Asking) -> Note:
    """Say how many tickets were found how, and why a geocoder was not asked for all of them."""
    counts = Counter(found.point.found_by for found in places)
    zh = "，".join(f"{words[0]} {counts[how]} 单" for how, words in HOW.items() if counts[how])
    en = ", ".join(f"{counts[how]} {words[1]}" for how, words in HOW.items() if counts[how])
    if geocoder.trouble == "no_time":
        zh += "；查地址的时间已用完，之后的地址没有再查"
        en += "; the time for looking up addresses was used up, addresses after that were not looked up"
    elif geocoder.trouble is not None:
        why_zh, why_en = TROUBLES[geocoder.trouble]
        zh += f"；{geocoder.name} {why_zh}，之后的地址没有再查"
        en += f"; {geocoder.name} {why_en}, addresses after that were not looked up"
    return Note("tickets", "places_found", f"位置来源：{zh}", f"Where tickets are: {en}")


def _make_up(asked: Sequence[TicketDraft], shift_hours: float) -> tuple[list[str], tuple[str, str]]:
    """Return names of as many engineers as the work needs, and why so many."""
    work_hours = sum(draft.duration_s for draft in asked) / 3600
    way_hours = len(asked) * WAY_S / 3600
    count = max(1, math.ceil((work_hours + way_hours) / shift_hours))
    names = [f"工程师 {number}" for number in range(1, count + 1)]
    zh = (
        f"假设 {count} 名工程师（{len(asked)} 单现场约 {work_hours:.0f} 小时，路上按每单 {WAY_S // 60} 分钟共 "
        f"{way_hours:.0f} 小时，每人 {shift_hours:g} 小时）"
    )
    en = (
        f"{count} are made up ({work_hours:.0f} + {way_hours:.0f} hours on site and, at {WAY_S // 60} minutes a ticket, "
        f"on the way; {shift_hours:g} hours each)"
    )
    return names, (zh, en)


def _ids(drafts: Sequence[TicketDraft] | Sequence[EngineerDraft]) -> list[str]:
    """Return the number of each row, or which row it is where it has none; no two are the same."""
    numbers = {draft.number for draft in drafts}
    ids = []
    for draft in drafts:
        row = f"行{draft.line}"
        while row in numbers:
            row += "号"
        ids.append(draft.number or row)
    return ids


def _customers(drafts: Sequence[TicketDraft]) -> dict[str, Customer]:
    """Return a customer for each name, in the order of the rows."""
    names = dict.fromkeys(draft.customer for draft in drafts if draft.customer)
    return {name: Customer(f"K{number:04}", name) for number, name in enumerate(names, 1)}


def _snapshot(
    day: date,
    customers: tuple[Customer, ...],
    tickets: Sequence[Ticket],
    engineers: Sequence[Engineer],
    shifts: Sequence[Shift],
) -> Snapshot:
    return Snapshot(
        region=TRIAL_REGION,
        day=day,
        outlets=(),
        customers=customers,
        sites=(),
        assets=(),
        tickets=tuple(sorted(tickets, key=lambda ticket: ticket.id)),
        engineers=tuple(sorted(engineers, key=lambda engineer: engineer.id)),
        shifts=tuple(sorted(shifts, key=lambda shift: shift.id)),
        absences=(),
    )


def _faults_of(imported: Imported[TicketDraft] | Imported[EngineerDraft]) -> list[Note]:
    """Return every fault of a file and of its rows."""
    rows = [fault for row in imported.refused for fault in row.faults]
    return [note_of(imported.kind, fault) for fault in (*imported.faults, *rows)]


def _elsewhen(draft: TicketDraft, day: date) -> Note:
    return Note(
        "tickets",
        "another_day",
        f"预约在 {draft.day}，不在规划的 {day}，没有排",
        f"Asked for on {draft.day}, not on the planned {day}: not planned",
        draft.line,
    )
