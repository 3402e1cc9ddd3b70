"""Tables and peaks: every cell is looked at, and peaks share no minute of the week."""

from __future__ import annotations

import copy
import json
from datetime import time
from typing import Any, Final

import pytest

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.model import Matrix, Request
from dispatch.format.parsers import LARGEST
from dispatch.format.read import read_request
from dispatch.format.travel_shapes import CELL_FAULTS

Json = Any
"""A document, taken apart."""


TABLE: Final = [[0, 60, None], [61, 0, 62], [None, 63, 0]]


def read(travel: dict[str, Any], size: int = 3) -> Request:
    """Read a request with this travel and nothing to do."""
    places = [{"id": str(row), "lat": 30, "lon": 120} for row in range(size)]
    document = {
        "version": 1,
        "now": "2026-11-23T08:00:00+08:00",
        "locations": places,
        "travel": travel,
        "engineers": [],
        "tickets": [],
    }
    return read_request(json.dumps(document))


def find_faults(travel: dict[str, Any], size: int = 3) -> list[Fault]:
    """Give what is wrong with it."""
    try:
        read(travel, size)
    except InvalidDocument as error:
        return list(error.faults)
    return []


def tables(**changed: Json) -> dict[str, Any]:
    """Make matrix travel of three locations."""
    return {"model": "matrix", "seconds": copy.deepcopy(TABLE), "metres": copy.deepcopy(TABLE), **changed}


def peak(first: str, last: str, weekdays: list[int] | None = None, factor: float = 1.4) -> dict[str, Any]:
    """Make a peak."""
    days = {} if weekdays is None else {"weekdays": weekdays}
    return {"from": first, "to": last, "factor": factor, **days}


def find_peak_faults(*peaks: dict[str, Any]) -> list[tuple[str, str]]:
    """Give code and path of what is wrong with these peaks."""
    travel = {"model": "great_circle", "speed_kmh": 28, "peaks": list(peaks)}
    return [(fault.code, fault.path) for fault in find_faults(travel)]


def test_a_table_is_read_as_it_stands() -> None:
    travel = read(tables()).travel
    assert isinstance(travel, Matrix)
    assert travel.seconds == tuple(map(tuple, TABLE))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (-1, "impossible_value"),
        (LARGEST + 1, "impossible_value"),
        (True, "wrong_type"),
        ("60", "wrong_type"),
        (1.5, "wrong_type"),
        ([], "wrong_type"),
    ],
)
def test_a_wrong_cell_is_named(cell: object, code: str) -> None:
    travel = tables()
    travel["metres"][1][2] = cell
    assert [(fault.code, fault.path) for fault in find_faults(travel)] == [(code, "travel.metres[1][2]")]


@pytest.mark.parametrize("cell", [0, LARGEST, 60.0])
def test_a_cell_at_the_bounds_is_taken(cell: float) -> None:
    travel = tables()
    travel["metres"][1][2] = cell
    assert find_faults(travel) == []
    made = read(travel).travel
    assert isinstance(made, Matrix)
    assert made.metres[1][2] == cell
    assert type(made.metres[1][2]) is int


@pytest.mark.parametrize("key", ["seconds", "metres"])
def test_null_in_one_table_only_is_named(key: str) -> None:
    travel = tables()
    travel[key][2][1] = None
    assert [(fault.code, fault.path) for fault in find_faults(travel)] == [("impossible_value", f"travel.{key}[2][1]")]


@pytest.mark.parametrize(
    ("table", "path"),
    [
        (TABLE[:2], "travel.seconds"),
        ([*TABLE, TABLE[0]], "travel.seconds"),
        ([TABLE[0], TABLE[1], TABLE[2][:2]], "travel.seconds[2]"),
        ([TABLE[0], [*TABLE[1], 0], TABLE[2]], "travel.seconds[1]"),
    ],
)
def test_a_table_that_is_not_square_in_the_locations_is_told(table: list[list[int]], path: str) -> None:
    assert [(fault.code, fault.path) for fault in find_faults(tables(seconds=table))] == [("wrong_length", path)]


def test_a_row_that_is_no_list_is_told() -> None:
    assert [fault.path for fault in find_faults(tables(seconds=[TABLE[0], None, TABLE[2]]))] == ["travel.seconds[1]"]


@pytest.mark.parametrize("key", ["seconds", "metres"])
def test_a_table_that_is_no_list_is_told(key: str) -> None:
    assert [(fault.code, fault.path) for fault in find_faults(tables(**{key: {}}))] == [("wrong_type", f"travel.{key}")]


def test_a_missing_table_is_told() -> None:
    travel = tables()
    del travel["metres"]
    assert [(fault.code, fault.path) for fault in find_faults(travel)] == [("missing_key", "travel.metres")]


def test_a_table_full_of_faults_is_told_briefly() -> None:
    size = 30
    good = [[0] * size for _ in range(size)]
    faults = find_faults(tables(seconds=[["x"] * size for _ in range(size)], metres=good), size)
    assert len(faults) == CELL_FAULTS + 1
    assert (faults[-1].code, faults[-1].path) == ("too_many_faults", "travel.seconds")


def test_lone_nulls_are_told_briefly_too() -> None:
    size = 30
    good = [[0] * size for _ in range(size)]
    faults = find_faults(tables(seconds=[[None] * size for _ in range(size)], metres=good), size)
    assert len(faults) == CELL_FAULTS + 1
    assert (faults[-1].code, faults[-1].path) == ("too_many_faults", "travel")


def test_no_locations_need_empty_tables() -> None:
    assert find_faults(tables(seconds=[], metres=[]), 0) == []


@pytest.mark.parametrize(
    "peaks",
    [
        [peak("07:30", "09:00"), peak("09:00", "10:00")],
        [peak("07:30", "09:00", [1]), peak("08:00", "10:00", [2])],
        [peak("23:00", "01:00"), peak("01:00", "23:00")],
        [peak("23:00", "01:00", [7]), peak("01:00", "02:00", [1])],
        [peak("23:00", "01:00", [7]), peak("00:00", "01:00", [7])],
        [peak("00:00", "23:59"), peak("23:59", "00:00")],
    ],
)
def test_peaks_that_only_touch_are_taken(peaks: list[dict[str, Any]]) -> None:
    assert find_peak_faults(*peaks) == []


@pytest.mark.parametrize(
    "peaks",
    [
        [peak("07:30", "09:01"), peak("09:00", "10:00")],
        [peak("07:30", "09:00", [1, 2]), peak("08:00", "10:00", [2, 3])],
        [peak("07:30", "09:00"), peak("07:30", "09:00")],
        [peak("07:00", "10:00"), peak("08:00", "09:00", [5])],
        [peak("23:00", "01:00", [1]), peak("00:59", "02:00", [2])],
        [peak("23:00", "01:00", [7]), peak("00:59", "02:00", [1])],
        [peak("22:00", "23:01", [7]), peak("23:00", "01:00", [7])],
    ],
)
def test_peaks_that_share_a_minute_are_told_once(peaks: list[dict[str, Any]]) -> None:
    assert find_peak_faults(*peaks) == [("overlap", "travel.peaks[1]")]


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        (peak("7:30", "09:00"), "bad_time", "travel.peaks[0].from"),
        (peak("07:30", "24:00"), "bad_time", "travel.peaks[0].to"),
        (peak("07:30:00", "09:00"), "bad_time", "travel.peaks[0].from"),
        (peak("07:30", "07:30"), "impossible_value", "travel.peaks[0]"),
        (peak("07:30", "09:00", factor=0.999), "impossible_value", "travel.peaks[0].factor"),
        (peak("07:30", "09:00", factor=1.0001), "too_many_decimals", "travel.peaks[0].factor"),
        (peak("07:30", "09:00", []), "impossible_value", "travel.peaks[0].weekdays"),
        (peak("07:30", "09:00", [0]), "impossible_value", "travel.peaks[0].weekdays[0]"),
        (peak("07:30", "09:00", [8]), "impossible_value", "travel.peaks[0].weekdays[0]"),
        (peak("07:30", "09:00", [1, 1]), "duplicate_entry", "travel.peaks[0].weekdays[1]"),
        ({"from": "07:30", "to": "09:00"}, "missing_key", "travel.peaks[0].factor"),
        ({**peak("07:30", "09:00"), "days": []}, "unknown_key", "travel.peaks[0].days"),
    ],
)
def test_a_wrong_peak_is_told(wrong: dict[str, Any], code: str, path: str) -> None:
    assert find_peak_faults(wrong) == [(code, path)]


def test_a_peak_of_factor_1_is_taken_and_begins_on_all_days() -> None:
    (made,) = read({"model": "great_circle", "speed_kmh": 28, "peaks": [peak("07:30", "09:00", factor=1)]}).travel.peaks
    assert (made.from_, made.to, made.factor) == (time(7, 30), time(9), 1)
    assert made.weekdays == (1, 2, 3, 4, 5, 6, 7)
