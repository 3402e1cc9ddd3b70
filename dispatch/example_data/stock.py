"""Twelve invented spare parts, three tools and two depots of a service firm in Hangzhou.

Numbers of parts are invented too; what stands in whose stead is as a workshop would have it: a universal part for a
special one, never the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class StockedPart:
    """A spare part of a product family.

    Attributes
    ----------
    substitutes
        Parts that may be used up in its stead.
    share
        How often a visit that needs a part of this family needs this one, in per cent.
    carried
        How many engineers of the family have it in the van, in per cent.
    scarce
        The depots have fewer of it than are asked for.
    """

    id: str
    name: str
    family: str
    substitutes: tuple[str, ...]
    share: int
    carried: int
    scarce: bool = False


PARTS = (
    StockedPart("KT-101", "启动电容 35μF", "空调", ("KT-109",), 45, 75),
    StockedPart("KT-109", "通用启动电容", "空调", (), 15, 40),
    StockedPart("KT-201", "压缩机 1.5 匹", "空调", (), 40, 8, scarce=True),
    StockedPart("BX-101", "温控器", "冰箱", ("BX-109",), 40, 70),
    StockedPart("BX-109", "电子温控板", "冰箱", (), 25, 35),
    StockedPart("BX-301", "门封条", "冰箱", (), 35, 20),
    StockedPart("XY-101", "排水泵", "洗衣机", ("XY-109",), 50, 75),
    StockedPart("XY-109", "静音排水泵", "洗衣机", (), 15, 30),
    StockedPart("XY-201", "电脑主板", "洗衣机", (), 35, 10, scarce=True),
    StockedPart("RS-101", "点火针", "热水器", ("RS-109",), 40, 80),
    StockedPart("RS-109", "双头点火针", "热水器", (), 20, 35),
    StockedPart("RS-201", "燃气比例阀", "热水器", (), 40, 12, scarce=True),
)


@dataclass(frozen=True, slots=True)
class LentTool:
    """A tool: who works on ``family`` owns it in ``owned`` per cent of all cases, ``needed`` per cent of visits ask for it.

    A ``certificate`` narrows this to visits that ask for that one.
    """

    id: str
    family: str
    needed: int
    owned: int
    certificate: str | None = None


TOOLS = (
    LentTool("高空作业吊带", "空调", 60, 55, "高处作业证"),
    LentTool("真空泵", "空调", 20, 50),
    LentTool("燃气检漏仪", "热水器", 30, 45),
)


@dataclass(frozen=True, slots=True)
class StockPoint:
    """A depot: where it is, when it is open on each day, and how long a call takes."""

    id: str
    name: str
    lat_deg: float
    lon_deg: float
    open: tuple[tuple[time, time], ...]
    handling_s: int


DEPOTS = (
    StockPoint("CK-CB", "城北备件库", 30.3312, 120.1608, ((time(7, 30), time(12)), (time(13), time(18))), 600),
    StockPoint("CK-XS", "萧山备件库", 30.1874, 120.2711, ((time(8), time(20)),), 480),
)

DELIVERIES = (time(9, 30), time(11, 0), time(13, 30), time(15, 0))
"""When vans from the central store may arrive at a depot."""
