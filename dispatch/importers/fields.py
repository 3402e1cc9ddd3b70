"""The columns that importers know: what they are called in Chinese and English, and what may stand in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A column.

    Parameters
    ----------
    key
        Stable word for programs.
    zh, en
        Heading in the templates.
    help_zh, help_en
        What may stand there, for the templates.
    example
        Text of the templates' example row.
    synonyms
        Other headings, in small letters and without spaces; the two headings and the key count as well.
    choices
        Words of which one must stand there; empty when anything may.
    """

    key: str
    zh: str
    en: str
    help_zh: str
    help_en: str
    example: str = ""
    synonyms: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


PHONE = Field(
    "phone",
    "电话",
    "Phone",
    "按文本填写",
    "As text",
    "0571-00000000",
    (
        "联系电话",
        "客户电话",
        "手机",
        "手机号",
        "手机号码",
        "电话号码",
        "联系方式",
        "tel",
        "telephone",
        "mobile",
        "phonenumber",
    ),
)
ADDRESS = Field(
    "address",
    "地址",
    "Address",
    "到门牌号",
    "Down to the house number",
    "杭州市西湖区示例路 1 号",
    (
        "详细地址",
        "客户地址",
        "上门地址",
        "服务地址",
        "联系地址",
        "现场地址",
        "安装地址",
        "住址",
        "地点",
        "位置",
        "site",
        "location",
    ),
)
DISTRICT = Field(
    "district",
    "区县",
    "District",
    "没有经纬度时按区县中心估计",
    "Its centre stands in where no point is known",
    "西湖区",
    ("区", "区域", "行政区", "所属区", "所在区", "所在区域", "城区", "县区", "county"),
)
LON = Field(
    "lon",
    "经度",
    "Longitude",
    "十进制度数，可不填",
    "Decimal degrees, may be blank",
    "",
    ("lng", "long", "longitude", "x坐标", "东经"),
)
LAT = Field(
    "lat",
    "纬度",
    "Latitude",
    "十进制度数，可不填",
    "Decimal degrees, may be blank",
    "",
    ("latitude", "y坐标", "北纬"),
)
POINT = Field(
    "point",
    "坐标",
    "Coordinates",
    "经度,纬度；与上面两列二选一",
    "Longitude,latitude; instead of the two columns above",
    "",
    ("经纬度", "坐标点", "定位", "gps", "lnglat", "latlng", "point"),
)
SKILLS = Field(
    "skills",
    "技能",
    "Skills",
    "多项用顿号分开，可带等级：空调:3、冰箱",
    "Several with commas, with levels 1 to 4: 空调:3, 冰箱",
    "空调:2",
    ("技能要求", "所需技能", "要求技能", "技能等级", "工种", "专业", "资质", "skill", "requiredskill", "requires"),
)
NOTE = Field(
    "note",
    "备注",
    "Note",
    "给工程师看的话",
    "For the engineer",
    "",
    ("说明", "备注信息", "留言", "门禁", "门禁说明", "notes", "remark", "remarks", "comment", "comments"),
)
