"""Write the demonstration's sheets as people keep them: Excel and CSV, headings in Chinese, people invented.

Who works, where and what for is :func:`dispatch.example.make_rich`'s day with parts and tools; names, addresses and words are added.
The same day gives the same sheets. About one ticket in seven has an address alone, so that its place is approximate.

>>> sheets = make_sheets(date(2026, 11, 23))
>>> [(sheet.file, sheet.kind, sheet.rows) for sheet in sheets][:2]
[('工程师.xlsx', 'engineers', 30), ('请假.csv', 'shifts', 5)]
>>> sum(sheet.rows for sheet in sheets if sheet.kind == "tickets")
240
"""

# ruff: noqa: S311, PLR2004 - an invented day: no secret is drawn, and its shares stand where they are drawn

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, Literal
from zoneinfo import ZoneInfo

import xlsxwriter

from dispatch.domain.place import Point
from dispatch.example import FIRST_DAY, make_rich
from dispatch.example_data.hangzhou import GIVEN_NAMES, SURNAMES
from dispatch.example_data.service_day import CUSTOMERS, DOOR_NOTES, FAULTS, STREETS
from dispatch.example_data.stock import DEPOTS, PARTS
from dispatch.format.model import Location, Request, Ticket
from dispatch.places.hangzhou import get_hangzhou

ENGINEERS: Final = 30
TICKETS: Final = 240
SEED: Final = 20261123
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

GRADES: Final = {"TJ": "特急", "JJ": "紧急", "ZY": "重要", "YB": "一般"}
THIS_MORNING: Final = ("特急", "紧急")
"""Grades of tickets that came in before the shifts; the others are yesterday's."""

ADDRESS_ALONE: Final = 0.14
"""Share of the tickets that have no coordinates."""

Kind = Literal["tickets", "engineers", "shifts", "customers", "parts", "depots", "stock"]
Row = tuple[str | float, ...]

NAMES: Final = {part.id: part.name for part in PARTS}
"""What tickets call a part."""


@dataclass(frozen=True, slots=True)
class DemoSheet:
    """A file: its name, what it holds, how many rows, its bytes, and when it is imported."""

    file: str
    kind: Kind
    rows: int
    data: bytes = field(repr=False)
    at: datetime


def make_sheets(day: date) -> tuple[DemoSheet, ...]:
    """Make the sheets of a day, in the order in which they are imported."""
    request = make_rich(ENGINEERS, TICKETS, seed=SEED, features=("parts", "tools"))
    rng = Random(SEED)
    writer = _Writer(day, request, rng)
    evening = datetime.combine(day - timedelta(days=1), time(17, 40), SHANGHAI)
    morning = datetime.combine(day, time(7, 30), SHANGHAI)
    customers = writer.list_customers()
    old, new = writer.list_tickets(customers)
    heads = (
        "客户",
        "联系人",
        "电话",
        "地址",
        "经度",
        "纬度",
        "等级",
        "产品",
        "故障",
        "技能",
        "时长",
        "预约时间",
        "备件",
        "工具",
        "备注",
    )
    engineers = writer.list_engineers()
    absences = writer.list_absences()
    return (
        _make_xlsx(
            "工程师.xlsx", "engineers", ("工号", "姓名", "技能", "出发地", "经度", "纬度", "上班", "下班"), engineers, evening
        ),
        _make_csv("请假.csv", "shifts", ("工号", "日期", "上班", "下班", "类型"), absences, evening),
        _make_xlsx(
            "客户.xlsx", "customers", ("客户编号", "客户名称", "客户等级", "联系人", "电话", "地址", "经度", "纬度", "备注"),
            customers, evening,
        ),
        _make_csv("备件.csv", "parts", ("备件号", "名称", "可替代件"), list_parts(), evening),
        _make_xlsx(
            "备件库.xlsx", "depots", ("备件库编号", "备件库", "地址", "经度", "纬度", "开放时间", "取件用时"), writer.list_depots(), evening
        ),
        _make_csv("库存.csv", "stock", ("存放处", "物品", "数量", "类别", "到货时间"), writer.list_stock(), evening),
        _make_xlsx("工单-昨日.xlsx", "tickets", heads, old, evening),
        _make_csv("工单-今早.csv", "tickets", heads, new, morning),
    )  # fmt: skip


def list_parts() -> list[Row]:
    """List the parts that there are."""
    return [(part.id, part.name, "、".join(part.substitutes)) for part in PARTS]


class _Writer:
    """Turns a request into rows that people would have written."""

    def __init__(self, day: date, request: Request, rng: Random) -> None:
        self._day = day
        self._request = request
        self._rng = rng
        self._points = {location.id: location for location in request.locations}

    def list_engineers(self) -> list[Row]:
        """List who works."""
        rows: list[Row] = []
        for number, engineer in enumerate(self._request.engineers, 1):
            (shift,) = engineer.shifts
            home = self._points[shift.start_location]
            skills = "、".join(f"{skill}:{level}" for skill, level in engineer.skills.items())
            hours = (f"{shift.start:%H:%M}", f"{shift.end:%H:%M}")
            rows.append(
                (f"E{number:02d}", engineer.name or "", skills, self._make_address(home), home.lon, home.lat, *hours)
            )
        return rows

    def list_absences(self) -> list[Row]:
        """List who is away for some hours."""
        return [
            (f"E{number:02d}", self._day.isoformat(), f"{begin:%H:%M}", f"{end:%H:%M}", "请假")
            for number, engineer in enumerate(self._request.engineers, 1)
            for shift in engineer.shifts
            for begin, end in shift.absences
        ]

    def list_customers(self) -> list[Row]:
        """List firms with their site."""
        rows: list[Row] = []
        sites = self._rng.sample([ticket.location for ticket in self._request.tickets], len(CUSTOMERS))
        for number, ((name, tier), site) in enumerate(zip(CUSTOMERS, sites, strict=True), 1):
            point = self._points[site]
            phone = self._make_phone()
            rows.append(
                (
                    f"C{number:03d}", name, tier, self._make_contact(), phone, self._make_address(point),
                    point.lon, point.lat, self._rng.choice(DOOR_NOTES),
                )
            )  # fmt: skip
        return rows

    def list_depots(self) -> list[Row]:
        """List the depots."""
        return [
            (
                depot.id,
                depot.name,
                self._make_address(Location(depot.id, depot.lat_deg, depot.lon_deg)),
                depot.lon_deg,
                depot.lat_deg,
                "、".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in depot.open),
                f"{depot.handling_s // 60}分钟",
            )
            for depot in DEPOTS
        ]

    def list_stock(self) -> list[Row]:
        """List what depots and vans have, and what arrives during the day."""
        rows: list[Row] = []
        for depot in self._request.depots:
            rows += [(depot.id, part, quantity, "备件", "") for part, quantity in depot.stock.items() if quantity]
            rows += [(depot.id, tool, quantity, "工具", "") for tool, quantity in depot.tools.items()]
            rows += [
                (depot.id, each.part, each.qty, "备件", f"{self._day:%Y-%m-%d} {_clock(each.at - FIRST_DAY)}")
                for each in depot.inbound
            ]
        for number, engineer in enumerate(self._request.engineers, 1):
            rows += [(f"E{number:02d}", part, quantity, "备件", "") for part, quantity in engineer.van.items()]
            rows += [(f"E{number:02d}", tool, 1, "工具", "") for tool in engineer.tools]
        return rows

    def list_tickets(self, customers: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """List yesterday's tickets, and this morning's."""
        old: list[Row] = []
        new: list[Row] = []
        for ticket in self._request.tickets:
            grade = GRADES[ticket.id.partition("-")[0]]
            (new if grade in THIS_MORNING else old).append(self._write_ticket(ticket, grade, customers))
        return old, new

    def _write_ticket(self, ticket: Ticket, grade: str, customers: Sequence[Row]) -> Row:
        """Write one ticket: of a firm at its site, else of somebody at home."""
        family = next(skill for skill in ticket.requires if skill in FAULTS)
        product, fault = self._rng.choice(FAULTS[family])
        skills = "、".join(f"{skill}:{level}" for skill, level in ticket.requires.items())
        window = ""
        if ticket.windows and grade not in THIS_MORNING[:1]:
            begin, end = ((moment - FIRST_DAY) for moment in ticket.windows[0])
            window = f"{self._day:%Y-%m-%d} {_clock(begin)}-{_clock(end)}"
        parts = "；".join(f"{NAMES[part]}×{quantity}" for part, quantity in ticket.parts.items())
        goods = (parts, "、".join(ticket.tools))
        what = (grade, product, fault, skills, f"{ticket.duration_s // 60}分钟", window, *goods)
        if self._rng.random() < 0.16:
            return (str(self._rng.choice(customers)[1]), "", "", "", "", "", *what, "")
        point = self._points[ticket.location]
        known = self._rng.random() >= ADDRESS_ALONE / 0.84
        place: Row = (point.lon, point.lat) if known else ("", "")
        note = self._rng.choice(DOOR_NOTES)
        return ("", self._make_contact(), self._make_phone(), self._make_address(point), *place, *what, note)

    def _make_address(self, location: Location) -> str:
        """Make an address in the district of a point."""
        point = Point(location.lat, location.lon)
        districts = get_hangzhou().districts
        district = min(districts, key=lambda known: known.metres_to(point))
        street = self._rng.choice(STREETS[district.name])
        return f"杭州市{district.name}{street} {self._rng.randint(1, 480)} 号"

    def _make_contact(self) -> str:
        """Make somebody who opens the door."""
        if self._rng.random() < 0.5:
            return self._rng.choice(SURNAMES) + self._rng.choice(GIVEN_NAMES)
        return self._rng.choice(SURNAMES) + self._rng.choice(("女士", "先生"))

    def _make_phone(self) -> str:
        """Make a number that nobody has."""
        return f"0571-0{self._rng.randint(0, 9_999_999):07d}"


def _clock(since_midnight: timedelta) -> str:
    """Write a time of day."""
    minutes = int(since_midnight.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def _make_xlsx(file: str, kind: Kind, headings: Sequence[str], rows: Sequence[Row], at: datetime) -> DemoSheet:
    """Write a workbook; text stays text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": at.replace(tzinfo=None)})  # the same bytes every time
        page = book.add_worksheet()
        bold = book.add_format({"bold": True, "bg_color": "#D9E1F2"})
        page.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, bold)
            page.set_column(column, column, 32 if heading in {"地址", "出发地", "故障", "备注"} else 12)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(line, column, value)
                else:
                    page.write_number(line, column, value)
    return DemoSheet(file, kind, len(rows), buffer.getvalue(), at)


def _make_csv(file: str, kind: Kind, headings: Sequence[str], rows: Sequence[Row], at: datetime) -> DemoSheet:
    """Write comma-separated values that Excel opens."""
    text = io.StringIO()
    csv.writer(text).writerows([headings, *rows])
    return DemoSheet(file, kind, len(rows), text.getvalue().encode("utf-8-sig"), at)
