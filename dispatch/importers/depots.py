r"""Reads depots: where they are, when parts are handed out, and how long a call takes.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "备件库,地址,开放时间\n城北备件库,杭州市拱墅区示例路 1 号,7:30-12:00、13:00-18:00\n".encode()
>>> (depot,) = read_depots(sheet, Settings(date(2026, 11, 23))).drafts
>>> depot.name, [f"{first:%H:%M}-{last:%H:%M}" for first, last in depot.hours], depot.handling_s
('城北备件库', ['07:30-12:00', '13:00-18:00'], 600)
"""

from __future__ import annotations

from datetime import time
from typing import Final

from dispatch.importers.drafts import DepotDraft
from dispatch.importers.fields import ADDRESS, DISTRICT, LAT, LON, POINT, Field
from dispatch.importers.goods import read_hours
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

USUAL: Final = ((time(8), time(18)),)
"""Hours of a depot that says none."""
HANDLING_S: Final = 600
"""What a call takes where nothing is said."""

FIELDS: Final = (
    Field("number", "备件库编号", "Depot no.", "可不填；填了不能重复", "May be blank; unique", "示例-1（请删除）",
          ("仓库编号", "库房编号", "编号", "depotid", "warehouseno", "id")),
    Field("name", "备件库", "Depot", "必填", "Needed", "示例备件库",
          ("备件库名称", "仓库", "仓库名称", "库房", "名称", "warehouse", "depotname", "name")),
    ADDRESS,
    DISTRICT,
    LON,
    LAT,
    POINT,
    Field("hours", "开放时间", "Open", "7:30-12:00、13:00-18:00；空着按 8:00-18:00", "7:30-12:00, 13:00-18:00; blank means 8:00-18:00",
          "7:30-12:00、13:00-18:00", ("营业时间", "开库时间", "取件时间", "领料时间", "openinghours", "hours")),
    Field("handling", "取件用时", "Handling", "每次取件多久；空着按 10 分钟", "How long a call takes; blank means 10 minutes", "10分钟",
          ("领料用时", "取件时长", "办理时长", "handlingtime", "duration")),
)  # fmt: skip


def read_row(reader: RowReader) -> DepotDraft | None:
    """Read a depot; None when there is a fault."""
    name = reader.needed("name") or ""
    hours = read_hours(reader, "hours")
    if not reader.has("hours"):
        hours = USUAL
        reader.doubt("default_hours", "hours" if reader.knows("hours") else None, **_told())
    draft = DepotDraft(
        line=reader.line,
        digest=reader.digest("depots"),
        name=name,
        place=reader.place(),
        hours=hours,
        handling_s=reader.duration_s("handling") or HANDLING_S,
        number=reader.text("number"),
    )
    return None if reader.faults else draft


def _told() -> dict[str, object]:
    """Return the usual hours as a sentence says them."""
    ((begin, end),) = USUAL
    return {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}


def _defaults(_settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Nothing: each row tells the hours that it does not say."""
    return {}


IMPORTER: Final = Importer("depots", FIELDS, (("name",),), "number", read_row, _defaults)


def read_depots(data: bytes, settings: Settings) -> Imported[DepotDraft]:
    """Read depots from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
