from __future__ import annotations

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.place import CoordinateSystem, Point, Precision
from dispatch.importers.amounts import (
    make_point,
    read_degrees,
    read_duration_s,
    read_number,
    read_pair,
    read_phone,
)
from dispatch.importers.cells import Cell
from dispatch.importers.remarks import Unclear

WGS_84 = CoordinateSystem.WGS_84


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("30", 1800),
        (30, 1800),
        (45.0, 2700),
        ("30分钟", 1800),
        ("３０ 分", 1800),
        ("1.5小时", 5400),
        ("1小时30分", 5400),
        ("1个半小时", None),
        ("1小时半", 5400),
        ("半小时", 1800),
        ("两小时", 7200),
        ("90min", 5400),
        ("1.5h", 5400),
        ("1", None),
        ("4.9", None),
        ("5", 300),
        ("12小时", 43200),
        ("721", None),
        ("0", None),
        ("-30", None),
        ("很快", None),
        (time(1, 30), 5400),
        (timedelta(minutes=20), 1200),
        ("", None),
    ],
)
def test_a_duration_is_read_in_seconds_or_refused(cell: Cell, seconds: int | None) -> None:
    if seconds is None:
        with pytest.raises(Unclear):
            read_duration_s(cell)
    else:
        assert read_duration_s(cell)[0] == seconds


def test_a_plain_number_is_hours_where_the_heading_says_so() -> None:
    assert read_duration_s("1.5", in_hours=True)[0] == 5400


@pytest.mark.parametrize(
    ("cell", "text", "doubt"),
    [
        ("138-0000-0000", "138-0000-0000", None),
        ("１３８００００００００", "13800000000", None),
        ("0571-88880001转801", "0571-88880001转801", None),
        ("13800000000/0571-88880001", "13800000000/0571-88880001", None),
        ("+86 138 0000 0000", "+86 138 0000 0000", None),
        (13800000000, "13800000000", None),
        (57188880001, "57188880001", "phone_as_number"),
        ("问前台", "问前台", "odd_phone"),
        ("12345", "12345", "odd_phone"),
    ],
)
def test_a_phone_number_stays_the_text_it_is(cell: Cell, text: str, doubt: str | None) -> None:
    phone, doubts = read_phone(cell)
    assert phone == text
    assert [told.code for told in doubts] == ([doubt] if doubt else [])


@pytest.mark.parametrize("cell", ["1.38E+10", "1.4e10"])
def test_a_phone_number_that_lost_digits_is_refused(cell: str) -> None:
    with pytest.raises(Unclear, match="phone_shortened"):
        read_phone(cell)


def test_a_point_in_china_is_kept_and_one_turned_round_is_turned_back() -> None:
    assert make_point(120.151, 30.28, WGS_84) == (Point(30.28, 120.151), ())
    point, (doubt,) = make_point(30.28, 120.151, WGS_84)
    assert (point, doubt.code) == (Point(30.28, 120.151), "swapped_point")


def test_a_point_elsewhere_is_a_doubt() -> None:
    point, (doubt,) = make_point(-0.125, 51.5, WGS_84)
    assert (point, doubt.code) == (Point(51.5, -0.125), "far_point")


def test_a_point_of_two_decimals_is_approximate() -> None:
    assert make_point(120.15, 30.28, WGS_84)[0].precision is Precision.APPROXIMATE
    assert make_point(120.15, 30.281, WGS_84)[0].is_exact
    assert make_point(120.15, 30.28, CoordinateSystem.GCJ_02)[0].precision is Precision.APPROXIMATE


@pytest.mark.parametrize(
    ("lon", "lat", "what"), [(180.1, 30, "longitude"), (60, 90.1, "latitude"), (0, 0, "longitude")]
)
def test_a_point_that_cannot_be_is_refused_and_its_worse_half_named(lon: float, lat: float, what: str) -> None:
    with pytest.raises(Unclear) as caught:
        make_point(lon, lat, WGS_84)
    assert caught.value.params["what_en"] == what


def test_degrees_may_have_their_signs() -> None:
    assert (read_degrees("120.15°E"), read_degrees("北纬30.28"), read_degrees(30)) == (120.15, 30.28, 30)
    assert read_pair("120.15，30.28") == (120.15, 30.28)


@pytest.mark.parametrize("cell", ["", "abc", "1,2", "12a", float("nan"), float("inf"), True, "9" * 400, "1e5"])
def test_what_is_no_number_is_refused(cell: Cell) -> None:
    with pytest.raises(Unclear, match="bad_number"):
        read_number(cell)


def test_thousands_may_have_commas() -> None:
    assert read_number("1,234.5") == 1234.5


@given(st.one_of(st.text(), st.floats(), st.integers(), st.timedeltas(), st.times()))
def test_any_cell_is_read_or_unclear(cell: Cell) -> None:
    for read in (read_duration_s, read_phone, read_number, read_degrees, read_pair):
        try:
            read(cell)
        except Unclear:
            continue
