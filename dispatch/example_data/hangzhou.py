"""Hangzhou for examples: where its people live, and invented names for its engineers.

Centres are those of the built-up areas, WGS-84, to about two kilometres. Populations are those of the seventh
national census (2020, in units of 10 000 residents, within the borders of 2021). How far a district's homes lie from
its centre is our own estimate from its built-up area. The remote western counties (桐庐, 淳安, 建德) have engineers of
their own in reality and are left out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class District:
    """A district's centre, its residents and how far around the centre they live.

    ``residents`` is in units of 10 000; ``spread_km`` is the standard deviation of homes around the centre on each
    axis.
    """

    name: str
    lat_deg: float
    lon_deg: float
    residents: float
    spread_km: float


DISTRICTS = (
    District("上城", 30.2560, 120.1940, 132.4, 2.6),
    District("拱墅", 30.3190, 120.1500, 112.0, 2.8),
    District("西湖", 30.2800, 120.1200, 111.6, 3.0),
    District("滨江", 30.2010, 120.2050, 50.4, 2.0),
    District("萧山", 30.1780, 120.2680, 201.2, 4.5),
    District("余杭", 30.2790, 119.9990, 122.7, 4.2),
    District("临平", 30.4200, 120.2990, 117.6, 3.4),
    District("钱塘", 30.3050, 120.3450, 76.9, 3.2),
    District("富阳", 30.0520, 119.9560, 83.2, 3.4),
    District("临安", 30.2360, 119.7200, 63.4, 2.6),
)

E_BIKE_DISTRICTS = frozenset({"上城", "拱墅", "西湖", "滨江"})
"""Dense enough to serve by e-bike."""

SURNAMES = tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁")

GIVEN_NAMES = (
    "建国", "志强", "海波", "晓东", "文斌", "立新", "国平", "永康", "家明", "子轩", "浩然", "宇航", "明辉", "俊杰",
    "成龙", "春生", "金水", "长林", "小军", "世杰", "伟民", "庆丰", "天佑", "思远", "慧敏", "雪梅", "丽华", "秀英",
    "晓燕", "佳怡", "诗涵", "雨桐", "若兰", "静文", "婷婷", "红霞", "玉珍", "云飞", "一鸣", "振华", "景行", "致远",
)  # fmt: skip
