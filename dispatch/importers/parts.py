r"""Reads parts: their numbers, their names, and what may be used up in their stead.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "备件号,名称,可替代件\nKT-101,启动电容,KT-109、KT-110\n".encode()
>>> (part,) = read_parts(sheet, Settings(date(2026, 11, 23))).drafts
>>> part.number, part.substitutes
('KT-101', ('KT-109', 'KT-110'))
"""

from __future__ import annotations

from typing import Final

from dispatch.importers.drafts import PartDraft
from dispatch.importers.fields import Field
from dispatch.importers.goods import read_names
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

FIELDS: Final = (
    Field("number", "备件号", "Part no.", "必填，不能重复", "Needed, unique", "示例-1（请删除）",
          ("备件编号", "备件编码", "备件代码", "物料号", "物料编码", "料号", "编号", "编码", "配件号", "part", "partnumber", "sku", "id")),
    Field("name", "名称", "Name", "备件叫什么", "What it is called", "启动电容",
          ("备件名称", "配件名称", "物料名称", "品名", "规格", "partname", "description")),
    Field("substitutes", "可替代件", "Substitutes", "能代替它的备件号，多个用顿号分开", "Numbers of parts that may stand in, with commas", "",
          ("替代件", "代用件", "可代用", "替代备件", "替代料", "substitute", "alternatives", "replacedby")),
)  # fmt: skip


def read_row(reader: RowReader) -> PartDraft | None:
    """Read a part; None when there is a fault."""
    number = reader.needed("number") or ""
    substitutes = read_names(reader, "substitutes")
    if number in substitutes:
        reader.fault("substitute_itself", "substitutes", number=number)
    draft = PartDraft(reader.line, reader.digest("parts"), number, reader.text("name") or "", substitutes)
    return None if reader.faults else draft


def _defaults(_settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Nothing is taken where a column is missing."""
    return {}


IMPORTER: Final = Importer("parts", FIELDS, (("number",),), "number", read_row, _defaults)


def read_parts(data: bytes, settings: Settings) -> Imported[PartDraft]:
    """Read parts from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
