"""Why a value is not what a shape asks for, in the reader's language: pydantic says it in English alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from web.api.shape import Unfit

WHOLE: Final = "应为整数"
NUMBER: Final = "应为数字"
TEXT: Final = "应为文本"
TRUTH: Final = "应为 true 或 false"
DAY: Final = "应为日期，如 2026-11-23"
MOMENT: Final = "应为带时区偏移的时刻，如 2026-11-23T08:00:00+08:00"
OBJECT: Final = "应为 JSON 对象"
LIST: Final = "应为 JSON 数组"
ONE_OF: Final = "应为以下之一：{expected}"

REASONS_ZH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "int_type": WHOLE,
        "int_parsing": WHOLE,
        "int_from_float": WHOLE,
        "int_parsing_size": "整数过大",
        "float_type": NUMBER,
        "float_parsing": NUMBER,
        "finite_number": NUMBER,
        "string_type": TEXT,
        "string_unicode": "应为合法的 Unicode 文本",
        "bool_type": TRUTH,
        "bool_parsing": TRUTH,
        "date_type": DAY,
        "date_parsing": DAY,
        "date_from_datetime_parsing": DAY,
        "date_from_datetime_inexact": DAY,
        "datetime_type": MOMENT,
        "datetime_parsing": MOMENT,
        "datetime_from_date_parsing": MOMENT,
        "datetime_object_invalid": MOMENT,
        "timezone_aware": MOMENT,
        "model_type": OBJECT,
        "model_attributes_type": OBJECT,
        "dict_type": OBJECT,
        "list_type": LIST,
        "tuple_type": LIST,
        "enum": ONE_OF,
        "literal_error": ONE_OF,
        "greater_than_equal": "应不小于 {ge}",
        "greater_than": "应大于 {gt}",
        "less_than_equal": "应不大于 {le}",
        "less_than": "应小于 {lt}",
        "string_too_short": "至少 {min_length} 个字符",
        "string_too_long": "至多 {max_length} 个字符",
        "string_pattern_mismatch": "首尾不能有空格，中间不能换行",
        "too_short": "至少 {min_length} 项",
        "too_long": "至多 {max_length} 项",
    }
)
"""Pydantic's type of fault to what it should be; other types are told as :data:`ANY`."""

ANY: Final = "不符合要求（{type}）"


def say_reason(fault: Mapping[str, Any], language: str) -> str:
    """Tell why a value is refused, in ``zh`` or ``en``; ``fault`` is one of pydantic's.

    Examples
    --------
    >>> say_reason({"type": "less_than_equal", "msg": "…", "ctx": {"le": 4}}, "zh")
    '应不大于 4'
    """
    told = dict(fault.get("ctx", {}))
    error = told.get("error")
    if isinstance(error, Unfit):
        return error.said[language]
    if language != "zh":
        return str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "json_invalid":
        return "第 {} 行第 {} 列无法解析".format(*(re.findall(r"\d+", str(error))[-2:] or ("?", "?")))
    told["expected"] = str(told.get("expected", "")).replace(" or ", "、").replace(", ", "、")
    return REASONS_ZH.get(fault["type"], ANY).format(**told, type=fault["type"])
