r"""Reads customers: who they are, what they are entitled to, and where their tickets go.

>>> from datetime import date
>>> from dispatch.importers.rows import Settings
>>> sheet = "客户名称,地址,客户等级\n甲公司,杭州市拱墅区上塘路 1 号,金\n".encode()
>>> (customer,) = read_customers(sheet, Settings(date(2026, 11, 23))).drafts
>>> customer.name, customer.tier.value
('甲公司', 'gold')
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dispatch.domain.customer import Tier
from dispatch.importers.drafts import TIERS, CustomerDraft
from dispatch.importers.fields import ADDRESS, DISTRICT, LAT, LON, NOTE, PHONE, POINT, Field
from dispatch.importers.reading import Imported, Importer, import_sheet
from dispatch.importers.rows import RowReader, Settings

EXACT: Final[Mapping[str, Tier]] = {
    **dict.fromkeys(("钻石", "钻", "钻石客户", "diamond"), Tier.DIAMOND),
    **dict.fromkeys(("黄金", "金", "金牌", "黄金客户", "gold"), Tier.GOLD),
    **dict.fromkeys(("白银", "银", "银牌", "白银客户", "silver"), Tier.SILVER),
}
GUESSES: Final[Mapping[str, Tier]] = {
    **dict.fromkeys(("vip", "vvip", "a", "a级", "a类", "1", "一级", "战略", "战略客户"), Tier.DIAMOND),
    **dict.fromkeys(("b", "b级", "b类", "2", "二级", "重点", "重点客户", "大客户"), Tier.GOLD),
    **dict.fromkeys(("c", "c级", "c类", "3", "三级", "普通", "一般", "普通客户"), Tier.SILVER),
}

FIELDS: Final = (
    Field("number", "客户编号", "Customer no.", "可不填；填了不能重复", "May be blank; unique", "示例-1（请删除）",
          ("客户号", "客户代码", "编号", "customerid", "customerno", "id", "code")),
    Field("name", "客户名称", "Customer", "必填", "Needed", "示例电器商行",
          ("客户", "客户姓名", "名称", "单位", "单位名称", "公司", "公司名称", "用户", "用户名称", "name", "customername", "company", "client")),
    Field("tier", "客户等级", "Tier", "钻石、黄金、白银；空着按白银", "钻石, 黄金, 白银; blank means 白银", "白银",
          ("等级", "级别", "客户级别", "会员等级", "customertier", "level", "class"), tuple(TIERS.values())),
    Field("contact", "联系人", "Contact", "现场找谁", "Who to ask for", "王示例",
          ("联系人姓名", "负责人", "姓名", "contactperson", "contactname")),
    PHONE,
    ADDRESS,
    DISTRICT,
    LON,
    LAT,
    POINT,
    NOTE,
)  # fmt: skip


def read_row(reader: RowReader) -> CustomerDraft | None:
    """Read a customer; None when there is a fault."""
    tier, is_guess = reader.choice("tier", EXACT, GUESSES, "unknown_tier")
    if is_guess and tier is not None:
        reader.doubt("guessed_tier", "tier", tier=TIERS[tier], tier_en=tier)
    elif tier is None and reader.knows("tier") and not reader.has("tier"):
        reader.doubt("default_tier", "tier")
    draft = CustomerDraft(
        line=reader.line,
        digest=reader.digest("customers"),
        name=reader.needed("name") or "",
        place=reader.place(),
        tier=tier or Tier.SILVER,
        number=reader.text("number"),
        contact=reader.text("contact"),
        phone=reader.phone(),
        note=reader.text("note"),
    )
    return None if reader.faults else draft


def _defaults(_settings: Settings) -> dict[str, tuple[str, dict[str, object]]]:
    """Name what is taken where a column is missing."""
    return {"tier": ("default_tier", {})}


IMPORTER: Final = Importer("customers", FIELDS, (("name",),), "number", read_row, _defaults)


def read_customers(data: bytes, settings: Settings) -> Imported[CustomerDraft]:
    """Read customers from the bytes of a .csv or .xlsx file."""
    return import_sheet(data, IMPORTER, settings)
