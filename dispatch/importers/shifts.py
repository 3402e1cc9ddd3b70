r"""Reads shifts: which engineer works when on which day, and who is absent.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "工程师,日期,班次\nE7,2026-11-23,8:00-12:00\n".encode()
>>> (shift,) = read_shifts(sheet, Settings(date(2026, 11, 23))).drafts
>>> shift.engineer, shift.hours[1].isoformat()
('E7', '2026-11-23T12:00:00+08:00')
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Final

from dispatch.importers.drafts import Interval, ShiftDraft
from dispatch.importers.fields import NOTE, Field
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

NONE: Final = frozenset({"0", "无", "no", "none"})
"""What people write for no overtime."""

KINDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("上班", "出勤", "正常", "在岗", "班", "工作", "work", "on", "shift"), False),
    **dict.fromkeys(
        (
            "请假",
            "休息",
            "休",
            "休假",
            "年假",
            "事假",
            "病假",
            "调休",
            "轮休",
            "培训",
            "absence",
            "absent",
            "off",
            "leave",
        ),
        True,
    ),
}
"""Word to whether it is an absence."""

FIELDS: Final = (
    Field("engineer", "工程师", "Engineer", "工号或姓名，必填", "Number or name, needed", "示例-1（请删除）",
          ("工号", "姓名", "员工", "员工姓名", "师傅", "工程师姓名", "工程师编号", "人员", "engineerid", "name", "technician", "id")),
    Field("day", "日期", "Date", "2026-11-23；空着为计划日", "2026-11-23; blank means the planned day", "",
          ("排班日期", "班次日期", "上班日期", "工作日期", "shiftdate", "day")),
    Field("hours", "班次", "Hours", "8:30-17:30；与下面两列二选一", "8:30-17:30; instead of the two columns below", "8:30-17:30",
          ("时段", "班次时间", "工作时间", "上班时段", "排班", "shift", "workinghours", "time")),
    Field("begin", "上班", "Begins", "8:30", "8:30", "",
          ("上班时间", "开始时间", "开始", "班次开始", "shiftstart", "starttime", "start", "from")),
    Field("end", "下班", "Ends", "17:30；早于上班为第二天", "17:30; earlier than the begin means the next day", "",
          ("下班时间", "结束时间", "结束", "班次结束", "shiftend", "endtime", "to")),
    Field("kind", "类型", "Kind", "上班 或 请假；空着为上班", "上班 (work) or 请假 (absence); blank means work", "上班",
          ("班次类型", "状态", "出勤", "出勤状态", "考勤", "请假", "type", "status"), ("上班", "请假")),
    Field("overtime", "可加班", "Overtime", "最多加班多久：60分钟、1小时", "At most: 60分钟, 1小时", "",
          ("加班", "可加班时长", "加班上限", "最多加班", "maxovertime", "overtimeminutes")),
    NOTE,
)  # fmt: skip


def read_row(reader: RowReader) -> ShiftDraft | None:
    """Read a day of an engineer; None when there is a fault."""
    engineer = reader.needed("engineer")
    is_absence, _ = reader.choice("kind", KINDS, {}, "unknown_kind")
    if is_absence is None:
        is_absence = KINDS.get(reader.raw("hours").lower())
    day = reader.day("day") if reader.has("day") else None
    if reader.knows("day") and not reader.has("day"):
        reader.doubt("default_day", "day", day=reader.settings.day.isoformat())
    hours = _hours(reader, day or reader.settings.day, is_absence=bool(is_absence))
    overtime_s = None if reader.raw("overtime") in NONE else reader.duration_s("overtime")
    draft = ShiftDraft(
        line=reader.line,
        digest=reader.digest("shifts"),
        engineer=engineer or "",
        hours=hours,
        is_absence=bool(is_absence),
        overtime_s=overtime_s or 0,
        note=reader.text("note"),
    )
    return None if reader.faults else draft


def _hours(reader: RowReader, day: date, *, is_absence: bool) -> Interval:
    """Read the hours; an absence without hours is the whole day, work without hours the default shift."""
    settings = reader.settings
    if reader.has("hours"):
        said = None if reader.raw("hours").lower() in KINDS else reader.when("hours", overnight=True)
        if said is not None and said.hours is not None:
            return reader.shift(day, *said.hours, "hours")
    begin, end = reader.clock("begin"), reader.clock("end")
    if is_absence and begin is None and end is None:
        return reader.interval(day, time(0), time(23, 59, 59))
    if begin is None or end is None:
        reader.doubt(
            "default_shift",
            "hours" if reader.knows("hours") else "end" if begin is not None else "begin",
            begin=f"{settings.shift_begin:%H:%M}",
            end=f"{settings.shift_end:%H:%M}",
        )
    return reader.shift(day, begin or settings.shift_begin, end or settings.shift_end, "end")


def _defaults(settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Name what is taken where a column is missing."""
    return {"day": ("default_day", {"day": settings.day.isoformat()})}


IMPORTER: Final = Importer("shifts", FIELDS, (("engineer",),), None, read_row, _defaults)


def read_shifts(data: bytes, settings: Settings) -> Imported[ShiftDraft]:
    """Read shifts and absences from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
