"""One small trial, planned once: exact and rough places, a formula in a note, a row that is refused."""

from __future__ import annotations

from datetime import date

import pytest

from dispatch.planning import Stop
from dispatch.policies.tables.read import get_book
from dispatch.services.read_sheets import Wish
from dispatch.services.try_day import Trial, try_day
from dispatch.travel.straight_line import StraightLine

MARKUP = "</script><img src=x onerror=alert(1)>"
TICKETS = "\n".join(
    (
        "工单号,客户,联系人,电话,地址,经度,纬度,等级,时长,时段,故障,备注,技能",
        "WX1,甲公司,王示,13800000001,西湖区文三路 1 号,120.12011,30.28011,特急,60分钟,,不制冷,=1+1,",
        f"WX2,{MARKUP},,,余杭区文一西路 9 号,,,一般,30分钟,9:00-11:00,漏水,后门,",
        "WX3,乙公司,,0571-88000000,西湖区文三路 5 号,120.12511,30.28511,高,30分钟,,异响,,",
        "WX4,丙公司,,,萧山区市心路 3 号,120.26011,30.18011,一般,30分钟,,,,电梯:4",
        "WX5,丁公司,,,西湖区文三路 8 号,,,十万火急,30分钟,,,,",
    )
)
ENGINEERS = "工号,姓名,出发地,经度,纬度,技能\nE1,李范,西湖区天目山路 1 号,120.13011,30.26011,空调:3\n"


@pytest.fixture(scope="session")
def trial() -> Trial:
    """Plan the small day."""
    made = try_day(
        TICKETS.encode(),
        ENGINEERS.encode(),
        Wish(date(2026, 11, 23)),
        travel=StraightLine(),
        book=get_book("deadlines_first"),
        stop=Stop(iterations=2000),
    )
    assert isinstance(made, Trial)
    return made
