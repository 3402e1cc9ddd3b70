r"""Reads engineers: who, what they can do, where their day begins, and their usual hours.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "工号,姓名,技能\nE7,王示范,空调:3、冰箱\n".encode()
>>> (engineer,) = read_engineers(sheet, Settings(date(2026, 11, 23))).drafts
>>> dict(engineer.skills), engineer.shift[0].isoformat()
({'空调': 3, '冰箱': 1}, '2026-11-23T08:30:00+08:00')
"""

from __future__ import annotations

from typing import Final

from dispatch.importers.drafts import EngineerDraft, Interval
from dispatch.importers.fields import ADDRESS, DISTRICT, LAT, LON, NOTE, PHONE, POINT, SKILLS, Field
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

FIELDS: Final = (
    Field("number", "工号", "Engineer no.", "可不填；填了不能重复", "May be blank; unique", "示例-1（请删除）",
          ("工程师编号", "员工号", "员工编号", "编号", "人员编号", "id", "engineerid", "employeeno", "staffno")),
    Field("name", "姓名", "Name", "必填", "Needed", "王示例",
          ("工程师", "工程师姓名", "师傅", "师傅姓名", "员工", "员工姓名", "人员", "维修师傅", "engineer", "engineername", "technician")),
    PHONE,
    SKILLS,
    Field("address", "出发地", "Starts at", "每天从哪里出发", "Where the day begins", "杭州市西湖区示例路 1 号",
          (*ADDRESS.synonyms, "地址", "address", "出发地址", "出发地点", "住址", "家庭住址", "家庭地址", "驻地", "start", "home", "startaddress")),
    DISTRICT,
    LON,
    LAT,
    POINT,
    Field("begin", "上班", "Begins", "空着按 8:30", "Blank means 8:30", "8:30",
          ("上班时间", "开始时间", "开始", "班次开始", "shiftstart", "starttime", "from")),
    Field("end", "下班", "Ends", "空着按 17:30", "Blank means 17:30", "17:30",
          ("下班时间", "结束时间", "结束", "班次结束", "shiftend", "endtime", "to")),
    Field("outlet", "网点", "Outlet", "所属网点或班组", "Outlet or group", "示例网点",
          ("所属网点", "服务网点", "站点", "班组", "部门", "团队", "branch", "team", "region")),
    NOTE,
)  # fmt: skip


def read_row(reader: RowReader) -> EngineerDraft | None:
    """Read an engineer; None when there is a fault."""
    draft = EngineerDraft(
        line=reader.line,
        digest=reader.digest("engineers"),
        name=reader.needed("name") or "",
        place=reader.place(),
        shift=_shift(reader),
        number=reader.text("number"),
        phone=reader.phone(),
        skills=reader.skills(),
        outlet=reader.text("outlet"),
        note=reader.text("note"),
    )
    return None if reader.faults else draft


def _shift(reader: RowReader) -> Interval:
    """Read the usual hours; what is blank is the default."""
    settings = reader.settings
    if reader.knows("begin") and not (reader.has("begin") and reader.has("end")):
        key = "end" if reader.has("begin") else "begin"
        reader.doubt("default_shift", key, begin=f"{settings.shift_begin:%H:%M}", end=f"{settings.shift_end:%H:%M}")
    return reader.shift(
        settings.day,
        reader.clock("begin") or settings.shift_begin,
        reader.clock("end") or settings.shift_end,
        "end",
    )


def _defaults(settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Name what is taken where a column is missing."""
    hours = {"begin": f"{settings.shift_begin:%H:%M}", "end": f"{settings.shift_end:%H:%M}"}
    return {"begin": ("default_shift", dict(hours))}


IMPORTER: Final = Importer("engineers", FIELDS, (("name",),), "number", read_row, _defaults)


def read_engineers(data: bytes, settings: Settings) -> Imported[EngineerDraft]:
    """Read engineers from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
