r"""Reads stock: how many of a part or tool a depot or a van has, and what is on its way to a depot.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "存放处,物品,数量,到货时间\n城北备件库,KT-101,6,\n城北备件库,KT-101,4,2026-11-23 10:30\n".encode()
>>> [
...     (row.where, row.item, row.quantity, row.at is not None)
...     for row in read_stock(sheet, Settings(date(2026, 11, 23))).drafts
... ]
[('城北备件库', 'KT-101', 6, False), ('城北备件库', 'KT-101', 4, True)]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from dispatch.importers.drafts import StockDraft
from dispatch.importers.fields import Field
from dispatch.importers.goods import read_whole
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

KINDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("备件", "配件", "零件", "part", "parts"), False),
    **dict.fromkeys(("工具", "仪器", "tool", "tools"), True),
}
"""Word to whether it is a tool."""

FIELDS: Final = (
    Field("where", "存放处", "Where", "备件库的编号或名称，或工程师的工号或姓名（车上库存）", "A depot or an engineer (the van), by number or name",
          "示例-1（请删除）",
          ("备件库", "仓库", "库房", "工程师", "工号", "位置", "地点", "车辆", "depot", "warehouse", "engineer", "van", "location")),
    Field("item", "物品", "Item", "备件号或备件名称；工具写名称", "A part by number or name, a tool by name", "KT-101",
          ("备件", "备件号", "备件编号", "物料号", "料号", "工具", "物品名称", "品名", "part", "partno", "tool", "sku")),
    Field("quantity", "数量", "Quantity", "0 或以上的整数；在手的数覆盖原来的数", "A whole number from 0; what is there replaces the count before", "2",
          ("库存", "库存数量", "件数", "个数", "结存", "qty", "count", "stock")),
    Field("kind", "类别", "Kind", "备件 或 工具；空着按备件", "备件 (part) or 工具 (tool); blank means part", "备件",
          ("类型", "种类", "物品类别", "type", "category"), ("备件", "工具")),
    Field("at", "到货时间", "Arrives", "在途的写到货时间：2026-11-23 10:30；空着为在手", "For what is on its way: 2026-11-23 10:30; blank: it is there",
          "", ("预计到货", "到货", "到库时间", "到货日期", "eta", "arrival", "at")),
)  # fmt: skip


def read_row(reader: RowReader) -> StockDraft | None:
    """Read one count or delivery; None when there is a fault."""
    is_tool, _ = reader.choice("kind", KINDS, {}, "unknown_goods")
    where, item = reader.needed("where") or "", reader.needed("item") or ""
    at = _arrival(reader)
    quantity = read_whole(reader, "quantity", 0 if at is None else 1)
    if quantity is None and not reader.has("quantity"):
        reader.fault("missing_value", "quantity")
    draft = StockDraft(
        line=reader.line,
        digest=reader.digest("stock"),
        where=where,
        item=item,
        quantity=quantity or 0,
        is_tool=bool(is_tool),
        at=at,
    )
    return None if reader.faults else draft


def _arrival(reader: RowReader) -> datetime | None:
    """Read when a delivery arrives: the begin of the hours that are said, on the planned day where no day is."""
    if not reader.has("at"):
        return None
    said = reader.when("at")
    if said is None:
        return None
    if said.hours is None:
        reader.fault("bad_window", "at")
        return None
    return reader.interval(said.day or reader.settings.day, *said.hours)[0]


def _defaults(_settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Nothing is taken where a column is missing."""
    return {}


IMPORTER: Final = Importer("stock", FIELDS, (("where",), ("item",), ("quantity",)), None, read_row, _defaults)


def read_stock(data: bytes, settings: Settings) -> Imported[StockDraft]:
    """Read stock from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
