"""What an address says: the district it names, what contradicts it, and what of it may be asked of a geocoder."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dispatch.example_data.hangzhou import SURNAMES
from dispatch.places.found import Remark
from dispatch.places.region import District, Region

LONGEST = 100
"""Characters of an address that are read: what comes after them names no district."""

STREETS = r"(?:[\u4e00-\u9fff0-9]?(?:路|街|巷|弄|大道|大街|公路)|大桥|桥|江|河|湖|塘|山|文化广场|国际|机场|火车站|站)"
"""What follows a district's short name where it is part of another name: 西湖大道, 余杭塘路, 萧山国际机场."""

CITY = re.compile(r"^([\u4e00-\u9fff]{2,4}?)市(?!场|民|心|中心|区|府|政|委|一|二|三)")
PROVINCE = re.compile(r"^([\u4e00-\u9fff]{2,3}?省|内蒙古自治区|[\u4e00-\u9fff]{2,5}?自治区)")

PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3}[- ]?\d{4})(?!\d)"
)
LABELLED = re.compile(r"(?:联系人|收件人|客户|姓名|联系电话|联系方式|手机号?|电话|微信号?)[:]\s*[^\s,;。()]*")
TITLED = re.compile(
    rf"(?:[{''.join(SURNAMES)}][\u4e00-\u9fff]{{0,2}}|[\u4e00-\u9fff])"
    r"(?:先生|女士|小姐|师傅|老师|经理|阿姨|大爷|大妈|奶奶|爷爷)"
)
LAST_WORD = re.compile(
    rf"[\s,;/()]+[{''.join(SURNAMES)}][\u4e00-\u9fff]{{1,2}}(?<![路街巷弄道村苑园楼号室区县市镇乡桥里坊庄厦城湾院校厂店站])$"
)
"""A name of two or three characters on its own behind the address, that does not end as places do."""


def plain(address: str) -> str:
    r"""Return an address with ordinary digits and signs and single blanks, cut to the part that is read.

    Examples
    --------
    >>> plain("  余杭区文一西路９６９号 \n")
    '余杭区文一西路969号'
    """
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", address)).strip()[:LONGEST]


def for_geocoder(address: str, region: Region) -> str:
    """Return what a geocoder may be asked: the address with its city, without phone numbers and names of people.

    Names are known by a label (联系人:), a title (先生), or by standing alone behind the address with a usual surname.
    Empty when nothing of an address is left.

    Examples
    --------
    >>> from dispatch.places.hangzhou import get_hangzhou
    >>> for_geocoder("文三路138号 张三 13800138000", get_hangzhou())
    '杭州市文三路138号'
    """
    text = plain(address)
    for pattern in (LABELLED, PHONE, TITLED):
        text = pattern.sub(" ", text)
    text = LAST_WORD.sub("", text.strip(" ,;/()"))
    text = re.sub(r"\s+", " ", text).strip(" ,;/()")
    if not text or names_other_city(text, region) or _begins_with_region(text, region):
        return text
    return region.name + text


def _begins_with_region(text: str, region: Region) -> bool:
    return _without_province(text, region).startswith(region.name[:-1])


def _without_province(text: str, region: Region) -> str:
    """Take the region's own province, with or without 省, off the beginning."""
    for name in (region.province, region.province[:-1]):
        if name and text.startswith(name):
            return text[len(name) :].lstrip(" ,")
    return text


def names_other_city(text: str, region: Region) -> str | None:
    """Return the city or province at the beginning of a plain address, if it is not the region's.

    Examples
    --------
    >>> from dispatch.places.hangzhou import get_hangzhou
    >>> names_other_city("江西省南昌市西湖区", get_hangzhou()), names_other_city("建德市新安江", get_hangzhou())
    ('江西省', None)
    """
    rest = _without_province(text, region)
    province = PROVINCE.match(rest)
    if province is not None:
        return province.group(1)
    city = CITY.match(rest)
    if city is None:
        return None
    named = f"{city.group(1)}市"
    own = {region.name, *(name for district in region.districts for name in (district.name, *district.former))}
    return None if named in own else named


@dataclass(frozen=True, slots=True)
class Reading:
    """What an address says about its district.

    Parameters
    ----------
    district
        The district to believe in; None when it names none of this region.
    named
        The word that says so.
    doubts
        What else it says that does not fit.
    """

    district: District | None = None
    named: str = ""
    doubts: tuple[Remark, ...] = ()


def read_address(address: str, region: Region) -> Reading:
    """Find the district that an address names.

    Full names count wherever they stand: towns with their ending (``五常街道``), today's districts (``余杭区``), former ones
    (``江干区``). A town is believed before the district, which is the part that people get wrong and that changes over the years;
    that they differ is a doubt. Of two districts the first is believed. Only where none of these is there, a short name
    (``余杭``, ``下沙``) counts if a part of the address begins with it and it is not part of a road's or a building's name. An
    address in another city names no district here.

    Examples
    --------
    >>> from dispatch.places.hangzhou import get_hangzhou
    >>> reading = read_address("西湖区五常街道高顺路", get_hangzhou())
    >>> reading.district.name, [doubt.code for doubt in reading.doubts]
    ('余杭区', ['town_elsewhere'])
    >>> read_address("拱墅区西湖文化广场", get_hangzhou()).district.name
    '拱墅区'
    """
    text = plain(address)
    other = names_other_city(text, region)
    if other is not None:
        return Reading(doubts=(_other_city(other, region),))
    towns = _standing(text, [(one, name) for one in region.districts for town in one.towns for name in _forms(town)])
    today = _standing(text, [(one, one.name) for one in region.districts])
    former = _standing(text, [(one, name) for one in region.districts for name in one.former])
    named = [*towns, *today, *former] or _brief(text, region)
    if not named:
        return Reading()
    district, word = named[0]
    doubts = [
        _contradiction(district, word, rival, rival_word, is_town=bool(towns))
        for rival, rival_word in _one_each(
            [*today, *towns[1:], *(pair for pair in former if pair[1] not in district.former)]
        )
        if rival != district
    ]
    if not towns and not today and former and word[:2] != district.name[:2]:
        doubts.append(_former(word, district))
    return Reading(district, word, tuple(doubts))


def _forms(town: str) -> tuple[str, ...]:
    """Return a town's name with each ending that it may be written with: towns become subdistricts over the years."""
    stem = town.removesuffix("街道").removesuffix("镇")
    return tuple(stem + ending for ending in ("街道", "镇", "乡"))


def _one_each(named: list[tuple[District, str]]) -> list[tuple[District, str]]:
    """Return the first name of each district."""
    return list({district.code: (district, word) for district, word in reversed(named)}.values())[::-1]


def _standing(text: str, names: list[tuple[District, str]]) -> list[tuple[District, str]]:
    """Return the names that stand in a text, in the order in which they do; each piece of text counts for one name."""
    standing = [(district, name) for district, name in names if name in text]
    standing.sort(key=lambda pair: (text.find(pair[1]), -len(pair[1])))
    kept: list[tuple[District, str]] = []
    end = -1
    for district, name in standing:
        at = text.find(name)
        if at >= end:
            kept.append((district, name))
            end = at + len(name)
    return kept


def _brief(text: str, region: Region) -> list[tuple[District, str]]:
    """Return the district that a part of the address begins with by its short name, the longest name first."""
    names = [(district, district.short_name) for district in region.districts]
    names += [
        (district, town.removesuffix("街道").removesuffix("镇"))
        for district in region.districts
        for town in district.towns
    ]
    names.sort(key=lambda pair: -len(pair[1]))
    for part in re.split(r"[\s,;/()·\-]+", text):
        rest = _without_province(part, region)
        rest = rest.removeprefix(region.name).removeprefix(region.name[:-1])
        for district, name in names:
            if rest.startswith(name) and not re.match(STREETS, rest[len(name) :]):
                return [(district, name)]
    return []


def _other_city(other: str, region: Region) -> Remark:
    return Remark(
        "other_city",
        zh=f"地址写的是{other}，不在{region.name}",
        en=f"the address names {other}, which is not {region.name_en}",
    )


def _former(word: str, district: District) -> Remark:
    return Remark(
        "former_district",
        zh=f"{word}已撤销，按{district.name}处理，请核对",
        en=f"{word} no longer exists and was taken for {district.name_en}: please check",
    )


def _contradiction(district: District, word: str, rival: District, rival_word: str, *, is_town: bool) -> Remark:
    if is_town:
        return Remark(
            "town_elsewhere",
            zh=f"地址写了{rival_word}，但{word}属于{district.name}，按{district.name}处理",
            en=f"the address says {rival_word}, yet {word} is in {district.name_en}, which was taken",
        )
    return Remark(
        "two_districts",
        zh=f"地址同时写了{word}和{rival_word}，按前者处理",
        en=f"the address names both {word} ({district.name_en}) and {rival_word} ({rival.name_en}); the first was taken",
    )
