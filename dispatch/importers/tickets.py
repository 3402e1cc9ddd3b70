r"""Reads tickets: where, what, how urgent, how long, when.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "客户,地址,等级,时长\n甲公司,杭州市西湖区文三路 1 号,紧急,1.5小时\n".encode()
>>> (ticket,) = read_tickets(sheet, Settings(date(2026, 11, 23))).drafts
>>> ticket.grade.value, ticket.duration_s, ticket.place.district
('urgent', 5400, '西湖区')
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from dispatch.domain.ticket import MOST_AT_ONCE, Grade
from dispatch.importers.drafts import GRADES, Interval, TicketDraft
from dispatch.importers.fields import ADDRESS, DISTRICT, LAT, LON, NOTE, PHONE, POINT, SKILLS, Field
from dispatch.importers.goods import read_names, read_quantities, read_whole
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

EXACT: Final[Mapping[str, Grade]] = {
    **dict.fromkeys(("特急", "特级", "危急", "emergency", "critical"), Grade.EMERGENCY),
    **dict.fromkeys(("紧急", "加急", "急", "urgent"), Grade.URGENT),
    **dict.fromkeys(("重要", "important", "major"), Grade.IMPORTANT),
    **dict.fromkeys(("一般", "普通", "常规", "正常", "general", "normal"), Grade.GENERAL),
}
GUESSES: Final[Mapping[str, Grade]] = {
    **dict.fromkeys(("p0", "p1", "1", "1级", "一级", "s1", "非常紧急", "十分紧急", "最高"), Grade.EMERGENCY),
    **dict.fromkeys(("p2", "2", "2级", "二级", "s2", "高", "high", "较急", "比较急"), Grade.URGENT),
    **dict.fromkeys(("p3", "3", "3级", "三级", "s3", "中", "medium", "middle"), Grade.IMPORTANT),
    **dict.fromkeys(("p4", "p5", "4", "4级", "四级", "s4", "低", "low", "不急"), Grade.GENERAL),
}

FIELDS: Final = (
    Field("number", "工单号", "Ticket no.", "可不填；填了不能重复", "May be blank; unique", "示例-1（请删除）",
          ("工单编号", "单号", "编号", "工单", "报修单号", "服务单号", "ticket", "ticketno", "ticketid", "id", "orderno")),
    Field("customer", "客户", "Customer", "没有地址时按客户的已知地点去找", "Its known site is taken where there is no address",
          "示例电器商行", ("客户名称", "客户姓名", "单位", "单位名称", "用户", "用户名称", "用户姓名", "报修单位", "customername", "client")),
    Field("contact", "联系人", "Contact", "现场找谁", "Who to ask for", "王示例",
          ("联系人姓名", "报修人", "姓名", "contactperson", "contactname")),
    PHONE,
    ADDRESS,
    DISTRICT,
    LON,
    LAT,
    POINT,
    Field("grade", "等级", "Grade", "特急、紧急、重要、一般；空着按一般", "特急, 紧急, 重要, 一般; blank means 一般", "一般",
          ("级别", "紧急程度", "优先级", "紧急度", "重要程度", "工单等级", "工单级别", "priority", "severity", "urgency"),
          tuple(GRADES.values())),
    Field("fault", "故障", "Fault", "故障现象或要做的事", "What is wrong or to be done", "制冷效果差",
          ("故障描述", "故障现象", "问题", "问题描述", "报修内容", "故障内容", "服务内容", "事项", "description", "problem", "issue")),
    Field("product", "产品", "Product", "型号或类别", "Model or kind", "挂壁式空调",
          ("产品型号", "设备", "设备名称", "设备型号", "机型", "型号", "品类", "产品名称", "model", "device", "equipment")),
    SKILLS,
    Field("duration", "时长", "Duration", "30分钟、1.5小时；空着按 30 分钟", "30分钟, 1.5小时; blank means 30 minutes", "30分钟",
          ("预计时长", "预计工时", "工时", "服务时长", "维修时长", "作业时长", "预计用时", "用时", "耗时", "estimatedduration", "minutes")),
    Field("day", "预约日期", "Date", "2026-11-23；空着为不限", "2026-11-23; blank means any", "",
          ("日期", "上门日期", "服务日期", "预约日", "appointmentdate", "visitdate", "day")),
    Field("window", "预约时间", "Window", "14:00-16:00、上午、2026-11-23 14:30", "14:00-16:00, 上午, 2026-11-23 14:30", "14:00-16:00",
          ("预约时段", "上门时间", "上门时段", "时间", "时段", "期望时间", "希望时间", "约定时间", "服务时间", "预约上门时间",
           "appointment", "timewindow", "appointmenttime", "time", "preferredtime")),
    Field("engineer", "指定工程师", "Engineer", "工号或姓名；空着由系统安排", "Number or name; blank: whoever suits", "",
          ("工程师", "师傅", "维修师傅", "服务人员", "指派", "technician", "assignee")),
    Field("parts", "备件", "Parts", "要用的备件和数量：压缩机×1；滤芯×2", "Parts that are used up: KT-201×1; KT-101×2", "",
          ("所需备件", "需要备件", "备件需求", "配件", "零件", "所需配件", "物料", "part", "spareparts", "materials")),
    Field("tools", "工具", "Tools", "现场要用的工具，多个用顿号分开", "Tools that are needed on site, with commas", "",
          ("所需工具", "需要工具", "专用工具", "仪器", "tool", "requiredtools")),
    Field("crew", "人数", "Crew", "要几名工程师一起；空着按 1", "How many engineers together; blank means 1", "",
          ("所需人数", "需要人数", "上门人数", "工程师人数", "crewsize", "people")),
    NOTE,
)  # fmt: skip


def read_row(reader: RowReader) -> TicketDraft | None:
    """Read a ticket; None when it has a fault."""
    place = reader.place()
    customer = reader.text("customer")
    no_place = place.address is None and place.point is None
    if (
        no_place
        and customer is None
        and not reader.has("address")
        and not reader.has("lon")
        and not reader.has("point")
    ):
        reader.fault("no_place", "address")
    elif no_place and customer is not None and not reader.faults:
        reader.doubt("place_by_customer", "address", customer=customer)
    grade = _grade(reader)
    duration_s = reader.duration_s("duration")
    if duration_s is None and reader.knows("duration") and not reader.has("duration"):
        reader.doubt("default_duration", "duration", minutes=reader.settings.duration_s // 60)
    day, window = _when(reader)
    draft = TicketDraft(
        line=reader.line,
        digest=reader.digest("tickets"),
        place=place,
        grade=grade or Grade.GENERAL,
        duration_s=duration_s or reader.settings.duration_s,
        number=reader.text("number"),
        customer=customer,
        contact=reader.text("contact"),
        phone=reader.phone(),
        fault=reader.text("fault"),
        product=reader.text("product"),
        skills=reader.skills(),
        day=day,
        window=window,
        engineer=reader.text("engineer"),
        note=reader.text("note"),
        parts=read_quantities(reader, "parts"),
        tools=read_names(reader, "tools"),
        crew=read_whole(reader, "crew", 1, MOST_AT_ONCE) or 1,
    )
    return None if reader.faults else draft


def _grade(reader: RowReader) -> Grade | None:
    """Read the grade; None when the cell is blank."""
    grade, is_guess = reader.choice("grade", EXACT, GUESSES, "unknown_grade")
    if is_guess and grade is not None:
        reader.doubt("guessed_grade", "grade", grade=GRADES[grade], grade_en=grade)
    elif grade is None and reader.knows("grade") and not reader.has("grade"):
        reader.doubt("default_grade", "grade")
    return grade


def _when(reader: RowReader) -> tuple[date | None, Interval | None]:
    """Read day and hours from their two columns; hours without a day are on the planned day."""
    said = reader.when("window")
    day = reader.day("day") or (said.day if said is not None else None)
    if said is not None and said.day is not None and said.day != day and day is not None:
        reader.doubt("two_days", "window", day=day.isoformat(), other=said.day.isoformat())
    if said is None or said.hours is None:
        return day, None
    return day, reader.interval(day or reader.settings.day, *said.hours)


def _defaults(settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Name what is taken where a column is missing."""
    return {"grade": ("default_grade", {}), "duration": ("default_duration", {"minutes": settings.duration_s // 60})}


IMPORTER: Final = Importer(
    "tickets",
    FIELDS,
    (("address", "customer", "point", "lon"),),
    "number",
    read_row,
    _defaults,
)


def read_tickets(data: bytes, settings: Settings) -> Imported[TicketDraft]:
    """Read tickets from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
