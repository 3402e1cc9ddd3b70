from __future__ import annotations

import pytest

from dispatch.domain.place import FoundBy, Point, Precision
from web.phone.ways import make_amap, make_call, make_geo

ROUGH = Point(30.279, 119.999, Precision.APPROXIMATE, FoundBy.DISTRICT)


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("+86 138 0000 0000", "tel:+8613800000000"),
        ("0571-88880001", "tel:057188880001"),
        ("手机 13800000000", "tel:13800000000"),
        ("12", "tel:12"),
        ('"><script>', "tel:"),
    ],
)
def test_a_number_is_dialled_without_what_stands_around_it(phone: str, address: str) -> None:
    assert make_call(phone) == address


def test_without_point_and_address_there_is_no_way() -> None:
    assert make_geo(None, None, "T1") is None
    assert make_amap(ROUGH, None, "T1") is None


def test_what_is_not_exact_is_looked_up_by_its_address() -> None:
    for point in (None, ROUGH):
        assert make_geo(point, "文三路 1 号", "T1") == "geo:0,0?q=%E6%96%87%E4%B8%89%E8%B7%AF%201%20%E5%8F%B7"
        assert make_amap(point, "a&b", "T1") == "https://uri.amap.com/search?keyword=a%26b&callnative=1"


def test_a_label_cannot_add_to_the_address() -> None:
    assert "T%291%26x" in (make_geo(Point(30, 120), None, "T)1&x") or "")
